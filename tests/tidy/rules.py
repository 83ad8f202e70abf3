"""All rules over one tree."""

import lengths
import shape
import source
import world

C_RULES = world.RULES + lengths.RULES + shape.C_RULES
# Files whose content is data: vectors and corpora come as they are.
DATA = ("tests/vectors/", "tests/fuzz/corpus/", "tests/captures/",
        "tests/interop/")
# The rules' own files name what they refuse.
OWN = "tests/tidy/"


def faults(root):
    found = source.sources(root)
    for src in found:
        if not src.is_text or src.path.startswith(DATA):
            continue
        rules = list(shape.TEXT_RULES)
        if src.path.startswith(OWN):
            rules.remove(shape.words)
        if src.is_c:
            rules += C_RULES
        for rule in rules:
            for line, name, why in rule(src):
                yield src.path, line, name, why
    for rule in shape.TREE_RULES:
        yield from rule(found)
