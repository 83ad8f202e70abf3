#!/usr/bin/env python3
"""What needs no node, and what each verb says when there is none."""

import json
import os
import re
import stat

from nodes import (FAILURE, INVALID, NOT_FOUND, OK, UNREACHABLE, UNTRUSTED,
                   USAGE, Case, main)

ASKS_THE_NODE = [
    ["down"], ["status"], ["peers"], ["peers", "x"], ["peer", "remove", "x"],
    ["inbox"], ["outbox"], ["show", "x/1"], ["log"], ["log", "verify"],
    ["capture", "start", "x.pcapng"], ["capture", "stop"],
    ["reply", "x/1", "-m", "m"], ["update", "x/s1", "-m", "m"],
    ["correct", "x/s1", "-m", "m"], ["cancel", "x/s1", "-m", "m"],
    ["forward", "x/1", "--to", "y", "--yes"],
]


class Help(Case):
    def verbs(self):
        found = self.entente("help", "--json").json["commands"]
        self.assertGreater(len(found), 20)
        return found

    def test_every_verb_has_help_and_shows_its_options(self):
        for verb in self.verbs():
            words = verb["name"].split()
            page = self.entente(*words, "--help").out
            if not words:
                self.assertEqual(page, self.entente("help").out)
                continue
            self.assertEqual(page, self.entente("help", *words).out)
            for option in verb["options"]:
                self.assertIn("--" + option, page)
            self.assertIn(verb["help"], page)

    def misuse(self, *words):
        if words[:1] == ("check",):  # ends as monitoring plugins do
            self.assertIn("ENTENTE UNKNOWN",
                          self.entente(*words, code=3).out)
        else:
            self.fails("USAGE", *words, code=USAGE)

    def test_every_verb_refuses_an_option_that_is_not_its_own(self):
        for verb in self.verbs():
            words = verb["name"].split()
            foreign = {"unread", "no-dial", "rebuild-index"} - set(
                verb["options"])
            for option in foreign:
                self.misuse(*words, "--" + option)
            self.misuse(*words, "--no-such-option")

    def test_every_verb_refuses_too_many_words(self):
        for verb in self.verbs():
            if verb["name"] == "":
                continue
            self.misuse(*verb["name"].split(), *["word"] * 65)

    def test_a_mistyped_verb_or_option_is_told_what_was_meant(self):
        self.assertIn("send", self.fails("USAGE", "sned", code=USAGE)["hint"])
        self.assertIn("--precedence",
                      self.fails("USAGE", "send", "--presedence", "FLASH",
                                 code=USAGE)["hint"])
        self.assertIn("card show",
                      self.fails("USAGE", "card", "shwo", code=USAGE)["hint"])
        self.assertIn("peer remove",
                      self.fails("USAGE", "peer", code=USAGE)["hint"])

    def test_exit_codes_are_listed(self):
        page = self.entente("help", "exit-codes").out
        for code in range(9):
            self.assertRegex(page, rf"(?m)^{code}  ")


class WithoutNode(Case):
    def test_verbs_that_ask_a_node_end_with_3_and_say_how_to_make_one(self):
        for words in ASKS_THE_NODE:
            error = self.fails("UNREACHABLE", "--home", self.path("none"),
                               *words, code=UNREACHABLE)
            self.assertIn("init", error["hint"], words)

    def test_and_where_there_is_one_that_is_down_how_to_start_it(self):
        node = self.folder.node("ifc", listen=False)
        for words in ASKS_THE_NODE:
            error = node.fails("UNREACHABLE", *words, code=UNREACHABLE)
            self.assertRegex(error["hint"], r" --home \S+ up$", words)

    def test_the_bare_command_says_how_to_begin(self):
        page = self.entente("--home", self.path("none")).out
        self.assertIn("init --name", page)
        node = self.folder.node("ifc", listen=False)
        self.assertRegex(node.run().out, r"--home \S+ up\n")


