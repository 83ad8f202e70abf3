#!/usr/bin/env python3
"""What is written without an editor: mistakes, defaults, posts, values."""

import getpass
import json
import os

from nodes import FAILURE, INVALID, Case, main, note
from test_compose import DEFAULTS

# In JSON, and in a form where it is given: as it must come back.
POSITIONS = [
    ({"lat": "06-17N", "lon": "003-21E"}, "06-17N 003-21E"),
    ({"lat": "06-17.25S", "lon": "003-21.5W"}, "06-17.25S 003-21.5W"),
    ({"lat": 6.283, "lon": -3.35}, "6.283 -3.35"),
    ({"lat": 0, "lon": 180}, "0 180"),
]
TIMES = [
    ("2014-04-23", "2014-04-23"),
    ("2014-04-23T10:00Z", "2014-04-23T10:00Z"),
    ("2014-04-23T10:00:00Z", "2014-04-23T10:00:00Z"),
    ("2014-04-23T10:00:00+05:30", "2014-04-23T10:00:00+05:30"),
    ({"t": "2014-04-23T10:00:00Z", "precision": "MINUTE"},
     "2014-04-23T10:00:00Z MINUTE"),
    ({"t": "2014-04-23", "precision": "DAY"}, None),
]


def incident(position, time):
    return {"kind": "maritime_incident", "subject": "Robbery",
            "maritime_incident": {"ship": {"name": "KOHINOOR"},
                                  "incident_type": "robbery",
                                  "position": position, "occurred": time}}


class Whole(Case):
    """A label that lost its caveats or its readers would be another one."""

    def setUp(self):
        super().setUp()
        self.node = self.folder.node("ifc", "IFC-IOR", listen=False)
        self.folder.write("ifc/defaults", DEFAULTS)

    def dry(self, *words, **how):
        return self.node.run("send", "--kind", "note", "--to", "jmsdf", "-s",
                             "S", "-m", "T", "--dry-run", *words, **how)

    def test_what_a_begun_label_leaves_out_is_named(self):
        left = self.dry("--set", "label.caveats=ORCON", code=INVALID)
        self.assertIn("A label is whole", left.err)
        self.assertIn("--set 'label.policy=IN-JP' "
                      "--set 'label.classification=RESTRICTED' "
                      "--set 'label.releasable_to=IN, JP'\n", left.err)
        self.assertIn("label.policy: is missing", left.err)
        self.assertIn("hint: a label or a legal basis is whole", left.err)
        left = self.dry("--set", "label.policy=NATO", "--set",
                        "label.classification=SECRET", "--set",
                        "legal_basis.article=3", "--set",
                        "legal_basis.agreement=X")
        self.assertIn("Left out:\n  --set 'label.releasable_to=IN, JP'\n",
                      left.err)
        self.assertNotIn("legal_basis", left.err)
        self.assertEqual(json.loads(left.out)["label"],
                         {"policy": "NATO", "classification": "SECRET"})

    def test_a_whole_label_and_none_are_told_nothing(self):
        for words in ((), ("--set", "precedence=FLASH"),
                      ("--set", "label.policy=X", "--set",
                       "label.classification=SECRET", "--set",
                       "label.releasable_to=IN")):
            self.assertEqual(self.dry(*words).err, "")


