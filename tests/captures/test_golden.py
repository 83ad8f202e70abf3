"""The golden captures: each replays byte for byte, shows its situation, and is
never written over."""
import concurrent.futures
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(HERE, "..", "e2e"))

import pcapng  # noqa: E402
from nodes import INVALID, NOT_FOUND, UNTRUSTED, Case, main  # noqa: E402
from situations import SITUATIONS, Story, file_of  # noqa: E402

AT_A_TIME = 2
SIZE_MAX = 300 << 10
A_CAPTURE = file_of("first-contact")


class Golden(Case):
    def replayed(self, name):
        """Runs it again; the check of what it is to show."""
        rows = self.entente("replay", file_of(name), "--strict", "--trace",
                            "--json").rows
        SITUATIONS[name][1](Story(rows))
        return len(rows)

    def test_each_replays_and_shows_its_situation(self):
        with concurrent.futures.ThreadPoolExecutor(AT_A_TIME) as pool:
            done = [(name, pool.submit(self.replayed, name))
                    for name in SITUATIONS]
        for name, turns in done:
            with self.subTest(name):
                self.assertGreater(turns.result(), 10)

    def test_they_are_small_and_of_one_version_and_no_other_is_there(self):
        there = {name for name in os.listdir(HERE) if name.endswith(".pcapng")}
        self.assertEqual(there, {name + ".pcapng" for name in SITUATIONS})
        for name in SITUATIONS:
            self.assertLess(os.path.getsize(file_of(name)), SIZE_MAX, name)
            self.assertEqual(pcapng.protocol(file_of(name)), 1, name)

    def test_none_is_written_over(self):
        before = os.stat(A_CAPTURE)
        made = subprocess.run(
            [sys.executable, os.path.join(ROOT, "tools", "capture-golden"),
             "first-contact"], capture_output=True, text=True, check=False)
        self.assertEqual(made.returncode, 1, made.stderr)
        self.assertIn("a capture is a promise", made.stderr)
        self.assertEqual(os.stat(A_CAPTURE), before)

    def test_a_changed_byte_on_the_wire_is_named(self):
        wire = pcapng.of(A_CAPTURE, pcapng.WIRE)
        copy = self.path("changed.pcapng")
        for at, length in (wire[1], wire[len(wire) // 2], wire[-1]):
            pcapng.changed(A_CAPTURE, at + length - 1, copy)
            error = self.entente("replay", copy, "--json",
                                 code=UNTRUSTED).json["error"]
            self.assertEqual(error["code"], "DIFFERENT")
            self.assertRegex(error["message"],
                             r"turn \d+ at \d{4}-\d\d-\d\dT.*Z, packet \d+: "
                             r"(in|out), .*link \d+.*: frame \d+, offset \d+: "
                             r".*: is.*was")

    def refused(self, data, code, status, says, **env):
        path = self.path("refused.pcapng")
        with open(path, "wb") as out:
            out.write(data)
        error = self.entente("replay", path, "--json", code=code,
                             env=env).json["error"]
        self.assertEqual(error["code"], status)
        self.assertIn(says, error["message"])

    def test_what_cannot_be_replayed_is_refused_and_says_why(self):
        with open(A_CAPTURE, "rb") as file:
            whole = file.read()
        records = pcapng.of(A_CAPTURE, pcapng.RECORDS)
        self.refused(b"GIF89a", INVALID, "BAD_ENCODING", "not a capture")
        self.refused(b"", INVALID, "BAD_ENCODING", "is empty")
        self.refused(whole[:16], INVALID, "BAD_ENCODING", "not a capture")
        self.refused(whole.replace(b"version 1", b"version 2", 1), INVALID,
                     "BAD_VERSION", "under version 2 of the protocol, and "
                     "this program is of version 1")
        self.refused(whole.replace(b"Entente protocol", b"another protocol", 1),
                     INVALID, "BAD_ENCODING", "not a capture of a node")
        self.refused(whole[:records[0][0] - 28], NOT_FOUND, "NOT_FOUND",
                     "made without --replay")
        self.refused(whole[:records[3][0]], NOT_FOUND, "NOT_FOUND",
                     "ends before its state is whole")
        self.refused(whole, UNTRUSTED, "PASSPHRASE", "passphrase",
                     ENTENTE_PASSPHRASE_FILE=self.folder.write("p", "other"))
        self.entente("replay", self.path("nowhere"), code=NOT_FOUND)

    def test_one_that_is_cut_replays_up_to_there(self):
        with open(A_CAPTURE, "rb") as file:
            whole = file.read()
        path = self.path("cut.pcapng")
        with open(path, "wb") as out:
            out.write(whole[:-100])
        done = self.entente("replay", path, "--json").json
        self.assertTrue(done["ok"] and done["cut"] and done["turns"] > 10)


if __name__ == "__main__":
    main()
