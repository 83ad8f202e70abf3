"""Rules about form: sizes, names, words, what lies where."""

import re

from world import layer_of, within

COLUMNS = 80
FUNCTION_LINES = 60
FILE_LINES = 500


def size(src):
    """Functions of 60 lines, files of 500, lines of 80 columns at most."""
    count = len(src.lines) - (1 if src.lines[-1] == "" else 0)
    if count > FILE_LINES:
        yield count, "size", f"{count} lines: a file has at most {FILE_LINES}"
    for first, last, _ in src.functions():
        if last - first + 1 > FUNCTION_LINES:
            yield (first, "size", f"a function of {last - first + 1} lines: "
                                  f"at most {FUNCTION_LINES}")
    for at, line in enumerate(src.lines, 1):
        if len(line) > COLUMNS:
            yield at, "size", f"{len(line)} columns: at most {COLUMNS}"


BRACE = re.compile(r"^[A-Za-z_][^\n;=]*\)[ \t]*\{", re.MULTILINE)


def brace(src):
    """A body's braces stand alone in column 1, its name begins a line."""
    for match in BRACE.finditer(src.code):
        yield (src.line_at(match.start()), "brace",
               "the brace of a function stands on its own line")
    for first, _, signature in src.functions():
        lines = [line for line in signature.split("\n") if line.strip()]
        # Return type (and attributes) alone, then the name at column 1.
        if "(" in lines[0] and not re.match(r"\w+\s*\(", lines[0]):
            yield first, "brace", "the return type stands on its own line"


def opening(src):
    """A file begins by saying what it is: its name and one sentence."""
    if within(src.path, ("tests",)):
        return
    name = re.escape(src.path.rsplit("/", 1)[-1])
    if re.match(r"/\*\s*(\*\s*)?" + name + r" - \S", src.text) is None:
        yield 1, "opening", "begins with a comment: its name - its idea"


PROTOTYPE = re.compile(r"^(\w+ )?enum status\s+(\w+)\s*\(", re.MULTILINE)


def nodiscard(src):
    """Who can fail cannot be ignored."""
    if not src.path.endswith(".h") or within(src.path, ("tests",)):
        return
    for match in PROTOTYPE.finditer(src.code):
        if match.group(1) != "NODISCARD ":
            yield (src.line_at(match.start()), "nodiscard",
                   f"{match.group(2)}() returns a status without NODISCARD")


LABEL = re.compile(r'"entente/v\d')


def label(src):
    """Every domain-separation string stands in proto/label.h."""
    if src.path == "proto/label.h" or within(src.path, ("tests",)):
        return
    for match in LABEL.finditer(src.text):
        if src.code[match.start()] == '"':
            yield (src.line_at(match.start()), "label",
                   "a label outside proto/label.h")


def white(src):
    """No tabs, no blanks at a line's end, one newline at the file's end."""
    tabs = not src.path.endswith(("Makefile", ".patch"))
    for at, line in enumerate(src.lines, 1):
        if tabs and "\t" in line:
            yield at, "white", "a tab"
        if line != line.rstrip() and not line.endswith("\f"):
            yield at, "white", "blanks at the end of the line"
    if src.text != "" and not src.text.endswith("\n"):
        yield len(src.lines), "white", "no newline at the end"
    elif src.text.endswith("\n\n"):
        yield len(src.lines) - 1, "white", "an empty line at the end"


UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX)\b|\b(stub|stubs|stubbed)\b"
                        r"|not implemented", re.IGNORECASE)
MACHINE = re.compile(r"(?<![\w.$}])/(work|home|root)/")


def words(src):
    """Nothing says that it is unfinished, nothing names a machine's paths."""
    for at, line in enumerate(src.lines, 1):
        found = UNFINISHED.search(line)
        if found:
            yield at, "words", f'"{found.group(0)}"'
        found = MACHINE.search(line)
        if found:
            yield at, "words", f'"{found.group(0)}": a path of a machine'


TOP = {"node", "proto", "crypto", "tests", "tools", "CMakeLists.txt",
       "CMakePresets.json", "README.md", "LICENSE", "SECURITY.md"}
EMPTY_NAMES = {"util", "utils", "common", "misc", "helper", "helpers"}


def names(sources):
    """Only what belongs lies at the top, and a name says what a thing is."""
    for path in (src.path for src in sources):
        parts = path.split("/")
        if parts[0] not in TOP and not parts[0].startswith("."):
            yield path, 1, "names", f"{parts[0]} does not belong at the top"
        for part in parts:
            if set(re.split(r"[._-]", part.lower())) & EMPTY_NAMES:
                yield path, 1, "names", f"{part} says nothing"


TESTED = ("proto", "crypto", "node/core", "node/host", "node/store",
          "node/net", "node/sim")
# Modules whose contract is not in <name>.h, each with where it is and why.
CONTRACT_ELSEWHERE = {
    # What goes in and what comes out of the core is settled in one file.
    "node/core/effects.c": "node/core/event.h",
}
# Modules without tests/unit/test_<name>.c, each with what shows it instead.
TESTED_ELSEWHERE = set()


def modules(sources):
    """One module is x.h, x.c and its test, and has its name alone."""
    there = {src.path: src for src in sources}
    named = {}
    for path in there:
        if layer_of(path) not in TESTED or not path.endswith(".c"):
            continue
        name = path.rsplit("/", 1)[-1][:-2]
        first = named.setdefault(name, path)
        if first != path:
            yield path, 1, "modules", f"{first} has the same name"
        header = CONTRACT_ELSEWHERE.get(path, path[:-2] + ".h")
        if header not in there:
            yield path, 1, "modules", f"{header} is missing"
        test = f"tests/unit/test_{name}.c"
        if path in TESTED_ELSEWHERE and test not in there:
            continue
        if path in TESTED_ELSEWHERE:
            yield path, 1, "modules", f"{test} is there: no exception needed"
        elif test not in there:
            yield path, 1, "modules", f"{test} is missing"
        elif not _includes(there, there[test], header):
            yield path, 1, "modules", f"{test} does not see {header}"


def _includes(there, test, header):
    """Whether a test sees `header`, be it through another."""
    for name in re.findall(r'#include "([^"]+)"', test.text):
        if name == header or \
                name in there and _includes(there, there[name], header):
            return True
    return False


C_RULES = [size, brace, opening, nodiscard, label]
TEXT_RULES = [white, words]
TREE_RULES = [names, modules]