class Values(Case):
    def test_positions_and_times_survive_as_they_were_written(self):
        ifc, jmsdf = self.folder.two()
        self.folder.write("ifc/defaults", DEFAULTS)
        sent = []
        for position, form_position in POSITIONS:
            for time, form_time in TIMES:
                text = json.dumps(incident(position, time))
                if form_time is not None:
                    form = ("kind: maritime_incident\nsubject: Robbery\n"
                            "ship.name: KOHINOOR\nincident_type: robbery\n"
                            f"position: {form_position}\n"
                            f"occurred: {form_time}\n")
                    whole = ifc.json("send", "-", "--to", "jmsdf",
                                     "--dry-run", text=form)
                    self.assertEqual(whole["maritime_incident"],
                                     json.loads(text)["maritime_incident"])
                    text = form
                ifc.send(jmsdf, text)
                sent.append((position, time))
        ifc.wait_quiet(jmsdf)
        for (position, time), row in zip(sent, jmsdf.inbox(), strict=True):
            shown = jmsdf.json("show", row["ref"])["maritime_incident"]
            self.assertEqual(shown["position"], position)
            self.assertEqual(shown["occurred"], time)

    def test_what_is_none_is_told_with_what_would_be_right(self):
        for line, path, words in (
                ("position: 06-61N 003-21E", "position.lat", "06-17N"),
                ("position: 06-17N 181-00E", "position.lon", "003-21E"),
                ("position: 06-17N", "position", "06-17N 003-21E"),
                ("position: 90.5 3", "position.lat", "-90 to 90"),
                ("occurred: 23 April", "occurred", "2014-04-23"),
                ("occurred: 2014-04-23T25:00Z", "occurred", "2014-04-23"),
                ("occurred: 2014-04-23 SECOND", "occurred", "SECOND"),
                ("occurred: 2014-04-23 HOUR", "occurred.precision", "DAY")):
            answer = self.entente(
                "validate", "-", "--json", code=INVALID,
                text=f"kind: maritime_incident\nsubject: x\n{line}\n").json
            found = [error for error in answer["errors"] if error["path"] ==
                     "maritime_incident." + path]
            self.assertTrue(found, f"{line}: {answer}")
            self.assertIn(words, found[0]["message"])
            self.assertEqual(found[0]["line"], 3)


class Mistakes(Case):
    def test_nothing_that_is_wrong_is_queued(self):
        ifc = self.folder.node("ifc", "IFC-IOR")
        jmsdf = self.folder.node("jmsdf", "JMSDF", "JP", listen=False)
        ifc.start()
        jmsdf.start()
        self.folder.pair(ifc, jmsdf)
        good = note("Radio check")
        for name, text, words in (
                ("missing", good.replace('"subject"', '"language"'),
                 "subject"),
                ("word", good.replace("ROUTINE", "FAST"), "precedence"),
                ("unknown", good.replace('"text"', '"txet"'), "note.txet"),
                ("two keys", good[:-1] + ', "kind": "note"}', "line 1"),
                ("cut", good[:-1], "line 1"),
                ("nested", "[" * 3000, "24 levels"),
                ("long line", note("x" * 1025), "1024"),
                ("too large for an entry", note("x", "x" * 66000), "65"),
                ("too large to read", note("x", "x" * 1100000), "1048576"),
                ("empty", "", "standard input is empty")):
            for words_after in ((), ("--json",)):
                answer = ifc.run("send", "-", "--to", "jmsdf", *words_after,
                                 code=INVALID, text=text)
                self.assertIn(words, answer.out + answer.err, name)
        path = self.path("latin1")
        with open(path, "wb") as out:
            out.write(b"kind: note\nsubject: caf\xe9\ntext: x\n")
        answer = ifc.run("send", path, "--to", "jmsdf", code=INVALID)
        self.assertRegex(answer.err, "line 2, subject: is not UTF-8")
        self.assertEqual(ifc.rows("outbox"), [])
        ifc.send(jmsdf, good)
        self.assertEqual(len(ifc.rows("outbox")), 1)


