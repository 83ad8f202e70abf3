"""SIGKILL for a daemon: at any moment, at both ends at once, or as it enters
a system call of a kind that was drawn, which strace strikes.

A kill alone tears no group, since what was written to the page cache stays
there.  A power cut does, so after a kill between a group's write and its flush
the end of that group is undone from some sector on, as a disk that lost power
may.  Nothing of it can have been acknowledged.  What the daemon then finds it
says.
"""
import collections
import random
import re
import time

import inject

# What strikes, with the most calls of that kind that a thread makes before.
CALLS = (("fdatasync", 30), ("fdatasync", 8), ("pwrite64", 30),
         ("openat", 34), ("fsync", 1), ("ftruncate", 1), ("fallocate", 1),
         ("renameat", 1), ("write", 50), ("epoll_wait", 60), ("read", 60))
TRACED_S = 0.7
SECTOR = 512
GROUP = re.compile(r"pwrite64\(\d+<([^>]*/journal-[0-9a-f]{16})>.*, (\d+), "
                   r"(\d+)(?:\)| <unfinished)")
FLUSH = re.compile(r"fdatasync\(\d+<([^>]*)>")


class Killer:
    """Counts its kills by where they struck."""

    def __init__(self, pair):
        self.pair = pair
        self.traced = not inject.NONE
        self.struck = collections.Counter()
        self.undone = 0
        self.slowest = 0.0

    @property
    def kills(self):
        return sum(self.struck.values())

    def restart(self, *nodes):
        for node in nodes:
            began = time.monotonic()
            node.start()
            self.slowest = max(self.slowest, time.monotonic() - began)

    def one(self):
        """One round: one kill or two, and all run again."""
        victim = random.choice(self.pair)
        kind = random.choice(("moment", "both", "start", "call", "call"))
        if kind == "both":
            time.sleep(random.uniform(0, 0.3))
            for node in self.pair:
                node.kill()
            self.struck["both ends at once"] += 2
            self.restart(*self.pair)
            return
        time.sleep(random.uniform(0, 0.4))
        victim.kill()
        self.struck["any moment"] += 1
        if kind == "start":
            victim.launch()
            time.sleep(random.uniform(0, 0.03))
            victim.kill()
            self.struck["while it starts"] += 1
        elif kind == "call" and self.traced:
            self.at_a_call(victim)
        self.restart(victim)

    def at_a_call(self, node):
        """Starts it under strace, which kills it at a call."""
        call, most = random.choice(CALLS)
        trace = node.log_path + ".strace"
        watched = sorted({"pwrite64", "fdatasync", call})
        # Not with --seccomp-bpf: strace 6.1 then sends no signal.
        node.launch(prefix=(
            "strace", "-f", "-y", "-o", trace, "-e",
            "trace=" + ",".join(watched), "-e",
            f"inject={call}:signal=KILL:when={random.randint(1, most)}"))
        if inject.wait(node.daemon, TRACED_S) is None:
            inject.kill(node.daemon)
            self.struck["traced"] += 1
        else:
            self.struck["at " + call] += 1
        node.daemon = None
        self.undone += undo(trace)

    def told(self):
        return ", ".join(f"{count} {where}"
                         for where, count in sorted(self.struck.items()))


def undo(trace):
    """Zeros the group that was written and not flushed, but for its
    beginning; whether there was one that can be torn."""
    group = None
    flushed = True
    with open(trace, encoding="utf-8", errors="replace") as file:
        for line in file:
            if GROUP.search(line):
                group, flushed = GROUP.search(line), False
            found = FLUSH.search(line)
            if found and group and found[1] == group[1]:
                flushed = "= 0" in line
    if group is None or flushed:
        return False
    length, offset = int(group[2]), int(group[3])
    if length <= SECTOR:
        return False
    keep = random.randrange(SECTOR, length, SECTOR)
    with open(group[1], "r+b") as journal:
        journal.seek(offset + keep)
        journal.write(bytes(length - keep))
    return True
