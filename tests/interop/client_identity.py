"""Who a node is: keys, certificate, card, safety number.

Section 3 of PROTOCOL.md.
"""

import base64
import hashlib
import os
import re
import secrets
import time
from dataclasses import dataclass, field

from client_codec import Reader, Refused, check_x25519, need, verify
from primitives import (
    H, LABEL, b64, dh_public, ed_public, ed_sign, len16, u8, u16, u32, u64)

DAY_MS = 86_400_000
LAST_MS = 253402300799999

CARD = """\
Entente card

Node:              {node}
Organisation:      {org}
Country:           {country}
Node id:           {id}
Valid until:       {until} UTC
{addresses}
First contact key: {key}

Hand this file to the administrator of the other node, by any means:
nothing in it is secret. They type

    entente pair FILE

and you do the same with theirs. Then read the safety number to each
other by telephone or in person. A file in which any character was
changed is refused.

-----BEGIN ENTENTE CARD-----
{block}
-----END ENTENTE CARD-----
"""


@dataclass
class Certificate:
    node_id: bytes
    org_key: bytes
    serial: int
    log_key: bytes
    witness_key: bytes
    link_key: bytes
    country: str
    node: str
    org: str
    raw: bytes = b""

    def encode(self, org_seed, renew_by_ms):
        body = (u16(1) + self.node_id + self.org_key + u32(self.serial)
                + u64(renew_by_ms) + self.log_key + self.witness_key
                + self.link_key + self.country.encode()
                + len16(self.node.encode()) + len16(self.org.encode()))
        self.raw = body + ed_sign(org_seed, LABEL["CERTIFICATE"] + body)
        return self

    @classmethod
    def decode(cls, raw):
        r = Reader(raw)
        need(r.number(2) == 1, "certificate: version")
        node_id, org_key, serial = r.take(16), r.take(32), r.number(4)
        renew_by, log, witness = r.number(8), r.take(32), r.take(32)
        link, country = r.take(32), r.take(2)
        node, org = r.len16(), r.len16()
        signed, signature = raw[:r.at], r.take(64)
        r.end()
        need(any(node_id) and serial and 1 <= renew_by <= LAST_MS,
             "certificate: field")
        need(country.isalpha() and country.isupper(), "certificate: country")
        need(len({org_key, log, witness}) == 3, "certificate: equal keys")
        check_x25519(link)
        verify(org_key, LABEL["CERTIFICATE"] + signed, signature,
               "certificate: signature")
        return cls(node_id, org_key, serial, log, witness, link,
                   country.decode(), name(node), name(org), raw)


def name(raw):
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        raise Refused("name") from error
    need(1 <= len(raw) <= 64 and text == text.strip(" ")
         and not re.search("[\0-\x1f\x7f-\x9f\xad]", text), "name")
    return text


@dataclass
class Card:
    certificate: Certificate
    addresses: list
    first_contact: bytes
    expires_ms: int
    block: bytes = b""

    def encode(self, log_seed):
        body = (u16(1) + len16(self.certificate.raw)
                + u8(len(self.addresses))
                + b"".join(len16(a.encode()) for a in self.addresses)
                + self.first_contact + u64(self.expires_ms))
        self.block = body + ed_sign(log_seed, LABEL["CARD"] + body)
        return self

    @classmethod
    def decode(cls, block):
        r = Reader(block)
        need(r.number(2) == 1, "card: version")
        certificate = Certificate.decode(r.len16())
        count = r.number(1)
        need(count <= 4, "card: addresses")
        addresses = [r.len16().decode("ascii", "replace")
                     for _ in range(count)]
        first_contact, expires = check_x25519(r.take(32)), r.number(8)
        signed, signature = block[:r.at], r.take(64)
        r.end()
        need(1 <= expires <= LAST_MS, "card: expires")
        need(first_contact != certificate.link_key, "card: equal keys")
        verify(certificate.log_key, LABEL["CARD"] + signed, signature,
               "card: signature")
        return cls(certificate, addresses, first_contact, expires, block)

    def text(self):
        c, text = self.certificate, b64(self.block)
        until = time.gmtime(self.expires_ms // 1000)
        return CARD.format(
            node=c.node, org=c.org, country=c.country, id=c.node_id.hex(),
            until=time.strftime("%Y-%m-%d %H:%M", until),
            addresses="\n".join(
                "Address:           " + a for a in self.addresses
                or ["none (by courier only)"]),
            key=H(LABEL["KEY_ID"], self.first_contact)[:8].hex(),
            block="\n".join(text[i:i + 64] for i in range(0, len(text), 64)))

    @classmethod
    def parse(cls, text):
        text = text.replace("\r\n", "\n")
        text += "" if text.endswith("\n") else "\n"
        block = re.search(r"BEGIN ENTENTE CARD-----\n(.*?)\n-----END", text,
                          re.S)
        need(block and len(text.encode()) <= 8192, "card: form")
        card = cls.decode(base64.b64decode(block[1].replace("\n", "")))
        need(card.text() == text, "card: a character was changed")
        return card


@dataclass
class Identity:
    """A node's secrets; each key has one purpose (3.1)."""

    node: str
    org: str
    country: str
    address: str = ""
    node_id: bytes = field(default_factory=lambda: os.urandom(16))
    org_seed: bytes = field(default_factory=lambda: os.urandom(32))
    log_seed: bytes = field(default_factory=lambda: os.urandom(32))
    witness_seed: bytes = field(default_factory=lambda: os.urandom(32))
    link_secret: bytes = field(default_factory=lambda: os.urandom(32))
    first_contact: bytes = field(default_factory=lambda: os.urandom(32))

    def __post_init__(self):
        now = int(time.time() * 1000)
        self.certificate = Certificate(
            self.node_id, ed_public(self.org_seed), 1,
            ed_public(self.log_seed), ed_public(self.witness_seed),
            dh_public(self.link_secret), self.country, self.node,
            self.org).encode(self.org_seed, now + 365 * DAY_MS)
        self.card = Card(
            self.certificate, [self.address] if self.address else [],
            dh_public(self.first_contact),
            now + 90 * DAY_MS).encode(self.log_seed)


def half(key):
    """The six groups of one organisation key (3.5)."""
    digest = hashlib.sha512(LABEL["SAFETY"] + key).digest()
    return [f"{int.from_bytes(digest[i:i + 5], 'big') % 100000:05}"
            for i in range(0, 30, 5)]


def safety_number(one, other):
    need(one != other, "two equal keys")
    return " ".join(half(min(one, other)) + half(max(one, other)))


def heard(typed, key):
    """Is what the other side read the half of its key?"""
    digits = re.sub(r"[\s-]", "", typed)
    return secrets.compare_digest(digits, "".join(half(key)))
