"""One link: Noise handshake, frames, the states of a session.

Section 6 of PROTOCOL.md.  A Link does no input or output: `feed` takes
what TCP brought, `out` is what TCP is to carry.  What the session means to
the pair (chain, sizes, logs) is the peer's, in client.py.
"""

import hmac
import sys

from client_codec import (
    Reader, Refused, check_x25519, decode, encode, need, only_kind)
from client_identity import Certificate
from primitives import LABEL, K, dh_public, hmac256, len16, sha256, u64

try:
    from dissononce.cipher.chachapoly import ChaChaPolyCipher
    from dissononce.dh.keypair import KeyPair
    from dissononce.dh.x25519.private import PrivateKey
    from dissononce.dh.x25519.public import PublicKey
    from dissononce.dh.x25519.x25519 import X25519DH
    from dissononce.exceptions.decrypt import DecryptFailedException
    from dissononce.hash.sha256 import SHA256Hash
    from dissononce.processing.handshakepatterns.interactive.IK import (
        IKHandshakePattern)
    from dissononce.processing.impl.cipherstate import CipherState
    from dissononce.processing.impl.handshakestate import HandshakeState
    from dissononce.processing.impl.symmetricstate import SymmetricState
    from dissononce.processing.modifiers.psk import PSKPatternModifier
except ImportError:
    print("no python3-dissononce here: skipped")
    sys.exit(77)

PATTERN = PSKPatternModifier(1).modify(IKHandshakePattern())
MAC, STRANGER_FRAME = 16, 2048
NO_SECRET = bytes(32)


def handshake(caller, prologue, secret, theirs, pair_secret):
    """Noise_IKpsk1_25519_ChaChaPoly_SHA256 (6.4)."""
    noise = HandshakeState(
        SymmetricState(CipherState(ChaChaPolyCipher()), SHA256Hash()),
        X25519DH())
    mine = KeyPair(PublicKey(dh_public(secret)), PrivateKey(secret))
    psk = K(pair_secret, LABEL["PSK"], b"") if pair_secret else NO_SECRET
    noise.initialize(PATTERN, caller, prologue, s=mine, psks=(psk,),
                     rs=PublicKey(theirs) if caller else None)
    return noise


def mac1(called_key, message):
    return hmac256(sha256(LABEL["MAC1"] + called_key), message)[:MAC]


