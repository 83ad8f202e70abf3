"""A capture as a test reads it: where its packets are, one byte changed."""
import re
import struct

WIRE, FRAMES, RECORDS = range(3)  # its interfaces
PACKET_BLOCK = 6


def packets(path):
    """(interface, offset of its bytes, length) of each packet block."""
    with open(path, "rb") as file:
        data = file.read()
    at = 0
    while at + 12 <= len(data):
        kind, length = struct.unpack_from(">II", data, at)
        if kind == PACKET_BLOCK:
            interface, = struct.unpack_from(">I", data, at + 8)
            captured, = struct.unpack_from(">I", data, at + 20)
            yield interface, at + 28, captured
        at += length


def protocol(path):
    """The version of the protocol in the comment of the section; None where
    there is no such comment."""
    with open(path, "rb") as file:
        head = file.read(256)
    found = re.search(rb"Entente protocol, version (\d+)", head)
    return int(found[1]) if found else None


def blocks(path):
    """Each block, whole; the head first, then those of packets."""
    with open(path, "rb") as file:
        data = file.read()
    at = 0
    while at + 12 <= len(data):
        length, = struct.unpack_from(">I", data, at + 4)
        yield data[at:at + length]
        at += length


def is_packet(block):
    return struct.unpack_from(">I", block)[0] == PACKET_BLOCK


def packet(interface, data, out=False, link=2):
    """A packet block as a node writes it, without a comment."""
    options = struct.pack(">HHIHHIHH", 2, 4, 2 if out else 1, 6, 4, link, 0, 0)
    body = struct.pack(">IIIII", interface, 0, 0, len(data), len(data)) + \
        data + bytes(-len(data) % 4) + options
    length = len(body) + 12
    return struct.pack(">II", PACKET_BLOCK, length) + body + \
        struct.pack(">I", length)


def of(path, interface):
    """(offset, length) of each packet of one interface that is not empty."""
    return [(at, length) for where, at, length in packets(path)
            if where == interface and length > 0]


def changed(path, place, to):
    """Writes `to`: the capture with one byte changed."""
    with open(path, "rb") as file:
        data = bytearray(file.read())
    data[place] ^= 0x20
    with open(to, "wb") as out:
        out.write(data)
    return to
