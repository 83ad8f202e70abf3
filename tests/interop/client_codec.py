"""What both sides of a node need to read: layouts, keys, protobuf.

PROTOCOL.md 1 and 5.7, for client.py.  Schemas are read off the page, and
messages are dictionaries.  Exit code 77: python3-nacl is not here.
"""

import math
import re
import struct
import sys

from primitives import PAGE, dh, take_varint, varint

try:
    from nacl import bindings, exceptions, signing
except ImportError:
    print("no python3-nacl here: skipped")
    sys.exit(77)


class Refused(Exception):
    """What came is not what the protocol allows; says why."""


class Unknown(Refused):
    """A field or word that the schema lacks (5.7, 9)."""


def need(holds, why, kind=Refused):
    if not holds:
        raise kind(why)


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


# ---- protobuf, strictly (5.7); its schemas are the page's

VARINT, FIXED64, BYTES = 0, 1, 2
DEPTH = 16
OTHER_KIND = "other_kind", "bytes", "1"     # a kind not known is kept (F.1)
NUMBERS = {"bool": 1 << 1, "uint32": 1 << 32, "sint32": 1 << 32,
           "uint64": 1 << 64, "sint64": 1 << 64}
TOKEN = re.compile(
    r"(?P<open>message|enum|oneof)\s+(?P<name>\w+)\s*\{|(?P<close>\})|"
    r"(?P<list>repeated )?(?P<type>\w+) (?P<field>\w+) = (?P<number>\d+);|"
    r"(?P<word>\w+) = (?P<value>\d+);")


class Schemas:
    """messages: {name: {number: (field, type, rule)}}, where rule is `*` of
    a repeated field, `?` of a number with presence (a oneof has_...) and `1`
    of a member of any other oneof; enums: {name: {word: value}}, those in a
    message as Message.Enum."""

    def __init__(self, page):
        self.messages, self.enums, stack = {}, {}, []
        for block in re.findall(r"^```proto schema/\S+\n(.*?)^```", page,
                                re.MULTILINE | re.DOTALL):
            for token in TOKEN.finditer(re.sub("//.*", "", block)):
                self.take(token, stack)

    def take(self, token, stack):
        inside = stack[-1][1] if stack else ""
        if token["close"]:
            stack.pop()
        elif token["open"] == "oneof":
            stack.append(("?" if token["name"].startswith("has_") else "1",
                          inside))
        elif token["open"] == "message":
            self.messages[token["name"]] = {}
            stack.append(("", token["name"]))
        elif token["open"] == "enum":
            name = (inside and inside + ".") + token["name"]
            self.enums[name] = {}
            stack.append(("", name))
        elif token["field"]:
            rule = "*" if token["list"] else stack[-1][0]
            self.messages[inside][int(token["number"])] = (
                token["field"], token["type"], rule)
        else:
            self.enums[inside][token["word"]] = int(token["value"])

    def fields(self, name):
        """(number, field, type, rule) in order, enums by their full name."""
        for number, (field, kind, rule) in sorted(
                self.messages[name].items()):
            own = f"{name}.{kind}"
            yield number, field, own if own in self.enums else kind, rule


SCHEMAS = Schemas(PAGE)


def read_varint(data, at):
    """In its shortest form."""
    try:
        value, end = take_varint(data, at)
    except IndexError as error:
        raise Refused("varint cut short") from error
    need(end - at <= 10 and value < 1 << 64 and
         varint(value) == data[at:end], "varint")
    return value, end


def is_number(kind):
    return kind in NUMBERS or kind in SCHEMAS.enums


def wire_type(kind, rule):
    if kind == "double":
        return FIXED64
    return VARINT if is_number(kind) and rule != "*" else BYTES


def pack_value(kind, value):
    if kind == "double":
        return struct.pack("<d", value)
    if kind.startswith("sint"):
        return varint(value << 1 if value >= 0 else (-value << 1) - 1)
    return varint(int(value))


