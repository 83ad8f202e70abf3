"""The situations of the golden captures: how each is brought about between
real daemons, and what in the capture shows that it is that one.

Nodes are unattended, so that they start at once; a capture is begun by the
command, and its records are sealed under the passphrase of the tests.
"""
import json
import os
import shutil
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "e2e"))

from nodes import check, free_port, note, wait_for  # noqa: E402

BATCH = 24  # messages that wait for a link
REFUSED_STATE, QUARANTINED_STATE = 15, 13  # of PROTOCOL.md, 8.1
FLASH, ROUTINE = 5, 2  # precedences of 4.2
MESSAGE = {"class": "MESSAGE"}


# --- what a capture tells -----------------------------------------------------


class Story:
    """The turns of a capture, as `replay --trace --json` prints them."""

    def __init__(self, turns):
        self.turns = turns
        self.rows = [(turn["turn"], row) for turn in turns
                     for row in turn["saved"]]

    def saved(self, record, **fields):
        """(turn, row) of each record of that kind with these fields."""
        return [(turn, row) for turn, row in self.rows
                if row["record"] == record and
                all(row[key] == value for key, value in fields.items())]

    def events(self, event):
        return [turn["turn"] for turn in self.turns
                for row in turn["events"] if row["event"] == event]

    def log(self, words):
        """Turns in which a line of the log has these words."""
        return [turn["turn"] for turn in self.turns
                if any(words in line for line in turn["log"])]

    def opened(self, epoch):
        """Turns that wrote the first entry of this epoch of ours."""
        return [turn for turn, _ in self.saved("OUT_ENTRY", epoch=epoch,
                                               index=0)]


# --- nodes ---------------------------------------------------------------------


def node(folder, name, country):
    port = free_port()
    made = folder.init(name, "--unattended", "--advertise",
                       f"127.0.0.1:{port}", org=name.upper(),
                       country=country, listen=f"127.0.0.1:{port}")
    made.port = port
    return made


def two(folder):
    """Paired and linked."""
    ifc, jmsdf = node(folder, "ifc", "IN"), node(folder, "jmsdf", "JP")
    ifc.start()
    jmsdf.start()
    folder.pair(ifc, jmsdf)
    settle(ifc, jmsdf)
    return ifc, jmsdf


def settle(ifc, jmsdf):
    for one, other in ((ifc, jmsdf), (jmsdf, ifc)):
        one.wait_link(other, 90)
    for one, other in ((ifc, jmsdf), (jmsdf, ifc)):
        one.wait_quiet(other)


def begin(of, path):
    of.run("capture", "start", path, "--replay")


def end(of):
    of.run("capture", "stop")


def queue(ifc, jmsdf, count, words, precedence="ROUTINE"):
    """Many messages by one program."""
    lines = "".join(
        json.dumps({"id": str(number), "verb": "send", "to": jmsdf.name,
                    "message": json.loads(note(f"number {number}", words,
                                               precedence))}) + "\n"
        for number in range(count))
    for row in ifc.run("api", text=lines).rows:
        check("error" not in row, row)


# --- the situations --------------------------------------------------------------


def make_first_contact(folder, path):
    ifc, jmsdf = node(folder, "ifc", "IN"), node(folder, "jmsdf", "JP")
    ifc.start()
    jmsdf.start()
    begin(ifc, path)
    folder.pair(ifc, jmsdf)
    settle(ifc, jmsdf)
    ifc.send(jmsdf, note("first"), "--wait=accepted")
    settle(ifc, jmsdf)
    end(ifc)


def shows_first_contact(story):
    """Paired, epoch 1 opened, linked, both logs receipted, a message too."""
    paired = story.saved("PEER", peer="jmsdf")[0][0]
    check(story.opened(1) == [paired], "epoch 1 does not begin with pairing")
    linked = story.saved("CHAIN", peer="jmsdf")[0][0]
    theirs = story.saved("IN_ENTRY", epoch=1, index=0)[0][0]
    check(paired < linked < theirs, "not the order of a first contact")
    check(story.saved("IN_COSIGNED", epoch=1), "their log is not receipted")
    message = story.saved("OUT_ENTRY", **MESSAGE)[0][1]
    check(any(row["size"] > message["index"] for _, row in
              story.saved("OUT_COSIGNED")), "the message is not receipted")


def make_load(folder, path):
    ifc, jmsdf = two(folder)
    jmsdf.stop()
    begin(ifc, path)
    queue(ifc, jmsdf, BATCH, "Steers 270.")
    jmsdf.start()
    settle(ifc, jmsdf)
    end(ifc)


