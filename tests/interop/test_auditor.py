#!/usr/bin/env python3
"""What `entente evidence` writes, verified by a program that shares nothing
with ours, written from PROTOCOL.md."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "e2e"))

from auditor import Refused, audit
from nodes import Case, main, note, wait_for

ACCEPTED, ACKNOWLEDGED = 1, 7


class Auditor(Case):
    def made(self, node, ref, *words):
        path = self.path("evidence")
        if os.path.exists(path):
            os.remove(path)
        node.run("evidence", ref, "--out", path, *words)
        with open(path, encoding="utf-8") as source:
            return source.read()

    def test_a_stranger_verifies_and_opens_it(self):
        ifc, jmsdf = self.folder.two()
        for number in range(5):
            ifc.send(jmsdf, note(f"Skiffs, {number}"), "--wait=accepted")
        jmsdf.run("ack", "ifc/3", "-m", "A patrol boat has left.")
        wait_for(lambda: any(row["state"] == "acknowledged"
                             for row in ifc.rows("outbox")))
        for node, ref in ((ifc, "jmsdf/s3"), (jmsdf, "ifc/3")):
            text = self.made(node, ref)
            found = audit(text)
            self.assertIn(b"Skiffs, 2", found["plain"])
            self.assertIsNotNone(found["receipt"])
            self.assertEqual(found["said"],
                             [(ACCEPTED, ""),
                              (ACKNOWLEDGED, "A patrol boat has left.")])
        withheld = self.made(ifc, "jmsdf/s3", "--withhold-content")
        self.assertNotIn("plain", audit(withheld))
        self.refused(text)

    def refused(self, text):
        """Where one character of each line is another."""
        lines = text.split("\n")
        for at, line in enumerate(lines[:-1]):
            if not line:
                continue
            middle = len(line) // 2
            other = "A" if line[middle] != "A" else "B"
            changed = line[:middle] + other + line[middle + 1:]
            with self.assertRaises((Refused, ValueError), msg=line):
                audit("\n".join(lines[:at] + [changed] + lines[at + 1:]))


if __name__ == "__main__":
    main()