class Init(Case):
    GOOD = {"--name": "ifc", "--org": "IFC-IOR", "--country": "IN",
            "--listen": "127.0.0.1:7300"}

    def refused(self, expected, status, **changes):
        words = []
        for key, value in dict(self.GOOD, **{
                "--" + key: value for key, value in changes.items()}).items():
            words += [] if value is None else [key, value]
        home = self.path("home")
        self.fails(status, "--home", home, "init", *words, code=expected)
        self.assertEqual(os.listdir(self.folder.work), ["passphrase"])

    def test_what_is_missing_is_named(self):
        for key in ("name", "org", "country", "listen"):
            self.refused(USAGE, "USAGE", **{key: None})

    def test_what_cannot_be_is_refused_in_plain_words(self):
        for name in ("a b", "a/b", "a,b", "-", "q", "a\x1b[31m", "x" * 65,
                     "a\u202eb", " a"):
            self.refused(INVALID, "BAD_FIELD", name=name)
        for org in ("x" * 65, "a\nb", "\u202eabc"):
            self.refused(INVALID, "BAD_FIELD", org=org)
        for country in ("in", "IND", "1N"):
            self.refused(INVALID, "BAD_FIELD", country=country)
        for listen in ("7300", "localhost:7300", "1.2.3.4", "1.2.3.4:0",
                       "1.2.3.4:65536", "::1:7300", "[::1]", "a" * 300):
            self.refused(INVALID, "BAD_FIELD", listen=listen)
        for advertise in ("host", "host:0", "ho st:1", "h:1:2:x"):
            self.refused(INVALID, "BAD_FIELD", advertise=advertise)
        for option in ("name", "org", "country", "listen", "advertise"):
            self.refused(USAGE, "USAGE", **{option: ""})

    def test_a_home_is_the_owners_alone(self):
        node = self.folder.init("ifc")
        self.assertEqual(stat.S_IMODE(os.stat(node.home).st_mode), 0o700)
        for name in os.listdir(node.home):
            mode = os.stat(node.path(name)).st_mode
            self.assertEqual(stat.S_IMODE(mode), 0o600, name)

    def test_a_home_that_is_there_is_never_made_again(self):
        node = self.folder.node("ifc", listen=False)
        with open(node.path("certificate"), "rb") as source:
            before = source.read()
        node.fails("EXISTS", "init", "--name", "x", "--org", "X", "--country",
                   "IN", "--listen", "none", code=FAILURE)
        with open(node.path("certificate"), "rb") as source:
            self.assertEqual(source.read(), before)
        self.assertEqual(sorted(os.listdir(self.folder.work)),
                         ["ifc", "passphrase"])

    def test_without_a_passphrase_nobody_is_asked_and_nothing_made(self):
        words = sum(([key, value] for key, value in self.GOOD.items()), [])
        answer = self.entente("--home", self.path("home"), "init", *words,
                              code=USAGE,
                              env={"ENTENTE_PASSPHRASE_FILE": None})
        self.assertIn("--passphrase-fd", answer.err)
        self.assertEqual(os.listdir(self.folder.work), ["passphrase"])

    def test_a_passphrase_file_open_to_others_is_refused(self):
        os.chmod(self.path("passphrase"), 0o644)
        words = sum(([key, value] for key, value in self.GOOD.items()), [])
        self.fails("MODE", "--home", self.path("home"), "init", *words,
                   code=FAILURE)

    def test_nothing_secret_is_printed(self):
        words = sum(([key, value] for key, value in self.GOOD.items()), [])
        answer = self.entente("--home", self.path("ifc"), "init", *words)
        self.assertNotIn("correct horse", answer.out + answer.err)
        self.assertRegex(answer.out, r"--home \S+ up\n")

    def test_a_home_open_to_others_is_refused(self):
        node = self.folder.node("ifc", listen=False)
        os.chmod(node.home, 0o755)
        node.fails("MODE", "card", code=FAILURE)


