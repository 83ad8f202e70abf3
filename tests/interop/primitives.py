"""What proto/PROTOCOL.md, 1, names: bytes, functions, labels, protobuf.

Over Python's hashlib and the `cryptography` package; shares nothing with our
C.  Exit code 77: the package is not here.
"""

import base64
import hashlib
import hmac
import re
import struct
import sys
from pathlib import Path

try:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (
        Ed25519PrivateKey, Ed25519PublicKey)
    from cryptography.hazmat.primitives.asymmetric.x25519 import (
        X25519PrivateKey, X25519PublicKey)
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
    from cryptography.hazmat.primitives.serialization import (
        Encoding, PublicFormat)
except ImportError:
    print("no python3-cryptography here: skipped")
    sys.exit(77)
try:
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
except ImportError:
    Argon2id = None

# --- 1.1, 1.2 ---------------------------------------------------------------


def u8(x):
    return struct.pack(">B", x)


def u16(x):
    return struct.pack(">H", x)


def u32(x):
    return struct.pack(">I", x)


def u64(x):
    return struct.pack(">Q", x)


def len16(x):
    return u16(len(x)) + x


def len32(x):
    return u32(len(x)) + x


def b64(x):
    return base64.b64encode(x).decode()


def sha256(x):
    return hashlib.sha256(x).digest()


def hmac256(key, x):
    return hmac.new(key, x, hashlib.sha256).digest()


def hkdf(salt, ikm, info, count=1):
    prk, out, last = hmac256(salt, ikm), [], b""
    for i in range(1, count + 1):
        last = hmac256(prk, last + info + bytes([i]))
        out.append(last)
    return out


def H(label, x):
    return hashlib.blake2b(label + x, digest_size=32).digest()


def K(key, label, x):
    return hashlib.blake2b(label + x, digest_size=32, key=key).digest()


def ed_public(seed):
    return Ed25519PrivateKey.from_private_bytes(seed).public_key() \
        .public_bytes(Encoding.Raw, PublicFormat.Raw)


def ed_sign(seed, x):
    return Ed25519PrivateKey.from_private_bytes(seed).sign(x)


def dh_public(secret):
    return X25519PrivateKey.from_private_bytes(secret).public_key() \
        .public_bytes(Encoding.Raw, PublicFormat.Raw)


def dh(secret, public):
    return X25519PrivateKey.from_private_bytes(secret).exchange(
        X25519PublicKey.from_public_bytes(public))


def aead(key, nonce, data, x):
    return ChaCha20Poly1305(key).encrypt(nonce, x, data)


def unaead(key, nonce, data, x):
    return ChaCha20Poly1305(key).decrypt(nonce, x, data)


def hchacha20(key, nonce16):
    """draft-irtf-cfrg-xchacha-03, 2.2."""
    state = list(struct.unpack("<4I", b"expand 32-byte k") +
                 struct.unpack("<8I", key) + struct.unpack("<4I", nonce16))

    def quarter(a, b, c, d):
        for x, y, z, turn in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8),
                              (c, d, b, 7)):
            state[x] = (state[x] + state[y]) & 0xffffffff
            state[z] ^= state[x]
            state[z] = (state[z] << turn | state[z] >> (32 - turn)) \
                & 0xffffffff

    for _ in range(10):
        for i in range(4):
            quarter(i, 4 + i, 8 + i, 12 + i)
        quarter(0, 5, 10, 15)
        quarter(1, 6, 11, 12)
        quarter(2, 7, 8, 13)
        quarter(3, 4, 9, 14)
    return struct.pack("<8I", *(state[:4] + state[12:]))


def xaead(key, nonce, data, x):
    return aead(hchacha20(key, nonce[:16]), bytes(4) + nonce[16:], data, x)


PAGE = (Path(__file__).parents[2] / "proto" / "PROTOCOL.md").read_text()
LABEL = {}
for row in re.findall(r"^\| ([A-Z0-9_]+) \| `(entente/v1/[a-z0-9-]+)` \|", PAGE,
                      re.MULTILINE):
    LABEL[row[0]] = row[1].encode() + b"\0"


# --- protobuf, just enough: fields in order, numbers and what has a length ---


def varint(x):
    out = b""
    while x >= 0x80:
        out += bytes([x & 0x7f | 0x80])
        x >>= 7
    return out + bytes([x])


def number(field, x):
    return varint(field << 3) + varint(x) if x else b""


def lent(field, x):
    return varint(field << 3 | 2) + varint(len(x)) + x


def text(field, x):
    return lent(field, x.encode())


def take_varint(x, at):
    value = shift = 0
    while True:
        byte = x[at]
        value |= (byte & 0x7f) << shift
        shift += 7
        at += 1
        if byte < 0x80:
            return value, at


def fields(x):
    """{field: [values]} of an encoded message."""
    out, at = {}, 0
    while at < len(x):
        tag, at = take_varint(x, at)
        if tag & 7 == 0:
            value, at = take_varint(x, at)
        else:
            assert tag & 7 == 2
            length, at = take_varint(x, at)
            value, at = x[at:at + length], at + length
        out.setdefault(tag >> 3, []).append(value)
    return out


def one(message, field, otherwise=0):
    return message.get(field, [otherwise])[0]
