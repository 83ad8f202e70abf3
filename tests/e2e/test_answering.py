#!/usr/bin/env python3
"""ack, decline: a person's answer is heard on the other side, by whom."""

import subprocess

from nodes import NOT_FOUND, UNREACHABLE, USAGE, Case, main, note, wait_for

WORDS = "A patrol boat has left Mumbai."


def trail(node, ref):
    return node.json("show", ref)["entente"]["trail"]


class Answering(Case):
    def setUp(self):
        super().setUp()
        self.ifc, self.jmsdf = self.folder.two()
        self.ifc.send(self.jmsdf, note("Skiffs off Goa"), "--wait=accepted")

    def hears(self, state):
        def heard():
            return [step for step in trail(self.ifc, "jmsdf/s1")
                    if step["state"] == state]
        return wait_for(heard, words=f"the sender never heard {state}")[0]

    def test_both_sides_see_who_acknowledged_and_with_which_words(self):
        answer = self.jmsdf.json("ack", "ifc/1", "-m", WORDS, "--post", "Watch")
        self.assertEqual(answer, {"ok": True, "ref": "ifc/1",
                                  "state": "acknowledged"})
        step = self.hears("acknowledged")
        self.assertEqual((step["by"], step["why"]), ("Watch", WORDS))
        own = trail(self.jmsdf, "ifc/1")
        self.assertIn(("acknowledged", "Watch", WORDS),
                      [(s["state"], s.get("by"), s.get("why")) for s in own])
        self.assertEqual(self.ifc.rows("outbox")[0]["state"], "acknowledged")

    def test_the_post_of_defaults_answers_where_none_is_given(self):
        self.folder.write("jmsdf/defaults", "originator.post: Ops Room\n")
        self.jmsdf.run("ack", "ifc/1")
        self.assertEqual(self.hears("acknowledged")["by"], "Ops Room")

    def test_who_declines_says_why(self):
        self.jmsdf.fails("USAGE", "decline", "ifc/1", code=USAGE)
        self.jmsdf.run("decline", "ifc/1", "-m", "Not our area.")
        self.assertEqual(self.hears("declined")["why"], "Not our area.")

    def test_a_second_answer_says_what_was_answered_before(self):
        """And of the two the later one is what stands, on both sides."""
        first = self.jmsdf.run("decline", "ifc/1", "-m", "Not our area.",
                               "--post", "Watch").out
        self.assertNotIn("before", first)
        second = self.jmsdf.run("ack", "ifc/1", "-m", WORDS, "--post",
                                "Ops Room").out
        self.assertRegex(second, r"It was declined before, by Watch, \d{6}Z")
        self.assertRegex(second, r"Both answers .*(?s:.)*acknowledged\.$")
        self.hears("acknowledged")
        for node, ref in ((self.ifc, "jmsdf/s1"), (self.jmsdf, "ifc/1")):
            self.assertEqual([step["state"] for step in trail(node, ref)
                              if step["state"] in ("acknowledged", "declined")],
                             ["declined", "acknowledged"])
        self.assertEqual(self.ifc.rows("outbox")[0]["state"], "acknowledged")
        self.assertEqual(self.jmsdf.rows("inbox")[0]["state"], "acknowledged")
        third = self.jmsdf.run("ack", "ifc/1").out
        self.assertRegex(third, r"It was acknowledged before, by Ops Room")
        self.assertNotIn("counts", third)

    def test_an_answer_waits_for_the_link_and_survives_a_kill(self):
        self.ifc.stop()
        self.jmsdf.run("ack", "ifc/1", "-m", WORDS)
        self.jmsdf.kill()
        self.jmsdf.start()
        self.ifc.start()
        self.assertEqual(self.hears("acknowledged")["why"], WORDS)

    def test_its_words_stand_in_no_file(self):
        self.jmsdf.run("ack", "ifc/1", "-m", WORDS)
        self.hears("acknowledged")
        for node in (self.ifc, self.jmsdf):
            found = subprocess.run(["grep", "-rlF", WORDS, node.path("")],
                                   capture_output=True, text=True)
            self.assertEqual(found.stdout, "")

    def test_what_cannot_be_answered_is_refused(self):
        self.jmsdf.fails("NOT_FOUND", "ack", "ifc/9", code=NOT_FOUND)
        self.ifc.fails("BAD_STATE", "ack", "jmsdf/s1", code=1)
        self.jmsdf.fails("BAD_FIELD", "ack", "ifc/1", "-m", "x" * 1025, code=7)
        self.jmsdf.fails("USAGE", "ack", code=USAGE)
        self.jmsdf.stop()
        self.jmsdf.fails("UNREACHABLE", "ack", "ifc/1", code=UNREACHABLE)


if __name__ == "__main__":
    main()
