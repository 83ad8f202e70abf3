"""What officers send: messages judged as R judges them, and one written.

Appendix F of PROTOCOL.md, for client.py; the rules of fields and the words
of likelihood are the page's own tables.  Knows version 1 alone.
"""

import calendar
import os
import re
import time

from client_codec import SCHEMAS, Refused, Unknown, decode, encode, need
from primitives import PAGE, varint

KINDS = "risk_assessment", "maritime_incident", "note", "other_kind"
STEP = {1: 86400, 2: 60, 3: 1}
CONFIDENCE = r"\b((low|moderate|medium|high) confidence|" \
    r"confidence(:| is)? (low|moderate|high))\b"


def block(name):
    return re.search(r"^```text " + name + r"\n(.*?)^```", PAGE,
                     re.MULTILINE | re.DOTALL)[1]


def rules():
    """{message: {field: words of its rule}} (F.2)"""
    out = {}
    for line in block("rules/fields").replace("\n    ", " ").splitlines():
        name, _, fields = line.partition(": ")
        out[name] = dict((f + " ").split(" ", 1) for f in fields.split("; "))
    return out


def likelihoods():
    """{(yardstick, word): (low, high)} (F.3, 5)"""
    words = SCHEMAS.enums["Yardstick"]
    return {(words["YARDSTICK_" + m[0]], m[1]): (int(m[2]), int(m[3]))
            for m in re.findall(r"^(\w+) +(\w[a-z ]*?) +(\d+) to +(\d+)$",
                                block("rules/likelihood"), re.MULTILINE)}


RULES, LIKELIHOODS = rules(), likelihoods()
LIKELY = r"\b(" + "|".join(word for _, word in LIKELIHOODS) + r")\b"


def parse(plain):
    return decode("Message", plain)


def numbered(plain, number):
    """The author's bytes with field 15 behind them (F.1)."""
    return plain + varint(15 << 3) + varint(number)


def judge(plain, precedence):
    """Why it is rejected, '' when every rule holds; and the message."""
    try:
        m = parse(plain)
    except Unknown:
        return "BAD_FIELD", None
    except Refused:
        return "BAD_ENCODING", None
    try:
        judge_message("Message", m)
        need(m["number"] and m["precedence"] == precedence, "entry")
        need(m["status"] != 2, "realm")
    except Refused:
        return "BAD_FIELD", m
    return "", m


# ---- field by field (F.2)

def judge_message(name, values):
    for _, field, kind, rule in SCHEMAS.fields(name):
        value, words = values[field], RULES.get(name, {}).get(field, "")
        absent = value is None or rule != "?" and not value
        need(not absent or "must" not in words, field)
        if absent:
            continue
        for v in value if rule == "*" else [value]:
            if kind == "string":
                need(v.strip(" \t\r\n"), field)
            if kind in SCHEMAS.messages:
                judge_message(kind, v)
            judge_value(field, words, v)
    if name in TOGETHER:
        TOGETHER[name](values)


def judge_value(field, words, v):
    if "line" in words or "file" in words:
        need(not set(v) & set("\r\n\v\f") and len(v.encode()) <= 1024, field)
    if "file" in words:
        need("/" not in v and v not in (".", ".."), field)
    length = re.search(r"(\d+) (bytes|digits)", words)
    if length:
        need(len(v) == int(length[1]), field)
        need(length[2] == "bytes" or re.fullmatch("[0-9]+", v), field)
    if "checked" in words:
        total = sum(int(c) * n for c, n in zip(v, range(7, 1, -1)))
        need(int(v[-1]) == total % 10, field)
    span = re.search(r"(-?\d+) to (-?\d+)", words)
    if span:
        v = v["value"] if isinstance(v, dict) else v
        need(int(span[1]) <= v <= int(span[2]), field)


# ---- fields together (F.3)

