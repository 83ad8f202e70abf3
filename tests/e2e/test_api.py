#!/usr/bin/env python3
"""entente api: lines of JSON in and out, and the node behind them."""

import json
import os
import queue
import sqlite3
import subprocess
import sys
import threading
import unittest

from nodes import HERE, OBJECTS, PROGRAM, Case, check, main, note, wait_for

EXAMPLE = os.path.join(HERE, "..", "..", "tools", "examples",
                       "acknowledge.py")


class Api:
    """`entente api` as a program sees it; each answer is held against
    objects.schema.json."""

    def __init__(self, node):
        self.process = subprocess.Popen(
            [PROGRAM, "--home", node.home, "api"], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True, env=node.folder.env)
        self.verbs = {}  # by id, as JSON
        self.lines = queue.Queue()
        self.kept = []  # read, and not what was waited for
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        for line in self.process.stdout:
            self.lines.put(line)
        self.lines.put("")

    def write(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def begin(self, ident, verb, **keys):
        self.verbs[json.dumps(ident)] = verb
        self.write(json.dumps({"id": ident, "verb": verb, **keys}))

    def next(self, seconds=30):
        """The next answer, as text; "": there are no more."""
        line = self.lines.get(timeout=seconds)
        if line:
            answer = json.loads(line)
            fault = OBJECTS.api_fault(
                self.verbs.get(json.dumps(answer["id"])), answer)
            check(fault is None, f"{fault}\n{line}")
        return line

    def ask(self, verb, ident=0, **keys):
        """All answers to one request, as objects."""
        self.begin(ident, verb, **keys)
        return self.rest(ident)

    def rest(self, ident):
        """Up to its end; those to others are kept for later."""
        answers = []
        while not answers or "result" in answers[-1]:
            mine = [a for a in self.kept if a["id"] == ident]
            if mine:
                self.kept.remove(mine[0])
                answers.append(mine[0])
                continue
            answer = json.loads(self.next())
            (answers if answer["id"] == ident else self.kept).append(answer)
        return answers

    def result(self, verb, **keys):
        """Its one result; it must be done then."""
        first, last = self.ask(verb, **keys)
        check(last == {"id": 0, "done": True}, last)
        return first["result"]

    def error(self, verb, **keys):
        return self.ask(verb, **keys)[-1]["error"]

    def end(self):
        """End of input: the rest of the answers, and the exit code."""
        self.process.stdin.close()
        rest = []
        while (line := self.next()):
            rest.append(json.loads(line))
        code = self.process.wait(20)
        self.process.stdout.close()
        return rest, code


class Two(Case):
    """Two nodes, and the api of one or both."""

    def setUp(self):
        super().setUp()
        self.ifc, self.jmsdf = self.folder.two()
        self.apis = []

    def api(self, node):
        self.apis.append(Api(node))
        return self.apis[-1]

    def run(self, result=None):
        self.apis = []
        super().run(result)
        for api in self.apis:
            if api.process.poll() is None:
                api.process.kill()
                api.process.wait()
            api.process.stdin.close()
            api.process.stdout.close()


class Together(Two):
    def message(self, subject, **more):
        return dict(json.loads(note(subject)), **more)

    def test_500_sends_at_once_are_all_received_each_once(self):
        api = self.api(self.ifc)
        for i in range(500):
            api.begin(i, "send", to="jmsdf", wait=True,
                      message=self.message(f"Contact {i}"))
        rest, code = api.end()
        self.assertEqual(code, 0)
        sent = [answer["result"] for answer in rest if "result" in answer]
        self.assertEqual({row["state"] for row in sent}, {"received"})
        self.assertEqual(len({row["id"] for row in sent}), 500)
        self.assertEqual(sorted(answer["id"] for answer in rest
                                if "done" in answer), list(range(500)))
        self.assertEqual(sorted(row["subject"] for row in self.jmsdf.inbox()),
                         sorted(f"Contact {i}" for i in range(500)))

    def test_its_objects_are_those_of_the_command_byte_for_byte(self):
        for i in range(3):
            self.ifc.send(self.jmsdf, note(f"Contact {i}"), "--wait=accepted")
        self.jmsdf.run("show", "ifc/1")
        ours, theirs = self.api(self.ifc), self.api(self.jmsdf)
        for api, node, verb, words, keys in (
                (theirs, self.jmsdf, "inbox", [], {}),
                (theirs, self.jmsdf, "inbox", ["--unread"], {"unread": True}),
                (theirs, self.jmsdf, "inbox", ["--kind", "risk_assessment"],
                 {"kind": "risk_assessment"}),
                (ours, self.ifc, "outbox", ["--state", "accepted"],
                 {"state": "accepted"}),
                (ours, self.ifc, "show", ["jmsdf/s1"], {"ref": "jmsdf/s1"}),
                (theirs, self.jmsdf, "show", ["ifc/2", "--peek"],
                 {"ref": "ifc/2", "peek": True}),
                (ours, self.ifc, "log", ["--peer", "jmsdf"],
                 {"peer": "jmsdf"}),
                (ours, self.ifc, "kinds", [], {}),
                (ours, self.ifc, "kinds", ["note"], {"kind": "note"}),
                (ours, self.ifc, "card", [], {})):
            plain = node.run(verb, *words, "--json").out
            api.begin(7, verb, **keys)
            lines = [api.next() for _ in range(plain.count("\n") + 1)]
            self.assertEqual(lines.pop(), '{"id":7,"done":true}\n')
            self.assertEqual("".join(lines), "".join(
                f'{{"id":7,"result":{row}}}\n' for row in plain.splitlines()))
        status = ours.result("status")
        plain = self.ifc.json("status")
        for changing in ("uptime_s", "peers"):
            del status[changing], plain[changing]
        self.assertEqual(status, plain)
        self.assertEqual(ours.result("peers", peer="jmsdf")["name"], "jmsdf")
        self.assertEqual(len(ours.result("peers")["peers"]), 1)

    def test_errors_are_those_of_the_command(self):
        api = self.api(self.ifc)
        wrong = {"kind": "note", "subject": "x" * 2000, "tlp": "PINK"}
        for verb, words, keys, how in (
                ("show", ["jmsdf/s9"], {"ref": "jmsdf/s9"}, {}),
                ("show", ["abc"], {"ref": "abc"}, {}),
                ("ack", ["jmsdf/9"], {"ref": "jmsdf/9"}, {}),
                ("decline", ["jmsdf/9"], {"ref": "jmsdf/9"}, {}),
                ("peers", ["jmsd"], {"peer": "jmsd"}, {}),
                ("peer ping", ["jmsd"], {"peer": "jmsd"}, {}),
                ("kinds", ["nte"], {"kind": "nte"}, {}),
                ("inbox", ["--state", "lots"], {"state": "lots"}, {}),
                ("inbox", ["--since", "tea"], {"since": "tea"}, {}),
                ("inbox", ["--peer", "none"], {"peer": "none"}, {}),
                ("send", ["-", "--to", "nobody"], {"to": "nobody"},
                 {"message": self.message("x")}),
                ("send", ["-", "--to", "jmsdf,nobody"],
                 {"to": ["jmsdf", "nobody"]}, {"message": self.message("x")}),
                ("send", ["-", "--to", "jmsdf", "--wait=tea"],
                 {"to": "jmsdf", "wait": "tea"},
                 {"message": self.message("x")}),
                ("send", ["-", "--to", "jmsdf"], {"to": "jmsdf"},
                 {"message": wrong}),
                ("validate", ["-"], {}, {"message": wrong})):
            plain = self.ifc.run(*verb.split(), *words, "--json", code=None,
                                 text=json.dumps(how.get("message", "")))
            last = api.ask(verb, **keys, **how)[-1]
            expected = plain.json["error"]
            for part in ("code", "hint"):
                self.assertEqual(last["error"][part], expected[part], verb)
            self.assertEqual(last.get("errors"), plain.json.get("errors"))
            self.assertIn(last["error"]["message"].replace(
                "the message", "standard input"), expected["message"])

    def test_answers_and_pings_and_dry_runs(self):
        ours, theirs = self.api(self.ifc), self.api(self.jmsdf)
        sent = ours.result("send", to="jmsdf", wait="accepted", timeout=20,
                           precedence="FLASH", message=self.message("Skiffs"))
        self.assertEqual((sent["ok"], sent["state"]), (True, "accepted"))
        self.assertEqual(theirs.result("ack", ref="ifc/1", message="Seen.",
                                       post="Watch"),
                         {"ok": True, "ref": "ifc/1", "state": "acknowledged"})
        wait_for(lambda: ours.result("show", ref=sent["id"], peek=True)
                 ["entente"]["state"] == "acknowledged")
        self.assertEqual(ours.result("peer ping", peer="jmsdf",
                                     count=1)["answered"], 1)
        whole = ours.result("send", to="jmsdf", message=self.message("Dry"),
                            **{"dry_run": True, "set": ["language=en"]})
        self.assertEqual((whole["subject"], whole["language"]), ("Dry", "en"))
        self.assertEqual(ours.result("validate", message=whole),
                         {"ok": True, "kind": "note"})
        self.assertEqual(len(self.jmsdf.inbox()), 1)

    def test_a_note_in_a_hurry_takes_the_defaults_of_the_home(self):
        self.folder.write("ifc/defaults", json.dumps({
            key: json.loads(note("x"))[key]
            for key in ("originator", "label", "legal_basis")}))
        sent = self.api(self.ifc).result("send", to=["jmsdf"], subject="Tea",
                                         message="At four.", wait=True)
        self.assertTrue(sent["ok"])
        self.assertEqual(self.jmsdf.inbox()[0]["subject"], "Tea")

    def test_what_waits_can_be_stopped_and_the_time_can_be_over(self):
        self.jmsdf.stop()
        api = self.api(self.ifc)
        api.begin("slow", "send", to="jmsdf", wait=True,
                  message=self.message("Skiffs"))
        wait_for(lambda: self.ifc.rows("outbox"))
        self.assertEqual(api.result("stop", request="slow"),
                         {"ok": True, "stopped": 1})
        told, end = api.rest("slow")
        self.assertEqual(told["result"]["state"], "queued")
        self.assertEqual(end, {"id": "slow", "done": True, "stopped": True})
        self.assertEqual(api.error("stop", request="slow")["code"],
                         "NOT_FOUND")
        told, end = api.ask("send", to="jmsdf", wait=True, timeout=1,
                            message=self.message("Boats"))
        self.assertEqual(told["result"]["ok"], False)
        self.assertEqual(end["error"]["code"], "TIMEOUT")

    def test_a_node_that_is_killed_fails_what_waits_and_is_found_again(self):
        api = self.api(self.ifc)
        self.jmsdf.stop()
        ids = [f"{i:032x}" for i in range(1, 101)]
        for ident in ids:
            api.begin(ident, "send", to="jmsdf", wait=True,
                      message=self.message("Contact", id=ident))
        wait_for(lambda: len(self.ifc.rows("outbox")) == 100)
        self.ifc.kill()
        for ident in ids:
            *told, end = api.rest(ident)
            self.assertEqual(end["error"]["code"], "UNREACHABLE")
            self.assertEqual(told[0]["result"]["id"], ident)
        self.assertEqual(api.error("status")["code"], "UNREACHABLE")
        self.ifc.start()
        self.jmsdf.start()
        for ident in ids:  # as a program does: the same again
            api.begin(ident, "send", to="jmsdf", wait=True,
                      message=self.message("Contact", id=ident))
        for ident in ids:
            told, end = api.rest(ident)
            self.assertTrue(told["result"]["ok"], told)
        self.assertEqual(len(self.jmsdf.inbox()), 100)

    def test_more_than_the_node_takes_at_once_waits_here(self):
        for i in range(5):
            self.ifc.send(self.jmsdf, note(f"Contact {i}"))
        api = self.api(self.ifc)
        for i in range(400):
            api.begin(i, "outbox")
        rest, code = api.end()
        self.assertEqual(code, 0)
        self.assertEqual(len([a for a in rest if "result" in a]), 2000)
        self.assertEqual(len([a for a in rest if "done" in a]), 400)


class Watching(Two):
    """The cursor is the program's, so that each event is its own once."""

    def seen(self, api, events, ends):
        """Takes events of watch 1 until `ends` says so, or it ends."""
        while not ends():
            answer = json.loads(api.next())
            if answer["id"] != 1 or "result" not in answer:
                return answer
            events.append(answer["result"])
        return None

    def test_nothing_is_lost_or_told_twice_over_restarts(self):
        api = self.api(self.jmsdf)
        events = []

        def came():
            return [e["id"] for e in events if e.get("event") == "new"]

        api.begin(1, "watch")
        self.seen(api, events, lambda: events)
        self.assertEqual(set(events[0]), {"cursor"})
        sent = []
        for round_, away in enumerate((self.jmsdf.stop, self.jmsdf.kill)):
            for i in range(5):
                sent.append(json.loads(self.ifc.send(
                    self.jmsdf, note(f"Contact {round_}.{i}"), "--json",
                    *(["--wait"] if i < 3 else [])).out)["id"])
            self.seen(api, events, lambda: len(came()) > 5 * round_)
            away()
            end = self.seen(api, events, lambda: False)
            self.assertEqual(end["error"]["code"], "UNREACHABLE")
            for i in range(5):
                sent.append(json.loads(self.ifc.send(
                    self.jmsdf, note(f"Boat {round_}.{i}"),
                    "--json").out)["id"])
            self.jmsdf.start()
            api.begin(1, "watch", cursor=events[-1]["cursor"])
        self.seen(api, events, lambda: len(came()) >= len(sent))
        self.assertEqual(sorted(came()), sorted(sent))
        rest, code = api.end()
        self.assertEqual((rest[-1], code),
                         ({"id": 1, "done": True, "stopped": True}, 0))
        api, later = self.api(self.jmsdf), []
        api.begin(1, "watch", cursor=events[-1]["cursor"])
        self.ifc.send(self.jmsdf, note("The last"))
        self.seen(api, later, lambda: later)
        self.assertEqual(later[0]["subject"], "The last")

    def test_it_takes_values_and_no_names_and_can_begin_with_the_oldest(self):
        self.ifc.send(self.jmsdf, note("Skiffs"), "--wait")
        api = self.api(self.jmsdf)
        self.assertEqual(api.error("watch", cursor="desk")["code"],
                         "BAD_ENCODING")
        self.assertEqual(api.error("watch", exec="/bin/true")["code"],
                         "USAGE")
        self.assertEqual(api.error("watch", all=True, cursor="00")["code"],
                         "USAGE")
        events = []
        api.begin(1, "watch", all=True)
        self.seen(api, events, lambda: any(
            e.get("subject") == "Skiffs" for e in events))
        api.begin(2, "stop", request=1)
        *_, end = api.rest(1)
        self.assertEqual(end, {"id": 1, "done": True, "stopped": True})

    def plug_in(self, store):
        env = dict(self.folder.env)
        env["PATH"] = os.path.dirname(PROGRAM) + ":" + env["PATH"]
        return subprocess.Popen([sys.executable, EXAMPLE, self.jmsdf.home,
                                 store], env=env)

    def test_the_plug_in_of_the_examples_does_everything_once(self):
        store = self.path("kept.sqlite")
        plug_in = self.plug_in(store)
        for i in range(20):
            self.ifc.send(self.jmsdf, note(f"Contact {i}"))
            if i in (4, 9):
                plug_in.kill()
                plug_in.wait()
                plug_in = self.plug_in(store)
            if i == 14:
                self.jmsdf.kill()
                self.jmsdf.start()
        try:
            wait_for(lambda: len(self.ifc.rows(
                "outbox", "--state", "acknowledged")) == 20, 60)
        finally:
            plug_in.kill()
            plug_in.wait()
        kept = [row[0] for row in sqlite3.connect(store).execute(
            "SELECT subject FROM message")]
        self.assertEqual(sorted(kept), sorted(
            f"Contact {i}" for i in range(20)))


class Alone(Case):
    """Lines, without a node."""

    def test_a_bad_line_is_answered_and_the_next_is_read(self):
        lines = ["tea?", "[1]", '{"verb": "kinds"}', '{"id": 4}', "",
                 '{"id": 6, "verb": "knds"}',
                 '{"id": 7, "verb": "kinds", "kidn": "note"}',
                 '{"id": 8, "id": 9, "verb": "kinds"}', "[" * 3000,
                 '{"id": 10, "verb": "kinds", "x": "' + "y" * (1 << 20) + '"}',
                 '{"id": 11, "verb": "kinds"}']
        answers = self.entente("api", text="\n".join(lines)).rows
        errors = {a["line"]: a["error"] for a in answers if "error" in a}
        self.assertEqual({line: error["code"] for line, error in
                          errors.items()},
                         {1: "BAD_ENCODING", 2: "BAD_FIELD", 3: "BAD_FIELD",
                          4: "USAGE", 6: "USAGE", 7: "USAGE",
                          8: "BAD_ENCODING", 9: "BAD_ENCODING",
                          10: "TOO_LARGE"})
        self.assertIn("line 1 ", errors[1]["message"])
        self.assertEqual(errors[6]["hint"], "did you mean kinds?")
        self.assertEqual(errors[7]["hint"], "did you mean kind?")
        self.assertEqual(answers[-1], {"id": 11, "done": True})
        for answer in answers:
            self.assertIsNone(OBJECTS.api_fault("kinds", answer))

    def test_an_id_may_be_any_value_and_comes_back(self):
        ids = [0, -1.5, 2**53, "", "ö\n", None, True, [], [1, [2]], {"a": {}}]
        text = "".join(json.dumps({"id": i, "verb": "kinds"}) + "\n"
                       for i in ids)
        rows = self.entente("api", text=text).rows
        self.assertEqual([row["id"] for row in rows if "done" in row], ids)

    def test_a_reader_that_goes_away_ends_it(self):
        process = subprocess.Popen([PROGRAM, "api"], stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE)
        process.stdout.close()
        process.stdin.write(b'{"id": 1, "verb": "kinds"}\n')
        process.stdin.flush()
        self.assertEqual(process.wait(10), 1)
        process.stdin.close()


if __name__ == "__main__":
    unittest.TestCase.maxDiff = 2000
    main()
