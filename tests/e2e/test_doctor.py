#!/usr/bin/env python3
"""doctor and check: what is wrong is found, named, and told how to cure."""

import os
import re

from nodes import FAILURE, NOT_FOUND, UNTRUSTED, Case, main, note, wait_for

# What depends on the machine that the test runs on.
MACHINE = ("memory", "disk", "clock")
NAGIOS_OK, WARNING, CRITICAL, UNKNOWN = range(4)


class Doctor(Case):
    def findings(self, node, code=None):
        """{what: (grade, words, cure)} of the last of each."""
        answer = node.run("doctor", "--json", code=code).json
        self.assertEqual(answer["failures"], sum(
            one["grade"] == "fail" for one in answer["findings"]))
        return {one["what"]: (one["grade"], one["words"], one["cure"])
                for one in answer["findings"]}

    def test_a_new_home_is_in_order_but_for_the_node_that_does_not_run(self):
        node = self.folder.init("ifc", listen="127.0.0.1:7300")
        for what, (grade, words, _) in self.findings(node, 0).items():
            if what not in MACHINE + ("node",):
                self.assertEqual(grade, "ok", f"{what}: {words}")
        self.assertEqual(self.findings(node)["node"][0], "warn")
        self.assertIn(" up", self.findings(node)["node"][2])

    def test_a_pair_that_runs_is_in_order(self):
        ifc, _ = self.folder.two()
        found = self.findings(ifc, 0)
        for what in ("node", "listen", "link", "index", "journal"):
            self.assertEqual(found[what][0], "ok", found[what])
        self.assertEqual(found["link"][1], "jmsdf: up")

    def test_loose_modes_are_found_and_cured_as_told(self):
        node = self.folder.node("ifc", listen=False)
        os.chmod(node.path("card"), 0o644)
        grade, words, cure = self.findings(node, FAILURE)["modes"]
        self.assertEqual(grade, "fail")
        self.assertIn("card", words)
        self.assertEqual(cure, "chmod go= card, in the home")
        os.chmod(node.path("card"), 0o600)
        os.chmod(node.home, 0o755)
        self.assertEqual(self.findings(node, FAILURE)["home"][0], "fail")
        os.chmod(node.home, 0o700)
        self.findings(node, 0)

    def test_the_configuration_and_the_card_are_read(self):
        node = self.folder.init("ifc", listen="127.0.0.1:7300")
        self.folder.write("ifc/config", "[node]\nlisten = 127.0.0.1:7301\n"
                          "advertise = 127.0.0.1:1\n")
        self.assertEqual(self.findings(node, 0)["card"][0], "warn")
        self.folder.write("ifc/config", "[node]\nlitsen = none\n")
        grade, words, _ = self.findings(node, FAILURE)["config"]
        self.assertEqual(grade, "fail")
        self.assertIn("line 2", words)
        with open(node.path("config"), "wb") as config:
            config.write(b"[node]\nlist\xe5n = none\n")
        grade, words, _ = self.findings(node, FAILURE)["config"]
        self.assertEqual(grade, "fail")
        self.assertIn(r"list\xe5n", words)

    def test_a_damaged_journal_is_found_without_the_passphrase(self):
        ifc, jmsdf = self.folder.two()
        ifc.send(jmsdf, note("one"), "--wait")
        ifc.send(jmsdf, note("two"), "--wait")
        ifc.stop()
        self.assertIn("whole up to group", self.findings(ifc, 0)["journal"][1])
        name = next(name for name in sorted(os.listdir(ifc.home))
                    if re.fullmatch("journal-[0-9a-f]{16}", name))
        with open(ifc.path(name), "r+b") as journal:
            journal.seek(4096 + 40)
            byte = journal.read(1)
            journal.seek(4096 + 40)
            journal.write(bytes([byte[0] ^ 1]))
        grade, words, cure = self.findings(ifc, FAILURE)["journal"]
        self.assertEqual(grade, "fail", words)
        self.assertIn(name, words)
        self.assertIn("doctor --repair", cure)

    def test_what_was_lost_is_named(self):
        node = self.folder.node("ifc", listen=False)
        os.remove(node.path("keyring"))
        os.remove(node.path("storage.key"))
        found = self.findings(node, FAILURE)
        self.assertEqual(found["keyring"][0], "fail")
        self.assertEqual(found["storage key"][0], "fail")

    def test_a_peer_that_is_gone_is_worth_a_look(self):
        ifc, jmsdf = self.folder.two()
        jmsdf.stop()
        grade, words, cure = self.findings(ifc, 0)["link"]
        self.assertEqual(grade, "warn")
        self.assertRegex(words, "^jmsdf: .*last heard")
        self.assertIn("peers jmsdf", cure)

    def test_people_see_the_same_with_words_for_colours(self):
        node = self.folder.node("ifc", listen=False)
        answer = node.run("doctor")
        self.assertRegex(answer.out, r"(?m)^ok    home ")
        self.assertRegex(answer.out, r"(?m)^warn  node .*\n +-> .* up$")
        self.assertNotIn("\x1b", answer.out)
        colored = node.run("doctor", "--color", "always").out
        self.assertIn("\x1b[32mok", colored)
        plain = re.sub("\x1b\\[[0-9;]*m", "", colored)
        moves = r"(?m)^\S+ +(?:%s) .*\n" % "|".join(MACHINE)
        self.assertEqual(re.sub(moves, "", plain),
                         re.sub(moves, "", answer.out))

    def test_without_a_home_it_says_how_to_make_one(self):
        error = self.fails("NOT_FOUND", "--home", self.path("none"), "doctor",
                           code=NOT_FOUND)
        self.assertIn("init", error["hint"])

    def test_a_wrong_passphrase_makes_no_index(self):
        node = self.folder.node("ifc", listen=False)
        self.folder.write("passphrase", "another\n")
        node.fails("PASSPHRASE", "doctor", "--rebuild-index",
                   code=UNTRUSTED)


