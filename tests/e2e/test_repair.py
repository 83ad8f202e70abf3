#!/usr/bin/env python3
"""A damaged journal: the node does not start on it, the doctor says what it
would cost to mend, and then nothing that could be kept is lost."""

import os
import re

from nodes import FAILURE, OK, UNTRUSTED, USAGE, Case, main, note, wait_for

PAGE = 4096


def segments(node):
    return sorted(name for name in os.listdir(node.home)
                  if re.fullmatch("journal-[0-9a-f]{16}", name))


def groups(node, name):
    """Where each group of a segment begins."""
    with open(node.path(name), "rb") as journal:
        bytes_ = journal.read()
    return [at for at in range(PAGE, len(bytes_), PAGE)
            if bytes_[at:at + 8] == b"EntGroup"]


def flip(node, name, offset):
    with open(node.path(name), "r+b") as journal:
        journal.seek(offset)
        byte = journal.read(1)
        journal.seek(offset)
        journal.write(bytes([byte[0] ^ 4]))


class Repair(Case):
    def repair(self, node, *words, **how):
        return node.run("doctor", "--repair", *words, **how)

    def pending(self, node):
        return {row["id"] for row in node.rows("outbox")
                if row["state"] == "queued"}

    def test_messages_that_wait_behind_damage_are_sent_once(self):
        ifc, jmsdf = self.folder.two()
        before = [ifc.send(jmsdf, note(f"before {i}"), "--wait")
                  for i in range(3)]
        jmsdf.send(ifc, note("to ifc"), "--wait")
        jmsdf.stop()
        for i in range(5):
            ifc.send(jmsdf, note(f"waits {i}"))
        self.assertEqual(len(self.pending(ifc)), 5)
        waits = self.pending(ifc)
        ifc.stop()
        name = segments(ifc)[-1]
        lost = groups(ifc, name)[-6]  # the one before those that wait
        old = open(ifc.path(name), "rb").read()
        flip(ifc, name, lost + 100)

        # It does not start, and says why and what to do.
        self.assertNotEqual(ifc.fails("CORRUPT", "up", code=FAILURE), None)
        found = ifc.run("doctor", "--json", code=FAILURE).json["findings"]
        damage = [one for one in found if one["what"] == "journal"]
        self.assertIn(f"{name}, offset {lost}", damage[0]["words"])
        self.assertIn("doctor --repair", damage[0]["cure"])

        # Nothing happens without a yes.
        kept = sorted(os.listdir(ifc.home))
        ifc.fails("USAGE", "doctor", "--repair", code=USAGE)
        self.assertEqual(sorted(os.listdir(ifc.home)), kept)

        told = self.repair(ifc, "--yes").out
        self.assertIn(f"{name}, bytes {lost} to ", told)
        self.assertIn("5 messages that wait", told)
        with open(ifc.path("quarantine-1-" + name), "rb") as file:
            is_kept = file.read()
        self.assertEqual(len(is_kept), len(old))
        self.assertEqual(sum(a != b for a, b in zip(is_kept, old)), 1)
        self.assertIn("is whole", self.repair(ifc, "--yes").out)

        ifc.start()
        self.assertEqual(self.pending(ifc), waits)
        jmsdf.start()
        ifc.wait_link(jmsdf)
        wait_for(lambda: len(jmsdf.inbox()) >= 8, 30, "all at jmsdf")
        subjects = [row["subject"] for row in jmsdf.inbox()]
        self.assertEqual(
            sorted(subjects),
            sorted([f"before {i}" for i in range(3)] +
                   [f"waits {i}" for i in range(5)]))
        self.assertEqual(len(before), 3)
        # Both may speak as before.
        ifc.send(jmsdf, note("after"), "--wait")
        jmsdf.send(ifc, note("after, too"), "--wait")

    def test_a_header_is_written_again_and_nothing_is_lost(self):
        ifc, jmsdf = self.folder.two()
        ifc.send(jmsdf, note("one"), "--wait")
        ifc.stop()
        name = segments(ifc)[0]
        flip(ifc, name, 20)
        ifc.fails("CORRUPT", "up", code=FAILURE)
        self.assertIn("Nothing is lost", self.repair(ifc, "--yes").out)
        ifc.start()
        ifc.wait_link(jmsdf)
        ifc.send(jmsdf, note("two"), "--wait")
        self.assertEqual(ifc.peer("jmsdf")["alarm"], "")

    def test_damage_in_small_files_is_named_for_what_it_is(self):
        node = self.folder.node("ifc", listen=False)
        node.start()
        node.stop()
        size = os.path.getsize(node.path("keyring"))
        flip(node, "keyring", size // 3)
        node.start()
        self.assertRegex(node.log(), "keyring: the two copies of 1 slots")
        node.stop()
        for name, what in (("storage.key", "storage key"),
                           ("org.key", "organisation key")):
            flip(node, name, 70)
            found = {one["what"]: one for one in node.run(
                "doctor", "--json", code=FAILURE).json["findings"]}
            self.assertEqual(found[what]["grade"], "fail")
            self.assertIn("not what was written", found[what]["words"])
            if name == "storage.key":
                self.assertIn(
                    "damaged, and no passphrase",
                    node.fails("PASSPHRASE", "up",
                               code=UNTRUSTED)["message"])
            flip(node, name, 70)
        with open(node.path("config"), "a") as file:
            file.write("# by hand\n")
        found = {one["what"]: one for one in node.run(
            "doctor", "--json", code=OK).json["findings"]}
        self.assertIn("not what the node read", found["config"]["words"])

    def test_a_running_node_and_two_wishes_at_once_are_refused(self):
        node = self.folder.node("ifc", listen=False)
        node.fails("USAGE", "doctor", "--repair", "--rebuild-index",
                   code=USAGE)
        node.start()
        node.fails("LOCKED", "doctor", "--repair", code=FAILURE)
        node.stop()
        self.assertIn("is whole", self.repair(node).out)


if __name__ == "__main__":
    main()
