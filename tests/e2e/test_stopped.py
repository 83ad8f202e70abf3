"""A daemon that stands still, is asked to end while it commits, finds its home
taken, or what a killed one left behind."""
import os
import re
import shutil
import signal
import time
import unittest

import flow
import inject
from nodes import Case, Node, main, wait_for

ADDRESS, LOCKED = 10, 11  # node/net/ending.h
STOPPED_S = int(os.environ.get("ENTENTE_STOPPED_S", "2"))
SILENCE_S = 45  # after which a link that says nothing is given up
FLUSH_US = 150000


class Stopped(Case):
    def setUp(self):
        super().setUp()
        self.pair = flow.two(self.folder)

    def test_one_that_stood_still_gets_all_and_loses_nothing(self):
        node, peer = self.pair
        flows = flow.both_ways(self.pair)
        node.daemon.send_signal(signal.SIGSTOP)
        time.sleep(STOPPED_S)
        if STOPPED_S > 2 * SILENCE_S:
            self.assertEqual(peer.peer(node.name)["link"], "down")
        self.assertGreater(peer.peer(node.name)["queued"], 0)
        node.daemon.send_signal(signal.SIGCONT)
        began = time.monotonic()
        flow.judge_all(flows)
        print(f"stood still for {STOPPED_S} s, "
              f"{sum(len(one.sent) for one in flows)} messages, all there "
              f"{time.monotonic() - began:.1f} s later")


class Home(Case):
    def setUp(self):
        super().setUp()
        self.pair = flow.two(self.folder)
        self.node, self.peer = self.pair

    def second(self, home):
        """Another daemon on that home, which must end by itself."""
        other = Node(self.folder, self.node.name, self.node.org, "IN")
        other.home = home
        return other.foreground()

    def still_sends(self):
        self.node.send(self.peer, flow.as_text(flow.message("on", 99)),
                       "--wait=accepted")

    def test_of_two_started_at_once_one_holds_the_home(self):
        self.node.kill()
        twin = Node(self.folder, self.node.name, self.node.org, "IN")
        self.folder.nodes.append(twin)
        for one in (self.node, twin):
            one.launch()
        ended = wait_for(lambda: [one for one in (self.node, twin)
                                  if one.daemon.poll() is not None])
        self.assertEqual([one.daemon.returncode for one in ended], [LOCKED])
        if ended[0] is self.node:
            self.node.daemon = twin.daemon
        twin.daemon = None
        wait_for(lambda: self.node.run("status", code=None).code == 0)
        self.still_sends()

    def test_what_a_killed_one_left_behind_refuses_nobody(self):
        for name in ("lock", "control.sock"):
            self.assertTrue(os.path.exists(self.node.path(name)))
        for _ in range(5):
            self.node.kill()
            self.node.start(ready_s=5)
        self.still_sends()

    def test_a_copied_home_does_not_run_beside_its_original(self):
        copy = self.node.copied("copy")
        answer = self.second(copy)
        self.assertEqual(answer.code, ADDRESS)
        self.assertIn("IN_USE", answer.err)
        self.still_sends()

    def test_a_home_that_was_moved_goes_on(self):
        self.node.kill()
        moved = self.folder.path("moved")
        shutil.move(self.node.home, moved)
        self.node.home = moved
        self.node.start()
        flow.settle(self.pair)
        self.still_sends()
        flow.logs_agree(*self.pair)


@unittest.skipIf(inject.NONE, inject.WHY)
class Asked(Case):
    def commits_when_asked(self, trace):
        """Whether a flush was under way when SIGTERM came."""
        under_way = set()
        with open(trace, encoding="utf-8", errors="replace") as file:
            for line in file:
                thread = line.split()[0]
                if "SIGTERM" in line:
                    return bool(under_way)
                if re.search(r"fdatasync\(.*unfinished", line):
                    under_way.add(thread)
                elif "fdatasync resumed" in line:
                    under_way.discard(thread)
        raise AssertionError("no SIGTERM came")

    def test_sigterm_in_a_commit_ends_it_with_0_once_that_is_done(self):
        pair = flow.two(self.folder)
        trace = self.path("trace")
        flows = flow.both_ways(pair)
        inside = 0
        for _ in range(4):
            pair[0].stop()
            pair[0].start(prefix=(
                "strace", "-f", "-o", trace, "-e", "trace=fdatasync", "-e",
                f"inject=fdatasync:delay_enter={FLUSH_US}"))
            time.sleep(FLUSH_US * 4e-6)
            os.kill(inject.below(pair[0].daemon), signal.SIGTERM)
            self.assertEqual(inject.wait(pair[0].daemon, 20), 0)
            pair[0].daemon = None
            inside += self.commits_when_asked(trace)
            pair[0].start()
        self.assertGreater(inside, 0)
        flow.judge_all(flows)
        print(f"{inside} of 4 inside a commit")


if __name__ == "__main__":
    main()
