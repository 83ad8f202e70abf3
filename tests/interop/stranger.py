"""A stranger's reading of proto/PROTOCOL.md.

Written from that page alone, over Python's hashlib and the `cryptography`
package: it shares nothing with our C.  It computes every worked example of
appendix E from the fixed secrets and compares.  Exit code 77: the package is
not here.
"""

import hashlib
import re
import struct
import sys

from primitives import (
    Argon2id, H, K, LABEL, PAGE, aead, b64, dh, dh_public, ed_public, ed_sign,
    hkdf, hmac256, len16, len32, lent, number, sha256, text, u8, u16, u32, u64,
    xaead)

failures = 0
compared = set()


def block(name):
    found = re.search(r"^```\w+ " + re.escape(name) + r"\n(.*?)^```$", PAGE,
                      re.MULTILINE | re.DOTALL)
    return found.group(1) if found else None


def same(name, mine):
    global failures
    compared.add(name)
    theirs = block(name)
    if isinstance(mine, bytes):
        theirs = bytes.fromhex(theirs or "00")
    if mine != theirs:
        failures += 1
        print(f"{name}:\n  page {theirs!r}\n  mine {mine!r}")


def value(name, words):
    """The hex behind some words of a text block, lines that go on included."""
    found = re.search(r"^" + re.escape(words) + r" +([0-9a-f]+(?:\n +[0-9a-f]+)*)",
                      block(name), re.MULTILINE)
    compared.add(name)
    return bytes.fromhex(re.sub(r"\s", "", found.group(1)))


def same_value(name, words, mine):
    global failures
    if value(name, words) != mine:
        failures += 1
        print(f"{name}, {words}:\n  page {value(name, words).hex()}\n"
              f"  mine {mine.hex()}")


def S(n):
    return bytes((n + i) % 256 for i in range(32))


def s(n):
    return S(n)[:16]


# --- 3: identities ----------------------------------------------------------

ORG_A, LOG_A, WITNESS_A, LINK_A = S(0xa0), S(0xc0), S(0xe0), S(0x11)
ORG_B, LINK_B, WITNESS_B = S(0xb1), S(0x12), S(0xe1)
NODE_A, NODE_B = s(0x00), s(0x10)
SECRET = S(0x80)


def sign(seed, label, x):
    return x + ed_sign(seed, LABEL[label] + x)


def certificate():
    return sign(ORG_A, "CERTIFICATE",
                u16(1) + NODE_A + ed_public(ORG_A) + u32(3) +
                u64(1900000000000) + ed_public(LOG_A) + ed_public(WITNESS_A) +
                dh_public(LINK_A) + b"IN" + len16(b"ifc-ior") +
                len16(b"Information Fusion Centre"))


def card():
    addresses = [b"node.example:4711", b"[2001:db8::1]:4711"]
    signed = sign(LOG_A, "CARD",
                  u16(1) + len16(certificate()) + u8(len(addresses)) +
                  b"".join(map(len16, addresses)) + dh_public(S(0x33)) +
                  u64(1893456000000))
    page = block("keys/card")
    head, rest = page.split("-----BEGIN ENTENTE CARD-----\n")
    lines = [b64(signed[i:i + 48]) + "\n" for i in range(0, len(signed), 48)]
    key_id = H(LABEL["KEY_ID"], dh_public(S(0x33)))[:8].hex()
    assert f"First contact key: {key_id}\n" in head
    assert "Valid until:       2030-01-01 00:00 UTC\n" in head
    return (head + "-----BEGIN ENTENTE CARD-----\n" + "".join(lines) +
            "-----END ENTENTE CARD-----\n")


def half_of(key):
    digest = hashlib.sha512(LABEL["SAFETY"] + key).digest()
    return " ".join(
        "%05d" % (int.from_bytes(digest[5 * i:5 * i + 5], "big") % 100000)
        for i in range(6))


def safety():
    low, high = sorted((ed_public(ORG_A), ed_public(ORG_B)))
    first, second = half_of(low), half_of(high)
    if ed_public(ORG_A) != low:
        mine, theirs = second, first
    else:
        mine, theirs = first, second
    return f"{first} {second}\nA reads  {mine}\nB reads  {theirs}\n"


