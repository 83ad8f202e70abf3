#!/usr/bin/env python3
"""A message about another: reply, forward, update, correct, cancel."""

import json

from nodes import (DEFAULTS, FAILURE, INVALID, NOT_FOUND, OK, POLICY, USAGE,
                   Case, main, note)
from terminal import Terminal


def incident(**header):
    return json.dumps(dict({
        "kind": "maritime_incident", "precedence": "IMMEDIATE",
        "originator": {"org": "JMSDF", "post": "Watch Officer"},
        "subject": "Tanker approached",
        "label": {"policy": "IN-JP", "classification": "CONFIDENTIAL",
                  "releasable_to": ["IN", "JP"], "caveats": ["EYES"]},
        "legal_basis": {"agreement": "JDSC-2025", "article": "7"},
        "maritime_incident": {
            "ship": {"name": "KOHINOOR"}, "incident_type": "robbery",
            "position": {"lat": "06-17N", "lon": "003-21E"},
            "occurred": "2014-04-23", "narrative": "One boat."}}, **header))


class About(Case):
    def setUp(self):
        super().setUp()
        self.ifc, self.jmsdf = self.folder.two()
        for node in (self.ifc, self.jmsdf):
            self.folder.write(f"{node.name}/defaults", DEFAULTS)

    def sent(self, node, *words, **how):
        """Runs a verb that sends; the message as its sender keeps it."""
        ref = node.json(*words, **how)["ref"]
        return node.json("show", ref)

    def arrived(self, node, count):
        peer = self.jmsdf if node is self.ifc else self.ifc
        peer.wait_quiet(node)
        rows = node.inbox()
        self.assertEqual(len(rows), count)
        return node.json("show", rows[-1]["ref"], "--peek")

    def terminal(self, node, *words, editor):
        return Terminal(self.folder, "--home", node.home, *words,
                        EDITOR=editor)

    def test_a_reply_goes_back_with_label_basis_and_thread(self):
        first = self.jmsdf.send(self.ifc, incident(), "--json").json["id"]
        got = self.arrived(self.ifc, 1)
        for ref in ("jmsdf/1", first, first[:8]):
            whole = self.ifc.json("reply", ref, "-m", "Understood.",
                                  "--dry-run")
            self.assertEqual(whole["action_to"], ["jmsdf"])
            for key in ("label", "legal_basis", "precedence", "status"):
                self.assertEqual(whole[key], got[key], key)
            self.assertEqual(whole["refs"], [first])
            self.assertEqual(whole["subject"], "Re: Tanker approached")
            self.assertEqual(whole["kind"], "note")
            self.assertEqual(whole["note"], {"text": "Understood."})
            self.assertEqual(whole["originator"]["org"], "IFC-IOR")
        self.assertEqual(self.ifc.inbox("--unread")[0]["id"], first)
        self.ifc.run("show", "jmsdf/1")
        reply = self.sent(self.ifc, "reply", "-", "-m", "Understood.",
                          "--wait", "--precedence", "FLASH")
        self.assertEqual(reply["precedence"], "FLASH")
        again = self.sent(self.jmsdf, "reply", "ifc/1", "-m", "Thank you.")
        self.assertEqual(again["subject"], "Re: Tanker approached")
        self.assertEqual(again["refs"], [reply["id"], first])

    def test_a_correction_has_the_body_and_reaches_all_who_got_it(self):
        usff = self.folder.node("usff", "USFF", "US")
        usff.start()
        self.folder.pair(self.ifc, usff)
        first = self.ifc.run("send", "-", "--to", "jmsdf,usff", "--json",
                             text=incident()).json
        self.assertIn("outbox", self.ifc.fails(
            "AMBIGUOUS", "correct", first["id"], "-m", "x",
            code=USAGE)["hint"])
        whole = self.ifc.json("correct", first["ref"], "--set",
                              "ship.imo=9074729", "--yes", "--dry-run")
        self.assertEqual(whole["action_to"], ["jmsdf", "usff"])
        self.assertEqual(whole["action"], "CORRECT")
        self.assertEqual(whole["refs"], [first["id"]])
        self.assertEqual(whole["subject"], "Correction: Tanker approached")
        self.assertEqual(whole["maritime_incident"]["ship"],
                         {"name": "KOHINOOR", "imo": "9074729"})
        self.assertEqual(whole["maritime_incident"]["position"],
                         {"lat": "06-17N", "lon": "003-21E"})
        self.assertEqual(whole["label"]["caveats"], ["EYES"])
        update = self.ifc.json("update", first["ref"], "-m", "Two boats.")
        self.assertEqual([one["to"] for one in update["messages"]],
                         ["jmsdf", "usff"])
        shown = self.arrived(self.jmsdf, 2)
        self.assertEqual(shown["action"], "UPDATE")
        self.assertEqual(shown["maritime_incident"]["narrative"],
                         "One boat.\nTwo boats.")
        cancel = self.sent(self.ifc, "cancel", first["ref"], "-m",
                           "It was a drill.", "--wait")
        self.assertEqual(cancel["action"], "CANCEL")
        self.assertEqual(cancel["subject"], "Cancelled: Tanker approached")
        self.assertEqual(cancel["note"], {"text": "It was a drill."})
        self.assertEqual(cancel["refs"], [first["id"]])
        self.assertEqual(cancel["precedence"], "IMMEDIATE")

    def test_what_is_forwarded_is_whole_and_names_its_source(self):
        usff = self.folder.node("usff", "USFF", "US")
        usff.start()
        self.folder.pair(self.ifc, usff)
        label = {"policy": "IN-JP", "classification": "RESTRICTED",
                 "releasable_to": ["IN", "JP", "US"]}
        first = self.jmsdf.send(self.ifc, incident(label=label),
                                "--json").json["id"]
        self.arrived(self.ifc, 1)
        self.ifc.run("forward", "jmsdf/1", "--to", "usff", "--yes")
        self.ifc.wait_quiet(usff)
        shown = usff.json("show", "ifc/1")
        self.assertEqual(shown["subject"], "Fwd: Tanker approached")
        self.assertEqual(shown["label"], label)
        self.assertEqual(shown["author"], "JMSDF/Watch Officer")
        self.assertEqual(shown["originator"]["org"], "IFC-IOR")
        self.assertEqual(shown["refs"], [first])
        self.assertEqual(shown["maritime_incident"],
                         self.ifc.json("show", "jmsdf/1")["maritime_incident"])
        self.ifc.fails("USAGE", "forward", "jmsdf/1", "--to", "usff", "-m",
                       "Look!", code=USAGE)
        self.jmsdf.send(self.ifc, note("Radio", "All well."), "--set",
                        "label.releasable_to=US")
        self.arrived(self.ifc, 2)
        whole = self.ifc.json("forward", "jmsdf/2", "--to", "usff", "-m",
                              "For you.", "--dry-run")
        self.assertRegex(whole["note"]["text"],
                         r"^For you\.\n\n---- jmsdf/2 from IFC-IOR, .* ----\n"
                         r"All well\.$")

    def test_what_its_label_forbids_is_not_forwarded(self):
        usff = self.folder.node("usff", "USFF", "US")
        usff.start()
        self.folder.pair(self.ifc, usff)
        released = {"policy": "X", "classification": "RESTRICTED",
                    "releasable_to": ["US"]}
        for number, changes in enumerate((
                {}, {"label": released, "tlp": "AMBER+STRICT"},
                {"label": dict(released, caveats=["ORCON"])}), 1):
            self.jmsdf.send(self.ifc, incident(**changes))
            self.arrived(self.ifc, number)
            error = self.ifc.fails("POLICY", "forward", f"jmsdf/{number}",
                                   "--to", "usff", "--yes", code=POLICY)
            self.assertRegex(error["message"], ("IN, JP", "TLP:AMBER.STRICT",
                                                "ORCON")[number - 1])
            self.assertIn("reply", error["hint"])
        self.assertEqual(self.ifc.rows("outbox"), [])

    def test_what_makes_no_sense_is_refused_and_sends_nothing(self):
        self.jmsdf.send(self.ifc, note("Theirs"))
        self.arrived(self.ifc, 1)
        self.ifc.send(self.jmsdf, note("Ours"))
        self.arrived(self.jmsdf, 1)
        before = len(self.ifc.rows("outbox"))
        for verb in ("update", "correct", "cancel"):
            error = self.ifc.fails("BAD_STATE", verb, "jmsdf/1", "-m", "x",
                                   code=FAILURE)
            self.assertIn("reply jmsdf/1", error["hint"])
        error = self.ifc.fails("BAD_STATE", "reply", "jmsdf/s1", "-m", "x",
                               code=FAILURE)
        self.assertIn("update jmsdf/s1", error["hint"])
        error = self.ifc.fails("BAD_STATE", "forward", "jmsdf/1", "--to",
                               "jmsdf", "--yes", code=FAILURE)
        for verb in ("reply", "update", "correct", "cancel"):
            self.ifc.fails("NOT_FOUND", verb, "jmsdf/99", "-m", "x",
                           code=NOT_FOUND)
            self.ifc.fails("USAGE", verb, "jmsdf/1", code=USAGE)
            self.ifc.fails("USAGE", verb, "jmsdf/1", "f", "-m", "x",
                           code=USAGE)
        self.ifc.fails("USAGE", "forward", "jmsdf/1", "--yes", code=USAGE)
        self.ifc.fails("NOT_FOUND", "forward", "jmsdf/1", "--to", "usfff",
                       "--yes", code=NOT_FOUND)
        self.ifc.fails("NOT_FOUND", "reply", "jmsdf/1", "--kind", "nte", "-m",
                       "x", code=NOT_FOUND)
        self.assertEqual(len(self.ifc.rows("outbox")), before)

    def test_a_file_is_the_body_and_the_rest_is_taken_over(self):
        self.ifc.send(self.jmsdf, incident())
        self.arrived(self.jmsdf, 1)
        file = self.folder.write("corrected", """\
kind: maritime_incident
ship.name: KOHINOOR II
incident_type: robbery
position: 06-18N 003-21E
occurred: 2014-04-23T02:40Z
""")
        whole = self.ifc.json("correct", "jmsdf/s1", file, "--dry-run")
        self.assertEqual(whole["maritime_incident"], {
            "ship": {"name": "KOHINOOR II"}, "incident_type": "robbery",
            "position": {"lat": "06-18N", "lon": "003-21E"},
            "occurred": "2014-04-23T02:40Z"})
        self.assertEqual(whole["label"]["classification"], "CONFIDENTIAL")
        self.assertEqual(whole["subject"], "Correction: Tanker approached")
        other = self.folder.write("note", "kind: note\ntext: x\n")
        error = self.ifc.fails("BAD_FIELD", "correct", "jmsdf/s1", other,
                               code=INVALID)
        self.assertIn("maritime_incident", error["message"])

    def test_without_words_the_editor_opens_on_what_is_taken_over(self):
        self.ifc.send(self.jmsdf, incident())
        self.arrived(self.jmsdf, 1)
        script = self.folder.write(
            "editor", 'cp "$1" "$HOME/seen"\n'
            'sed -i "s|^ship.imo:.*|ship.imo: 9074729|" "$1"\n')
        one = self.terminal(self.ifc, "correct", "jmsdf/s1",
                            editor="sh " + script)
        one.expect("IN-JP CONFIDENTIAL  releasable to IN, JP  EYES")
        one.expect("maritime_incident  IMMEDIATE  to jmsdf  CORRECT")
        one.expect("Changed against jmsdf/s1:\r\n")
        one.expect(r"  Originator post: Duty Officer \(was: Watch Officer\)")
        one.expect(r"  Subject: Correction: Tanker approached "
                   r"\(was: Tanker approached\)\r\n"
                   r"  Ship imo: 9074729 \(new\)\r\n\r\n")
        one.expect(r"Send\?")
        rows = self.ifc.rows("drafts")
        self.assertEqual(rows[0]["about"], "jmsdf/s1")
        one.type("y")
        self.assertEqual(one.end(), OK, one.seen)
        seen = self.folder.read("seen")
        for line in ("ship.name: KOHINOOR", "position: 06-17N 003-21E",
                     "action: CORRECT", "narrative: One boat."):
            self.assertIn("\n" + line + "\n", seen)
        shown = self.arrived(self.jmsdf, 2)
        self.assertEqual(shown["maritime_incident"]["ship"]["imo"], "9074729")
        self.assertEqual(shown["action"], "CORRECT")

    def test_an_assessment_says_what_changed_and_a_stance_on_which(self):
        example = self.entente("template", "risk_assessment", "--json").out
        first = self.ifc.send(self.jmsdf, example, "--json").json["id"]
        self.arrived(self.jmsdf, 1)
        whole = self.ifc.json("update", "jmsdf/s1", "-m", "More boats.",
                              "--dry-run")
        self.assertEqual(whole["risk_assessment"]["change_since"],
                         {"ref": first, "text": "More boats."})
        answer = self.ifc.run("update", "jmsdf/s1", "--yes", "--json",
                              code=INVALID).json
        self.assertEqual(answer["error"]["path"],
                         "risk_assessment.change_since.text")
        answer = self.jmsdf.run("reply", "ifc/1", "--kind", "risk_assessment",
                                "--set", "stance.view=CONCUR", "--yes",
                                "--dry-run", "--json", code=INVALID).json
        self.assertNotIn("risk_assessment.stance.view", [
            error["path"] for error in answer["errors"]])


if __name__ == "__main__":
    main()
