"""A system call of a daemon, or of the command, that fails once: strace makes
the Nth call of a kind fail, in each thread.

How many there are is counted in a run without a failure; runs are not alike to
the last call, so a caller goes on until one struck nothing.
"""
import collections
import os
import re
import shutil
import subprocess

from nodes import BIN

# Each with the call that is made instead where a system has no such one.
CALLS = ("openat", "write", "pwrite64", "pread64", "fdatasync", "fsync",
         "ftruncate", "fallocate", "renameat", "renameat2", "rename",
         "unlink", "unlinkat", "mkdir")
CALL = re.compile(r"^(\d+) +(\w+)\((.*)")
SANITIZED = os.path.basename(BIN) == "sanitize"  # nothing can be preloaded
NONE = shutil.which("strace") is None
WHY = "NOT TRIED: calls that fail; strace is not here (apt install strace)"


def prefix(trace, call=None, number=0):
    """What stands before a command line, so that this call of it fails."""
    words = ["strace", "-f", "-y", "-o", trace, "--seccomp-bpf",
             "-e", "trace=" + ",".join(CALLS)]
    if call is not None:
        words += ["-e", f"inject={call}:error=EIO:when={number}"]
    return words


def struck(trace):
    """The calls that failed, as strace wrote them."""
    with open(trace, encoding="utf-8", errors="replace") as file:
        return [line.strip() for line in file if "(INJECTED)" in line]


def counts(trace, marks=""):
    """{call: (first, last)}: its numbers, in the thread that made most, from
    the first call on that names `marks`."""
    made = collections.Counter()
    first = {}
    last = collections.Counter()
    begun = False
    with open(trace, encoding="utf-8", errors="replace") as file:
        for line in file:
            found = CALL.match(line)
            if not found:
                continue
            thread, call, rest = found.groups()
            made[thread, call] += 1
            begun = begun or marks in rest
            if begun:
                first.setdefault(call, made[thread, call])
                last[call] = max(last[call], made[thread, call])
    return {call: (first[call], last[call]) for call in first}


def spawn(words, env):
    """Without input, and nobody reads what it says."""
    return subprocess.Popen(words, env=env, stdin=subprocess.DEVNULL,
                            stdout=subprocess.DEVNULL,
                            stderr=subprocess.DEVNULL)


def wait(process, seconds):
    """Its exit code; None: it goes on."""
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        return None


def below(process):
    """The process that this strace traces."""
    path = f"/proc/{process.pid}/task/{process.pid}/children"
    with open(path, encoding="ascii") as file:
        children = file.read().split()
    return int(children[0]) if children else None


def kill(process):
    """SIGKILL for what it traces, which ends it, too."""
    child = below(process)
    if child is not None:
        os.kill(child, 9)
    process.wait()
