"""The 228 incidents of NGA's ASAM, sent from one daemon, are received by the
other equal field by field, in order, cosigned; both logs verify, and each
side's roots are those that the other computed from its own bytes."""
import json
import subprocess
import sys
import os

from nodes import Bench, check, main, shared

# What `send` fills in when the draft does not have it.
FILLED = {"id", "version", "number", "dtg", "action_to", "precedence",
          "status", "action", "entente"}


def differences(sent, shown, path=""):
    """Fields that were sent and are not shown with the same value."""
    if isinstance(sent, dict) and isinstance(shown, dict):
        for name, value in sent.items():
            where = f"{path}.{name}" if path else name
            if name not in shown:
                yield f"{where} is missing"
            else:
                yield from differences(value, shown[name], where)
        for name in shown:
            if name not in sent and (path or name not in FILLED):
                yield f"{path}.{name} was not sent"
    elif isinstance(sent, list) and isinstance(shown, list):
        if len(sent) != len(shown):
            yield f"{path}: {len(sent)} sent, {len(shown)} shown"
        for i, (one, other) in enumerate(zip(sent, shown)):
            yield from differences(one, other, f"{path}[{i}]")
    elif sent != shown:
        yield f"{path}: {sent!r} sent, {shown!r} shown"


def roots(node, peer, incoming):
    return {row["origin"]: (row["size"], row["root"])
            for row in node.json("log", "verify", "--peer", peer)["channels"]
            if row["incoming"] == incoming}


def incidents():
    source = shared("data", "maritime", "asam_2013_2014.jsonl")
    convert = os.path.join(os.path.dirname(__file__), "asam_to_json.py")
    lines = subprocess.run([sys.executable, convert, source], check=True,
                           capture_output=True, text=True).stdout.splitlines()
    return [json.loads(line) for line in lines]


def test():
    sent = incidents()
    check(len(sent) == 228, f"228 incidents, not {len(sent)}")
    with Bench() as bench:
        ifc, jmsdf = bench.two()
        ids = []
        for incident in sent:
            answer = ifc.json("send", "-", "--to", "jmsdf", "--precedence",
                              "ROUTINE", text=json.dumps(incident))
            ids.append(answer["id"])
        ifc.wait_quiet("jmsdf")
        inbox = jmsdf.rows("inbox")
        check([row["id"] for row in inbox] == ids, "the order of arrival is "
              "not the order of sending")
        for incident, row in zip(sent, inbox):
            shown = jmsdf.json("show", row["id"])
            wrong = list(differences(incident, shown))
            check(not wrong, f"{row['ref']}: {wrong}")
            check(shown["entente"]["from"] is not None, "no sender")
        check(all(row["state"] in ("received", "accepted", "read")
                  for row in ifc.rows("outbox")),
              "not every message is receipted")
        jmsdf.wait_quiet("ifc")
        for one, other in ((ifc, jmsdf), (jmsdf, ifc)):
            said = roots(one, other.name, False)
            heard = roots(other, one.name, True)
            check(said == heard and said, f"roots differ: {said} {heard}")
        print(f"{len(ids)} incidents equal field by field, in order, "
              f"cosigned; {len(said) + len(heard)} logs verified")


if __name__ == "__main__":
    main(test)
