"""Two nodes on loopback, by the command alone."""

import glob
import json
import os
import threading
import shlex
import time

from nodes import (FAILURE, INVALID, NOT_FOUND, OK, PASSPHRASE, TIMEOUT,
                   UNREACHABLE, UNTRUSTED, USAGE, HERE, Case, main, wait_for)

ROW = {"id", "ref", "number", "from", "kind", "precedence", "status",
       "subject", "received", "state"}
LOCKED = 11  # the daemon's


class Two(Case):
    """ifc, which listens, and jmsdf, which calls; up, not yet paired."""

    def setUp(self):
        super().setUp()
        self.ifc = self.folder.node("ifc", "IFC-IOR")
        self.jmsdf = self.folder.node("jmsdf", country="JP", listen=False)
        self.ifc.start()
        self.jmsdf.start()

    def message(self, **fields):
        example = self.entente("template", "maritime_incident", "--json").json
        example.update(fields)
        return json.dumps(example)

    def send(self, *words, code=OK, **fields):
        """ifc sends to jmsdf."""
        return self.ifc.send(self.jmsdf, self.message(**fields), "--json",
                             *words, code=code)


class Pairing(Two):
    def setUp(self):
        super().setUp()
        self.number = self.folder.digits(self.ifc, self.jmsdf)
        self.card = self.path("jmsdf.card")

    def test_wrong_digits_pair_nobody(self):
        wrong = self.number[:-1] + ("1" if self.number[-1] == "0" else "0")
        for name, given, code in (("BAD_PROOF", wrong, UNTRUSTED),
                                  ("BAD_FIELD", self.number[:-1], INVALID),
                                  ("BAD_FIELD", "hello", INVALID)):
            self.ifc.fails(name, "pair", self.card, "--safety-number", given,
                           code=code)
        self.ifc.fails("USAGE", "pair", self.card, code=USAGE)
        self.assertEqual(self.ifc.json("peers")["peers"], [])

    def test_a_pair_is_made_once_and_ended_on_purpose_only(self):
        self.folder.pair(self.ifc, self.jmsdf)
        self.ifc.fails("EXISTS", "pair", self.card, "--safety-number",
                       self.number, code=FAILURE)
        peer = self.ifc.json("peers", "jmsdf")
        self.assertEqual(peer["org"], "JMSDF")
        self.assertEqual(peer["country"], "JP")
        self.ifc.fails("NOT_FOUND", "peers", "jmsfd", code=NOT_FOUND)
        self.ifc.fails("USAGE", "peer", "remove", "jmsdf", code=USAGE)
        self.ifc.run("peer", "remove", "jmsdf", "--yes")
        self.send(code=NOT_FOUND)

    def test_its_own_card_is_refused(self):
        self.ifc.fails("BAD_FIELD", "pair", self.path("ifc.card"),
                       "--safety-number", self.number, code=INVALID)

    def test_a_pair_secret_must_be_the_same_on_both_sides(self):
        self.entente("pair-secret", "--out", self.path("secret"))
        self.entente("pair-secret", "--out", self.path("other"))
        same = ("--pair-secret", self.path("secret"))
        self.folder.pair(self.ifc, self.jmsdf, same, same)
        self.send("--wait", "--timeout", "20")
        for node, peer in ((self.ifc, "jmsdf"), (self.jmsdf, "ifc")):
            node.run("peer", "remove", peer, "--yes")
        self.folder.pair(self.ifc, self.jmsdf, same,
                         ("--pair-secret", self.path("other")))
        self.send("--wait", "--timeout", "3", code=TIMEOUT)


