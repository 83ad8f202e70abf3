"""What the machine denies a running node: inodes, the size of a file,
descriptors, readers of its answers.  It goes on with what it can, and by
itself with the rest."""
import os
import resource
import shutil
import socket
import struct
import subprocess
import time
import unittest

from nodes import OK, Case, check, main, note, wait_for

INODES = 400
HELD_SEEN_S = 10 # the node looks at its disk every 5 s
BIG = "x" * 40000
STATUS = struct.pack(">I", 4) + b"\x08\x01\x52\x00"


class Limited(Case):
    def setUp(self):
        super().setUp()
        self.ifc, self.node = self.folder.two()

    def limit(self, what, value):
        """Of the running daemon; what it was comes back at the end."""
        pid = self.node.daemon.pid
        before = resource.prlimit(pid, what)
        resource.prlimit(pid, what, (value, before[1]))
        return lambda: resource.prlimit(pid, what, before)

    def goes_on(self, kept):
        """All that was acknowledged is there, and more is taken."""
        wait_for(lambda: self.node.send(self.ifc, note("again"),
                                        code=None).code == OK, 30)
        self.node.wait_quiet(self.ifc)
        ids = [row["id"] for row in self.ifc.inbox()]
        self.assertEqual(len(ids), len(set(ids)))
        self.assertEqual([one for one in ids if one in set(kept)], kept)
        self.node.run("log", "verify")

    def test_a_file_may_grow_no_further(self):
        lift = self.limit(resource.RLIMIT_FSIZE, 1 << 20)
        kept = []
        for _ in range(100):
            answer = self.node.send(self.ifc, note("grows", BIG), "--json",
                                    code=None)
            if answer.code != OK:
                break
            kept.append(answer.json["id"])
        check(answer.code != OK, "it wrote past the limit")
        self.assertIsNone(self.node.daemon.poll()) # SIGXFSZ ended nothing
        lift()
        print(f"{len(kept)} messages before a file could grow no further")
        self.goes_on(kept)

    def test_no_descriptor_is_left(self):
        opened = len(os.listdir(f"/proc/{self.node.daemon.pid}/fd"))
        lift = self.limit(resource.RLIMIT_NOFILE, opened)
        sent = [self.ifc.send(self.node, note("comes", BIG), "--json",
                              "--wait=accepted").json["id"]
                for _ in range(20)]
        with socket.create_connection(("127.0.0.1", self.node.port)) as call:
            call.sendall(bytes(200))
        self.assertIsNone(self.node.daemon.poll())
        lift()
        self.assertEqual([row["id"] for row in self.node.inbox()], sent)
        self.goes_on([])

    def test_who_asks_and_goes_is_nobodys_end(self):
        for _ in range(50):
            with socket.socket(socket.AF_UNIX) as client:
                client.connect(self.node.path("control.sock"))
                client.sendall(STATUS * 20)
        self.assertIsNone(self.node.daemon.poll()) # nor did SIGPIPE
        self.goes_on([])


class Inodes(Case):
    def setUp(self):
        super().setUp()
        self.small = self.path("small")
        os.mkdir(self.small)
        made = os.geteuid() == 0 and subprocess.run(
            ["mount", "-t", "tmpfs", "-o",
             f"size=256m,nr_inodes={INODES},mode=0700", "tmpfs", self.small],
            check=False, capture_output=True)
        if not made or made.returncode != 0:
            raise unittest.SkipTest("NOT TRIED: no file system can be mounted "
                                    "here (root is needed), so no inodes ran "
                                    "out")
        self.addCleanup(lambda: subprocess.run(["umount", self.small],
                                               check=True))
        self.ifc = self.folder.node("ifc", "IFC-IOR")
        self.node = self.folder.node("few", listen=False)
        shutil.move(self.node.home, os.path.join(self.small, "home"))
        self.node.home = os.path.join(self.small, "home")
        self.addCleanup(self.node.end)
        self.ifc.start()
        self.node.start()
        self.folder.pair(self.ifc, self.node)
        self.node.wait_link(self.ifc)

    def test_without_inodes_routine_is_held_and_flash_goes(self):
        folder = os.path.join(self.small, "ballast")
        os.mkdir(folder)
        try:
            for i in range(INODES):
                with open(os.path.join(folder, str(i)), "wb"):
                    pass
        except OSError:
            pass
        self.assertEqual(os.statvfs(self.small).f_favail, 0)
        ends = time.monotonic() + HELD_SEEN_S
        while self.node.send(self.ifc, note("x"), code=None).code == OK:
            check(time.monotonic() < ends, "nothing was refused")
            time.sleep(0.2)
        self.node.run("status")
        self.node.run("inbox")
        self.node.send(self.ifc, note("urgent", precedence="FLASH"),
                       "--wait=accepted", "--timeout", "10")
        self.ifc.send(self.node, note("comes", precedence="FLASH"),
                      "--wait=accepted", "--timeout", "10")
        self.node.run("show", "ifc/1")
        shutil.rmtree(folder)
        wait_for(lambda: self.node.send(self.ifc, note("again"),
                                        code=None).code == OK, HELD_SEEN_S)


if __name__ == "__main__":
    main()
