#!/usr/bin/env python3
"""bundle export, bundle import: two nodes that never have a link."""

import os

from nodes import FAILURE, INVALID, NOT_FOUND, UNTRUSTED, USAGE, Case
from nodes import main, note

RECORD = 65552
HEADER = 246


class Courier(Case):
    def setUp(self):
        super().setUp()
        self.ifc = self.folder.node("ifc", listen=False)
        self.jmsdf = self.folder.node("jmsdf", listen=False)
        self.ifc.start()
        self.jmsdf.start()
        self.folder.pair(self.ifc, self.jmsdf, ["--no-dial"], ["--no-dial"])
        self.made = 0

    def export(self, node, to):
        self.made += 1
        path = self.path(f"stick-{self.made}")
        return path, node.json("bundle", "export", "--to", to.name, "--out",
                               path)

    def send(self, node, to, subject, *words, **how):
        return node.json("send", "-", "--to", to.name, *words,
                         text=note(subject, **how))

    def states(self, node):
        return {row["subject"]: row["state"] for row in node.rows("outbox")}

    def test_a_first_contact_by_stick_alone(self):
        self.send(self.ifc, self.jmsdf, "one")
        self.send(self.ifc, self.jmsdf, "urgent", precedence="FLASH")
        path, made = self.export(self.ifc, self.jmsdf)
        self.assertEqual((made["number"], made["dispatched"],
                          made["waiting"]), (1, 2, 0))
        self.assertEqual(os.stat(path).st_mode & 0o777, 0o600)
        self.assertEqual((os.stat(path).st_size - HEADER) % RECORD, 0)
        self.assertEqual(self.states(self.ifc),
                         {"one": "sent", "urgent": "sent"})
        back = self.path("answer")
        found = self.jmsdf.json("bundle", "import", path, "--out", back)
        self.assertEqual((found["messages"], found["old"], found["missing"],
                          found["answer_due"], found["answer"]["number"]),
                         (2, False, 0, True, 1))
        self.jmsdf.run("show", "ifc/1")
        self.jmsdf.run("ack", "ifc/1", "-m", "Seen.")
        found = self.ifc.json("bundle", "import", back)
        self.assertGreater(found["received"], 2)
        self.assertEqual(found["taken"], 1)
        self.assertEqual(self.states(self.ifc),
                         {"one": "accepted", "urgent": "accepted"})
        path, made = self.export(self.jmsdf, self.ifc)
        self.ifc.json("bundle", "import", path)
        self.assertIn("acknowledged", self.states(self.ifc).values())

        with self.subTest("every log verifies, and evidence too"):
            for node in (self.ifc, self.jmsdf):
                self.assertIn("courier", node.run("log").out)
                node.run("log", "verify")
            proof = self.path("proof")
            self.ifc.json("evidence", "jmsdf/s1", "--out", proof)
            self.ifc.run("verify", proof)

        with self.subTest("after a restart of both it goes on"):
            for node in (self.ifc, self.jmsdf):
                node.stop()
                node.start()
            self.send(self.jmsdf, self.ifc, "back")
            path, made = self.export(self.jmsdf, self.ifc)
            self.assertEqual(made["number"], 3)
            found = self.ifc.json("bundle", "import", path)
            self.assertEqual((found["messages"], found["missing"]), (1, 0))

    def test_twice_late_lost_and_damaged(self):
        sticks = []
        for i in range(3):
            for k in range(4):
                self.send(self.ifc, self.jmsdf, f"{i}-{k}", text="a" * 20000)
            sticks.append(self.export(self.ifc, self.jmsdf)[0])
        found = self.jmsdf.json("bundle", "import", sticks[1])
        self.assertEqual((found["messages"], found["missing_first"],
                          found["missing"]), (8, 1, 1))
        for stick in (sticks[1], sticks[0]):
            found = self.jmsdf.json("bundle", "import", stick)
            self.assertEqual((found["messages"], found["old"]), (0, True))
            self.assertGreater(found["known"], 0)

        with open(sticks[2], "rb") as whole:
            content = whole.read()
        with self.subTest("cut"):
            cut = self.path("cut")
            with open(cut, "wb") as out:
                out.write(content[:-RECORD - 100])
            done = self.jmsdf.run("bundle", "import", cut, code=FAILURE)
            self.assertIn("CUT", done.out)
        with self.subTest("damaged"):
            bad = self.path("bad")
            at = HEADER + 2 * RECORD + 99
            with open(bad, "wb") as out:
                out.write(content[:at] + b"xx" + content[at + 2:])
            done = self.jmsdf.run("bundle", "import", bad, code=FAILURE)
            self.assertIn("DAMAGED", done.out)
        with self.subTest("its beginning changed: nothing is taken"):
            with open(bad, "wb") as out:
                out.write(content[:200] + b"xx" + content[202:])
            self.jmsdf.fails("BAD_PROOF", "bundle", "import", bad,
                             code=UNTRUSTED)
        found = self.jmsdf.json("bundle", "import", sticks[2])
        self.assertEqual(found["incomplete"], 0)
        self.assertEqual(len(self.jmsdf.rows("inbox")), 12)

    def test_what_is_refused(self):
        path, _ = self.export(self.ifc, self.jmsdf)
        self.ifc.fails("UNTRUSTED", "bundle", "import", path, code=UNTRUSTED)
        self.jmsdf.fails("BAD_ENCODING", "bundle", "import",
                         self.folder.write("none", "no bundle"), code=INVALID)
        self.jmsdf.fails("BAD_ENCODING", "bundle", "import",
                         self.folder.write("empty", ""), code=INVALID)
        self.jmsdf.fails("NOT_FOUND", "bundle", "import", self.path("nofile"),
                         code=NOT_FOUND)
        self.ifc.fails("EXISTS", "bundle", "export", "--to", "jmsdf", "--out",
                       path, code=FAILURE)
        self.ifc.fails("NOT_FOUND", "bundle", "export", "--to", "nobody",
                       "--out", self.path("new"), code=NOT_FOUND)
        self.assertFalse(os.path.exists(self.path("new")))
        self.assertFalse(os.path.exists(self.path("new.part")))
        self.ifc.fails("USAGE", "bundle", "export", "--to", "jmsdf",
                       code=USAGE)


if __name__ == "__main__":
    main()
