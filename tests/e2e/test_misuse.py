#!/usr/bin/env python3
"""Every misuse of every verb: it ends with the code of the table, says what is
wrong and what would be right, prints nothing else, and changes nothing."""

import os
import re
import subprocess
import unittest

from misuse import A_HOME, A_NODE, ANY, NO_HOME, VALUES, VERBS, Misuse
from nodes import (FAILURE, INVALID, NOT_FOUND, OK, POLICY, PROGRAM,
                   UNREACHABLE, UNTRUSTED, USAGE, main, note)


class Lines(Misuse):
    """What is wrong with the line itself, whatever the verb does."""

    def test_every_verb_and_option_has_its_row_here(self):
        self.assertEqual(set(self.verbs), set(VERBS))
        self.assertEqual({name for name, row in self.options.items()
                          if row["argument"]}, set(VALUES))

    def test_a_verb_that_is_none(self):
        for words, near in ((["sned"], "did you mean send"),
                            (["card", "shwo"], "did you mean card show"),
                            (["peer"], "peer ping, peer remove"),
                            (["elephant"], "help")):
            self.refused(words, USAGE, near)
        self.refused(["help", "sned"], NOT_FOUND, "did you mean send")

    def test_an_option_that_is_none(self):
        for name, words, line, _ in self.each():
            self.refused([*words, *line, "--jsn"], USAGE,
                         "unknown option --jsn.*did you mean --json")
            self.refused([*words, *line, "--elephant=1"], USAGE,
                         f"--elephant=1.*help {name}$|--elephant=1$")
            self.refused([*words, *line, "-Z"], USAGE, "-Z")

    def test_an_option_of_another_verb(self):
        for name, words, line, _ in self.each():
            foreign = next(option for option in self.options
                           if option not in self.verbs[name]["options"])
            more = ["x"] if self.options[foreign]["argument"] else []
            self.refused([*words, *line, "--" + foreign, *more], USAGE,
                         f"{name} does not take --{foreign}")

    def test_a_word_too_few(self):
        for name, words, line, _ in self.each():
            args = self.verbs[name]["args"]
            if args and not args.startswith("["):
                options = line[next((i for i, word in enumerate(line)
                                     if word.startswith("-")), len(line)):]
                self.refused([*words, *options], USAGE,
                             f"{name} needs")

    def test_a_word_too_many(self):
        for name, words, line, _ in self.each():
            if name != "verify":  # takes any number of files
                self.refused([*words, *line, *["more"] * 3], USAGE,
                             "too many|no such command")

    def test_an_option_without_its_value_or_with_one_that_it_has_not(self):
        for name, words, line, _ in self.each():
            for option in self.verbs[name]["options"]:
                argument = self.options[option]["argument"]
                if argument and argument[0] != "[":
                    with_it = self.with_option([*words, *line], option, "x")
                    self.refused(with_it[:-1], USAGE, f"--{option} needs",
                                 re.escape(argument))
                    self.refused([*with_it[:-2], f"--{option}="], USAGE,
                                 f"--{option} is empty")
                elif not argument:
                    self.refused([*words, *line, f"--{option}=x"], USAGE,
                                 f"--{option} takes no value")

    def test_an_option_twice(self):
        for name, words, line, _ in self.each():
            for option in self.verbs[name]["options"]:
                row = self.options[option]
                if row["repeated"] or option == "json":
                    continue
                one = ["--" + option]
                if row["argument"] and row["argument"][0] != "[":
                    one.append("x")
                self.refused([*words, *line, *one, *one], USAGE,
                             f"--{option} stands there twice")

    def test_more_than_may_be(self):
        self.refused(["send", "form", "--to", "jmsdf",
                      *["--set", "subject=x"] * 17], USAGE, "more than 16")
        self.refused(["show", *["x"] * 70], USAGE, "more than 64 words|many")


