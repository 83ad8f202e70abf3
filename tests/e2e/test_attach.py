"""Files beside a message, over two daemons: sent whole, resumed at the chunk
after kill -9, saved under names that lead nowhere, and refused in words."""
import os
import stat

from nodes import FAILURE, INVALID, NOT_FOUND, Case, main, note, wait_for

MB = 1000000
FULL = 65552  # a sealed chunk


class Attach(Case):
    def setUp(self):
        super().setUp()
        self.ifc, self.jmsdf = self.folder.two()

    def file(self, name, content):
        path = self.path(name)
        with open(path, "wb") as out:
            out.write(content)
        return path

    def send(self, *paths):
        words = [word for path in paths for word in ("--attach", path)]
        sent = self.ifc.send(self.jmsdf, note("chart"), "-q", "--wait", *words)
        return "ifc/" + sent.out.strip().split("/s")[1]

    def states(self, ref):
        shown = self.jmsdf.json("show", ref, "--peek")
        return [one["state"] for one in shown["entente"]["attachments"]]

    def ours(self, ref):
        return ref.replace("ifc/", self.jmsdf.name + "/s")

    def marks(self):
        """Of the first message, at its sender and where it came."""
        rows = self.ifc.rows("outbox")[:1] + self.jmsdf.inbox()[:1]
        return [[row["attachments"][name]
                 for name in ("count", "complete", "state")] for row in rows]

    def wait_whole(self, ref, seconds=60):
        wait_for(lambda: set(self.states(ref)) == {"complete"}, seconds,
                 lambda: f"{self.states(ref)}\n{self.ifc.tail()}\n"
                         f"{self.jmsdf.tail()}")

    def save(self, ref, **how):
        folder = self.path("saved-" + ref.replace("/", "-"))
        os.makedirs(folder, exist_ok=True)
        answer = self.jmsdf.run("show", ref, "--peek", "--save", folder, **how)
        return folder, answer

    def assert_saved(self, folder, name, content):
        path = os.path.join(folder, name)
        with open(path, "rb") as got:
            self.assertEqual(got.read(), content)
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)

    def test_a_send_tried_again_is_known_and_goes_out_once(self):
        path = self.file("chart.bin", os.urandom(MB))
        again = ("--id", "00112233445566778899aabbccddeeff", "--wait",
                 "--attach", path)
        self.ifc.send(self.jmsdf, note("chart"), *again)
        said = self.ifc.send(self.jmsdf, note("chart"), *again)
        self.assertIn("known already; of its files", said.out)
        ref = self.jmsdf.inbox()[0]["ref"]
        self.wait_whole(ref)
        self.assertEqual(len(self.jmsdf.inbox()), 1)
        self.file("chart.bin", os.urandom(MB + 1))
        refused = self.ifc.send(self.jmsdf, note("chart"), *again,
                                code=FAILURE)
        self.assertIn("another message went to", refused.err)
        self.assertEqual(len(self.jmsdf.inbox()), 1)

    def test_files_of_all_sorts_arrive_as_they_were(self):
        random = os.urandom(3 * MB)
        text = b"position and course as before\n" * 50000
        names = [self.file("chart.bin", random), self.file("log.txt", text),
                 self.file("empty", b""), self.file("one", b"1")]
        ref = self.send(*names)
        self.wait_whole(ref)
        shown = self.jmsdf.json("show", ref, "--peek")
        self.assertEqual([one["encoding"] for one in shown["attachments"]],
                         ["NONE", "ZSTD", "NONE", "NONE"])
        self.assertLess(int(shown["attachments"][1]["stored"]), 100000)
        folder, _ = self.save(ref)
        self.assert_saved(folder, "chart.bin", random)
        self.assert_saved(folder, "log.txt", text)
        self.assert_saved(folder, "empty", b"")
        self.assert_saved(folder, "one", b"1")
        self.save(ref)  # nothing is written over
        self.assert_saved(folder, "log.txt", text)
        self.assert_saved(folder, "log (2).txt", text)
        self.assertEqual(len(os.listdir(folder)), 8)
        wait_for(lambda: not os.listdir(self.ifc.path("attachments")),
                 words="what is complete there is not let go here")
        self.assertEqual(self.marks(), [[4, 4, "complete"]] * 2)
        shown = self.ifc.json("show", self.ours(ref))
        self.assertEqual({one["state"] for one in
                          shown["entente"]["attachments"]}, {"complete"})
        self.assertIn("[4 files] chart", self.jmsdf.run("inbox").out)

    def test_it_goes_on_at_the_chunk_after_either_end_was_killed(self):
        content = os.urandom(24 * MB)
        self.jmsdf.kill()
        self.ifc.send(self.jmsdf, note("chart"), "--attach",
                      self.file("big.bin", content))
        here = self.jmsdf.path("attachments")

        def length():
            return sum(os.path.getsize(os.path.join(here, name))
                       for name in os.listdir(here)
                       if name.endswith(".partial"))

        self.jmsdf.start()
        for victim in (self.jmsdf, self.ifc):
            before = length()
            wait_for(lambda: length() > before, words="nothing comes")
            victim.kill()
            at = length()
            victim.start()
            self.assertGreaterEqual(length(), at)
        self.wait_whole("ifc/1")
        folder, _ = self.save("ifc/1")
        self.assert_saved(folder, "big.bin", content)

    def test_a_partial_one_is_never_saved(self):
        content = os.urandom(2 * MB)
        ref = self.send(self.file("a.bin", content))
        self.wait_whole(ref)
        here = self.jmsdf.path("attachments")
        for name in os.listdir(here):
            os.remove(os.path.join(here, name))
        self.assertEqual(self.states(ref), ["gone"])
        folder, answer = self.save(ref, code=1)
        self.assertIn("a.bin is gone", answer.err)
        self.assertEqual(os.listdir(folder), [])

    def test_a_file_that_was_damaged_here_is_told_and_not_written(self):
        ref = self.send(self.file("a.bin", os.urandom(MB)))
        self.wait_whole(ref)
        here = self.jmsdf.path("attachments")
        name = next(one for one in os.listdir(here) if "." not in one)
        with open(os.path.join(here, name), "r+b") as out:
            out.seek(3 * FULL + 7)
            byte = out.read(1)
            out.seek(3 * FULL + 7)
            out.write(bytes([byte[0] ^ 1]))
        folder, answer = self.save(ref, code=1)
        self.assertIn("chunk 3", answer.err)
        self.assertEqual(os.listdir(folder), [])

    def test_what_cannot_be_attached_is_named(self):
        os.mkfifo(self.path("pipe"))
        for path, code, words in (
                (self.path("none"), NOT_FOUND, "there is no file"),
                (self.path("."), INVALID, "is a folder, not a file"),
                (self.path("pipe"), INVALID, "is no plain file"),
                (self.file("a\nb", b"x"), INVALID, "cannot be seen"),
                (self.file(os.fsdecode(b"\xff"), b"x"), INVALID,
                 "is no UTF-8")):
            answer = self.ifc.send(self.jmsdf, note("x"), "--attach", path,
                                   code=code)
            self.assertIn(words, answer.err)
        large = self.path("large")
        with open(large, "wb") as out:
            out.truncate((64 << 30) + 1)
        answer = self.ifc.send(self.jmsdf, note("x"), "--attach", large,
                               code=7)
        self.assertIn("64 GiB", answer.err)
        self.assertEqual(self.jmsdf.inbox(), [])


if __name__ == "__main__":
    main()
