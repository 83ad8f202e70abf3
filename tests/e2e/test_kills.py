"""kill -9 of either daemon at random moments, 20 cycles: what the command
acknowledged by printing an id is in the other's inbox, once, in order.

The judge is this script's own list of printed ids.  At least 5 kills hit a
commit: one of the daemon's threads was seen in pwrite or fdatasync right
before.  How many of those left a torn group, the daemon says at its start."""
import os
import random
import re
import threading
import time

from nodes import OK, Case, main, note

CYCLES = int(os.environ.get("ENTENTE_KILLS", "20"))
SEED = int(os.environ.get("ENTENTE_SEED", "1"))


PWRITE, FDATASYNC = 18, 75  # x86-64


def committing(pid):
    """Whether a thread of that process is writing or flushing now."""
    for task in os.listdir(f"/proc/{pid}/task"):
        try:
            with open(f"/proc/{pid}/task/{task}/syscall",
                      encoding="ascii") as file:
                number = file.read().split()[0]
        except (OSError, IndexError):
            continue
        if number in (str(PWRITE), str(FDATASYNC)):
            return True
    return False


def kill(node, inside):
    """Kills; with `inside` at a moment within a commit, if one comes."""
    ends = time.monotonic() + 3
    hit = committing(node.daemon.pid)
    while inside and not hit and time.monotonic() < ends:
        hit = committing(node.daemon.pid)
    node.kill()
    return hit


class Writer(threading.Thread):
    """Sends notes, one command each, and keeps the ids that were printed."""

    def __init__(self, node, to):
        super().__init__(daemon=True)
        self.node = node
        self.to = to
        self.printed = []
        self.over = threading.Event()

    def run(self):
        count = 0
        while not self.over.is_set():
            count += 1
            body = note(f"{self.node.name} {count}",
                        "x" * random.randint(1, 20000))
            answer = self.node.send(self.to, body, "--json", code=None)
            if answer.code == OK:
                self.printed.append(answer.json["id"])
            else:
                time.sleep(0.05)


class Kills(Case):
    def judge(self, reader, printed):
        """Every printed id once, and the printed ones in their order."""
        inbox = [row["id"] for row in reader.inbox()]
        self.assertEqual(len(inbox), len(set(inbox)), "an id twice")
        self.assertEqual(set(printed) - set(inbox), set(), "lost")
        known = set(printed)
        self.assertEqual([one for one in inbox if one in known], printed)

    def test_what_was_acknowledged_arrives_once_and_in_order(self):
        random.seed(SEED)
        ifc, jmsdf = self.folder.two()
        writers = [Writer(ifc, jmsdf), Writer(jmsdf, ifc)]
        for writer in writers:
            writer.start()
        slowest = 0.0
        hits = 0
        for cycle in range(CYCLES):
            time.sleep(random.uniform(0.1, 0.8))
            victim = random.choice((ifc, jmsdf))
            hits += kill(victim, cycle % 2 == 0)
            began = time.monotonic()
            victim.start()
            slowest = max(slowest, time.monotonic() - began)
        for writer in writers:
            writer.over.set()
            writer.join()
        for node, other in ((ifc, jmsdf), (jmsdf, ifc)):
            node.wait_link(other, 90)
            node.wait_quiet(other, 120)
        self.judge(jmsdf, writers[0].printed)
        self.judge(ifc, writers[1].printed)
        for node in (ifc, jmsdf):
            node.run("log", "verify")
        self.assertGreaterEqual(hits, min(5, CYCLES // 4))
        print(f"seed {SEED}: {CYCLES} kills, {hits} inside a commit, torn "
              f"groups found {torn(ifc) + torn(jmsdf)}, "
              f"{sum(len(w.printed) for w in writers)} messages, "
              f"slowest start {slowest:.2f} s")


def torn(node):
    """Starts that found a group which a kill had torn."""
    return len(re.findall("a torn group of", node.log()))


if __name__ == "__main__":
    main()
