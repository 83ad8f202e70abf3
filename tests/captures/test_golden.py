"""The golden capture: pairing, first contact, ten messages, an outage, the
resume."""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "e2e"))

import pcapng  # noqa: E402
from nodes import UNTRUSTED, Case, main  # noqa: E402

GOLDEN = os.path.join(HERE, "first-message.pcapng")
CHANGED = 12


class Golden(Case):
    def test_it_replays_byte_for_byte(self):
        facts = self.entente("replay", GOLDEN, "--json").json
        self.assertGreater(facts["turns"], 50)
        self.assertGreater(facts["bytes_out"], 5000)
        print(f"{facts['turns']} turns, {facts['bytes_in']} bytes in, "
              f"{facts['bytes_out']} out: the same")

    def test_a_changed_byte_on_the_wire_is_named_wherever_it_is(self):
        wire = pcapng.of(GOLDEN, pcapng.WIRE)
        copy = self.path("changed.pcapng")
        for number, (at, length) in enumerate(
                wire[::len(wire) // CHANGED][:CHANGED]):
            pcapng.changed(GOLDEN, at + number * 7 % length, copy)
            error = self.entente("replay", copy, "--json",
                                 code=UNTRUSTED).json["error"]
            self.assertEqual(error["code"], "DIFFERENT")
            self.assertIn("packet", error["message"])
            self.assertIn("link", error["message"])


if __name__ == "__main__":
    main()
