"""A disk that fills up while messages flow: what is new is refused in plain
words, what was acknowledged is kept, and with room the node goes on by
itself.  The home of one node is on a file system of its own."""
import errno
import os
import shutil
import subprocess
import threading
import time
import unittest

from nodes import FAILURE, OK, Case, check, main, note, wait_for

SIZE_MIB = 256
RESERVE = SIZE_MIB * 1024 * 1024 // 20  # 5 %
FLASHES = 10     # through the reserve, each way
HELD_SEEN_S = 10  # the node looks at its disk every 5 s
NO_SPACE = 14  # the daemon's


class Small:
    """A file system of SIZE_MIB, and a file that takes what is left of it."""

    def __init__(self, path):
        self.path = path
        os.mkdir(path)
        made = os.geteuid() == 0 and subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MIB}m,mode=0700",
             "tmpfs", path], check=False, capture_output=True)
        if not made or made.returncode != 0:
            raise unittest.SkipTest("NOT TRIED: no file system can be mounted "
                                    "here (root is needed), so no disk was "
                                    "full")

    def free(self):
        disk = os.statvfs(self.path)
        return disk.f_bavail * disk.f_frsize

    def fill(self, leave):
        """Until so many bytes are left; 0: whatever others take besides."""
        with open(os.path.join(self.path, "ballast"), "ab",
                  buffering=0) as ballast:
            try:
                while leave < self.free() or leave == 0:
                    ballast.write(bytes(min(1 << 20,
                                            self.free() - leave) or 4096))
            except OSError as error:
                check(leave == 0 and error.errno == errno.ENOSPC, str(error))

    def empty(self):
        os.remove(os.path.join(self.path, "ballast"))

    def unmount(self):
        subprocess.run(["umount", self.path], check=True)


class Writer(threading.Thread):
    """Sends until told to end; `printed` are the ids of what was taken."""

    def __init__(self, node, to):
        super().__init__(daemon=True)
        self.node = node
        self.to = to
        self.printed = []
        self.refused = []
        self.over = threading.Event()

    def run(self):
        while not self.over.is_set():
            answer = self.node.send(self.to, note("flows", "x" * 40000),
                                    "--json", code=None)
            if answer.code == OK:
                self.printed.append(answer.json["id"])
            else:
                self.refused.append(answer)
                time.sleep(0.1)

    def end(self):
        self.over.set()
        self.join()


class MountPoint(Case):
    def test_a_home_is_made_in_a_file_system_not_as_one(self):
        small = Small(self.path("small"))
        self.addCleanup(small.unmount)
        words = ["init", "--name", "ifc", "--org", "IFC", "--country", "IN",
                 "--listen", "none"]
        error = self.fails("BAD_STATE", "--home", small.path, *words,
                           code=FAILURE)
        self.assertIn("a file system of its own", error["message"])
        self.assertIn(f"{small.path}/entente", error["message"])
        self.assertEqual(os.listdir(small.path), [])
        self.entente("--home", os.path.join(small.path, "entente"), *words)