class Messages(Two):
    def setUp(self):
        super().setUp()
        self.folder.pair(self.ifc, self.jmsdf)

    def test_a_message_comes_and_its_receipt_and_reading_come_back(self):
        sent = self.send("--wait", "--timeout", "20", "--precedence", "FLASH",
                         subject="Off Lagos").json
        self.assertEqual(sent["ref"], "jmsdf/s1")
        self.assertIn(sent["state"], ("received", "accepted"))
        rows = self.jmsdf.inbox()
        self.assertEqual(len(rows), 1)
        self.assertEqual(set(rows[0]), ROW)
        row = dict(rows[0])
        self.assertTrue(row.pop("received"))
        self.assertEqual(row, {
            "id": sent["id"], "ref": "ifc/1", "number": 1, "from": "ifc",
            "kind": "maritime_incident", "precedence": "FLASH",
            "status": "ACTUAL", "subject": "Off Lagos", "state": "new"})

        peeked = self.jmsdf.json("show", "ifc/1", "--peek")
        self.assertEqual(self.jmsdf.inbox("--unread"), rows)
        shown = self.jmsdf.json("show", "ifc/1")
        self.assertEqual(shown["subject"], "Off Lagos")
        self.assertEqual(shown["maritime_incident"],
                         peeked["maritime_incident"])
        self.assertEqual(shown["entente"]["id"], sent["id"])
        self.assertEqual(shown["entente"]["verified"], {
            "signed": True, "receipted": True, "body": True, "in_log": True,
            "key": "certificate"})
        self.assertEqual(self.jmsdf.inbox("--unread"), [])
        wait_for(lambda: self.ifc.json("show", "jmsdf/s1")["entente"][
            "state"] == "read")
        self.assertEqual(self.counts(self.ifc, "jmsdf"), (1, 0, 0, 0))
        self.assertEqual(self.counts(self.jmsdf, "ifc"), (0, 1, 0, 0))
        for node in (self.ifc, self.jmsdf):
            channels = node.json("log", "verify")["channels"]
            self.assertEqual([one["verified"] for one in channels],
                             [True, True])

    def counts(self, node, peer):
        found = node.json("peers", peer)
        return tuple(found[key] for key in ("sent", "received", "queued",
                                            "unread"))

    def test_every_way_to_name_a_message_finds_it(self):
        sent = self.send("--wait").json
        for name in ("ifc/1", sent["id"], sent["id"][:6], "-"):
            self.assertEqual(self.jmsdf.json("show", name)["entente"]["id"],
                             sent["id"])
        for name in ("ifc/2", "ifc/s1", "q/1", "ffffffffff"):
            self.jmsdf.fails("NOT_FOUND", "show", name, code=NOT_FOUND)
        for name in ("x", "ifc/x", "12345"):
            self.jmsdf.fails("BAD_FIELD", "show", name, code=INVALID)

    def test_what_was_sent_comes_out_as_it_was_written(self):
        text = self.entente("template", "risk_assessment", "--json").out
        self.ifc.send(self.jmsdf, text, "--wait")
        shown = self.jmsdf.json("show", "ifc/1")
        for key, value in json.loads(text).items():
            self.assertEqual(shown[key], value, key)

    def test_a_peer_that_is_down_gets_it_later_and_once(self):
        self.jmsdf.stop()
        answer = self.send("--wait", "--timeout", "1", code=TIMEOUT).json
        self.assertIn("is queued, and goes on", answer["error"]["message"])
        rows = self.ifc.rows("outbox")
        self.assertEqual([row["to"] for row in rows], ["jmsdf"])
        self.assertEqual(rows[0]["state"], "queued")
        shown = self.ifc.run("show", "q/1").out
        self.assertIn("\nSubmitted: ", shown)
        self.assertNotIn("\nReceived: ", shown)
        self.jmsdf.start()
        wait_for(lambda: len(self.jmsdf.inbox()) == 1)
        time.sleep(0.5)
        self.assertEqual(len(self.jmsdf.inbox()), 1)

    def test_the_same_id_again_is_not_sent_twice(self):
        id_ = "00112233445566778899aabbccddeeff"
        text = self.message(dtg="2026-01-01T00:00:00Z")
        for _ in range(2):
            self.ifc.send(self.jmsdf, text, "--id", id_, "--wait",
                          "--timeout", "20")
        self.assertEqual([row["id"] for row in self.jmsdf.inbox()], [id_])

    def test_another_message_under_an_id_is_refused_and_named(self):
        id_ = "00112233445566778899aabbccddeeff"
        self.send("--id", id_, subject="one")
        self.send("--id", id_, subject="one")  # its time of day is another
        error = self.send("--id", id_, subject="two",
                          code=FAILURE).json["error"]
        self.assertEqual((error["code"], error["path"]), ("DUPLICATE", "id"))
        self.assertIn("jmsdf", error["message"])
        wait_for(lambda: len(self.jmsdf.inbox()) == 1)
        self.assertEqual(self.jmsdf.inbox()[0]["subject"], "one")

    def test_of_several_peers_each_is_told_what_became_of_its_copy(self):
        usff = self.folder.node("usff", country="US", listen=False)
        number = self.folder.digits(self.ifc, usff)
        self.ifc.run("pair", self.path("usff.card"), "--as", "usff",
                     "--safety-number", number)
        id_ = "00112233445566778899aabbccddeeff"
        self.send("--id", id_, subject="one")
        both = ("send", "-", "--to", "jmsdf,usff", "--id", id_)
        text = self.message(subject="two")
        told = self.ifc.run(*both, "--json", text=text, code=FAILURE).json
        self.assertFalse(told["ok"])
        self.assertEqual(told["error"]["code"], "DUPLICATE")
        self.assertEqual([(one["to"], one["state"], one["error"])
                          for one in told["messages"]],
                         [("jmsdf", "", "DUPLICATE"), ("usff", "queued", "")])
        said = self.ifc.run(*both, text=text, code=FAILURE)
        self.assertIn("not sent to jmsdf: ", said.out)
        self.assertIn("queued for usff: known already", said.out)
        self.assertIn("another message went to jmsdf", said.err)

    def test_a_node_that_ends_tells_who_waits(self):
        self.jmsdf.stop()
        answers = []
        waiting = threading.Thread(target=lambda: answers.append(
            self.send("--wait", code=None)))
        waiting.start()
        wait_for(lambda: len(self.ifc.rows("outbox")) == 1)
        self.ifc.stop()
        waiting.join(20)
        self.assertEqual(answers[0].code, FAILURE)
        told = answers[0].json
        self.assertEqual(told["error"]["code"], "AGAIN")
        self.assertIn("safe", told["error"]["hint"])
        self.assertEqual(told["messages"][0]["state"], "queued")

    def test_a_name_that_is_no_peer_sends_to_nobody(self):
        for names in ("jmsdf,usff", "usff"):
            error = self.ifc.fails("NOT_FOUND", "send", "-", "--to", names,
                                   code=NOT_FOUND, text=self.message())
            self.assertIn("no peer is called usff", error["message"])
        self.assertEqual(self.ifc.rows("outbox"), [])

    def test_lists_are_whole_and_in_order_of_arrival_past_a_page(self):
        count = 230
        for number in range(count):
            self.send(subject=f"Report {number}")
        self.send("--wait", "--timeout", "60", subject="The last")
        rows = self.jmsdf.inbox()
        self.assertEqual([row["number"] for row in rows],
                         list(range(1, count + 2)))
        self.assertEqual(rows[7]["subject"], "Report 7")
        self.assertEqual(len(self.jmsdf.inbox("--peer", "ifc")), count + 1)
        self.assertEqual(self.jmsdf.inbox("--kind", "note"), [])
        self.assertEqual(self.jmsdf.inbox("--state", "read"), [])
        self.assertEqual(len(self.jmsdf.inbox("--since", "1h")), count + 1)

    def test_a_list_names_the_message_to_read_next(self):
        for number in range(3):
            self.send("--wait", subject=f"Report {number}")
        self.assertTrue(self.jmsdf.run("inbox").out.endswith("show ifc/1\n"))
        self.jmsdf.run("show", "ifc/1")
        self.assertTrue(self.jmsdf.run("inbox").out.endswith("show ifc/2\n"))
        self.assertTrue(self.ifc.run("outbox").out.endswith(
            "show jmsdf/s3\n"))

    def test_a_peers_words_cannot_drive_the_terminal(self):
        self.send("--wait", subject="Calm \u202eretsasid\u202c \u009b31m")
        page = self.jmsdf.run("show", "ifc/1").out
        page += self.jmsdf.run("inbox").out
        for character in page:
            self.assertTrue(character == "\n" or character.isprintable(),
                            repr(character))

    def test_nothing_is_lost_by_kill_9(self):
        self.send("--wait")
        for node in (self.ifc, self.jmsdf):
            node.kill()
            node.start()
        self.send("--wait", "--timeout", "20")
        self.assertEqual([row["number"] for row in self.jmsdf.inbox()],
                         [1, 2])
        self.jmsdf.run("log", "verify")

    def test_the_index_is_made_again_from_the_journal(self):
        for number in range(3):
            self.send("--wait", subject=f"Report {number}")
        self.jmsdf.run("show", "ifc/2")
        before = self.jmsdf.inbox()
        self.jmsdf.fails("LOCKED", "doctor", "--rebuild-index", code=FAILURE)
        self.jmsdf.stop()
        os.remove(self.jmsdf.path("index.db"))
        self.jmsdf.run("doctor", "--rebuild-index")
        self.jmsdf.start()
        self.assertEqual(self.jmsdf.inbox(), before)


