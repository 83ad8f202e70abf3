"""Rules about bytes: bounded reading, secrets, dangerous and static things."""

import re

from source import call_arguments
from world import within

_NEXT_TO_BYTES = ("proto/bytes.c", "proto/bytes.h")

# Ways to read a number or a structure out of raw bytes past proto/bytes.h.
READS = [
    (re.compile(r"\b(ntohs|ntohl|be(16|32|64)toh|le(16|32|64)toh"
                r"|bswap_(16|32|64)|__builtin_bswap(16|32|64))\s*\("),
     "byte order by hand"),
    # p[0] << 24, (uint32_t)p[0] << (8 * i)
    (re.compile(r"\[[^\[\];]*\]\s*\)?\s*<<\s*\(?\s*(8|16|24|32|40|48|56)\b"),
     "a number put together from bytes"),
    # value << 8 | p[i];  value <<= 8
    (re.compile(r"<<\s*8\s*\)?\s*[|+][^;]*\["),
     "a number put together from bytes"),
    (re.compile(r"<<=\s*8\b"), "a number put together from bytes"),
    # value * 256 + p[i]
    (re.compile(r"\*\s*(256|0x100)\s*\)?\s*[|+][^;]*\["),
     "a number put together from bytes"),
    # *(const uint16_t *)p
    (re.compile(r"\*\s*\(\s*(const\s+)?(u?int(16|32|64)_t|unsigned(\s\w+)?"
                r"|int|short|long(\s\w+)?|s?size_t)\s*\*\s*\)"),
     "bytes read through a wider pointer"),
    # (const struct x *)in.ptr
    (re.compile(r"\(\s*(const\s+)?(struct|union)\s+\w+\s*\*\s*\)\s*"
                r"\(?\s*[\w.>\[\]-]*(\.|->)ptr\b"),
     "a structure laid over bytes"),
]

COPY = re.compile(r"\b(memcpy|memmove)\s*\(")
SPAN_PTR = re.compile(r"^\s*(?:\([^()]*\)\s*)?([\w.\->\[\]]*?)(?:\.|->)ptr\s*$")


def length(src):
    """Numbers and lengths out of bytes come through proto/bytes.h alone.

    Catches the common forms above, and a copy out of a span by any length
    but the span's own.  It cannot see a number that passes through two
    statements or a function of another name, an index into a span, nor
    whether the copy fits its target: fuzzing and ASan are for those.
    """
    if src.path in _NEXT_TO_BYTES or within(src.path, ("tests",)):
        return
    for pattern, words in READS:
        for match in pattern.finditer(src.code):
            yield src.line_at(match.start()), "length", words
    for match in COPY.finditer(src.code):
        arguments = call_arguments(src.code, match.end() - 1)
        if len(arguments) == 3 and _beyond_span(arguments[1], arguments[2]):
            yield (src.line_at(match.start()), "length",
                   "copied out of a span by another length than its own")


def _beyond_span(source, count):
    if re.search(r"(\.|->)ptr\b", source) is None:
        return False
    whole = SPAN_PTR.match(source)
    if whole is None:
        return True
    name = re.escape(whole.group(1))
    return re.fullmatch(name + r"(\.|->)len", count) is None


BANNED = re.compile(
    r"(?<![\w.>])(strcpy|strcat|strncpy|strncat|stpcpy|sprintf|vsprintf|gets"
    r"|strtok|alloca|__builtin_alloca|atoi|atol|atoll|atof|sscanf|scanf"
    r"|tmpnam|mktemp|bcmp|setjmp|longjmp|setlocale)\s*\(")

# A local array whose size the compiler does not know: lower case in [].
VLA = re.compile(
    r"^[ \t]+(?:const\s+)?(?:u?int\d*_t|char|size_t|unsigned|struct\s+\w+)"
    r"\s+\w+\[([^\]\n]*)\]\s*[;=]", re.MULTILINE)


def banned(src):
    """Functions without bounds, and arrays without a known size.

    And setlocale, under which tolower and printf answer otherwise.
    """
    for match in BANNED.finditer(src.code):
        name = match.group(1)
        if name in ("setjmp", "longjmp") and within(src.path, ("tests",)):
            continue
        yield src.line_at(match.start()), "banned", f"{name}()"
    inside = [False] * (len(src.code_lines) + 2)
    for first, last, _ in src.functions():
        inside[first:last + 1] = [True] * (last + 1 - first)
    for match in VLA.finditer(src.code):
        line = src.line_at(match.start() + 1)
        size = re.sub(r"sizeof\s*\(?[^()]*\)?|\b[A-Z][A-Z0-9_]*\b|\b0x\w+",
                      "", match.group(1))
        if inside[line] and re.search(r"[a-z]", size):
            yield (line, "banned",
                   f"array of {match.group(1).strip()}: a size in capitals, "
                   f"from limits.h")


COMPARE = re.compile(r"(?<![\w.>])(memcmp|bcmp|span_equal|strcmp|strncmp)"
                     r"\s*\(")
SECRET_WORDS = {"tag", "mac", "mac1", "commitment", "secret", "secrets",
                "psk", "passphrase", "phrase", "seed"}
PUBLIC_WORDS = {"public", "pub", "id", "number", "kind", "len", "label",
                "name", "text", "epoch"}


def secret(src):
    """Secrets are compared in constant time (secret_equal).

    Goes by the words in the arguments' names: a secret called `a` passes.
    """
    if within(src.path, ("tests",)):
        return
    for match in COMPARE.finditer(src.code):
        arguments = call_arguments(src.code, match.end() - 1)
        if any(re.search(r"\bzeros?\b", argument) for argument in arguments):
            continue  # whether a field is empty tells nothing
        for argument in arguments:
            words = set(re.findall(r"[a-z0-9]+", argument.lower()))
            keys = {"key", "keys"} if match.group(1) in ("memcmp", "bcmp") \
                else set()
            if words & (SECRET_WORDS | keys) and not words & PUBLIC_WORDS:
                yield (src.line_at(match.start()), "secret",
                       f"{match.group(1)} on {argument}: secret_equal")
                break


STATIC = re.compile(r"(?<![\w\[])static\b(?!\s*\d)")


def static(src):
    """No static mutable data: a turn is a function of its input.

    tests/tidy/symbols looks for the same in the object files.
    """
    if within(src.path, ("tests",)):
        return
    for match in STATIC.finditer(src.code):
        before = src.code[:match.start()].rstrip()
        if before.endswith("["):
            continue  # const uint8_t key[static KEY_LEN]
        rest = re.sub(r"__attribute__\s*\(\(.*?\)\)",
                      lambda m: " " * len(m.group(0)),
                      src.code[match.end():match.end() + 2000],
                      flags=re.DOTALL)
        if _is_mutable(rest):
            yield (src.line_at(match.start()), "static",
                   "static data that can change")


def _is_mutable(rest):
    pointer = re.match(r"[^;={(]*\(\s*\*\s*(const\b)?", rest)
    if pointer is not None:
        return pointer.group(1) is None
    head = re.match(r"[^;={(]*", rest).group(0)
    if rest[len(head):len(head) + 1] == "(":
        return False  # a function
    head = head.split("[")[0]
    if "*" in head:
        return re.search(r"\*\s*const\b[^*]*$", head) is None
    return re.search(r"\bconst\b", head) is None


RULES = [length, banned, secret, static]
