"""What a node does as S: dispatch, sending and sending again.

Sections 4.2, 6.9 and 7.7 of PROTOCOL.md; a part of Peer.
"""

from client_codec import encode, need
from client_log import ANSWER, BAD_HEAD, IMMEDIATE, MESSAGE
from client_message import numbered

PIECE, LEAVES = 16000, 500


class Writing:
    def submit(self, plain, precedence):
        """A message, as its author encoded it; what becomes of it."""
        message = {"precedence": precedence, "state": "queued", "why": "",
                   "plain": numbered(plain, len(self.sent) + 1),
                   "origin": "", "index": 0, "trail": []}
        self.sent.append(message)
        self.outbox.append(message)
        if self.link:
            self.flush(self.link)
        return message

    def say(self, ident, verdict, by=""):
        """READ, ACKNOWLEDGED, DECLINED: what a person does."""
        self.answer(*self.places[ident], verdict, by=by)
        if self.link:
            self.flush(self.link)

    def sealing_key(self):
        """Number 0 until we cosigned the OPEN that names a higher."""
        if self.their_key and self.their_key[0].receipted:
            return self.their_key[1:]
        return 0, self.card.first_contact

    def append(self, items):
        key = self.sealing_key()
        if key[0] and not self.key_change:
            self.key_change = {"origin": self.out.origin,
                               "size": len(self.out.entries),
                               "sealing_key": key[0]}
        self.out.append(items, key, self.pair_secret)

    def dispatch(self):
        """One message under way in each window is always allowed."""
        for urgent in (True, False):
            under_way = any(
                m["origin"] == self.out.origin
                and m["index"] >= self.out.receipted
                for m in self.sent
                if m["state"] != "queued" and m not in self.outbox
                and (m["precedence"] >= IMMEDIATE) == urgent)
            waiting = [m for m in self.outbox
                       if (m["precedence"] >= IMMEDIATE) == urgent]
            if waiting and not under_way:
                m = max(waiting, key=lambda m: m["precedence"])
                self.outbox.remove(m)
                m.update(origin=self.out.origin, state="sent",
                         index=len(self.out.entries))
                self.append([(MESSAGE, m["precedence"], m["plain"])])

    def say_due(self):
        """A BAD_HEAD alone in its entry, the others in one (5.6)."""
        due, self.due = self.due, []
        heads = [[d] for d in due if d["verdict"] == BAD_HEAD]
        others = [d for d in due if d["verdict"] != BAD_HEAD]
        batch = []
        for answers in heads + ([others] if others else []):
            top = max(d.pop("precedence") for d in answers)
            batch.append((ANSWER, top, encode("EntryAnswer",
                                              {"answers": answers})))
        if batch:
            self.append(batch)

    def flush(self, link):
        """All that is to be said now, in the order of 6.9."""
        if link.state != "OPEN" or self.link is not link:
            return
        for log in self.ins.values():
            receipt = log.cosign()
            if receipt:
                changes = [self.key_change] if self.key_change else []
                link.send("cosigned", receipt | {"key_changes": changes})
        self.say_due()
        self.dispatch()
        if link.log is not self.out:
            link.log, link.next_leaf, link.head_sent = self.out, 0, 0
            link.todo = set()
        self.send_log(link)

    def send_log(self, link):
        out = self.out
        while link.next_leaf < len(out.entries):
            start, batch = link.next_leaf, out.entries[link.next_leaf].batch
            group = [e for e in out.entries[start:start + LEAVES]
                     if e.batch == batch]
            link.send("leaves", {
                "origin": out.origin, "first": batch.first,
                "ephemeral": batch.ephemeral, "salt": batch.salt,
                "start": start,
                "leaves": b"".join(e.header.encode() for e in group)})
            link.next_leaf += len(group)
            link.todo.update(range(start, link.next_leaf))
        if link.head_sent < out.size:
            link.send("head", out.head())
            link.head_sent = out.size
        for index in sorted(link.todo, key=lambda i: (
                -out.entries[i].header.precedence, i)):
            self.send_body(link, index)
        link.todo.clear()

    def send_body(self, link, index):
        body = self.out.entries[index].body
        for at in range(0, len(body), PIECE):
            link.send("bodies", {"origin": self.out.origin, "fragments": [
                {"index": index, "offset": at,
                 "bytes": body[at:at + PIECE]}]})

    def take_cosigned(self, _link, c):
        need(c["origin"] in self.outs, "cosigned: log")
        if c["origin"] == self.out.origin:
            self.receipt(c)

    def receipt(self, c):
        if c["size"] > self.out.receipted and self.out.take_receipt(c):
            for m in self.sent:
                if (m["origin"] == self.out.origin
                        and m["index"] < c["size"] and m["state"] == "sent"):
                    m["state"] = "received"

    def take_fetch(self, link, f):
        need(f["origin"] in self.outs and len(f["bodies"]) <= 64, "fetch")
        if f["origin"] != self.out.origin:
            return
        if f["leaves"]:
            need(f["leaves_from"] <= len(self.out.entries), "fetch: from")
            link.next_leaf, link.head_sent = f["leaves_from"], 0
        self.again(link, f["bodies"])
