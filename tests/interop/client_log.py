"""Logs: origins, sealed entries, Merkle trees, signed heads, receipts.

Sections 2, 4, 5 and 7 of PROTOCOL.md.  OutLog is a channel that we write
(S), InLog one that we read (R).  Both outlive the links that carry them.
"""

import hmac
import os
import re
import time
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag

from client_codec import Refused, agree, need, verify
from primitives import (
    H, K, LABEL, aead, b64, dh_public, ed_sign, hkdf, len16, sha256, u8, u16,
    u32, u64, unaead)


OPEN, KEY, SEALKEY, REVOKE, MESSAGE, ANSWER, GRANT = range(1, 8)
UNSEALED = OPEN, KEY, SEALKEY, REVOKE
CLASSES = range(OPEN, 10)
PRECEDENCES = range(1, 7)
ROUTINE, PRIORITY, IMMEDIATE, FLASH = 2, 3, 4, 5
PAIRING, CHAIN_MISMATCH, OWN_SIGNATURE, BAD_HEAD_REASON = 1, 5, 4, 7
READER_BEHIND = 8
(ACCEPTED, REJECTED, REFUSED, UNOPENED, LOST, READ, ACKNOWLEDGED, DECLINED,
 COMPLETE, BAD_HEAD) = range(1, 11)
LEAF, BODY, TAG, BODY_TRIES, HEAD_AHEAD = 80, 65536, 16, 8, 8192
NO_SECRET, NO_ROOT = bytes(32), sha256(b"")


def now_ms():
    return int(time.time() * 1000)


# ---- origins (2)

def new_origin(s, r, number):
    return (f"entente/v1/{s.hex()}/{r.hex()}/actual/wire/"
            f"{number}-{os.urandom(8).hex()}")


def epoch(origin, s, r):
    """The epoch number of a log from s to r."""
    m = re.fullmatch(f"entente/v1/{s.hex()}/{r.hex()}/actual/wire/"
                     "([1-9][0-9]{0,18})-[0-9a-f]{16}", origin)
    need(m and int(m[1]) < 1 << 63, "origin")
    return int(m[1])


# ---- headers (4)

@dataclass
class Header:
    cls: int
    precedence: int
    length: int
    key: int = 0
    secret_epoch: int = 0
    commitment: bytes = bytes(32)
    digest: bytes = b""
    suite: int = 1

    def front(self):
        return (u16(self.suite) + u8(self.cls) + u8(self.precedence)
                + u32(self.length) + u32(self.key) + u32(self.secret_epoch)
                + self.commitment)

    def encode(self):
        return self.front() + self.digest

    @classmethod
    def decode(cls, leaf):
        def number(at, size):
            return int.from_bytes(leaf[at:at + size], "big")
        return cls(leaf[2], leaf[3], number(4, 4), number(8, 4),
                   number(12, 4), leaf[16:48], leaf[48:], number(0, 2))

    def travels(self):
        return self.length + (0 if self.cls in UNSEALED else TAG)

    def fault(self, index):
        """Why R refuses the entry by its leaf (4.1, 7.4), or ''."""
        if self.suite != 1:
            return "BAD_VERSION"
        if not self.cls or not self.precedence:
            return "BAD_ENCODING"
        if self.cls not in CLASSES or self.precedence not in PRECEDENCES:
            return "BAD_VERSION"
        if not 1 <= self.length <= BODY:
            return "TOO_LARGE"
        if self.cls in UNSEALED and (self.key or self.secret_epoch
                                     or any(self.commitment)):
            return "BAD_FIELD"
        return "BAD_STATE" if (self.cls == OPEN) != (index == 0) else ""


@dataclass
class Batch:
    """What all entries of one batch share (5.1)."""

    first: int
    ephemeral: bytes = b""
    salt: bytes = b""


def digest(origin, index, header, batch, body):
    place = len16(origin.encode()) + u64(index)
    if header.cls not in UNSEALED:
        place += u64(batch.first) + batch.ephemeral + batch.salt
    return H(LABEL["ENTRY"], place + body)


# ---- sealing (5.2 to 5.4)

def padme(length):
    e = length.bit_length() - 1
    b = e.bit_length() or 1
    low = (1 << max(e - b, 0)) - 1
    return length + low & ~low


def pad(plain):
    return (plain + b"\x80").ljust(padme(len(plain) + 1), b"\0")


def unpad(padded):
    plain = padded.rstrip(b"\0")
    need(plain.endswith(b"\x80") and len(padded) == padme(len(plain)),
         "padding")
    return plain[:-1]


