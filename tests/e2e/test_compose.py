#!/usr/bin/env python3
"""Writing with an editor: what is typed is checked, kept, sent once."""

import os
import signal
import stat
import time

from nodes import (DEFAULTS, FAILURE, INVALID, NOT_FOUND, OK, UNREACHABLE,
                   USAGE, Case, main)
from terminal import Terminal


class Writing(Case):
    def setUp(self):
        super().setUp()
        self.node = self.folder.node("ifc", "IFC-IOR", listen=False)
        self.folder.write("ifc/defaults", DEFAULTS)

    def editor(self, *rounds):
        """An editor that sets fields, {name: value} for each round; a round
        may also be a line of shell on "$1"."""
        for number, fields in enumerate(rounds, 1):
            if isinstance(fields, dict):
                lines = [f"s|^{name}:.*|{name}: {value}|"
                         for name, value in fields.items()]
                self.folder.write(f"round{number}",
                                  "sed -i '" + "\n".join(lines) + "' \"$1\"\n")
            else:
                self.folder.write(f"round{number}", fields + "\n")
        self.folder.write("rounds", "0")
        return "sh " + self.folder.write("editor", f"""\
n=$(( $(cat {self.path('rounds')}) + 1 ))
echo $n > {self.path('rounds')}
cp "$1" {self.path('seen')}$n
. {self.path('round')}$n
""")

    def compose(self, *words, editor, **env):
        return Terminal(self.folder, "--home", self.node.home, "compose",
                        *words, EDITOR=editor, **env)

    def drafts(self):
        return self.node.rows("drafts")

    def form(self, number=1):
        return self.folder.read(f"ifc/drafts/{number}.form")


NOTE = {"subject": "Radio check", "text": "Do you read us?"}


