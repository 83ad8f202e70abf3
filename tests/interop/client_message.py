"""What officers send: a header, and a risk assessment or a note.

Appendix F of PROTOCOL.md, for client.py.  The body of a maritime incident
is kept as it came and not judged.
"""

import os
import time

from client_codec import Refused, decode, encode, need, schema
from primitives import varint

MESSAGES = schema("""
Message id=1:bytes version=2:u32 originator=3:Originator author=4:str
  releaser=5:str action_to=6:str* info_to=7:str* precedence=8:enum6
  dtg=9:Time expires=10:Time ack_by=11:Time status=12:enum3
  exercise_id=13:str action=14:enum5 number=15:u64 refs=16:bytes*
  label=17:Label tlp=18:enum5 pap=19:enum4 legal_basis=20:LegalBasis
  subject=21:str language=22:str attachments=23:Attachment*
  risk_assessment=101:RiskAssessment maritime_incident=104:bytes
  note=128:Note
Originator org=1:str post=2:str
LegalBasis agreement=1:str article=2:str
Label policy=1:str classification=2:enum5 context=3:str*
  releasable_to=4:str* caveats=5:str*
Attachment name=1:str media_type=2:str size=3:u64? digest=4:bytes
  label=5:Label
Time seconds=1:s64 precision=2:enum3 nanos=3:u32 offset_minutes=4:s32?
  fraction_digits=5:u32 spelled=6:enum3 in_full=7:bool
Note text=1:str
RiskAssessment topic=1:str area=2:Position* valid_from=3:Time
  valid_to=4:Time key_judgements=5:KeyJudgement* basis=6:Source*
  assumptions=7:str* alternatives=8:str* indicators_to_watch=9:Indicator*
  impact=10:u32 gaps=11:str change_since=12:ChangeSince stance=13:Stance
  outcome=14:Outcome summary=15:str discussion=16:str
  information_cutoff=17:Time
KeyJudgement text=1:str likelihood=2:Likelihood confidence=3:enum3
  confidence_reason=4:str horizon=5:Time
Likelihood yardstick=1:enum2 word=2:str low_percent=3:u32?
  high_percent=4:u32?
Source ref=1:bytes description=2:str reliability=3:enum6 credibility=4:u32
  method=5:str obtained=6:Time
Indicator text=1:str status=2:enum3
ChangeSince ref=1:bytes text=2:str
Stance view=1:enum3 text=2:str ref=3:bytes
Outcome judged=1:Time judgements=2:JudgementOutcome* text=3:str
JudgementOutcome judgement=1:u32 result=2:enum3 text=3:str
Position lat=1:double? lon=2:double? lat_minutes=3:u32 lon_minutes=4:u32
  radius=5:Quantity polygon=6:Point* name=7:str
Point lat=1:double? lon=2:double? lat_minutes=3:u32 lon_minutes=4:u32
Quantity value=1:double? unit=2:str
""")
MUST = {name: fields.split() for name, fields in {
    "Message": "id version originator action_to precedence dtg status"
               " action number label legal_basis subject",
    "Originator": "org post", "Time": "precision",
    "Label": "policy classification", "LegalBasis": "agreement article",
    "Attachment": "name media_type size digest",
    "RiskAssessment": "topic valid_from valid_to key_judgements",
    "Note": "text", "KeyJudgement": "text likelihood confidence",
    "Indicator": "text", "ChangeSince": "text", "Stance": "view",
    "Likelihood": "yardstick word low_percent high_percent",
    "JudgementOutcome": "judgement result", "Quantity": "value unit",
    "Point": "lat lon"}.items()}
RANGE = {"impact": (1, 5), "credibility": (1, 6), "lat": (-90, 90),
         "lon": (-180, 180), "lat_minutes": (0, 7), "lon_minutes": (0, 7),
         "seconds": (-62135596800, 253402300799), "nanos": (0, 999999999),
         "offset_minutes": (-1439, 1439), "fraction_digits": (0, 9)}
TEXTS = "text confidence_reason gaps summary discussion assumptions" \
    " alternatives description method exercise_id".split()
PERCENT = {1: "almost no chance 1 5,very unlikely 5 20,unlikely 20 45,"
              "roughly even chance 45 55,likely 55 80,very likely 80 95,"
              "almost certain 95 99",
           2: "remote chance 0 5,highly unlikely 10 20,unlikely 25 35,"
              "realistic possibility 40 50,likely 55 75,"
              "highly likely 80 90,almost certain 95 100"}
STEP = {1: 86400, 2: 60, 3: 1}


def parse(plain):
    return decode(MESSAGES, "Message", plain)


def numbered(plain, number):
    """The author's bytes with field 15 behind them (F.1)."""
    return plain + varint(15 << 3) + varint(number)


def judge(plain, precedence):
    """Why it is rejected, '' when every rule holds; and the message."""
    try:
        m = parse(plain)
    except Refused:
        return "BAD_ENCODING", None
    try:
        judge_fields("Message", m)
        need(m["precedence"] == precedence, "precedence")
        need(m["status"] != 2 and not m["exercise_id"], "realm")
        need(m["action"] == 1 or m["refs"], "refs")
        kinds = "risk_assessment", "maritime_incident", "note"
        need(sum(m[k] is not None and m[k] != b"" for k in kinds) == 1,
             "kind")
        for late in ("expires", "ack_by"):
            need(not m[late] or after(m[late], m["dtg"]), late)
        judge_assessment(m["risk_assessment"])
    except Refused:
        return "BAD_FIELD", m
    return "", m


def judge_fields(name, values):
    for field, kind, rule in MESSAGES[name].values():
        value = values[field]
        absent = value is None if rule == "?" else not value
        need(not absent or field not in MUST.get(name, ()), field)
        if absent:
            continue
        for v in value if rule == "*" else [value]:
            judge_value(field, kind, v)


def judge_value(field, kind, v):
    if kind in MESSAGES:
        return judge_fields(kind, v)
    if kind == "str":
        need(v.strip(" \t\r\n"), field)
        line = field not in TEXTS
        need(not line or (len(v.encode()) <= 1024 and not set(v) & set(
            "\r\n\v\f")), field)
    elif kind == "bytes" and field in ("id", "ref", "refs"):
        need(len(v) == 16, field)
    elif field in RANGE:
        need(RANGE[field][0] <= v <= RANGE[field][1], field)
    return None


def after(a, b):
    """F.3, 2, to the second."""
    more = 0 if a["precision"] == 3 else STEP[a["precision"]]
    return (a["seconds"] + more, a["nanos"]) > (b["seconds"], b["nanos"])


def judge_assessment(r):
    if not r:
        return
    need(after(r["valid_to"], r["valid_from"]), "valid_to")
    for j in r["key_judgements"]:
        k = j["likelihood"]
        need(f"{k['word']} {k['low_percent']} {k['high_percent']}"
             in PERCENT[k["yardstick"]].split(","), "likelihood")


def at(seconds, precision=3):
    return {"seconds": seconds, "precision": precision}


def day(text):
    return at(int(time.mktime(time.strptime(text, "%Y-%m-%d"))
                  - time.timezone), 1)


def assessment(to, org, subject, precedence=3, text=""):
    """A risk assessment as its author encodes it."""
    likely = {"yardstick": 1, "word": "likely", "low_percent": 55,
              "high_percent": 80}
    return encode(MESSAGES, "Message", {
        "id": os.urandom(16), "version": 1,
        "originator": {"org": org, "post": "Analyst"}, "action_to": [to],
        "precedence": precedence, "dtg": at(int(time.time())), "status": 1,
        "action": 1, "subject": subject,
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
