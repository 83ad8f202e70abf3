"""What test_misuse.py walks: a line of each verb that would do, values of each
option that would not, and how a refusal has to look.

The verbs and their options are those that the program itself lists: one that
is added later without its row here fails.  ENTENTE_SHOW=1 prints what each
misuse is told, to be read as a tired officer would.
"""
import collections
import hashlib
import json
import os
import re
import subprocess
import unittest

from nodes import INVALID, NOT_FOUND, OBJECTS, PROGRAM, USAGE, Folder, note, \
    wait_for

SHOW = "ENTENTE_SHOW" in os.environ
NAGIOS_UNKNOWN = 3

# What a verb needs to do its work.
NOTHING, A_HOME, NO_HOME, A_NODE = "nothing", "a home", "no home", "a node"

Verb = collections.namedtuple("Verb", "line needs reads writes peer ref asks",
                              defaults=("", (), (), None, None, False))


def verb(line="", needs=NOTHING, **more):
    return Verb(line, needs, **more)


# A line that would do, and where in it stand: files that are read, files that
# are written, a peer's name, a reference; and whether a person is asked.
VERBS = {
    "": verb(),
    "init": verb("--name x --org X --country FR --listen none", NO_HOME,
                 asks=True),
    "up": verb("", A_HOME, asks=True),
    "down": verb("", A_NODE),
    "status": verb("", A_NODE),
    "card": verb("", A_HOME),
    "card show": verb("jmsdf.card", reads=("jmsdf.card",)),
    "safety-number": verb("jmsdf.card ifc.card",
                          reads=("jmsdf.card", "ifc.card")),
    "pair": verb("third.card", A_NODE, reads=("third.card",), asks=True),
    "pair-secret": verb(),
    "peers": verb("jmsdf", A_NODE, peer="jmsdf"),
    "peer ping": verb("jmsdf", A_NODE, peer="jmsdf"),
    "peer remove": verb("jmsdf", A_NODE, peer="jmsdf", asks=True),
    "peer clear-alarm": verb("jmsdf", A_NODE, peer="jmsdf", asks=True),
    "kinds": verb("note"),
    "template": verb("note"),
    "validate": verb("form", reads=("form",)),
    "send": verb("form --to jmsdf", A_NODE, reads=("form",), peer="jmsdf"),
    "compose": verb("note --to jmsdf", NOTHING, asks=True),
    "drafts": verb(),
    "drafts remove": verb("1", A_HOME),
    "inbox": verb("", A_NODE),
    "outbox": verb("", A_NODE),
    "show": verb("jmsdf/1 --peek", A_NODE, ref="jmsdf/1"),
    "reply": verb("jmsdf/1 form", A_NODE, reads=("form",), ref="jmsdf/1"),
    "forward": verb("jmsdf/1 --to other --yes", A_NODE, ref="jmsdf/1",
                    peer="other"),
    "update": verb("jmsdf/s1 form", A_NODE, reads=("form",), ref="jmsdf/s1"),
    "correct": verb("jmsdf/s1 form", A_NODE, reads=("form",), ref="jmsdf/s1"),
    "cancel": verb("jmsdf/s1 form", A_NODE, reads=("form",), ref="jmsdf/s1"),
    "ack": verb("jmsdf/1", A_NODE, ref="jmsdf/1"),
    "decline": verb("jmsdf/1 -m no", A_NODE, ref="jmsdf/1"),
    "watch": verb("", A_NODE),
    "evidence": verb("jmsdf/1 --out new.proof", A_NODE, ref="jmsdf/1",
                     writes=("new.proof",)),
    "verify": verb("some.proof"),
    "api": verb(),
    "log": verb("", A_NODE),
    "log verify": verb("", A_NODE),
    "log export": verb("--peer jmsdf --out new.log", A_NODE, peer="jmsdf",
                       writes=("new.log",)),
    "bundle export": verb("--to jmsdf --out new.bundle", A_NODE, peer="jmsdf",
                          writes=("new.bundle",)),
    "bundle import": verb("some.bundle", A_NODE),
    "capture start": verb("new.pcapng", A_NODE, writes=("new.pcapng",)),
    "capture stop": verb("", A_NODE),
    "replay": verb("some.pcapng", reads=("some.pcapng",), asks=True),
    "doctor": verb("", A_HOME),
    "check": verb("", A_NODE),
    "bench": verb("--to jmsdf", A_NODE, peer="jmsdf"),
    "metrics": verb("", A_HOME),
    "bugreport": verb("", A_HOME),
    "config check": verb("", A_HOME),
    "config show": verb("", A_HOME),
    "paths": verb(),
    "completion": verb("bash"),
    "manual": verb("entente"),
    "help": verb("send"),
}

