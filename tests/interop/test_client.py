"""The client, written from PROTOCOL.md alone, against a node of ours.

Every test pairs a new stranger (client.py) with one real node, over TCP on
127.0.0.1; where the real node cannot be made to lie, two strangers play in
memory.  Nothing sleeps: `Node.run` turns until something is so.
"""

import copy
import json
import os
import subprocess
import sys
import unittest
from unittest import mock

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "e2e"))

import client_log
from client import Node
from client_codec import Refused, encode, verify
from client_identity import Card, Identity, half, safety_number
from client_link import Link, mac1
from client_log import (
    ACKNOWLEDGED, FLASH, PRIORITY, READ, checkpoint, cosigned_text, tree_root)
from client_message import assessment, judge, parse
from client_peer import Peer
from nodes import BIN, INVALID, PROGRAM, Folder, main
from primitives import ed_sign, len16

LONG = "The boats came from the north, and nobody saw them leave. " * 700
ANYTHING = bytes(range(96))


class Real:
    """The node of ours that all tests share."""

    failed = False

    @classmethod
    def up(cls):
        cls.folder = Folder()
        cls.node = cls.folder.node("jmsdf", "JMSDF", "JP")
        cls.node.start()
        cls.card = cls.node.run("card").out
        cls.form = cls.node.run("template", "risk_assessment", "--json").out
        message = json.loads(cls.form)
        message["risk_assessment"]["discussion"] = LONG
        cls.long_form = json.dumps(message)

    @classmethod
    def start(cls, *words):
        """A command that runs while the client turns."""
        return subprocess.Popen(
            [PROGRAM, "--home", cls.node.home, *words], env=cls.folder.env,
            stdout=subprocess.PIPE, text=True)

    @classmethod
    def state(cls, ref):
        return cls.node.json("show", ref, "--peek")["entente"]["state"]


def setUpModule():
    Real.up()


def tearDownModule():
    Real.folder.close(keep=Real.failed)


class RecordingLink(Link):
    """Notes what was sent; cuts the connection as told."""

    def __init__(self, peer, caller):
        super().__init__(peer, caller)
        self.sent = []
        peer.all_links.append(self)

    def send(self, kind, values):
        if self.closed:
            return
        super().send(kind, values)
        self.sent.append(kind)
        if self.peer.cut_after == kind:
            self.peer.cut_after = ""
            self.close("cut by the test")


class CutPeer(Peer):
    cut_after = cut_on = ""

    def __init__(self, me, card, pair_secret=None):
        self.all_links = []
        super().__init__(me, card, pair_secret)

    def take_bodies(self, link, f):
        super().take_bodies(link, f)
        self.maybe_cut(link, "bodies")

    def flush(self, link):
        if self.inbox:
            self.maybe_cut(link, "receipt")
        super().flush(link)

    def maybe_cut(self, link, what):
        if self.cut_on == what:
            self.cut_on = ""
            link.close("cut by the test")


class Stranger(Node):
    """A client with a card of its own, paired with the real node."""

    link_class = RecordingLink

    def __init__(self, *pairing, pair_secret=None, **more):
        super().__init__(None)
        port, mark = self.listen(0), os.urandom(3).hex()
        self.me = Identity("s" + mark, "Elsewhere " + mark, "IT",
                           f"127.0.0.1:{port}", **more)
        self.name = self.me.node
        theirs = Card.parse(Real.card).certificate.org_key
        self.pair(Real.card, " ".join(half(theirs)), pair_secret, CutPeer)
        card = Real.folder.write(mark + ".card", self.me.card.text())
        Real.node.run("pair", card, "--safety-number", safety_number(
            theirs, self.me.certificate.org_key), *pairing)

    def up(self):
        """Calls; returns once each has the other's first entries."""
        self.dial()
        self.run(self.open)
        self.run(self.settled)

    def called(self):
        self.run(self.open)
        return self.run(self.settled) and self.peer.link

    def cut(self):
        self.peer.link.close("cut by the test")
        self.run(lambda: not self.links)

    def settled(self):
        """Every entry of ours is receipted, and theirs by us."""
        log, out = self.peer.newest_in, self.peer.out
        return (log and log.receipted == log.size and not self.peer.due
                and out.receipted == out.size)

    def send(self, text="", precedence=PRIORITY):
        return self.peer.submit(assessment(
            "JMSDF", self.me.org, "Boardings off Lagos", precedence, text),
            precedence)

    def until(self, m, state):
        self.run(lambda: m["state"] == state and self.settled())
        return m

    def wait_for(self, process):
        self.run(lambda: process.poll() is not None)
        out, _ = process.communicate()
        return json.loads(out)

    def real_sends(self, form, *words):
        return Real.start("send", Real.folder.write("form", form), "--to",
                          self.name, "--wait=accepted", "--json", *words)


