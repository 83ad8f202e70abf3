"""A command at a terminal of its own, as a person types and reads."""
import codecs
import os
import pty
import re
import select
import subprocess
import time

from nodes import PROGRAM


class Terminal:
    """What is seen is all that the command wrote; `env` of None is unset."""

    def __init__(self, folder, *words, **env):
        self.master, slave = pty.openpty()
        env = {"TERM": "dumb", **env}
        self.process = subprocess.Popen(
            [PROGRAM, *words], stdin=slave, stdout=slave, stderr=slave,
            start_new_session=True,
            env={name: value for name, value in {**folder.env, **env}.items()
                 if value is not None})
        os.close(slave)
        self.decoder = codecs.getincrementaldecoder("utf-8")()
        self.seen = ""
        self.at = 0

    def read(self, seconds):
        """Whether there was more, within this time."""
        if not select.select([self.master], [], [], seconds)[0]:
            return False
        try:
            got = os.read(self.master, 4096)
        except OSError:  # the command has ended
            return False
        self.seen += self.decoder.decode(got)
        return bool(got)

    def expect(self, pattern, seconds=30):
        """Waits until the pattern comes behind what was expected before."""
        end = time.monotonic() + seconds
        while not (found := re.search(pattern, self.seen[self.at:])):
            if not self.read(max(0, end - time.monotonic())):
                raise AssertionError(f"{pattern!r} not in {self.seen!r}")
        self.at += found.end()
        return found

    def type(self, line):
        os.write(self.master, line.encode() + b"\n")

    def hang_up(self):
        os.close(self.master)
        return self.process.wait(60)

    def end(self):
        """The exit code, once all was read."""
        while self.read(60):
            pass
        return self.hang_up()
