#!/usr/bin/env python3
"""acknowledge.py HOME STORE - a plug-in: keeps each message that comes in an
SQLite file of its own, and acknowledges it, each once.

It may be killed at any moment, and so may the node: what it keeps of an event
and the cursor behind that event are one transaction, so it goes on where it
was, and what it has kept and not yet acknowledged it acknowledges then.
"""
import json
import sqlite3
import subprocess
import sys
import time


def open_store(path):
    store = sqlite3.connect(path)
    store.executescript("""
        CREATE TABLE IF NOT EXISTS place (cursor TEXT);
        CREATE TABLE IF NOT EXISTS message (
            id TEXT, sender TEXT, subject TEXT, answered TEXT DEFAULT '');""")
    return store


def keep(store, event):
    """What we do with an event, and the place behind it: both or neither."""
    with store:
        if event.get("event") == "new":
            store.execute(
                "INSERT INTO message (id, sender, subject) VALUES (?, ?, ?)",
                (event["id"], event["from"], event["subject"]))
        store.execute("DELETE FROM place")
        store.execute("INSERT INTO place VALUES (?)", (event["cursor"],))


def main(home, path):
    store = open_store(path)
    api = subprocess.Popen(["entente", "--home", home, "api"], text=True,
                           stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def ask(ident, verb, **keys):
        print(json.dumps({"id": ident, "verb": verb, **keys}),
              file=api.stdin, flush=True)

    def acknowledge():
        for (ident,) in store.execute(
                "SELECT id FROM message WHERE answered = ''").fetchall():
            ask(ident, "ack", ref=ident, post="Registry")

    def watch():
        place = store.execute("SELECT cursor FROM place").fetchone()
        ask("watch", "watch", **({"cursor": place[0]} if place
                                 else {"all": True}))

    watch()
    acknowledge()
    for line in api.stdout:
        answer = json.loads(line)
        if answer["id"] == "watch" and "result" in answer:
            event = answer["result"]
            keep(store, event)
            if event.get("event") == "new":
                ask(event["id"], "ack", ref=event["id"], post="Registry")
        elif answer["id"] == "watch":  # it ended: the node is away
            if answer["error"]["code"] != "UNREACHABLE":
                sys.exit(f"acknowledge: {answer['error']['message']}")
            time.sleep(1)
            watch()
            acknowledge()
        elif "done" in answer or answer.get("error", {}).get(
                "code") not in (None, "UNREACHABLE", "AGAIN"):
            with store:  # done, or refused for good
                store.execute("UPDATE message SET answered = ? WHERE id = ?",
                              (answer.get("error", {}).get("code", "yes"),
                               answer["id"]))


if __name__ == "__main__":
    main(*sys.argv[1:])
