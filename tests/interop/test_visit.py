"""Our node and one written from PROTOCOL.md alone pair, link and talk."""

import os
import socket
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "e2e"))

from nodes import Case, main
from visitor import ACCEPTED, ANSWER, MESSAGE, READ, Visitor, note


class Visit(Case):
    """Each test pairs anew: a visitor's keys are drawn at random."""

    def node(self):
        node = self.folder.node("ifc")
        node.start()
        return node

    def pair(self, node, addresses=(), secret=None):
        page = node.run("card").out
        visitor = Visitor("visitor", page, secret)
        card = self.folder.write("visitor.card",
                                 visitor.me.card(page, list(addresses)))
        words = ["pair", card, "--as", "visitor", "--safety-number",
                 visitor.digits()]
        if secret:
            words += ["--pair-secret",
                      self.folder.write("secret", secret.hex() + "\n")]
        node.run(*words)
        return visitor

    def talk(self, node, visitor):
        # Their OPEN is read and cosigned, ours is cosigned.
        visitor.run(lambda: visitor.cosigned == 1 and
                    visitor.seal_to[0] == 1)
        index = visitor.say(MESSAGE, note("A stranger calls", "tea?", 1))
        visitor.run(lambda: visitor.cosigned == 2 and
                    (ACCEPTED, index, 1) in visitor.answers)
        inbox = node.inbox()
        self.assertEqual([x["subject"] for x in inbox], ["A stranger calls"])
        self.assertIn("tea?", node.run("show", "visitor/1").out)
        visitor.run(lambda: (READ, index, 1) in visitor.answers)
        node.run("send", "--kind", "note", "--to", "visitor",
                 "--precedence", "FLASH", "-s", "And back", "-m", "at four",
                 "--set", "originator.org=IFC",
                 "--set", "originator.post=Duty Officer",
                 "--set", "label.policy=IN-JP",
                 "--set", "label.classification=RESTRICTED",
                 "--set", "legal_basis.agreement=JDSC-2025",
                 "--set", "legal_basis.article=2")
        visitor.run(lambda: visitor.messages)
        origin, at, message = visitor.messages[0]
        self.assertEqual(message[21][0].decode(), "And back")
        self.assertEqual(message[15][0], 1)
        visitor.answer(ACCEPTED, origin, at)
        visitor.run(lambda: visitor.cosigned == 3)
        outbox = node.rows("outbox")
        self.assertEqual([x["state"] for x in outbox], ["accepted"])
        node.run("log", "verify")

    def test_the_visitor_calls(self):
        node = self.node()
        visitor = self.pair(node)
        visitor.dial(node.port)
        self.addCleanup(visitor.leave)
        self.talk(node, visitor)

    def test_the_visitor_comes_back_and_goes_on(self):
        node = self.node()
        visitor = self.pair(node)
        visitor.dial(node.port)
        visitor.run(lambda: visitor.cosigned == 1 and
                    visitor.seal_to[0] == 1)
        visitor.leave()
        # Sealed while no link was there.
        visitor.out.append_sealed(MESSAGE, note("Later", "at five", 1),
                                  *visitor.seal_to, visitor.pair_secret)
        visitor.dial(node.port)
        self.addCleanup(visitor.leave)
        self.assertEqual(visitor.began_at, 1)
        visitor.run(lambda: visitor.cosigned == 2 and
                    (ACCEPTED, 1, 1) in visitor.answers)
        self.assertEqual(len(visitor.theirs), 1)  # no new epoch

    def test_who_lost_the_session_chain_is_met_with_a_new_epoch(self):
        node = self.node()
        visitor = self.pair(node)
        for _ in range(2):
            visitor.dial(node.port)
            visitor.run(lambda: visitor.cosigned == 1 and
                        visitor.seal_to[0] == 1)
            visitor.leave()
        visitor.confirmed = visitor.pending = bytes(32)
        visitor.forgetful = True
        visitor.dial(node.port)
        self.addCleanup(visitor.leave)
        visitor.run(lambda: len(visitor.theirs) == 2)
        self.assertIn("/wire/2-", list(visitor.theirs)[1])

    def test_the_visitor_is_called_and_has_a_pair_secret(self):
        node = self.node()
        with socket.create_server(("127.0.0.1", 0)) as listener:
            listener.settimeout(20)
            address = f"127.0.0.1:{listener.getsockname()[1]}"
            visitor = self.pair(node, [address], os.urandom(32))
            visitor.accept(listener)
            self.addCleanup(visitor.leave)
            self.talk(node, visitor)


if __name__ == "__main__":
    main()