def identities():
    for words, key in (("A organisation", ed_public(ORG_A)),
                       ("A log", ed_public(LOG_A)),
                       ("A witness", ed_public(WITNESS_A)),
                       ("A link", dh_public(LINK_A)),
                       ("A first contact", dh_public(S(0x33))),
                       ("B organisation", ed_public(ORG_B)),
                       ("B log", ed_public(S(0xc1))),
                       ("B witness", ed_public(WITNESS_B)),
                       ("B link", dh_public(LINK_B)),
                       ("B sealing 1", dh_public(S(0x20))),
                       ("batch ephemeral", dh_public(S(0x40)))):
        same_value("keys/public", words, key)
    same("keys/certificate", certificate())
    same("keys/card", card())
    same("keys/safety", safety())


# --- 4, 5, 7: entries and heads ---------------------------------------------

ORIGIN = f"entente/v1/{NODE_A.hex()}/{NODE_B.hex()}/actual/wire/" \
         "1-0123456789abcdef"


def padme(length):
    e = length.bit_length() - 1
    b = max(e.bit_length(), 1)
    if e <= b:
        return length
    mask = (1 << (e - b)) - 1
    return (length + mask) & ~mask


def open_entry():
    sealkey = number(1, 1) + lent(2, dh_public(S(0x21))) + \
        text(3, "actual") + number(4, 1)
    body = number(1, 1) + lent(4, bytes(32)) + lent(5, sealkey)
    digest = H(LABEL["ENTRY"], len16(ORIGIN.encode()) + u64(0) + body)
    leaf = u16(1) + u8(1) + u8(4) + u32(len(body)) + bytes(40) + digest
    return body, leaf


def message():
    author = (lent(1, s(0x70)) + number(2, 1) +
              lent(3, text(1, "IFC-IOR") + text(2, "Duty Officer")) +
              text(6, "JMSDF") + number(8, 4) +
              lent(9, number(1, 2 * 1398247200) + number(2, 3)) +
              number(12, 1) + number(14, 1) +
              lent(17, text(1, "IN-JP") + number(2, 2) + text(4, "IN") +
                   text(4, "JP")) +
              lent(20, text(1, "JDSC-2025") + text(2, "2")) +
              text(21, "Suspicious approach") +
              lent(128, text(1, "Tanker approached off Lagos by two skiffs.")))
    return author, author + number(15, 1)


def sealed(plaintext):
    origin = len16(ORIGIN.encode())
    ephemeral, salt = dh_public(S(0x40)), s(0x60)
    info = LABEL["BATCH"] + origin + u16(1) + u32(1) + dh_public(S(0x20)) + \
        ephemeral + salt + u64(1)
    batch = hkdf(SECRET, dh(S(0x40), dh_public(S(0x20))), info)[0]
    same_value("entry/batch", "info", info)
    same_value("entry/batch", "batch secret", batch)
    content = K(batch, LABEL["CONTENT"], u64(1))
    key = K(content, LABEL["AEAD"], b"")
    commitment = K(content, LABEL["COMMITMENT"], b"")
    same_value("entry/keys", "content key", content)
    same_value("entry/keys", "AEAD key", key)
    same_value("entry/keys", "commitment", commitment)
    length = padme(len(plaintext) + 1)
    padded = (plaintext + b"\x80").ljust(length, b"\0")
    header = u16(1) + u8(5) + u8(4) + u32(length) + u32(1) + u32(1) + \
        commitment
    data = LABEL["BODY"] + origin + u64(1) + header
    same_value("entry/keys", "data", data)
    body = aead(key, bytes(12), data, padded)
    digest = H(LABEL["ENTRY"], origin + u64(1) + u64(1) + ephemeral + salt +
               body)
    return body, header + digest


