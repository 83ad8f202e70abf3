"""A stranger hears 0 bytes and changes nothing."""
import os
import socket
import time

from nodes import Case, main, note, wait_for
from tap import Tap

CLIENT_HELLO = bytes.fromhex(
    "16030100a5010000a10303") + bytes(range(32)) + bytes(132)
NOISE = {
    "garbage": os.urandom(4000),
    "a frame of garbage": b"\x00\x90" + os.urandom(0x90),
    "a frame of the longest size": b"\xff\xff" + os.urandom(65535),
    "an empty frame": b"\x00\x00",
    "TLS": CLIENT_HELLO,
    "HTTP": b"GET / HTTP/1.1\r\nHost: ifc\r\n\r\n",
    "half a length": b"\x01",
}
DEADLINE_S = 14


def call(port, data, wait_s=1.5):
    """What is heard after saying `data`, until the end or `wait_s`."""
    heard = b""
    with socket.create_connection(("127.0.0.1", port)) as sock:
        sock.settimeout(wait_s)
        try:
            sock.sendall(data)
            while True:
                more = sock.recv(4096)
                if not more:
                    break
                heard += more
        except (socket.timeout, ConnectionError):
            pass
    return heard


def state(node):
    """All that must not change, but for clocks."""
    status = node.json("status")
    for peer in status["peers"]:
        peer.pop("last_heard_ms", None)
        peer.pop("last_heard", None)
    for field in ("uptime_s", "log_sequence", "strangers_refused"):
        status.pop(field, None)
    return status, node.json("log")["channels"], node.inbox()


class Stranger(Case):
    def setUp(self):
        super().setUp()
        self.ifc, jmsdf = self.folder.two()
        jmsdf.send(self.ifc, note("before"), "--wait=accepted")
        self.ifc.wait_quiet(jmsdf)
        jmsdf.wait_quiet(self.ifc)

    def tapped(self, name):
        """A node that calls ifc by a tap."""
        other = self.folder.node(name, listen=False)
        other.start()
        tap = Tap(self.ifc.port)
        self.addCleanup(tap.close)
        return other, tap

    def test_noise_is_not_answered(self):
        before = state(self.ifc)
        for name, data in NOISE.items():
            self.assertEqual(call(self.ifc.port, data), b"", name)
        self.assertEqual(state(self.ifc), before)
        counted = self.ifc.json("metrics")
        self.assertEqual(counted["entente_strangers_refused_total"],
                         len(NOISE))

    def test_silence_is_ended(self):
        began = time.monotonic()
        self.assertEqual(call(self.ifc.port, b"", DEADLINE_S + 1), b"")
        self.assertLess(time.monotonic() - began, DEADLINE_S)

    def test_a_node_that_has_our_card_but_is_not_paired_is_not_answered(self):
        other, tap = self.tapped("nobody")
        before = state(self.ifc)
        digits = self.folder.digits(other, self.ifc)
        other.run("pair", self.path("ifc.card"), "--safety-number",
                  digits, "--address", f"127.0.0.1:{tap.port}")
        wait_for(lambda: len(tap.passed[0]) > 100)
        time.sleep(1)
        self.assertEqual(tap.passed[1], b"")
        self.assertEqual(state(self.ifc), before)

    def test_message_1_and_a_whole_session_replayed_are_not_answered(self):
        third, tap = self.tapped("third")
        self.folder.pair(self.ifc, third, (),
                         ["--address", f"127.0.0.1:{tap.port}"])
        third.wait_link(self.ifc)
        third.wait_quiet(self.ifc)
        size = int.from_bytes(tap.passed[0][:2], "big")
        whole = bytes(tap.passed[0])
        third.stop()
        tap.close()
        before = state(self.ifc)
        self.assertEqual(call(self.ifc.port, whole[:2 + size]), b"")
        self.assertEqual(call(self.ifc.port, whole), b"")
        self.assertEqual(state(self.ifc), before)


if __name__ == "__main__":
    main()