def after(a, b):
    if a["precision"] == 3:
        return (a["seconds"], a["nanos"]) > (b["seconds"], b["nanos"])
    return a["seconds"] + STEP[a["precision"]] > b["seconds"]


def time_of(t):
    need(t["seconds"] % STEP[t["precision"]] == 0, "precision")
    need(not t["nanos"] or t["precision"] == 3, "nanos")
    need(t["nanos"] % 10 ** (9 - t["fraction_digits"]) == 0, "digits")
    need(t["precision"] != 1 or not t["offset_minutes"], "offset")


def position(p):
    point = p["lat"] is not None
    need(point == (p["lon"] is not None), "lat and lon")
    need(point != bool(p["polygon"]), "point or polygon")
    need(not p["polygon"] or len(p["polygon"]) > 2, "polygon")
    need(not p["radius"] or point and p["radius"]["unit"] in (
        "nm", "km", "m"), "radius")


def source(s):
    need(s["ref"] or s["description"] or s["method"], "source")


def likelihood(k):
    span = LIKELIHOODS.get((k["yardstick"], k["word"]))
    need(span == (k["low_percent"], k["high_percent"]), "likelihood")


def message(m):
    need((m["status"] == 2) == bool(m["exercise_id"]), "exercise_id")
    need(m["action"] == 1 or m["refs"], "refs")
    need(sum(bool(m.get(kind)) or m.get(kind) == {} for kind in KINDS) == 1,
         "kind")
    for late in "expires", "ack_by":
        need(not m[late] or after(m[late], m["dtg"]), late)


def has(words, text):
    return re.search(words, text, re.IGNORECASE)


def assessed(r):
    need(after(r["valid_to"], r["valid_from"]), "valid_to")
    for j in r["key_judgements"]:
        need(not has(CONFIDENCE, j["text"]), "confidence in a judgement")
    for text in r["summary"], r["discussion"]:
        for sentence in re.split("[.!?;]", text):
            need(not (has(CONFIDENCE, sentence) and has(LIKELY, sentence)),
                 "likelihood and confidence in one sentence")
    for o in r["outcome"]["judgements"] if r["outcome"] else []:
        need(o["judgement"] <= len(r["key_judgements"]), "outcome")


def stance(s):
    need(s["view"] == 1 or s["text"], "stance")


def counted(c):
    need(not c["count_max"] or c["count"] is not None
         and c["count_max"] >= c["count"], "count_max")


def incident(i):
    need(not i["ended"] or after(i["ended"], i["occurred"]), "ended")


TOGETHER = {
    "Time": time_of, "Position": position, "Source": source,
    "Likelihood": likelihood, "Message": message, "Stance": stance,
    "RiskAssessment": assessed, "MaritimeIncident": incident,
    "SuspectCraft": counted, "Perpetrators": counted}


# ---- one of ours

def day(text):
    return {"seconds": calendar.timegm(time.strptime(text, "%Y-%m-%d")),
            "precision": 1}


def assessment(to, org, subject, precedence=3, text=""):
    """A risk assessment, as its author encodes it."""
    likely = {"yardstick": 1, "word": "likely", "low_percent": 55,
              "high_percent": 80}
    return encode("Message", {
        "id": os.urandom(16), "version": 1,
        "originator": {"org": org, "post": "Analyst"}, "action_to": [to],
        "precedence": precedence, "status": 1, "action": 1,
        "dtg": {"seconds": int(time.time()), "precision": 3},
        "subject": subject,
        "label": {"policy": "IN-JP", "classification": 2,
                  "releasable_to": ["IN", "JP"]},
        "legal_basis": {"agreement": "JDSC-2025", "article": "2"},
        "risk_assessment": {
            "topic": "Will tankers at anchor off Lagos be boarded again?",
            "valid_from": day("2014-05-01"), "valid_to": day("2014-08-01"),
            "key_judgements": [{
                "text": "One tanker at anchor or more will be boarded.",
                "likelihood": likely, "confidence": 2}],
            "impact": 3, "discussion": text}})
