#!/usr/bin/env python3
"""watch: each event once, in its order, whoever ends in between."""

import json
import os
import pty
import random
import select
import signal
import stat
import subprocess
import threading
import time

from nodes import NOT_FOUND, OBJECTS, OK, PROGRAM, UNREACHABLE, USAGE, Case, \
    main, note, objects, wait_for

ROUNDS = 12


class Watcher:
    """`entente watch`, and what it printed so far."""

    def __init__(self, node, *words):
        self.lines, self.errors = [], []
        self.process = subprocess.Popen(
            [PROGRAM, "--home", node.home, "watch", *words], text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, env=node.folder.env)
        self.readers = [threading.Thread(target=self.read, args=pair)
                        for pair in ((self.process.stdout, self.lines),
                                     (self.process.stderr, self.errors))]
        for reader in self.readers:
            reader.start()

    @staticmethod
    def read(stream, lines):
        for line in stream:
            lines.append(line)

    @property
    def rows(self):
        return [json.loads(line) for line in list(self.lines)]

    def said(self):
        return "".join(self.errors)

    def wait(self, count):
        wait_for(lambda: len(self.lines) >= count, 60,
                 lambda: f"{len(self.lines)} of {count}: {self.lines}\n"
                         f"{self.said()}")
        return self.rows

    def end(self, how=signal.SIGINT):
        if self.process.poll() is None:
            self.process.send_signal(how)
        code = self.process.wait(30)
        for reader in self.readers:
            reader.join()
        self.process.stdout.close()
        self.process.stderr.close()
        return code


def happened(rows, **want):
    return [row["event"] for row in rows
            if all(row.get(key) == value for key, value in want.items())]