class Cards(Case):
    def setUp(self):
        super().setUp()
        self.ifc = self.folder.init("ifc", org="IFC-IOR",
                                    listen="127.0.0.1:7300")
        self.jmsdf = self.folder.node("jmsdf", country="JP", listen=False)
        self.one = self.folder.card(self.ifc)
        self.other = self.folder.card(self.jmsdf)

    def test_a_card_tells_whose_it_is(self):
        card = self.entente("card", "show", self.one,
                            "--json").json
        self.assertEqual(card["name"], "ifc")
        self.assertEqual(card["org"], "IFC-IOR")
        self.assertEqual(card["country"], "IN")
        self.assertEqual(card["addresses"], ["127.0.0.1:7300"])
        self.assertRegex(card["node"], "^[0-9a-f]{32}$")
        page = self.entente("card", "show", "-",
                            text=self.folder.read("ifc.card")).out
        self.assertIn("IFC-IOR", page)

    def test_a_card_with_any_line_changed_is_refused(self):
        lines = self.folder.read("ifc.card").splitlines()
        for number, line in enumerate(lines):
            if line == "":
                continue
            changed = list(lines)
            changed[number] = line[:-1] + ("x" if line[-1] != "x" else "y")
            answer = self.entente(
                "card", "show", "-", "--json", code=None,
                text="\n".join(changed) + "\n")
            self.assertIn(answer.code, (UNTRUSTED, INVALID), line)

    def test_both_sides_see_one_safety_number_and_read_other_halves(self):
        one = self.ifc.run("safety-number", self.other, "--json").json
        two = self.jmsdf.run("safety-number", self.one, "--json").json
        both = self.entente("safety-number", self.one,
                            self.other, "--json").json
        self.assertEqual(one["safety_number"], two["safety_number"])
        self.assertEqual(one["safety_number"], both["safety_number"])
        self.assertEqual(len(re.sub(" ", "", one["safety_number"])), 60)
        halves = {one["read_aloud"], two["read_aloud"]}
        self.assertEqual(len(halves), 2)
        for half in halves:
            self.assertIn(half, one["safety_number"])

    def test_a_card_against_itself_has_no_safety_number(self):
        self.fails("BAD_FIELD", "safety-number", self.one,
                   self.one, code=INVALID)

    def test_what_is_no_card_is_refused(self):
        self.fails("BAD_ENCODING", "card", "show", "-", code=INVALID,
                   text="hello\n")
        self.fails("NOT_FOUND", "card", "show", self.path("none"),
                   code=NOT_FOUND)
        error = self.fails("TOO_LARGE", "card", "show", "-", code=INVALID,
                           text="x" * 9000)
        self.assertIn("no card", error["message"])

    def test_a_pair_secret_is_32_fresh_bytes_and_never_overwrites(self):
        first = self.entente("pair-secret").out
        self.assertRegex(first, "^[0-9a-f]{64}\n$")
        self.assertNotEqual(first, self.entente("pair-secret").out)
        self.assertRegex(self.entente("pair-secret", "--json").json[
            "pair_secret"], "^[0-9a-f]{64}$")
        file = self.path("s")
        self.entente("pair-secret", "--out", file)
        self.assertEqual(stat.S_IMODE(os.stat(file).st_mode), 0o600)
        self.fails("EXISTS", "pair-secret", "--out", file, code=FAILURE)


