"""A paired peer that keeps no rule, over TCP, under its own good keys.

Tools for test_hostile.py and full-hostile.  It speaks by the parts of the
client (PROTOCOL.md alone), and lies where a method's name says so.
"""

import os

from client_link import ROWS
from client_log import (
    LEAF, MESSAGE, ROUTINE, TAG, Batch, Header, checkpoint, digest)
from primitives import ed_sign, sha256

BATCH, FRAME_LEAVES, FRAME_BODIES = 4096, 700, 400
TINY = 32  # bytes of a body, before its tag


def hear_keepalive(link, frame):
    link.peer.echoes.append(frame["answer"])
    if frame["echo"]:
        link.send("keepalive", {"answer": frame["echo"]})


ROWS["OPEN", "keepalive"] = hear_keepalive


class Tree:
    """RFC 9162's root, entry by entry: the complete subtrees alone."""

    def __init__(self, leaves=()):
        self.size, self.stack = 0, []
        for leaf in leaves:
            self.add(leaf)

    def add(self, leaf):
        node, size = sha256(b"\0" + leaf), self.size
        while size & 1:
            node = sha256(b"\1" + self.stack.pop() + node)
            size >>= 1
        self.stack.append(node)
        self.size += 1

    def root(self):
        node = self.stack[-1]
        for left in self.stack[-2::-1]:
            node = sha256(b"\1" + left + node)
        return node


class Flood:
    """Tiny entries that nobody can open, in our newest log: leaves, head and
    bodies by the rules, so that the other must keep, answer and receipt each."""

    def __init__(self, node):
        self.node, self.out = node, node.peer.out
        self.origin = self.out.origin
        self.tree = Tree(self.out.leaves())
        self.receipted = 0

    def entries(self, count):
        """One batch: its leaves and its bodies."""
        first = self.tree.size
        batch = Batch(first, os.urandom(32), os.urandom(16))
        leaves, bodies = [], []
        for index in range(first, first + count):
            body = index.to_bytes(TINY + TAG, "big")
            header = Header(MESSAGE, ROUTINE, TINY, 1, 0, bytes(32))
            header.digest = digest(self.origin, index, header, batch, body)
            leaves.append(header.encode())
            bodies.append(body)
            self.tree.add(leaves[-1])
        return batch, leaves, bodies

    def head(self):
        size, root = self.tree.size, self.tree.root()
        return {"origin": self.origin, "size": size, "root": root,
                "signature": ed_sign(self.out.seed, checkpoint(
                    self.origin, size, root))}

    def say(self, link, count):
        batch, leaves, bodies = self.entries(count)
        for at in range(0, count, FRAME_LEAVES):
            link.send("leaves", {
                "origin": self.origin, "first": batch.first,
                "ephemeral": batch.ephemeral, "salt": batch.salt,
                "start": batch.first + at,
                "leaves": b"".join(leaves[at:at + FRAME_LEAVES])})
        link.send("head", self.head())
        for at in range(0, count, FRAME_BODIES):
            link.send("bodies", {"origin": self.origin, "fragments": [
                {"index": batch.first + at + i, "offset": 0, "bytes": body}
                for i, body in enumerate(bodies[at:at + FRAME_BODIES])]})

    def run(self, count, after=lambda done: None, seconds=600):
        """Batch after batch, each when the one before is receipted."""
        done = 0
        while done < count:
            step = min(BATCH, count - done)
            self.say(self.node.open(), step)
            self.node.run(lambda: self.receipted >= self.tree.size, seconds)
            done += step
            after(done)


