#!/usr/bin/env python3
"""peer clear-alarm: an alarm stands until somebody has seen to it."""

from nodes import NOT_FOUND, USAGE, Case, main, note, wait_for

CRITICAL = 2  # of monitoring plug-ins


class Alarm(Case):
    def setUp(self):
        """jmsdf is as it was before the second message: both notice."""
        super().setUp()
        self.ifc, self.jmsdf = self.folder.two()
        self.ifc.send(self.jmsdf, note("first"), "--wait=accepted")
        self.jmsdf.wait_quiet(self.ifc)
        self.jmsdf.stop()
        older = self.jmsdf.copied("older")
        self.jmsdf.start()
        self.jmsdf.wait_link(self.ifc)
        self.ifc.send(self.jmsdf, note("second"), "--wait=accepted")
        self.ifc.wait_quiet(self.jmsdf)
        self.ifc.stop()
        self.jmsdf.stop()
        self.jmsdf.set_back(older)
        self.jmsdf.start()
        self.ifc.start()
        self.words = wait_for(lambda: "nothing is to be done" in
                              self.ifc.peer("jmsdf")["alarm"] and
                              self.ifc.peer("jmsdf")["alarm"])

    def grade(self):
        return self.ifc.run("check", "--free", "1,0", code=None).code

    def test_it_is_cleared_by_a_person_and_the_log_keeps_it(self):
        self.assertEqual(self.grade(), CRITICAL)
        self.ifc.fails("USAGE", "peer", "clear-alarm", "jmsdf", code=USAGE)
        self.assertEqual(self.ifc.peer("jmsdf")["alarm"], self.words)
        shown = self.ifc.run("peer", "clear-alarm", "jmsdf", "--yes").out
        self.assertIn(self.words, shown)
        self.assertEqual(self.ifc.peer("jmsdf")["alarm"], "")
        self.assertEqual(self.grade(), 0)
        self.assertIn(self.words, self.ifc.log())
        self.ifc.kill()
        self.ifc.start()
        self.ifc.wait_link(self.jmsdf)
        self.assertEqual(self.ifc.peer("jmsdf")["alarm"], "")
        self.ifc.send(self.jmsdf, note("third"), "--wait=accepted")

    def test_where_none_stands_none_is_cleared(self):
        self.ifc.run("peer", "clear-alarm", "jmsdf", "--yes", "--json")
        self.ifc.fails("NOT_FOUND", "peer", "clear-alarm", "jmsdf", "--yes",
                       code=NOT_FOUND)
        self.ifc.fails("NOT_FOUND", "peer", "clear-alarm", "nobody", "--yes",
                       code=NOT_FOUND)


if __name__ == "__main__":
    main()