class Case(unittest.TestCase):
    def stranger(self, *pairing, **more):
        node = Stranger(*pairing, **more)
        self.addCleanup(node.close)
        return node

    def caller(self):
        """One that has called; the real node never dials it."""
        node = self.stranger("--no-dial")
        node.up()
        return node

    def run(self, result=None):
        before = len(result.failures) + len(result.errors)
        super().run(result)
        Real.failed |= len(result.failures) + len(result.errors) > before


class Talk(Case):
    def test_another_safety_number_pairs_nobody(self):
        node = Node(Identity("s", "S", "IT"))
        with self.assertRaisesRegex(Refused, "safety number"):
            node.pair(Real.card, "12345 " * 6)

    def test_a_changed_card_is_refused(self):
        with self.assertRaisesRegex(Refused, "changed"):
            Card.parse(Real.card.replace("JMSDF", "JMSDG"))

    def test_we_call_and_send(self):
        node = self.caller()
        sent, ref = node.send(), node.name + "/1"
        node.until(sent, "accepted")
        self.receipt_is_theirs(node)
        self.assertEqual(Real.state(ref), "new")
        self.assertIn("Boardings off Lagos", Real.node.run("show", ref).out)
        node.until(sent, "read")
        Real.node.run("ack", ref, "-m", "A boat has left.", "--post", "Duty")
        m = node.until(sent, "acknowledged")
        self.assertEqual(m["trail"], ["accepted", "read", "acknowledged"])
        self.assertEqual(m["why"], "A boat has left.")
        self.assertEqual(node.peer.alarms, [])
        Real.node.run("log", "verify", "--peer", node.name)
        evidence = Real.folder.path(node.name + ".evidence")
        Real.node.run("evidence", ref, "--out", evidence)
        subprocess.run([os.path.join(BIN, "entente-verify"), evidence],
                       check=True, stdout=subprocess.DEVNULL)

    def receipt_is_theirs(self, node):
        """Verified once more, over the root of what we hold."""
        c, out = node.peer.out.cosigned, node.peer.out
        self.assertEqual(c["size"], 2 + len(node.peer.inbox))
        verify(node.peer.theirs.witness_key, cosigned_text(
            out.origin, c["size"], tree_root(out.leaves()), c["time"]),
            c["signature"])

    def test_we_are_called_and_receive(self):
        node = self.stranger()
        self.assertFalse(node.called().caller)
        sent = node.wait_for(node.real_sends(Real.form))
        self.assertEqual(sent["state"], "accepted")
        (ident, m), = node.peer.inbox.items()
        self.assertEqual(m["number"], 1)
        self.assertEqual(m["risk_assessment"]["area"][0]["name"],
                         "Lagos anchorage")
        ref = node.name + "/s1"
        for verdict, word in (READ, "read"), (ACKNOWLEDGED, "acknowledged"):
            node.peer.say(ident, verdict, by="Watch officer")
            node.run(node.settled)
            self.assertEqual(Real.state(ref), word)
        ping = Real.start("peer", "ping", node.name, "--count", "1", "--json")
        self.assertTrue(node.wait_for(ping)["ok"])

    def test_a_pair_secret_is_mixed_in(self):
        secret = ANYTHING[:32]
        path = Real.folder.write("pair-secret", secret.hex() + "\n")
        node = self.stranger("--pair-secret", path, pair_secret=secret)
        node.called()
        node.until(node.send("", FLASH), "accepted")
        sent = node.wait_for(node.real_sends(Real.form))
        self.assertEqual(sent["state"], "accepted")

    def two_links(self, node_id):
        """The real node dialled the first link, we the second."""
        node = self.stranger(node_id=node_id)
        first, second = node.called(), node.dial()
        node.run(lambda: first.closed or second.closed)
        return first, second

    def test_the_newer_link_of_the_lower_id_replaces_the_other(self):
        first, second = self.two_links(bytes(15) + b"\1")
        self.assertEqual([first.closed, second.closed], [True, False])

    def test_the_link_of_the_lower_id_stays(self):
        first, second = self.two_links(b"\xff" * 16)
        self.assertEqual([first.closed, second.why], [False, "Bye EXISTS"])


