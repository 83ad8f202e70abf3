"""A small Entente node, written from PROTOCOL.md alone.

    client.py OTHER.card MINE.card [LISTEN-PORT]

makes an identity, writes its card, pairs after comparing the safety
number, and then keeps a link with the other node, dialled by either side;
what it receives it prints.  It keeps nothing on disk.
"""

import select
import socket
import sys
import time

from client_codec import need
from client_identity import Card, Identity, half, heard
from client_link import Link
from client_peer import Peer

TICK, KEEPALIVE, SILENCE = 0.02, 15, 45


class Node:
    """Links on TCP, in one thread: select, feed, write."""

    link_class = Link

    def __init__(self, me):
        self.me, self.peer, self.listener = me, None, None
        self.links = {}                         # socket: link
        self.times = {}                         # socket: heard, sent

    def pair(self, card_text, typed, pair_secret=None, peer_class=Peer):
        card = Card.parse(card_text)
        need(heard(typed, card.certificate.org_key), "safety number")
        self.peer = peer_class(self.me, card, pair_secret)

    def listen(self, port):
        self.listener = socket.create_server(("127.0.0.1", port))
        return self.listener.getsockname()[1]

    def dial(self):
        host, _, port = self.peer.card.addresses[0].rpartition(":")
        sock = socket.create_connection((host.strip("[]"), int(port)), 5)
        link = self.add(sock, caller=True)
        link.call()
        return link

    def add(self, sock, caller):
        sock.setblocking(False)
        link = self.links[sock] = self.link_class(self.peer, caller)
        self.times[sock] = [time.monotonic()] * 2
        return link

    def run(self, done, seconds=30):
        """Until done() or the deadline; what done() gave."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            result = done()
            if result:
                return result
            self.turn()
        raise TimeoutError(f"not within {seconds} s")

    def turn(self):
        for sock, link in list(self.links.items()):
            if link.closed and not link.out:
                self.drop(sock)
        writers = [s for s, link in self.links.items() if link.out]
        readers = [s for s, link in self.links.items() if not link.closed]
        if self.listener:
            readers.append(self.listener)
        can_read, can_write, _ = select.select(readers, writers, [], TICK)
        for sock in can_read:
            if sock is self.listener:
                self.add(sock.accept()[0], caller=False)
            else:
                self.read(sock)
        for sock in can_write:
            self.write(sock)
        self.look_at_the_clock()

    def read(self, sock):
        try:
            data = sock.recv(1 << 16)
        except OSError:
            data = b""
        self.times[sock][0] = time.monotonic()
        if data:
            self.links[sock].feed(data)
        else:
            self.links[sock].close(self.links[sock].why or "cut")
            self.links[sock].out.clear()

    def write(self, sock):
        link = self.links[sock]
        try:
            del link.out[:sock.send(link.out)]
        except OSError:
            link.close("cut")
            link.out.clear()
        self.times[sock][1] = time.monotonic()

    def look_at_the_clock(self):
        now = time.monotonic()
        for sock, link in self.links.items():
            heard_at, sent_at = self.times[sock]
            if now - heard_at > SILENCE:
                link.close("silence")
            elif now - sent_at > KEEPALIVE and link.state == "OPEN":
                link.send("keepalive", {})

    def drop(self, sock):
        sock.close()
        del self.links[sock], self.times[sock]

    def close(self):
        for sock, link in list(self.links.items()):
            link.close("end")
            self.drop(sock)
        if self.listener:
            self.listener.close()
            self.listener = None

    def open(self):
        """The link of the pair, when it carries entries."""
        link = self.peer.link
        return link if link and link.state == "OPEN" else None


def main(other, mine, port="0"):
    node = Node(Identity("stranger", "Elsewhere", "IT"))
    port = node.listen(int(port))
    node.me = Identity("stranger", "Elsewhere", "IT", f"127.0.0.1:{port}")
    with open(mine, "w", encoding="utf-8") as f:
        f.write(node.me.card.text())
    with open(other, encoding="utf-8") as f:
        card = f.read()
    print("Read to them:", *half(node.me.certificate.org_key))
    node.pair(card, input("Type what they read: "))
    node.dial()
    seen = 0
    while True:
        node.turn()
        for message in list(node.peer.inbox.values())[seen:]:
            print(message["number"], message["subject"])
            seen += 1


if __name__ == "__main__":
    main(*sys.argv[1:])
