"""What a node knows of one peer: epochs, the session chain, Sizes.

Sections 2, 6.6 and 6.7 of PROTOCOL.md.  All that the protocol
calls durable is in a Peer: it outlives its links, not the process.
"""

import os

from client_codec import decode, encode, need, verify
from client_log import (
    ANSWER, CHAIN_MISMATCH, HEAD_AHEAD, IMMEDIATE, OPEN,
    OWN_SIGNATURE, PAIRING, READER_BEHIND, OutLog, checkpoint, cosigned_text,
    epoch, new_origin, now_ms, ranges)
from client_reading import Reading
from client_writing import Writing
from primitives import dh_public, ed_public

EPOCHS = 8


class Peer(Reading, Writing):
    def __init__(self, me, card, pair_secret=None):
        self.me, self.card, self.theirs = me, card, card.certificate
        self.pair_secret = pair_secret
        self.confirmed = self.pending = bytes(32)
        self.stamp_used = self.stamp_seen = 0
        self.outs, self.ins, self.out = {}, {}, None
        self.newest_in = None
        self.sealing = os.urandom(32)           # our key number 1
        self.their_key = None                   # origin, number, public
        self.key_change = None
        self.link, self.epochs_opened = None, 0
        self.outbox, self.sent, self.inbox = [], [], {}
        self.places = {}                        # message id: log, index
        self.due, self.alarms = [], []
        self.open_epoch(PAIRING)

    def alarm(self, words):
        self.alarms.append(words)

    # ---- epochs (2)

    def open_epoch(self, reason, above=0, bad_head=None):
        old = self.out
        numbers = [epoch(o, self.me.node_id, self.theirs.node_id)
                   for o in self.outs]
        self.out = OutLog(
            new_origin(self.me.node_id, self.theirs.node_id,
                       max([above] + numbers) + 1),
            self.me.log_seed, self.theirs.witness_key)
        self.outs[self.out.origin] = self.out
        before = old.head() if old else None
        opening = {
            "reason": reason, "bad_head": bad_head,
            "before_origin": before["origin"] if before else "",
            "before_size": before["size"] if before else 0,
            "before_root": before["root"] if before else bytes(32),
            "sealkey": {"number": 1, "key": dh_public(self.sealing),
                        "realm": "actual",
                        "secret_epoch": int(bool(self.pair_secret))}}
        self.out.append([(OPEN, IMMEDIATE,
                          encode("EntryOpen", opening))])
        self.key_change = None
        if old:
            self.give_back(old)

    def give_back(self, old):
        """What was not cosigned is sent, or said, again."""
        again = [m for m in self.sent
                 if m["origin"] == old.origin
                 and m["index"] >= old.receipted]
        self.outbox = again + self.outbox
        for entry in old.entries[old.receipted:]:
            if entry.header.cls == ANSWER:
                said = decode("EntryAnswer", entry.plain)["answers"]
                self.due += [a | {"precedence": entry.header.precedence}
                             for a in said]

    def new_epoch_for(self, reason, **more):
        """Because the other said so: so often and no more (6.6)."""
        need(self.epochs_opened < EPOCHS, "too many epochs")
        self.epochs_opened += 1
        self.open_epoch(reason, **more)

    # ---- stamps and the session chain (6.4, 6.6)

    def next_stamp(self):
        self.stamp_used = max(self.stamp_used + 1, now_ms())
        return self.stamp_used

    def hello(self):
        return {"confirmed": self.confirmed, "pending": self.pending,
                "stamp_seen": self.stamp_seen}

    def settle(self, link, hello):
        """A Hello has come; False when this link is not to be."""
        need(len(hello["confirmed"]) == len(hello["pending"]) == 32,
             "hello: length")
        need(link.caller or link.stamp > self.stamp_seen, "stamp")
        if self.loses_to_current(link):
            link.send("bye", {"status": "EXISTS"})
            link.close("another link of this pair")
            return False
        theirs = hello["confirmed"], hello["pending"]
        matches = self.confirmed in theirs or self.pending in theirs
        need(matches or self.epochs_opened < EPOCHS, "no match, too often")
        if self.pending in theirs:
            self.confirmed = self.pending
        self.pending = link.hash
        if not link.caller:
            self.stamp_seen = link.stamp
        self.stamp_used = max(self.stamp_used, hello["stamp_seen"])
        old, self.link = self.link, link
        if old:
            old.close("replaced")
        self.forget_unsigned()
        if not matches:
            self.alarm("session chain: nothing matches")
            self.new_epoch_for(CHAIN_MISMATCH)
        return True

    def loses_to_current(self, link):
        lower_is_us = self.me.node_id < self.theirs.node_id
        current = self.link
        return (current and not current.closed
                and current.caller == lower_is_us
                and link.caller != lower_is_us)

    def gone(self, link):
        if self.link is link:
            self.link = None
            self.forget_unsigned()

    def forget_unsigned(self):
        for log in list(self.ins.values()):
            log.forget_loose()
            if not log.heads and not log.stopped:
                del self.ins[log.origin]

    # ---- Sizes (6.7)

    def sizes(self):
        writes = self.out.head() | {"cosigned": self.out.cosigned}
        log, reads = self.newest_in, []
        if log and log.heads:
            root, signature = log.heads[log.size]
            reads = [{"origin": log.origin, "size": log.size, "root": root,
                      "signature": signature, "cosigned": log.cosigned,
                      "missing": ranges(log.missing())}]
        return {"writes": [writes], "reads": reads}

    def take_sizes(self, link, sizes):
        for c in sizes["writes"]:
            log = self.ins.get(c["origin"])
            if c["cosigned"]:
                self.own_receipt(c["origin"], c["cosigned"])
                if not log or c["cosigned"]["size"] > log.receipted:
                    self.alarm("we lost what we cosigned")
        size, missing = 0, []
        for c in sizes["reads"]:
            if c["origin"] == self.out.origin:
                size, missing = c["size"], c["missing"]
                if size > self.out.size:
                    self.own_head(c)
                    self.alarm("R holds more than we do")
                    self.new_epoch_for(OWN_SIGNATURE)
                    size, missing = 0, []
                elif c["cosigned"]:
                    self.receipt(c["cosigned"])
            elif c["size"] and c["origin"] not in self.outs:
                self.own_head(c)
                self.new_epoch_for(OWN_SIGNATURE, above=epoch(
                    c["origin"], self.me.node_id, self.theirs.node_id))
                size, missing = 0, []
        lost = self.out.receipted - min(
            [size] + [r["first"] for r in missing])
        if lost > 0:
            self.alarm("R lost what it cosigned")
        if lost > HEAD_AHEAD:
            self.new_epoch_for(READER_BEHIND)
            size, missing = 0, []
        link.log, link.next_leaf, link.head_sent = self.out, size, size
        link.todo = set(range(size, len(self.out.entries)))
        self.again(link, missing)

    def own_head(self, c):
        verify(ed_public(self.me.log_seed),
               checkpoint(c["origin"], c["size"], c["root"]), c["signature"],
               "sizes: not our signature")

    def own_receipt(self, origin, c):
        verify(ed_public(self.me.witness_seed),
               cosigned_text(origin, c["size"], c["root"], c["time"]),
               c["signature"], "sizes: not our cosignature")

    def again(self, link, wanted):
        for r in wanted:
            end = min(r["first"] + r["count"], len(self.out.entries))
            link.todo.update(range(r["first"], end))