# What is changed in a message that is right, and to what.
CHANGES = [
    ("subject", "other words"), ("subject", ""), ("subject", " "),
    ("subject", "two\nlines"), ("subject", "x" * 1025), ("subject", "x" * 1024),
    ("id", ANYTHING[:15]), ("version", 0), ("precedence", 4),
    ("precedence", 9), ("status", 2), ("status", 3), ("exercise_id", "baltic"),
    ("action", 4), ("refs", [ANYTHING[:16]]), ("refs", [ANYTHING[:3]]),
    ("action_to", []), ("action_to", ["IFC", ""]), ("label", None),
    ("label.caveats", ["a", "\r"]), ("legal_basis.article", ""), ("tlp", 4),
    ("tlp", 6), ("expires", {"seconds": 86400, "precision": 1}),
    ("dtg.nanos", 5), ("dtg.fraction_digits", 10), ("dtg.in_full", 1),
    ("dtg", {"seconds": 86401, "precision": 1}),
    ("dtg", {"seconds": 86400, "precision": 1, "offset_minutes": 60}),
    ("note", {"text": "a second kind"}), ("risk_assessment", None),
    ("risk_assessment.topic", ""), ("risk_assessment.impact", 6),
    ("risk_assessment.valid_to", {"seconds": 86400, "precision": 1}),
    ("risk_assessment.key_judgements", []),
    ("risk_assessment.key_judgements.0.confidence", 0),
    ("risk_assessment.key_judgements.0.text", "With high confidence."),
    ("risk_assessment.key_judgements.0.likelihood.low_percent", 54),
    ("risk_assessment.key_judgements.0.likelihood.word", "highly likely"),
    ("risk_assessment.key_judgements.0.likelihood.yardstick", 2),
    ("risk_assessment.summary", "Likely. High confidence."),
    ("risk_assessment.summary", "Likely, with High  confidence"),
    ("risk_assessment.summary", "Likely, confidence: high"),
    ("risk_assessment.basis", [{"reliability": 1}]),
    ("risk_assessment.basis", [{"method": "radar", "credibility": 7}]),
    ("risk_assessment.stance", {"view": 1}),
    ("risk_assessment.stance", {"view": 3}),
    ("risk_assessment.outcome", {"judgements": [
        {"judgement": 2, "result": 1}]}),
    ("risk_assessment.area", [{"lat": 0.0, "lon": 0.0}]),
    ("risk_assessment.area", [{"lat": 1.0}]),
    ("risk_assessment.area", [{"lat": 91.0, "lon": 0.0}]),
    ("risk_assessment.area", [{"name": "here"}]),
    ("risk_assessment.area", [{"polygon": [{"lat": 1.0, "lon": 1.0}] * 2}]),
    ("risk_assessment.area", [{"polygon": [{"lat": 1.0, "lon": 1.0}] * 3}]),
    ("maritime_incident.weapons", [2, 3]),
    ("maritime_incident.weapons", [99]),
    ("maritime_incident.ship.imo", "9074729"),
    ("maritime_incident.ship.imo", "9074728"),
    ("maritime_incident.ship.mmsi", "12345678"),
    ("maritime_incident.ship.course", {"value": 361.0, "unit": "deg"}),
    ("maritime_incident.suspect_craft", {"count_max": 3}),
    ("maritime_incident.suspect_craft", {"count": 4, "count_max": 3}),
    ("maritime_incident.ended", {"seconds": 86400, "precision": 1}),
    ("maritime_incident.external_refs", [{"system": 7}]),
]


