"""The 228 incidents of NGA's ASAM, sent from one daemon to the other."""
import json
import os
import subprocess
import sys

from nodes import HERE, Case, main, shared

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
    """What a side computed from its own bytes: size and root of each log."""
    return {row["origin"]: (row["size"], row["root"]) for row in
            node.json("log", "verify", "--peer", peer.name)["channels"]
            if row["incoming"] == incoming}


def incidents():
    source = shared("data", "maritime", "asam_2013_2014.jsonl")
    lines = subprocess.run(
        [sys.executable, os.path.join(HERE, "asam_to_json.py"), source],
        check=True, capture_output=True, text=True).stdout.splitlines()
    return [json.loads(line) for line in lines]


class Incidents(Case):
    def test_all_arrive_equal_in_order_cosigned_and_the_logs_agree(self):
        sent = incidents()
        self.assertEqual(len(sent), 228)
        ifc, jmsdf = self.folder.two()
        ids = [ifc.send(jmsdf, json.dumps(one), "--precedence", "ROUTINE",
                        "--json").json["id"] for one in sent]
        ifc.wait_quiet(jmsdf)
        inbox = jmsdf.inbox()
        self.assertEqual([row["id"] for row in inbox], ids)
        for incident, row in zip(sent, inbox):
            shown = jmsdf.json("show", row["id"])
            self.assertEqual(list(differences(incident, shown)), [],
                             row["ref"])
            self.assertEqual(shown["entente"]["from"], "ifc")
        for row in ifc.rows("outbox"):
            self.assertIn(row["state"], ("received", "accepted", "read"))
        jmsdf.wait_quiet(ifc)
        for one, other in ((ifc, jmsdf), (jmsdf, ifc)):
            said = roots(one, other, incoming=False)
            self.assertTrue(said)
            self.assertEqual(said, roots(other, one, incoming=True))


if __name__ == "__main__":
    main()
