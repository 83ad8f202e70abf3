"""An evidence file verified from proto/PROTOCOL.md alone (7.8).

Shares nothing with our C.  `audit` gives what the file proves, or raises
Refused with the name of the check that fails.
"""

import base64
import re

from primitives import (
    ChaCha20Poly1305, Ed25519PublicKey, H, K, LABEL, b64, fields, len16, one,
    sha256, u64)

HEAD = ("Entente evidence, version 1\n\n"
        "What two nodes signed about one message. Anybody can check it, "
        "offline:\n\n    entente-verify FILE\n\n"
        "A file in which any character was changed is refused.\n\n")
BLOCK = r"((?:[A-Za-z0-9+/]{64}\n)*[A-Za-z0-9+/=]{1,64}\n)"
ENTRY = (r"leaf (\S+)\nfirst (0|[1-9][0-9]*)\nephemeral (\S+)\nsalt (\S+)\n"
         r"key (\S+)\nbody\n" + BLOCK + r"\n"
         r"c2sp\.org/tlog-proof@v1\nindex (0|[1-9][0-9]*)\n((?:\S+\n)*)\n"
         r"(\S+)\n([1-9][0-9]*)\n(\S+)\n\n"
         "\u2014 (\\S+) (\\S+)\n(?:\u2014 (\\S+) (\\S+)\n)?\n")
MESSAGE, ANSWER = 5, 6


class Refused(Exception):
    pass


def check(truth, name):
    if not truth:
        raise Refused(name)


def decode(text):
    raw = base64.b64decode(text, validate=True)
    check(b64(raw) == text, "FORM")
    return raw


def verify(key, signature, x, name):
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, x)
    except Exception as error:
        raise Refused(name) from error


def certificate(block):
    x = base64.b64decode(block)
    check("".join(b64(x[i:i + 48]) + "\n" for i in range(0, len(x), 48)) ==
          block, "FORM")
    verify(x[18:50], x[-64:], LABEL["CERTIFICATE"] + x[:-64], "CERTIFICATE")
    return {"node": x[2:18].hex(), "org": x[18:50], "log": x[62:94],
            "witness": x[94:126]}


def root_of(leaf, index, size, path):
    """RFC 9162, 2.1.3.2."""
    check(index < size, "INCLUDED")
    number, last, value = index, size - 1, sha256(b"\0" + leaf)
    for node in path:
        check(last > 0, "INCLUDED")
        if number & 1 or number == last:
            value = sha256(b"\1" + node + value)
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            value = sha256(b"\1" + value + node)
        number, last = number >> 1, last >> 1
    check(last == 0, "INCLUDED")
    return value


def key_id(name, kind, public):
    return sha256(name.encode() + b"\n" + bytes([kind]) + public)[:4]


def heads(match, writer, reader):
    origin, size, root = match[9], match[10], match[11]
    text = f"{origin}\n{size}\n{root}\n"
    signature = decode(match[13])
    check(match[12] == origin and len(signature) == 68 and
          signature[:4] == key_id(origin, 1, writer["log"]), "HEAD")
    verify(writer["log"], signature[4:], text.encode(), "HEAD")
    if match[14] is None:
        return None
    name = f"entente/v1/witness/{reader['node']}"
    receipt = decode(match[15])
    check(match[14] == name and len(receipt) == 76 and
          receipt[:4] == key_id(name, 4, reader["witness"]), "RECEIPT")
    time = int.from_bytes(receipt[4:12], "big")
    verify(reader["witness"], receipt[12:],
           f"cosignature/v1\ntime {time}\n{text}".encode(), "RECEIPT")
    return time


def entry(match, kind, writer, reader):
    origin, index = match[9], int(match[7])
    check(re.fullmatch(rf"entente/v1/{writer['node']}/{reader['node']}/"
                       r"actual/wire/[1-9][0-9]*-[0-9a-f]{16}", origin),
          "ORIGIN")
    time = heads(match, writer, reader)
    leaf = decode(match[1])
    check(len(leaf) == 80 and leaf[:3] == bytes([0, 1, kind]), "LEAF")
    path = [decode(line) for line in match[8].split()]
    check(root_of(leaf, index, int(match[10]), path) == decode(match[11]),
          "INCLUDED")
    body = base64.b64decode(match[6])
    where = len16(origin.encode()) + u64(index)
    check(leaf[48:] == H(LABEL["ENTRY"], where + u64(int(match[2])) +
                         decode(match[3]) + decode(match[4]) + body), "BODY")
    found = {"origin": origin, "index": index, "receipt": time}
    if match[5] == "withheld":
        return found
    content = decode(match[5])
    check(leaf[16:48] == K(content, LABEL["COMMITMENT"], b""), "KEY")
    try:
        padded = ChaCha20Poly1305(K(content, LABEL["AEAD"], b"")).decrypt(
            bytes(12), body, LABEL["BODY"] + where + leaf[:48])
    except Exception as error:
        raise Refused("OPENED") from error
    plain, mark = padded.rstrip(b"\0")[:-1], padded.rstrip(b"\0")[-1:]
    check(mark == b"\x80", "OPENED")
    found["plain"] = plain
    return found


def said(answer, message):
    """Verdicts of an ANSWER that name the message."""
    out = []
    for raw in fields(answer["plain"]).get(1, []):
        row = fields(raw)
        for ranges in map(fields, row.get(3, [])):
            first, count = one(ranges, 1), one(ranges, 2)
            if one(row, 2, b"").decode() == message["origin"] and \
                    first <= message["index"] < first + count:
                out.append((one(row, 1), one(row, 4, b"").decode()))
    check(out, "ANSWERS")
    return out


def audit(text):
    check(text.startswith(HEAD), "FORM")
    whole = re.fullmatch(
        f"certificate\n{BLOCK}\ncertificate\n{BLOCK}\nmessage\n(.*)end\n",
        text[len(HEAD):], re.DOTALL)
    check(whole, "FORM")
    sender, recipient = certificate(whole[1]), certificate(whole[2])
    check(sender["node"] != recipient["node"], "PARTIES")
    first, *rest = re.split("^answer\n", whole[3], flags=re.MULTILINE)
    entries = [re.fullmatch(ENTRY, part) for part in (first, *rest)]
    check(all(entries), "FORM")
    message = entry(entries[0], MESSAGE, sender, recipient)
    message["said"] = []
    for match in entries[1:]:
        message["said"] += said(entry(match, ANSWER, recipient, sender),
                                message)
    return message
