"""Nodes for the tests of whole programs: a folder, homes in it, the daemons
of those homes, and the command that talks to them.

Standard library only.  ENTENTE_BIN names the folder of the programs, and
ENTENTE_DISK where the folders are made.  What a test starts it ends, by its
own id; the folder of a test that failed is kept, and named.
"""
import atexit
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

import objects

HERE = os.path.dirname(os.path.abspath(__file__))
BIN = os.path.abspath(os.environ.get("ENTENTE_BIN") or os.path.join(
    HERE, "..", "..", "build", "release"))
PROGRAM = os.path.join(BIN, "entente")
DAEMON = os.path.join(BIN, "entented")
SHARED = os.path.join(HERE, "..", "..", "..", "shared")
PASSPHRASE = "correct horse battery staple"
SKIPPED = 77

# As `entente help exit-codes` says.
OK, FAILURE, USAGE, UNREACHABLE, UNTRUSTED, NOT_FOUND, TIMEOUT, INVALID, \
    POLICY = range(9)

# The file `defaults` of a home.
DEFAULTS = """\
originator.post: Duty Officer
label.policy: IN-JP
label.classification: RESTRICTED
label.releasable_to: IN, JP
legal_basis.agreement: JDSC-2025
legal_basis.article: 2
"""

MADE = {}  # homes made once, to be copied: making keys takes its time
OBJECTS = objects.Objects(PROGRAM)
if objects.jsonschema is None:
    print(objects.WHY, file=sys.stderr)


def check(truth, words):
    if not truth:
        raise AssertionError(words)


def shared(*path):
    """A file of ../shared, or the test is skipped."""
    found = os.path.abspath(os.path.join(SHARED, *path))
    if not os.path.exists(found):
        raise unittest.SkipTest(f"../shared/{'/'.join(path)} is not here")
    return found


def free_port():
    """Below the range from which the kernel gives a dialling node its own
    port: a node that is down for a while gets its port back."""
    while True:
        port = random.SystemRandom().randrange(10240, 32768)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue


def wait_for(what, seconds=20, words="it did not come to pass"):
    """What `what` returns, once that is true."""
    ends = time.monotonic() + seconds
    while True:
        found = what()
        if found:
            return found
        check(time.monotonic() < ends,
              words() if callable(words) else words)
        time.sleep(0.05)


def note(subject, text="Position and course as before.",
         precedence="ROUTINE"):
    """A note in our JSON, label and legal basis included."""
    return json.dumps({
        "kind": "note", "precedence": precedence, "subject": subject,
        "originator": {"org": "IFC-IOR", "post": "Duty Officer"},
        "label": {"policy": "IN-JP", "classification": "RESTRICTED",
                  "releasable_to": ["IN", "JP"]},
        "legal_basis": {"agreement": "JDSC-2025", "article": "2"},
        "note": {"text": text}})


class Answer:
    """What a command said and ended with."""

    def __init__(self, code, out, err):
        self.code = code
        self.out = out
        self.err = err

    @property
    def json(self):
        return json.loads(self.out)

    @property
    def rows(self):
        """A stream: one object a line."""
        return [json.loads(line) for line in self.out.splitlines()]


