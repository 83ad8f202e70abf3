"""Inbox, outbox, drafts and show as an officer reads them."""
import fcntl
import json
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time

from impostor import Impostor, field, message
from nodes import PROGRAM, USAGE, Case, main, note

SHIP = {"name": "unknown tanker", "type": "tanker"}


def incident(subject, lat, lon, action=None, refs=None):
    message = json.loads(note(subject))
    message["kind"] = "maritime_incident"
    del message["note"]
    message["maritime_incident"] = {
        "ship": SHIP, "incident_type": "suspicious_approach",
        "position": {"lat": lat, "lon": lon},
        "occurred": {"t": "2014-04-23", "precision": "DAY"}}
    if action:
        message["action"] = action
        message["refs"] = refs
    return json.dumps(message)


def on_terminal(words, env, rows=24, columns=80, keys=b"", wait=None):
    """What a command writes to a terminal of this size, and its exit code;
    `keys` are typed once `wait` was seen."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ,
                struct.pack("HHHH", rows, columns, 0, 0))
    process = subprocess.Popen(words, stdin=slave, stdout=slave, stderr=slave,
                               env=env, start_new_session=True)
    os.close(slave)
    seen = b""
    ends = time.monotonic() + 30
    while time.monotonic() < ends:
        ready, _, _ = select.select([master], [], [], 0.1)
        if ready:
            try:
                piece = os.read(master, 65536)
            except OSError:
                break
            if not piece:
                break
            seen += piece
        if keys and (wait is None or wait in seen):
            os.write(master, keys)
            keys = b""
    code = process.wait(timeout=30)
    os.close(master)
    return code, seen.decode().replace("\r\n", "\n")


class ManyRows(Impostor):
    """An inbox of so many rows."""

    def __init__(self, home, count):
        self.left = count
        super().__init__(home)

    def answer(self, kind):
        row = message((2, 4, 5, 6, 7, 8, 10), "as many words as a row has",
                      f1="ab" * 16, f3=17, f9=1795435800000, f11=2)
        count = min(200, self.left)
        self.left -= count
        return field(15, field(1, row) * count)


# A process of its own, so that the memory is that of one child.
MEASURE = """
import resource, subprocess, sys
done = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE, check=True)
print(len(done.stdout.splitlines()),
      resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


class Reading(Case):
    def terminal(self, node, *words, env=None, **how):
        return on_terminal([PROGRAM, "--home", node.home, *words],
                           {**self.folder.env, "TERM": "xterm",
                            **(env or {})}, **how)

    def subjects(self, node, *words):
        return [row["subject"] for row in node.rows(*words)]

    def test_near_and_text_find_what_stands_in_sealed_bodies(self):
        ifc, jmsdf = self.folder.two()
        ifc.send(jmsdf, incident("off Lagos", 6.283, 3.35))
        ifc.send(jmsdf, incident("off Mombasa", "04-03S", "039-40E"))
        ifc.send(jmsdf, note("Fuel", "Bunkers at Yokosuka. \u00c4\u6d77\u5ce1"))
        ifc.wait_quiet(jmsdf)
        for node, verb in ((jmsdf, "inbox"), (ifc, "outbox")):
            for words, found in (
                    (("--near", "06-17N,003-21E,50"), ["off Lagos"]),
                    (("--near", "6.28,3.35,0.5"), ["off Lagos"]),
                    (("--near", "-4,39.7,10"), ["off Mombasa"]),
                    (("--near", "0,0,1"), []),
                    (("--near", "0,20,5000"), ["off Lagos", "off Mombasa"]),
                    (("--text", "yokoSUKA"), ["Fuel"]),
                    (("--text", "\u00e4\u6d77"), ["Fuel"]),
                    (("--text", "UNKNOWN tanker"),
                     ["off Lagos", "off Mombasa"]),
                    (("--text", "suspicious_approach", "--near",
                      "06-17N,003-21E,50"), ["off Lagos"]),
                    (("--text", "no such words"), [])):
                self.assertEqual(self.subjects(node, verb, *words), found,
                                 (verb, words))
        self.assertEqual(self.subjects(jmsdf, "inbox", "--text", "ifc/3"),
                         ["Fuel"])
        self.assertEqual({row["state"] for row in jmsdf.inbox()}, {"new"})
        self.assertEqual(
            self.subjects(jmsdf, "inbox", "--kind", "note", "--text", "tanker"),
            [])
        asked = {"id": 1, "verb": "inbox", "text": "tanker",
                 "near": "06-17N,003-21E,50"}
        said = jmsdf.run("api", text=json.dumps(asked)).rows
        self.assertEqual([row["result"]["subject"] for row in said
                          if "result" in row], ["off Lagos"])

    def test_drafts_are_found_as_messages_are(self):
        node = self.folder.node("ifc", listen=False)
        os.makedirs(node.path("drafts"), mode=0o700)
        for number, (kind, to, form) in enumerate((
                ("note", "jmsdf", "kind: note\nsubject: Fuel\n"
                                  "note.text: Bunkers at YOKOSUKA\n"),
                ("maritime_incident", "jmsdf,usff",
                 "kind: maritime_incident\nsubject: off Lagos\n"
                 "maritime_incident.position: 06-17N 003-21E\n")), 1):
            for end, text in (("form", form), ("json", json.dumps(
                    {"kind": kind, "to": to, "id": "ab" * 16, "about": ""}))):
                path = os.path.join(node.path("drafts"), f"{number}.{end}")
                with open(path, "w", encoding="utf-8") as file:
                    file.write(text)
                os.chmod(path, 0o600)
        for words, found in (((), ["Fuel", "off Lagos"]),
                             (("--text", "yokosuka"), ["Fuel"]),
                             (("--near", "6.28,3.35,10"), ["off Lagos"]),
                             (("--near", "0,0,10"), []),
                             (("--peer", "usff"), ["off Lagos"]),
                             (("--peer", "usf"), []),
                             (("--kind", "note"), ["Fuel"]),
                             (("--since", "1h"), ["Fuel", "off Lagos"]),
                             (("--since", "2199-01-01"), [])):
            self.assertEqual(self.subjects(node, "drafts", *words), found,
                             words)

    def test_what_is_no_position_is_refused_in_words(self):
        node = self.folder.node("ifc", listen=False)
        for near in ("6,3", "91,3,5", "6,181,5", "6,3,0", "6,3,-1", "x,y,z"):
            for verb in ("inbox", "outbox", "drafts"):
                said = node.fails("USAGE", verb, "--near", near, code=USAGE)
                self.assertIn("06-17N,003-21E,50", said["message"])
        self.assertIn("--unread", node.fails("USAGE", "drafts", "--unread",
                                             code=USAGE)["message"])
        node.fails("USAGE", "inbox", "--text", "", code=USAGE)

    def test_many_are_sifted_in_little_memory(self):
        ifc, jmsdf = self.folder.two()
        for number in range(230):
            ifc.send(jmsdf, note(f"number {number}", f"Body {number}."), "-q")
        ifc.wait_quiet(jmsdf)
        self.assertEqual(self.subjects(jmsdf, "inbox", "--text", "body 22"),
                         ["number 22"] + [f"number {220 + i}"
                                          for i in range(10)])
        self.assertEqual(len(jmsdf.inbox()), 230)

    def test_a_stream_of_rows_takes_no_more_memory_the_longer_it_is(self):
        node = self.folder.node("ifc", listen=False)
        peaks = []
        # A sanitizer would keep what is freed.
        env = {**self.folder.env, "ASAN_OPTIONS": self.folder.env.get(
            "ASAN_OPTIONS", "") + ":quarantine_size_mb=1"}
        for rows in (1000, 50000):
            impostor = ManyRows(node.home, rows)
            said = subprocess.run(
                [sys.executable, "-c", MEASURE, PROGRAM, "--home", node.home,
                 "inbox", "--json"], env=env, check=True,
                capture_output=True, text=True).stdout.split()
            impostor.close()
            self.assertEqual(int(said[0]), rows)
            peaks.append(int(said[1]))
        self.assertLess(peaks[1], peaks[0] + 4096)

    def test_a_list_longer_than_the_screen_is_paged(self):
        ifc, jmsdf = self.folder.two()
        for number in range(30):
            ifc.send(jmsdf, note(f"number {number} \u6d77\u5ce1"), "-q")
        ifc.wait_quiet(jmsdf)
        pager = self.folder.write("pager", "#!/bin/sh\nsed 's/^/| /'\n")
        os.chmod(pager, 0o700)
        code, seen = self.terminal(jmsdf, "inbox", env={"PAGER": pager})
        self.assertEqual(code, 0)
        self.assertIn("\n| ifc/30 ", seen)
        for env, rows in (({"PAGER": pager}, 60), ({"PAGER": ""}, 24),
                          ({"PAGER": "cat"}, 24)):
            code, seen = self.terminal(jmsdf, "inbox", env=env, rows=rows)
            self.assertEqual(code, 0)
            self.assertIn("\nifc/30 ", seen)
        # Who leaves early has seen enough; no such pager: it is printed.
        code, seen = self.terminal(jmsdf, "inbox", env={"PAGER": "head -n 2"})
        self.assertEqual(code, 0)
        self.assertIn("ifc/1 ", seen)
        self.assertNotIn("ifc/30", seen)
        code, seen = self.terminal(jmsdf, "inbox",
                                   env={"PAGER": "no-such-pager-at-all"})
        self.assertEqual(code, 0)
        self.assertIn("\nifc/30 ", seen)
        code, seen = self.terminal(jmsdf, "inbox", env={"PAGER": "less -FRX"},
                                   keys=b"q", wait=b"ifc/10")
        self.assertEqual(code, 0)
        self.assertNotIn("ifc/30", seen)
        self.assertIn("\u6d77\u5ce1", seen) # whatever the locale is

    def test_a_cancelled_position_cannot_be_missed(self):
        ifc, jmsdf = self.folder.two()
        first = ifc.send(jmsdf, incident("Boats", 6.283, 3.35), "--json").json
        ifc.send(jmsdf, incident("More boats", 6.3, 3.36, "UPDATE",
                                 [first["id"]]), "-q")
        ifc.wait_quiet(jmsdf)
        ifc.send(jmsdf, incident("No boats", 6.283, 3.35, "CANCEL",
                                 [first["id"]]), "-q")
        ifc.wait_quiet(jmsdf)
        row = jmsdf.inbox()[0]
        self.assertEqual(row["newer"], {"action": "CANCEL", "ref": "ifc/3"})
        self.assertEqual(ifc.rows("outbox")[0]["newer"],
                         {"action": "CANCEL", "ref": "jmsdf/s3"})
        self.assertNotIn("newer", jmsdf.inbox()[2])
        self.assertIn("CANCELLED by ifc/3: Boats", jmsdf.run("inbox").out)
        told = jmsdf.json("show", "ifc/1", "--peek")["entente"]["newer"]
        self.assertEqual([(one["action"], one["ref"]) for one in told],
                         [("CANCEL", "ifc/3"), ("UPDATE", "ifc/2")])
        for node, asked, newest in ((jmsdf, "ifc/1", "ifc/3"),
                                    (ifc, "jmsdf/s1", "jmsdf/s3")):
            lines = node.run("show", asked, "--peek").out.splitlines()
            self.assertRegex(lines[0], r"^=== IN-JP RESTRICTED")
            self.assertIn(f"*** {asked} IS CANCELLED by {newest}", lines[1])
            self.assertLess(lines.index(f"Reference: {newest}"),
                            lines.index(f"Reference: {asked}"))
            text = " ".join(" ".join(lines).split())
            self.assertIn("do not act on it", text)
            self.assertIn(f"{asked} IS UPDATED by", text)
            self.assertRegex(text, f"Cancels: {asked}, [0-9]{{6}}Z")
        self.assertEqual({row["state"] for row in jmsdf.inbox()}, {"new"})
        jmsdf.run("show", "ifc/1")
        self.assertEqual([row["state"] for row in jmsdf.inbox()],
                         ["read", "new", "read"])

    def test_a_cancel_that_waits_marks_what_it_cancels_at_once(self):
        ifc, jmsdf = self.folder.two()
        first = ifc.send(jmsdf, note("Boats"), "--wait=received",
                         "--json").json
        jmsdf.stop()
        message = json.loads(note("No boats"))
        message.update(action="CANCEL", refs=[first["id"]])
        ifc.send(jmsdf, json.dumps(message), "-q")
        row = ifc.rows("outbox")[0]
        self.assertEqual(row["newer"]["action"], "CANCEL")
        self.assertIn("IS CANCELLED by", ifc.run("show", "jmsdf/s1").out)

    def test_times_stand_beside_the_clock_on_the_wall(self):
        ifc, jmsdf = self.folder.two()
        message = json.loads(note("Boats"))
        message["dtg"] = "2026-11-23T19:10:00Z"
        ifc.send(jmsdf, json.dumps(message), "--wait=received")
        said = jmsdf.run("show", "ifc/1",
                         env={**self.folder.env, "TZ": "JST-9"}).out
        self.assertIn("231910Z NOV 26 (04:10 local, 24 NOV)", said)
        self.assertRegex(said, r"new [0-9]{6}Z .* local.*\s+by this node")


if __name__ == "__main__":
    main()