class Options(Misuse):
    def test_a_value_that_is_none(self):
        for name, words, line, row in self.each():
            for option in self.verbs[name]["options"]:
                if VALUES.get(option, ANY) is ANY:
                    continue
                if (name, option) == ("drafts", "peer"):
                    continue  # of a peer that is none there is no draft
                values, code, right = VALUES[option]
                for value in values:
                    full = self.with_option([*words, *line], option, value)
                    if name in ("send", "reply") and option == "kind":
                        full = [word for word in full if word != "form"]
                        full += ["-m", "x"]
                    if name == "compose":
                        continue  # asks for a terminal before: see Asked
                    home = self.folder.path("absent") \
                        if row.needs == NO_HOME else None
                    self.refused(full, code, right, home=home)

    def test_options_that_contradict_each_other(self):
        for words, says in (
                (["send", "form", "--to", "jmsdf", "-m", "x"], "both"),
                (["send", "form", "--to", "jmsdf", "--timeout", "3"],
                 "--timeout bounds --wait"),
                (["send", "--to", "jmsdf"], "FILE, or -m"),
                (["reply", "jmsdf/1", "form", "-m", "x"], "both"),
                (["forward", "jmsdf/1", "--yes"], "--to NAME"),
                (["decline", "jmsdf/1"], "-m"),
                (["send", "form", "--to", "jmsdf", "--wait", "read"],
                 "--wait=STATE")):
            self.refused(words, USAGE, says)

    def test_words_that_are_none(self):
        for words, code, says in (
                (["kinds", "nota"], NOT_FOUND, "did you mean note"),
                (["template", "maritime_incidnt"], NOT_FOUND,
                 "did you mean maritime_incident"),
                (["completion", "csh"], USAGE, "bash, zsh and fish"),
                (["manual", "ls"], USAGE, "entented"),
                (["drafts", "remove", "x"], USAGE, "number"),
                (["drafts", "remove", "7"], NOT_FOUND, "no draft 7.*drafts")):
            self.refused(words, code, says)


class Files(Misuse):
    BAD = (("nofile", NOT_FOUND, "no file nofile.*looked for in"),
           ("from", NOT_FOUND, "did you mean form"),
           ("nofolder/x", NOT_FOUND, "no folder nofolder"),
           ("folder", INVALID, "folder is a folder"),
           ("empty", INVALID, "empty is empty"),
           ("zeros", INVALID, r"more than \d+ bytes|too large|zero bytes|"
            "no capture|not a capture"),
           ("binary", INVALID, "binary"))

    def test_a_file_that_cannot_be_read(self):
        for _, words, line, row in self.each():
            for file in row.reads:
                for bad, code, says in self.BAD:
                    self.refused([*words, *[bad if word == file else word
                                            for word in line]], code, says)

    def test_a_file_that_is_not_open_to_this_user(self):
        if os.geteuid() == 0:
            raise unittest.SkipTest("root reads every file")
        path = self.folder.write("closed", "x")
        self.addCleanup(os.remove, path)
        os.chmod(path, 0)
        for _, words, line, row in self.each():
            for file in row.reads:
                self.refused([*words, *["closed" if word == file else word
                                        for word in line]], FAILURE,
                             "closed is not open to this user.*ls -ld closed")

    def test_evidence_that_is_none(self):
        """`verify` runs a program of its own, which needs no home."""
        for bad, code in (("nofile", NOT_FOUND), ("folder", FAILURE),
                          ("empty", UNTRUSTED), ("zeros", UNTRUSTED),
                          ("binary", UNTRUSTED)):
            done = self.run_it(["verify", bad])
            self.assertEqual(done.returncode, code, bad)
            self.assertIn(bad.encode(), done.stderr + done.stdout)

    def test_standard_input_that_is_empty(self):
        for _, words, line, row in self.each():
            for file in row.reads:
                if file.endswith("pcapng"):
                    continue  # replay reads no standard input
                self.refused([*words, *["-" if word == file else word
                                        for word in line]], INVALID,
                             "standard input is empty")

    def test_a_secret_that_is_none(self):
        for bad, code, says in (("empty", INVALID, "is empty"),
                                ("form", INVALID, "64 hex digits"),
                                ("nofile", NOT_FOUND, "no file nofile"),
                                ("folder", INVALID, "is a folder"),
                                ("zeros", INVALID, "more than 4096 bytes")):
            self.refused(["pair", "third.card", "--pair-secret", bad], code,
                         says)

    def test_a_file_that_cannot_be_written(self):
        for name, words, line, _ in self.each():
            if "out" not in self.verbs[name]["options"]:
                continue
            secret = name in ("pair-secret", "bugreport", "evidence",
                              "bundle export", "bundle import")
            line = [word for word in line
                    if word not in ("--out", *VERBS[name].writes)]
            self.refused([*words, *line, "--out", "folder"],
                         FAILURE if secret else INVALID,
                         "folder is (there already|a folder)")
            self.refused([*words, *line, "--out", "nofolder/x"], NOT_FOUND,
                         "no folder nofolder")
        self.refused(["pair-secret", "--out", "form"], FAILURE,
                     "form is there already.*another file")
        self.refused(["bugreport", "--out", "form"], FAILURE,
                     "form is there already.*another file")
        self.refused(["capture", "start", "form"], FAILURE,
                     "form: it is there already")
        self.refused(["capture", "start", "folder"], FAILURE, "folder: ")
        self.refused(["capture", "start", "nofolder/x"], NOT_FOUND,
                     "nofolder/x: there is no such folder")


