"""A daemon one of whose allocations fails: which one is chosen while it runs,
by a library that is compiled here and preloaded (failing_malloc.c)."""
import os
import shutil
import struct
import subprocess
import unittest

import flow
import inject
from nodes import HERE, OK, check, wait_for
from scenarios import ENDINGS

SETTLED_S = 60
BEYOND = 20


def library(folder):
    """The library, compiled; or the test is skipped."""
    path = folder.path("failing_malloc.so")
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        raise unittest.SkipTest("NOT TRIED: failing allocations; no C "
                                "compiler is here")
    if inject.SANITIZED:
        raise unittest.SkipTest("the sanitizers have an allocator of their own")
    subprocess.run([compiler, "-std=c11", "-D_GNU_SOURCE", "-O2", "-Wall",
                    "-Wextra", "-Werror", "-shared", "-fPIC", "-o", path,
                    os.path.join(HERE, "failing_malloc.c")], check=True)
    return path


class Memory:
    """`node` is the one whose allocations fail, `peer` the other.  In each
    round one message is offered, by either, until it is acknowledged."""

    def __init__(self, folder, sends):
        self.node, self.peer = flow.two(folder)
        self.countdown = folder.path("countdown")
        with open(self.countdown, "wb") as file:
            file.write(bytes(8))
        self.preload = ("env", "LD_PRELOAD=" + library(folder),
                        "FAILING_MALLOC=" + self.countdown)
        self.sends = sends
        self.flow = flow.Flow(*((self.node, self.peer) if sends else
                                (self.peer, self.node)))
        self.ended = {}
        self.node.stop()
        self.node.start(prefix=self.preload)

    def set(self, number):
        with open(self.countdown, "r+b", buffering=0) as file:
            file.write(struct.pack("=Q", number))

    def left(self):
        with open(self.countdown, "rb") as file:
            return struct.unpack("=Q", file.read(8))[0]

    def restart(self):
        """It ended by a name, and comes back without help."""
        code = self.node.daemon.returncode
        self.node.daemon = None
        check(code in ENDINGS, f"exit code {code}\n{self.node.tail()}")
        self.ended[code] = self.ended.get(code, 0) + 1
        self.node.start(prefix=self.preload)

    def quiet(self):
        """All is delivered, or the node has ended."""
        sender = self.flow.node
        if inject.wait(self.node.daemon, 0) is not None:
            return True
        answer = sender.run("status", "--json", code=None)
        return answer.code == OK and answer.json["peers"][0]["queued"] == 0 \
            and answer.json["peers"][0]["link"] == "up"

    def round(self, api, number):
        """Whether allocation `number` of this round failed."""
        self.set(number)
        waiting = self.flow.offer(api, [self.flow.fresh()])
        if not waiting:
            wait_for(self.quiet, SETTLED_S, self.stuck)
        if not self.sends:
            self.node.run("outbox", code=None)  # has the index caught up
        struck = self.left() == 0
        self.set(0)
        if inject.wait(self.node.daemon, 0.01) is not None:
            self.restart()
        while waiting:
            waiting = self.flow.offer(api, waiting)
        wait_for(self.quiet, SETTLED_S, self.stuck)
        return struck

    def stuck(self):
        return f"not delivered\n{self.node.tail()}\n{self.peer.tail()}"

    def every(self, numbers):
        """Fails each of these, until BEYOND came to nothing, since no two
        rounds are quite alike; how many failed."""
        failed = 0
        missed = 0
        api = flow.Api(self.flow.node)
        for number in numbers:
            struck = self.round(api, number)
            failed += struck
            missed = 0 if struck else missed + 1
            if missed == BEYOND:
                break
        api.close()
        flow.settle((self.node, self.peer))
        flow.judge(self.flow)
        flow.logs_agree(self.node, self.peer)
        return failed