class Judged(Case):
    """By the rules of the page, by both alike."""

    def test_every_kind_that_the_real_node_sends_is_accepted(self):
        node = self.caller()
        for kind in "risk_assessment", "maritime_incident", "note":
            form = Real.node.run("template", kind, "--json").out
            sent = node.wait_for(node.real_sends(form))
            self.assertEqual(sent["state"], "accepted")

    def test_what_is_wrong_is_told_by_the_same_word(self):
        node = self.caller()
        form = Real.node.run("template", "maritime_incident", "--json").out
        node.wait_for(node.real_sends(form))
        incident, = node.peer.inbox.values()
        plain = {"maritime_incident": encode("Message", incident),
                 "": assessment("JMSDF", node.me.org, "as it is")}
        tried = [(what, value, self.changed(
            plain[what.split(".")[0] if what.startswith("mar") else ""],
            what, value)) for what, value in CHANGES]
        tried += [("garbage", "", b"\xff"), ("nothing", "", b""),
                  ("field", "", plain[""] + b"\xc0\x0c\x01"),
                  ("kind", "", plain[""].replace(b"\xaa\x06", b"\xb2\x06"))]
        sent = [node.peer.submit(x, PRIORITY) for _, _, x in tried]
        node.run(lambda: all(m["trail"] for m in sent) and node.settled())
        for (what, value, _), m in zip(tried, sent):
            with self.subTest(what=what, value=value):
                why, _ = judge(m["plain"], PRIORITY)
                self.assertEqual(m["why"], why)
                self.assertEqual(m["trail"][0],
                                 "rejected" if why else "accepted")

    def changed(self, plain, what, value):
        message = parse(plain) | {"id": os.urandom(16), "number": 0}
        *path, last = what.split(".")
        at = message
        for name in path:
            at = at[int(name) if name.isdigit() else name]
        at[last] = value
        return encode("Message", message)


class Resume(Case):
    """A cut at each place: nothing twice, nothing lost, no alarm."""

    def sending_cut_after(self, kind):
        node = self.caller()
        node.peer.cut_after = kind
        sent = node.send(LONG)
        node.run(lambda: not node.links)
        node.up()
        node.until(sent, "accepted")
        self.all_is_well(node)
        self.assertEqual(len(Real.node.rows("inbox", "--peer", node.name)), 1)
        return [link.sent for link in node.peer.all_links]

    def all_is_well(self, node):
        self.assertEqual((len(node.peer.outs), len(node.peer.ins)), (1, 1))
        self.assertEqual(node.peer.alarms, [])
        self.assertEqual(Real.node.peer(node.name)["alarm"], "")

    def test_cut_after_leaves_they_are_sent_again(self):
        _, second = self.sending_cut_after("leaves")
        self.assertEqual(second.count("leaves"), 1)

    def test_cut_after_the_head_only_bodies_follow(self):
        first, second = self.sending_cut_after("head")
        self.assertEqual(first[-1], "head")
        self.assertNotIn("leaves", second)

    def test_cut_in_a_body_only_bodies_follow(self):
        _, second = self.sending_cut_after("bodies")
        self.assertNotIn("leaves", second)
        self.assertGreater(second.count("bodies"), 1)

    def receiving_cut_on(self, what):
        node = self.caller()
        node.peer.cut_on = what
        process = node.real_sends(Real.long_form)
        node.run(lambda: not node.links)
        node.up()
        self.assertEqual(node.wait_for(process)["state"], "accepted")
        node.run(node.settled)
        self.all_is_well(node)
        self.assertEqual(len(node.peer.inbox), 1)

    def test_cut_in_a_body_of_theirs(self):
        self.receiving_cut_on("bodies")

    def test_cut_before_our_receipt(self):
        self.receiving_cut_on("receipt")

    def test_the_real_node_restarts_and_dials_again(self):
        node = self.stranger()
        node.called()
        Real.node.stop()
        node.run(lambda: not node.links)
        sent = node.send(LONG)     # while no link is there
        Real.node.start()
        node.called()
        node.until(sent, "accepted")
        self.all_is_well(node)

    def set_back(self, sessions):
        """Our state is what it was so many sessions ago."""
        node = self.caller()
        node.until(node.send(), "accepted")
        node.cut()
        before = copy.deepcopy(vars(node.peer))
        for _ in range(sessions):
            node.up()
            node.until(node.send(), "accepted")
            node.cut()
        vars(node.peer).update(before)
        node.up()
        m = node.until(node.send(), "accepted")
        self.assertRegex(m["origin"], "/2-")
        return node.peer

    def test_set_back_by_one_session_our_signature_tells(self):
        peer = self.set_back(1)
        self.assertIn("R holds more than we do", peer.alarms)
        self.assertEqual(len(peer.ins), 1)

    def test_set_back_by_two_sessions_the_chain_tells_both(self):
        peer = self.set_back(2)
        self.assertIn("session chain: nothing matches", peer.alarms)
        self.assertEqual(len(peer.ins), 2)


