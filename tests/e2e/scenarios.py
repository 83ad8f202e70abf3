"""Six things that a node does, each to be done while its machine fails, and
what must be true afterwards whether it ended or went on.

The pair of a scenario is made once and copied for each run.  `act` notes in
`promised` what was acknowledged; nothing else has to be there.
"""
import os
import shutil

import flow
import inject
import killer
from nodes import (FAILURE, NOT_FOUND, OK, PROGRAM, TIMEOUT, UNREACHABLE,
                   Node, check, note, wait_for)

# node/net/ending.h; not DONE, as nothing asked it to end.
ENDINGS = {1: "FAILURE", 4: "UNTRUSTED", 5: "NO_HOME", 7: "CONFIG",
           10: "ADDRESS", 11: "LOCKED", 12: "MODE", 13: "CORRUPT",
           14: "NO_SPACE", 20: "COMMIT", 21: "DISK", 22: "ABORTED"}
THREADS = 8  # each fails once, in its own time
# How a command may end whose node, or whose own machine, failed.
COMMAND = (OK, FAILURE, UNREACHABLE, NOT_FOUND, TIMEOUT)


class Scenario:
    """`node` is the one whose machine fails, `peer` the other."""

    name = ""
    linked = True

    def __init__(self, folder):
        self.folder = folder
        self.promised = []
        self.node, self.peer = self.make()
        for one in self.pair:
            if one.daemon is not None:
                one.stop()
            shutil.copytree(one.home, one.home + ".made",
                            ignore=shutil.ignore_patterns("control.sock"))

    @property
    def pair(self):
        return self.node, self.peer

    def make(self):
        pair = flow.two(self.folder)
        for one, other in (pair, pair[::-1]):
            for subject in ("first", "second"):
                one.send(other, note(subject), "--wait=accepted")
        flow.settle(pair)
        return pair

    def reset(self):
        """As made; the peer runs."""
        self.promised = []
        for one in self.pair:
            one.end()
            shutil.rmtree(one.home)
            shutil.copytree(one.home + ".made", one.home)
            if os.path.exists(one.log_path):
                os.remove(one.log_path)
        self.peer.start()

    def command(self, node, *words, **how):
        """One that may fail; its answer."""
        answer = node.run(*words, code=None, **how)
        check(answer.code in COMMAND, f"{words}: exit {answer.code}\n"
              f"{answer.out}{answer.err}")
        return answer

    def offer(self, sender, to, count=2):
        """Sends notes, and each again under its id if it was refused, once
        the failure is over."""
        for number in range(count):
            body = flow.message(f"offered {number}", 3000)
            answer = self.command(sender, "send", "-", "--to", to.name,
                                  text=flow.as_text(body))
            self.promised.append((sender, to, body, answer.code == OK))

    def act(self):
        """While the machine fails."""
        raise NotImplementedError

    def finish(self):
        """Afterwards, once: what was refused is asked again."""
        for sender, to, body, kept in self.promised:
            if not kept:
                sender.send(to, flow.as_text(body))

    def judge(self):
        """Both run: what was promised is there, once, and both ends agree."""
        flow.settle(self.pair)
        for sender, to, body, _ in self.promised:
            found = [row for row in to.inbox() if row["id"] == body["id"]]
            check(len(found) == 1, f"{body['subject']}: {len(found)} times")
            shown = to.json("show", body["id"], "--peek")
            check(all(shown[name] == value for name, value in body.items()),
                  shown)
        for one, other in (self.pair, self.pair[::-1]):
            subjects = [row["subject"] for row in one.inbox()]
            check(subjects[:2] == ["first", "second"], subjects)
        flow.logs_agree(*self.pair)
        for one in self.pair:
            check(not one.json("status")["alarms"], one.json("status"))

    # --- one run -----------------------------------------------------------

    def run(self, trace, call=None, number=0):
        """The calls that failed."""
        self.reset()
        self.node.launch(prefix=inject.prefix(trace, call, number))
        try:
            self.while_it_fails(trace)
        finally:
            if self.node.daemon is not None:
                inject.kill(self.node.daemon)
                self.node.daemon = None
        self.node.start()
        self.finish()
        self.judge()
        return inject.struck(trace)

    def while_it_fails(self, trace):
        """Until it has ended, or has been found to go on."""
        if self.ready():
            if self.linked:
                wait_for(self.up_or_ended, 60)
            self.act()
        for _ in range(THREADS):
            struck = inject.struck(trace)
            if self.has_ended():
                return
            try:
                self.finish()
                self.judge()
                return
            except AssertionError:
                # Only now, perhaps at an answer to this very question.
                if struck == inject.struck(trace):
                    raise
        raise AssertionError("it goes on failing")

    def ended(self):
        return self.node.daemon.poll() is not None

    def ready(self):
        """False: it ended instead."""
        wait_for(lambda: self.ended() or
                 self.node.run("status", code=None).code == OK, 30,
                 lambda: f"neither ready nor ended\n{self.node.tail()}")
        return not self.ended()

    def up_or_ended(self):
        answer = self.node.run("status", "--json", code=None)
        return self.ended() or (answer.code == OK and all(
            peer["link"] == "up" for peer in answer.json["peers"]))

    def has_ended(self):
        """By a named exit code, which it says; False: it goes on."""
        code = inject.wait(self.node.daemon, 0.05)
        if code is None:
            return False
        self.node.daemon = None
        check(code in ENDINGS, f"exit code {code}\n{self.node.tail()}")
        check(f"exit code {code})" in self.node.log(),
              f"ended with {code} and does not say so\n{self.node.tail()}")
        return True


