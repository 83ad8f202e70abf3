"""Programs at the control socket that ask without end and read no answer: the
node's memory stays bounded, and others are served."""
import socket
import struct
import time

from nodes import Case, check, main, note

QUESTIONS = 1000000
STALLED_S = 2      # the node reads no more: it waits for its answers to go
ROOM_KIB = 65536
FREED_KIB = 262144 # what a sanitizer keeps of freed memory
SERVED_S = 5       # on a machine that does much else


def varint(value):
    out = b""
    while value > 127:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


def question(number, kind, body):
    request = (b"\x08" + varint(number) + varint(kind << 3 | 2) +
               varint(len(body)) + body)
    return struct.pack(">I", len(request)) + request


STATUS = (10, b"")
LIST = (15, b"")
SHOW = (16, b"\x0a\x08jmsdf/s1")
STATE = (21, b"\x0a\x08jmsdf/s1\x12\x0cacknowledged")


class Greedy(Case):
    def setUp(self):
        super().setUp()
        self.ifc, self.jmsdf = self.folder.two()
        self.ifc.send(self.jmsdf, note("tea?"), "--wait")

    def memory_kib(self):
        with open(f"/proc/{self.ifc.daemon.pid}/status",
                  encoding="ascii") as status:
            for line in status:
                if line.startswith("VmRSS:"):
                    return int(line.split()[1])
        return 0

    def room_kib(self):
        with open(f"/proc/{self.ifc.daemon.pid}/maps",
                  encoding="ascii") as maps:
            return ROOM_KIB + (FREED_KIB if "libasan" in maps.read() else 0)

    def ask(self, asked):
        """Until the node takes no more; how many it took, and its memory."""
        kind, body = asked
        questions = b"".join(question(i + 1, kind, body) for i in range(1000))
        taken, rest, peak, moved = 0, b"", 0, time.monotonic()
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(self.ifc.path("control.sock"))
            client.setblocking(False)
            while taken < QUESTIONS and time.monotonic() - moved < STALLED_S:
                rest = rest or questions
                try:
                    rest = rest[client.send(rest):]
                    moved = time.monotonic()
                    taken += 0 if rest else 1000
                except BlockingIOError:
                    time.sleep(0.005)
                peak = max(peak, self.memory_kib())
            before = time.monotonic()
            self.ifc.run("status")
            check(time.monotonic() - before < SERVED_S, "others must wait")
        return taken, peak

    def test_who_reads_no_answers_is_heard_no_more(self):
        before = self.memory_kib()
        room = self.room_kib()
        for asked in (STATUS, LIST, SHOW, STATE):
            taken, peak = self.ask(asked)
            self.assertLess(taken, QUESTIONS)
            self.assertLess(peak, before + room)
            print(f"kind {asked[0]}: {taken} taken, {peak - before} KiB more")
        self.ifc.send(self.jmsdf, note("still?"), "--wait")


if __name__ == "__main__":
    main()