def shows_load(story):
    """One turn dispatches many under one signature, and few receipts cover
    all."""
    by_turn = {}
    for turn, _ in story.saved("OUT_ENTRY", **MESSAGE):
        by_turn[turn] = by_turn.get(turn, 0) + 1
    turn, most = max(by_turn.items(), key=lambda item: item[1])
    check(sum(by_turn.values()) == BATCH and most >= BATCH // 3,
          f"{most} in one turn, of {BATCH}")
    heads = [row for at, row in story.saved("OUT_HEAD") if at == turn]
    check(len(heads) == 1, f"{len(heads)} heads for a batch")
    receipts = [at for at, _ in story.saved("OUT_COSIGNED") if at > turn]
    check(0 < len(receipts) < BATCH // 3, f"{len(receipts)} receipts")


def make_outage(folder, path):
    ifc, jmsdf = two(folder)
    begin(ifc, path)
    settle(ifc, jmsdf)
    ifc.send(jmsdf, note("before"), "--wait=accepted")
    jmsdf.kill()
    wait_for(lambda: ifc.peer("jmsdf")["link"] != "up")
    for number in range(2):
        ifc.send(jmsdf, note(f"meanwhile {number}"))
    jmsdf.start()
    settle(ifc, jmsdf)
    end(ifc)


def shows_outage(story):
    """Linked, cut, messages accepted meanwhile, linked again; the same epoch
    goes on where it was, nothing twice."""
    links = [turn for turn, _ in story.saved("CHAIN", peer="jmsdf")]
    down = story.log("link: jmsdf is down")
    waits = [turn for turn, _ in story.saved("PENDING")][-2:]
    sent = story.saved("OUT_ENTRY", **MESSAGE)
    cut = [turn for turn in down if links[0] < turn < waits[0]]
    again = [turn for turn in links if turn > waits[-1]]
    check(cut and again, "no outage with a resume behind it")
    check(len(sent) == 3 and sent[1][0] > again[0] > cut[-1],
          "what came meanwhile was not sent after the resume")
    indexes = [row["index"] for _, row in sent]
    check(indexes == sorted(set(indexes)), "an index twice")
    check({row["epoch"] for _, row in sent} == {1}, "another epoch")
    check(any(row["size"] > indexes[-1] for _, row in
              story.saved("OUT_COSIGNED")), "not receipted")
    check(not story.saved("ALARM"), "an alarm")


def set_back(which, older, names):
    """Those files of a home are as they were in a copy of it."""
    for name in os.listdir(which.home):
        if name.startswith(names):
            os.remove(which.path(name))
    for name in os.listdir(older):
        if name.startswith(names):
            shutil.copy(os.path.join(older, name), which.path(name))


def copy_of(which, to):
    shutil.copytree(which.home, to,
                    ignore=shutil.ignore_patterns("control.sock"))
    return to


def make_lost_store(folder, path):
    ifc = node(folder, "ifc", "IN")
    jmsdf = folder.node("jmsdf", "JMSDF", "JP")  # with a passphrase: see below
    ifc.start()
    jmsdf.start()
    folder.pair(ifc, jmsdf)
    settle(ifc, jmsdf)
    jmsdf.stop()
    older = copy_of(jmsdf, folder.path("older"))
    jmsdf.start()
    settle(ifc, jmsdf)
    ifc.send(jmsdf, note("lost there"), "--wait=accepted")
    jmsdf.send(ifc, note("lost here"), "--wait=accepted")
    settle(ifc, jmsdf)
    ifc.stop()
    jmsdf.stop()
    set_back(jmsdf, older, ("journal", "index"))
    # What it finds at its start is in its first turn.
    jmsdf.start(extra=("--capture", path, "--replay"))
    ifc.start()
    settle(ifc, jmsdf)
    wait_for(lambda: [row["subject"] for row in jmsdf.inbox()] ==
             ["lost there"])
    jmsdf.send(ifc, note("goes on"), "--wait=accepted")
    settle(ifc, jmsdf)
    jmsdf.stop()


def shows_lost_store(story):
    """The keyring knows more than the journal: an alarm and a new epoch, what
    the peer had comes back, and it goes on."""
    check(story.events("STATE_LOST"), "no state was lost")
    check(story.saved("ALARM"), "no alarm")
    check(story.opened(2), "no new epoch")
    back = story.saved("IN_ENTRY", epoch=1, **MESSAGE)
    check(len(back) == 1, "what was lost did not come back, or twice")
    new = story.saved("OUT_ENTRY", epoch=2, **MESSAGE)
    check(len(new) == 1, "the next message is not in the new epoch")
    check(not story.saved("OUT_ENTRY", epoch=1), "the old epoch goes on")


def make_flash(folder, path):
    ifc, jmsdf = two(folder)
    jmsdf.stop()
    begin(ifc, path)
    queue(ifc, jmsdf, BATCH // 2, "Fills the line. " * 40)
    queue(ifc, jmsdf, 1, "Now.", "FLASH")
    jmsdf.start()
    settle(ifc, jmsdf)
    end(ifc)


def shows_flash(story):
    """Submitted last, dispatched first."""
    submitted = [row["precedence"] for _, row in story.saved("PENDING")]
    check(submitted == [ROUTINE] * (BATCH // 2) + [FLASH],
          f"submitted as {submitted}")
    sent = [row["precedence"] for _, row in
            sorted(story.saved("OUT_ENTRY", **MESSAGE),
                   key=lambda item: item[1]["index"])]
    check(sent == [FLASH] + [ROUTINE] * (BATCH // 2), f"sent as {sent}")


def with_liar(folder, path, lie, **how):
    """A node with a peer that does not keep to the rules."""
    from liar import Liar  # needs more of Python than the others
    ifc = node(folder, "ifc", "IN")
    ifc.start()
    begin(ifc, path)
    liar = Liar(ifc, **how)
    lie(liar, ifc)
    liar.close()
    wait_for(lambda: ifc.peer("liar")["link"] != "up")
    end(ifc)


def make_refused(folder, path):
    def lie(liar, _):
        from liar import REFUSED
        liar.run(liar.settled)
        liar.answered(REFUSED, liar.peer.say_in_an_unknown_suite())
    with_liar(folder, path, lie)


def shows_refused(story):
    """An entry by its leaf refused, no body kept, and the log receipted over
    it."""
    refused = story.saved("VERDICT", state=REFUSED_STATE)
    check(len(refused) == 1, f"{len(refused)} entries refused")
    index = refused[0][1]["index"]
    check(not story.saved("IN_ENTRY", index=index), "its body was kept")
    check(story.saved("IN_COSIGNED", size=index + 1), "not receipted")


def make_rejected(folder, path):
    def lie(liar, _):
        from liar import REJECTED
        liar.run(liar.settled)
        liar.answered(REJECTED, liar.peer.say_what_is_no_message())
    with_liar(folder, path, lie)


def shows_rejected(story):
    """A message that was opened and breaks a rule: kept, receipted, and not
    accepted."""
    kept = story.saved("IN_ENTRY", state=QUARANTINED_STATE, **MESSAGE)
    check(len(kept) == 1, f"{len(kept)} messages rejected")
    check(story.log("rejected (BAD_ENCODING"), "not for that")
    check(story.saved("IN_COSIGNED", size=kept[0][1]["index"] + 1),
          "not receipted")


def make_bad_head(folder, path):
    def lie(liar, ifc):
        liar.run(lambda: len(liar.peer.ins) == 2)
        liar.run(liar.settled)
        liar.peer.sign_a_false_root()
        liar.run(lambda: len(liar.peer.outs) == 2)  # it was told so
        liar.run(liar.settled)
    with_liar(folder, path, lie, denies=True)


def shows_bad_head(story):
    """A head of ours denied: a new epoch.  A head of theirs that is not of
    its leaves, twice: that log is stopped.  An alarm for each."""
    check(story.opened(1) and story.opened(2), "no new epoch")
    stopped = story.saved("STOPPED")
    check(len(stopped) == 1, "their log is not stopped")
    check(story.opened(2)[0] < stopped[0][0], "in another order")
    check(len(story.saved("ALARM")) >= 2, "no alarm for each")


def make_clone(folder, path):
    ifc, jmsdf = two(folder)
    ifc.stop()
    clone = copy_of(ifc, folder.path("clone"))
    for _ in range(2):  # one session alone looks like a crash
        ifc.start()
        settle(ifc, jmsdf)
        ifc.stop()
    begin(jmsdf, path)
    shutil.rmtree(ifc.home)
    os.rename(clone, ifc.home)
    ifc.start()
    wait_for(lambda: jmsdf.peer("ifc")["alarm"], 60, jmsdf.tail)
    settle(ifc, jmsdf)
    end(jmsdf)
    check(ifc.peer("jmsdf")["alarm"], "no alarm at the clone")


def shows_clone(story):
    """A session chain that matches nothing: an alarm and a new epoch."""
    alarm = story.saved("ALARM", peer="ifc")
    check(alarm, "no alarm")
    check(story.opened(2), "no new epoch")
    check(story.saved("CHAIN", peer="ifc")[0][0] <= alarm[0][0],
          "not by the session chain")


SITUATIONS = {
    "first-contact": (make_first_contact, shows_first_contact),
    "batch-under-load": (make_load, shows_load),
    "outage-and-resume": (make_outage, shows_outage),
    "lost-store": (make_lost_store, shows_lost_store),
    "flash-over-bulk": (make_flash, shows_flash),
    "refused-entry": (make_refused, shows_refused),
    "rejected-message": (make_rejected, shows_rejected),
    "bad-head-and-new-epoch": (make_bad_head, shows_bad_head),
    "clone-alarm": (make_clone, shows_clone),
}


def file_of(name):
    return os.path.join(HERE, name + ".pcapng")