class Send(Scenario):
    name = "send"

    def act(self):
        self.offer(self.node, self.peer)


class Receive(Scenario):
    name = "receive"

    def act(self):
        self.offer(self.peer, self.node)
        wait_for(lambda: self.ended() or
                 self.peer.peer(self.node.name)["queued"] == 0, 10, "queued")


class Answers(Scenario):
    """Read, acknowledged, declined."""

    name = "show and answer"

    def act(self):
        self.answers = [
            (state, words, self.command(self.node, *words).code == OK)
            for state, words in (
                ("acknowledged", ("ack", "jmsdf/1", "-m", "Seen.")),
                ("read", ("show", "jmsdf/2")),
                ("declined", ("decline", "jmsdf/2", "-m", "Not ours.")))]

    def reset(self):
        self.answers = []
        super().reset()

    def finish(self):
        for _, words, kept in self.answers:
            if not kept:
                self.node.run(*words, code=None)

    def judge(self):
        super().judge()
        states = [row["state"] for row in self.peer.rows("outbox")][:2]
        told = {state for state, _, _ in self.answers}
        for state, at in (("acknowledged", 0), ("declined", 1)):
            check(state not in told or states[at] == state, states)


class Restart(Scenario):
    """After a kill that tore a group."""

    name = "restart"

    def make(self):
        self.node, self.peer = super().make()
        for number in range(7, 30):  # a start makes six in one thread
            if self.torn(number):
                return self.node, self.peer
        raise AssertionError("no group could be torn")

    def torn(self, number):
        """Whether that kill, at the flush of this number, tore one."""
        if self.node.daemon is not None:
            self.node.stop()
        trace = self.node.log_path + ".strace"
        self.node.launch(prefix=(
            "strace", "-f", "-y", "-o", trace,
            "-e", "trace=pwrite64,fdatasync",
            "-e", f"inject=fdatasync:signal=KILL:when={number}"))
        self.ready()
        for _ in range(number):
            if not self.ended():
                self.node.send(self.peer, note("torn", "x" * 9000), code=None)
        if inject.wait(self.node.daemon, 0.2) is None:
            inject.kill(self.node.daemon)
        self.node.daemon = None
        return killer.undo(trace)

    def act(self):
        self.offer(self.node, self.peer, 1)
        self.offer(self.peer, self.node, 1)


class Pair(Scenario):
    """The peer has paired, and waits."""

    name = "pair"
    linked = False

    def make(self):
        pair = (flow.unattended(self.folder, "ifc", "IN"),
                flow.unattended(self.folder, "jmsdf", "JP"))
        for one in pair:
            one.start()
        self.digits = self.folder.digits(*pair)
        pair[1].run("pair", self.folder.path("ifc.card"), "--as", "ifc",
                    "--safety-number", self.digits)
        return pair

    def pair_now(self):
        return self.command(self.node, "pair", self.folder.path("jmsdf.card"),
                            "--as", "jmsdf", "--safety-number", self.digits)

    def act(self):
        self.kept = self.pair_now().code == OK

    def reset(self):
        self.kept = False
        super().reset()

    def finish(self):
        known = [peer["name"] for peer in self.node.json("status")["peers"]]
        check(known == ["jmsdf"] or not self.kept, "the peer is lost")
        if known != ["jmsdf"]:
            check(self.pair_now().code == OK, "cannot be paired again")
        self.node.wait_link(self.peer, 90)
        if not self.promised:
            self.offer(self.node, self.peer, 1)
            self.offer(self.peer, self.node, 1)
        super().finish()

    def judge(self):
        flow.settle(self.pair)
        for _, to, body, _ in self.promised:
            check(body["id"] in [row["id"] for row in to.inbox()], "lost")
        flow.logs_agree(*self.pair)


class Init:
    """`entente init`: a whole home, or none."""

    name = "init"

    def __init__(self, folder):
        self.folder = folder

    def run(self, trace, call=None, number=0):
        node = Node(self.folder, "new", "NEW", "FR")
        words = [PROGRAM, "--home", node.home, "init", "--unattended",
                 "--name", "new", "--org", "NEW", "--country", "FR",
                 "--listen", "none"]
        shutil.rmtree(node.home, ignore_errors=True)
        # Under strace there is no looking for leaks.
        process = inject.spawn([*inject.prefix(trace, call, number), *words],
                               dict(self.folder.env,
                                    ASAN_OPTIONS="detect_leaks=0"))
        code = inject.wait(process, 60)
        check(code in (OK, FAILURE), f"exit code {code}")
        struck = inject.struck(trace)
        if code != OK and not os.path.exists(node.home):
            node.run(*words[3:])
        node.start()
        node.stop()
        return struck


ALL = (Init, Pair, Send, Receive, Answers, Restart)