class Folder:
    """What one test makes; `close` ends its daemons and removes it."""

    def __init__(self):
        self.work = tempfile.mkdtemp(prefix="entente-e2e-",
                                     dir=os.environ.get("ENTENTE_DISK"))
        self.nodes = []
        # Nothing of the caller's own node, and nothing else by chance.
        self.env = {"PATH": os.environ["PATH"], "HOME": self.work,
                    "NO_COLOR": "1", "ENTENTE_PASSPHRASE_FILE":
                    self.write("passphrase", PASSPHRASE + "\n")}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"):
            if name in os.environ:
                self.env[name] = os.environ[name]

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        self.close(keep=kind is not None)

    def close(self, keep=False):
        for node in self.nodes:
            node.end()
        if keep:
            print(f"what it made is in {self.work}", file=sys.stderr)
        else:
            shutil.rmtree(self.work)

    def path(self, name):
        return os.path.join(self.work, name)

    def write(self, name, text):
        """Writes a file for the owner alone; its path."""
        path = self.path(name)
        with open(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600),
                  "w", encoding="utf-8") as out:
            out.write(text)
        return path

    def read(self, name):
        with open(self.path(name), encoding="utf-8") as source:
            return source.read()

    def entente(self, *words, code=OK, text="", env=None, timeout=120):
        """Runs the command; it must end with `code` (None: any)."""
        full = dict(self.env, **(env or {}))
        done = subprocess.run(
            [PROGRAM, *words], input=text.encode(), capture_output=True,
            timeout=timeout, check=False,
            env={key: value for key, value in full.items()
                 if value is not None})
        answer = Answer(done.returncode, done.stdout.decode(),
                        done.stderr.decode())
        check(code is None or answer.code == code,
              f"entente {' '.join(words)}: exit {answer.code}, not {code}\n"
              f"{answer.out}{answer.err}")
        if "--json" in words:
            wrong = OBJECTS.complaint(words, answer.out, answer.code)
            check(wrong is None, f"entente {' '.join(words)}: its JSON is not "
                  f"what tools/objects.schema.json says: {wrong}\n{answer.out}")
        return answer

    def fails(self, name, *words, code, **how):
        """Fails with a status of that name, in words and in JSON alike."""
        answer = self.entente(*words, "--json", code=code, **how)
        error = answer.json["error"]
        check(answer.json["ok"] is False and error["code"] == name and
              error["message"] and
              set(error) == {"code", "message", "hint", "path"},
              f"not {name}: {answer.out}")
        plain = self.entente(*words, code=code, **how)
        check(plain.err.splitlines()[-1].startswith(
            ("entente: ", "hint: ", "  ")), plain.err)
        return error

    def init(self, name, *words, org=None, country="IN", listen="none"):
        """A node by `entente init`."""
        node = Node(self, name, org or name.upper(), country)
        self.nodes.append(node)
        node.run("init", "--name", name, "--org", node.org, "--country",
                 country, "--listen", listen, *words)
        return node

    def node(self, name, org=None, country="IN", listen=True):
        """The same, as a copy of one that was made once; it listens on a
        port of its own, or calls only."""
        key = (name, org, country)
        if key not in MADE:
            made = self.init(name, org=org, country=country)
            MADE[key] = tempfile.mkdtemp(prefix="entente-e2e-made-")
            atexit.register(shutil.rmtree, MADE[key])
            shutil.copytree(made.home, os.path.join(MADE[key], name))
        else:
            made = Node(self, name, org or name.upper(), country)
            self.nodes.append(made)
            shutil.copytree(os.path.join(MADE[key], name), made.home)
        if listen:
            made.port = free_port()
            self.write(os.path.join(made.home, "config"),
                       f"[node]\nlisten = 127.0.0.1:{made.port}\n"
                       f"advertise = 127.0.0.1:{made.port}\n")
        return made

    def card(self, node):
        """The file with that node's card, made now."""
        path = self.path(node.name + ".card")
        if os.path.exists(path):
            os.remove(path)
        node.run("card", "--out", path)
        return path

    def digits(self, one, other):
        return self.entente("safety-number", self.card(one), self.card(other),
                            "--json").json["safety_number"]

    def pair(self, one, other, words=(), other_words=()):
        """Cards exchanged, all 60 digits given on both sides."""
        digits = self.digits(one, other)
        for node, peer, more in ((one, other, words),
                                 (other, one, other_words)):
            node.run("pair", self.path(peer.name + ".card"), "--as",
                     peer.name, "--safety-number", digits, *more)

    def two(self):
        """The usual pair, started, paired and linked."""
        ifc = self.node("ifc", "IFC-IOR", "IN")
        jmsdf = self.node("jmsdf", "JMSDF", "JP")
        ifc.start()
        jmsdf.start()
        self.pair(ifc, jmsdf)
        ifc.wait_link(jmsdf)
        jmsdf.wait_link(ifc)
        return ifc, jmsdf


