#!/usr/bin/env python3
"""tools/objects.schema.json says what --json prints, and refuses the rest."""

import copy
import json
import os
import re
import unittest

import objects
from nodes import OBJECTS, Case, main, note

ROOT = os.path.join(os.path.dirname(objects.FILE), "..")
DEFS = OBJECTS.file["$defs"]


def words_of(path, macro):
    """The first (and last) column of an X-macro list of the sources."""
    with open(os.path.join(ROOT, path), encoding="utf-8") as source:
        text = source.read()
    body = text[text.index(f"#define {macro}(X)"):].split("\n\n")[0]
    return re.findall(r'X\((\w+),.*?"([^"]*)"\)', body.replace("\\\n", ""))


def places(value, path=()):
    """Every dictionary in a value, with its path."""
    if isinstance(value, dict):
        yield path
    for key, inner in (value.items() if isinstance(value, dict) else
                       enumerate(value) if isinstance(value, list) else ()):
        yield from places(inner, path + (key,))


def at(value, path):
    for key in path:
        value = value[key]
    return value


def changed(value):
    """The same with one thing wrong each time, and which."""
    for path in places(value):
        if path and path[0] == "note":
            continue  # a kind's own fields are described by `kinds`
        other = copy.deepcopy(value)
        at(other, path)["surprise"] = 1
        yield f"{path} with one field more", other
        for key, inner in at(value, path).items():
            other = copy.deepcopy(value)
            at(other, path)[key] = 7 if isinstance(inner, (dict, list)) \
                else {"not": "this"}
            yield f"{path} {key} of another type", other


class File(Case):
    def test_the_program_prints_it(self):
        with open(objects.FILE, encoding="utf-8") as source:
            self.assertEqual(self.entente("help", "json").out, source.read())

    def test_it_names_every_verb_and_no_other(self):
        self.assertEqual(set(OBJECTS.verbs), {
            row["name"] for row in OBJECTS.table["commands"]})

    def test_its_verbs_name_objects_and_options_that_there_are(self):
        options = {row["name"]: set(row["options"])
                   for row in OBJECTS.table["commands"]}
        for verb, row in OBJECTS.verbs.items():
            forms = [row, row.get("with_word", row),
                     *row.get("with", {}).values()]
            for form in forms:
                self.assertTrue(form["gives"] in DEFS or
                                (form["gives"] is None and form["why"]), verb)
            self.assertLessEqual(set(row.get("with", {})), options[verb])

    def test_every_object_and_every_part_of_one_is_used_and_described(self):
        text = json.dumps(OBJECTS.file)
        for name, row in DEFS.items():
            self.assertIn("description", row, name)
            self.assertTrue(f'#/$defs/{name}"' in text or
                            f'"gives": "{name}"' in text or
                            f'"first": "{name}"' in text or
                            name == "api_request", name)

    def test_it_names_every_verb_of_the_api_and_no_other(self):
        asked = self.entente("api", text='{"id": 1, "verb": "zzzzzzzz"}\n')
        known = asked.json["error"]["hint"].split(", ")
        self.assertEqual(list(OBJECTS.file["x-api"]), known)
        self.assertEqual(
            DEFS["api_request"]["properties"]["verb"]["enum"], known)
        for verb, row in OBJECTS.file["x-api"].items():
            self.assertIn(row.get("gives", OBJECTS.verbs.get(
                verb, {}).get("gives")), DEFS)

    def test_its_words_are_those_of_the_code(self):
        self.assertEqual(DEFS["state"]["enum"], [
            word for _, word in words_of("proto/record.h", "STATE_LIST")])
        self.assertEqual(["OK"] + DEFS["code"]["enum"], [
            name for name, _ in words_of("proto/status.h", "STATUS_LIST")])
        fields = {row["field"]: row["words"] for row in
                  self.entente("kinds", "note", "--json").json["fields"]}
        header = DEFS["header"]["properties"]
        for name in ("tlp", "pap", "action"):
            self.assertEqual(header[name]["enum"], fields[name])
        self.assertEqual(DEFS["precedence"]["enum"], fields["precedence"])
        self.assertEqual(DEFS["status_word"]["enum"], fields["status"])
        self.assertEqual(
            DEFS["label"]["properties"]["classification"]["enum"],
            fields["label.classification"])

    def test_its_message_has_every_field_and_every_kind(self):
        header = set(DEFS["header"]["properties"])
        for kind in self.entente("kinds", "--json").json["kinds"]:
            self.assertIn(kind["kind"], header)
            fields = self.entente("kinds", kind["kind"], "--json").json
            for row in fields["fields"]:
                if row["presence"] == "filled by send":
                    self.assertIn(row["field"].split(".")[0], header)

    def test_metrics_are_those_of_the_code(self):
        with open(os.path.join(ROOT, "tools", "admin", "metrics.h"),
                  encoding="utf-8") as source:
            names = set(re.findall(r'X\("(\w+)"', source.read()))
        one = DEFS["metrics"]["properties"]
        self.assertEqual(names | {"peers", "peer"}, set(one) | set(
            one["peers"]["items"]["properties"]))


