#!/usr/bin/env python3
"""Two officers at two terminals, from a bare home to the first acknowledged
message: what they type, what they see, and that README tells it so.

    test_first_day.py --write    writes the transcript into README.md

The terminals are tmux's, 80 columns wide.  The report is filed by `compose`
in vi.  What differs each time (times, digits, ports, paths) is not compared.
"""
import os
import re
import shutil
import subprocess
import sys
import unittest

from nodes import (BIN, HERE, PASSPHRASE, Case, Node, check, free_port, main,
                   wait_for)

README = os.path.join(HERE, "..", "..", "README.md")
BEGIN, END = "<!-- first day -->\n```text\n", "```\n<!-- end -->\n"
COMMANDS_MAX = 6
WIDTH = 80
GROUPS = r"\d{5}(?: \d{5}){5}"
CHANGING = (
    (GROUPS, "12345 12345 12345 12345 12345 12345"),
    (r"\d{6}Z [A-Z]{3} \d\d(?: \([^)]*\))?", "010203Z JAN 26"),
    (r"127\.0\.0\.1:\d+", "127.0.0.1:7300"),
    (r"is made in \S+", "is made in /srv"),
    (r"by \d{4}-\d\d-\d\d", "by 2026-01-02"),
)
REPORT = {
    "subject": "Tanker approached by two skiffs off Lagos",
    "ship.name": "unknown tanker",
    "position": "06-17N 003-21E",
    "occurred": "2014-04-23",
    "incident_type": "suspicious_approach",
    "originator.post": "Duty Officer",
    "label.policy": "IN-JP",
    "label.classification": "RESTRICTED",
    "label.releasable_to": "IN, JP",
    "legal_basis.agreement": "JDSC-2025",
    "legal_basis.article": "2",
    "precedence": "IMMEDIATE",
}


def comparable(text):
    """Without what changes from one day to the next."""
    for pattern, instead in CHANGING:
        text = re.sub(pattern, instead, text)
    return text


class Officer:
    """A person at a terminal, with a node that is not made yet."""

    def __init__(self, folder, name, org, country):
        self.node = Node(folder, name, org, country)
        folder.nodes.append(self.node)
        self.name = name
        self.port = free_port()
        self.tmux = ["tmux", "-S", folder.path("tmux"), "-f", "/dev/null"]
        self.typed = 0
        self.told = []
        desk = folder.path("handed-over")
        os.makedirs(desk, exist_ok=True)
        person = folder.path(name + "-person")
        os.makedirs(person)
        profile = folder.write(name + ".profile", f"""\
PS1='{name}$ '
export HOME={person} EDITOR=vi ENTENTE_HOME={self.node.home} PATH={BIN}:$PATH
unset ENTENTE_PASSPHRASE_FILE
""")
        self.ask_tmux("new-session", "-d", "-s", name, "-x", str(WIDTH), "-y", "60",
                      "-c", desk, "bash", "--noprofile", "--rcfile", profile)
        self.wait(r"^\S+\$ ?$")

    def ask_tmux(self, *words):
        return subprocess.run([*self.tmux, *words], check=True, timeout=20,
                              capture_output=True, text=True).stdout

    def screen(self):
        return self.ask_tmux("capture-pane", "-pJ", "-t", self.name)

    def keys(self, *words):
        self.ask_tmux("send-keys", "-t", self.name, *words)

    def line(self, text):
        self.keys("-l", text)
        self.keys("Enter")

    def wait(self, pattern):
        return wait_for(
            lambda: re.search(pattern, self.screen().rstrip("\n"), re.M), 60,
            lambda: f"{self.name}: {pattern!r} is not on the screen:\n"
                    f"{self.screen()}")

    def begin(self, command):
        """Types a command on an empty screen."""
        self.keys("-R", "C-l")
        self.wait(r"\A" + re.escape(self.name) + r"\$\s*\Z")
        self.typed += 1
        self.line(command)

    def finish(self):
        """Waits for the prompt, and keeps the screen."""
        self.wait(r"\n" + re.escape(self.name) + r"\$ ?\Z")
        lines = self.screen().rstrip().splitlines()[:-1]
        for line in lines[1:]:
            check(len(line) <= WIDTH, f"too long for a terminal: {line}")
        self.told.append("\n".join(line.rstrip() for line in lines) + "\n")
        return self.told[-1]

    def do(self, command):
        self.begin(command)
        return self.finish()

    def make_node(self):
        self.begin(f"entente init --name {self.name} --org {self.node.org} "
                   f"--country {self.node.country} "
                   f"--listen 127.0.0.1:{self.port} --start")
        for prompt in ("New passphrase of this node:", "The same again:"):
            self.wait(prompt)
            self.line(PASSPHRASE)
        return self.finish()

    def begin_pairing(self, other):
        """The six groups that are to be read to the other side."""
        self.begin(f"entente pair {other.name}.card")
        self.wait("Type what they read:")
        return re.search(f"Read to them: +({GROUPS})", self.screen())[1]

    def file_report(self, other):
        self.begin(f"entente compose maritime_incident --to {other.name}")
        self.wait("^kind: maritime_incident")
        for field, value in REPORT.items():
            self.line(f":%s/^{re.escape(field)}:.*/{field}: {value}/")
        self.line(":wq")
        self.wait(r"Send\? \[y/N/e\]")
        self.line("y")
        return self.finish()