class Node:
    """One home, its daemon, and the command that talks to it."""

    def __init__(self, folder, name, org, country):
        self.folder = folder
        self.home = folder.path(name)
        self.name = name
        self.org = org
        self.country = country
        self.port = 0
        self.daemon = None
        self.log_path = folder.path(name + ".log")

    def run(self, *words, **how):
        return self.folder.entente("--home", self.home, *words, **how)

    def json(self, *words, **how):
        return self.run(*words, "--json", **how).json

    def rows(self, *words, **how):
        return self.run(*words, "--json", **how).rows

    def fails(self, name, *words, code, **how):
        return self.folder.fails(name, "--home", self.home, *words, code=code,
                                 **how)

    def path(self, name):
        return os.path.join(self.home, name)

    def launch(self, prefix=(), extra=()):
        """Starts entented in the foreground, as a child of this process."""
        with open(self.log_path, "ab") as log:
            self.daemon = subprocess.Popen(
                [*prefix, DAEMON, "--home", self.home, *extra],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env=self.folder.env)

    def start(self, ready_s=30, prefix=(), extra=()):
        self.launch(prefix, extra)
        ends = time.monotonic() + ready_s
        while self.run("status", code=None).code != OK:
            check(self.daemon.poll() is None,
                  f"{self.name}: the daemon ended with "
                  f"{self.daemon.returncode}\n{self.tail()}")
            check(time.monotonic() < ends, f"{self.name}: not ready")
            time.sleep(0.02)

    def foreground(self, **how):
        """entented, expected to end by itself."""
        done = subprocess.run(
            [DAEMON, "--home", self.home], stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=60, check=False,
            env=dict(self.folder.env, **how))
        return Answer(done.returncode, done.stdout, done.stderr)

    def log(self):
        with open(self.log_path, encoding="utf-8", errors="replace") as log:
            return log.read()

    def tail(self):
        return "\n".join(self.log().splitlines()[-20:])

    def kill(self):
        """As a power cut for the process: SIGKILL."""
        self.daemon.send_signal(signal.SIGKILL)
        self.daemon.wait()
        self.daemon = None

    def stop(self):
        """SIGTERM; it must end by itself, with 0."""
        self.daemon.terminate()
        code = self.daemon.wait(20)
        self.daemon = None
        check(code == 0,
              f"{self.name}: SIGTERM ended with {code}\n{self.tail()}")

    def copied(self, name):
        """A copy of the home of a node that stands still."""
        copy = self.folder.path(name)
        shutil.copytree(self.home, copy,
                        ignore=shutil.ignore_patterns("control.sock"))
        return copy

    def set_back(self, copy):
        """Its home is this older copy from now on."""
        shutil.rmtree(self.home)
        os.rename(copy, self.home)

    def end(self):
        """However it was started, it runs no more."""
        if self.daemon is not None:
            self.kill()
        elif os.path.exists(self.path("control.sock")):
            self.run("down", code=None)

    def peer(self, name):
        for peer in self.json("status")["peers"]:
            if peer["name"] == name:
                return peer
        raise AssertionError(f"{self.name}: no peer {name}")

    def wait_link(self, peer, seconds=30):
        wait_for(lambda: self.peer(peer.name)["link"] == "up", seconds,
                 lambda: f"{self.name}: no link to {peer.name}\n"
                         f"{self.tail()}")

    def wait_quiet(self, peer, seconds=60):
        """Until nothing is queued for that peer and all is cosigned."""
        def quiet():
            channels = self.json("log", "--peer", peer.name)["channels"]
            return self.peer(peer.name)["queued"] == 0 and all(
                row["size"] == row["receipted"] for row in channels
                if not row["incoming"])
        wait_for(quiet, seconds,
                 lambda: f"{self.name}: not all cosigned by {peer.name}: "
                         f"{self.peer(peer.name)}\n{self.tail()}")

    def send(self, to, message, *words, **how):
        return self.run("send", "-", "--to", to.name, *words, text=message,
                        **how)

    def inbox(self, *words):
        return self.rows("inbox", *words)


class Case(unittest.TestCase):
    """A folder for each test."""

    def setUp(self):
        self.folder = Folder()
        self.entente = self.folder.entente
        self.fails = self.folder.fails
        self.path = self.folder.path

    def run(self, result=None):
        """The folder outlives tearDown, so that a failure can keep it."""
        self.folder = None
        before = len(result.failures) + len(result.errors)
        super().run(result)
        if self.folder is not None:
            self.folder.close(
                keep=len(result.failures) + len(result.errors) > before)


def main():
    """Runs the tests of the script; skipped as a whole if each of them is."""
    result = unittest.main(verbosity=2, exit=False).result
    if not result.wasSuccessful():
        sys.exit(1)
    if result.skipped and len(result.skipped) == result.testsRun:
        sys.exit(SKIPPED)