def lie(out):
    """From now on this log's heads are over another root."""
    def sign():
        size, root = len(out.entries), bytes(32)
        out.heads[size] = root, ed_sign(out.seed, checkpoint(
            out.origin, size, root))
    out.sign = sign


def flipped(x):
    return x[:-1] + bytes([x[-1] ^ 1])


class Broken:
    """Ways to seal wrongly, in place of client_log.seal."""

    right = staticmethod(client_log.seal)

    @classmethod
    def tag(cls, *args):
        return flipped(cls.right(*args))

    @classmethod
    def commitment(cls, *args):
        body, header = cls.right(*args), args[4]
        header.commitment = flipped(header.commitment)
        return body


def no_digest():
    return mock.patch("client_log.digest", return_value=bytes(32))


class RefusedByUs(Case):
    """By the real node, what a stranger may not do."""

    def test_a_head_over_another_root(self):
        node = self.caller()
        lie(node.peer.out)
        m = node.until(node.send(), "accepted")     # in the next epoch
        self.assertIn("R says that our head is bad", node.peer.alarms)
        self.assertRegex(m["origin"], "/2-")
        link, = node.peer.all_links                 # which never ended
        self.assertEqual(link.sent.count("head"), 4)    # two of them lies

    def test_a_head_with_another_signature(self):
        node = self.caller()
        out, (link,) = node.peer.out, node.peer.all_links
        seed, out.seed = out.seed, ANYTHING[:32]
        sent = node.send()
        node.run(lambda: link.closed)
        out.seed = seed
        out.sign()
        node.up()
        node.until(sent, "accepted")

    def test_a_body_without_its_digest(self):
        node = self.caller()
        with no_digest():
            sent = node.send()
        self.assertEqual(node.until(sent, "refused")["why"], "BAD_PROOF")

    def test_a_body_with_another_commitment_or_tag(self):
        node = self.caller()
        for broken in Broken.commitment, Broken.tag:
            with mock.patch("client_log.seal", broken):
                sent = node.send()
            node.until(sent, "unopened")
        node.until(node.send(), "accepted")

    # ---- before a link is proven: not one byte, nothing noted

    def silence(self, node):
        link = node.dial()
        node.run(lambda: link.closed)
        self.assertEqual((link.why, link.buffer), ("cut", b""))

    def test_a_certificate_with_another_signature(self):
        node = self.stranger("--no-dial")
        good = node.me.certificate.raw
        node.me.certificate.raw = flipped(good)
        self.silence(node)
        node.me.certificate.raw = good
        node.up()

    def test_another_prologue(self):
        node = self.stranger("--no-dial")
        with mock.patch.object(Link, "prologue", b"another"):
            self.silence(node)
        node.up()

    def test_another_pair_secret(self):
        node = self.stranger("--no-dial")
        node.peer.pair_secret = ANYTHING[:32]
        self.silence(node)

    def test_an_old_stamp(self):
        node = self.caller()
        with mock.patch.object(node.peer, "next_stamp", lambda: 5):
            self.silence(node)
        self.assertTrue(node.open())

    def test_a_small_order_ephemeral(self):
        node = self.stranger("--no-dial")
        message = bytes(432)

        def call(link):
            link.write(mac1(node.peer.theirs.link_key, message) + message)
            link.state = "CALLING"
        with mock.patch.object(Link, "call", call):
            self.silence(node)

    def test_another_mac1(self):
        node = self.stranger("--no-dial")
        with mock.patch("client_link.mac1", return_value=bytes(16)):
            self.silence(node)

    def test_a_card_with_a_small_order_key(self):
        me = Identity("s", "S", "IT")
        me.card.first_contact = bytes(32)
        text = me.card.encode(me.log_seed).text()
        Real.node.run("card", "show", "-", text=text, code=INVALID)
        with self.assertRaisesRegex(Refused, "small-order"):
            Card.parse(text)