class Check(Case):
    LINE = re.compile(r"ENTENTE (OK|WARNING|CRITICAL|UNKNOWN) - [^|\n]+"
                      r"( \|( [a-z_]+=-?\d+[s%]?(;\d+:?;\d+:?)?)+)?\n")

    def check(self, node, grade, *words):
        """Its line; the exit code says the same as the line and the JSON."""
        answer = node.run("check", *words, code=grade)
        found = self.LINE.fullmatch(answer.out)
        self.assertTrue(found, answer.out)
        self.assertEqual(("OK", "WARNING", "CRITICAL", "UNKNOWN")[grade],
                         found.group(1))
        self.assertEqual(answer.err, "")
        told = node.run("check", *words, "--json", code=grade).json
        self.assertEqual((told["grade"], told["exit_code"]),
                         (found.group(1), grade))
        return answer.out

    FREE = ("--free", "0,0")  # whatever this machine has

    def test_all_is_well(self):
        ifc, _ = self.folder.two()
        line = self.check(ifc, NAGIOS_OK, *self.FREE)
        self.assertIn("1 of 1 links up", line)
        self.assertIn(" link_down=0s;600;3600 peers=1 up=1", line)

    def test_each_threshold_warns_and_alarms(self):
        ifc, jmsdf = self.folder.two()
        self.check(ifc, WARNING, *self.FREE, "--key-days", "1000,1")
        self.check(ifc, CRITICAL, *self.FREE, "--key-days", "1000,1000")
        self.check(ifc, WARNING, "--free", "100,0")
        self.check(ifc, CRITICAL, "--free", "100,100")
        jmsdf.stop()
        ifc.send(jmsdf, note("one"))
        ifc.send(jmsdf, note("two"))
        self.check(ifc, WARNING, *self.FREE, "--queued", "1,2")
        self.check(ifc, CRITICAL, *self.FREE, "--queued", "1,1")
        wait_for(lambda: ifc.run("check", *self.FREE, "--oldest", "0,0",
                                 code=None).code == CRITICAL)
        self.assertIn("jmsdf: no link for", self.check(
            ifc, WARNING, *self.FREE, "--link-down", "0,1d"))
        self.check(ifc, CRITICAL, *self.FREE, "--link-down", "0s,0s")

    def test_a_node_that_does_not_answer_is_critical(self):
        node = self.folder.node("ifc", listen=False)
        self.assertIn("does not run", self.check(node, CRITICAL, *self.FREE))

    def test_what_cannot_be_judged_is_unknown(self):
        node = self.folder.node("ifc", listen=False)
        for words in (("--free", "x"), ("--free", "5,10"),
                      ("--queued", "10,5"), ("--queued", "1s"),
                      ("--oldest", "1w"), ("--oldest", "1,2,3"),
                      ("--oldest", ""), ("more",), ("--no-such",)):
            self.assertIn("ENTENTE UNKNOWN - ",
                          node.run("check", *words, code=UNKNOWN).out)
        self.entente("--home", self.path("none"), "check", code=UNKNOWN)

    def test_the_exception_is_documented(self):
        self.assertIn("3 UNKNOWN", self.entente("help", "exit-codes").out)


if __name__ == "__main__":
    main()