class Drafts(Case):
    def kinds(self):
        return [row["kind"] for row in
                self.entente("kinds", "--json").json["kinds"]]

    def test_every_kinds_template_is_a_valid_example(self):
        for kind in self.kinds():
            example = self.entente("template", kind, "--json").out
            self.assertEqual(json.loads(example)["kind"], kind)
            self.entente("validate", "-", text=example)

    def test_every_kind_describes_its_fields(self):
        for kind in self.kinds():
            self.assertIn("mandatory", self.entente("kinds", kind).out)
            self.assertTrue(self.entente("kinds", kind,
                                         "--json").json["fields"])

    def test_an_empty_form_is_told_all_that_is_missing_at_once(self):
        form = self.entente("template", "maritime_incident").out
        answer = self.entente("validate", "-", "--json", code=INVALID,
                              text=form).json
        paths = [error["path"] for error in answer["errors"]]
        self.assertIn("subject", paths)
        self.assertIn("maritime_incident.incident_type", paths)
        self.assertGreater(len(paths), 3)
        self.assertEqual(answer["error"]["path"], paths[0])

    def test_a_kind_that_is_none_is_told_what_was_meant(self):
        error = self.fails("NOT_FOUND", "template", "maritime_incidnt",
                           code=NOT_FOUND)
        self.assertIn("maritime_incident", error["hint"])

    def test_a_dry_run_prints_the_whole_and_asks_nobody(self):
        example = json.loads(self.entente("template", "risk_assessment",
                                          "--json").out)
        whole = self.entente("--home", self.path("none"), "send", "-", "--to",
                             "jmsdf", "--dry-run", "--json",
                             text=json.dumps(example)).json
        for key, value in example.items():
            self.assertEqual(whole[key], value, key)
        self.assertRegex(whole["id"], "^[0-9a-f]{32}$")
        self.assertEqual(whole["version"], 1)
        self.assertEqual(whole["action_to"], ["jmsdf"])
        self.assertEqual(whole["status"], "ACTUAL")
        self.assertEqual(whole["action"], "ORIGINAL")
        self.assertRegex(whole["dtg"],
                         r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")

    def test_defaults_fill_what_a_hasty_note_leaves_out(self):
        node = self.folder.node("ifc", "IFC-IOR", listen=False)
        words = ["send", "--kind", "note", "--to", "x", "-s",
                 "Hello", "-m", "All well", "--dry-run", "--json"]
        answer = node.run(*words, code=INVALID).json
        self.assertIn("defaults", answer["error"]["hint"])
        self.assertNotIn("originator.org",
                         [error["path"] for error in answer["errors"]])
        self.folder.write("ifc/defaults",
                   '{"originator": {"org": "IFC", "post": "Watch"},'
                   ' "label": {"policy": "P", "classification": "RESTRICTED",'
                   ' "releasable_to": ["IN"]},'
                   ' "legal_basis": {"agreement": "A", "article": "1"}}')
        from_json = node.run(*words).json
        self.folder.write("ifc/defaults",
                   "# of the watch\noriginator.org: IFC\n"
                   "originator.post: Watch\nlabel.policy: P\n"
                   "label.classification: RESTRICTED\n"
                   "label.releasable_to: IN\nlegal_basis.agreement: A\n"
                   "legal_basis.article: 1\n")
        from_form = node.run(*words).json
        for fields in (from_json, from_form):
            fields.pop("id")
            fields.pop("dtg")
        self.assertEqual(from_json, from_form)
        self.assertEqual(from_json["note"], {"text": "All well"})
        self.assertEqual(from_json["precedence"], "ROUTINE")

    def test_options_go_before_the_draft_and_are_judged(self):
        example = self.entente("template", "risk_assessment", "--json").out
        words = ["send", "-", "--to", "x", "--dry-run", "--json"]
        id_ = "00112233445566778899aabbccddeeff"
        whole = self.entente(*words, "--precedence", "flash", "--id", id_,
                             "--set", "subject=Other", text=example).json
        self.assertEqual(whole["precedence"], "FLASH")
        self.assertEqual(whole["id"], id_)
        self.assertEqual(whole["subject"], "Other")
        self.fails("BAD_FIELD", *words[:-1], "--precedence", "URGENT",
                   code=INVALID, text=example)
        self.fails("BAD_FIELD", *words[:-1], "--id", "xyz", code=INVALID,
                   text=example)
        self.fails("USAGE", *words[:-1], "--set", "subject", code=USAGE,
                   text=example)
        self.fails("USAGE", *words[:-1], "--wait=yesterday", code=USAGE,
                   text=example)
        self.fails("USAGE", *words[:-1], "--timeout", "5", code=USAGE,
                   text=example)

    def test_a_message_larger_than_an_entry_is_refused_before_it_is_sent(self):
        example = json.loads(self.entente("template", "risk_assessment",
                                          "--json").out)
        words = ["send", "-", "--to", "x", "--dry-run"]
        example["risk_assessment"]["discussion"] = "x" * 66000
        self.fails("TOO_LARGE", *words, code=INVALID,
                   text=json.dumps(example))
        example["risk_assessment"]["discussion"] = "x" * 60000
        self.entente(*words, text=json.dumps(example))

    def test_a_message_is_for_somebody_and_says_something(self):
        self.fails("USAGE", "send", code=USAGE)
        self.fails("USAGE", "send", "--to", "x", code=USAGE)
        self.fails("USAGE", "send", "--to", "", "-m", "x", code=USAGE)
        self.fails("USAGE", "send", "--to", "a,,b", "-m", "x", code=USAGE)
        self.fails("USAGE", "send", "-m", "x", code=USAGE)
        self.fails("USAGE", "send", "f", "--to", "x", "-m", "x", code=USAGE)

    def test_what_is_no_message_is_refused_with_its_place(self):
        for text, words in (("", "is empty"), ("\x00", "zero bytes")):
            error = self.fails("BAD_ENCODING", "validate", "-", code=INVALID,
                               text=text)
            self.assertIn(words, error["message"])
        for text in ("{", "[]", "{}", '{"kind": "note", "kind": "note"}',
                     "[" * 100000, "not a form"):
            answer = self.entente("validate", "-", "--json", code=INVALID,
                                  text=text)
            self.assertTrue(answer.json["errors"], text[:20])


if __name__ == "__main__":
    main()