ANY = "any text is right"
NUMBER = r"whole number from \d+ to \d+"
THRESHOLD = r"WARN\[,CRIT\]"
# Of each option with an argument: values that are none, the exit code, and
# what is said to be right.
VALUES = {
    "home": ANY,  # see Homes
    "color": (("purple",), USAGE, "auto, always or never"),
    "passphrase-fd": (("x", "-1", "70000"), USAGE, NUMBER),
    "name": (("a b", "q", "x" * 65), INVALID, "no blank|64 bytes"),
    "org": (("x" * 65,), INVALID, "64"),
    "country": (("in", "IND"), INVALID, "IN or JP"),
    "listen": (("7300", "1.2.3.4:0"), INVALID, "0.0.0.0:7300"),
    "advertise": (("host", "host:0"), INVALID, "HOST:PORT"),
    "out": ANY,  # see Files
    "as": (("a b", "q"), INVALID, "no blank"),
    "address": (("nowhere",), INVALID, "HOST:PORT"),
    "safety-number": (("12345", "1" * 300), INVALID, "60 digits"),
    "pair-secret": ANY,  # see Files
    "ceiling": (("COSMIC", "x" * 65), INVALID,
                "UNCLASSIFIED.*SECRET"),
    "to": ANY,  # see Peers
    "precedence": (("FAST",), INVALID, "ROUTINE.*FLASH"),
    "id": (("xyz", "A" * 32), INVALID, "32 lower-case hex digits"),
    "wait": (("=recieved",), USAGE, "received, accepted or read"),
    "timeout": (("0", "x", "-1", "1.5", "9" * 30), USAGE, NUMBER),
    "set": (("subject",), USAGE, "field=value"),
    "kind": (("nota",), NOT_FOUND, "did you mean note"),
    "subject": ANY,
    "cursor": (("a/b", "x" * 300), USAGE, "cursor"),
    "exec": (("nofile",), NOT_FOUND, "nofile"),
    "near": (("x", "91,0,5", "0,0,0"), USAGE, "LAT,LON,KM|06-17N"),
    "text": ANY,
    "card": ANY,  # see Files
    "against": (("nowhere", "127.0.0.1:0"), INVALID, "HOST:PORT"),
    "message": ANY,
    "post": (("x" * 1100,), INVALID, "1024 bytes"),
    "peer": (("jmsd",), NOT_FOUND, "did you mean jmsdf"),
    "attach": ANY,  # see test_attach
    "save": ANY,  # see test_attach
    "since": (("yesterday", "7 parsecs"), USAGE, "2025-01-31.*12h"),
    "state": (("red",), USAGE, "recalled"),
    "draft": (("0", "x"), USAGE, NUMBER),
    "count": (("0", "x"), USAGE, NUMBER),
    "size": (("x", "9" * 12), USAGE, NUMBER),
    "limit": (("x", "64MB", "999K", "-1"), USAGE, "size from 1M on"),
    "keep": (("0", "x", "10001"), USAGE, NUMBER),
    "in-flight": (("0", "x"), USAGE, NUMBER),
    "oldest": (("x", "1h,15min", "1h,"), USAGE, THRESHOLD),
    "queued": (("x", "9,3", "-1"), USAGE, THRESHOLD),
    "free": (("x", "5,10", "101"), USAGE, THRESHOLD),
    "key-days": (("x", "3,14"), USAGE, THRESHOLD),
    "link-down": (("x", "1h,1min"), USAGE, THRESHOLD),
}


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def tree(home, without=()):
    """Every file of a folder with its content."""
    found = {}
    for where, _, files in os.walk(home):
        for name in files:
            path = os.path.join(where, name)
            if os.path.isfile(path) and not name.startswith(tuple(without)):
                found[path] = digest(path)
    return found


