#!/usr/bin/env python3
"""Two nodes on loopback, by the command alone."""

import glob
import json
import os
import signal
import subprocess
import time
import unittest

from entente import (Case, DAEMON, PASSPHRASE, main, free_port, FAILURE,
                     INVALID, NOT_FOUND, OK, TIMEOUT, UNREACHABLE, UNTRUSTED,
                     USAGE)

ROW = {"id", "ref", "number", "from", "kind", "precedence", "status",
       "subject", "received", "state"}


@unittest.skipUnless(os.path.exists(DAEMON), "entented is not built here")
class Pair(Case):
    """ifc, which listens, and jmsdf, which calls; paired and up."""

    def setUp(self):
        super().setUp()
        self.ifc = self.init("ifc", org="IFC-IOR")
        self.jmsdf = self.init("jmsdf", country="JP")
        self.listen(self.ifc, free_port())
        self.up(self.ifc)
        self.up(self.jmsdf)
        self.entente("--home", self.ifc, "card", "--out", self.path("a.card"))
        self.entente("--home", self.jmsdf, "card", "--out",
                     self.path("b.card"))

    def listen(self, home, port):
        self.write(os.path.join(home, "config"),
                   f"[node]\nlisten = 127.0.0.1:{port}\n"
                   f"advertise = 127.0.0.1:{port}\n")

    def up(self, home):
        self.entente("--home", home, "up")

    def down(self, home):
        self.entente("--home", home, "down")

    def number(self):
        return self.entente("safety-number", self.path("a.card"),
                            self.path("b.card"), "--json").json[
                                "safety_number"]

    def pair(self):
        number = self.number()
        self.entente("--home", self.ifc, "pair", self.path("b.card"),
                     "--safety-number", number)
        self.entente("--home", self.jmsdf, "pair", self.path("a.card"),
                     "--safety-number", number)

    def message(self, **fields):
        example = json.loads(self.entente("template", "maritime_incident",
                                          "--json").out)
        example.update(fields)
        return json.dumps(example)

    def send(self, home, to, *words, code=OK, **fields):
        return self.entente("--home", home, "send", "-", "--to", to, "--json",
                            *words, code=code, text=self.message(**fields))

    def inbox(self, home, *words):
        return self.entente("--home", home, "inbox", "--json", *words).rows

    def wait_for(self, what, seconds=20):
        end = time.monotonic() + seconds
        while not what():
            self.assertLess(time.monotonic(), end, "it did not come to pass")
            time.sleep(0.05)

    def counts(self, home, peer):
        found = self.entente("--home", home, "peers", peer, "--json").json
        return tuple(found[key] for key in ("sent", "received", "queued",
                                            "unread"))

    def pid(self, home):
        for name in glob.glob("/proc/[0-9]*/cmdline"):
            try:
                with open(name, "rb") as source:
                    words = source.read().split(b"\0")
            except OSError:
                continue
            if words[0].endswith(b"entented") and home.encode() in words:
                return int(name.split("/")[2])
        return None