class Readme(Two):
    """What README.md says can be typed as it stands there."""

    def setUp(self):
        super().setUp()
        self.folder.pair(self.ifc, self.jmsdf)
        with open(os.path.join(HERE, "..", "..", "README.md"),
                  encoding="utf-8") as file:
            self.lines = file.read().splitlines()

    def test_with_its_defaults_its_note_is_sent(self):
        first = self.lines.index("    originator.post: Duty Officer")
        last = self.lines.index("", first)
        self.folder.write(self.ifc.path("defaults"), "".join(
            line.strip() + "\n" for line in self.lines[first:last]))
        line = next(line for line in self.lines
                    if "entente send --kind note" in line)
        self.ifc.run(*shlex.split(line)[1:], "--wait", "--timeout", "20")
        shown = self.jmsdf.json("show", "ifc/1")
        self.assertEqual(shown["subject"], "Radio check")
        self.assertEqual(shown["label"]["releasable_to"], ["IN", "JP"])

    def test_each_verb_that_it_names_is_one(self):
        named = {row["name"] for row in
                 self.entente("help", "--json").json["commands"]}
        typed = [line.split() for line in self.lines
                 if line.startswith("    entente ")]
        self.assertGreater(len(typed), 10)
        for words in typed:
            self.assertTrue({words[1], " ".join(words[1:3])} & named, words)