def entries():
    same("entry/origin", ORIGIN + "\n")
    body, leaf = open_entry()
    same("entry/open-body", body)
    same("entry/open-leaf", leaf)
    author, plaintext = message()
    same("entry/author", author)
    same("entry/plaintext", plaintext)
    lengths = [int(x.split()[0]) for x in block("entry/padme").splitlines()]
    same("entry/padme", "".join(f"{x:6} {padme(x):6}\n" for x in lengths))
    body, second = sealed(plaintext)
    same("entry/body", body)
    same("entry/leaf", second)
    return leaf, second, body


def block_of(x):
    return "".join(b64(x[i:i + 48]) + "\n" for i in range(0, len(x), 48))


def certificate_b():
    return sign(
        ORG_B, "CERTIFICATE",
        u16(1) + NODE_B + ed_public(ORG_B) + u32(1) + u64(1900000000000) +
        ed_public(S(0xc1)) + ed_public(WITNESS_B) + dh_public(LINK_B) +
        b"JP" + len16(b"jmsdf") + len16(b"JMSDF"))


def certificates():
    return (f"certificate\n{block_of(certificate())}\n"
            f"certificate\n{block_of(certificate_b())}\n")


def evidence(leaf, body, proof):
    content = value("entry/keys", "content key")
    return (
        "Entente evidence, version 1\n\n"
        "What two nodes signed about one message. Anybody can check it, "
        "offline:\n\n"
        "    entente-verify FILE\n\n"
        "A file in which any character was changed is refused.\n\n"
        f"{certificates()}"
        f"message\nleaf {b64(leaf)}\nfirst 1\n"
        f"ephemeral {b64(dh_public(S(0x40)))}\nsalt {b64(s(0x60))}\n"
        f"key {b64(content)}\nbody\n{block_of(body)}\n"
        f"{proof}\nend\n")


def note(size, root, time=None):
    """7.6: A's signature, and B's where there is a time."""
    checkpoint = f"{ORIGIN}\n{size}\n{b64(root)}\n"
    signed = key_id(ORIGIN, 1, ed_public(LOG_A)) + \
        ed_sign(LOG_A, checkpoint.encode())
    out = f"{checkpoint}\n\u2014 {ORIGIN} {b64(signed)}\n"
    if time is None:
        return out
    witness = f"entente/v1/witness/{NODE_B.hex()}"
    cosigned = f"cosignature/v1\ntime {time}\n{checkpoint}"
    receipt = key_id(witness, 4, ed_public(WITNESS_B)) + u64(time) + \
        ed_sign(WITNESS_B, cosigned.encode())
    return out + f"\u2014 {witness} {b64(receipt)}\n"


def export(leaves, roots):
    return (
        "Entente log export, version 1\n\n"
        "The signed logs that one node keeps with another. Two files, one of "
        "each\nside, show whether both tell one story:\n\n"
        "    entente-verify FILE FILE\n\n"
        "A file in which any character was changed is refused.\n\n"
        f"{certificates()}"
        f"log\n{note(2, roots[1])}\n"
        f"receipt\n{note(1, roots[0], 1699999999)}\n"
        "leaves\n" + "".join(b64(leaf) + "\n" for leaf in leaves) + "\n"
        "end\n")


def key_id(name, kind, public):
    return sha256(name.encode() + b"\n" + bytes([kind]) + public)[:4]


