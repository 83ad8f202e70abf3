"""Whatever a node says, nothing of it acts on a terminal.

A server in the place of the node answers every request with texts that hold
every kind of character that a terminal or a reader's eye would obey, in every
field; what the commands then print may hold none of them.
"""
import os
import re
import subprocess
import unicodedata

from impostor import Impostor, field
from impostor import message as encoded
from nodes import PROGRAM, Case, main, note
from test_reading import on_terminal

ISOLATES = "\u2066\u2069"  # our own, around what runs from right to left
EVIL = ("jm\u200bsdf\x1b[2J\x1b]0;title\x07\x9b31m\u202e\u2067\u200f\r\n\x7f\t"
        "\x08\x0b\x0c\x0e\x85\u2028\u061c\ufeff\U000e0041\u00ad\ufe0f\u200d"
        "\u0301\u05d0 12")


def message(numbers, **more):
    return encoded(numbers, EVIL, **more)


ROW = message((2, 4, 5, 6, 7, 8, 10, 12, 13), f1="ab" * 16, f3=17,
              f9=1795435800000, f11=2)
PEER = message((1, 2, 3, 4, 5, 14, 15), f6=1, f11=1795435800000,
               f12=1795435800000)
NOTE = (message((4, 5, 6, 7, 13, 21, 22), f1=b"\xab" * 16, f2=1, f8=5, f12=1,
                f14=4, f15=17, f16=b"\xcd" * 16) +
        field(3, message((1, 2))) + field(9, message((), f1=1795435800)) +
        field(17, message((1, 3, 4, 5))) + field(20, message((1, 2))) +
        field(23, message((1, 2)) + field(5, message((1,)))))
BODIES = (field(128, message((1,))),                      # note
          field(101, message((1, 2, 3, 4, 5, 6, 7, 8, 9))),
          field(104, message((2, 3, 4, 5, 6, 7, 8, 9)) +
                field(1, message((1, 2, 3, 4, 5, 6)))),
          field(150, message((1, 2))))                    # not known here
STEP = message((1, 3, 4), f2=1795435800000)
STATUS = (message((1, 2, 3, 4, 7, 8, 9)) + field(5, 1) + field(6, PEER) +
          field(6, PEER))


def answer(kind, body):
    """The field of a Response for a request of this kind."""
    if kind == 10:
        return field(10, STATUS)
    if kind == 11:
        return field(11, field(1, PEER) + field(1, PEER))
    if kind == 14:
        return field(14, message((1, 2, 3, 4, 6)))
    if kind == 15:
        return field(15, field(1, ROW) + field(1, ROW))
    if kind == 16:
        return field(16, field(1, ROW) + field(2, NOTE + body) +
                     message((3, 11, 12)) + field(5, STEP) + field(5, STEP) +
                     field(13, message((1, 2, 3))))
    if kind == 17:
        return field(17, field(1, message((1, 12), f2=1, f3=1)))
    return field(9, message((1, 2, 3, 4)))


COMMANDS = (("inbox",), ("outbox",), ("inbox", "--text", "jm"),
            ("show", "x/1"), ("show", "x/1", "--peek"), ("status",), ("peers",),
            ("peers", "x"), (), ("log",), ("log", "verify"), ("doctor",),
            ("check",), ("metrics",), ("ack", "x/1", "--post", "Duty"),
            ("peer", "ping", "x"), ("pair", "no-such-card"),
            ("reply", "x/1", "-m", "yes"), ("send", "-", "--to", "x"),
            ("capture", "stop"), (EVIL,), ("show", EVIL), ("inbox", "--kind",
                                                           EVIL))


class Liar(Impostor):
    """Answers everything, or refuses it, with texts that act."""

    def __init__(self, home, fails=False, body=BODIES[0]):
        self.fails = fails
        self.body = body
        super().__init__(home)

    def answer(self, kind):
        return answer(0 if self.fails else kind, self.body)