class RefusedByThem(unittest.TestCase):
    """By a stranger, what another may not do; without a network."""

    def setUp(self):
        a, b = Identity("a", "A", "IT"), Identity("b", "B", "FR")
        self.a = CutPeer(a, Card.parse(b.card.text()))
        self.b = CutPeer(b, Card.parse(a.card.text()))

    def join(self):
        self.links = RecordingLink(self.a, True), RecordingLink(
            self.b, False)
        self.links[0].call()
        self.pump()
        return self.links

    def pump(self):
        x, y = self.links
        while x.out or y.out:
            for one, other in (x, y), (y, x):
                data, one.out = bytes(one.out), bytearray()
                other.feed(data)

    def submit(self):
        return self.a.submit(
            assessment("B", "A", "x", PRIORITY, LONG), PRIORITY)

    def send(self):
        m = self.submit()
        self.pump()
        return m

    def test_nothing_is_refused_that_is_right(self):
        for _ in range(3):
            self.join()
            self.assertEqual(self.send()["state"], "accepted")
        self.assertEqual([self.a.alarms, self.b.alarms], [[], []])
        self.assertEqual(len(self.b.inbox), 3)

    def test_a_head_over_another_root(self):
        self.join()
        lie(self.a.out)
        bad, m = self.a.out.origin, self.send()
        self.assertTrue(self.b.ins[bad].stopped)
        self.assertEqual(self.b.ins[bad].size, 1)
        self.assertEqual((m["state"], len(self.a.outs)), ("accepted", 2))

    def test_two_heads_of_one_size(self):
        a, _ = self.join()
        self.send()
        lie(self.a.out)
        self.a.out.sign()
        a.send("head", self.a.out.head())
        self.pump()
        self.assertTrue(self.b.newest_in.stopped)

    def test_a_head_with_another_signature(self):
        _, b = self.join()
        self.a.out.seed = ANYTHING[:32]
        self.send()
        self.assertEqual((b.why, self.b.inbox), ("head: signature", {}))

    def test_a_body_without_its_digest(self):
        _, b = self.join()
        with no_digest():
            m = self.submit()
        self.pump()
        self.assertEqual((m["state"], m["why"]), ("refused", "BAD_PROOF"))
        self.assertEqual(b.sent.count("fetch"), 7)

    def test_a_body_with_another_commitment_or_tag(self):
        self.join()
        for broken in Broken.commitment, Broken.tag:
            with mock.patch("client_log.seal", broken):
                m = self.submit()
            self.pump()
            self.assertEqual(m["state"], "unopened")
        self.assertEqual(self.b.alarms,
                         ["unopened: commitment", "unopened: tag"])

    # ---- before a link is proven: not one byte, nothing noted

    def refuses(self, first_frame, why):
        link = RecordingLink(self.b, False)
        link.feed(first_frame)
        self.assertEqual((link.why, link.out), (why, b""))
        self.assertEqual(self.b.pending, bytes(32))

    def call(self):
        link = RecordingLink(self.a, True)
        link.call()
        return bytes(link.out)

    def test_a_certificate_with_another_signature(self):
        mine = self.a.me.certificate
        mine.raw = flipped(mine.raw)
        self.refuses(self.call(), "certificate: signature")

    def test_another_prologue(self):
        with mock.patch.object(Link, "prologue", b"another"):
            call = self.call()
        self.refuses(call, "handshake")

    def test_another_mac1(self):
        with mock.patch("client_link.mac1", return_value=bytes(16)):
            call = self.call()
        self.refuses(call, "mac1")

    def test_a_small_order_ephemeral(self):
        message = bytes(432)
        self.refuses(len16(mac1(self.b.me.certificate.link_key, message)
                           + message), "small-order key")

    def test_a_message_1_again(self):
        call = self.call()
        self.join()
        self.b.pending = bytes(32)
        self.refuses(call, "stamp")


if __name__ == "__main__":
    main()
