"""Faults of the network between two daemons, the short ones;
tests/e2e/full-faults has those that take minutes."""
import time

from faults import ALL, LOSS, ONE_WAY, RESETS, Wire
from nodes import Case, main


class Faults(Case):
    def test_each_message_comes_once_and_in_order(self):
        """One pair through them all."""
        with Wire(self.folder) as wire:
            for fault in (self.loss, self.partitions, self.resets, self.flips,
                          self.cuts):
                begun = time.monotonic()
                fault(wire)
                print(f"{fault.__name__}: {time.monotonic() - begun:.1f} s")

    @staticmethod
    def loss(wire):
        """Of all packets, 30 in 100 are lost, either way."""
        wire.net.passing(LOSS)
        for _ in range(3):
            wire.send(10)
            wire.wait()
        wire.net.passing()

    @staticmethod
    def partitions(wire):
        """One way, then both: what is sent meanwhile comes afterwards."""
        for rule in (ONE_WAY, ALL):
            wire.net.passing(rule)
            wire.send()
            time.sleep(2)
            wire.net.passing()
            wire.wait()

    @staticmethod
    def resets(wire):
        """A storm of resets: each link that comes up is broken."""
        for _ in range(4):
            wire.net.passing(RESETS)
            wire.send(5)
            time.sleep(0.3)
            wire.net.passing()
            time.sleep(0.3)
        wire.wait()

    def harmed(self, wire, words, **harm):
        """Through the proxy, which does that to pieces of what passes, until
        a log has these words once more; links from before are reset, so that
        there is none around it."""
        wire.net.tell(**harm)
        wire.net.passing(RESETS, harmed=True)
        wire.send(5)
        time.sleep(0.3)
        before = wire.said(words)
        wire.net.passing(harmed=True)
        for _ in range(20):
            wire.send(5)
            if wire.said(words) > before:
                break
            time.sleep(0.5)
        wire.net.tell(flip=0, cut=0)
        wire.wait()
        self.assertGreater(wire.said(words), before)

    def flips(self, wire):
        """Bits flipped: the link is closed, nothing of it counts."""
        self.harmed(wire, "(BAD_PROOF)", flip=0.1)

    def cuts(self, wire):
        """A frame begun and never ended."""
        self.harmed(wire, " is down", cut=0.1)


if __name__ == "__main__":
    main()