def pack_bytes(kind, value):
    if kind == "string":
        value = value.encode()
    elif kind != "bytes":
        value = encode(kind, value)
    return varint(len(value)) + value


def encode(name, values):
    """Fields in growing order of number, defaults left out."""
    out, left = b"", dict(values)
    for number, field, kind, rule in SCHEMAS.fields(name):
        value = left.pop(field, None)
        tag = varint(number << 3 | wire_type(kind, rule))
        if value is None or not value and rule != "?" and (
                kind not in SCHEMAS.messages):
            continue
        if is_number(kind) and rule == "*":
            packed = b"".join(pack_value(kind, item) for item in value)
            out += tag + varint(len(packed)) + packed
        elif is_number(kind) or kind == "double":
            out += tag + pack_value(kind, value)
        else:
            out += b"".join(tag + pack_bytes(kind, item)
                            for item in (value if rule == "*" else [value]))
    need(not left, f"{name} has no {sorted(left)}")
    return out


def unpack_number(kind, value):
    if kind in SCHEMAS.enums:
        need(value in SCHEMAS.enums[kind].values(), "word", Unknown)
        return value
    need(value < NUMBERS[kind], "number")
    return value >> 1 ^ -(value & 1) if kind.startswith("sint") else value


def unpack_list(kind, data):
    out, at = [], 0
    while at < len(data):
        value, at = read_varint(data, at)
        out.append(unpack_number(kind, value))
    return out


def unpack_bytes(kind, data, depth):
    if kind == "bytes":
        return data
    if kind != "string":
        return decode(kind, data, depth + 1)
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise Refused("not UTF-8") from error
    need("\0" not in text, "zero byte in text")
    return text


def empty(name):
    """Every field with its default; a message that is absent is None."""
    defaults = {"bytes": b"", "string": ""}
    return {field: [] if rule == "*" else None if rule == "?" or
            kind in SCHEMAS.messages else defaults.get(kind, 0)
            for _, field, kind, rule in SCHEMAS.fields(name)}


def decode(name, data, depth=1):
    need(depth <= DEPTH, "too deep")
    known = {number: rest for number, *rest in SCHEMAS.fields(name)}
    values, seen, at = empty(name), set(), 0
    while at < len(data):
        tag, at = read_varint(data, at)
        need(tag & 7 in (0, 1, 2, 5) and 0 < tag >> 3 < 1 << 29, "tag")
        other = OTHER_KIND if name == "Message" and (
            100 < tag >> 3 < 200) else None
        need(tag >> 3 in known or other, f"{name}: field {tag >> 3}",
             Unknown)
        field, kind, rule = known.get(tag >> 3, other)
        need(tag & 7 == wire_type(kind, rule), f"{name}.{field}: wire type")
        once = "1" if rule == "1" else field
        need(rule == "*" or once not in seen, f"{name}.{field} twice")
        seen.add(once)
        value, at = decode_value(kind, rule, data, at, depth)
        if rule == "*":
            values[field] += value if is_number(kind) else [value]
        else:
            values[field] = value
    return values


def decode_value(kind, rule, data, at, depth):
    if kind == "double":
        need(at + 8 <= len(data), "double cut short")
        value, = struct.unpack_from("<d", data, at)
        need(math.isfinite(value), "not finite")
        return value, at + 8
    size, at = read_varint(data, at)
    if is_number(kind) and rule != "*":
        return unpack_number(kind, size), at
    need(at + size <= len(data), "cut short")
    piece, at = data[at:at + size], at + size
    if is_number(kind):
        return unpack_list(kind, piece), at
    return unpack_bytes(kind, piece, depth), at


def only_kind(values):
    """The one member of a oneof that is there: its name and value."""
    there = [(name, v) for name, v in values.items() if v is not None]
    need(len(there) == 1, "exactly one kind")
    return there[0]
