#!/usr/bin/env python3
"""Go's x/mod/sumdb note and tlog, and crypto/ed25519, on our evidence.

Needs Debian's golang-go and golang-golang-x-mod-dev; skipped without them.
The file is the example of PROTOCOL.md, which a test of ours makes anew.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
PROTOCOL = os.path.join(HERE, "..", "..", "proto", "PROTOCOL.md")
GOPATH = "/usr/share/gocode"
SUMDB = os.path.join(GOPATH, "src/golang.org/x/mod/sumdb/note")
SKIPPED = 77


def example(name):
    with open(PROTOCOL, encoding="utf-8") as page:
        return re.search(f"```text {name}\n(.*?)```", page.read(), re.S)[1]


class Verifiers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.work = tempfile.mkdtemp(prefix="entente-verifiers-")
        cls.addClassCleanup(shutil.rmtree, cls.work)
        cls.program = os.path.join(cls.work, "verifiers")
        subprocess.run(
            ["go", "build", "-o", cls.program,
             os.path.join(HERE, "verifiers.go")],
            check=True, env=dict(os.environ, GO111MODULE="off", GOPATH=GOPATH,
                                 GOCACHE=os.path.join(cls.work, "cache")))

    def verify(self, text):
        path = os.path.join(self.work, "evidence")
        with open(path, "w", encoding="utf-8") as out:
            out.write(text)
        done = subprocess.run([self.program, path], capture_output=True,
                              text=True, check=False, timeout=20)
        return done.returncode, done.stdout

    def refuses(self, text, words):
        code, out = self.verify(text)
        self.assertEqual(code, 1, out)
        self.assertIn(words, out)

    def test_they_accept_head_proof_and_receipt(self):
        code, out = self.verify(example("head/evidence"))
        self.assertEqual(code, 0, out)
        self.assertRegex(out, r"\Aentry 1 of 2 of entente/v1/\S+ is signed "
                              r"and receipted at 1700000000\n\Z")

    def test_they_refuse_what_was_changed(self):
        good = example("head/evidence")
        head = re.search(r"^index 1\n(\S+)\n\n(\S+)\n2\n(\S+)\n\n(. \S+ "
                         r"\S+)\n(. \S+ \S+)\n", good, re.M)
        proof, origin, root, signed, cosigned = head.groups()

        def other(text, at=20):
            return text[:at] + ("A" if text[at] != "A" else "B") + \
                text[at + 1:]

        def swap(old, new):
            self.assertEqual(good.count(old), 1, old)
            return good.replace(old, new)

        self.refuses(swap(f"\n{proof}\n\n", f"\n{other(proof)}\n\n"), "tlog:")
        self.refuses(swap("index 1\n", "index 0\n"), "tlog:")
        leaf = re.search(r"^leaf (\S+)$", good, re.M)[1]
        self.refuses(swap(leaf, other(leaf)), "tlog:")
        self.refuses(swap(f"\n{root}\n", f"\n{other(root)}\n"), "note:")
        self.refuses(swap(f"{origin}\n2\n", f"{origin}\n3\n"), "note:")
        self.refuses(swap(f"\n\n{origin}\n",
                          f"\n\n{origin.replace('wire', 'courier')}\n"),
                     "note:")
        self.refuses(swap(signed, other(signed, len(signed) - 9)), "note:")
        self.refuses(swap(cosigned, other(cosigned, len(cosigned) - 9)),
                     "the cosignature is wrong")


if __name__ == "__main__":
    if shutil.which("go") is None or not os.path.isdir(SUMDB):
        print("skipped: needs golang-go and golang-golang-x-mod-dev")
        sys.exit(SKIPPED)
    unittest.main(verbosity=2)
