"""What a node did is captured and done again: from its first turn and from
the middle of its life, byte for byte."""
import os
import shutil
import subprocess

import pcapng
from nodes import (FAILURE, INVALID, NOT_FOUND, PASSPHRASE, UNTRUSTED, Case,
                   main, note)

WORDS = "steers 270 towards the strait"
NAMES = {pcapng.WIRE: "wire", pcapng.FRAMES: "frames",
         pcapng.RECORDS: "records"}


def exchange(ifc, jmsdf):
    for number in range(3):
        ifc.send(jmsdf, note(f"number {number}", WORDS), "--wait=accepted")
        jmsdf.send(ifc, note(f"number {number}", WORDS), "--wait=accepted")
    jmsdf.run("show", jmsdf.inbox()[-1]["ref"])


class Capture(Case):
    def setUp(self):
        super().setUp()
        self.ifc, self.jmsdf = self.folder.two()

    def captured(self, name):
        """A capture switched on and off in the middle of a node's life."""
        path = self.path(name)
        self.ifc.run("capture", "start", path, "--replay")
        self.ifc.wait_link(self.jmsdf)
        exchange(self.ifc, self.jmsdf)
        self.ifc.run("capture", "stop")
        return path

    def replays(self, path):
        done = self.entente("replay", path, "--json").json
        self.assertTrue(done["ok"] and not done["cut"], done)
        self.assertGreater(done["turns"], 5)
        self.assertGreater(done["bytes_out"], 500)
        print(f"{os.path.basename(path)}: {done['turns']} turns, "
              f"{done['bytes_in']} bytes in, {done['bytes_out']} out: "
              f"the same")

    def test_what_is_captured_from_the_start_of_a_node_replays(self):
        self.jmsdf.stop()
        path = self.path("first.pcapng")
        self.jmsdf.start(extra=("--capture", path, "--replay"))
        self.jmsdf.wait_link(self.ifc)
        exchange(self.ifc, self.jmsdf)
        self.jmsdf.stop()
        self.replays(path)

    def test_so_does_what_is_captured_later_and_again(self):
        # The link of the first is closed for the second, with a word.
        for name in ("middle.pcapng", "again.pcapng"):
            self.replays(self.captured(name))

    def test_status_says_loudly_that_a_capture_is_on(self):
        path = self.path("watched.pcapng")
        self.assertEqual(self.ifc.json("status")["capture"], "")
        self.assertNotIn("CAPTURE", self.ifc.run("status").out)
        self.ifc.run("capture", "start", path, "--replay")
        said = self.ifc.json("status")
        self.assertEqual(said["capture"], path)
        self.assertTrue(said["capture_replay"])
        self.assertGreater(said["capture_bytes"], 100)
        self.assertTrue(self.ifc.run("status").out.startswith(
            f"CAPTURE IS ON: {path}, "))
        self.ifc.run("capture", "stop")
        self.assertEqual(self.ifc.json("status")["capture"], "")

    def test_nothing_that_people_wrote_and_no_passphrase_stands_open(self):
        with open(self.captured("c.pcapng"), "rb") as file:
            data = file.read()
        for words in (WORDS, "number 1", PASSPHRASE):
            self.assertNotIn(words.encode(), data)

    def test_a_changed_byte_is_named(self):
        path = self.captured("c.pcapng")
        copy = self.path("changed.pcapng")
        wire = pcapng.of(path, pcapng.WIRE)
        records = pcapng.of(path, pcapng.RECORDS)
        for (at, length), says in ((wire[len(wire) // 2], "is not"),
                                   (wire[-1], "is not"),
                                   (records[len(records) // 2],
                                    "was changed")):
            pcapng.changed(path, at + length - 1, copy)
            said = self.entente("replay", copy, code=UNTRUSTED).err
            self.assertIn(says, said)
            self.assertIn("packet ", said)

    def test_what_cannot_be_replayed_or_captured_is_refused(self):
        path = self.captured("c.pcapng")
        other = self.folder.write("other", "something else")
        said = self.entente(
            "replay", path, code=UNTRUSTED,
            env={"ENTENTE_PASSPHRASE_FILE": other}).err
        self.assertIn("passphrase", said)
        self.entente("replay", self.ifc.log_path, code=INVALID,
                     env={"ENTENTE_PASSPHRASE_FILE": None})  # nobody is asked
        self.entente("replay", "/nobody/is/here", code=NOT_FOUND)
        self.ifc.run("capture", "start", path, "--replay", code=FAILURE)

    def test_tshark_reads_every_packet(self):
        tshark = shutil.which("tshark")
        if tshark is None:
            self.skipTest("tshark is not here")
        path = self.captured("c.pcapng")
        lines = subprocess.run(
            [tshark, "-r", path, "-T", "fields", "-e", "frame.interface_name",
             "-e", "frame.cap_len"], capture_output=True, text=True,
            check=True, env=self.folder.env).stdout.splitlines()
        self.assertEqual(lines, [f"{NAMES[interface]}\t{length}" for
                                 interface, _, length in
                                 pcapng.packets(path)])


if __name__ == "__main__":
    main()