class Controls(Case):
    def setUp(self):
        super().setUp()
        self.node = self.folder.node("ifc", listen=False)

    def faults(self, text, words):
        """What of a text acts, with the line that holds it."""
        for line in text.split("\n"):
            inside = "".join(c for c in line if c in ISOLATES)
            if inside != ISOLATES * (len(inside) // 2):
                yield f"{words}: isolates of {line!r}"
            for c in line:
                if c not in ISOLATES and (
                        unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp") or
                        c == "\ufe0f"):
                    yield f"{words}: U+{ord(c):04X} in {line!r}"
                    break

    def run_all(self, impostor, commands):
        faults = []
        for words in commands:
            for more in ((), ("--json",)):
                said = subprocess.run(
                    [PROGRAM, "--home", self.node.home, *words, *more],
                    input=note("x").encode(), env=self.folder.env,
                    capture_output=True, timeout=60, check=False)
                self.assertGreaterEqual(said.returncode, 0, words)
                for text in (said.stdout, said.stderr):
                    faults += self.faults(text.decode(), words + more)
                self.assertNotEqual(said.stdout + said.stderr, b"", words)
        impostor.close()
        self.assertEqual(faults, [])

    def test_what_a_node_says_only_stands_there(self):
        self.run_all(Liar(self.node.home), COMMANDS)

    def test_why_a_node_refuses_only_stands_there(self):
        self.run_all(Liar(self.node.home, fails=True), COMMANDS)

    def test_every_kind_of_message_only_stands_there(self):
        for body in BODIES:
            self.run_all(Liar(self.node.home, body=body), (("show", "x/1"),))

    def test_on_a_terminal_only_our_own_colours_act(self):
        impostor = Liar(self.node.home)
        env = {**self.folder.env, "TERM": "xterm", "PAGER": ""}
        del env["NO_COLOR"]
        for columns in (60, 80, 132):
            for words in (("inbox",), ("show", "x/1"), ("status",), ("peers",),
                          ("log",)):
                _, seen = on_terminal(
                    [PROGRAM, "--home", self.node.home, *words], env,
                    columns=columns)
                plain = re.sub("\x1b\\[[0-9;]*m", "", seen)
                self.assertEqual(list(self.faults(plain, words)), [])
        impostor.close()

    def said(self, *words, **env):
        done = subprocess.run([PROGRAM, "--home", self.node.home, *words],
                              env={**self.folder.env, **env}, input=b"",
                              capture_output=True, timeout=60, check=False)
        return (done.stdout + done.stderr).decode()

    def test_a_colour_says_nothing_that_words_do_not_say(self):
        """Who sees none reads the same; what counts time is let pass."""
        impostor = Liar(self.node.home)
        coloured = set()
        for words in COMMANDS:
            plain = self.said(*words, NO_COLOR="1")
            painted = self.said(*words, "--color", "always")
            self.assertNotIn("\x1b", plain, words)
            self.assertNotIn("\x1b", self.said(*words, NO_COLOR=""), words)
            if "\x1b" in painted:
                coloured.add(" ".join(words[:1]))
            self.assertEqual(
                re.sub("[0-9]+", "0", re.sub("\x1b\\[[0-9;]*m", "", painted)),
                re.sub("[0-9]+", "0", plain), words)
        for words in (("show", "x/1"), ("doctor",)):
            _, seen = on_terminal([PROGRAM, "--home", self.node.home, *words],
                                  {**self.folder.env, "TERM": "xterm",
                                   "PAGER": "", "NO_COLOR": "1"})
            self.assertNotIn("\x1b", seen)
        impostor.close()
        self.assertEqual(coloured, {"show", "doctor"})

    def test_no_screen_has_colours_that_are_not_looked_at_here(self):
        """`watch` goes on for ever: its lines are in test_event_view."""
        folder = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                              "..", "..", "tools")
        found = set()
        for above, _, names in os.walk(folder):
            for name in names:
                if not name.endswith(".c"):
                    continue
                with open(os.path.join(above, name), encoding="utf-8") as file:
                    if re.search(r"\\(x1b|033|e)\[[0-9;]*m", file.read()):
                        found.add(name)
        self.assertEqual(found, {"findings.c", "show.c", "event_view.c"})


if __name__ == "__main__":
    main()
