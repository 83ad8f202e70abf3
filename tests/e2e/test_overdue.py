#!/usr/bin/env python3
"""ack_by: what nobody acknowledged in time is overdue on both sides, until
somebody does."""

import datetime
import json

from nodes import INVALID, USAGE, Case, main, note, wait_for

WARNING, CRITICAL = 1, 2  # of monitoring plug-ins


def by(seconds, precedence):
    """A note that is to be acknowledged in so many seconds."""
    then = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(
        seconds=seconds)
    return json.dumps(dict(json.loads(note("Skiffs off Goa",
                                           precedence=precedence)),
                           ack_by=then.strftime("%Y-%m-%dT%H:%M:%S.%fZ")))


class Overdue(Case):
    def setUp(self):
        super().setUp()
        self.ifc, self.jmsdf = self.folder.two()

    def overdue(self, node):
        return node.json("status")["overdue"]

    def grade(self, node):
        """Both homes stand on one disk, which may be nearly full."""
        return node.run("check", "--free", "1,0", code=None).code

    def both_are_overdue(self):
        for node in (self.ifc, self.jmsdf):
            wait_for(lambda node=node: self.overdue(node), 30,
                     f"{node.name}: nothing is overdue")

    def test_a_flash_that_nobody_acknowledges_is_critical_until_someone_does(
            self):
        self.ifc.send(self.jmsdf, by(2, "FLASH"), "--wait=accepted")
        self.assertEqual(self.jmsdf.peer("ifc")["to_answer"], 1)
        self.assertEqual(self.ifc.peer("jmsdf")["unanswered"], 1)
        self.both_are_overdue()
        ours, theirs = self.overdue(self.ifc)[0], self.overdue(self.jmsdf)[0]
        self.assertEqual((ours["ref"], ours["outgoing"]), ("jmsdf/s1", True))
        self.assertEqual((theirs["ref"], theirs["outgoing"]), ("ifc/1", False))
        self.assertEqual(ours["ack_by"], theirs["ack_by"])
        self.assertIn("phone jmsdf", self.ifc.run("status").out)
        self.assertIn("ack ifc/1", self.jmsdf.run("status").out)
        self.assertIn("OVERDUE", self.jmsdf.run("show", "ifc/1").out)
        for node in (self.ifc, self.jmsdf):
            self.assertEqual(self.grade(node), CRITICAL)
            self.assertEqual(node.json("metrics")["entente_overdue"], 1)
            self.assertIn("not acknowledged in time",
                          node.run("doctor", code=None).out)
        self.jmsdf.run("ack", "ifc/1")
        for node in (self.ifc, self.jmsdf):
            wait_for(lambda node=node: not self.overdue(node))
            self.assertEqual(self.grade(node), 0)
        self.assertFalse(self.ifc.json("show", "jmsdf/s1")["entente"]["ack_by"]
                         ["overdue"])

    def test_what_is_less_urgent_warns(self):
        self.ifc.send(self.jmsdf, by(1, "ROUTINE"), "--wait=accepted")
        self.both_are_overdue()
        self.assertEqual(self.grade(self.ifc), WARNING)
        self.jmsdf.run("decline", "ifc/1", "-m", "Not our area.")
        wait_for(lambda: not self.overdue(self.ifc))

    def test_it_is_overdue_after_a_kill_too_and_without_a_link(self):
        self.jmsdf.stop()
        self.ifc.send(self.jmsdf, by(2, "FLASH"))
        self.ifc.kill()
        self.ifc.start()
        wait_for(lambda: self.overdue(self.ifc), 30)
        one = self.overdue(self.ifc)[0]
        self.assertEqual((one["number"], one["ref"]), (0, one["id"]))
        self.assertIn("not left", self.ifc.run("status").out)
        self.jmsdf.start()
        wait_for(lambda: self.overdue(self.jmsdf), 60)

    def test_precedence_says_by_when(self):
        self.ifc.send(self.jmsdf, note("x", precedence="IMMEDIATE"),
                      "--wait=accepted")
        self.assertIn("(from precedence)",
                      self.jmsdf.run("show", "ifc/1").out)
        shown = self.jmsdf.json("show", "ifc/1")
        times = [datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
                 for text in (shown["dtg"], shown["entente"]["ack_by"]["time"])]
        self.assertEqual(times[1] - times[0], datetime.timedelta(hours=1))
        self.assertFalse(shown["entente"]["ack_by"]["given"])
        self.ifc.send(self.jmsdf, note("y"), "--wait=accepted")
        self.assertNotIn("ack_by",
                         self.jmsdf.json("show", "ifc/2")["entente"])

    def test_a_reply_is_as_urgent_and_awaits_nothing_unless_it_asks(self):
        self.ifc.send(self.jmsdf, note("Where are you?", precedence="FLASH"),
                      "--wait=accepted")
        reply = self.jmsdf.json("reply", "ifc/1", "-m", "6 N, 3 E.", "--post",
                                "Watch", "--wait=accepted")
        shown = self.jmsdf.json("show", reply["ref"])
        self.assertEqual(shown["precedence"], "FLASH")
        self.assertNotIn("ack_by", shown["entente"])
        self.assertEqual(self.jmsdf.peer("ifc")["unanswered"], 0)
        self.assertEqual(self.ifc.peer("jmsdf")["to_answer"], 0)
        self.assertEqual(self.jmsdf.peer("ifc")["to_answer"], 1)
        self.jmsdf.run("reply", "ifc/1", "-m", "Come?", "--post", "Watch",
                       "--set", "ack_by=2999-01-01T00:00:00Z",
                       "--wait=accepted")
        self.assertEqual(self.jmsdf.peer("ifc")["unanswered"], 1)

    def test_the_lists_find_what_is_overdue(self):
        self.ifc.send(self.jmsdf, note("x", precedence="FLASH"),
                      "--wait=accepted")
        self.ifc.send(self.jmsdf, by(1, "FLASH"), "--wait=accepted")
        self.both_are_overdue()
        for node, verb, ref in ((self.jmsdf, "inbox", "ifc/2"),
                                (self.ifc, "outbox", "jmsdf/s2")):
            rows = node.rows(verb, "--state", "overdue")
            self.assertEqual([row["ref"] for row in rows], [ref])
            self.assertEqual(len(node.rows(verb)), 2)
            self.assertEqual(node.rows(verb, "--state", "overdue", "--text",
                                       "not there"), [])
            error = node.fails("USAGE", verb, "--state", "late", code=USAGE)
            self.assertIn("overdue", error["hint"])
        self.jmsdf.run("ack", "ifc/2", "--post", "Watch")
        self.assertEqual(self.jmsdf.rows("inbox", "--state", "overdue"), [])

    def test_who_cancels_it_awaits_nothing(self):
        self.ifc.send(self.jmsdf, by(3600, "FLASH"), "--wait=accepted")
        self.ifc.run("cancel", "jmsdf/s1", "-m", "Not ours.", "--post", "Watch",
                     "--precedence", "ROUTINE", "--wait=accepted")
        self.assertEqual(self.ifc.peer("jmsdf")["unanswered"], 0)
        self.assertEqual(self.jmsdf.peer("ifc")["to_answer"], 0)

    def test_a_time_before_the_message_was_written_is_refused(self):
        error = self.ifc.fails("BAD_FIELD", "send", "-", "--to", "jmsdf",
                               text=by(-60, "FLASH"), code=INVALID)
        self.assertEqual(error["path"], "ack_by")


if __name__ == "__main__":
    main()
