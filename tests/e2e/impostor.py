"""A server in the place of a node, and as much of protobuf as it needs."""
import os
import socket
import struct
import threading


def varint(number):
    out = b""
    while number >= 0x80:
        out += bytes([number & 0x7f | 0x80])
        number >>= 7
    return out + bytes([number])


def field(number, value):
    """A field of a message: text, bytes or a number."""
    if isinstance(value, str):
        value = value.encode()
    if isinstance(value, bytes):
        return varint(number << 3 | 2) + varint(len(value)) + value
    return varint(number << 3) + varint(value)


def message(numbers, text, **more):
    """A message with this text in each of these fields."""
    out = b"".join(field(number, text) for number in numbers)
    return out + b"".join(field(int(key[1:]), value)
                          for key, value in more.items())


class Impostor:
    """Listens where a node would."""

    def answer(self, kind):
        """The field of a Response to a request of this kind."""
        raise NotImplementedError

    def __init__(self, home):
        self.server = socket.socket(socket.AF_UNIX)
        path = os.path.join(home, "control.sock")
        if os.path.exists(path):
            os.unlink(path)
        self.server.bind(path)
        self.server.listen()
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                client, _ = self.server.accept()
            except OSError:
                return
            threading.Thread(target=self.talk, args=(client,),
                             daemon=True).start()

    def talk(self, client):
        with client, client.makefile("rb") as said:
            while len(head := said.read(4)) == 4:
                frame = said.read(struct.unpack(">I", head)[0])
                number, kind = self.read(frame)
                out = field(1, number) + field(2, 1)
                out += self.answer(kind)
                try:
                    client.sendall(struct.pack(">I", len(out)) + out)
                except OSError:
                    return

    @staticmethod
    def read(frame):
        """The id of a request and the number of its kind."""
        values, at = {}, 0
        while at < len(frame):
            tag, at = Impostor.number(frame, at)
            value, at = Impostor.number(frame, at)
            values[tag >> 3] = value
            at += value if tag & 7 == 2 else 0
        return values.pop(1), next(iter(values))

    @staticmethod
    def number(frame, at):
        value = shift = 0
        while True:
            byte = frame[at]
            at += 1
            value |= (byte & 0x7f) << shift
            shift += 7
            if byte < 0x80:
                return value, at

    def close(self):
        self.server.close()