class Pairing(Pair):
    def test_wrong_digits_pair_nobody(self):
        number = self.number()
        wrong = number[:-1] + ("1" if number[-1] == "0" else "0")
        self.fails("BAD_PROOF", "--home", self.ifc, "pair",
                   self.path("b.card"), "--safety-number", wrong,
                   code=UNTRUSTED)
        self.fails("BAD_FIELD", "--home", self.ifc, "pair",
                   self.path("b.card"), "--safety-number", number[:-1],
                   code=INVALID)
        self.fails("BAD_FIELD", "--home", self.ifc, "pair",
                   self.path("b.card"), "--safety-number", "hello",
                   code=INVALID)
        self.fails("USAGE", "--home", self.ifc, "pair", self.path("b.card"),
                   code=USAGE)
        self.assertEqual(self.entente("--home", self.ifc, "peers",
                                      "--json").json["peers"], [])

    def test_a_pair_is_made_once_and_ended_on_purpose_only(self):
        self.pair()
        self.fails("EXISTS", "--home", self.ifc, "pair", self.path("b.card"),
                   "--safety-number", self.number(), code=FAILURE)
        peer = self.entente("--home", self.ifc, "peers", "jmsdf",
                            "--json").json
        self.assertEqual(peer["org"], "JMSDF")
        self.assertEqual(peer["country"], "JP")
        self.fails("NOT_FOUND", "--home", self.ifc, "peers", "jmsfd",
                   code=NOT_FOUND)
        self.fails("USAGE", "--home", self.ifc, "peer", "remove", "jmsdf",
                   code=USAGE)
        self.entente("--home", self.ifc, "peer", "remove", "jmsdf", "--yes")
        self.send(self.ifc, "jmsdf", code=NOT_FOUND)

    def test_its_own_card_is_refused(self):
        self.fails("BAD_FIELD", "--home", self.ifc, "pair",
                   self.path("a.card"), "--safety-number", self.number(),
                   code=INVALID)

    def test_a_pair_secret_must_be_the_same_on_both_sides(self):
        secret = self.path("secret")
        self.entente("pair-secret", "--out", secret)
        number = self.number()
        for home, card in ((self.ifc, "b.card"), (self.jmsdf, "a.card")):
            self.entente("--home", home, "pair", self.path(card),
                         "--safety-number", number, "--pair-secret", secret)
        self.send(self.ifc, "jmsdf", "--wait", "--timeout", "20")


