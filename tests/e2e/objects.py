"""What `--json` prints, held against tools/objects.schema.json.

Every run of the command in these tests passes through `check`: what is not
described there, or lacks what is, fails.  Needs python3-jsonschema; without
it nothing is held against anything, and test_objects.py is skipped.
"""
import json
import os
import subprocess

try:
    import jsonschema
except ImportError:
    jsonschema = None

FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..",
                    "tools", "objects.schema.json")
WHY = "python3-jsonschema is not here: no --json output was held against " \
      "tools/objects.schema.json"


class Objects:
    """The file, and the command's own tables, from `help --json`."""

    def __init__(self, program):
        with open(FILE, encoding="utf-8") as source:
            self.file = json.load(source)
        self.verbs = self.file["x-verbs"]
        self.validators = {}
        self.seen = {}  # of each object, the last that was right
        self.table = json.loads(subprocess.run(
            [program, "help", "--json"], check=True,
            capture_output=True).stdout)
        self.takes = {}  # option as typed: whether the next word is its own
        for option in self.table["options"]:
            own = option["argument"] != "" and option["argument"][0] != "["
            self.takes["--" + option["name"]] = own
            if option["letter"]:
                self.takes["-" + option["letter"]] = own

    def fault(self, name, value):
        """Why `value` is no such object; None: it is one."""
        if jsonschema is None:
            return None
        if name not in self.validators:
            self.validators[name] = jsonschema.Draft202012Validator(
                {"$ref": f"#/$defs/{name}", "$defs": self.file["$defs"]})
        error = jsonschema.exceptions.best_match(
            self.validators[name].iter_errors(value))
        if error is None:
            self.seen[name] = value
            return None
        return f"{name}: {error.json_path}: {error.message}"

    def split(self, line):
        """The words and the long options of a command line."""
        words, options = [], set()
        line = iter(line)
        for word in line:
            if word.startswith("-") and word != "-":
                name = word.split("=")[0]
                options.add(name.lstrip("-"))
                if "=" not in word and self.takes.get(name, False):
                    next(line, None)
            else:
                words.append(word)
        return words, options

    def verb(self, words):
        """The verb, and whether a word stands behind it."""
        for count in (2, 1):
            verb = " ".join(words[:count])
            if len(words) >= count and verb in self.verbs:
                return verb, len(words) > count
        return "", False

    def form(self, line):
        """What x-verbs says of this very command line."""
        words, options = self.split(line)
        verb, behind = self.verb(words)
        row = self.verbs[verb]
        form = dict(row["with_word"] if behind and "with_word" in row else row)
        for option in options & set(row.get("with", {})):
            form.update(row["with"][option])
        return form

    def complaint(self, line, out, code):
        """What is wrong with the output of this command line, or None."""
        if jsonschema is None or not out or "--help" in line:
            return None
        form = self.form(line)
        if form["gives"] is None and code == 0:
            return None
        try:
            values = list(documents(out))
        except ValueError as error:
            return f"no JSON: {error}"
        if code != 0 and values and not (
                form.get("on_failure") and
                self.fault(form["on_failure"], values[-1]) is None):
            fault = self.fault("failure", values.pop())
            if fault:
                return fault
        if len(values) > 1 and not form.get("stream"):
            return f"{len(values)} objects where there is one"
        if code == 0 and not values:
            return "no object"
        return next(filter(None, (self.fault(form["gives"], value)
                                  for value in values)), None)


    def api_fault(self, verb, answer):
        """What is wrong with an answer of `entente api`, or None."""
        fault = self.fault("api_answer", answer)
        if fault or "result" not in answer:
            return fault
        row = self.file["x-api"][verb]
        names = {row.get("gives", self.verbs.get(verb, {}).get("gives"))}
        names |= {row["first"]} if "first" in row else set()
        for form in (self.verbs.get(verb, {}).get("with_word"),
                     *self.verbs.get(verb, {}).get("with", {}).values()):
            names |= {form["gives"]} if form else set()
        faults = [self.fault(name, answer["result"]) for name in names]
        return None if None in faults else faults[0]


def documents(out):
    """One JSON value after the other."""
    decoder = json.JSONDecoder()
    at = 0
    while at < len(out):
        value, at = decoder.raw_decode(out, at)
        yield value
        while at < len(out) and out[at] in " \n":
            at += 1
