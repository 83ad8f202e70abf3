"""Nothing that people wrote, and no name, can be read on the wire, told from
the sizes of frames, or found in the files of a home."""
import json
import os
import time

from nodes import Case, main, note
from tap import Tap, frames

RUN = 6
FIRST = json.loads(note(
    "Tanker approached off Lagos",
    "Two skiffs with armed men left the shore at first light."))
SECOND = {"kind": "note", "precedence": "ROUTINE",
          "subject": "Exercise area cleared by us",
          "originator": {"org": "IFX-ION", "post": "Watch Keeper"},
          "label": {"policy": "IN-XP", "classification": "RESTRICTED",
                    "releasable_to": ["FR", "GB"]},
          "legal_basis": {"agreement": "XDSC-2031", "article": "9"},
          "note": {"text": "Six boats without any lights came "
                           "from north very quick."}}
NAMES = ("ifc-gateway", "IFC-IOR fusion centre", "jmsdf-hq",
         "Maritime staff office")


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


class Secrecy(Case):
    def setUp(self):
        """Two nodes; jmsdf reaches ifc by the tap and is not called."""
        super().setUp()
        self.ifc = self.folder.node(NAMES[0], NAMES[1], "IN")
        self.jmsdf = self.folder.node(NAMES[2], NAMES[3], "JP", listen=False)
        self.ifc.start()
        self.jmsdf.start()
        self.tap = Tap(self.ifc.port)
        self.addCleanup(self.tap.close)
        self.folder.pair(self.ifc, self.jmsdf, ["--no-dial"],
                         ["--address", f"127.0.0.1:{self.tap.port}"])
        self.jmsdf.wait_link(self.ifc)

    def settle(self):
        """The wire is at rest: all is cosigned and nothing passes."""
        self.jmsdf.wait_quiet(self.ifc)
        self.ifc.wait_quiet(self.jmsdf)
        before = None
        while before != self.tap.mark():
            before = self.tap.mark()
            time.sleep(0.4)

    def cost(self, message):
        """The frames that one message costs, each direction, as lengths."""
        self.settle()
        mark = self.tap.mark()
        self.jmsdf.send(self.ifc, json.dumps(message), "--wait=accepted")
        self.settle()
        return [frames(side) for side in self.tap.since(mark)]

    def test_messages_of_one_padded_size_cost_the_same_frames(self):
        self.assertEqual(len(json.dumps(FIRST)), len(json.dumps(SECOND)))
        cost = self.cost(FIRST)
        self.assertTrue(all(cost), cost)
        self.assertEqual(cost, self.cost(SECOND))

    def test_no_six_bytes_of_words_or_names_are_on_the_wire(self):
        self.cost(FIRST)
        passed = b"".join(bytes(side) for side in self.tap.passed)
        self.assertGreater(len(passed), 2000)
        secrets = set()
        for text in [*words(FIRST), *NAMES]:
            secrets |= runs(text)
        self.assertGreater(len(secrets), 100)
        self.assertEqual([one for one in secrets if one in passed], [])

    def test_no_words_of_a_message_are_in_a_file_of_either_home(self):
        self.cost(FIRST)
        self.jmsdf.run("outbox")
        self.ifc.run("show", NAMES[2] + "/1")
        for words_ in (FIRST["subject"], FIRST["note"]["text"]):
            text = words_.encode()
            pieces = [text[i:i + 12] for i in range(0, len(text) - 11, 4)]
            for path in self.files():
                with open(path, "rb") as file:
                    raw = file.read()
                self.assertEqual([one for one in pieces if one in raw], [],
                                 path)

    def files(self):
        found = [os.path.join(folder, name)
                 for node in (self.ifc, self.jmsdf)
                 for folder, _, names in os.walk(node.home) for name in names]
        found = [path for path in found if os.path.isfile(path)]
        self.assertGreater(len(found), 10)
        return found


if __name__ == "__main__":
    main()
