#!/usr/bin/env python3
"""Go's x/mod/sumdb note and tlog, and crypto/ed25519, on our evidence and our
log exports: the examples of PROTOCOL.md, which tests of ours make anew, and
the files of two nodes that exchanged messages.

Needs Debian's golang-go and golang-golang-x-mod-dev; skipped without them.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
from base64 import b64decode

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "e2e"))

from nodes import Case, main, note, wait_for
from primitives import b64, ed_sign

HERE = os.path.dirname(os.path.abspath(__file__))
PROTOCOL = os.path.join(HERE, "..", "..", "proto", "PROTOCOL.md")
GOPATH = "/usr/share/gocode"
SUMDB = os.path.join(GOPATH, "src/golang.org/x/mod/sumdb/note")
SKIPPED = 77
LINE = "\u2014 "  # begins a signature's line


def example(name):
    with open(PROTOCOL, encoding="utf-8") as page:
        return re.search(f"```text {name}\n(.*?)```", page.read(), re.S)[1]


def secret(first):
    """S(n) of appendix E."""
    return bytes((first + i) % 256 for i in range(32))


LOG_A, WITNESS_B = secret(0xc0), secret(0xe1)


def other(text, at=20):
    """One character of base64 is another."""
    return text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1:]


def other_signature(line):
    return other(line, len(line) - 9)


def built(work):
    program = os.path.join(work, "verifiers")
    subprocess.run(
        ["go", "build", "-o", program, os.path.join(HERE, "verifiers.go")],
        check=True, env=dict(os.environ, GO111MODULE="off", GOPATH=GOPATH,
                             GOCACHE=os.path.join(work, "cache")))
    return program


class Verifiers(Case):
    @classmethod
    def setUpClass(cls):
        cls.work = tempfile.mkdtemp(prefix="entente-verifiers-")
        cls.addClassCleanup(shutil.rmtree, cls.work)
        cls.program = built(cls.work)

    def run_on(self, *paths):
        done = subprocess.run([self.program, *paths], capture_output=True,
                              text=True, check=False, timeout=20)
        return done.returncode, done.stdout

    def accepts(self, *paths):
        code, out = self.run_on(*paths)
        self.assertEqual(code, 0, out)
        return out

    def refuses(self, text, words, *more):
        code, out = self.run_on(self.folder.write("changed", text), *more)
        self.assertEqual(code, 1, out)
        self.assertIn(words, out)

    def swap(self, text, old, new):
        self.assertEqual(text.count(old), 1, old)
        return text.replace(old, new)

    # --- the examples ------------------------------------------------------

    def test_they_accept_the_examples(self):
        evidence = self.folder.write("evidence", example("head/evidence"))
        self.assertRegex(self.accepts(evidence),
                         r"\Aentry 1 of 2 of entente/v1/\S+ is signed "
                         r"and receipted at 1700000000\n\Z")
        export = self.folder.write("export", example("head/export"))
        self.assertRegex(
            self.accepts(export, evidence),
            r"\Aall 2 entries of \S+ are signed and receipted at 1699999999\n"
            r"entry 1 of 2 of \S+ is signed and receipted at 1700000000\n"
            r"2 entries of \S+ are the first of 2\n"
            r"1 entries of \S+ are the first of 2\n"
            r"2 entries of \S+ are the first of 2\n\Z")

    def test_they_refuse_a_signed_head_of_another_history(self):
        """A's log key signs, and B's witness key, as E has them."""
        good = example("head/export")
        origin, root = re.search(r"\nreceipt\n(\S+)\n1\n(\S+)\n", good).groups()
        start, end = good.index("\nreceipt\n"), good.index("\nleaves\n")
        for name, head in (("same", root), ("another", other(root))):
            text = f"{origin}\n1\n{head}\n"
            cosigned = f"cosignature/v1\ntime 1699999999\n{text}"
            lines = re.findall("— (\\S+) (\\S+)\n", good[start:end])
            blobs = [b64decode(blob) for _, blob in lines]
            signed = [blobs[0][:4] + ed_sign(LOG_A, text.encode()),
                      blobs[1][:12] + ed_sign(WITNESS_B, cosigned.encode())]
            forged = good[:start] + f"\nreceipt\n{text}\n" + "".join(
                f"{LINE}{key} {b64(blob)}\n"
                for (key, _), blob in zip(lines, signed)) + good[end:]
            if name == "same":
                self.assertEqual(forged, good)
            else:
                self.refuses(forged, "tlog: ")

    # --- live files --------------------------------------------------------

    def test_they_accept_what_two_nodes_made_and_refuse_it_changed(self):
        ifc, jmsdf = self.folder.two()
        for number in range(3):
            ifc.send(jmsdf, note(f"Skiffs, {number}"), "--wait=accepted")
        older = self.exported(ifc, jmsdf)
        jmsdf.run("ack", "ifc/2", "-m", "A patrol boat has left.")
        wait_for(lambda: any(row["state"] == "acknowledged"
                             for row in ifc.rows("outbox")))
        for number in range(3, 8):
            jmsdf.send(ifc, note(f"Skiffs, {number}"), "--wait=accepted")
        ifc.wait_quiet(jmsdf)
        jmsdf.wait_quiet(ifc)
        exports = [self.exported(ifc, jmsdf), self.exported(jmsdf, ifc)]
        evidence = [self.evidence(ifc, "jmsdf/s2"),
                    self.evidence(jmsdf, "ifc/2"),
                    self.evidence(jmsdf, "ifc/s5"),
                    self.evidence(ifc, "jmsdf/s2", "--withhold-content")]
        self.all_of_it(self.accepts(older, *exports, *evidence))
        self.each_change_is_refused(evidence[0], exports[0])

    def exported(self, node, peer):
        path = self.path(f"log-{len(os.listdir(self.folder.work))}")
        node.run("log", "export", "--peer", peer.name, "--out", path)
        return path

    def evidence(self, node, ref, *words):
        path = self.path(f"evidence-{len(os.listdir(self.folder.work))}")
        node.run("evidence", ref, "--out", path, *words)
        return path

    def all_of_it(self, out):
        """Both directions whole, by both files and by an older one; message
        and two answers, receipted each; and every head one of one history."""
        whole = re.findall(r"^all (\d+) entries of (\S+) are signed and "
                           r"receipted at \d+$", out, re.M)
        entries = re.findall(r"^entry \d+ of \d+ of (\S+) is signed and "
                             r"receipted at \d+$", out, re.M)
        heads = re.findall(r"^(\d+) entries of (\S+) are the first of (\d+)$",
                           out, re.M)
        self.assertEqual(len(whole), 6, out)
        self.assertEqual(len({origin for _, origin in whole}), 2, out)
        self.assertEqual(len(set(whole)), 4, out)  # two logs, twice as long
        self.assertGreaterEqual(len(entries), 3 + 3 + 2 + 1, out)
        self.assertGreaterEqual(len(heads), len(whole) + len(entries), out)
        self.assertTrue(any(size != of for size, _, of in heads), out)

    def each_change_is_refused(self, evidence, export):
        good = self.folder.read(os.path.basename(evidence))
        message = good[good.index("\nmessage\n"):good.index("\nanswer\n")]
        head = re.search(r"\nindex (\d+)\n((?:\S+\n)+)\n(\S+)\n(\d+)\n(\S+)\n\n"
                         r"(. \S+ \S+)\n(. \S+ \S+)\n", message)
        index, proof, origin, size, root, signed, cosigned = head.groups()
        leaf = re.search(r"\nleaf (\S+)\n", message)[1]
        for old, new, words in (
                (proof, other(proof), "tlog:"),
                (leaf, other(leaf), "tlog:"),
                (f"\nindex {index}\n", f"\nindex {int(index) + 1}\n", "tlog:"),
                (f"\n{root}\n", f"\n{other(root)}\n", "note:"),
                (f"\n{origin}\n{size}\n", f"\n{origin}\n{int(size) + 1}\n",
                 "note:"),
                (f"\n\n{origin}\n",
                 f"\n\n{origin.replace('wire', 'courier')}\n", "note:"),
                (signed, other_signature(signed), "note:"),
                (cosigned, other_signature(cosigned), "the cosignature")):
            changed = self.swap(message, old, new)
            self.refuses(self.swap(good, message, changed), words)
        good = self.folder.read(os.path.basename(export))
        leaves = good.index("\nleaves\n") + len("\nleaves\n")
        self.refuses(other(good, leaves + 20), "tlog:")
        gone = good[:leaves] + good[good.index("\n", leaves) + 1:]
        self.refuses(gone, "tlog:")
        lines = [line for line in good.split("\n") if line.startswith(LINE)]
        for line, words in zip(lines, ("note:", "the cosignature")):
            self.refuses(self.swap(good, line, other_signature(line)), words)


if __name__ == "__main__":
    if shutil.which("go") is None or not os.path.isdir(SUMDB):
        print("skipped: needs golang-go and golang-golang-x-mod-dev")
        sys.exit(SKIPPED)
    main()