class Drafts(Writing):
    def test_without_a_terminal_it_says_what_to_use(self):
        error = self.node.fails("USAGE", "compose", "note", "--to", "jmsdf",
                                code=USAGE)
        self.assertIn("template", error["hint"])
        self.assertIn("send", error["hint"])
        self.assertEqual(self.drafts(), [])

    def test_the_form_shows_what_the_home_has_before_the_rest(self):
        one = self.compose("note", "--to", "jmsdf", editor=self.editor(NOTE))
        one.expect(r"Send\? \[y/N/e\]")
        one.type("n")
        one.end()
        form = self.folder.read("seen1")
        for line in ("originator.post: Duty Officer",
                     "label.classification: RESTRICTED",
                     "legal_basis.article: 2"):
            self.assertIn(f"\n{line}\n", form)
            self.assertLess(form.index(line), form.index("filled by `send`"))

    def test_what_is_typed_is_kept_while_the_node_is_down(self):
        one = self.compose("note", "--to", "jmsdf", editor=self.editor(NOTE))
        one.expect("does not answer; what you write is kept")
        one.expect(r"Subject: Radio check")
        one.expect(r"Send\? \[y/N/e\]")
        one.type("y")
        one.expect("Draft 1 is kept")
        one.expect("compose --draft 1")
        self.assertEqual(one.end(), UNREACHABLE)
        self.assertRegex(one.seen, r"hint: .* up\r\n")
        [row] = self.drafts()
        self.assertEqual({key: row[key] for key in (
            "draft", "kind", "to", "subject", "state")}, {
            "draft": 1, "kind": "note", "to": "jmsdf",
            "subject": "Radio check", "state": "ready"})
        self.assertIn("text: Do you read us?", self.form())
        folder = self.node.path("drafts")
        self.assertEqual(stat.S_IMODE(os.stat(folder).st_mode), 0o700)
        for name in os.listdir(folder):
            self.assertEqual(stat.S_IMODE(os.stat(
                os.path.join(folder, name)).st_mode), 0o600, name)

    def test_every_error_stands_above_its_line_until_it_is_mended(self):
        editor = self.editor(
            {"subject": "Boats", "text": "Seen.", "precedence": "FLSH"},
            'printf "three boats\\n" >> "$1"',
            {"precedence": "flash", "three boats": "x"},
            'sed -i "s|^three boats|# &|; s|^precedence.*|precedence: flash|"'
            ' "$1"')
        one = self.compose("note", "--to", "jmsdf", editor=editor)
        one.expect(r"line \d+, precedence: \"FLSH\" is no word")
        one.expect(r"Again\? \[Y/n\]")
        one.type("")
        one.expect("2 things are wrong")
        one.expect(r"Again\? \[Y/n\]")
        one.type("y")
        one.expect("1 thing is wrong")
        one.expect(r"Again\? \[Y/n\]")
        one.type("")
        one.expect("note  FLASH  to jmsdf")
        one.expect(r"Send\?")
        one.type("")
        one.expect("Nothing was sent.*Draft 1 is kept")
        self.assertEqual(one.end(), OK)
        self.assertRegex(self.folder.read("seen2"),
                         '(?m)^#! precedence "FLSH" is no word .*\n(#! .*\n)*'
                         'precedence: FLSH$')
        self.assertRegex(self.folder.read("seen3"),
                         '(?m)^#! "three boats" is no `field.*\n'
                         '(#! .*\n)*three boats$')
        self.assertNotIn("#!", self.form())
        self.assertIn("# three boats", self.form())

    def test_no_to_again_keeps_it_with_its_faults(self):
        one = self.compose("note", "--to", "jmsdf",
                           editor=self.editor({"text": "Seen."}, NOTE))
        one.expect("subject: is missing")
        one.expect(r"Again\?")
        one.type("n")
        self.assertEqual(one.end(), INVALID)
        self.assertIn("draft 1 is kept", one.seen)
        self.assertEqual(self.drafts()[0]["state"], "1 to mend")
        one = self.compose("--draft", "1", editor="sh " + self.path("editor"))
        one.expect("Do you read us")
        one.expect(r"Send\?")
        one.type("n")
        self.assertEqual(one.end(), OK)
        self.assertEqual(self.drafts()[0]["state"], "ready")

    def test_ctrl_c_at_a_question_says_that_nothing_was_sent(self):
        one = self.compose("note", "--to", "jmsdf", editor=self.editor(NOTE))
        one.expect(r"Send\? \[y/N/e\]")
        one.process.send_signal(signal.SIGINT)
        one.expect("Nothing was sent.*Draft 1 is kept")
        one.expect("compose --draft 1")
        self.assertEqual(one.end(), OK)
        one = self.compose("--draft", "1", editor=self.editor(
            {"precedence": "FLSH"}))
        one.expect(r"Again\? \[Y/n\]")
        one.process.send_signal(signal.SIGINT)
        one.expect("was not sent; draft 1 is kept")
        self.assertEqual(one.end(), INVALID)
        self.assertEqual(self.drafts()[0]["subject"], "Radio check")

    def test_an_editor_that_fails_loses_nothing(self):
        for last, words in (("exit 3", "ended with 3"),
                            ("kill -9 $$", "ended with 137"),
                            (': > "$1"', "empty file"),
                            ('rm "$1"', "empty file")):
            one = self.compose("note", "--to", "jmsdf", editor=self.editor(
                dict(NOTE, precedence="x"), last))
            one.expect(r"Again\?")
            one.type("y")
            one.expect(words)
            if words == "empty file":
                one.expect(r"Again\?")
                one.type("n")
            self.assertIn(one.end(), (FAILURE, INVALID))
            [row] = self.drafts()
            self.assertEqual(row["subject"], "Radio check", last)
            self.node.run("drafts", "remove", str(row["draft"]), "--yes")

    def test_a_terminal_that_goes_away_loses_nothing(self):
        one = self.compose("note", "--to", "jmsdf", editor=self.editor(NOTE))
        one.expect(r"Send\?")
        one.hang_up()
        self.assertEqual(self.drafts()[0]["subject"], "Radio check")
        one = self.compose("--draft", "1", editor=self.editor(
            'sed -i "s|^text:.*|text: Typed later|" "$1"; sleep 60'))
        time.sleep(1)
        os.killpg(one.process.pid, signal.SIGKILL)
        one.hang_up()
        self.assertIn("text: Typed later", self.form())

    def test_nothing_typed_leaves_nothing(self):
        one = self.compose("note", "--to", "jmsdf", editor="true")
        one.expect("Nothing was written")
        self.assertEqual(one.end(), OK)
        self.assertEqual(self.drafts(), [])
        self.assertEqual(os.listdir(self.node.path("drafts")), [])

    def test_one_that_is_open_is_not_opened_twice(self):
        one = self.compose("note", "--to", "jmsdf", editor=self.editor(NOTE))
        one.expect(r"Send\?")
        other = self.compose("--draft", "1", editor="true")
        self.assertEqual(other.end(), FAILURE)
        self.assertIn("open in another window", other.seen)
        self.node.fails("LOCKED", "drafts", "remove", "1", "--yes",
                        code=FAILURE)
        self.assertEqual(len(self.drafts()), 1)
        one.type("n")
        self.assertEqual(one.end(), OK)

    def test_a_draft_is_thrown_away_only_on_a_persons_word(self):
        one = self.compose("note", "--to", "jmsdf", editor=self.editor(NOTE))
        one.expect(r"Send\?")
        one.type("n")
        one.end()
        self.node.fails("USAGE", "drafts", "remove", "1", code=USAGE)
        self.node.fails("NOT_FOUND", "drafts", "remove", "2", "--yes",
                        code=NOT_FOUND)
        self.node.fails("USAGE", "drafts", "remove", "x", "--yes", code=USAGE)
        self.assertEqual(len(self.drafts()), 1)
        self.node.run("drafts", "remove", "1", "--yes")
        self.assertEqual(self.drafts(), [])
        self.assertIn("No drafts", self.node.run("drafts").out)

    def test_what_the_line_says_stands_in_the_form(self):
        one = self.compose(
            "maritime_incident", "--to", "jmsdf", "--precedence", "immediate",
            "--set", "ship.name=KOHINOOR", "--set",
            "position=06-17N 003-21E", "--set", "occurred=2014-04-23",
            "--set", "incident_type=robbery", "-s", "Robbery off Lagos",
            editor=self.editor({"ship.flag": "LR"}))
        one.expect(r"maritime_incident  IMMEDIATE  to jmsdf")
        for line in (r"Ship name: KOHINOOR", r"Position: 06-17N 003-21E",
                     r"Occurred: 2014-04-23", r"Incident type: robbery"):
            one.expect(line)
        one.expect(r"Send\?")
        one.type("n")
        one.end()
        for line in ("position: 06-17N 003-21E", "ship.flag: LR",
                     "precedence: IMMEDIATE"):
            self.assertIn("\n" + line + "\n", self.form())

    def test_what_cannot_be_is_refused_before_anything_is_typed(self):
        for words, code in ((("--to", "x"), USAGE), (("note",), USAGE),
                            (("nte", "--to", "x"), NOT_FOUND),
                            (("note", "--to", "x", "--set", "a=b"), INVALID),
                            (("note", "--to", "x", "--precedence", "b"),
                             INVALID),
                            (("--draft", "7"), NOT_FOUND),
                            (("--draft", "0"), USAGE),
                            (("note", "--draft", "1"), USAGE)):
            one = self.compose(*words, editor="true")
            self.assertEqual(one.end(), code, f"{words}: {one.seen}")
        self.assertEqual(self.drafts(), [])

    def test_the_editor_is_visual_then_editor_with_its_options(self):
        editor = self.editor(NOTE)
        one = self.compose("note", "--to", "x", editor="false", VISUAL=editor)
        one.expect(r"Send\?")
        one.type("n")
        self.assertEqual(one.end(), OK)
        self.node.run("drafts", "remove", "1", "--yes")
        one = self.compose("note", "--to", "x", editor="/no/such/editor")
        one.expect("cannot be run: /no/such/editor")
        self.assertEqual(one.end(), NOT_FOUND)
        self.assertIn("VISUAL or EDITOR", one.seen)
        self.assertEqual(self.drafts(), [])