def heads(first, second, body):
    hashes = [sha256(b"\0" + leaf) for leaf in (first, second)]
    root = sha256(b"\1" + hashes[0] + hashes[1])
    for words, x in (("leaf hash 0", hashes[0]), ("leaf hash 1", hashes[1]),
                     ("root of 1", hashes[0]), ("root of 2", root)):
        same_value("head/tree", words, x)
    checkpoint = f"{ORIGIN}\n2\n{b64(root)}\n"
    signature = ed_sign(LOG_A, checkpoint.encode())
    same("head/checkpoint", checkpoint)
    same("head/signature", signature)
    cosigned = f"cosignature/v1\ntime 1700000000\n{checkpoint}"
    cosignature = ed_sign(WITNESS_B, cosigned.encode())
    same("head/cosigned", cosigned)
    same("head/cosignature", cosignature)
    witness = f"entente/v1/witness/{NODE_B.hex()}"
    log_public, witness_public = ed_public(LOG_A), ed_public(WITNESS_B)
    log_id = key_id(ORIGIN, 1, log_public)
    witness_id = key_id(witness, 4, witness_public)
    noted = note(2, root, 1700000000)
    same("head/note", noted)
    same("head/verifier-keys",
         f"{ORIGIN}+{log_id.hex()}+{b64(bytes([1]) + log_public)}\n"
         f"{witness}+{witness_id.hex()}+{b64(bytes([4]) + witness_public)}\n")
    proof = f"c2sp.org/tlog-proof@v1\nindex 1\n{b64(hashes[0])}\n\n" + noted
    same("head/proof", proof)
    same("head/evidence", evidence(second, body, proof))
    same("head/export", export((first, second), (hashes[0], root)))
    same("keys/revocation",
         sign(ORG_A, "REVOCATION", u16(1) + u32(1) + ed_public(ORG_A) + NODE_A +
              u32(3) + u16(1) + len16(ORIGIN.encode()) + u64(2) + root))
    return root, signature, cosignature


# --- 6: the link ------------------------------------------------------------


class Symmetric:
    """SymmetricState of the Noise specification, 5.2, with a psk."""

    def __init__(self):
        self.h = self.ck = sha256(b"Noise_IKpsk1_25519_ChaChaPoly_SHA256")
        self.k, self.n = None, 0

    def mix_hash(self, x):
        self.h = sha256(self.h + x)

    def mix_key(self, x):
        self.ck, self.k = hkdf(self.ck, x, b"", 2)
        self.n = 0

    def mix_psk(self, x):
        self.ck, mixed, self.k = hkdf(self.ck, x, b"", 3)
        self.mix_hash(mixed)
        self.n = 0

    def encrypt(self, x):
        out = aead(self.k, transport_nonce(self.n), self.h, x)
        self.n += 1
        self.mix_hash(out)
        return out


def transport_nonce(n):
    return bytes(4) + struct.pack("<Q", n)


def link():
    """The caller's side, with the called's secrets where it would use them."""
    e_a, e_b = S(0x41), S(0x42)
    psk = K(SECRET, LABEL["PSK"], b"")
    payload = len16(certificate()) + u64(1760000000000)
    state = Symmetric()
    state.mix_hash(LABEL["PROLOGUE"])
    state.mix_hash(dh_public(LINK_B))
    state.mix_hash(dh_public(e_a))             # e
    state.mix_key(dh_public(e_a))
    state.mix_key(dh(e_a, dh_public(LINK_B)))  # es
    static = state.encrypt(dh_public(LINK_A))  # s
    state.mix_key(dh(LINK_A, dh_public(LINK_B)))  # ss
    state.mix_psk(psk)                         # psk
    message1 = dh_public(e_a) + static + state.encrypt(payload)
    mac1 = hmac256(sha256(LABEL["MAC1"] + dh_public(LINK_B)), message1)[:16]
    state.mix_hash(dh_public(e_b))             # e
    state.mix_key(dh_public(e_b))
    state.mix_key(dh(e_b, dh_public(e_a)))     # ee
    state.mix_key(dh(e_b, dh_public(LINK_A)))  # se
    message2 = dh_public(e_b) + state.encrypt(b"")
    first, second = hkdf(state.ck, b"", b"", 2)
    same_value("link/secrets", "psk", psk)
    same_value("link/secrets", "mac1", mac1)
    same("link/payload", payload)
    same("link/frame-1", len16(mac1 + message1))
    same("link/frame-2", len16(message2))
    same_value("link/transport", "handshake hash", state.h)
    same_value("link/transport", "caller sends under", first)
    same_value("link/transport", "called sends under", second)
    hello = lent(1, lent(1, bytes(32)) + lent(2, bytes(32)))
    same("link/hello", hello)
    same("link/hello-frame",
         len16(aead(first, transport_nonce(0), b"", hello)))


