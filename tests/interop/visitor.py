"""A node written from proto/PROTOCOL.md alone: enough of one to pair, link,
write a log, read one, and receipt it.  Shares nothing with our C.

Draws its keys at random.  Keeps nothing: a visitor that ends has lost its
state and must not come back under the same keys.
"""

import base64
import hashlib
import os
import socket
import time

from primitives import (
    ChaCha20Poly1305, Ed25519PublicKey, H, K, LABEL, aead, b64, dh, dh_public, ed_public,
    ed_sign, fields, hkdf, hmac256, len16, lent, number, one, sha256, text,
    u8, u16, u32, u64)

OPEN, MESSAGE, ANSWER = 1, 5, 6
IMMEDIATE = 4
ACCEPTED, READ = 1, 6
HELLO, SIZES, LEAVES, HEAD, BODIES, COSIGNED = 1, 2, 3, 4, 5, 6
KEEPALIVE = 10
DAY_MS = 86400000

# --- 3: identities -----------------------------------------------------------


def take16(x, at):
    length = int.from_bytes(x[at:at + 2], "big")
    return x[at + 2:at + 2 + length], at + 2 + length


class Certificate:
    def __init__(self, x):
        self.bytes = x
        self.node, self.org = x[2:18], x[18:50]
        self.log, self.witness, self.link = x[62:94], x[94:126], x[126:158]


class Card:
    def __init__(self, page):
        block = page.split("CARD-----\n")[1].split("\n-----END")[0]
        x = base64.b64decode(block)
        cert, at = take16(x, 2)
        self.certificate = Certificate(cert)
        count, at = x[at], at + 1
        for _ in range(count):
            _, at = take16(x, at)
        self.first_contact = x[at:at + 32]


