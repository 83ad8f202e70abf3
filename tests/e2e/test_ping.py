#!/usr/bin/env python3
"""peer ping: an echo through the link, or plainly why there is none."""

from nodes import NOT_FOUND, UNREACHABLE, USAGE, Case, main


class Ping(Case):
    def setUp(self):
        super().setUp()
        self.ifc, self.jmsdf = self.folder.two()

    def test_an_echo_comes_back_both_ways(self):
        for node, peer in ((self.ifc, "jmsdf"), (self.jmsdf, "ifc")):
            answer = node.json("peer", "ping", peer, "--count", "2")
            self.assertEqual((answer["ok"], answer["sent"],
                              answer["answered"]), (True, 2, 2))
            self.assertEqual(len(answer["times_ms"]), 2)
            for ms in answer["times_ms"]:
                self.assertTrue(0 < ms < 5000, answer)

    def test_people_see_the_times(self):
        answer = self.ifc.run("peer", "ping", "jmsdf", "--count", "1")
        self.assertRegex(answer.out, r"^echo 1 from jmsdf: [\d.]+ ms\n$")

    def test_without_a_link_it_says_down_and_when_it_last_heard(self):
        self.jmsdf.stop()
        error = self.ifc.fails("UNREACHABLE", "peer", "ping", "jmsdf",
                               code=UNREACHABLE)
        self.assertRegex(error["message"], "^jmsdf: .*down.*last heard (now|.* ago)")
        self.assertIn("peers jmsdf", error["hint"])

    def test_nothing_is_said_or_written_by_it(self):
        before = self.ifc.json("log")
        self.ifc.run("peer", "ping", "jmsdf", "--count", "1")
        self.assertEqual(self.ifc.json("log"), before)

    def test_what_cannot_be_asked_is_refused(self):
        self.ifc.fails("NOT_FOUND", "peer", "ping", "jmsd", code=NOT_FOUND)
        self.ifc.fails("USAGE", "peer", "ping", code=USAGE)
        self.ifc.fails("USAGE", "peer", "ping", "jmsdf", "--count", "0",
                       code=USAGE)
        self.jmsdf.stop()
        self.jmsdf.fails("UNREACHABLE", "peer", "ping", "ifc",
                         code=UNREACHABLE)


if __name__ == "__main__":
    main()