class Messages(Pair):
    def setUp(self):
        super().setUp()
        self.pair()

    def test_a_message_comes_and_its_receipt_and_reading_come_back(self):
        sent = self.send(self.ifc, "jmsdf", "--wait", "--timeout", "20",
                         "--precedence", "FLASH", subject="Off Lagos").json
        self.assertEqual(sent["ref"], "jmsdf/s1")
        self.assertIn(sent["state"], ("received", "accepted"))
        rows = self.inbox(self.jmsdf)
        self.assertEqual(len(rows), 1)
        self.assertEqual(set(rows[0]), ROW)
        self.assertEqual(rows[0]["id"], sent["id"])
        self.assertEqual(rows[0]["ref"], "ifc/1")
        self.assertEqual(rows[0]["number"], 1)
        self.assertEqual(rows[0]["from"], "ifc")
        self.assertEqual(rows[0]["kind"], "maritime_incident")
        self.assertEqual(rows[0]["precedence"], "FLASH")
        self.assertEqual(rows[0]["status"], "ACTUAL")
        self.assertEqual(rows[0]["subject"], "Off Lagos")
        self.assertEqual(rows[0]["state"], "new")

        peeked = self.entente("--home", self.jmsdf, "show", "ifc/1", "--peek",
                              "--json").json
        self.assertEqual(self.inbox(self.jmsdf, "--unread"), rows)
        shown = self.entente("--home", self.jmsdf, "show", "ifc/1",
                             "--json").json
        self.assertEqual(shown["subject"], "Off Lagos")
        self.assertEqual(shown["maritime_incident"],
                         peeked["maritime_incident"])
        about = shown["entente"]
        self.assertEqual(about["id"], sent["id"])
        self.assertEqual(about["verified"], {
            "signed": True, "receipted": True, "body": True, "in_log": True,
            "key": "certificate"})
        self.assertEqual(self.inbox(self.jmsdf, "--unread"), [])
        self.wait_for(lambda: self.entente(
            "--home", self.ifc, "show", "jmsdf/s1", "--json").json["entente"][
                "state"] == "read")
        self.assertEqual(self.counts(self.ifc, "jmsdf"), (1, 0, 0, 0))
        self.assertEqual(self.counts(self.jmsdf, "ifc"), (0, 1, 0, 0))
        for home in (self.ifc, self.jmsdf):
            verified = self.entente("--home", home, "log", "verify",
                                    "--json").json
            self.assertTrue(all(channel["verified"]
                                for channel in verified["channels"]))
            self.assertEqual(len(verified["channels"]), 2)

    def test_every_way_to_name_a_message_finds_it(self):
        sent = self.send(self.ifc, "jmsdf", "--wait").json
        for name in ("ifc/1", sent["id"], sent["id"][:6], "-"):
            shown = self.entente("--home", self.jmsdf, "show", name,
                                 "--json").json
            self.assertEqual(shown["entente"]["id"], sent["id"])
        for name in ("ifc/2", "ifc/s1", "q/1", "ffffffffff"):
            self.fails("NOT_FOUND", "--home", self.jmsdf, "show", name,
                       code=NOT_FOUND)
        for name in ("x", "ifc/x", "12345"):
            self.fails("BAD_FIELD", "--home", self.jmsdf, "show", name,
                       code=INVALID)

    def test_what_was_sent_comes_out_as_it_was_written(self):
        example = json.loads(self.entente("template", "risk_assessment",
                                          "--json").out)
        self.entente("--home", self.ifc, "send", "-", "--to", "jmsdf",
                     "--wait", text=json.dumps(example))
        shown = self.entente("--home", self.jmsdf, "show", "ifc/1",
                             "--json").json
        for key, value in example.items():
            self.assertEqual(shown[key], value, key)

    def test_a_peer_that_is_down_gets_it_later_and_once(self):
        self.down(self.jmsdf)
        answer = self.send(self.ifc, "jmsdf", "--wait", "--timeout", "1",
                           code=TIMEOUT).json
        self.assertIn("safely queued", answer["error"]["message"])
        rows = self.entente("--home", self.ifc, "outbox", "--json").rows
        self.assertEqual([row["to"] for row in rows], ["jmsdf"])
        self.assertEqual(rows[0]["state"], "queued")
        self.entente("--home", self.ifc, "show", "q/1")
        self.up(self.jmsdf)
        self.wait_for(lambda: len(self.inbox(self.jmsdf)) == 1)
        time.sleep(0.5)
        self.assertEqual(len(self.inbox(self.jmsdf)), 1)

    def test_the_same_id_again_is_not_sent_twice(self):
        id_ = "00112233445566778899aabbccddeeff"
        words = ["--id", id_, "--wait", "--timeout", "20"]
        text = json.loads(self.message())
        text["dtg"] = "2026-01-01T00:00:00Z"
        for _ in range(2):
            self.entente("--home", self.ifc, "send", "-", "--to", "jmsdf",
                         *words, text=json.dumps(text))
        self.assertEqual([row["id"] for row in self.inbox(self.jmsdf)], [id_])

    def test_a_name_that_is_no_peer_sends_to_nobody(self):
        self.fails("NOT_FOUND", "--home", self.ifc, "send", "-", "--to",
                   "jmsdf,usff", code=NOT_FOUND, text=self.message())
        self.fails("NOT_FOUND", "--home", self.ifc, "send", "-", "--to",
                   "usff", code=NOT_FOUND, text=self.message())
        self.assertEqual(self.entente("--home", self.ifc, "outbox",
                                      "--json").rows, [])

    def test_lists_are_whole_and_in_order_of_arrival_past_a_page(self):
        count = 230
        for number in range(count):
            self.send(self.ifc, "jmsdf", subject=f"Report {number}")
        self.send(self.ifc, "jmsdf", "--wait", "--timeout", "60",
                  subject="The last")
        rows = self.inbox(self.jmsdf)
        self.assertEqual([row["number"] for row in rows],
                         list(range(1, count + 2)))
        self.assertEqual(rows[7]["subject"], "Report 7")
        self.assertEqual(len(self.inbox(self.jmsdf, "--peer", "ifc")),
                         count + 1)
        self.assertEqual(self.inbox(self.jmsdf, "--kind", "note"), [])
        self.assertEqual(self.inbox(self.jmsdf, "--state", "read"), [])
        self.assertEqual(len(self.inbox(self.jmsdf, "--since", "1h")),
                         count + 1)

    def test_a_peers_words_cannot_drive_the_terminal(self):
        self.send(self.ifc, "jmsdf", "--wait",
                  subject="Calm \u202eretsasid\u202c \u009b31m")
        page = self.entente("--home", self.jmsdf, "show", "ifc/1").out
        page += self.entente("--home", self.jmsdf, "inbox").out
        for character in page:
            self.assertTrue(character == "\n" or character.isprintable(),
                            repr(character))

    def test_nothing_is_lost_by_kill_9(self):
        self.send(self.ifc, "jmsdf", "--wait")
        for home in (self.ifc, self.jmsdf):
            os.kill(self.pid(home), signal.SIGKILL)
        self.up(self.ifc)
        self.up(self.jmsdf)
        self.send(self.ifc, "jmsdf", "--wait", "--timeout", "20")
        self.assertEqual([row["number"] for row in self.inbox(self.jmsdf)],
                         [1, 2])
        self.entente("--home", self.jmsdf, "log", "verify")

    def test_the_index_is_made_again_from_the_journal(self):
        for number in range(3):
            self.send(self.ifc, "jmsdf", "--wait", subject=f"Report {number}")
        self.entente("--home", self.jmsdf, "show", "ifc/2")
        before = self.inbox(self.jmsdf)
        self.fails("LOCKED", "--home", self.jmsdf, "doctor",
                   "--rebuild-index", code=FAILURE)
        self.down(self.jmsdf)
        os.remove(os.path.join(self.jmsdf, "index.db"))
        self.entente("--home", self.jmsdf, "doctor", "--rebuild-index")
        self.up(self.jmsdf)
        self.assertEqual(self.inbox(self.jmsdf), before)


