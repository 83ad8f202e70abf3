"""What both sides of a node need to read: layouts, keys, protobuf.

PROTOCOL.md 1 and 5.7, for client.py.  A protobuf schema is a few lines of
`Name field=number:type`; `*` behind a type is repeated, `?` a number with
presence (a oneof `has_...`).  Exit code 77: python3-nacl is not here.
"""

import math
import re
import struct
import sys

from primitives import dh, take_varint, varint

try:
    from nacl import bindings, exceptions, signing
except ImportError:
    print("no python3-nacl here: skipped")
    sys.exit(77)


class Refused(Exception):
    """What came is not what the protocol allows; says why."""


def need(holds, why):
    if not holds:
        raise Refused(why)


# ---- keys from outside (1.2)

def agree(secret, public):
    """X25519; a result of zeros is a refusal."""
    try:
        return dh(secret, public)
    except ValueError as error:
        raise Refused("small-order key") from error


def check_x25519(public):
    """A clamped secret is a multiple of 8: small order gives zero."""
    agree(b"\x77" * 32, public)
    return public


def verify(public, data, signature, what="signature"):
    """Ed25519, the key canonical, on the curve and of prime order."""
    need(len(public) == 32 and
         bindings.crypto_core_ed25519_is_valid_point(public), what + ": key")
    try:
        signing.VerifyKey(public).verify(data, signature)
    except (exceptions.CryptoError, ValueError) as error:
        raise Refused(what) from error


# ---- layouts: nothing over (1.1)

class Reader:
    """Takes a layout apart from the front."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, size):
        piece = self.data[self.at:self.at + size]
        need(len(piece) == size, "cut short")
        self.at += size
        return piece

    def number(self, size):
        return int.from_bytes(self.take(size), "big")

    def len16(self):
        return self.take(self.number(2))

    def end(self):
        need(self.at == len(self.data), "bytes left over")


# ---- protobuf, strictly (5.7)

VARINT, FIXED64, BYTES = 0, 1, 2
DEPTH = 16


def schema(text):
    """{message: {number: (field, type, '' or '*' or '?')}}"""
    messages = {}
    for line in text.strip().splitlines():
        if not line.startswith(" "):
            name, _, line = line.partition(" ")
            messages[name] = {}
        for field in line.split():
            part = re.fullmatch(r"(\w+)=(\d+):(\w+)([*?]?)", field)
            messages[name][int(part[2])] = part[1], part[3], part[4]
    return messages


def read_varint(data, at):
    """In its shortest form."""
    try:
        value, end = take_varint(data, at)
    except IndexError as error:
        raise Refused("varint cut short") from error
    need(end - at <= 10 and value < 1 << 64 and
         varint(value) == data[at:end], "varint")
    return value, end


def wire_type(kind):
    if kind == "double":
        return FIXED64
    numbers = kind.startswith("enum") or kind in ("u32", "u64", "s32",
                                                  "s64", "bool")
    return VARINT if numbers else BYTES


def pack_value(schemas, kind, value):
    if kind == "double":
        return struct.pack("<d", value)
    if kind in ("s32", "s64"):
        return varint(value << 1 if value >= 0 else (-value << 1) - 1)
    if wire_type(kind) == VARINT:
        return varint(int(value))
    if kind == "str":
        value = value.encode()
    elif kind != "bytes":
        value = encode(schemas, kind, value)
    return varint(len(value)) + value


def encode(schemas, name, values):
    """Fields in growing order of number, defaults left out."""
    out, left = b"", dict(values)
    for number, (field, kind, rule) in sorted(schemas[name].items()):
        value = left.pop(field, None)
        if value is None or not value and not rule and wire_type(
                kind) != BYTES or value in (b"", ""):
            continue
        tag = varint(number << 3 | wire_type(kind))
        for item in value if rule == "*" else [value]:
            out += tag + pack_value(schemas, kind, item)
    need(not left, f"{name} has no {sorted(left)}")
    return out


def unpack_number(kind, value):
    if kind.startswith("enum"):
        need(value <= int(kind[4:]), "enum value")
    elif kind in ("s32", "s64"):
        need(kind == "s64" or value < 1 << 32, "number")
        value = value >> 1 ^ -(value & 1)
    else:
        need(value < {"bool": 2, "u32": 1 << 32}.get(kind, 1 << 64), "number")
    return value


def unpack_bytes(schemas, kind, data, depth):
    if kind == "bytes":
        return data
    if kind == "str":
        try:
            text = data.decode()
        except UnicodeDecodeError as error:
            raise Refused("not UTF-8") from error
        need("\0" not in text, "zero byte in text")
        return text
    return decode(schemas, kind, data, depth + 1)


def empty(schemas, name):
    """Every field with its default; a message that is absent is None."""
    def default(kind, rule):
        if rule:
            return [] if rule == "*" else None
        if wire_type(kind) == BYTES:
            return {"bytes": b"", "str": ""}.get(kind)
        return 0
    return {field: default(kind, rule)
            for field, kind, rule in schemas[name].values()}


def decode(schemas, name, data, depth=1):
    need(depth <= DEPTH, "too deep")
    values, seen, at = empty(schemas, name), set(), 0
    while at < len(data):
        tag, at = read_varint(data, at)
        need(tag >> 3 in schemas[name], f"{name}: field {tag >> 3}")
        field, kind, rule = schemas[name][tag >> 3]
        need(tag & 7 == wire_type(kind), f"{name}.{field}: wire type")
        need(rule == "*" or field not in seen, f"{name}.{field} twice")
        seen.add(field)
        if tag & 7 == FIXED64:
            need(at + 8 <= len(data), "double cut short")
            value, = struct.unpack_from("<d", data, at)
            need(math.isfinite(value), "not finite")
            at += 8
        elif tag & 7 == VARINT:
            value, at = read_varint(data, at)
            value = unpack_number(kind, value)
        else:
            size, at = read_varint(data, at)
            need(at + size <= len(data), f"{name}.{field} cut short")
            value = unpack_bytes(schemas, kind, data[at:at + size], depth)
            at += size
        if rule == "*":
            values[field].append(value)
        else:
            values[field] = value
    return values


def only_kind(values):
    """The one member of a oneof that is there: its name and value."""
    there = [(name, v) for name, v in values.items() if v is not None]
    need(len(there) == 1, "exactly one kind")
    return there[0]
