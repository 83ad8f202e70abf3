"""What a node did is captured and done again: from its first turn and from
the middle of its life, byte for byte; a changed byte is named; nothing that
people wrote and no key stands open in the file."""
import json
import os
import shutil
import struct
import subprocess

from nodes import PASSPHRASE, Bench, check, main, note

DIFFERENT = NOT_TRUSTED = 4
WORDS = "steers 270 towards the strait"


def exchange(ifc, jmsdf, count):
    for number in range(count):
        for one, other in ((ifc, jmsdf), (jmsdf, ifc)):
            one.run("send", "-", "--to", other.name, "--wait=accepted",
                    text=json.dumps(note(f"number {number}", WORDS)))
    ref = jmsdf.rows("inbox")[-1]["ref"]
    jmsdf.run("show", ref)


def packets(path):
    """(interface, offset of its bytes, length) of each packet block."""
    with open(path, "rb") as file:
        data = file.read()
    at = 0
    while at + 12 <= len(data):
        kind, length = struct.unpack_from(">II", data, at)
        if kind == 6:
            interface, = struct.unpack_from(">I", data, at + 8)
            captured, = struct.unpack_from(">I", data, at + 20)
            yield interface, at + 28, captured
        at += length


def replay(node, path):
    done = node.json("replay", path)
    check(done["ok"] and not done["cut"], f"{path}: {done}")
    check(done["turns"] > 5 and done["bytes_out"] > 500,
          f"{path}: too little was compared: {done}")
    return done


def nothing_open(path):
    with open(path, "rb") as file:
        data = file.read()
    for words in (WORDS, "number 1", PASSPHRASE):
        check(words.encode() not in data, f"{words!r} stands open in {path}")


def changed(bench, node, path):
    """One byte of the wire changed: named; of a record: does not open."""
    wire = [packet for packet in packets(path) if packet[0] == 0]
    records = [packet for packet in packets(path) if packet[0] == 2]
    for interface, at, length in (wire[len(wire) // 2], wire[-1],
                                  records[len(records) // 2]):
        copy = os.path.join(bench.work, "changed.pcapng")
        shutil.copy(path, copy)
        with open(copy, "r+b") as file:
            file.seek(at + length - 1)
            byte = file.read(1)[0]
            file.seek(at + length - 1)
            file.write(bytes([byte ^ 1]))
        done = node.run("replay", copy, code=DIFFERENT)
        words = "is not" if interface == 0 else "was changed"
        check(words in done.stderr and "packet " in done.stderr,
              f"nobody would understand: {done.stderr}")


def read_by_others(path):
    """tshark, where there is one, reads every packet."""
    tshark = shutil.which("tshark")
    if tshark is None:
        print("tshark is not here: its view was not compared")
        return
    lines = subprocess.run(
        [tshark, "-r", path, "-T", "fields", "-e", "frame.interface_name",
         "-e", "frame.cap_len"], capture_output=True, text=True, check=True,
        env=dict(os.environ, HOME=os.path.dirname(path))).stdout.splitlines()
    names = {0: "wire", 1: "frames", 2: "records"}
    want = [f"{names[interface]}\t{length}"
            for interface, _, length in packets(path)]
    check(lines == want, "tshark sees other packets than we wrote")


def refused(node, path):
    done = node.run("replay", path, code=NOT_TRUSTED,
                    env={"ENTENTE_PASSPHRASE_FILE": other_passphrase(node)})
    check("passphrase" in done.stderr, done.stderr)
    node.run("replay", node.log.name, code=7)
    node.run("replay", "/nobody/is/here", code=5)
    node.run("capture", "start", path, "--replay", code=1)  # it is there


def other_passphrase(node):
    path = node.home + ".other"
    with open(path, "w", encoding="ascii") as out:
        out.write("something else")
    os.chmod(path, 0o600)
    return path


def test():
    with Bench() as bench:
        ifc, jmsdf = bench.two()
        jmsdf.stop()
        first = os.path.join(bench.work, "first.pcapng")
        jmsdf.start(extra=("--capture", first))
        jmsdf.wait_link("ifc")
        exchange(ifc, jmsdf, 3)
        middle = os.path.join(bench.work, "middle.pcapng")
        ifc.run("capture", "start", middle, "--replay")
        ifc.wait_link("jmsdf")
        exchange(ifc, jmsdf, 3)
        ifc.run("capture", "stop")
        # The link of the first is closed for the second, with a word.
        again = os.path.join(bench.work, "again.pcapng")
        ifc.run("capture", "start", again, "--replay")
        ifc.wait_link("jmsdf")
        exchange(ifc, jmsdf, 3)
        ifc.run("capture", "stop")
        refused(ifc, middle)
        ifc.stop()
        jmsdf.stop()
        for path in (first, middle, again):
            done = replay(ifc, path)
            nothing_open(path)
            read_by_others(path)
            print(f"{os.path.basename(path)}: {done['turns']} turns, "
                  f"{done['bytes_in']} bytes in, {done['bytes_out']} out: "
                  f"the same")
        changed(bench, ifc, middle)


if __name__ == "__main__":
    main(test)
