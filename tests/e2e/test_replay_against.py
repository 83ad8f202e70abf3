"""A capture thrown at a node, its own and another's: whole, reordered, cut,
reflected.  Nothing is answered, nothing is stored."""
import os
import socket
import threading

from nodes import (INVALID, NOT_FOUND, UNREACHABLE, UNTRUSTED, USAGE, Case,
                   free_port, main, note)

WAYS = ("whole", "reordered", "cut", "reflected")


def journal(node):
    """Bytes of its journal that are in use: the tail is there beforehand."""
    found = {}
    for name in os.listdir(node.home):
        if name.startswith("journal"):
            with open(node.path(name), "rb") as file:
                found[name] = len(file.read().rstrip(b"\0"))
    return found


def state(node):
    """All that must not change, but for clocks."""
    status = node.json("status")
    for peer in status["peers"]:
        peer.pop("last_heard")
    for field in ("uptime_s", "log_sequence", "strangers_refused"):
        status.pop(field, None)
    return (status, node.json("log")["channels"], node.inbox(), journal(node))


class Talkative:
    """Answers a byte to whoever calls."""

    def __init__(self):
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                caller, _ = self.server.accept()
                caller.sendall(b"!")
                caller.close()
            except OSError:
                pass


class Against(Case):
    def setUp(self):
        super().setUp()
        self.ifc, self.jmsdf = self.folder.two()
        self.captured = self.path("link.pcapng")
        self.ifc.run("capture", "start", self.captured)
        self.ifc.wait_link(self.jmsdf)
        self.jmsdf.send(self.ifc, note("before"), "--wait=accepted")
        self.ifc.wait_quiet(self.jmsdf)
        self.jmsdf.wait_quiet(self.ifc)
        self.ifc.run("capture", "stop")
        self.ifc.wait_link(self.jmsdf)
        self.jmsdf.wait_link(self.ifc)
        self.ifc.wait_quiet(self.jmsdf)

    def thrown(self, target):
        return self.entente("replay", self.captured, "--against",
                            f"127.0.0.1:{target.port}", "--json").json

    def test_nothing_is_answered_and_nothing_is_stored(self):
        """By the node that the capture is of, and by the one it talked to."""
        for target in (self.ifc, self.jmsdf):
            before = state(target)
            done = self.thrown(target)
            self.assertEqual([row["way"] for row in done["ways"]],
                             list(WAYS))
            for row in done["ways"]:
                self.assertEqual(row["bytes_answered"], 0, row)
                self.assertGreater(row["connections"], 0, row)
                self.assertGreater(row["bytes_sent"], 40, row)
            self.assertEqual(state(target), before)

    def test_a_node_that_answers_is_found_out(self):
        error = self.entente(
            "replay", self.captured, "--json", "--against",
            f"127.0.0.1:{Talkative().port}", code=UNTRUSTED).json["error"]
        self.assertEqual(error["code"], "UNTRUSTED")
        self.assertIn("answered a stranger", error["message"])

    def test_what_cannot_be_thrown_is_refused(self):
        there = f"127.0.0.1:{self.ifc.port}"
        for file, to, code, status, says in (
                (self.captured, "nowhere", INVALID, "BAD_FIELD", "HOST:PORT"),
                (self.captured, "127.0.0.1:0", INVALID, "BAD_FIELD",
                 "HOST:PORT"),
                (self.captured, f"127.0.0.1:{free_port()}", UNREACHABLE,
                 "UNREACHABLE", "nobody listens"),
                (self.path("none"), there, NOT_FOUND, "NOT_FOUND", "none"),
                (self.ifc.log_path, there, INVALID, "BAD_ENCODING",
                 "not a capture")):
            error = self.entente("replay", file, "--against", to, "--json",
                                 code=code).json["error"]
            self.assertEqual(error["code"], status)
            self.assertIn(says, error["message"])
        for more in ("--strict", "--trace"):
            self.entente("replay", self.captured, "--against", there, more,
                         code=USAGE)


if __name__ == "__main__":
    main()
