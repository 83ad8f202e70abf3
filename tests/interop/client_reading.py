"""What a node does as R: leaves, heads, bodies, receipts, answers.

Sections 5.6, 6.9, 7.3 to 7.5 and 8.3 of PROTOCOL.md; a part of Peer.
"""

import client_message
from client_codec import Refused, check_x25519, decode, need
from client_log import (
    ACCEPTED, ACKNOWLEDGED, ANSWER, BAD_HEAD, BAD_HEAD_REASON, BODY_TRIES,
    COMPLETE, DECLINED, GRANT, IMMEDIATE, MESSAGE, OPEN, REFUSED,
    REJECTED, ROUTINE, UNOPENED, BadRoot, Fork, InLog, epoch, now_ms,
    unseal)

STATES = ("", "accepted", "rejected", "refused", "unopened", "lost", "read",
          "acknowledged", "declined")
# An ANSWER entry takes over the precedence of what it says these of (4.2).
LIFTS = ACCEPTED, REJECTED, UNOPENED, ACKNOWLEDGED, DECLINED


class Reading:
    def log_named(self, origin):
        log = self.ins.get(origin)
        if not log:
            number = epoch(origin, self.theirs.node_id, self.me.node_id)
            known = [epoch(o, self.theirs.node_id, self.me.node_id)
                     for o in self.ins]
            if number <= max(known, default=0):
                self.alarm("FORK: an epoch with two names")
                raise Refused("FORK")
            self.forget_unsigned()
            log = self.ins[origin] = self.newest_in = InLog(
                origin, self.theirs.log_key, self.me.witness_seed)
        return log

    def take_leaves(self, _link, f):
        log = self.log_named(f["origin"])
        if not log.stopped:
            log.take_leaves(f)

    def take_head(self, link, f):
        log = self.ins.get(f["origin"])
        need(log and len(f["root"]) == 32 and len(f["signature"]) == 64,
             "head: form")
        if log.stopped:
            return
        try:
            new = log.take_head(f)
        except BadRoot:
            log.bad_root()
            if log.bad_roots == 2:
                return self.stop(log, f)
            return link.send("fetch", {
                "origin": log.origin, "leaves": 1, "leaves_from": log.size})
        except Fork:
            return self.stop(log, f)
        for index in new:
            why = log.header(index).fault(index)
            if why:
                self.refuse(log, index, why)

    def stop(self, log, head):
        log.stopped = True
        self.alarm("bad head: a log is stopped")
        self.due.append({"verdict": BAD_HEAD, "origin": log.origin,
                         "bad_head": head, "time_ms": now_ms(),
                         "precedence": IMMEDIATE})

    def refuse(self, log, index, why):
        log.refused.add(index)
        if log.header(index).cls in (ANSWER, GRANT):
            self.alarm(f"{why}: an answer is refused")
        else:
            self.answer(log, index, REFUSED, why)

    def take_bodies(self, link, f):
        log = self.ins.get(f["origin"])
        need(log, "bodies: log")
        if log.stopped:
            return
        for piece in f["fragments"]:
            try:
                whole = log.take_piece(piece)
            except Refused as error:
                if str(error) != "digest":
                    raise
                self.wrong_digest(link, log, piece["index"])
            else:
                if whole:
                    self.arrived(log, *whole)

    def wrong_digest(self, link, log, index):
        if log.tries[index] == BODY_TRIES:
            self.alarm("BAD_PROOF: a body without its digest")
            return self.refuse(log, index, "BAD_PROOF")
        link.send("fetch", {"origin": log.origin,
                            "bodies": [{"first": index, "count": 1}]})

    def arrived(self, log, index, header, body):
        if header.cls == OPEN:
            return self.opened(log, body)
        if header.cls not in (MESSAGE, ANSWER):
            return None
        try:
            plain = self.unsealed(log, index, header, body)
        except Refused as error:
            self.alarm(f"unopened: {error}")
            if header.cls == ANSWER:
                return None
            return self.answer(log, index, UNOPENED, "UNOPENED")
        if header.cls == ANSWER:
            return self.answered(plain)
        why, message = client_message.judge(plain, header.precedence)
        if message and not why:
            known = self.inbox.setdefault(message["id"], message)
            if known | {"number": 0} != message | {"number": 0}:
                self.alarm("one id for two messages")
                why = "DUPLICATE"
            self.places[message["id"]] = log, index
        return self.answer(log, index, REJECTED if why else ACCEPTED, why)

    def unsealed(self, log, index, header, body):
        need(header.key in (0, 1), "no such key")
        need(header.secret_epoch == int(bool(self.pair_secret)),
             "no such pair secret")
        private = self.sealing if header.key else self.me.first_contact
        return unseal(log.origin, index, log.batches[index], header, body,
                      private, self.pair_secret)

    def opened(self, log, body):
        try:
            key = decode("EntryOpen", body)["sealkey"]
            need(key and key["number"] == 1 and key["realm"] == "actual",
                 "sealkey")
            check_x25519(key["key"])
        except Refused as error:
            return self.alarm(f"OPEN: {error}")
        if not self.their_key:
            self.their_key = log, key["number"], key["key"]

    # ---- answers (5.6)

    def answer(self, log, index, verdict, why="", by=""):
        self.due.append({
            "verdict": verdict, "origin": log.origin,
            "ranges": [{"first": index, "count": 1}], "why": why, "by": by,
            "time_ms": now_ms(), "precedence": log.header(
                index).precedence if verdict in LIFTS else ROUTINE})

    def answered(self, plain):
        try:
            answers = decode("EntryAnswer", plain)["answers"]
            for a in answers:
                self.check_answer(a)
        except Refused as error:
            return self.alarm(f"answer: {error}")
        for a in answers:
            if a["verdict"] == BAD_HEAD:
                self.bad_head(a["bad_head"])
                continue
            for r in a["ranges"]:
                for index in range(r["first"], r["first"] + r["count"]):
                    self.said(a["origin"], index, a)

    def check_answer(self, a):
        bad = a["verdict"] == BAD_HEAD
        need(a["verdict"] != 0, "verdict")
        need(a["verdict"] != COMPLETE or
             (len(a["digest"]) == 32 and
              [r["count"] for r in a["ranges"]] == [1]), "COMPLETE")
        need(bad == bool(a["bad_head"]) and bad == (not a["ranges"]),
             "bad_head")
        need(a["origin"] in self.outs, "unknown origin")
        if bad:
            need(a["bad_head"]["origin"] == a["origin"], "bad_head")
            self.own_head(a["bad_head"])
        size = self.outs[a["origin"]].size
        need(all(1 <= r["count"] <= 8192 and r["first"] + r["count"] <= size
                 for r in a["ranges"]), "range")

    def said(self, origin, index, a):
        for m in self.sent:
            if (m["origin"], m["index"]) == (origin, index):
                m["state"] = STATES[a["verdict"]]
                m["why"], m["trail"] = a["why"], m["trail"] + [m["state"]]

    def bad_head(self, head):
        self.alarm("R says that our head is bad")
        if head["origin"] == self.out.origin and (
                head["size"] > self.out.receipted):
            self.new_epoch_for(BAD_HEAD_REASON, bad_head=head)