class Defaults(Case):
    def test_a_file_that_others_reach_is_told_with_its_cure(self):
        for name, text in (("posts", "1: A\n"), ("defaults", DEFAULTS)):
            self.folder.write("ifc/" + name, text)
            os.chmod(self.node.path(name), 0o644)
            error = self.node.fails("MODE", "send", "--to", "x", "-s", "s",
                                    "-m", "m", "--dry-run", code=FAILURE)
            self.assertEqual(error["hint"],
                             "chmod 600 " + self.node.path(name))
            os.chmod(self.node.path(name), 0o600)

    def setUp(self):
        super().setUp()
        self.node = self.folder.node("ifc", "IFC-IOR", listen=False)
        self.folder.write("ifc/defaults", DEFAULTS)

    def whole(self, *words, **how):
        return self.node.json("send", "--to", "x", "-s", "s", "-m", "m",
                              "--dry-run", *words, **how)

    def refused(self, **how):
        return self.node.run("send", "--to", "x", "-s", "s", "-m", "m",
                             "--dry-run", code=INVALID, **how).err

    def test_each_field_that_may_have_a_default_has_one(self):
        self.folder.write("ifc/defaults", DEFAULTS + """\
originator.org: IFC
author: Watch
releaser: Director
info_to: CTF 150, UKMTO
precedence: PRIORITY
status: EXERCISE
exercise_id: malabar
label.caveats: EYES
tlp: GREEN
pap: AMBER
language: en
""")
        whole = self.whole()
        for key in ("id", "version", "dtg", "action_to", "action", "kind",
                    "subject", "note"):
            whole.pop(key)
        self.assertEqual(whole, {
            "originator": {"org": "IFC", "post": "Duty Officer"},
            "author": "Watch", "releaser": "Director",
            "info_to": ["CTF 150", "UKMTO"], "precedence": "PRIORITY",
            "status": "EXERCISE", "exercise_id": "malabar",
            "label": {"policy": "IN-JP", "classification": "RESTRICTED",
                      "releasable_to": ["IN", "JP"], "caveats": ["EYES"]},
            "tlp": "GREEN", "pap": "AMBER", "language": "en",
            "legal_basis": {"agreement": "JDSC-2025", "article": "2"}})

    def test_the_draft_goes_before_and_a_label_is_never_mixed(self):
        whole = self.whole("--set", "originator.org=Other", "--set",
                           "label.policy=NATO", "--set",
                           "label.classification=SECRET", "--precedence",
                           "FLASH")
        self.assertEqual(whole["label"], {"policy": "NATO",
                                          "classification": "SECRET"})
        self.assertEqual(whole["originator"],
                         {"org": "Other", "post": "Duty Officer"})
        self.assertEqual(whole["precedence"], "FLASH")

    def test_a_wrong_line_is_told_with_file_and_number(self):
        for line, words in (
                ("label.clasification: SECRET", "classification"),
                ("precedence: FAST", "one of DEFERRED|did you mean"),
                ("id: 000102030405060708090a0b0c0d0e0f", "cannot be the same"),
                ("refs: 000102030405060708090a0b0c0d0e0f",
                 "cannot be the same"),
                ("text: always the same", "cannot be the same"),
                ("subject: always the same", "cannot be the same"),
                ("the watch", "is no `field: value`")):
            self.folder.write("ifc/defaults", DEFAULTS + "\n" + line + "\n")
            said = self.refused()
            self.assertIn(self.node.path("defaults"), said)
            self.assertRegex(said, words)
            if not line.startswith("text"):
                self.assertIn("  line 8", said)
        self.folder.write("ifc/defaults", '{"label":\n{"policy" "x"}}')
        said = self.refused()
        self.assertIn("line 2", said)
        self.assertIn(self.node.path("defaults"), said)

    def test_the_post_is_the_options_the_environments_or_the_tables(self):
        me = str(os.getuid())
        self.folder.write("ifc/defaults", DEFAULTS)
        for table in (f"# watch\n0{me}: Other\n{me}: Analyst\n",
                      f"nobody9: Other\n{getpass.getuser()}: Analyst\n"):
            self.folder.write("ifc/posts", table)
            self.assertEqual(self.whole()["originator"]["post"], "Analyst")
        env = {"ENTENTE_POST": "Watch"}
        self.assertEqual(self.whole(env=env)["originator"]["post"], "Watch")
        self.assertEqual(self.whole("--post", "Chief", env=env)["originator"],
                         {"org": "IFC-IOR", "post": "Chief"})
        self.assertEqual(
            self.whole("--set", "originator.post=Mine",
                       env=env)["originator"]["post"], "Mine")
        self.folder.write("ifc/posts", "4000000: Somebody else\n")
        self.assertEqual(self.whole()["originator"]["post"], "Duty Officer")

    def test_a_wrong_table_of_posts_is_told_with_file_and_number(self):
        me = os.getuid()
        for table, words in ((f"{me}: A\n\n{me} B\n", "line 3 is no `USER:"),
                             (f"{me}: A\n{me}: B\n", "line 2 is a second"),
                             (f"{me}:\n", "line 1 names no post")):
            self.folder.write("ifc/posts", table)
            said = self.refused()
            self.assertIn(self.node.path("posts"), said)
            self.assertIn(words, said)
        self.whole("--post", "Chief")  # which does not need the table


if __name__ == "__main__":
    main()
