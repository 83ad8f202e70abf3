"""A FLASH on a thin link: 64 kbit/s each way and a round trip of two seconds,
with a long queue of ROUTINE before it.

Each try submits one and takes two times, by one clock: until the far node's
`watch` shows it, and until the near node has its receipt.
"""
import json
import os
import subprocess
import threading
import time

from nodes import PROGRAM, check, note, wait_for
from netlab import FAR, PORT, PROXY, Net, node_at, send_all

KBIT, DELAY_MS = 64, 1000
MIB = 1 << 20
SHOWN_S, COSIGNED_S = 10, 20
TEXT = "Position and course as before, and so on. " * 24 + "Nothing new."


class Shown:
    """When the far node showed each message, by subject."""

    def __init__(self, node):
        self.times, self.refs = {}, {}
        self.process = subprocess.Popen(
            [PROGRAM, "--home", node.home, "watch", "--json"], text=True,
            stdout=subprocess.PIPE, env=node.folder.env)
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        for line in self.process.stdout:
            row = json.loads(line)
            if row.get("event") == "new":
                self.times[row["subject"]] = time.monotonic()
                self.refs[row["subject"]] = row["ref"]

    def end(self):
        self.process.kill()
        self.process.wait()
        self.reader.join()
        self.process.stdout.close()


class Thin:
    """The link, its two nodes, and before it is up `queued` ROUTINE of 1 KiB
    behind one with an attachment of so many bytes (0: none).
    Use: `with Thin(folder, 100000) as thin`."""

    def __init__(self, folder, queued, attached=0):
        self.queued, self.attached = queued, attached
        self.net = Net()
        self.near = folder.node("near", listen=False)
        self.far = node_at(folder, "far", f"{FAR}:{PORT}", PROXY)
        self.shown = None
        self.tries = 0

    def __enter__(self):
        try:
            self.begin()
        except BaseException:
            self.net.end()
            raise
        return self

    def __exit__(self, *why):
        if self.shown is not None:
            self.shown.end()
        self.net.end()

    def begin(self):
        folder = self.near.folder
        self.net.rate(KBIT)
        self.net.start(self.near, self.net.near)
        self.net.start(self.far, self.net.far)
        folder.pair(self.near, self.far)
        if self.attached > 0:
            self.attach(folder.path("attached"))
        send_all(self.near, self.far,
                 [f"ROUTINE {i}" for i in range(self.queued)], TEXT)
        self.shown = Shown(self.far)
        self.net.relay(DELAY_MS)
        self.near.wait_link(self.far, 90)
        wait_for(lambda: self.shown.times, 60, "nothing comes through")

    def attach(self, path):
        """A file that does not shrink; PRIORITY, so that the line carries it
        and not the ROUTINE before it."""
        with open(path, "wb") as out:
            for left in range(self.attached, 0, -MIB):
                out.write(os.urandom(min(left, MIB)))
        self.near.send(self.far, note("with a file", TEXT, "PRIORITY"),
                       "--attach", path, timeout=600)
        os.remove(path)

    def flash(self):
        """Seconds until shown, and until cosigned."""
        self.tries += 1
        subject = f"FLASH {self.tries}"
        begun = time.monotonic()
        self.near.send(self.far, note(subject, TEXT, "FLASH"), "--wait",
                       "--timeout", "120")
        cosigned = time.monotonic()
        wait_for(lambda: subject in self.shown.times, 60, "never shown")
        check(self.near.peer("far")["queued"] > 0,
              "nothing was queued any more: this shows nothing")
        return self.shown.times[subject] - begun, cosigned - begun

    def told(self, precedence):
        """How long these took, as the near node's status says."""
        return next(row for row in self.near.peer("far")["times"]
                    if row["precedence"] == precedence)
