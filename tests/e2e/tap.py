"""A wire tap: a relay on loopback that keeps what passes, both directions."""
import socket
import threading


class Tap:
    """Listens on its own port and relays to `target`."""

    def __init__(self, target):
        self.target = target
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        self.passed = [bytearray(), bytearray()]  # from caller, from called
        self.open = True
        self.socks = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while self.open:
            try:
                caller, _ = self.server.accept()
                called = socket.create_connection(("127.0.0.1", self.target))
            except OSError:
                continue
            self.socks += [caller, called]
            for i, pair in enumerate(((caller, called), (called, caller))):
                threading.Thread(target=self._relay, args=(i, *pair),
                                 daemon=True).start()

    def _relay(self, side, source, sink):
        try:
            while True:
                data = source.recv(65536)
                if not data:
                    break
                self.passed[side] += data
                sink.sendall(data)
        except OSError:
            pass
        for sock in (source, sink):
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def mark(self):
        return [len(side) for side in self.passed]

    def since(self, mark):
        return [bytes(side[at:]) for side, at in zip(self.passed, mark)]

    def cut(self):
        """Ends what is connected now; new calls are relayed again."""
        for sock in self.socks:
            try:
                sock.close()
            except OSError:
                pass
        self.socks = []

    def close(self):
        self.open = False
        self.cut()
        self.server.close()


def frames(stream):
    """Lengths of the frames in a stream: u16 big-endian, then the bytes."""
    lengths = []
    at = 0
    while at + 2 <= len(stream):
        size = int.from_bytes(stream[at:at + 2], "big")
        lengths.append(size)
        at += 2 + size
    return lengths
