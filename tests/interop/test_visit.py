"""Our node and one written from PROTOCOL.md alone pair, link and talk."""

import json
import os
import socket
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "e2e"))

import entente
from visitor import ACCEPTED, ANSWER, MESSAGE, READ, Visitor, note


class Visit(entente.Case):
    """Each test pairs anew: a visitor's keys are drawn at random."""

    def node(self, port):
        home = self.path("ifc")
        self.homes.append(home)
        made = self.run_command(
            ["--home", home, "init", "--name", "ifc", "--org", "IFC",
             "--country", "IN", "--listen", f"127.0.0.1:{port}", "--start"])
        self.assertEqual(made.code, entente.OK, made.err)
        return home

    def ask(self, home, *words, text=""):
        answer = self.run_command(["--home", home, *words], text)
        self.assertEqual(answer.code, entente.OK, answer.err)
        return answer

    def pair(self, home, addresses=(), secret=None):
        page = self.ask(home, "card").out
        visitor = Visitor("visitor", page, secret)
        card = self.write("visitor.card",
                          visitor.me.card(page, list(addresses)))
        words = ["pair", card, "--as", "visitor", "--safety-number",
                 visitor.digits()]
        if secret:
            with open(os.open(self.path("secret"), os.O_CREAT | os.O_WRONLY,
                              0o600), "w", encoding="utf-8") as out:
                out.write(secret.hex() + "\n")
            words += ["--pair-secret", self.path("secret")]
        self.ask(home, *words)
        return visitor

    def talk(self, home, visitor):
        # Their OPEN is read and cosigned, ours is cosigned.
        visitor.run(lambda: visitor.cosigned == 1 and
                    visitor.seal_to[0] == 1)
        index = visitor.say(MESSAGE, note("A stranger calls", "tea?", 1))
        visitor.run(lambda: visitor.cosigned == 2 and
                    (ACCEPTED, index, 1) in visitor.answers)
        inbox = [json.loads(x) for x in
                 self.ask(home, "inbox", "--json").out.splitlines()]
        self.assertEqual([x["subject"] for x in inbox], ["A stranger calls"])
        self.assertIn("tea?", self.ask(home, "show", "visitor/1").out)
        visitor.run(lambda: (READ, index, 1) in visitor.answers)
        self.ask(home, "send", "--kind", "note", "--to", "visitor",
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
        outbox = [json.loads(x) for x in
                  self.ask(home, "outbox", "--json").out.splitlines()]
        self.assertEqual([x["state"] for x in outbox], ["accepted"])
        self.ask(home, "log", "verify")

    def test_the_visitor_calls(self):
        port = entente.free_port()
        home = self.node(port)
        visitor = self.pair(home)
        visitor.dial(port)
        self.addCleanup(visitor.leave)
        self.talk(home, visitor)

    def test_the_visitor_comes_back_and_goes_on(self):
        port = entente.free_port()
        home = self.node(port)
        visitor = self.pair(home)
        visitor.dial(port)
        visitor.run(lambda: visitor.cosigned == 1 and
                    visitor.seal_to[0] == 1)
        visitor.leave()
        # Sealed while no link was there.
        visitor.out.append_sealed(MESSAGE, note("Later", "at five", 1),
                                  *visitor.seal_to, visitor.pair_secret)
        visitor.dial(port)
        self.addCleanup(visitor.leave)
        self.assertEqual(visitor.began_at, 1)
        visitor.run(lambda: visitor.cosigned == 2 and
                    (ACCEPTED, 1, 1) in visitor.answers)
        self.assertEqual(len(visitor.theirs), 1)  # no new epoch

    def test_who_lost_the_session_chain_is_met_with_a_new_epoch(self):
        port = entente.free_port()
        home = self.node(port)
        visitor = self.pair(home)
        for _ in range(2):
            visitor.dial(port)
            visitor.run(lambda: visitor.cosigned == 1 and
                        visitor.seal_to[0] == 1)
            visitor.leave()
        visitor.confirmed = visitor.pending = bytes(32)
        visitor.forgetful = True
        visitor.dial(port)
        self.addCleanup(visitor.leave)
        visitor.run(lambda: len(visitor.theirs) == 2)
        self.assertIn("/wire/2-", list(visitor.theirs)[1])

    def test_the_visitor_is_called_and_has_a_pair_secret(self):
        home = self.node(entente.free_port())
        with socket.create_server(("127.0.0.1", 0)) as listener:
            listener.settimeout(20)
            address = f"127.0.0.1:{listener.getsockname()[1]}"
            visitor = self.pair(home, [address], os.urandom(32))
            visitor.accept(listener)
            self.addCleanup(visitor.leave)
            self.talk(home, visitor)


if __name__ == "__main__":
    unittest.main()
