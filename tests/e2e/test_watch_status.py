#!/usr/bin/env python3
"""status --watch: painted on a terminal, a stream of objects for programs."""

import json
import os
import pty
import select
import signal
import subprocess
import termios
import time

from nodes import OBJECTS, OK, PROGRAM, UNREACHABLE, Case, main, wait_for

LEAVES = "\x1b[?7h\x1b[?25h\x1b[?1049l"


class Watch(Case):
    def setUp(self):
        super().setUp()
        self.ifc = self.folder.node("ifc", listen=False)
        self.ifc.start()
        self.seen = ""

    def at_terminal(self):
        self.master, slave = pty.openpty()
        self.addCleanup(os.close, self.master)
        self.before = termios.tcgetattr(slave)
        self.process = subprocess.Popen(
            [PROGRAM, "--home", self.ifc.home, "status", "--watch"],
            stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
            env=dict(self.folder.env, TERM="xterm"))
        self.slave = slave
        self.addCleanup(os.close, slave)

    def read(self, seconds=0.1):
        while select.select([self.master], [], [], seconds)[0]:
            self.seen += os.read(self.master, 65536).decode()

    def until(self, text):
        def there():
            self.read()
            return text in self.seen
        wait_for(there, 20, lambda: f"{text!r} not in {self.seen!r}")

    def ended(self, code):
        self.assertEqual(self.process.wait(20), code)
        self.read()
        self.assertIn(LEAVES, self.seen)
        self.assertEqual(termios.tcgetattr(self.slave), self.before)

    def test_it_paints_again_and_ends_on_q(self):
        self.at_terminal()
        self.until("q ends")
        self.assertTrue(self.seen.startswith("\x1b[?1049h"))
        once = self.seen.count("\x1b[H")
        wait_for(lambda: self.read() or self.seen.count("\x1b[H") > once + 1)
        self.assertEqual(self.seen.count("\x1b[2J"), 1)  # no flicker
        os.write(self.master, b"q")
        self.ended(OK)

    def test_an_interrupt_ends_it_with_the_terminal_as_before(self):
        self.at_terminal()
        self.until("q ends")
        self.process.send_signal(signal.SIGINT)
        self.ended(OK)

    def test_the_end_of_the_node_ends_it_and_is_said(self):
        self.at_terminal()
        self.until("q ends")
        self.ifc.stop()
        self.ended(UNREACHABLE)
        said = self.seen.split(LEAVES)[1]
        self.assertIn("the node went away", said)

    def test_programs_get_an_object_a_line(self):
        process = subprocess.Popen(
            [PROGRAM, "--home", self.ifc.home, "status", "--watch", "--json"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            env=self.folder.env, text=True)
        first, second = (json.loads(process.stdout.readline())
                         for _ in range(2))
        self.assertIsNone(OBJECTS.fault("status", second))
        self.assertEqual(first["name"], "ifc")
        self.assertEqual(set(first), set(second))
        self.ifc.stop()
        rest = process.stdout.read().splitlines()
        self.assertEqual(process.wait(20), UNREACHABLE)
        self.assertEqual(json.loads(rest[-1])["error"]["code"], "UNREACHABLE")
        process.stdout.close()

    def test_a_pipe_gets_plain_pages(self):
        process = subprocess.Popen(
            [PROGRAM, "--home", self.ifc.home, "status", "--watch"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            env=self.folder.env, text=True)
        time.sleep(1.5)
        process.send_signal(signal.SIGTERM)
        pages = process.communicate(timeout=20)[0]
        self.assertEqual(process.returncode, OK)
        self.assertNotIn("\x1b", pages)
        self.assertGreaterEqual(pages.count("ifc of IFC"), 2)


if __name__ == "__main__":
    main()