class Peers(Misuse):
    def test_a_peer_that_is_none(self):
        for name, words, line, row in self.each():
            if row.peer is None:
                continue
            near = row.peer[:-1]
            for bad, says in ((near, f"no peer is called {near}.*"
                               f"did you mean {row.peer}"),
                              ("elephant", "no peer is called elephant.*peers"),
                              ("\u65e5\u672c", "no peer is called \u65e5")):
                full = [*words, *[bad if word == row.peer else word
                                  for word in line]]
                self.refused(full, NOT_FOUND, says)

    def test_a_list_of_peers_that_is_none(self):
        for to, code, says in (
                ("jmsdf,,other", USAGE, "jmsdf,usff"),
                (",", USAGE, "jmsdf,usff"),
                ("jmsdf,elephant", NOT_FOUND, "no peer is called elephant"),
                ("x" * 65, USAGE, "jmsdf,usff"),
                (",".join(f"n{i}" for i in range(65)), USAGE,
                 "more than 64 names")):
            self.refused(["send", "form", "--to", to], code, says)
        for to, code, says in (
                ("other,,jmsdf", USAGE, "jmsdf,usff"),
                ("other,elephant", NOT_FOUND, "no peer is called elephant"),
                ("elephant,other", NOT_FOUND, "no peer is called elephant")):
            self.refused(["forward", "jmsdf/1", "--yes", "--to", to], code,
                         says)