class Hostile:
    """What is wrong, each on a link of its own; the other's answer is its
    closing, or silence."""

    def __init__(self, node):
        self.node = node

    def closes(self, kind, values):
        """One frame for which it must close the link."""
        link = self.node.fresh()
        link.send(kind, values)
        self.node.run(lambda: link.closed)

    def jumps(self):
        out = self.node.peer.out
        self.closes("leaves", {
            "origin": out.origin, "first": len(out.entries) + 1000,
            "ephemeral": os.urandom(32), "salt": os.urandom(16),
            "start": len(out.entries) + 1000, "leaves": bytes(LEAF)})

    def forges_a_receipt(self):
        log = self.node.peer.newest_in
        root, _ = log.heads[log.size]
        self.closes("cosigned", {
            "origin": log.origin, "size": log.size + 1, "root": root,
            "time": 1, "signature": os.urandom(64)})

    def asks_for_grants(self):
        """Of no entry at all, and of more than one answer holds."""
        origin = self.node.peer.out.origin
        self.closes("ask_grant", {"origin": origin, "entries": []})
        self.closes("ask_grant", {"origin": origin,
                                  "entries": [{"first": 0,
                                               "count": 1 << 40}]})

    def stops_below_nothing_known(self):
        self.closes("stop", {"precedence": 8})

    def flaps(self, times):
        link = self.node.fresh()
        for i in range(times):
            link.send("stop", {"precedence": 7 * (i & 1)})
            self.drain(link)
        link.send("stop", {"precedence": 0})
        self.answers(link)

    def storms(self, times):
        """Everything again and again, of its log."""
        link = self.node.fresh()
        log = self.node.peer.newest_in
        for _ in range(times):
            link.send("fetch", {"origin": log.origin, "bodies": [
                {"first": 0, "count": log.size}], "leaves": True,
                "leaves_from": 0})
            self.drain(link)
        self.answers(link)

    def repeats_a_receipt(self, times):
        """One that is late: of a size that is receipted already."""
        link = self.node.fresh()
        for _ in range(times):
            link.send("cosigned", self.node.peer.newest_in.cosigned)
            self.drain(link)
        self.answers(link)

    def drain(self, link):
        if len(link.out) > 1 << 16:
            self.node.run(lambda: link.closed or not link.out)

    def answers(self, link):
        """All that was said is judged: an echo is back, or the link ended."""
        echo = int.from_bytes(os.urandom(4), "big") + 1
        link.send("keepalive", {"echo": echo})
        self.node.run(lambda: link.closed or echo in self.node.peer.echoes)

    def lies_about_a_root(self):
        """A signed head over other leaves, twice: after the Fetch, too."""
        link = self.node.fresh()
        flood = Flood(self.node)
        flood.entries(1)
        root = os.urandom(32)
        for _ in range(2):
            self.lie(link, flood, root)
        self.answers(link)

    def lie(self, link, flood, root):
        size = flood.tree.size
        batch = Batch(size - 1, bytes(32), bytes(16))
        header = Header(MESSAGE, ROUTINE, TINY, 1, 0, bytes(32))
        header.digest = digest(flood.origin, size - 1, header, batch, b"x")
        link.send("leaves", {
            "origin": flood.origin, "first": size - 1,
            "ephemeral": batch.ephemeral, "salt": batch.salt,
            "start": size - 1, "leaves": header.encode()})
        link.send("head", {
            "origin": flood.origin, "size": size, "root": root,
            "signature": ed_sign(flood.out.seed, checkpoint(
                flood.origin, size, root))})

    def sends_garbage_and_oversize(self):
        """An entry whose body never fits, one that is too large, one of no
        known suite: the log goes on over them."""
        node = self.node
        flood = node.flood = Flood(node)
        link = node.open() or node.fresh()
        batch = Batch(flood.tree.size, os.urandom(32), os.urandom(16))
        leaves = []
        for header in (Header(MESSAGE, ROUTINE, TINY, 1),
                       Header(MESSAGE, ROUTINE, 1 << 24, 1),
                       Header(MESSAGE, ROUTINE, TINY, 1, suite=77)):
            header.digest = os.urandom(32)
            leaves.append(header.encode())
            flood.tree.add(leaves[-1])
        link.send("leaves", {
            "origin": flood.origin, "first": batch.first,
            "ephemeral": batch.ephemeral, "salt": batch.salt,
            "start": batch.first, "leaves": b"".join(leaves)})
        link.send("head", flood.head())
        for _ in range(8):
            link.send("bodies", {"origin": flood.origin, "fragments": [
                {"index": batch.first, "offset": 0,
                 "bytes": os.urandom(TINY + TAG)}]})
        node.run(lambda: flood.receipted >= flood.tree.size)


def memory_kib(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        for line in status:
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
    return 0


def p99(times):
    return sorted(times)[len(times) * 99 // 100]
