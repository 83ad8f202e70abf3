#!/usr/bin/env python3
"""line.py LISTEN TARGET DELAY_MS - a proxy that is a long line: each byte that
it takes at LISTEN is at TARGET so much later, and the other way round.

Its socket buffers have 4 KiB and it holds little itself, since what a proxy
swallows no sender can overtake.  Commands, one JSON object a line on its
standard input, change what it does to bytes from then on:

    {"flip": SHARE}   of the pieces that pass, so many have one bit flipped
    {"cut": SHARE}    so many are cut short, and both sides closed behind them

It ends with its standard input.
"""
import asyncio
import json
import random
import socket
import struct
import sys

BUFFER = 4096
PIECE = 1024    # taken at a time
PIECES = 64     # on their way, at most
HARM = {"flip": 0.0, "cut": 0.0}


def small_buffers(sock):
    for which in (socket.SO_RCVBUF, socket.SO_SNDBUF):
        sock.setsockopt(socket.SOL_SOCKET, which, BUFFER)
    sock.setblocking(False)


def address(text):
    host, port = text.rsplit(":", 1)
    return host, int(port)


def harm(piece):
    """What becomes of it, and whether all ends behind it."""
    if random.random() < HARM["cut"]:
        return piece[:random.randrange(len(piece))], True
    if random.random() < HARM["flip"]:
        at = random.randrange(len(piece))
        piece = (piece[:at] + bytes([piece[at] ^ 1 << random.randrange(8)]) +
                 piece[at + 1:])
    return piece, False


class Pipe:
    """One direction."""

    def __init__(self, source, target, delay_s):
        self.source, self.target, self.delay_s = source, target, delay_s
        self.way = asyncio.Queue(PIECES)

    async def take(self):
        loop = asyncio.get_running_loop()
        piece = b"."
        while piece:
            piece = await loop.sock_recv(self.source, PIECE)
            await self.way.put((loop.time() + self.delay_s, piece))

    async def give(self):
        loop = asyncio.get_running_loop()
        while True:
            due, piece = await self.way.get()
            await asyncio.sleep(due - loop.time())
            if not piece:
                self.target.shutdown(socket.SHUT_WR)
                return
            piece, ends = harm(piece)
            await loop.sock_sendall(self.target, piece)
            if ends:
                raise ConnectionAbortedError

    def tasks(self):
        return [self.take(), self.give()]


async def carry(caller, target, delay_s):
    loop = asyncio.get_running_loop()
    called = socket.socket()
    small_buffers(called)
    tasks = []
    try:
        await loop.sock_connect(called, target)
        for pair in ((caller, called), (called, caller)):
            tasks += map(asyncio.ensure_future, Pipe(*pair, delay_s).tasks())
        await asyncio.gather(*tasks)
    except OSError:  # broken on one side: so it is on the other
        for sock in (caller, called):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                            struct.pack("ii", 1, 0))
    finally:
        for task in tasks:
            task.cancel()
        caller.close()
        called.close()


async def commands():
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        HARM.update(json.loads(line))


async def accept(listen, target, delay_s):
    loop = asyncio.get_running_loop()
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        small_buffers(listener)
        listener.bind(listen)
        listener.listen()
        links = set()
        while True:
            caller, _ = await loop.sock_accept(listener)
            small_buffers(caller)
            link = asyncio.ensure_future(carry(caller, target, delay_s))
            links.add(link)
            link.add_done_callback(links.discard)


async def main():
    listen, target, delay_ms = sys.argv[1:]
    serving = asyncio.ensure_future(
        accept(address(listen), address(target), int(delay_ms) / 1000))
    await commands()
    serving.cancel()


if __name__ == "__main__":
    asyncio.run(main())
