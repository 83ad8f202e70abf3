#!/usr/bin/env python3
"""evidence, verify: a file that proves a message to who trusts nobody."""

import json
import os
import subprocess

from nodes import BIN, INVALID, NOT_FOUND, PROGRAM, UNTRUSTED, USAGE, Case
from nodes import main, note, wait_for

VERIFY = os.path.join(BIN, "entente-verify")
SUBJECT = "Skiffs off Goa"
WORDS = "A patrol boat has left Mumbai."


def auditor(*words, code=0):
    """entente-verify with nothing of its caller's: no home, no environment."""
    done = subprocess.run([VERIFY, *words], capture_output=True, env={},
                          cwd="/", text=True, timeout=60, check=False)
    if done.returncode != code:
        raise AssertionError(f"{words}: exit {done.returncode}, not {code}\n"
                             f"{done.stdout}{done.stderr}")
    return done.stdout


def audit(*words, code=0):
    return json.loads(auditor("--json", *words, code=code))


class Evidence(Case):
    def setUp(self):
        super().setUp()
        self.ifc, self.jmsdf = self.folder.two()
        self.ifc.send(self.jmsdf, note(SUBJECT), "--wait=accepted")
        self.jmsdf.run("ack", "ifc/1", "-m", WORDS)
        wait_for(lambda: self.ifc.rows("outbox")[0]["state"] == "acknowledged")
        self.jmsdf.wait_quiet(self.ifc)

    def made(self, node, ref, *words):
        path = self.path(f"{node.name}.evidence")
        answer = node.json("evidence", ref, "--out", path, *words)
        return path, answer

    def test_the_sender_proves_receipt_and_answers(self):
        path, answer = self.made(self.ifc, "jmsdf/s1")
        self.assertTrue(answer["receipted"] and answer["disclosed"])
        told = audit(path)
        self.assertTrue(told["ok"])
        self.assertEqual([said["verdict"] for said in told["answers"]],
                         ["accepted", "acknowledged"])
        self.assertEqual(told["answers"][1]["why"], WORDS)
        self.assertEqual(told["safety_number"],
                         self.folder.digits(self.ifc, self.jmsdf))
        self.assertEqual([row["node"] for row in told["organisations"]],
                         ["ifc", "jmsdf"])
        self.assertEqual([row["card"] for row in told["organisations"]],
                         ["", ""])
        words = auditor(path)
        for piece in (SUBJECT, WORDS, "Not proven:", told["safety_number"],
                      "known from this file alone", "claimed",
                      "acknowledged, says the node jmsdf for a person"):
            self.assertIn(piece, " ".join(words.split()))

    def test_the_recipient_proves_who_wrote_it(self):
        path, answer = self.made(self.jmsdf, "ifc/1")
        told = audit(path)
        self.assertEqual(told["origin"], answer["origin"])
        self.assertEqual([row["node"] for row in told["organisations"]],
                         ["ifc", "jmsdf"])
        self.assertTrue(told["receipted"])
        mine, _ = self.made(self.ifc, "jmsdf/s1")
        self.assertEqual(told["content"], audit(mine)["content"])

    def test_what_is_withheld_is_proven_and_not_shown(self):
        path, answer = self.made(self.ifc, "jmsdf/s1", "--withhold-content")
        self.assertFalse(answer["disclosed"])
        self.assertEqual((answer["answers"], answer["answers_left_out"]),
                         (0, 2))
        told = audit(path)
        self.assertTrue(told["ok"] and told["receipted"])
        self.assertNotIn("content", told)
        self.assertNotIn(SUBJECT, auditor(path))
        self.assertIn("withheld", auditor(path))
        self.assertIn("was received is proven", auditor(path))
        with open(path, encoding="utf-8") as source:
            kept = [line for line in source
                    if not line.startswith("\u2014 entente/v1/witness/")]
        words = auditor(self.folder.write("unreceipted", "".join(kept)))
        self.assertIn("NONE in this file", words)
        self.assertNotIn("received", words.split("Not proven:")[0])

    def test_answers_that_the_file_does_not_hold_are_counted(self):
        self.acknowledge_again(66)
        path = self.path("many.evidence")
        done = self.ifc.run("evidence", "jmsdf/s1", "--out", path, "--json")
        left = done.json["answers_left_out"]
        self.assertEqual(done.json["answers"], 64)
        self.assertGreaterEqual(left, 4)
        self.assertIn(f"{64 + left} answers name this message; 64 of them "
                      "are in the file", done.err)
        self.assertEqual(audit(path)["answers"][-1]["verdict"], "acknowledged")

    def acknowledge_again(self, times):
        """Each time thrice at once, in an entry or three."""
        line = json.dumps({"id": 1, "verb": "ack", "ref": "ifc/1"}) + "\n"
        with subprocess.Popen(
                [PROGRAM, "--home", self.jmsdf.home, "api"], text=True,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                env=self.folder.env) as api:
            for _ in range(times):
                api.stdin.write(3 * line)
                api.stdin.flush()
                for _ in range(6):  # a result and the end
                    api.stdout.readline()
        self.jmsdf.wait_quiet(self.ifc)

    def test_a_card_says_whose_the_keys_are(self):
        path, _ = self.made(self.ifc, "jmsdf/s1")
        cards = [self.folder.card(self.ifc), self.folder.card(self.jmsdf)]
        told = audit(path, "--card", cards[0], "--card", cards[1])
        self.assertEqual([row["card"] for row in told["organisations"]], cards)
        self.assertNotIn("from this file alone",
                         auditor(path, "--card", cards[0], "--card", cards[1]))
        through = json.loads(self.entente(
            "verify", path, "--card", cards[0], "--json").out)
        self.assertEqual(through["organisations"][0]["card"], cards[0])

    def test_a_changed_file_names_the_step_that_fails(self):
        path, _ = self.made(self.ifc, "jmsdf/s1")
        with open(path, encoding="utf-8") as source:
            lines = source.read().split("\n")
        at = lines.index("message")
        for line, check in ((at + 1, "INCLUDED"), (at + 4, "BODY"),
                            (at + 5, "KEY"), (0, "FORM")):
            changed = list(lines)
            old = changed[line][-12]
            changed[line] = changed[line][:-12] + \
                ("A" if old != "A" else "B") + changed[line][-11:]
            other = self.folder.write("changed", "\n".join(changed))
            told = audit(other, code=UNTRUSTED)
            self.assertEqual(told["failed"]["check"], check)
            self.assertFalse(told["ok"])
            words = auditor(other, code=UNTRUSTED)
            self.assertIn("PROVES NOTHING", words)
            self.assertIn(check, words)

    def test_what_cannot_be_done_is_said(self):
        path, _ = self.made(self.ifc, "jmsdf/s1")
        self.ifc.fails("EXISTS", "evidence", "jmsdf/s1", "--out", path, code=1)
        self.ifc.fails("USAGE", "evidence", "jmsdf/s1", code=USAGE)
        self.ifc.fails("NOT_FOUND", "evidence", "jmsdf/s9", "--out",
                       self.path("none"), code=NOT_FOUND)
        self.assertFalse(os.path.exists(self.path("none")))
        self.assertEqual(os.stat(path).st_mode & 0o777, 0o600)
        auditor(self.path("none"), code=NOT_FOUND)
        auditor(code=USAGE)
        auditor("--card", path, path, code=INVALID)
        self.jmsdf.stop()
        self.ifc.send(self.jmsdf, note("waits"))
        self.ifc.fails("BAD_STATE", "evidence", "q/1", "--out",
                       self.path("none"), code=1)

    def exported(self, node, peer, name):
        path = self.path(name)
        node.json("log", "export", "--peer", peer.name, "--out", path)
        return path

    def test_two_exports_tell_one_story(self):
        self.ifc.wait_quiet(self.jmsdf)
        mine = self.exported(self.ifc, self.jmsdf, "ifc.log")
        theirs = self.exported(self.jmsdf, self.ifc, "jmsdf.log")
        rows = [json.loads(line) for line in
                auditor("--json", mine, theirs).splitlines()]
        self.assertEqual([row["what"] for row in rows],
                         ["export", "export", "story"])
        self.assertTrue(all(row["ok"] for row in rows))
        self.assertEqual({log["is"] for log in rows[2]["logs"]}, {"SAME"})
        self.assertEqual(len(rows[2]["logs"]), 2)
        self.assertIn("ONE STORY", auditor(mine, theirs))
        self.assertIn("from ifc to jmsdf", auditor(mine, theirs))
        for word in (SUBJECT, WORDS):
            with open(mine, encoding="utf-8") as source:
                self.assertNotIn(word, source.read())
        self.entente("verify", mine, theirs, "--json")

    def test_a_tail_that_was_receipted_and_is_not_shown_is_missing(self):
        self.jmsdf.wait_quiet(self.ifc)
        old = self.exported(self.jmsdf, self.ifc, "jmsdf.log")
        self.ifc.send(self.jmsdf, note("later"), "--wait=received")
        mine = self.exported(self.ifc, self.jmsdf, "ifc.log")
        story = json.loads(auditor("--json", mine, old,
                                   code=UNTRUSTED).splitlines()[-1])
        self.assertEqual(story["code"], "DIFFERENT")
        self.assertIn("LACKS", [log["is"] for log in story["logs"]])
        words = auditor(mine, old, code=UNTRUSTED)
        self.assertIn("TAIL MISSING", words)
        self.assertIn("NOT ONE STORY", words)
        # Two files of one node: the shorter is the older, no more.
        new = self.exported(self.jmsdf, self.ifc, "jmsdf-new.log")
        self.assertIn("ONE STORY", auditor(old, new))

    def test_a_changed_export_is_refused(self):
        path = self.exported(self.ifc, self.jmsdf, "ifc.log")
        with open(path, encoding="utf-8") as source:
            lines = source.read().split("\n")
        at = lines.index("leaves") + 1
        lines[at] = lines[at][:20] + \
            ("A" if lines[at][20] != "A" else "B") + lines[at][21:]
        other = self.folder.write("changed", "\n".join(lines))
        told = audit(other, code=UNTRUSTED)
        self.assertEqual(told["code"], "BAD_ROOT")
        self.assertIn("PROVES NOTHING", auditor(other, code=UNTRUSTED))
        self.ifc.fails("USAGE", "log", "export", "--out", path, code=USAGE)
        self.ifc.fails("NOT_FOUND", "log", "export", "--peer", "nobody",
                       "--out", path, code=NOT_FOUND)


if __name__ == "__main__":
    main()
