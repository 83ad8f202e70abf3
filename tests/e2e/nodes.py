"""Nodes for the tests of whole programs: homes, daemons, pairs, answers.

Standard library only.  ENTENTE_BIN names the folder of the programs.  Every
process that a test starts is ended by it, by its own id.
"""
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

BIN = os.environ.get("ENTENTE_BIN", "build/release")
SHARED = os.path.join(os.path.dirname(__file__), "..", "..", "..", "shared")
SKIPPED = 77
PASSPHRASE = "correct horse battery staple"


class Failed(Exception):
    """What a test found; its words are for people."""


def check(truth, words):
    if not truth:
        raise Failed(words)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def shared(*path):
    """A file of ../shared, or the test is skipped."""
    found = os.path.abspath(os.path.join(SHARED, *path))
    if not os.path.exists(found):
        print(f"skipped: {'/'.join(('../shared',) + path)} is not here")
        sys.exit(SKIPPED)
    return found


class Node:
    """One home, its daemon, and the command that talks to it."""

    def __init__(self, work, name, org, country, listen=True):
        self.home = os.path.join(work, name)
        self.name = name
        self.org = org
        self.country = country
        self.port = free_port() if listen else 0
        self.daemon = None
        self.log = open(os.path.join(work, name + ".log"), "ab")
        self.env = dict(os.environ)
        self.env["ENTENTE_HOME"] = self.home
        self.env["ENTENTE_PASSPHRASE_FILE"] = os.path.join(work, "passphrase")
        self.env["NO_COLOR"] = "1"

    def run(self, *args, code=0, text=None, timeout=60, env=None):
        """`entente ARGS`; its exit code must be `code` (None: any)."""
        done = subprocess.run(
            [os.path.join(BIN, "entente"), *args], input=text, text=True,
            capture_output=True, timeout=timeout,
            env=dict(self.env, **(env or {})), check=False)
        if code is not None and done.returncode != code:
            raise Failed(f"{self.name}: entente {' '.join(args)}: exit "
                         f"{done.returncode}, not {code}\n{done.stdout}"
                         f"{done.stderr}")
        return done

    def json(self, *args, **kwargs):
        return json.loads(self.run(*args, "--json", **kwargs).stdout)

    def rows(self, *args, **kwargs):
        """A stream: one object a line."""
        lines = self.run(*args, "--json", **kwargs).stdout.splitlines()
        return [json.loads(line) for line in lines]

    def init(self):
        listen = f"127.0.0.1:{self.port}" if self.port else "none"
        self.run("init", "--name", self.name, "--org", self.org, "--country",
                 self.country, "--listen", listen)

    def start(self, ready_s=30, prefix=(), extra=()):
        self.daemon = subprocess.Popen(
            [*prefix, os.path.join(BIN, "entented"), *extra],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log,
            env=self.env)
        self.wait_ready(ready_s)

    def wait_ready(self, ready_s):
        ends = time.monotonic() + ready_s
        while self.run("status", code=None).returncode != 0:
            check(self.daemon.poll() is None,
                  f"{self.name}: the daemon ended with "
                  f"{self.daemon.returncode}\n{self.tail()}")
            check(time.monotonic() < ends, f"{self.name}: not ready")
            time.sleep(0.02)

    def tail(self):
        self.log.flush()
        with open(self.log.name, encoding="utf-8", errors="replace") as log:
            return "".join(log.readlines()[-20:])

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
        check(code == 0, f"{self.name}: SIGTERM ended with {code}\n"
                         f"{self.tail()}")

    def peer(self, name):
        for peer in self.json("status")["peers"]:
            if peer["name"] == name:
                return peer
        raise Failed(f"{self.name}: no peer {name}")

    def wait_link(self, name, seconds=30):
        ends = time.monotonic() + seconds
        while self.peer(name)["link"] != "up":
            check(time.monotonic() < ends,
                  f"{self.name}: no link to {name}\n{self.tail()}")
            time.sleep(0.05)

    def wait_quiet(self, name, seconds=60):
        """Until nothing is queued for that peer and all is cosigned."""
        ends = time.monotonic() + seconds
        while True:
            channels = self.json("log", "--peer", name)["channels"]
            peer = self.peer(name)
            if peer["queued"] == 0 and all(row["size"] == row["receipted"]
                                           for row in channels
                                           if not row["incoming"]):
                return
            check(time.monotonic() < ends,
                  f"{self.name}: not all cosigned by {name}: {peer} "
                  f"{channels}\n{self.tail()}")
            time.sleep(0.05)


class Bench:
    """A folder with nodes in it; ends them and goes when the test is over."""

    def __init__(self, folder=None):
        self.work = tempfile.mkdtemp(prefix="entente-e2e-", dir=folder)
        with open(os.path.join(self.work, "passphrase"), "w",
                  encoding="ascii") as out:
            out.write(PASSPHRASE)
        os.chmod(os.path.join(self.work, "passphrase"), 0o600)
        self.nodes = []

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        for node in self.nodes:
            if node.daemon is not None and node.daemon.poll() is None:
                node.kill()
            node.log.close()
        if kind is None:
            shutil.rmtree(self.work)
        else:
            print(f"what it made is in {self.work}", file=sys.stderr)

    def node(self, name, org, country, listen=True):
        node = Node(self.work, name, org, country, listen)
        self.nodes.append(node)
        node.init()
        return node

    def pair(self, one, other):
        """Cards exchanged, all 60 digits given on both sides."""
        for node in (one, other):
            node.run("card", "--out", self.card(node))
        digits = one.json("safety-number", self.card(other))["safety_number"]
        for node, theirs in ((one, other), (other, one)):
            node.run("pair", self.card(theirs), "--as", theirs.name,
                     "--safety-number", digits)

    def card(self, node):
        return os.path.join(self.work, node.name + ".card")

    def two(self):
        """The usual pair, started, paired and linked."""
        ifc = self.node("ifc", "IFC-IOR", "IN")
        jmsdf = self.node("jmsdf", "JMSDF", "JP")
        ifc.start()
        jmsdf.start()
        self.pair(ifc, jmsdf)
        ifc.wait_link("jmsdf")
        jmsdf.wait_link("ifc")
        return ifc, jmsdf


def note(subject, text="Position and course as before.",
         precedence="ROUTINE"):
    """A note in our JSON, label and legal basis included."""
    return {"kind": "note", "precedence": precedence, "subject": subject,
            "originator": {"org": "IFC-IOR", "post": "Duty Officer"},
            "label": {"policy": "IN-JP", "classification": "RESTRICTED",
                      "releasable_to": ["IN", "JP"]},
            "legal_basis": {"agreement": "JDSC-2025", "article": "2"},
            "note": {"text": text}}


def main(test):
    """Runs the test; its words and exit code are ctest's."""
    try:
        test()
    except Failed as failed:
        print(f"FAILED: {failed}")
        sys.exit(1)
