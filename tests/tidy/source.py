"""What the rules look at: the files of a tree, and C without its comments.

Offsets and line numbers of `code` and `text` are the same: what is taken out
is replaced by blanks, so that a rule can say where it found a thing.
"""

import os
import re
import subprocess
from pathlib import Path

# Written by programs (protoc-c, cmake): never looked at.
SKIPPED = re.compile(r"^(\.git|build|build-[^/]*)(/|$)|(^|/)__pycache__/")

TOKEN = re.compile(
    r"""//[^\n]*|/\*.*?(?:\*/|\Z)|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'""",
    re.DOTALL)


def _blank(piece):
    return re.sub(r"[^\n]", " ", piece)


def without_comments(text, strings=False):
    """Blanks comments, and with `strings` what stands between quotes."""
    def one(match):
        piece = match.group(0)
        if piece.startswith("/"):
            return _blank(piece)
        return piece[0] + _blank(piece[1:-1]) + piece[-1] if strings else piece
    return TOKEN.sub(one, text)


class Source:
    """One file: `text` as it stands, `code` without comments and strings."""

    def __init__(self, root, path):
        self.path = path
        self.bytes = (root / path).read_bytes()
        self.is_text = b"\0" not in self.bytes
        self.text = self.bytes.decode("utf-8", "replace")
        self.is_c = self.is_text and path.endswith((".c", ".h"))
        self.code = without_comments(self.text, True) if self.is_c else ""
        self.lines = self.text.split("\n")
        self.code_lines = self.code.split("\n")

    def line_at(self, offset):
        return self.text.count("\n", 0, offset) + 1

    def functions(self):
        """(first line of the signature, last line, signature) of each body.

        A body is what stands between a `{` and a `}` in the first column;
        rule `brace` refuses functions that are written otherwise.
        """
        lines = self.code_lines
        for at, line in enumerate(lines):
            if line.rstrip() != "{":
                continue
            first = at
            while first > 0 and self._continues(lines[first - 1]):
                first -= 1
            last = at
            while last + 1 < len(lines) and not lines[last].startswith("}"):
                last += 1
            if first < at:
                yield first + 1, last + 1, "\n".join(lines[first:at])

    @staticmethod
    def _continues(line):
        line = line.rstrip()
        return line != "" and line[0] not in "#}" and line[-1] not in ";}"


def listed(root):
    """What is or would be committed; without git, what lies there."""
    try:
        if (root / ".git").exists():
            out = subprocess.run(
                ["git", "-C", str(root), "ls-files", "-co",
                 "--exclude-standard", "-z"],
                check=True, capture_output=True).stdout
            names = out.decode().split("\0")
            return sorted(n for n in set(names)
                          if n and not SKIPPED.search(n)
                          and (root / n).is_file())
    except (OSError, subprocess.CalledProcessError):
        pass  # no git here, or not our repository: walk
    found = []
    for folder, _, names in os.walk(root):
        for name in names:
            path = Path(folder, name).relative_to(root).as_posix()
            if not SKIPPED.search(path) and Path(folder, name).is_file():
                found.append(path)
    return sorted(found)


def sources(root):
    return [Source(root, path) for path in listed(root)]


def call_arguments(code, opening):
    """The arguments of the call whose `(` stands at `opening`."""
    depth, start, found = 0, opening + 1, []
    for at in range(opening, len(code)):
        c = code[at]
        if c in "([{":
            depth += 1
        elif c in ")]}":
            depth -= 1
            if depth == 0:
                found.append(code[start:at].strip())
                return found
        elif c == "," and depth == 1:
            found.append(code[start:at].strip())
            start = at + 1
    return found