def frames(leaf, body, root, signature, cosignature):
    cosigned = text(1, ORIGIN) + number(2, 2) + lent(3, root) + \
        number(4, 1700000000) + lent(5, cosignature)
    same("link/sizes", lent(2, lent(1, text(1, ORIGIN) + number(2, 2) +
                                    lent(3, root) + lent(4, signature) +
                                    lent(5, cosigned))))
    same("link/leaves", lent(3, text(1, ORIGIN) + number(2, 1) +
                             lent(3, dh_public(S(0x40))) + lent(4, s(0x60)) +
                             number(5, 1) + lent(6, leaf)))
    same("link/head", lent(4, text(1, ORIGIN) + number(2, 2) + lent(3, root) +
                           lent(4, signature)))
    same("link/bodies", lent(5, text(1, ORIGIN) +
                             lent(2, number(1, 1) + lent(3, body))))
    same("link/cosigned", lent(6, cosigned))


# --- A, B, C: the disk ------------------------------------------------------


def disk(root, signature):
    nonce, file_id = S(0x90)[:24], s(0x70)
    author = message()[0]
    head = u8(4) + len16(ORIGIN.encode()) + u64(2) + root + signature + \
        u64(1760000000000)
    same("disk/record", head)
    header = b"EntJrnl\0" + u16(1) + bytes(6) + file_id + u64(1) + u64(1)
    same("disk/segment", header + H(LABEL["SEGMENT"], header))
    pending = u8(11) + NODE_B + s(0x70) + u64(1760000000000) + u8(4) + \
        u64(len(author)) + len16(b"actual")
    secret = bytes(32) + len16(b"note") + len16(b"ACTUAL") + \
        len16(b"Suspicious approach") + len32(author)
    box = xaead(S(0x51), nonce, LABEL["VAULT"] + file_id + u64(1) + u64(1) +
                u32(1), secret)
    rest = u32(len(head)) + u32(0) + u32(0) + head + u32(len(pending)) + \
        u32(1) + u32(len(secret)) + pending + u32(1) + len32(box)
    group = b"EntGroup" + u16(1) + u16(0) + u32(2) + u64(88 + len(rest) + 32) + \
        file_id + u64(1) + u64(1) + nonce + u32(1) + u32(0) + rest
    same("disk/group", group + H(LABEL["GROUP"], group))
    clear = u16(1) + u8(1) + u8(1) + u32(0) + u64(1) + u64(1) + bytes(32)
    same("disk/slot", clear + nonce +
         xaead(S(0x50), nonce, LABEL["SLOT"] + u64(1) + clear, LOG_A))
    envelope(nonce)


def envelope(nonce):
    compared.add("disk/envelope")
    if Argon2id is None:
        print("this python3-cryptography has no Argon2id: envelope skipped")
        return
    key = Argon2id(salt=s(0x60), length=32, iterations=1, lanes=1,
                   memory_cost=8192).derive(b"correct horse")
    clear = b"entente\0" + u16(1) + u8(1) + u8(0) + NODE_A + u32(1) + \
        u32(8192) + s(0x60) + nonce + K(key, LABEL["COMMITMENT"], b"")
    same("disk/envelope", clear +
         xaead(K(key, LABEL["AEAD"], b""), nonce, LABEL["ENVELOPE"] + clear,
               S(0x50)))


def padded(x):
    return x + bytes(-len(x) % 4)


def option(code, x):
    return u16(code) + u16(len(x)) + padded(x)


def pcapng_block(kind, body):
    length = u32(len(body) + 12)
    return u32(kind) + length + body + length


def effects():
    """One of each kind."""
    said = u32(5) + H(LABEL["REPLAY"], b"five!")
    query = u8(1) + u64(0) + bytes(16) + u8(0) + bytes(16) + u64(0) * 4
    each = (u8(0) + u8(7) + u8(1) + u64(7) + bytes(32) + S(0xa0) + bytes(48),
            u32(7) + len32(b"public") + len32(b"secret"),
            u64(2) + said,
            u64(1) + said,
            u64(3) + H(LABEL["REPLAY"], query),
            u64(2) + len32(b"127.0.0.1:7300"),
            u64(2) + u64(0),
            u64(2000),
            said,
            u8(0) + bytes(16) + S(0xb0) + u64(0) + u64(3) + said,
            u8(1) + bytes(16) + S(0xb0) + u64(0) + u64(0))
    return u32(len(each)) + b"".join(
        u8(kind) + fields for kind, fields in enumerate(each))


