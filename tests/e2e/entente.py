"""The command as a test runs it, and nodes in folders of their own."""

import atexit
import json
import os
import shutil
import socket
import subprocess
import tempfile
import unittest

BIN = os.environ.get("ENTENTE_BIN", "build/debug")
PROGRAM = os.path.join(BIN, "entente")
DAEMON = os.path.join(BIN, "entented")
PASSPHRASE = "correct horse battery"

MADE = {}

# As `entente help exit-codes` says.
OK, FAILURE, USAGE, UNREACHABLE, UNTRUSTED, NOT_FOUND, TIMEOUT, INVALID, \
    POLICY = range(9)


class Answer:
    def __init__(self, code, out, err):
        self.code = code
        self.out = out
        self.err = err

    @property
    def json(self):
        return json.loads(self.out)

    @property
    def rows(self):
        return [json.loads(line) for line in self.out.splitlines()]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Case(unittest.TestCase):
    """A folder for the test, gone afterwards; every node in it is stopped."""

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="entente-e2e-")
        self.homes = []
        with open(os.open(self.path("passphrase"), os.O_CREAT | os.O_WRONLY,
                          0o600), "w", encoding="utf-8") as out:
            out.write(PASSPHRASE + "\n")

    def tearDown(self):
        for home in self.homes:
            if os.path.exists(os.path.join(home, "control.sock")):
                self.run_command(["--home", home, "down"])
        shutil.rmtree(self.folder)

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as out:
            out.write(text)
        return self.path(name)

    def read(self, name):
        with open(self.path(name), encoding="utf-8") as source:
            return source.read()

    def run_command(self, words, text="", environment=None):
        clean = {"PATH": os.environ["PATH"], "HOME": self.folder,
                 "ENTENTE_PASSPHRASE_FILE": self.path("passphrase")}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"):
            if name in os.environ:
                clean[name] = os.environ[name]
        clean.update(environment or {})
        clean = {key: value for key, value in clean.items()
                 if value is not None}
        done = subprocess.run([PROGRAM] + list(words), input=text.encode(),
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              env=clean, timeout=120, check=False)
        return Answer(done.returncode, done.stdout.decode(),
                      done.stderr.decode())

    def entente(self, *words, code=OK, text="", environment=None):
        """Runs the command and checks what it ends with."""
        answer = self.run_command(words, text, environment)
        self.assertEqual(answer.code, code,
                         f"entente {' '.join(words)}\n{answer.out}"
                         f"{answer.err}")
        return answer

    def fails(self, name, *words, code, text=""):
        """Fails with a status of that name, in words and in JSON alike."""
        answer = self.entente(*words, "--json", code=code, text=text)
        self.assertEqual(answer.json["ok"], False)
        error = answer.json["error"]
        self.assertEqual(error["code"], name, error)
        self.assertTrue(error["message"])
        self.assertEqual(set(error), {"code", "message", "hint", "path"})
        plain = self.entente(*words, code=code, text=text)
        self.assertTrue(plain.err.splitlines()[-1].startswith(
            ("entente: ", "hint: ", "  ")), plain.err)
        return error

    def fresh(self, name, *words, org=None, country="IN", listen="none"):
        """Makes a node; its home's path."""
        home = self.path(name)
        self.homes.append(home)
        self.entente("--home", home, "init", "--name", name, "--org",
                     org or name.upper(), "--country", country, "--listen",
                     listen, *words)
        return home

    def init(self, name, org=None, country="IN"):
        """The same, as a copy of one made once: for what needs any node that
        nobody can call.  Nodes of other names have other keys."""
        key = (name, org, country)
        home = self.path(name)
        if key not in MADE:
            made = self.fresh(name, org=org, country=country)
            MADE[key] = tempfile.mkdtemp(prefix="entente-e2e-made-")
            atexit.register(shutil.rmtree, MADE[key])
            shutil.copytree(made, os.path.join(MADE[key], name))
        else:
            self.homes.append(home)
            shutil.copytree(os.path.join(MADE[key], name), home)
        return home


def main():
    unittest.main(verbosity=2)
