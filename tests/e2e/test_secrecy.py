"""On the wire: no run of 6 bytes of message, post, organisation or node name;
two messages of one padded size that differ in every field give the same
frames.  At rest: no message text in any file of either home."""
import json
import os
import time

from nodes import Bench, check, main, note
from tap import Tap, frames

RUN = 6


def runs(text):
    """All runs of RUN bytes of a text."""
    raw = text.encode()
    return {raw[i:i + RUN] for i in range(len(raw) - RUN + 1)}


def words(message):
    """Every text in a message."""
    if isinstance(message, dict):
        for value in message.values():
            yield from words(value)
    elif isinstance(message, list):
        for value in message:
            yield from words(value)
    else:
        yield str(message)


def settled(tap, node, peer):
    """The wire is at rest: all is cosigned and nothing passes any more."""
    node.wait_quiet(peer)
    before = None
    while before != tap.mark():
        before = tap.mark()
        time.sleep(0.4)


def send(tap, one, other, message):
    """The frames that one message costs, each direction, as lengths."""
    settled(tap, one, other.name)
    settled(tap, other, one.name)
    mark = tap.mark()
    one.run("send", "-", "--to", other.name, "--wait=accepted",
            text=json.dumps(message))
    settled(tap, one, other.name)
    settled(tap, other, one.name)
    return [frames(side) for side in tap.since(mark)]


def pair_through(bench, tap, ifc, jmsdf):
    """Like Bench.pair, but jmsdf reaches ifc by the tap and is not called."""
    for node in (ifc, jmsdf):
        node.run("card", "--out", bench.card(node))
    digits = ifc.json("safety-number", bench.card(jmsdf))["safety_number"]
    ifc.run("pair", bench.card(jmsdf), "--as", "jmsdf", "--safety-number",
            digits, "--no-dial")
    jmsdf.run("pair", bench.card(ifc), "--as", "ifc", "--safety-number",
              digits, "--address", f"127.0.0.1:{tap.port}")


def leaks(secrets, raw):
    return sorted(one for one in secrets if one in raw)


def test():
    first = note("Tanker approached off Lagos",
                 "Two skiffs with armed men left the shore at first light.")
    second = {"kind": "note", "precedence": "ROUTINE",
              "subject": "Exercise area cleared by us",
              "originator": {"org": "IFX-ION", "post": "Watch Keeper"},
              "label": {"policy": "IN-XP", "classification": "RESTRICTED",
                        "releasable_to": ["FR", "GB"]},
              "legal_basis": {"agreement": "XDSC-2031", "article": "9"},
              "note": {"text": "Six boats without any lights came "
                               "from north very quick."}}
    check(len(json.dumps(first)) == len(json.dumps(second)),
          "the two messages must be of one size")
    with Bench() as bench:
        ifc = bench.node("ifc-gateway", "IFC-IOR fusion centre", "IN")
        jmsdf = bench.node("jmsdf-hq", "Maritime staff office", "JP", False)
        ifc.name, jmsdf.name = "ifc", "jmsdf"
        ifc.start()
        jmsdf.start()
        tap = Tap(ifc.port)
        pair_through(bench, tap, ifc, jmsdf)
        jmsdf.wait_link("ifc")
        one = send(tap, jmsdf, ifc, first)
        two = send(tap, jmsdf, ifc, second)
        check(one == two, f"frames differ: {one} and {two}")
        secrets = set()
        for text in list(words(first)) + list(words(second)) + [
                "ifc-gateway", "IFC-IOR fusion centre", "jmsdf-hq",
                "Maritime staff office"]:
            secrets |= runs(text)
        check(len(secrets) > 100, "nothing to look for")
        passed = b"".join(bytes(side) for side in tap.passed)
        check(not leaks(secrets, passed),
              f"on the wire: {leaks(secrets, passed)[:5]}")
        check(len(passed) > 4000, "the tap saw nothing")
        at_rest(bench, (ifc, jmsdf), (first, second))
        tap.close()
        print(f"{len(passed)} bytes tapped, frames {one}; "
              f"{len(secrets)} runs looked for")


def at_rest(bench, nodes, messages):
    del bench
    texts = [m["subject"].encode() for m in messages] + \
            [m["note"]["text"].encode() for m in messages]
    for node in nodes:
        for folder, _, names in os.walk(node.home):
            for name in names:
                path = os.path.join(folder, name)
                if not os.path.isfile(path):
                    continue
                with open(path, "rb") as file:
                    raw = file.read()
                for text in texts:
                    for i in range(0, len(text) - 11, 4):
                        check(text[i:i + 12] not in raw,
                              f"{path} holds words of a message")


if __name__ == "__main__":
    main(test)