class FullDisk(Case):
    def setUp(self):
        super().setUp()
        self.small = Small(self.path("small"))
        self.addCleanup(self.small.unmount)
        self.ifc = self.folder.node("ifc", "IFC-IOR")
        self.full = self.folder.node("full", listen=False)
        shutil.move(self.full.home, os.path.join(self.small.path, "home"))
        self.full.home = os.path.join(self.small.path, "home")
        # The home is let go of before its file system is.
        self.addCleanup(self.full.end)

    def linked(self):
        self.ifc.start()
        self.full.start()
        self.folder.pair(self.ifc, self.full)
        self.full.wait_link(self.ifc)

    def held(self):
        """Until a message is refused; then so is every other."""
        ends = time.monotonic() + HELD_SEEN_S
        while self.full.send(self.ifc, note("x"), code=None).code == OK:
            check(time.monotonic() < ends, "nothing was refused")
            time.sleep(0.5)

    def test_nearly_full_refuses_what_is_new_and_still_reads_and_receipts(self):
        self.linked()
        self.small.fill(RESERVE // 2)
        self.held()
        before = len(self.full.rows("outbox"))
        error = self.full.fails("HELD", "send", "-", "--to", "ifc",
                                code=FAILURE, text=note("refused"))
        self.assertIn("disk", error["message"])
        self.assertIn("nothing was queued", error["message"])
        self.assertEqual(len(self.full.rows("outbox")), before)
        held = self.ifc.send(self.full, note("waits"))
        self.assertIn("short of room", held.out)
        row = self.ifc.rows("outbox")[0]
        self.assertEqual(row["state"], "held")
        self.assertIn("short of room", row["held"])
        peer = self.ifc.json("peers", "full")
        self.assertEqual(peer["held_below"], "FLASH")
        self.ifc.send(self.full, note("comes in", precedence="FLASH"),
                      "--wait=accepted", "--timeout", "10")
        self.full.run("show", "ifc/1")
        wait_for(lambda: self.ifc.json("show", "full/s1")["entente"][
            "state"] == "read")
        self.full.send(self.ifc, note("goes out", precedence="FLASH"),
                       "--wait=accepted", "--timeout", "10")
        doctor = self.full.json("doctor", code=FAILURE)["findings"]
        self.assertEqual([one["what"] for one in doctor
                          if one["grade"] == "fail"], ["disk", "alarm"])
        self.small.empty()
        wait_for(lambda: self.full.send(self.ifc, note("again"),
                                        code=None).code == OK, HELD_SEEN_S)
        wait_for(lambda: len(self.full.inbox()) == 2)
        self.assertEqual(self.ifc.json("peers", "full")["held_below"], "")

    def test_full_loses_nothing_that_was_acknowledged_and_goes_on(self):
        self.linked()
        writers = [Writer(self.ifc, self.full), Writer(self.full, self.ifc)]
        for writer in writers:
            writer.start()
        time.sleep(1)
        self.small.fill(0)
        self.held()
        self.assertLess(self.small.free(), 1 << 20)
        self.full.run("status")
        self.full.run("inbox")
        for i in range(FLASHES):
            self.full.send(self.ifc, note(f"out {i}", precedence="FLASH"),
                           "--wait=accepted", "--timeout", "20")
            self.ifc.send(self.full, note(f"in {i}", precedence="FLASH"),
                          "--wait=accepted", "--timeout", "20")
        for row in self.full.rows("inbox")[:FLASHES]:
            self.full.run("show", row["ref"])
        self.assertIsNone(self.full.daemon.poll())
        self.small.empty()
        self.full.run("status")
        wait_for(lambda: self.full.send(self.ifc, note("again"),
                                        code=None).code == OK, HELD_SEEN_S)
        for writer in writers:
            writer.end()
        for reader, writer, other in ((self.full, writers[0], self.ifc),
                                      (self.ifc, writers[1], self.full)):
            other.wait_quiet(reader)
            inbox = [row["id"] for row in reader.inbox()]
            self.assertEqual(len(inbox), len(set(inbox)))
            kept = set(writer.printed)
            self.assertEqual([one for one in inbox if one in kept],
                             writer.printed)
            reader.run("log", "verify")
        for answer in writers[1].refused:
            # Who asked just before there was room again waited for nothing.
            self.assertRegex(answer.json["error"]["message"],
                             "disk of .* is (nearly )?full|"
                             "did not answer in time")
        print(f"{len(writers[0].printed)} and {len(writers[1].printed)} "
              f"messages kept, {len(writers[1].refused)} refused")

    def test_full_at_up_is_named_and_with_room_all_is_there(self):
        self.linked()
        self.ifc.send(self.full, note("before"), "--wait=accepted")
        self.full.kill()
        self.small.fill(0)
        starts = 0
        while True:
            answer = self.full.run("up", code=None)
            if answer.code != OK:
                break
            self.assertEqual(len(self.full.inbox()), 1)
            self.full.run("down")
            self.small.fill(0)
            starts += 1
            check(starts < 10, "it starts for ever without room")
        print(f"{starts} starts on a full disk, by the reserve")
        self.assertIn("no room", answer.err)
        self.assertEqual(self.full.foreground().code, NO_SPACE)
        self.small.empty()
        self.full.start()
        self.full.wait_link(self.ifc)
        self.full.send(self.ifc, note("after"), "--wait=accepted")
        self.assertEqual(len(self.full.inbox()), 1)

    def test_full_at_init_leaves_nothing(self):
        self.small.fill(0)
        home = os.path.join(self.small.path, "other")
        error = self.fails("NO_SPACE", "--home", home, "init", "--name", "x",
                           "--org", "X", "--country", "FR", "--listen",
                           "none", code=FAILURE)
        self.assertIn("room", error["message"])
        self.assertFalse(os.path.exists(home))


if __name__ == "__main__":
    main()
