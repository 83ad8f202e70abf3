"""The golden capture (pairing, first contact, ten messages, an outage, the
resume) replays byte for byte; a changed byte on the wire is named by packet,
link and offset, wherever it is."""
import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
BIN = os.environ.get("ENTENTE_BIN", "build/release")
GOLDEN = os.path.join(HERE, "first-message.pcapng")
PASSPHRASE = "correct horse battery staple"
CHANGED_MAX = 12
DIFFERENT = 4


def replay(path, passphrase):
    return subprocess.run(
        [os.path.join(BIN, "entente"), "replay", path, "--json"],
        capture_output=True, text=True, check=False, timeout=120,
        env=dict(os.environ, ENTENTE_PASSPHRASE_FILE=passphrase))


def packets(data):
    """(interface, offset of its bytes, length) of each packet block."""
    at = 0
    while at + 12 <= len(data):
        kind, length = struct.unpack_from(">II", data, at)
        if kind == 6:
            interface, = struct.unpack_from(">I", data, at + 8)
            captured, = struct.unpack_from(">I", data, at + 20)
            yield interface, at + 28, captured
        at += length


def fail(words):
    print(f"FAILED: {words}")
    sys.exit(1)


def changes(work, passphrase):
    """Bytes spread over all that the wire carried, one at a time."""
    with open(GOLDEN, "rb") as file:
        data = bytearray(file.read())
    wire = [one for one in packets(data) if one[0] == 0 and one[2] > 0]
    step = max(1, len(wire) // CHANGED_MAX)
    chosen = wire[::step][:CHANGED_MAX]
    copy = os.path.join(work, "changed.pcapng")
    for number, (_, at, length) in enumerate(chosen):
        place = at + number * 7 % length
        data[place] ^= 0x20
        with open(copy, "wb") as out:
            out.write(data)
        data[place] ^= 0x20
        done = replay(copy, passphrase)
        if done.returncode != DIFFERENT:
            fail(f"byte {place} changed: exit {done.returncode}")
        words = json.loads(done.stdout or done.stderr)["error"]["message"]
        if "packet" not in words or "link" not in words:
            fail(f"nobody would understand: {words}")
    return len(chosen), len(wire)


def main():
    work = tempfile.mkdtemp(prefix="entente-golden-")
    passphrase = os.path.join(work, "passphrase")
    with open(passphrase, "w", encoding="ascii") as out:
        out.write(PASSPHRASE)
    os.chmod(passphrase, 0o600)
    done = replay(GOLDEN, passphrase)
    if done.returncode != 0:
        fail(f"the golden capture differs: {done.stdout}{done.stderr}")
    facts = json.loads(done.stdout)
    if facts["turns"] < 50 or facts["bytes_out"] < 5000:
        fail(f"too little was compared: {facts}")
    changed, wire = changes(work, passphrase)
    shutil.rmtree(work)
    print(f"{facts['turns']} turns, {facts['bytes_in']} bytes in, "
          f"{facts['bytes_out']} out: the same; {changed} bytes changed in "
          f"{wire} packets of the wire: each named")


main()