class Sending(Writing):
    def test_a_draft_goes_when_it_is_sent_and_arrives_once(self):
        jmsdf = self.folder.node("jmsdf", "JMSDF", "JP")
        self.node.start()
        jmsdf.start()
        self.folder.pair(self.node, jmsdf)
        one = self.compose("note", "--to", "jmsfd", editor="true")
        self.assertEqual(one.end(), NOT_FOUND)
        self.assertIn("no peer is called jmsfd", one.seen)
        one = self.compose("note", "--to", "jmsdf", editor=self.editor(
            NOTE, {"text": "Do you read us now?"}))
        one.expect(r"Send\?")
        one.type("e")
        one.expect("Do you read us now")
        one.expect(r"Send\?")
        one.type("y")
        self.assertEqual(one.end(), OK, one.seen)
        self.assertEqual(self.drafts(), [])
        self.node.wait_quiet(jmsdf)
        [row] = jmsdf.inbox()
        shown = jmsdf.json("show", row["ref"])
        self.assertEqual(shown["note"], {"text": "Do you read us now?"})
        self.assertEqual(shown["label"]["releasable_to"], ["IN", "JP"])
        self.assertEqual(shown["originator"],
                         {"org": "IFC-IOR", "post": "Duty Officer"})

    def test_one_whose_answer_was_lost_is_sent_again_but_not_twice(self):
        jmsdf = self.folder.node("jmsdf", "JMSDF", "JP")
        self.node.start()
        jmsdf.start()
        self.folder.pair(self.node, jmsdf)
        one = self.compose("note", "--to", "jmsdf", editor=self.editor(
            NOTE, "true"))
        one.expect(r"Send\?")
        kept = {name: self.folder.read("ifc/drafts/" + name)
                for name in ("1.form", "1.json")}
        one.type("y")
        self.assertEqual(one.end(), OK, one.seen)
        for name, text in kept.items():  # as if it had not been told
            self.folder.write("ifc/drafts/" + name, text)
        one = self.compose("--draft", "1", editor="true")
        one.expect(r"Send\?")
        one.type("y")
        one.end()
        self.assertEqual(self.drafts(), [], one.seen)
        self.node.wait_quiet(jmsdf)
        self.assertEqual(len(jmsdf.inbox()), 1)


if __name__ == "__main__":
    main()
