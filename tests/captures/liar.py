"""A peer that breaks the rules which PROTOCOL.md gives a node: the client of
tests/interop, and on top of it only the lies."""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "interop"))

from client import Node  # noqa: E402
from client_identity import Card, Identity, half, safety_number  # noqa: E402
from client_log import IMMEDIATE, MESSAGE, checkpoint  # noqa: E402
from client_peer import Peer  # noqa: E402
from primitives import ed_sign  # noqa: E402

REJECTED, REFUSED = 2, 3  # verdicts of 5.6
UNKNOWN_SUITE = 2


class LyingPeer(Peer):
    denies = False  # calls the next head of theirs bad

    def __init__(self, *known):
        self.said_of = []  # (verdict, index) in our logs
        super().__init__(*known)

    def said(self, origin, index, a):
        super().said(origin, index, a)
        self.said_of.append((a["verdict"], index))

    def take_head(self, link, f):
        if self.denies:
            self.denies = False
            self.stop(self.ins[f["origin"]], f)
        else:
            super().take_head(link, f)

    def put(self, plain):
        """Appends a message that is sent by flush(); its index."""
        self.append([(MESSAGE, IMMEDIATE, plain)])
        return len(self.out.entries) - 1

    def say_what_is_no_message(self):
        index = self.put(b"tea?")
        self.flush(self.link)
        return index

    def say_in_an_unknown_suite(self):
        """A leaf that nobody can take; its body never comes."""
        index = self.put(b"tea?")
        entry = self.out.entries[index]
        entry.header.suite, entry.body = UNKNOWN_SUITE, b""
        self.out.sign()
        self.flush(self.link)
        return index

    def sign_a_false_root(self):
        """Under a new leaf, and again when the leaves are asked for."""
        out = self.out
        self.put(b"tea?")
        size, root = len(out.entries), bytes(32)
        out.heads[size] = root, ed_sign(out.seed, checkpoint(
            out.origin, size, root))
        self.flush(self.link)


class Liar(Node):
    """Paired with a node and linked."""

    def __init__(self, node, denies=False):
        super().__init__(Identity("liar", "LIAR", "IT"))
        theirs = node.run("card").out
        key = Card.parse(theirs).certificate.org_key
        self.pair(theirs, " ".join(half(key)), peer_class=LyingPeer)
        self.peer.denies = denies
        node.run("pair", node.folder.write("liar.card", self.me.card.text()),
                 "--as", "liar", "--safety-number",
                 safety_number(key, self.me.certificate.org_key))
        self.dial()
        self.run(self.open)

    def settled(self):
        """Every entry of ours is receipted, and theirs by us."""
        log, out = self.peer.newest_in, self.peer.out
        return (log and log.receipted == log.size and not self.peer.due and
                out.receipted == out.size)

    def answered(self, verdict, index):
        self.run(lambda: (verdict, index) in self.peer.said_of)
        self.run(self.settled)