class Misuse(unittest.TestCase):
    """Two nodes that run and are paired, a home that does not run, and the
    files that the lines of VERBS name."""

    @classmethod
    def setUpClass(cls):
        cls.folder = folder = Folder()
        cls.addClassCleanup(folder.close)
        cls.ifc, cls.jmsdf = ifc, jmsdf = folder.two()
        cls.other = folder.node("other", "OTHER", "FR", listen=False)
        cls.third = folder.node("third", "THIRD", "DE", listen=False)
        folder.card(cls.third)
        digits = folder.digits(ifc, cls.other)
        ifc.run("pair", folder.path("other.card"), "--safety-number", digits)
        folder.write("form", note("from a file"))
        folder.write("ifc/defaults", "originator.post: Duty Officer\n"
                     "label.policy: IN-JP\nlabel.classification: RESTRICTED\n"
                     "legal_basis.agreement: JDSC-2025\n"
                     "legal_basis.article: 2\n")
        folder.write("some.pcapng", "\n\r\r\n and nothing else")
        folder.write("empty", "")
        folder.write("zeros", "\0" * (10 << 20))
        folder.write("binary", bytes(range(1, 128)).decode() * 40)
        os.mkdir(folder.path("folder"))
        jmsdf.send(ifc, note("one").replace('"JP"]', '"JP", "FR"]'))
        jmsdf.send(ifc, note("for the two of us"))
        ifc.send(jmsdf, note("two"))
        jmsdf.wait_quiet(ifc)
        ifc.wait_quiet(jmsdf)
        wait_for(lambda: len(ifc.rows("inbox")) == 2)
        table = folder.entente("help", "--json").json
        cls.verbs = {row["name"]: row for row in table["commands"]}
        cls.options = {row["name"]: row for row in table["options"]}

    # --- one misuse -------------------------------------------------------

    def state(self):
        """What no misuse may change."""
        return (tree(self.ifc.home, ("journal", "index", "keyring",
                                      "last")),
                tree(self.other.home), sorted(os.listdir(self.folder.work)),
                self.ifc.run("outbox", "--json").out,
                [(peer["name"], peer["queued"])
                 for peer in self.ifc.json("peers")["peers"]])

    def run_it(self, words, home=None, stdin=subprocess.DEVNULL,
               stdout=subprocess.PIPE, text=None, **env):
        full = dict(self.folder.env, ENTENTE_HOME=home or self.ifc.home,
                    **env)
        if "ENTENTE_PASSPHRASE_FILE" not in env:
            full.pop("ENTENTE_PASSPHRASE_FILE")
        given = {"stdin": stdin} if text is None else {"input": text.encode()}
        return subprocess.run(
            [PROGRAM, *words], stdout=stdout, stderr=subprocess.PIPE,
            check=False, timeout=60, cwd=self.folder.work, env=full, **given)

    def refused(self, words, code, *says, **how):
        line = "entente " + " ".join(words)
        with self.subTest(line[:200]):
            self.is_refused(line, words, code, *says, **how)

    def is_refused(self, line, words, code, *says, **how):
        """In words and in JSON alike; what they say, each of it."""
        monitor = words[:1] == ["check"]
        plain = self.run_it(words, **how)
        told = (plain.stdout if monitor else plain.stderr).decode()
        if SHOW:
            print(f"$ {line[:200]}\n{told}[{plain.returncode}]")
        self.assertEqual(plain.returncode,
                         NAGIOS_UNKNOWN if monitor else code,
                         f"{line}\n{told}{plain.stdout.decode()}")
        if not monitor:
            self.assertEqual(plain.stdout, b"", line)
            self.assertRegex(told, r"\Aentente: \S", line)
        for wanted in says:
            self.assertRegex(" ".join(told.split()), wanted, line)
        self.assertLess(max(map(len, told.splitlines())), 512, line)
        if monitor:
            return
        answer = self.run_it(["--json", *words], **how)
        self.assertEqual((answer.returncode, answer.stderr), (code, b""), line)
        error = json.loads(answer.stdout)
        self.assertIsNone(OBJECTS.complaint(
            ["--json", *words], answer.stdout.decode(), code), line)
        self.assertIs(error["ok"], False)
        for text in (error["error"]["message"], error["error"]["hint"]):
            self.assertIn(text.split("\n")[0], told, line)
        self.assertTrue(error["error"]["code"], line)

    def each(self):
        """Name, its words, the words behind it, its row here."""
        for name in self.verbs:
            if name != "":
                yield (name, name.split(), VERBS[name].line.split(),
                       VERBS[name])

    def with_option(self, words, name, value):
        """The line with that option; for that it must not have it yet."""
        letter = self.options[name]["letter"]
        rest = list(words)
        for given in (f"--{name}", f"-{letter}"):
            if given in rest:
                at = rest.index(given)
                del rest[at:at + (2 if self.options[name]["argument"] else 1)]
        return rest + (["--" + name + value] if value.startswith("=")
                       else ["--" + name, value])

    def setUp(self):
        self.before = self.state()

    def tearDown(self):
        self.maxDiff = None
        self.assertEqual(self.state(), self.before, "something was changed")