@unittest.skipIf(objects.jsonschema is None, objects.WHY)
class Refusing(Case):
    """A check that can fail: what was printed passes, changed it does not."""

    def printed(self):
        ifc, jmsdf = self.folder.two()
        ifc.send(jmsdf, note("Skiffs off Goa"), "--wait=accepted", "--json")
        ifc.send(jmsdf, note("Skiffs"), "--dry-run", "--json")
        jmsdf.json("ack", "ifc/1")
        for words in (["status"], ["peers"], ["peers", "jmsdf"],
                      ["peer", "ping", "jmsdf", "--count", "1"], ["outbox"],
                      ["show", "jmsdf/s1"], ["log"], ["log", "verify"],
                      ["doctor"], ["check"], ["metrics"], ["paths"], ["card"],
                      ["card", "show", self.path("jmsdf.card")],
                      ["safety-number", self.path("jmsdf.card")],
                      ["pair-secret"], ["bugreport"], ["config", "check"],
                      ["config", "show", "--effective"], ["kinds"],
                      ["kinds", "note"], ["template", "note"], ["help"]):
            ifc.run(*words, "--json", code=None)
        jmsdf.run("inbox", "--json")
        ifc.run("validate", "-", "--json", text=note("Skiffs"))
        self.fails("BAD_FIELD", "validate", "-", code=7, text='{"kind":"note"}')

    def test_a_field_more_or_less_or_of_another_type_is_refused(self):
        OBJECTS.seen = {}
        self.printed()
        self.assertGreater(len(OBJECTS.seen), 28, sorted(OBJECTS.seen))
        for name, value in OBJECTS.seen.items():
            self.assertIsNone(OBJECTS.fault(name, value))
            for key in DEFS[name]["required"]:
                less = {k: v for k, v in value.items() if k != key}
                self.assertIsNotNone(OBJECTS.fault(name, less),
                                     f"{name} without {key}")
            for what, other in changed(value):
                self.assertIsNotNone(OBJECTS.fault(name, other),
                                     f"{name}: {what}")

    def test_the_output_of_a_verb_is_judged_as_that_of_this_verb(self):
        status = ["--home", "x", "status", "--json"]
        done = '{"ok": true}\n'
        failed = '{"ok": false, "error": {"code": "NOT_FOUND", "message": ' \
            '"no", "hint": "", "path": ""}}\n'
        self.assertIsNone(OBJECTS.complaint(["down", "--json"], done, 0))
        for line, out, code in ((status, done, 0), (status, "up\n", 0),
                                (status, failed, 0), (status, done, 3),
                                (["down", "--json"], done * 2, 0),
                                (["down", "--json"], failed, 0),
                                (["down", "--json"],
                                 failed.replace("NOT_FOUND", "NONE"), 5),
                                (["doctor", "--json"], done, 1)):
            self.assertIsNotNone(OBJECTS.complaint(line, out, code),
                                 f"{line} {out} {code}")
        self.assertIsNone(OBJECTS.complaint(status, failed, 5))


if __name__ == "__main__":
    if objects.jsonschema is None:
        print(objects.WHY)
    main()