def batch_secret(origin, batch, shared, pair_secret, number, public):
    info = (LABEL["BATCH"] + len16(origin.encode()) + u16(1) + u32(number)
            + public + batch.ephemeral + batch.salt + u64(batch.first))
    return hkdf(pair_secret or NO_SECRET, shared, info)[0]


def entry_keys(secret, index):
    content = K(secret, LABEL["CONTENT"], u64(index))
    return (K(content, LABEL["AEAD"], b""),
            K(content, LABEL["COMMITMENT"], b""))


def body_data(origin, index, header):
    return (LABEL["BODY"] + len16(origin.encode()) + u64(index)
            + header.front())


def seal(origin, index, batch, secret, header, plain):
    padded = pad(plain)
    header.length = len(padded)
    key, header.commitment = entry_keys(secret, index)
    return aead(key, bytes(12), body_data(origin, index, header), padded)


def unseal(origin, index, batch, header, body, private, pair_secret):
    """The plaintext; private is the X25519 key that the header names."""
    shared = agree(private, batch.ephemeral)
    secret = batch_secret(origin, batch, shared, pair_secret, header.key,
                          dh_public(private))
    key, commitment = entry_keys(secret, index)
    need(hmac.compare_digest(commitment, header.commitment),
         "commitment")
    try:
        return unpad(unaead(key, bytes(12),
                            body_data(origin, index, header), body))
    except InvalidTag as error:
        raise Refused("tag") from error


# ---- trees and heads (7.1, 7.2)

def tree_root(leaves):
    """RFC 9162, 2.1.1."""
    if not leaves:
        return NO_ROOT
    if len(leaves) == 1:
        return sha256(b"\0" + leaves[0])
    k = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b"\1" + tree_root(leaves[:k]) + tree_root(leaves[k:]))


def checkpoint(origin, size, root):
    return f"{origin}\n{size}\n{b64(root)}\n".encode()


def cosigned_text(origin, size, root, seconds):
    return (f"cosignature/v1\ntime {seconds}\n".encode()
            + checkpoint(origin, size, root))


@dataclass
class Entry:
    header: Header
    batch: Batch
    body: bytes
    plain: bytes


class OutLog:
    """A channel that we write: entries, one signed root for each size."""

    def __init__(self, origin, log_seed, witness_key):
        self.origin, self.seed, self.witness = origin, log_seed, witness_key
        self.entries, self.heads, self.cosigned = [], {}, None

    @property
    def size(self):
        return max(self.heads, default=0)

    @property
    def receipted(self):
        return self.cosigned["size"] if self.cosigned else 0

    def leaves(self):
        return [e.header.encode() for e in self.entries]

    def append(self, items, key=None, pair_secret=None):
        """One batch of (class, precedence, plaintext), and its head.

        key: (number, public) of the sealing key of the reader.
        """
        eph = os.urandom(32)
        batch = Batch(len(self.entries), dh_public(eph), os.urandom(16))
        if key:
            secret = batch_secret(self.origin, batch, agree(eph, key[1]),
                                  pair_secret, *key)
        for cls, precedence, plain in items:
            index = len(self.entries)
            header, body = Header(cls, precedence, len(plain)), plain
            if cls not in UNSEALED:
                header.key, header.secret_epoch = key[0], int(
                    pair_secret is not None)
                body = seal(self.origin, index, batch, secret, header,
                            plain)
            header.digest = digest(self.origin, index, header, batch, body)
            self.entries.append(Entry(header, batch, body, plain))
        self.sign()

    def sign(self):
        size, root = len(self.entries), tree_root(self.leaves())
        self.heads[size] = root, ed_sign(
            self.seed, checkpoint(self.origin, size, root))

    def head(self):
        size = self.size
        root, signature = self.heads.get(size, (NO_ROOT, b""))
        return {"origin": self.origin, "size": size, "root": root,
                "signature": signature}

    def take_receipt(self, c):
        """A Cosigned frame; True when it is news."""
        need(c["size"] in self.heads, "cosignature on a head we never signed")
        root, _ = self.heads[c["size"]]
        need(c["root"] == root, "cosignature on another root")
        verify(self.witness, cosigned_text(self.origin, c["size"], root,
                                           c["time"]), c["signature"],
               "cosignature")
        if c["size"] <= self.receipted:
            return False
        self.cosigned = {k: c[k] for k in ("origin", "size", "root", "time",
                                           "signature")}
        return True


class Fork(Refused):
    """Two signed roots of one size (7.5)."""


class BadRoot(Refused):
    """A signed head does not match its leaves (7.5)."""


