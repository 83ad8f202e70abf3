#!/usr/bin/env python3
"""Recovery: what a node lost comes back from its peer, and nothing twice."""

import glob
import os

from nodes import Case, main, note, wait_for

MESSAGES = 3


class Recovery(Case):
    def setUp(self):
        """A copy of jmsdf's home, then messages both ways, one of them read
        and one acknowledged at each side."""
        super().setUp()
        self.ifc, self.jmsdf = self.folder.two()
        self.jmsdf.wait_quiet(self.ifc)
        self.jmsdf.stop()
        self.older = self.jmsdf.copied("older")
        self.jmsdf.start()
        self.jmsdf.wait_link(self.ifc)
        for number in range(MESSAGES):
            for one, other in ((self.ifc, self.jmsdf),
                               (self.jmsdf, self.ifc)):
                one.send(other, note(f"{one.name} {number}",
                                     f"text {number}"), "--wait=accepted")
        for one, other in ((self.ifc, self.jmsdf), (self.jmsdf, self.ifc)):
            one.run("show", f"{other.name}/1")
            one.run("ack", f"{other.name}/2")
        for one, other in ((self.ifc, self.jmsdf), (self.jmsdf, self.ifc)):
            one.wait_quiet(other)
        self.before = self.told()

    def told(self):
        """All messages as both sides show them, without times."""
        return [(which.name, row["subject"], row["state"], row["number"],
                 self.text(which, row))
                for which in (self.ifc, self.jmsdf)
                for row in which.rows("inbox") + which.rows("outbox")]

    @staticmethod
    def text(which, row):
        """The message as its author wrote it, in words for people."""
        shown = which.run("show", row["id"], "--peek").out
        return [line for line in shown.splitlines() if "text " in line]

    def whole_again(self):
        for one, other in ((self.jmsdf, "ifc"), (self.ifc, "jmsdf")):
            wait_for(lambda: "nothing is to be done" in
                     one.peer(other)["alarm"], 60, one.tail)
        self.assertEqual(self.told(), self.before)
        sent = self.jmsdf.send(self.ifc, note("goes on"), "--wait=accepted")
        self.assertTrue(sent)
        numbers = [row["number"] for row in self.ifc.rows("inbox")]
        self.assertEqual(numbers, list(range(1, MESSAGES + 2)))

    def test_an_older_copy_of_the_home(self):
        self.jmsdf.stop()
        self.jmsdf.set_back(self.older)
        self.jmsdf.start()
        self.whole_again()

    def test_an_older_copy_of_the_journal_beside_the_keyring(self):
        self.jmsdf.stop()
        for path in glob.glob(self.jmsdf.path("journal-*")):
            os.remove(path)
        for path in glob.glob(os.path.join(self.older, "journal-*")):
            with open(path, "rb") as old:
                with open(os.open(self.jmsdf.path(os.path.basename(path)),
                                  os.O_WRONLY | os.O_CREAT, 0o600),
                          "wb") as new:
                    new.write(old.read())
        self.jmsdf.start()
        self.whole_again()

    def test_no_journal_is_left_and_the_peer_is_paired_again(self):
        self.jmsdf.stop()
        for path in glob.glob(self.jmsdf.path("journal-*")):
            os.remove(path)
        self.jmsdf.start()
        self.jmsdf.run("pair", self.folder.path("ifc.card"), "--as", "ifc",
                       "--safety-number",
                       self.folder.digits(self.ifc, self.jmsdf))
        self.whole_again()


if __name__ == "__main__":
    main()
