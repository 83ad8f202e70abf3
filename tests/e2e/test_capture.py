"""What a node did is captured and done again: from its first turn and from
the middle of its life, byte for byte."""
import json
import os
import shutil
import subprocess

import pcapng
from nodes import (FAILURE, INVALID, NOT_FOUND, PASSPHRASE, PROGRAM, UNTRUSTED,
                   USAGE, Case, main, note)

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

    def events(self, last):
        """What who watches is told from the beginning until this event."""
        seen = []
        with subprocess.Popen(
                [PROGRAM, "--home", self.ifc.home, "watch", "--all", "--json"],
                stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True,
                env=self.folder.env) as watch:
            for line in watch.stdout:
                seen.append(json.loads(line))
                if seen[-1]["event"] == last:
                    break
            watch.terminate()
        return [(one["event"], one["why"]) for one in seen
                if one["event"] in ("capture", "captured")]

    def test_it_is_loud_and_journaled(self):
        path = self.path("watched.pcapng")
        self.assertEqual(self.ifc.json("status")["capture"], "")
        self.assertNotIn("CAPTURE", self.ifc.run("status").out)
        said = self.ifc.run("capture", "start", path, "--frames",
                            "--replay").out
        self.assertIn("keep it as you keep the node", said)
        self.assertIn("all keys and messages", said)
        said = self.ifc.json("status")
        self.assertEqual(said["capture"], path)
        self.assertTrue(said["capture_replay"] and said["capture_frames"])
        self.assertGreater(said["capture_bytes"], 100)
        self.assertGreater(said["capture_packets"], 1)
        status = self.ifc.run("status").out
        self.assertTrue(status.startswith(f"CAPTURE IS ON: {path}, "))
        self.assertIn("decrypted frames, and sealed all keys and messages",
                      status)
        self.assertIn(f"{path}, with decrypted frames, with all keys",
                      self.ifc.run("doctor", code=None).out)
        self.ifc.run("capture", "start", self.path("second"), code=FAILURE)
        ended = self.ifc.run("capture", "stop").out
        self.assertIn(f"packets, the newest in {path}.", ended)
        self.assertEqual(self.ifc.json("status")["capture"], "")
        self.ifc.run("capture", "stop", code=FAILURE)
        (began, who), (end, what) = self.events("captured")
        self.assertEqual((began, end), ("capture", "captured"))
        self.assertEqual(who, f"uid {os.getuid()} captures the wire, "
                         "decrypted frames, and sealed all keys and messages "
                         f"into {path}")
        self.assertTrue(what.startswith(
            f"uid {os.getuid()} ended it: {path}: "))
        for words in (who, what):
            self.assertIn(path, words)
        self.assertIn("ON: " + path, self.ifc.log())

    def test_without_a_word_more_it_is_the_wire_alone(self):
        path = self.path("wire.pcapng")
        self.ifc.run("capture", "start", path)
        self.ifc.wait_link(self.jmsdf)
        exchange(self.ifc, self.jmsdf)
        self.ifc.run("capture", "stop")
        self.assertEqual({interface for interface, _, _ in
                          pcapng.packets(path)}, {pcapng.WIRE})
        with open(path, "rb") as file:
            self.assertIn(b"ifc to jmsdf, link ", file.read())
        self.entente("replay", path, code=NOT_FOUND)

    def test_at_its_limit_another_file_follows(self):
        path = self.path("long.pcapng")
        self.ifc.run("capture", "start", path, "--limit", "1M", "--keep", "2")
        self.ifc.wait_link(self.jmsdf)
        for number in range(3):
            self.ifc.run("bench", "--to", "jmsdf", "--count", "25", "--size",
                         "40000")
        ended = self.ifc.json("capture", "stop")
        newest = ended["file"]
        files = sorted(name for name in os.listdir(self.folder.work)
                       if name.startswith("long"))
        self.assertEqual(len(files), 2, files)
        self.assertNotIn("long.pcapng", files)
        self.assertEqual(os.path.basename(newest), files[-1])
        for name in files:
            self.assertLessEqual(os.path.getsize(self.path(name)), 1 << 20)
            self.assertTrue(list(pcapng.packets(self.path(name))))
        self.assertGreater(ended["bytes"], 2 << 20)

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
        new = self.path("new.pcapng")
        self.ifc.run("capture", "start", new, "--limit", "1000", code=USAGE)
        self.ifc.run("capture", "start", new, "--keep", "0", code=USAGE)
        self.ifc.run("capture", "start", new, "--replay", "--keep", "2",
                     code=USAGE)
        self.ifc.run("capture", "stop", code=FAILURE)
        self.assertFalse(os.path.exists(new))

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
