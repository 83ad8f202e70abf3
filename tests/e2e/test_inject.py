"""A system call of each kind fails once, in six things that a node does: the
process goes on or ends by a name, nothing acknowledged is lost, and a restart
recovers.  full-inject has every call fail."""
import unittest

import inject
import scenarios
from nodes import Case, main

# A start makes all kinds of calls; what comes later, mostly these.
LATER = ("fdatasync", "pwrite64", "write", "openat")


@unittest.skipIf(inject.NONE, inject.WHY)
class Inject(Case):
    def each(self, kind, numbers):
        """`numbers`: (call, first, last) -> which of them fail."""
        scenario = kind(self.folder)
        trace = self.path("trace")
        scenario.run(trace)
        struck = []
        for call, (first, last) in inject.counts(
                trace, self.folder.work).items():
            for number in numbers(call, first, last):
                with self.subTest(call=call, number=number):
                    struck += scenario.run(trace, call, number)
        print(f"{kind.name}: {len(struck)} calls failed")
        self.assertGreaterEqual(len(struck), 3)

    def first_of_each_kind(self, kind):
        self.each(kind, lambda call, first, last: [first])

    def late_ones(self, kind):
        self.each(kind, lambda call, first, last:
                  [last - 1] if call in LATER else [])

    def test_init_makes_a_whole_home_or_none(self):
        self.first_of_each_kind(scenarios.Init)

    def test_a_restart_recovers(self):
        self.first_of_each_kind(scenarios.Restart)

    def test_pairing_is_kept_or_can_be_done_again(self):
        self.late_ones(scenarios.Pair)

    def test_what_was_sent_arrives_once(self):
        self.late_ones(scenarios.Send)

    def test_what_was_received_is_kept(self):
        self.late_ones(scenarios.Receive)

    def test_what_was_answered_reaches_its_sender(self):
        self.late_ones(scenarios.Answers)


if __name__ == "__main__":
    main()