class References(Misuse):
    BAD = (("elephant", INVALID, "elephant: this is no reference.*NAME/17"),
           ("jmsdf/", INVALID, "NAME/17"), ("jmsdf/x", INVALID, "NAME/17"),
           ("jmsdf/0", INVALID, "NAME/17"), ("abcde", INVALID, "6 digits"),
           ("ABCDEF", INVALID, "NAME/17"), ("x" * 200, INVALID, "NAME/17"),
           ("jmsdf/99", NOT_FOUND, "jmsdf/99: no message.*inbox"),
           ("abcdef012345", NOT_FOUND, "no message.*inbox"),
           ("q/99", NOT_FOUND, "q/99: no message"),
           ("jmsd/1", NOT_FOUND, "no peer is called jmsd.*mean jmsdf"),
           ("-", NOT_FOUND, "no message was shown yet.*inbox"))

    def test_a_reference_that_is_none(self):
        for _, words, line, row in self.each():
            for bad, code, says in self.BAD if row.ref else ():
                self.refused([*words, *[bad if word == row.ref else word
                                        for word in line]], code, says)

    def test_a_reference_of_the_wrong_direction(self):
        for words, says in (
                (["reply", "jmsdf/s1", "-m", "x"], "ours.*update jmsdf/s1"),
                (["ack", "jmsdf/s1"], "ours"),
                (["decline", "jmsdf/s1", "-m", "x"], "ours"),
                (["update", "jmsdf/1", "-m", "x"], "author.*reply jmsdf/1"),
                (["correct", "jmsdf/1", "-m", "x"], "author.*reply"),
                (["cancel", "jmsdf/1", "-m", "x"], "author.*reply"),
                (["forward", "jmsdf/1", "--to", "jmsdf", "--yes"],
                 "from jmsdf itself")):
            self.refused(words, FAILURE, says)

    def test_what_the_label_does_not_allow(self):
        self.refused(["forward", "jmsdf/2", "--to", "other", "--yes"], POLICY,
                     "may not be forwarded")

    def test_a_reference_that_fits_several(self):
        before = {row["id"] for row in self.ifc.rows("outbox")}
        text = note("to both")
        self.ifc.run("send", "-", "--to", "jmsdf,other", text=text)
        row = [row for row in self.ifc.rows("outbox")
               if row["id"] not in before]
        self.assertEqual(len(row), 2)
        self.before = self.state()
        for words in (["show", row[0]["id"]],
                      ["cancel", row[0]["id"], "-m", "x"]):
            self.refused(words, USAGE, "several messages.*outbox")
        self.ifc.wait_quiet(self.jmsdf)
        self.before = self.state()


class Homes(Misuse):
    """Of a verb with a home that it cannot use."""

    def test_a_home_that_is_not_there(self):
        absent = self.folder.path("absent")
        for _, words, line, row in self.each():
            if row.needs in (A_HOME, A_NODE) and words != ["check"]:
                code = UNREACHABLE if row.needs == A_NODE else NOT_FOUND
                self.refused([*words, *line], code, "no node in .*absent",
                             "init", home=absent)
        self.assertFalse(os.path.exists(absent))

    def test_a_home_that_is_a_file_or_another_folder(self):
        for _, words, line, row in self.each():
            if row.needs in (A_HOME, A_NODE) and words != ["check"]:
                for bad in ("form", "folder"):
                    self.refused([*words, *line],
                                 UNREACHABLE if row.needs == A_NODE
                                 else NOT_FOUND, f"no node in .*{bad}",
                                 home=self.folder.path(bad))

    def test_a_home_that_is_open_to_others(self):
        os.chmod(self.other.home, 0o755)
        self.addCleanup(os.chmod, self.other.home, 0o700)
        for words in (["up"], ["card"], ["bugreport"]):
            self.refused(words, FAILURE, "others", "chmod",
                         home=self.other.home)
        os.chmod(self.other.home, 0o700)

    def test_a_configuration_that_is_damaged(self):
        path = self.other.path("config")
        with open(path, encoding="utf-8") as file:
            before = file.read()
        self.folder.write(path, "[node]\nlisten = 127.0.0.1:7300\nlisen = x\n")
        self.addCleanup(self.folder.write, path, before)
        for words in (["config", "check"], ["config", "show"]):
            self.refused(words, INVALID, "config", "line 3|:3", "listen",
                         home=self.other.home)
        passphrase = self.folder.path("passphrase")
        self.refused(["up"], INVALID, "config", "line 3|:3",
                     home=self.other.home, ENTENTE_PASSPHRASE_FILE=passphrase)
        self.folder.write(path, before)
        os.remove(self.other.path("entented.log"))

    def test_a_certificate_or_card_that_is_damaged(self):
        for name, verbs in (("certificate", (["up"], ["bugreport"],
                                             ["safety-number",
                                              "jmsdf.card"])),):
            with open(self.other.path(name), "rb+") as file:
                before = file.read()
                file.seek(10)
                file.write(b"\0" * 20)
                file.flush()
                for words in verbs:
                    self.refused(words, FAILURE, "certificate",
                                 home=self.other.home)
                file.seek(0)
                file.write(before)

    def test_a_node_that_does_not_run(self):
        for _, words, line, row in self.each():
            if row.needs == A_NODE and words not in (["check"], ["status"]):
                self.refused([*words, *line], UNREACHABLE, "does not run.*up$",
                             home=self.other.home)

    def test_status_tells_what_it_knows_of_a_node_that_does_not_run(self):
        done = self.run_it(["status"], home=self.other.home)
        self.assertEqual(done.returncode, UNREACHABLE)
        self.assertRegex(done.stdout.decode(), r"other of OTHER .*, down")
        self.assertRegex(done.stderr.decode(), "does not run(?s:.*)up$")

    def test_a_home_that_is_there_is_not_made_again(self):
        self.refused(["init", *VERBS["init"].line.split(), "--unattended"],
                     FAILURE, "already", home=self.other.home)