@unittest.skipUnless(shutil.which("tmux") and shutil.which("vi"),
                     "needs tmux and vi")
class FirstDay(Case):
    def setUp(self):
        super().setUp()
        self.ifc = Officer(self.folder, "ifc", "IFC-IOR", "IN")
        self.jmsdf = Officer(self.folder, "jmsdf", "JMSDF", "JP")
        self.addCleanup(self.ifc.ask_tmux, "kill-server")

    def play(self):
        """The whole day; the screens in their order."""
        ifc, jmsdf = self.ifc, self.jmsdf
        day = [ifc.make_node(), jmsdf.make_node()]
        day += [one.do(f"entente card --out {one.name}.card")
                for one in (ifc, jmsdf)]
        read = {one: one.begin_pairing(other)
                for one, other in ((ifc, jmsdf), (jmsdf, ifc))}
        for one, other in ((ifc, jmsdf), (jmsdf, ifc)):
            one.line(read[other])
            day.append(one.finish())
        ifc.node.wait_link(jmsdf.node)
        day.append(ifc.file_report(jmsdf))
        wait_for(jmsdf.node.inbox)
        day.append(jmsdf.do("entente inbox"))
        day.append(jmsdf.do("entente show ifc/1"))
        day.append(jmsdf.do("entente ack ifc/1 -m 'A patrol boat has left.'"))
        wait_for(lambda: ifc.node.rows("outbox")[0]["state"] == "acknowledged")
        day.append(ifc.do("entente show jmsdf/s1"))
        return day

    def test_six_commands_a_side_to_the_first_acknowledged_message(self):
        day = self.play()
        for officer in (self.ifc, self.jmsdf):
            self.assertLessEqual(officer.typed, COMMANDS_MAX)
        self.assertIn("A patrol boat has left.", day[-1])
        with open(README, encoding="utf-8") as source:
            told = source.read().split(BEGIN)[1].split(END)[0]
        self.assertEqual(comparable("\n".join(day)).splitlines(),
                         comparable(told).splitlines(),
                         "README tells another day; see --write")


def write():
    """Plays the day once and writes it into README."""
    class Once(FirstDay):
        def test_six_commands_a_side_to_the_first_acknowledged_message(self):
            with open(README, encoding="utf-8") as source:
                before, rest = source.read().split(BEGIN)
            day = "\n".join(self.play()).replace(self.folder.work, "/srv")
            with open(README, "w", encoding="utf-8") as out:
                out.write(before + BEGIN + day + END + rest.split(END)[1])

    unittest.TextTestRunner().run(
        unittest.defaultTestLoader.loadTestsFromTestCase(Once))


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        write()
    else:
        main()