class Watching(Case):
    def setUp(self):
        super().setUp()
        self.ifc, self.jmsdf = self.folder.two()

    def watch(self, node, *words):
        watcher = Watcher(node, *words)
        self.addCleanup(watcher.end, signal.SIGKILL)
        return watcher

    def from_now_on(self, node, name, *words):
        """A watcher whose cursor has begun."""
        watcher = self.watch(node, "--cursor", name, "--json", *words)

        def begun():
            path = node.path(f"cursors/{name}")
            return os.path.exists(path) and os.path.getsize(path) > 0
        wait_for(begun, 20, watcher.said)
        return watcher

    def test_both_sides_hear_each_thing_once_and_in_its_order(self):
        ours = self.from_now_on(self.ifc, "desk")
        theirs = self.from_now_on(self.jmsdf, "desk")
        self.ifc.send(self.jmsdf, note("Skiffs off Goa", precedence="FLASH"),
                      "--wait=accepted")
        self.jmsdf.run("show", "ifc/1")
        self.jmsdf.run("ack", "ifc/1", "-m", "Seen.", "--post", "Watch")
        wait_for(lambda: "acknowledged" in happened(ours.rows), 20, ours.said)
        theirs.wait(3)
        self.assertEqual(ours.end(), OK)
        self.assertEqual(theirs.end(signal.SIGTERM), OK)
        rows = ours.rows
        states = happened(rows, ref="jmsdf/s1")
        for state in ("sent", "received", "accepted", "read", "acknowledged"):
            self.assertEqual(states.count(state), 1, states)
        self.assertEqual(states[0], "sent")
        self.assertLess(states.index("accepted"), states.index("read"))
        self.assertEqual((rows[-1]["by"], rows[-1]["why"]), ("Watch", "Seen."))
        self.assertEqual(happened(theirs.rows),
                         ["new", "read", "acknowledged"])
        self.assertEqual(theirs.rows[0]["subject"], "Skiffs off Goa")
        if objects.jsonschema is not None:
            for row in rows + theirs.rows:
                self.assertIsNone(OBJECTS.fault("event", row))

    def test_what_nobody_answers_in_time_is_told_on_both_sides(self):
        ours = self.from_now_on(self.ifc, "desk")
        theirs = self.from_now_on(self.jmsdf, "desk")
        then = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3))
        self.ifc.send(self.jmsdf, json.dumps(dict(
            json.loads(note("Skiffs off Goa")), ack_by=then)))
        for watcher in (ours, theirs):
            wait_for(lambda: "overdue" in happened(watcher.rows), 30,
                     watcher.said)
            self.assertEqual(watcher.end(), OK)
            overdue = watcher.rows[-1]
            self.assertEqual((overdue["event"], overdue["subject"]),
                             ("overdue", "Skiffs off Goa"))
            if objects.jsonschema is not None:
                self.assertIsNone(OBJECTS.fault("event", overdue))

    def test_only_what_is_urgent_is_told_if_that_is_asked_for(self):
        theirs = self.from_now_on(self.jmsdf, "flash", "--precedence", "FLASH")
        for precedence in ("ROUTINE", "FLASH", "IMMEDIATE", "OVERRIDE"):
            self.ifc.send(self.jmsdf, note(precedence, precedence=precedence),
                          "--wait=accepted")
        theirs.wait(2)
        self.assertEqual(theirs.end(), OK)
        self.assertEqual([row["subject"] for row in theirs.rows],
                         ["FLASH", "OVERRIDE"])
        self.jmsdf.fails("BAD_FIELD", "watch", "--precedence", "URGENT",
                         code=7)

    def test_a_new_cursor_begins_now_or_with_the_oldest_and_says_so(self):
        self.ifc.send(self.jmsdf, note("before"), "--wait=accepted")
        late = self.from_now_on(self.jmsdf, "late")
        everything = self.from_now_on(self.jmsdf, "everything", "--all")
        self.ifc.send(self.jmsdf, note("after"), "--wait=accepted")
        late.wait(1)
        everything.wait(2)
        self.assertIn("begins now", late.said())
        self.assertIn("with the oldest", everything.said())
        self.assertEqual((late.end(), everything.end()), (OK, OK))
        self.assertEqual([row["subject"] for row in late.rows], ["after"])
        self.assertEqual([row["subject"] for row in everything.rows],
                         ["before", "after"])
        self.jmsdf.fails("USAGE", "watch", "--cursor", "late", "--all",
                         code=USAGE)

    def test_it_waits_for_a_node_that_ends_and_goes_on(self):
        theirs = self.from_now_on(self.jmsdf, "desk")
        self.ifc.send(self.jmsdf, note("one"), "--wait=accepted")
        self.jmsdf.stop()
        wait_for(lambda: "the node has ended" in theirs.said(), 20, theirs.said)
        self.ifc.send(self.jmsdf, note("two"))
        self.jmsdf.start()
        theirs.wait(2)
        self.jmsdf.kill()
        self.jmsdf.start()
        self.ifc.send(self.jmsdf, note("three"))
        theirs.wait(3)
        self.assertIn("the node is there again", theirs.said())
        self.assertEqual(theirs.end(), OK)
        self.assertEqual([(row["event"], row["subject"])
                          for row in theirs.rows],
                         [("new", "one"), ("new", "two"), ("new", "three")])

    def load(self):
        """Messages sent one after the other, until `enough` is set."""
        self.enough = threading.Event()
        self.sent = 0

        def send():
            while not self.enough.is_set():
                self.ifc.send(self.jmsdf, note(f"number {self.sent}"), "-q")
                self.sent += 1
        self.sending = threading.Thread(target=send)
        self.sending.start()
        self.addCleanup(self.enough.set)

    def end_load(self):
        self.enough.set()
        self.sending.join()
        return [f"number {number}" for number in range(self.sent)]

    def test_ended_and_begun_again_under_load_it_loses_and_doubles_nothing(
            self):
        self.from_now_on(self.jmsdf, "desk").end()
        self.load()
        rows = []
        for _ in range(ROUNDS):
            theirs = self.watch(self.jmsdf, "--cursor", "desk", "--json")
            time.sleep(random.random() / 3)
            # Before it has begun to wait, it ends as any program does.
            self.assertIn(theirs.end(signal.SIGTERM), (OK, -signal.SIGTERM),
                          theirs.said())
            rows += theirs.rows
        sent = self.end_load()
        theirs = self.watch(self.jmsdf, "--cursor", "desk", "--json")
        wait_for(lambda: len(rows) + len(theirs.lines) >= len(sent), 60)
        time.sleep(0.3)
        self.assertEqual(theirs.end(signal.SIGTERM), OK, theirs.said())
        rows += theirs.rows
        self.assertEqual([row["subject"] for row in rows], sent)

    def test_killed_it_may_double_one_row_and_loses_none(self):
        self.from_now_on(self.jmsdf, "desk").end()
        self.load()
        runs = []
        for _ in range(ROUNDS):
            theirs = self.watch(self.jmsdf, "--cursor", "desk", "--json")
            time.sleep(random.random() / 3)
            theirs.end(signal.SIGKILL)
            runs.append([json.loads(line) for line in theirs.lines
                         if line.endswith("\n")])
        sent = self.end_load()
        self.jmsdf.wait_link(self.ifc)
        self.ifc.wait_quiet(self.jmsdf)
        last = self.watch(self.jmsdf, "--cursor", "desk", "--json")
        time.sleep(1.5)
        self.assertEqual(last.end(), OK)
        rows = []
        for run in runs + [last.rows]:
            if rows and run and run[0]["cursor"] == rows[-1]["cursor"]:
                run = run[1:]
            rows += run
        self.assertEqual([row["subject"] for row in rows], sent)

    def program(self, text):
        path = self.path("program")
        with open(path, "w", encoding="utf-8") as out:
            out.write("#!/bin/sh\n" + text)
        os.chmod(path, stat.S_IRWXU)
        return path

    def test_a_program_gets_each_row_until_it_takes_it(self):
        rows = self.path("rows")
        program = self.program(
            f"cat >> {rows}\n"
            f"test \"$(grep -c '\"one\"' {rows})\" -ge 3\n")
        self.ifc.send(self.jmsdf, note("zero"), "--wait=accepted")
        self.from_now_on(self.jmsdf, "desk").end()
        self.ifc.send(self.jmsdf, note("one"), "--wait=accepted")
        self.ifc.send(self.jmsdf, note("two"), "--wait=accepted")
        with open(self.jmsdf.path("cursors/desk"), encoding="utf-8") as cursor:
            before = cursor.read()
        theirs = self.watch(self.jmsdf, "--cursor", "desk", "--exec", program)
        wait_for(lambda: "tried again" in theirs.said(), 20, theirs.said)
        with open(self.jmsdf.path("cursors/desk"), encoding="utf-8") as cursor:
            self.assertEqual(cursor.read(), before)

        def handed():
            with open(rows, encoding="utf-8") as lines:
                return [json.loads(line)["subject"] for line in lines]
        wait_for(lambda: len(handed()) >= 4, 30, theirs.said)
        self.assertEqual(theirs.end(), OK)
        self.assertEqual(handed(), ["one", "one", "one", "two"])
        self.assertEqual(theirs.lines, [])
        self.assertIn("ended with 1; its row is tried again", theirs.said())

    def test_told_to_end_it_lets_the_program_finish_its_row(self):
        rows = self.path("rows")
        begun = self.path("begun")
        program = self.program(f"touch {begun}; sleep 1; cat >> {rows}\n")
        theirs = self.from_now_on(self.jmsdf, "desk", "--exec", program)
        for text in ("one", "two"):
            self.ifc.send(self.jmsdf, note(text), "--wait=accepted")
        wait_for(lambda: os.path.exists(begun), 20, theirs.said)
        self.assertEqual(theirs.end(), OK)
        with open(rows, encoding="utf-8") as lines:
            done = [json.loads(line)["subject"] for line in lines]
        self.assertEqual(done, ["one"])
        os.remove(begun)
        rest = self.watch(self.jmsdf, "--cursor", "desk", "--exec", program)
        wait_for(lambda: os.path.exists(begun), 20, rest.said)
        self.assertEqual(rest.end(), OK)  # also while it does the last row
        with open(rows, encoding="utf-8") as lines:
            done = [json.loads(line)["subject"] for line in lines]
        self.assertEqual(done, ["one", "two"])

    def test_a_cursor_has_one_watcher_at_a_time(self):
        first = self.from_now_on(self.jmsdf, "desk")
        self.jmsdf.fails("LOCKED", "watch", "--cursor", "desk", code=1)
        other = self.from_now_on(self.jmsdf, "other")
        self.assertEqual((first.end(), other.end()), (OK, OK))

    def test_what_cannot_be_watched_is_refused(self):
        self.jmsdf.fails("USAGE", "watch", "--cursor", "../desk", code=USAGE)
        self.jmsdf.fails("NOT_FOUND", "watch", "--exec", "no-such-program",
                         code=NOT_FOUND)
        self.from_now_on(self.jmsdf, "odd").end()
        self.folder.write(self.jmsdf.path("cursors/odd"), "garbage\n")
        self.jmsdf.fails("CORRUPT", "watch", "--cursor", "odd", code=1)
        self.jmsdf.stop()
        self.jmsdf.fails("UNREACHABLE", "watch", code=UNREACHABLE)

    def test_a_restored_home_refuses_what_was_told_after_its_backup(self):
        self.jmsdf.stop()
        kept = self.path("kept")
        subprocess.run(["cp", "-a", self.jmsdf.home, kept], check=True)
        self.jmsdf.start()
        theirs = self.from_now_on(self.jmsdf, "desk")
        self.ifc.send(self.jmsdf, note("after the backup"), "--wait=accepted")
        theirs.wait(1)
        self.assertEqual(theirs.end(), OK)
        self.jmsdf.stop()
        subprocess.run(["cp", "-a", self.jmsdf.path("cursors"), kept],
                       check=True)
        os.rename(self.jmsdf.home, self.path("lost"))
        os.rename(kept, self.jmsdf.home)
        self.jmsdf.start()
        error = self.jmsdf.fails("BAD_CURSOR", "watch", "--cursor", "desk",
                                 code=NOT_FOUND)
        self.assertIn("backup", error["message"])
        self.assertIn(f"rm {self.jmsdf.path('cursors/desk')}", error["hint"])

    def test_it_ends_when_nobody_reads_any_more(self):
        for text in ("one", "two", "three"):
            self.ifc.send(self.jmsdf, note(text), "--wait=accepted")
        done = subprocess.run(
            f"'{PROGRAM}' --home '{self.jmsdf.home}' watch --all --json | "
            "head -n 1", shell=True, timeout=30, capture_output=True,
            text=True, check=True, env=self.folder.env)
        self.assertEqual(json.loads(done.stdout)["subject"], "one")
        self.assertEqual(done.stderr, "")

    def test_a_terminal_rings_for_what_is_urgent(self):
        master, slave = pty.openpty()
        self.addCleanup(os.close, master)
        process = subprocess.Popen(
            [PROGRAM, "--home", self.jmsdf.home, "watch", "--all"],
            stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
            env=dict(self.folder.env, TERM="xterm"))
        os.close(slave)
        seen = ""

        def until(text):
            def there():
                nonlocal seen
                while select.select([master], [], [], 0.1)[0]:
                    seen += os.read(master, 65536).decode()
                return text in seen
            wait_for(there, 20, lambda: repr(seen))
        self.ifc.send(self.jmsdf, note("quiet one"), "--wait=accepted")
        until("quiet one")
        self.assertNotIn("\a", seen)
        self.ifc.send(self.jmsdf, note("loud one", precedence="IMMEDIATE"),
                      "--wait=accepted")
        until("loud one")
        until("\a")
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(20), OK)


if __name__ == "__main__":
    main()
