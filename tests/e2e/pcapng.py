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