class InLog:
    """A channel that we read: leaves under a head, bodies, our receipt."""

    def __init__(self, origin, log_key, witness_seed):
        self.origin, self.log_key, self.seed = origin, log_key, witness_seed
        self.leaves, self.batches = [], []      # durable, then loose ones
        self.heads, self.bodies, self.refused = {}, {}, set()
        self.cosigned, self.stopped = None, False
        self.bad_roots, self.tries = 0, {}
        self.passed_over = 0                    # bodies of leaves forgotten
        self.parts = {}                         # precedence: index, bytes

    @property
    def size(self):
        return max(self.heads, default=0)

    @property
    def receipted(self):
        return self.cosigned["size"] if self.cosigned else 0

    def forget_loose(self):
        del self.leaves[self.size:], self.batches[self.size:]
        self.parts = {}

    def bad_root(self):
        """Forget what no head covers, and its bodies on their way."""
        self.bad_roots += 1
        self.passed_over = len(self.leaves)
        self.forget_loose()

    def header(self, index):
        return Header.decode(self.leaves[index])

    def take_leaves(self, f):
        count, rest = divmod(len(f["leaves"]), LEAF)
        need(count and not rest, "leaves: length")
        need(f["start"] == len(self.leaves), "leaves: start")
        need(len(f["ephemeral"]) in (0, 32) and len(f["salt"]) in (0, 16),
             "leaves: batch")
        batch = Batch(f["first"], f["ephemeral"], f["salt"])
        if f["first"] != f["start"]:
            need(f["start"] > self.size and self.batches[-1] == batch,
                 "leaves: another batch")
        need(len(self.leaves) + count - self.receipted <= HEAD_AHEAD,
             "leaves: too many")
        for i in range(count):
            self.leaves.append(f["leaves"][i * LEAF:(i + 1) * LEAF])
            self.batches.append(batch)

    def take_head(self, f):
        """In the order of 7.3; the new indexes, none if it is known."""
        size, root = f["size"], f["root"]
        verify(self.log_key, checkpoint(self.origin, size, root),
               f["signature"], "head: signature")
        if size and size == self.size:
            if root != self.heads[size][0]:
                raise Fork("two roots of one size")
            return range(0)
        need(self.size <= size <= len(self.leaves), "head: size")
        if tree_root(self.leaves[:size]) != root:
            raise BadRoot("head does not match its leaves")
        new = range(self.size, size)
        self.heads[size] = root, f["signature"]
        self.bad_roots = self.passed_over = 0
        return new

    def take_piece(self, piece):
        """(index, header, body) when a body is whole and fits its leaf."""
        index, offset, data = piece["index"], piece["offset"], piece["bytes"]
        need(index < max(self.size, self.passed_over) and data,
             "body: index")
        if (index >= self.size or index in self.bodies
                or index in self.refused):
            return None
        header = self.header(index)
        at, had = self.parts.get(header.precedence, (None, b""))
        if not offset:
            had = b""
        else:
            need(at == index and offset == len(had), "body: gap")
        had += data
        need(len(had) <= header.travels(), "body: too long")
        self.parts[header.precedence] = index, had
        if len(had) < header.travels():
            return None
        del self.parts[header.precedence]
        if digest(self.origin, index, header, self.batches[index],
                  had) != header.digest:
            self.tries[index] = self.tries.get(index, 0) + 1
            raise Refused("digest")
        self.bodies[index] = had
        return index, header, had

    def missing(self, size=None):
        return [i for i in range(self.size if size is None else size)
                if i not in self.bodies and i not in self.refused]

    def cosign(self):
        """Our receipt on the largest head that is complete, if new."""
        whole = min(self.missing(), default=self.size)
        size = max((s for s in self.heads if s <= whole), default=0)
        if self.stopped or size <= self.receipted:
            return None
        last = self.cosigned["time"] if self.cosigned else 0
        root, seconds = self.heads[size][0], max(int(time.time()), last)
        self.cosigned = {
            "origin": self.origin, "size": size, "root": root,
            "time": seconds, "signature": ed_sign(self.seed, cosigned_text(
                self.origin, size, root, seconds))}
        return self.cosigned


def ranges(indexes, most=64):
    """Consecutive indexes as {first, count}; the last covers the rest."""
    out = []
    for i in sorted(indexes):
        if out and (i == out[-1]["first"] + out[-1]["count"]
                    or len(out) == most):
            out[-1]["count"] = i + 1 - out[-1]["first"]
        else:
            out.append({"first": i, "count": 1})
    return out
