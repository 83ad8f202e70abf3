"""A stranger hears 0 bytes and changes nothing: garbage, TLS, HTTP, silence,
a valid handshake of somebody who is not paired, and message 1 replayed."""
import json
import os
import socket
import time

from nodes import Bench, check, main, note
from tap import Tap

CLIENT_HELLO = bytes.fromhex(
    "16030100a5010000a10303") + bytes(range(32)) + bytes(132)


def call(port, data, wait_s=1.5):
    """What is heard after saying `data`: must be nothing, then the end."""
    heard = b""
    with socket.create_connection(("127.0.0.1", port)) as sock:
        sock.settimeout(wait_s)
        try:
            sock.sendall(data)
            while True:
                more = sock.recv(4096)
                if not more:
                    break
                heard += more
        except (socket.timeout, ConnectionError):
            pass
    return heard


def state(node):
    """All that must not change, but for clocks."""
    status = node.json("status")
    for peer in status["peers"]:
        peer.pop("last_heard_ms", None)
        peer.pop("last_heard", None)
    for field in ("uptime_s", "log_sequence"):
        status.pop(field, None)
    return status, node.json("log")["channels"], node.rows("inbox")


def one_sided(bench, ifc):
    """A node that has our card, while nobody here has its card."""
    other = bench.node("nobody", "Nobody", "XX")
    other.start()
    other.run("card", "--out", bench.card(other))
    digits = other.json("safety-number", bench.card(ifc))["safety_number"]
    tap = Tap(ifc.port)
    other.run("pair", bench.card(ifc), "--as", "ifc", "--safety-number",
              digits, "--address", f"127.0.0.1:{tap.port}")
    return other, tap


def test():
    with Bench() as bench:
        ifc, jmsdf = bench.two()
        jmsdf.run("send", "-", "--to", "ifc", "--wait=accepted",
                  text=json.dumps(note("before")))
        ifc.wait_quiet("jmsdf")
        jmsdf.wait_quiet("ifc")
        before = state(ifc)
        cases = {
            "garbage": os.urandom(4000),
            "a frame of garbage": b"\x00\x90" + os.urandom(0x90),
            "a frame of the longest size": b"\xff\xff" + os.urandom(65535),
            "an empty frame": b"\x00\x00",
            "TLS": CLIENT_HELLO,
            "HTTP": b"GET / HTTP/1.1\r\nHost: ifc\r\n\r\n",
            "half a length": b"\x01",
        }
        for name, data in cases.items():
            check(call(ifc.port, data) == b"", f"{name} was answered")
        began = time.monotonic()
        check(call(ifc.port, b"", 15) == b"", "silence was answered")
        silent_s = time.monotonic() - began
        check(silent_s < 14, f"silence was let sit for {silent_s:.0f} s")

        other, tap = one_sided(bench, ifc)
        ends = time.monotonic() + 10
        while not tap.passed[0] and time.monotonic() < ends:
            time.sleep(0.1)
        time.sleep(1)
        check(len(tap.passed[0]) > 100, "the unpaired node did not call")
        check(not tap.passed[1], "the unpaired node was answered")
        other.stop()
        tap.close()
        check(state(ifc) == before, "a stranger changed something")
        replayed(bench, ifc)
        print(f"{len(cases)} kinds of noise, silence closed after "
              f"{silent_s:.1f} s, an unpaired node and a replay: 0 bytes")


def replayed(bench, ifc):
    """A third node, paired, calls through a tap; its message 1 again."""
    third = bench.node("third", "Third", "FR", False)
    third.start()
    third.run("card", "--out", bench.card(third))
    digits = ifc.json("safety-number", bench.card(third))["safety_number"]
    ifc.run("pair", bench.card(third), "--as", "third", "--safety-number",
            digits)
    tap = Tap(ifc.port)
    third.run("pair", bench.card(ifc), "--as", "ifc", "--safety-number",
              digits, "--address", f"127.0.0.1:{tap.port}")
    third.wait_link("ifc")
    third.wait_quiet("ifc")
    size = int.from_bytes(tap.passed[0][:2], "big")
    whole = bytes(tap.passed[0])
    third.stop()
    tap.close()
    before = state(ifc)
    check(call(ifc.port, whole[:2 + size]) == b"", "message 1 was answered "
          "when it was replayed")
    check(call(ifc.port, whole) == b"", "a replayed session was answered")
    after = state(ifc)
    check(after == before, "a replay changed something")


if __name__ == "__main__":
    main(test)
