"""tools/wireshark/entente.lua in tshark: a capture of two real nodes taken
apart, and what no node writes throws no error."""
import os
import random
import shutil
import subprocess
import unittest
from collections import Counter

import pcapng
from nodes import Case, main, note

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
SCRIPT = os.path.join(ROOT, "tools", "wireshark", "entente.lua")
PROTO = os.path.join(ROOT, "proto")
TSHARK = shutil.which("tshark")
WORDS = "steers 270 towards the strait"
TAG = 16
PARTS = 12  # of each good packet, in the malformed capture


@unittest.skipIf(TSHARK is None, "NOT TRIED: tshark is not here")
class Wireshark(Case):
    def tshark(self, path, *words):
        done = subprocess.run(
            [TSHARK, "-X", f"lua_script:{SCRIPT}",
             "-o", f'uat:protobuf_search_paths:"{PROTO}","TRUE"',
             "-r", path, *words],
            capture_output=True, text=True, check=True, timeout=300,
            env=dict(self.folder.env, HOME=self.folder.work))
        self.assertNotIn("Lua", done.stderr)
        self.assertNotIn("rror", done.stderr)
        return done.stdout

    def rows(self, path, filtered, *fields):
        """What the fields are in each packet that the filter takes."""
        words = [word for field in fields for word in ("-e", field)]
        return [line.split("\t") for line in self.tshark(
            path, "-Y", filtered, "-T", "fields", "-E", "aggregator=|",
            *words).splitlines()]

    def captured(self):
        ifc, jmsdf = self.folder.two()
        path = self.path("link.pcapng")
        ifc.run("capture", "start", path, "--frames", "--replay")
        ifc.wait_link(jmsdf)
        ifc.send(jmsdf, note("to jmsdf", WORDS, "FLASH"), "--wait=accepted")
        jmsdf.send(ifc, note("to ifc", WORDS), "--wait=accepted")
        ended = ifc.json("capture", "stop")
        self.assertEqual(ended["file"], path)
        self.assertEqual(ended["bytes"], os.path.getsize(path))
        self.assertEqual(ended["packets"], len(list(pcapng.packets(path))))
        return path

    def test_a_capture_of_two_nodes_is_taken_apart(self):
        path = self.captured()
        self.wire(path)
        self.frames(path)
        self.leaves(path)
        self.records(path)
        self.nothing_is_amiss(path)
        self.from_the_midst(path)
        self.malformed(path)

    def wire(self, path):
        """Who calls whom, and that each frame is there as it was decrypted."""
        steps = self.rows(path, "entente.step", "entente.link", "entente.from",
                          "entente.step", "entente.length")
        callers = {(link, sender) for link, sender, step, _ in steps
                   if "message 1" in step and sender}
        self.assertTrue(callers)
        for link, sender in callers:
            self.assertEqual(sender == "ifc", int(link) % 2 == 0)
        self.assertIn("message 2", {step for _, _, step, _ in steps})
        sent = Counter()
        last = {}
        for link, sender, names, lengths in steps:
            for step, length in zip(names.split("|"), lengths.split("|")):
                if step == "transport" and sender:
                    sent[link, sender, int(length) - TAG] += 1
                    last[link, sender] = int(length) - TAG
        decrypted = Counter(
            (link, sender, int(length)) for link, sender, length in self.rows(
                path, "entente_frames", "entente.link", "entente.from",
                "frame.cap_len"))
        self.assertGreater(sum(sent.values()), 10)
        # The capture may end between a frame's coming and its decryption.
        ended = Counter((*who, length) for who, length in last.items())
        self.assertFalse(sent - decrypted - ended)

    def frames(self, path):
        kinds = {tuple(row) for row in self.rows(
            path, "entente_frames", "entente.from", "entente.to",
            "entente.frame.kind")}
        for kind in ("hello", "sizes", "leaves", "head", "bodies", "cosigned"):
            self.assertIn(("ifc", "jmsdf", kind), kinds)
            self.assertIn(("jmsdf", "ifc", kind), kinds)
        for names, messages in self.rows(
                path, 'entente.frame.kind == "cosigned"',
                "protobuf.field.name", "protobuf.message.name"):
            self.assertTrue(names.startswith("cosigned|origin|size|root|time|"
                                             "signature"), names)
            self.assertIn("entente.Cosigned", messages)

    def leaves(self, path):
        flash = self.rows(path, "entente.leaf.precedence == 5",
                          "entente.from", "entente.leaf.class",
                          "entente.leaf.suite", "entente.leaf.origin",
                          "entente.leaf.digest")
        self.assertEqual([row[:3] for row in flash if row[1] == "5"],
                         [["ifc", "5", "0x0001"]])
        self.assertTrue(flash[0][3].startswith("entente/v1/"))
        self.assertEqual(len(bytes.fromhex(flash[0][4])), 32)

    def records(self, path):
        rows = self.rows(path, "entente_records", "entente.record",
                         "entente.envelope.purpose")
        self.assertEqual(rows[0], ["envelope", "3"])
        self.assertEqual({tuple(row) for row in rows[1:]},
                         {("sealed piece", "")})

    def nothing_is_amiss(self, path):
        said = self.tshark(path, "-V")
        for words in ("Lua Error", "Malformed", "Not what a node", WORDS):
            self.assertNotIn(words, said)

    def from_the_midst(self, path):
        """As the second file of a capture with a limit begins."""
        cut = self.path("second.pcapng")
        wire = 0
        with open(cut, "wb") as out:
            for block in pcapng.blocks(path):
                wire += pcapng.is_packet(block) and block[8:12] == bytes(4)
                if not pcapng.is_packet(block) or wire > 6:
                    out.write(block)
        self.assertTrue(self.rows(cut, "entente.midst", "entente.link"))
        self.assertFalse(self.rows(cut, "entente.malformed", "entente.link"))

    def malformed(self, path):
        """Packets cut off and with bytes changed, on each interface."""
        chance = random.Random(4)
        other = self.path("malformed.pcapng")
        with open(path, "rb") as file:
            data = file.read()
        good = [(interface, data[at:at + length])
                for interface, at, length in pcapng.packets(path)][:200]
        count = 0
        with open(other, "wb") as out:
            for block in pcapng.blocks(path):
                if not pcapng.is_packet(block):
                    out.write(block)
            for number, (interface, content) in enumerate(good):
                for _ in range(PARTS):
                    bad = bytearray(content[:chance.randrange(
                        len(content) + 1)])
                    for _ in range(chance.randrange(3)):
                        if bad:
                            bad[chance.randrange(len(bad))] ^= \
                                1 << chance.randrange(8)
                    out.write(pcapng.packet((interface, number % 3)[
                        number % 7 == 0], bytes(bad), number % 2 == 0,
                        number % 5))
                    count += 1
        said = self.tshark(other, "-V")
        self.assertNotIn("Lua Error", said)
        self.assertIn("Not what a node", said)
        self.assertEqual(len(self.tshark(other).splitlines()), count)
        print(f"{count} malformed packets: no error of the script")


if __name__ == "__main__":
    main()