class Life(Case):
    """A node that `up` starts in the background."""

    def setUp(self):
        super().setUp()
        self.ifc = self.folder.node("ifc")

    def pid(self):
        for name in glob.glob("/proc/[0-9]*/cmdline"):
            try:
                with open(name, "rb") as source:
                    words = source.read().split(b"\0")
            except OSError:
                continue
            if (words[0].endswith(b"entented") and
                    self.ifc.home.encode() in words):
                return int(name.split("/")[2])
        return None

    def test_up_is_said_once_and_down_lets_go(self):
        self.assertFalse(self.ifc.json("up")["was_up"])
        self.assertTrue(self.ifc.json("up")["was_up"])
        self.assertIsNotNone(self.pid())
        self.ifc.run("down")
        self.assertIsNone(self.pid())
        self.ifc.fails("UNREACHABLE", "down", code=UNREACHABLE)

    def test_a_wrong_passphrase_starts_nothing(self):
        self.folder.write("passphrase", "another\n")
        error = self.ifc.fails("PASSPHRASE", "up", code=UNTRUSTED)
        self.assertIn("wrong passphrase", error["message"])
        said = self.ifc.run("up", code=UNTRUSTED).err
        self.assertEqual(len(said.splitlines()), 2, said)  # and the hint
        self.assertIsNone(self.pid())

    def test_a_configuration_with_a_mistake_starts_nothing_and_is_named(self):
        self.folder.write(self.ifc.path("config"), "[node]\nlitsen = none\n")
        self.assertIn("config line 2: unknown key",
                      self.ifc.run("up", code=INVALID).err)

    def test_status_has_what_scripts_rely_on(self):
        self.ifc.run("up")
        status = self.ifc.json("status")
        for key in ("node", "org", "version", "uptime_s", "peers"):
            self.assertIn(key, status)
        self.assertTrue(status["version"])
        other = self.folder.node("jmsdf", listen=False)
        other.start()
        self.folder.pair(self.ifc, other)
        for key in ("name", "link", "queued", "sent", "received", "unread"):
            self.assertIn(key, self.ifc.json("status")["peers"][0])

    def test_no_secret_is_in_arguments_environment_or_files(self):
        self.ifc.run("up")
        for name in ("cmdline", "environ"):
            with open(f"/proc/{self.pid()}/{name}", "rb") as source:
                self.assertNotIn(PASSPHRASE.encode(), source.read())
        for name in os.listdir(self.ifc.home):
            if not os.path.isfile(self.ifc.path(name)):
                continue
            with open(self.ifc.path(name), "rb") as source:
                self.assertNotIn(PASSPHRASE.encode(), source.read(), name)

    def test_two_daemons_never_hold_one_home(self):
        self.ifc.run("up")
        second = self.ifc.foreground()
        self.assertEqual(second.code, LOCKED)
        self.assertIn("LOCKED", second.out + second.err)


if __name__ == "__main__":
    main()