def capture():
    section = u32(0x1a2b3c4d) + u16(1) + u16(0) + b"\xff" * 8 + \
        option(1, b"Entente protocol, version 1") + \
        option(4, b"entented") + option(0, b"")
    head = pcapng_block(0x0a0d0d0a, section)
    for link_type, name, words in (
            (147, b"wire", b"bytes of links as read and written"),
            (148, b"frames", b"frames as decrypted"),
            (149, b"records", b"replay records, sealed by a passphrase")):
        head += pcapng_block(1, u16(link_type) + u16(0) + u32(0) +
                             option(2, name) + option(3, words) +
                             option(9, b"\x09") + option(0, b""))
    same("capture/head", head)
    same("capture/packet", pcapng_block(
        6, u32(0) + u64(1760000000000 * 10**6) + u32(5) + u32(5) +
        padded(b"five!") + option(2, u32(2)) + option(6, u32(2)) +
        option(1, b"link 2, dialled") + option(0, b"")))
    turn = u8(5) + u64(1000) + u64(1760000000000) + S(0x53) + S(0x90)[:24]
    turn += u32(1) + u8(7) + u16(0) + bytes(40) + u32(0) + len32(b"")
    turn += effects()
    same("capture/turn", turn)
    same("capture/sealed", xaead(S(0x52), bytes(16) + u64(1),
                                 LABEL["CAPTURE"] + u64(1), u8(0) + turn))


# --- 6.10: a bundle ---------------------------------------------------------


def example(name):
    return bytes.fromhex(block(name))


def bundle():
    magic = b"entente/bundle/1"
    bound = magic + u16(1) + NODE_A + NODE_B + u32(3) + u64(7) + u32(1) + \
        u32(1) + dh_public(S(0x40)) + s(0x60)
    key = hkdf(SECRET, dh(S(0x40), dh_public(S(0x20))),
               LABEL["BUNDLE_KEY"] + bound + dh_public(S(0x20)))[0]
    aead_key = K(key, LABEL["AEAD"], b"")
    commitment = K(key, LABEL["COMMITMENT"], b"")
    same_value("bundle/keys", "bundle key", key)
    same_value("bundle/keys", "AEAD key", aead_key)
    same_value("bundle/keys", "commitment", commitment)
    plain = [len16(certificate()) + len16(lent(1, number(3, 4))) +
             len16(example("link/sizes")),
             b"".join(len16(example("link/" + x))
                      for x in ("leaves", "head", "bodies"))]
    records = []
    for k, x in enumerate(plain):
        same(f"bundle/record-{k}", x)
        records.append(aead(aead_key, u32(0) + u64(k),
                            LABEL["BUNDLE_RECORD"] + u8(k == len(plain) - 1),
                            x.ljust(65536, b"\0")))
        same_value("bundle/file", f"record {k} begins", records[k][:32])
        same_value("bundle/file", f"record {k}, tag", records[k][-16:])
    header = sign(LOG_A, "BUNDLE", bound + commitment +
                  H(LABEL["BUNDLE_FIRST"], records[0]))
    same("bundle/header", header)
    file = header + b"".join(records)
    same_value("bundle/file", "BLAKE2b-256", H(b"", file))
    assert re.search(r"^bytes +%d$" % len(file), block("bundle/file"),
                     re.MULTILINE)


def main():
    identities()
    first, second, body = entries()
    root, signature, cosignature = heads(first, second, body)
    link()
    frames(second, body, root, signature, cosignature)
    disk(root, signature)
    capture()
    bundle()
    named = re.findall(r"^```\w+ ((?:keys|entry|head|link|disk|capture|bundle)/\S+)$", PAGE,
                       re.MULTILINE)
    missed = sorted(set(named) - compared)
    if missed:
        print("never compared:", ", ".join(missed))
    print(f"{len(compared)} examples compared, {failures} differ")
    return 1 if failures or missed else 0


sys.exit(main())
