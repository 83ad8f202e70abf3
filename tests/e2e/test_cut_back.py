"""A log that was cut back at its end, here with the whole home by an older
copy of it, passes its own audit; the other side's head shows what is gone."""

from nodes import Case, main, note, wait_for


def sizes(node, incoming):
    """The size of each log that verifies."""
    return {row["origin"]: row["size"]
            for row in node.json("log", "verify")["channels"]
            if row["incoming"] == incoming and row["verified"]}


class CutBack(Case):
    def setUp(self):
        """jmsdf is as it was before the second message."""
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
        self.before = sizes(self.ifc, False)
        self.ifc.stop()
        self.jmsdf.stop()
        self.jmsdf.set_back(older)
        self.jmsdf.start()

    def test_its_own_audit_passes_and_the_other_side_has_more(self):
        mine = sizes(self.jmsdf, True)
        self.assertTrue(mine)
        for origin, size in mine.items():
            self.assertLess(size, self.before[origin])

    def test_both_nodes_say_so_at_the_next_link_and_it_is_given_back(self):
        self.ifc.start()
        for node, other in ((self.ifc, self.jmsdf), (self.jmsdf, self.ifc)):
            wait_for(lambda node=node, other=other:
                     node.peer(other.name)["alarm"] or
                     node.json("status")["alarms"])
        wait_for(lambda: [row["subject"] for row in self.jmsdf.inbox()] ==
                 ["first", "second"])


if __name__ == "__main__":
    main()