class Identity:
    def __init__(self, name, organisation):
        self.name, self.organisation = name, organisation
        self.node = os.urandom(16)
        self.org, self.log, self.witness = (os.urandom(32) for _ in range(3))
        self.link, self.first_contact, self.sealing = (
            os.urandom(32) for _ in range(3))
        self.renew_by = int(time.time() * 1000) + 90 * DAY_MS

    def certificate(self):
        x = (u16(1) + self.node + ed_public(self.org) + u32(1) +
             u64(self.renew_by) + ed_public(self.log) +
             ed_public(self.witness) + dh_public(self.link) + b"JP" +
             len16(self.name.encode()) + len16(self.organisation.encode()))
        return x + ed_sign(self.org, LABEL["CERTIFICATE"] + x)

    def card(self, like, addresses):
        """The text; its advice is that of any other card."""
        block = u16(1) + len16(self.certificate()) + u8(len(addresses))
        for address in addresses:
            block += len16(address.encode())
        block += dh_public(self.first_contact) + u64(self.renew_by)
        block += ed_sign(self.log, LABEL["CARD"] + block)
        minute = time.strftime("%Y-%m-%d %H:%M UTC",
                               time.gmtime(self.renew_by // 1000))
        head = (f"Entente card\n\nNode:              {self.name}\n"
                f"Organisation:      {self.organisation}\n"
                f"Country:           JP\n"
                f"Node id:           {self.node.hex()}\n"
                f"Valid until:       {minute}\n")
        for address in addresses or ["none (by courier only)"]:
            head += f"Address:           {address}\n"
        key_id = H(LABEL["KEY_ID"], dh_public(self.first_contact))[:8].hex()
        head += f"First contact key: {key_id}\n"
        advice = like[like.index("\nHand this"):like.index("CARD-----\n")]
        lines = "".join(b64(block[i:i + 48]) + "\n"
                        for i in range(0, len(block), 48))
        return f"{head}{advice}CARD-----\n{lines}-----END ENTENTE CARD-----\n"


def safety_number(a, b):
    digests = [hashlib.sha512(LABEL["SAFETY"] + key).digest()
               for key in sorted((a, b))]
    return " ".join(
        "%05d" % (int.from_bytes(digest[i:i + 5], "big") % 100000)
        for digest in digests for i in range(0, 30, 5))


# --- 4, 5, 7: logs -------------------------------------------------------------


def root_of(hashes):
    """RFC 9162, 2.1.1."""
    if not hashes:
        return sha256(b"")
    if len(hashes) == 1:
        return hashes[0]
    split = 1 << (len(hashes) - 1).bit_length() - 1
    return sha256(b"\1" + root_of(hashes[:split]) + root_of(hashes[split:]))


def padme(length):
    e = length.bit_length() - 1
    b = max(e.bit_length(), 1)
    if e <= b:
        return length
    mask = (1 << (e - b)) - 1
    return (length + mask) & ~mask


class Log:
    """A channel, ours or theirs: leaves, batch fields and bodies."""

    def __init__(self, origin):
        self.origin = origin
        self.leaves, self.batches, self.bodies = [], [], {}
        self.signature = self.cosigned = None  # of a log that we read

    def root(self):
        return root_of([sha256(b"\0" + leaf) for leaf in self.leaves])

    def checkpoint(self):
        return (f"{self.origin}\n{len(self.leaves)}\n{b64(self.root())}\n"
                .encode())

    def content_key(self, index, dh_of, public, pair_secret, leaf):
        first, ephemeral, salt = self.batches[index]
        info = (LABEL["BATCH"] + len16(self.origin.encode()) + leaf[:2] +
                leaf[8:12] + public + ephemeral + salt + u64(first))
        batch = hkdf(pair_secret, dh_of(ephemeral), info)[0]
        return K(batch, LABEL["CONTENT"], u64(index))

    def data(self, index, header):
        return (LABEL["BODY"] + len16(self.origin.encode()) + u64(index) +
                header)

    def digest(self, index, body, sealed):
        x = len16(self.origin.encode()) + u64(index)
        if sealed:
            first, ephemeral, salt = self.batches[index]
            x += u64(first) + ephemeral + salt
        return H(LABEL["ENTRY"], x + body)

    def append(self, kind, body):
        """An unsealed entry, a batch of its own."""
        index = len(self.leaves)
        self.batches.append((index, b"", b""))
        header = u16(1) + u8(kind) + u8(IMMEDIATE) + u32(len(body)) + bytes(40)
        self.leaves.append(header + self.digest(index, body, False))
        self.bodies[index] = body
        return index

    def append_sealed(self, kind, plaintext, key_number, public, pair_secret):
        index = len(self.leaves)
        secret, salt = os.urandom(32), os.urandom(16)
        self.batches.append((index, dh_public(secret), salt))
        length = padme(len(plaintext) + 1)
        header = (u16(1) + u8(kind) + u8(IMMEDIATE) + u32(length) +
                  u32(key_number) + u32(1 if any(pair_secret) else 0))
        key = self.content_key(index, lambda _: dh(secret, public), public,
                               pair_secret, header)
        header += K(key, LABEL["COMMITMENT"], b"")
        body = aead(K(key, LABEL["AEAD"], b""), bytes(12),
                    self.data(index, header),
                    (plaintext + b"\x80").ljust(length, b"\0"))
        self.leaves.append(header + self.digest(index, body, True))
        self.bodies[index] = body
        return index

    def open(self, index, secret, pair_secret):
        leaf, body = self.leaves[index], self.bodies[index]
        assert leaf[48:] == self.digest(index, body, leaf[2] > 4)
        if leaf[2] <= 4:
            return body
        key = self.content_key(index, lambda e: dh(secret, e),
                               dh_public(secret), pair_secret, leaf)
        assert K(key, LABEL["COMMITMENT"], b"") == leaf[16:48]
        padded = ChaCha20Poly1305(K(key, LABEL["AEAD"], b"")).decrypt(
            bytes(12), body, self.data(index, leaf[:48]))
        plaintext = padded.rstrip(b"\0")
        assert plaintext[-1] == 0x80 and padme(len(plaintext)) == len(padded)
        return plaintext[:-1]


# --- 6: the link ---------------------------------------------------------------


def nonce(n):
    return bytes(4) + n.to_bytes(8, "little")


class Symmetric:
    """Noise, 5.2, with the psk's rules of section 9."""

    def __init__(self, prologue, responder):
        self.h = self.ck = sha256(b"Noise_IKpsk1_25519_ChaChaPoly_SHA256")
        self.mix_hash(prologue)
        self.mix_hash(responder)

    def mix_hash(self, x):
        self.h = sha256(self.h + x)

    def mix_key(self, x):
        self.ck, self.k = hkdf(self.ck, x, b"", 2)
        self.n = 0

    def mix_psk(self, x):
        self.ck, mixed, self.k = hkdf(self.ck, x, b"", 3)
        self.mix_hash(mixed)
        self.n = 0

    def mix_e(self, x):
        self.mix_hash(x)
        self.mix_key(x)

    def encrypt(self, x):
        out = aead(self.k, nonce(self.n), self.h, x)
        self.n += 1
        self.mix_hash(out)
        return out

    def decrypt(self, x):
        out = ChaCha20Poly1305(self.k).decrypt(nonce(self.n), x, self.h)
        self.n += 1
        self.mix_hash(x)
        return out


class Link:
    def __init__(self, stream):
        self.stream = stream
        self.stream.settimeout(20)
        self.sent = self.heard = 0

    def take(self, length):
        out = b""
        while len(out) < length:
            part = self.stream.recv(length - len(out))
            if not part:
                raise EOFError("closed by the other side")
            out += part
        return out

    def read(self):
        return self.take(int.from_bytes(self.take(2), "big"))

    def write(self, x):
        self.stream.sendall(len16(x))

    def call(self, me, peer, psk):
        e = os.urandom(32)
        state = Symmetric(LABEL["PROLOGUE"], peer.link)
        state.mix_e(dh_public(e))
        state.mix_key(dh(e, peer.link))
        message = dh_public(e) + state.encrypt(dh_public(me.link))
        state.mix_key(dh(me.link, peer.link))
        state.mix_psk(psk)
        stamp = int(time.time() * 1000)
        message += state.encrypt(len16(me.certificate()) + u64(stamp))
        mac1 = hmac256(sha256(LABEL["MAC1"] + peer.link), message)[:16]
        self.write(mac1 + message)
        answer = self.read()
        state.mix_e(answer[:32])
        state.mix_key(dh(e, answer[:32]))
        state.mix_key(dh(me.link, answer[:32]))
        assert state.decrypt(answer[32:]) == b""
        self.hash = state.h
        self.send_key, self.receive_key = hkdf(state.ck, b"", b"", 2)

    def answer(self, me, peer, psk):
        frame = self.read()
        mac1, message = frame[:16], frame[16:]
        own = dh_public(me.link)
        assert mac1 == hmac256(sha256(LABEL["MAC1"] + own), message)[:16]
        state = Symmetric(LABEL["PROLOGUE"], own)
        e = message[:32]
        state.mix_e(e)
        state.mix_key(dh(me.link, e))
        assert state.decrypt(message[32:80]) == peer.link
        state.mix_key(dh(me.link, peer.link))
        state.mix_psk(psk)
        certificate, _ = take16(state.decrypt(message[80:]), 0)
        assert certificate == peer.bytes
        own_e = os.urandom(32)
        state.mix_e(dh_public(own_e))
        state.mix_key(dh(own_e, e))
        state.mix_key(dh(own_e, peer.link))
        self.write(dh_public(own_e) + state.encrypt(b""))
        self.hash = state.h
        self.receive_key, self.send_key = hkdf(state.ck, b"", b"", 2)

    def say(self, kind, x):
        self.write(aead(self.send_key, nonce(self.sent), b"", lent(kind, x)))
        self.sent += 1

    def hear(self):
        """The kind and the fields of the next Frame."""
        frame = ChaCha20Poly1305(self.receive_key).decrypt(
            nonce(self.heard), self.read(), b"")
        self.heard += 1
        (kind, values), = fields(frame).items()
        return kind, fields(values[0])


# --- a node ------------------------------------------------------------------


class Visitor:
    def __init__(self, name, card_of_peer, pair_secret=None):
        self.me = Identity(name, "Visitor " + name)
        self.peer_page = card_of_peer
        self.card = Card(card_of_peer)
        self.peer = self.card.certificate
        self.pair_secret = pair_secret or bytes(32)
        self.epoch = 1 if pair_secret else 0
        self.psk = K(pair_secret, LABEL["PSK"], b"") if pair_secret \
            else bytes(32)
        self.confirmed = self.pending = bytes(32)
        self.out = Log(f"entente/v1/{self.me.node.hex()}/"
                       f"{self.peer.node.hex()}/actual/wire/"
                       f"1-{os.urandom(8).hex()}")
        self.out.append(OPEN, number(1, 1) + lent(4, bytes(32)) +
                        lent(5, number(1, 1) +
                             lent(2, dh_public(self.me.sealing)) +
                             text(3, "actual") + number(4, self.epoch)))
        self.seal_to = (0, self.card.first_contact)
        self.announced = None
        self.theirs = {}
        self.cosigned = 0   # of our log, by the peer
        self.answers = []   # (verdict, first, count) about our log
        self.messages = []  # fields of each
        self.forgetful = False  # lets a mismatch of the chain pass

    def digits(self):
        return safety_number(ed_public(self.me.org), self.peer.org)

    # -- links --

    def leave(self):
        self.link.stream.close()

    def dial(self, port):
        self.link = Link(socket.create_connection(("127.0.0.1", port)))
        self.link.call(self.me, self.peer, self.psk)
        self.say_hello()
        self.take_hello(self.expect(HELLO))
        self.say_sizes()
        self.take_sizes(self.expect(SIZES))

    def accept(self, listener):
        stream, _ = listener.accept()
        self.link = Link(stream)
        self.link.answer(self.me, self.peer, self.psk)
        hello = self.expect(HELLO)
        self.say_hello()
        self.take_hello(hello)
        sizes = self.expect(SIZES)
        self.say_sizes()
        self.take_sizes(sizes)

    def expect(self, wanted):
        kind, frame = self.link.hear()
        assert kind == wanted, (kind, frame)
        return frame

    def say_hello(self):
        self.link.say(HELLO, lent(1, self.confirmed) + lent(2, self.pending))

    def take_hello(self, hello):
        theirs, ours = (hello[1][0], hello[2][0]), (self.confirmed,
                                                    self.pending)
        assert self.forgetful or set(theirs) & set(ours), "another chain"
        if self.pending in theirs:
            self.confirmed = self.pending
        self.pending = self.link.hash

    def say_sizes(self):
        def size_of(log, signature):
            return text(1, log.origin) + number(2, len(log.leaves)) + \
                lent(3, log.root()) + lent(4, signature)

        own = size_of(self.out, ed_sign(self.me.log, self.out.checkpoint()))
        theirs = b""
        for log in list(self.theirs.values())[-1:]:
            theirs = lent(2, size_of(log, log.signature) +
                          lent(5, log.cosigned))
        self.link.say(SIZES, lent(1, own) + theirs)

    def take_sizes(self, sizes):
        """Goes on from where the peer is."""
        have = 0
        for size in map(fields, sizes.get(2, [])):
            if size[1][0].decode() == self.out.origin:
                have = one(size, 2)
                self.on_cosigned(fields(size[5][0]))
        self.began_at = have
        if have < len(self.out.leaves):
            self.send_new(have)

    # -- writing --

    def send_new(self, start):
        """Leaves and head of what was appended, then the bodies."""
        log = self.out
        for i in range(start, len(log.leaves)):
            first, ephemeral, salt = log.batches[i]
            batch = lent(3, ephemeral) + lent(4, salt) if salt else b""
            self.link.say(LEAVES, text(1, log.origin) + number(2, first) +
                          batch + number(5, i) + lent(6, log.leaves[i]))
        self.link.say(HEAD, text(1, log.origin) +
                      number(2, len(log.leaves)) + lent(3, log.root()) +
                      lent(4, ed_sign(self.me.log, log.checkpoint())))
        for i in range(start, len(log.leaves)):
            body = log.bodies[i]
            for at in range(0, len(body), 100):  # in pieces, to show they fit
                self.link.say(BODIES, text(1, log.origin) + lent(
                    2, number(1, i) + number(2, at) +
                    lent(3, body[at:at + 100])))

    def say(self, kind, plaintext):
        start = self.out.append_sealed(kind, plaintext, *self.seal_to,
                                       self.pair_secret)
        self.send_new(start)
        return start

    # -- reading --

    def run(self, done, seconds=20):
        """Takes frames until done() or for so long."""
        until = time.time() + seconds
        while not done():
            assert time.time() < until, "not within the time given"
            kind, frame = self.link.hear()
            if kind == LEAVES:
                self.on_leaves(frame)
            elif kind == HEAD:
                self.on_head(frame)
            elif kind == BODIES:
                self.on_bodies(frame)
            elif kind == COSIGNED:
                self.on_cosigned(frame)
            else:
                assert kind == KEEPALIVE, (kind, frame)

    def log_of(self, frame):
        origin = frame[1][0].decode()
        parts = origin.split("/")
        assert parts[2:4] == [self.peer.node.hex(), self.me.node.hex()]
        return self.theirs.setdefault(origin, Log(origin))

    def on_leaves(self, frame):
        log, leaves = self.log_of(frame), frame[6][0]
        assert one(frame, 5) == len(log.leaves)
        for i in range(0, len(leaves), 80):
            log.leaves.append(leaves[i:i + 80])
            log.batches.append((one(frame, 2), one(frame, 3, b""),
                                one(frame, 4, b"")))

    def on_head(self, frame):
        log = self.log_of(frame)
        assert one(frame, 2) == len(log.leaves) and frame[3][0] == log.root()
        verify(self.peer.log, frame[4][0], log.checkpoint())
        log.signature = frame[4][0]

    def on_bodies(self, frame):
        log = self.log_of(frame)
        for fragment in map(fields, frame[2]):
            index = one(fragment, 1)
            have = log.bodies.setdefault(index, b"")
            assert one(fragment, 2) == len(have)
            log.bodies[index] = have + fragment[3][0]
            leaf = log.leaves[index]
            if len(log.bodies[index]) == int.from_bytes(leaf[4:8], "big") + (
                    16 if leaf[2] > 4 else 0):
                self.on_entry(log, index, leaf)
        if all(i in log.bodies for i in range(len(log.leaves))):
            self.cosign(log)

    def on_entry(self, log, index, leaf):
        secret = self.me.sealing if int.from_bytes(leaf[8:12], "big") == 1 \
            else self.me.first_contact
        body = fields(log.open(index, secret, self.pair_secret))
        if leaf[2] == OPEN:
            assert index == 0
            sealkey = fields(body[5][0])
            self.announced = (one(sealkey, 1), sealkey[2][0])
        elif leaf[2] == ANSWER:
            for answer in map(fields, body[1]):
                assert answer[2][0].decode() == self.out.origin
                for span in map(fields, answer[3]):
                    self.answers.append((one(answer, 1), one(span, 1),
                                         one(span, 2)))
        elif leaf[2] == MESSAGE:
            self.messages.append((log.origin, index, body))

    def cosign(self, log):
        now = int(time.time())
        signed = f"cosignature/v1\ntime {now}\n".encode() + log.checkpoint()
        log.cosigned = text(1, log.origin) + number(2, len(log.leaves)) + \
            lent(3, log.root()) + number(4, now) + \
            lent(5, ed_sign(self.me.witness, signed))
        self.link.say(COSIGNED, log.cosigned)
        if self.announced:
            self.seal_to, self.announced = self.announced, None

    def on_cosigned(self, frame):
        log = self.out
        assert frame[1][0].decode() == log.origin
        size = one(frame, 2)
        part = Log(log.origin)
        part.leaves = log.leaves[:size]
        assert frame[3][0] == part.root()
        verify(self.peer.witness, frame[5][0],
               f"cosignature/v1\ntime {one(frame, 4)}\n".encode() +
               part.checkpoint())
        self.cosigned = size

    def answer(self, verdict, origin, index):
        self.say(ANSWER, lent(1, number(1, verdict) + text(2, origin) +
                              lent(3, number(1, index) + number(2, 1)) +
                              number(6, int(time.time() * 1000))))


def verify(public, signature, x):
    Ed25519PublicKey.from_public_bytes(public).verify(signature, x)


def note(subject, words, sequence):
    """F, with `number` as S puts it there."""
    now = int(time.time())
    return (lent(1, os.urandom(16)) + number(2, 1) +
            lent(3, text(1, "VISITOR") + text(2, "Duty Officer")) +
            text(6, "IFC") + number(8, IMMEDIATE) +
            lent(9, number(1, 2 * now) + number(2, 3)) + number(12, 1) +
            number(14, 1) +
            lent(17, text(1, "IN-JP") + number(2, 2) + text(4, "IN")) +
            lent(20, text(1, "JDSC-2025") + text(2, "2")) +
            text(21, subject) + lent(128, text(1, words)) +
            number(15, sequence))
