#!/usr/bin/env python3
"""NGA anti-shipping activity messages (JSON lines) as maritime_incident.

usage: asam_to_json.py FILE
One message a line on standard output, in the language of `entente send`.
What a record does not say is left out; a record that has only a date keeps
only a date.
"""

import hashlib
import json
import re
import sys

TYPES = ["bulk carrier", "container ship", "chemical tanker", "product tanker",
         "lpg tanker", "lng tanker", "crude oil tanker", "oil tanker",
         "general cargo ship", "cargo ship", "fishing vessel", "fishing boat",
         "merchant vessel", "passenger ship", "passenger ferry",
         "refrigerated cargo ship", "vehicle carrier", "roro", "supply ship",
         "supply vessel",
         "research vessel", "drilling ship", "sailing vessel", "tanker",
         "tug", "barge", "dhow", "yacht", "vessel", "ship"]
NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
           "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
           "twelve": 12, "fifteen": 15, "twenty": 20}
NUMBER = "|".join(NUMBERS)
PERSONS = r"(?:\w+ ){0,2}?(?:robbers|pirates|men|persons|gunmen|hijackers)"
CRAFT = r"(?:\w+ ){0,2}?(?:skiffs?|speed ?boats?|boats?|craft)"
WEAPONS = [("machine_gun", r"machine gun"), ("rpg", r"\brpg|rocket"),
           ("rifle", r"rifle|ak-?47|automatic weapon"),
           ("handgun", r"pistol|handgun"), ("machete", r"machete|parang"),
           ("knife", r"kni(fe|ves)|sword"), ("firearm", r"\bguns?\b|firearm")]
# In order: the gravest that the words tell.
INCIDENTS = [("kidnap", r"kidnap"), ("hijacked", r"hijack"),
             ("fired_upon", r"fired (up)?on|fired at|opened fire|shots"),
             ("attempted", r"attempt"),
             ("robbery", r"\bstole|robbed|stolen"),
             ("boarded", r"board"),
             ("suspicious_approach", r"suspicious|approach|chase")]


def first(table, text, otherwise):
    for word, pattern in table:
        if re.search(pattern, text):
            return word
    return otherwise


def counted(text, what):
    """{count, count_max} of "five to six robbers"; {} where none is told."""
    number = rf"({NUMBER}|\d+)"
    found = re.search(rf"\b{number}(?: (?:to|or) {number})? {what}", text)
    if found is None:
        return {}
    low, high = (None if n is None else NUMBERS.get(n) or int(n)
                 for n in found.groups())
    return {"count": low} | ({"count_max": high} if high else {})


def ship(victim, text):
    """Type and name out of "CHEMICAL TANKER HISTRIA PRINCE"."""
    kind = next((t for t in TYPES if victim.lower().startswith(t)), None)
    name = victim[len(kind):].strip(" -/") if kind else victim
    out = {"name": name or f"unknown {kind}"}
    flag = re.search(r"\b([A-Z][a-z]+(?: [A-Z][a-z]+)?)-flagged", text)
    if flag:
        out["flag"] = flag.group(1)
    if kind:
        out["type"] = kind
    return out


def incident(record):
    text = record["description"]
    low = text.lower()
    area, colon, _ = text.partition(":")
    craft = counted(low, CRAFT)
    body = {
        "ship": ship(record["victim"], text),
        "position": {"lat": record["latitude"], "lon": record["longitude"]},
    }
    if colon and len(area) < 60:
        body["area_name"] = area.title()
    body["subregion"] = record["subregion"]
    body["occurred"] = record["date_of_occurrence"]
    state = first([("anchored", r"anchor"), ("berthed", r"berth|moored|jetty"),
                   ("underway", r"underway|under way|while sailing")], low, "")
    if state:
        body["ship_state"] = state
    body["incident_type"] = first(INCIDENTS, low, "suspicious_approach")
    if craft:
        body["suspect_craft"] = craft
    body["perpetrators"] = counted(low, PERSONS) | {
        "description": record["aggressor"].lower()}
    weapons = [word for word, pattern in WEAPONS if re.search(pattern, low)]
    if weapons:
        body["weapons"] = weapons
    body["external_refs"] = [{"system": "asam",
                              "id": record["reference_number"]}]
    body["narrative"] = text
    body["source"] = {"description": "NGA anti-shipping activity message",
                      "reliability": "B", "credibility": 2,
                      "method": "open source"}
    return body


def message(record):
    body = incident(record)
    what = body["incident_type"].replace("_", " ")
    digest = hashlib.sha256(record["reference_number"].encode()).hexdigest()
    return {
        "kind": "maritime_incident",
        "id": digest[:32],
        "version": 1,
        "originator": {"org": "IFC-IOR", "post": "Duty Officer"},
        "action_to": ["JMSDF"],
        "precedence": "ROUTINE",
        "dtg": record["date_of_occurrence"],
        "status": "ACTUAL",
        "action": "ORIGINAL",
        "label": {"policy": "IN-JP", "classification": "UNCLASSIFIED",
                  "releasable_to": ["IN", "JP"]},
        "legal_basis": {"agreement": "JDSC-2025", "article": "2"},
        "subject": f"{body['ship']['name']}: {what}",
        "maritime_incident": body,
    }


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with open(sys.argv[1], encoding="utf-8") as lines:
        for line in lines:
            print(json.dumps(message(json.loads(line)), ensure_ascii=False))


if __name__ == "__main__":
    main()
