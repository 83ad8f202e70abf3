"""A node's wall clock jumps by decades, forth and back, while it runs and
between two runs: nobody is locked out, nothing expires, order and
deduplication are untouched."""
import glob
import os
import unittest

import flow
import inject
from nodes import Case, check, main, wait_for

LIBRARY = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")
# Where the clock stands, one after the other.
JUMPS = ("2046-01-01 00:00:00", "2038-01-19 03:13:57", "+0",
         "2106-02-07 06:28:10", "2001-09-09 01:46:40", "+0")
YEAR_S = 31557600
PAST = "this node's keys are past their renew-by date"


class Clock:
    """Of one node; it goes on from where it was set."""

    def __init__(self, folder, node):
        self.file = folder.write(node.name + ".clock", "+0\n")
        self.node = node
        self.prefix = ("env", "LD_PRELOAD=" + LIBRARY[0], "FAKETIME_NO_CACHE=1",
                       "FAKETIME_TIMESTAMP_FILE=" + self.file,
                       "FAKETIME_DONT_FAKE_MONOTONIC=1")

    def set(self, when):
        with open(self.file + ".new", "w", encoding="ascii") as file:
            file.write(when if when.startswith("+") else "@" + when)
        os.rename(self.file + ".new", self.file)

    def restart(self):
        self.node.kill()
        self.node.start(prefix=self.prefix)


@unittest.skipIf(inject.SANITIZED, "the sanitizers are to be loaded first")
@unittest.skipUnless(LIBRARY, "NOT TRIED: clocks that jump; libfaketime is "
                     "not here (apt install faketime)")
class Jumps(Case):
    def setUp(self):
        super().setUp()
        self.pair = flow.two(self.folder)
        self.flows = [flow.Flow(*self.pair), flow.Flow(*self.pair[::-1])]
        self.apis = [flow.Api(node) for node in self.pair]
        self.clock = Clock(self.folder, self.pair[0])
        self.clock.restart()
        self.addCleanup(lambda: [api.close() for api in self.apis])

    def exchange(self):
        """New messages both ways, and the newest of before once more."""
        for one, api in zip(self.flows, self.apis):
            known = one.sent[-1:]
            check(not one.offer(api, known + [one.fresh(), one.fresh()]),
                  one.refusals)
            for twice in known:
                one.sent.remove(twice)
        flow.settle(self.pair)

    def year(self):
        """As the node whose clock it is tells it in its newest receipt."""
        times = [row["receipt_time"]
                 for row in self.pair[0].json("log")["channels"]
                 if row["incoming"] and row["receipted"]]
        return int(max(times)[:4])

    def judge(self):
        flow.settle(self.pair)
        for one in self.flows:
            flow.judge(one)
        flow.logs_agree(*self.pair)

    def test_messages_flow_on_through_jumps_and_restarts(self):
        self.exchange()
        began = self.year()
        for when in JUMPS:
            self.clock.set(when)
            self.exchange()
            self.clock.restart()
            self.exchange()
        # Receipts of one log never go back.
        self.assertEqual(self.year(), 2106)
        self.assertLess(began, 2106)
        self.judge()

    def test_keys_past_their_date_are_an_alarm_and_nothing_else(self):
        self.assertEqual(self.pair[0].json("status")["alarms"], [])
        self.clock.set(JUMPS[0])
        self.assertIn(PAST, str(wait_for(
            lambda: self.pair[0].json("status")["alarms"])))
        self.exchange()
        self.clock.set("+0")
        wait_for(lambda: self.pair[0].json("status")["alarms"] == [])
        self.exchange()
        self.judge()

    def apart(self):
        """What each says of the other's clock, in seconds."""
        self.exchange()
        return [one.peer(other.name)["clock_ahead_s"]
                for one, other in (self.pair, self.pair[::-1])]

    def test_both_sides_say_how_far_the_clocks_are_apart(self):
        self.assertEqual(self.apart(), [0, 0])
        self.clock.set(JUMPS[0])
        behind, ahead = self.apart()
        self.assertGreater(ahead, 10 * YEAR_S)
        self.assertLess(behind, -10 * YEAR_S)
        for node, words in zip(self.pair, ("behind", "ahead of")):
            found = [row["words"] for row in
                     node.json("doctor", code=None)["findings"]
                     if row["what"] == "clock"]
            self.assertIn(words, str(found))
            self.assertIn("clock: that of", node.log())
        self.clock.set("+0")
        wait_for(lambda: self.apart() == [0, 0])

    def test_what_waits_for_a_peer_outlives_its_own_expiry(self):
        self.pair[1].stop()
        body = dict(self.flows[0].fresh(), expires="2030-01-01T00:00:00Z")
        self.assertEqual(self.flows[0].offer(self.apis[0], [body]), [])
        self.clock.set(JUMPS[0])
        self.clock.restart()
        self.assertEqual(self.pair[0].peer(self.pair[1].name)["queued"], 1)
        self.pair[1].start()
        self.clock.set("+0")
        self.judge()


if __name__ == "__main__":
    main()
