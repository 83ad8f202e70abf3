#!/usr/bin/env python3
"""metrics: what Prometheus reads of two real nodes."""

import re

from nodes import Case, main, note

SAMPLE = re.compile(r'([a-z_]+)(?:\{peer="((?:[^"\\\n]|\\.)*)"'
                    r'(?:,[a-z]+="[^"]+")*\})? (-?\d+)(?:\.\d{3})?')


class Metrics(Case):
    def samples(self, node):
        """{(name, peer): value}; each line is in order, each name typed."""
        found, typed = {}, {}
        for line in node.run("metrics").out.splitlines():
            if line.startswith("# TYPE "):
                _, _, name, kind = line.split(" ")
                self.assertNotIn(name, typed)
                typed[name] = kind
            elif not line.startswith("# HELP "):
                match = SAMPLE.fullmatch(line)
                self.assertTrue(match, line)
                name = match.group(1)
                if typed.get(name.removesuffix("_count")) == "summary":
                    continue
                self.assertIn(name, typed)
                found[name, match.group(2)] = int(match.group(3))
        for name, kind in typed.items():
            self.assertEqual(kind == "counter", name.endswith("_total"), name)
        return found

    def test_counters_follow_what_is_sent(self):
        ifc, jmsdf = self.folder.two()
        before = self.samples(ifc)
        for _ in range(3):
            ifc.send(jmsdf, note("one"), "--wait")
        after = self.samples(ifc)
        name = "entente_peer_sent_messages_total", "jmsdf"
        self.assertEqual(after[name] - before[name], 3)
        self.assertEqual(after["entente_peer_link_up", "jmsdf"], 1)
        name = "entente_peer_received_messages_total", "ifc"
        self.assertEqual(self.samples(jmsdf)[name], 3)
        json = ifc.json("metrics")
        self.assertEqual({name for name in json if name != "peers"},
                         {name for name, peer in after if peer is None})

    def test_a_node_that_is_down_is_a_zero(self):
        node = self.folder.node("ifc", listen=False)
        self.assertEqual(self.samples(node)["entente_up", None], 0)


if __name__ == "__main__":
    main()