@unittest.skipUnless(os.path.exists(DAEMON), "entented is not built here")
class Life(Pair):
    def test_up_is_said_once_and_down_lets_go(self):
        again = self.entente("--home", self.ifc, "up", "--json").json
        self.assertTrue(again["was_up"])
        self.down(self.ifc)
        self.assertIsNone(self.pid(self.ifc))
        self.fails("UNREACHABLE", "--home", self.ifc, "down",
                   code=UNREACHABLE)

    def test_a_wrong_passphrase_starts_nothing(self):
        self.down(self.ifc)
        self.write("passphrase", "another\n")
        self.fails("PASSPHRASE", "--home", self.ifc, "up", code=UNTRUSTED)
        self.assertIsNone(self.pid(self.ifc))

    def test_a_configuration_with_a_mistake_starts_nothing_and_is_named(self):
        self.down(self.ifc)
        self.write(os.path.join(self.ifc, "config"), "[node]\nlitsen = none\n")
        answer = self.entente("--home", self.ifc, "up", code=INVALID)
        self.assertIn("litsen" if "litsen" in answer.err else "2", answer.err)

    def test_status_has_what_scripts_rely_on(self):
        status = self.entente("--home", self.ifc, "status", "--json").json
        for key in ("node", "org", "version", "uptime_s", "peers"):
            self.assertIn(key, status)
        self.assertTrue(status["version"])
        self.pair()
        peer = self.entente("--home", self.ifc, "status",
                            "--json").json["peers"][0]
        for key in ("name", "link", "queued", "sent", "received", "unread"):
            self.assertIn(key, peer)

    def test_no_secret_is_in_arguments_environment_or_files(self):
        pid = self.pid(self.ifc)
        for name in ("cmdline", "environ"):
            with open(f"/proc/{pid}/{name}", "rb") as source:
                self.assertNotIn(PASSPHRASE.encode(), source.read())
        for name in glob.glob(os.path.join(self.ifc, "*")):
            if not os.path.isfile(name):
                continue
            with open(name, "rb") as source:
                self.assertNotIn(PASSPHRASE.encode(), source.read(), name)

    def test_two_daemons_never_hold_one_home(self):
        second = subprocess.run(
            [DAEMON, "--home", self.ifc], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
            env={"ENTENTE_PASSPHRASE_FILE": self.path("passphrase")})
        self.assertEqual(second.returncode, 11, second.stdout)
        self.assertIn(b"LOCKED", second.stdout)


if __name__ == "__main__":
    main()
