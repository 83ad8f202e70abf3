#!/usr/bin/env python3
"""bugreport: what helps is in it, and nobody's name, address or words are."""

import os
import stat

from nodes import FAILURE, NOT_FOUND, Case, main, note

SECTIONS = ("[versions]", "[config]", "[node]", "[doctor]", "[log]")


class Bugreport(Case):
    def setUp(self):
        super().setUp()
        self.ifc = self.folder.node("zanzibar", "ZANZIBAR-COAST-GUARD")
        self.jmsdf = self.folder.node("yokosuka", "YOKOSUKA-NAVY", "JP")
        self.ifc.run("up")
        self.ifc.log_path = self.ifc.path("entented.log")
        self.jmsdf.start()
        self.folder.pair(self.ifc, self.jmsdf)
        self.ifc.wait_link(self.jmsdf)
        self.ifc.send(self.jmsdf, note("Xylophone sighted"), "--wait")

    def nothing_tells(self, report):
        peer = self.ifc.peer("yokosuka") if self.up else {"node": "-" * 32}
        for word in ("zanzibar", "yokosuka", "xylophone", "127.0.0.1",
                     self.folder.work, peer["node"],
                     self.ifc.json("card", "show", self.card)["node"]):
            self.assertNotIn(word.lower(), report.lower())
        for section in SECTIONS:
            self.assertIn(section + "\n", report)
        self.assertIn("Left out: ", report)

    def test_nobody_is_named_while_the_node_runs_and_when_it_does_not(self):
        self.card = self.folder.card(self.ifc)
        self.up = True
        report = self.ifc.run("bugreport").out
        self.nothing_tells(report)
        self.assertIn("peer-1: link up, queued 0, sent 1,", report)
        self.assertRegex(report, "ok +link +peer-1: up")
        self.up = False
        self.ifc.run("down")
        report = self.ifc.run("bugreport").out
        self.nothing_tells(report)
        self.assertIn("[node]\ndown\n", report)

    def test_a_file_is_the_owners_and_never_replaced(self):
        path = self.path("report.txt")
        answer = self.ifc.run("bugreport", "--out", path)
        self.assertIn("Left out: ", answer.out)
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
        self.ifc.fails("EXISTS", "bugreport", "--out", path, code=FAILURE)
        self.assertIn("[doctor]", self.ifc.json("bugreport")["report"])
        self.fails("NOT_FOUND", "--home", self.path("none"), "bugreport",
                   code=NOT_FOUND)


if __name__ == "__main__":
    main()
