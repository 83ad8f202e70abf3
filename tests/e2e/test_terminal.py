#!/usr/bin/env python3
"""What a person sees and types at a terminal."""

import os

from nodes import FAILURE, INVALID, NOT_FOUND, OK, UNTRUSTED, Case, main
from terminal import Terminal


class Passphrase(Case):
    WORDS = ["init", "--name", "ifc", "--org", "IFC", "--country", "IN",
             "--listen", "none"]

    def init(self, *lines):
        terminal = Terminal(self.folder, "--home", self.path("home"),
                            *self.WORDS, ENTENTE_PASSPHRASE_FILE=None)
        terminal.expect("New passphrase of this node: ")
        terminal.type(lines[0])
        terminal.expect("The same again: ")
        terminal.type(lines[1])
        return terminal

    def test_what_is_typed_is_not_seen(self):
        terminal = self.init("open sesame", "open sesame")
        self.assertEqual(terminal.end(), OK)
        self.assertNotIn("sesame", terminal.seen)
        self.assertTrue(os.path.exists(self.path("home/certificate")))

    def test_two_that_differ_make_nothing(self):
        terminal = self.init("open sesame", "open seasme")
        self.assertEqual(terminal.end(), INVALID)
        self.assertNotIn("se", terminal.seen.split("again: ")[1].split(
            "entente:")[0])
        self.assertEqual(os.listdir(self.folder.work), ["passphrase"])


class Digits(Case):
    def setUp(self):
        super().setUp()
        self.ifc = self.folder.node("ifc", "IFC-IOR")
        self.jmsdf = self.folder.node("jmsdf", country="JP", listen=False)
        self.ifc.start()
        self.jmsdf.start()
        self.number = self.folder.digits(self.ifc, self.jmsdf)

    def pair(self, node, peer):
        return Terminal(self.folder, "--home", node.home, "pair",
                        self.path(peer.name + ".card"))

    def groups(self, terminal):
        """The six groups to read aloud."""
        found = terminal.expect(r"Read to them: +((\d{5} ?){6})")
        terminal.expect("Type what they read: ")
        return found.group(1).strip()

    def test_each_side_types_what_the_other_reads(self):
        one = self.pair(self.ifc, self.jmsdf)
        two = self.pair(self.jmsdf, self.ifc)
        from_one = self.groups(one)
        from_two = self.groups(two)
        self.assertNotEqual(from_one, from_two)
        one.type(from_two)
        two.type(from_one.replace(" ", "-"))  # however they are parted
        self.assertEqual(one.end(), OK, one.seen)
        self.assertEqual(two.end(), OK, two.seen)
        self.assertIn("Paired with jmsdf", one.seen)
        self.assertIn("still have to pair", one.seen)

    def test_the_own_half_or_wrong_digits_pair_nobody(self):
        terminal = self.pair(self.ifc, self.jmsdf)
        terminal.type(self.groups(terminal))
        self.assertEqual(terminal.end(), UNTRUSTED, terminal.seen)
        self.assertIn("digits that you read to them", terminal.seen)
        terminal = self.pair(self.ifc, self.jmsdf)
        self.groups(terminal)
        terminal.type("12345")
        self.assertEqual(terminal.end(), INVALID, terminal.seen)
        self.assertEqual(self.ifc.json("peers")["peers"], [])

    def test_nobody_is_asked_for_what_would_change_nothing(self):
        self.folder.pair(self.ifc, self.jmsdf)
        card = self.path("jmsdf.card")
        for words, code, said in (
                (("pair", card), FAILURE, "paired already, as jmsdf"),
                (("pair", self.folder.card(self.ifc)), INVALID, "own card"),
                (("pair", card, "--as", "a b"), INVALID, "no blank"),
                (("peer", "remove", "jmsd"), NOT_FOUND, "did you mean jmsdf")):
            terminal = Terminal(self.folder, "--home", self.ifc.home, *words)
            self.assertEqual(terminal.end(), code, terminal.seen)
            self.assertIn(said, terminal.seen)
            self.assertNotIn("Type what", terminal.seen)
            self.assertNotIn("[y/N]", terminal.seen)

    def test_a_key_that_changed_is_a_stop_and_no_question(self):
        self.folder.pair(self.ifc, self.jmsdf)
        os.rename(self.jmsdf.home, self.path("before"))
        other = self.folder.init("jmsdf", org=self.jmsdf.org, country="JP")
        terminal = Terminal(self.folder, "--home", self.ifc.home, "pair",
                            self.folder.card(other), "--as", "new")
        self.assertEqual(terminal.end(), UNTRUSTED, terminal.seen)
        self.assertIn("STOP: JMSDF is known here under another organisation",
                      terminal.seen)
        self.assertNotIn("Type what", terminal.seen)
        os.rename(other.home, self.path("after"))
        os.rename(self.path("before"), self.jmsdf.home)

    def test_a_question_is_asked_before_what_cannot_be_undone(self):
        self.ifc.run("pair", self.path("jmsdf.card"), "--safety-number",
                     self.number)
        terminal = Terminal(self.folder, "--home", self.ifc.home, "peer",
                            "remove", "jmsdf")
        terminal.expect(r"\[y/N\] ")
        terminal.type("n")
        self.assertEqual(terminal.end(), FAILURE)
        self.assertEqual(len(self.ifc.json("peers")["peers"]), 1)


if __name__ == "__main__":
    main()
