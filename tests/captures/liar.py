"""A peer that breaks the rules which PROTOCOL.md gives a writer of a log:
tests/interop/visitor.py, and on top of it only the lies."""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "interop"))

import visitor  # noqa: E402
from primitives import ed_sign, lent, number, text, u16  # noqa: E402
from visitor import ANSWER, HEAD, LEAVES, MESSAGE, Visitor, note  # noqa: E402

REJECTED, REFUSED, BAD_HEAD = 2, 3, 10
FETCH = 7
UNKNOWN_SUITE = 2


class Liar(Visitor):
    def greet(self, node):
        """Pairs with a node, links, and gets so far that both may seal."""
        node.run("pair", node.folder.write("liar.card", self.me.card(
            self.peer_page, [])), "--as", "liar", "--safety-number",
                 self.digits())
        self.dial(node.port)

    def answered(self, verdict, index):
        self.run(lambda: (verdict, index, 1) in self.answers)

    def say_what_is_no_message(self):
        """Opens well, and lacks what each message must have."""
        words = note("", "tea?", 1).replace(text(1, "VISITOR"), b"")
        return self.say(MESSAGE, words)

    def say_in_an_unknown_suite(self):
        """A leaf that nobody can take; its body never comes."""
        log = self.out
        index = log.append_sealed(MESSAGE, note("Unread", "tea?", 2),
                                  *self.seal_to, self.pair_secret)
        log.leaves[index] = u16(UNKNOWN_SUITE) + log.leaves[index][2:]
        log.bodies[index] = b""
        self.send_new(index)
        return index

    def deny_the_head(self):
        """Calls a good head of theirs bad, which is not cosigned yet."""
        log = list(self.theirs.values())[-1]
        bad = (text(1, log.origin) + number(2, len(log.leaves)) +
               lent(3, log.root()) + lent(4, log.signature))
        self.say(ANSWER, lent(1, number(1, BAD_HEAD) + text(2, log.origin) +
                              lent(8, bad)))

    def sign_a_false_root(self):
        """One leaf more, twice under a root that is not that of the leaves:
        at first the leaves are asked for again."""
        log = self.out
        index = log.append_sealed(MESSAGE, note("False", "tea?", 3),
                                  *self.seal_to, self.pair_secret)
        root = bytes(32)
        head = (text(1, log.origin) + number(2, len(log.leaves)) +
                lent(3, root) + lent(4, ed_sign(self.me.log, (
                    f"{log.origin}\n{len(log.leaves)}\n"
                    f"{visitor.b64(root)}\n").encode())))
        first, ephemeral, salt = log.batches[index]
        for _ in range(2):
            self.link.say(LEAVES, text(1, log.origin) + number(2, first) +
                          lent(3, ephemeral) + lent(4, salt) +
                          number(5, index) + lent(6, log.leaves[index]))
            self.link.say(HEAD, head)

    def hear_until(self, done):
        """As run(), but what was asked for is not given."""
        while not done():
            kind, frame = self.link.hear()
            if kind == visitor.LEAVES:
                self.on_leaves(frame)
            elif kind == visitor.HEAD:
                self.on_head(frame)
            elif kind == visitor.BODIES:
                self.on_bodies(frame)
            elif kind == visitor.COSIGNED:
                self.on_cosigned(frame)
            else:
                assert kind in (visitor.KEEPALIVE, FETCH), kind