class Asked(Misuse):
    def test_nobody_is_asked_without_a_terminal(self):
        absent = self.folder.path("absent")
        for words, home, says in (
                (["init", *VERBS["init"].line.split()], absent,
                 "passphrase.*terminal.*--passphrase-fd"),
                (["up"], self.other.home, "passphrase.*--passphrase-fd"),
                (["pair", "third.card"], None, "--safety-number"),
                (["peer", "remove", "jmsdf"], None, "--yes"),
                (["replay", "some.pcapng"], None, "passphrase"),
                (["capture", "start", "new", "--replay"], None, "passphrase"),
                (["compose", "note", "--to", "jmsdf"], None,
                 "terminal.*template"),
                (["reply", "jmsdf/1"], None, "terminal.*-m TEXT"),
                (["forward", "jmsdf/1", "--to", "other"], None,
                 "terminal.*--yes")):
            self.refused(words, USAGE, says, home=home)
        self.assertFalse(os.path.exists(absent))

    def test_a_descriptor_that_is_not_open(self):
        self.refused(["up", "--passphrase-fd", "99"], FAILURE, "not open",
                     home=self.other.home)


class Output(Misuse):
    """Standard output that takes nothing."""

    def test_a_full_disk_behind_standard_output(self):
        for name, words, line, row in self.each():
            if row.asks or row.writes or name in (
                    "down", "send", "reply", "forward", "update", "correct",
                    "cancel", "ack", "decline", "bench", "check",
                    "drafts remove", "capture stop", "replay", "watch",
                    "verify", "bundle import"):
                continue  # they do, or are refused, before they print
            for more in ([], ["--json"]):
                if not self.run_it([*words, *line, *more]).stdout:
                    continue
                with open("/dev/full", "wb") as full:
                    done = self.run_it([*words, *line, *more], stdout=full)
                self.assertEqual(done.returncode, FAILURE, (words, more))
                self.assertIn(b"standard output", done.stderr, (words, more))
                self.assertRegex(done.stderr, b"No space left|took no more|"
                                 b"failed to read or write", (words, more))

    def test_standard_output_that_is_closed(self):
        for words in (["help"], ["status"], ["inbox"], ["kinds"]):
            done = subprocess.run(
                ["sh", "-c", 'exec "$0" "$@" >&-', PROGRAM, *words],
                stderr=subprocess.PIPE, check=False, env=dict(
                    self.folder.env, ENTENTE_HOME=self.ifc.home))
            self.assertEqual(done.returncode, FAILURE, words)
            self.assertIn(b"standard output", done.stderr, words)

    def test_a_reader_that_goes_away_ends_it_quietly(self):
        for words in (["help"], ["kinds", "maritime_incident"], ["metrics"]):
            done = subprocess.run(
                ["sh", "-c", '"$0" "$@" | true', PROGRAM, *words],
                capture_output=True, check=False, env=dict(
                    self.folder.env, ENTENTE_HOME=self.ifc.home))
            self.assertEqual(done.returncode, OK)
            self.assertNotIn(b"core dumped", done.stderr)


if __name__ == "__main__":
    main()