class Link:
    """One connection with a peer, as caller or as called."""

    prologue = LABEL["PROLOGUE"]

    def __init__(self, peer, caller):
        self.peer, self.caller = peer, caller
        self.state = "DIALLING" if caller else "STRANGER"
        self.out, self.buffer, self.why = bytearray(), bytearray(), ""
        self.noise = handshake(caller, self.prologue, peer.me.link_secret,
                               peer.theirs.link_key, peer.pair_secret)
        self.log, self.next_leaf, self.todo = None, 0, set()

    @property
    def closed(self):
        return self.state == "CLOSED"

    def close(self, why):
        if not self.closed:
            self.state, self.why = "CLOSED", why
            self.peer.gone(self)

    # ---- frames on TCP (6.1, 6.5)

    def feed(self, data):
        self.buffer += data
        try:
            while not self.closed and len(self.buffer) >= 2:
                size = int.from_bytes(self.buffer[:2], "big")
                need(size, "length 0")
                need(self.state != "STRANGER" or size <= STRANGER_FRAME,
                     "stranger's frame")
                if len(self.buffer) < 2 + size:
                    return
                frame = bytes(self.buffer[2:2 + size])
                del self.buffer[:2 + size]
                self.step(frame)
        except Refused as error:
            self.close(str(error))

    def write(self, frame):
        self.out += len16(frame)

    def send(self, kind, values):
        if self.closed:
            return
        plain = encode("Frame", {kind: values})
        self.write(self.sends.encrypt_with_ad(b"", plain))

    def step(self, frame):
        if self.state == "STRANGER":
            return self.message_1(frame)
        if self.state == "CALLING":
            return self.message_2(frame)
        try:
            plain = self.takes.decrypt_with_ad(b"", frame)
        except DecryptFailedException as error:
            raise Refused("frame: tag") from error
        kind, values = only_kind(decode("Frame", plain))
        row = ROWS.get((self.state, kind))
        need(row, f"{kind} in state {self.state}")
        row(self, values)
        if self.state == "OPEN":
            self.peer.flush(self)

    # ---- handshake (6.3, 6.4)

    def call(self):
        payload = len16(self.peer.me.certificate.raw) + u64(
            self.peer.next_stamp())
        message = bytearray()
        self.noise.write_message(payload, message)
        self.write(mac1(self.peer.theirs.link_key, message) + message)
        self.state = "CALLING"

    def message_1(self, frame):
        me, theirs = self.peer.me, self.peer.theirs
        mac, message = frame[:MAC], frame[MAC:]
        need(len(mac) == MAC and hmac.compare_digest(
            mac, mac1(me.certificate.link_key, message)), "mac1")
        payload = self.read(message)
        need(self.noise.rs.data == theirs.link_key, "not a paired peer")
        r = Reader(payload)
        self.certified(r.len16())
        self.stamp = r.number(8)
        r.end()
        need(self.stamp > self.peer.stamp_seen, "stamp")
        message = bytearray()
        self.split(self.noise.write_message(b"", message))
        self.write(bytes(message))
        self.state = "ANSWERED"

    def certified(self, raw):
        """The card's certificate, or a later one with the same keys."""
        had = self.peer.theirs
        if raw != had.raw:
            c = Certificate.decode(raw)
            need(all(getattr(c, name) == getattr(had, name) for name in (
                "org_key", "node_id", "link_key", "log_key", "witness_key"))
                and c.serial >= had.serial, "certificate")

    def message_2(self, frame):
        need(not self.read(frame), "message 2: payload")
        self.state = "PROVING"
        self.send("hello", self.peer.hello())

    def read(self, message):
        payload = bytearray()
        try:
            check_x25519(message[:32])
            done = self.noise.read_message(message, payload)
        except (DecryptFailedException, ValueError) as error:
            raise Refused("handshake") from error
        if done:
            self.split(done)
        return bytes(payload)

    def split(self, keys):
        self.sends, self.takes = keys if self.caller else keys[::-1]
        self.hash = self.noise.symmetricstate.get_handshake_hash()

    # ---- Hello and Sizes (6.6 to 6.8)

    def hello_from_called(self, hello):
        if self.peer.settle(self, hello):
            self.send("sizes", self.peer.sizes())
            self.state = "SYNCING"

    def hello_from_caller(self, hello):
        ours = self.peer.hello()
        if self.peer.settle(self, hello):
            self.send("hello", ours)
            self.state = "SETTLING"

    def sizes_from_caller(self, sizes):
        self.send("sizes", self.peer.sizes())
        self.opened(sizes)

    def opened(self, sizes):
        self.state = "OPEN"
        self.peer.take_sizes(self, sizes)

    def bye(self, bye):
        self.close("Bye " + bye["status"])

    def held(self, f):
        """This node asks for nothing that it lost (6.9)."""
        if not f["more"] and not f["given"]:
            self.send("ask_held", {"whole": True})

    def keepalive(self, f):
        if f["echo"]:
            self.send("keepalive", {"answer": f["echo"]})


def to_peer(kind):
    return lambda link, values: getattr(link.peer, "take_" + kind)(
        link, values)


ROWS = {
    ("ANSWERED", "hello"): Link.hello_from_caller,
    ("PROVING", "hello"): Link.hello_from_called,
    ("PROVING", "bye"): Link.bye,
    ("SETTLING", "sizes"): Link.sizes_from_caller,
    ("SETTLING", "bye"): Link.bye,
    ("SYNCING", "sizes"): Link.opened,
    ("OPEN", "keepalive"): Link.keepalive,
    ("OPEN", "held"): Link.held,
    ("OPEN", "bye"): Link.bye,
    **{("OPEN", kind): to_peer(kind)
       for kind in ("leaves", "head", "bodies", "cosigned", "fetch")}}
