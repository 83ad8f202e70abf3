"""Messages that flow from one node to another whatever happens to either, and
the judge of what came of them.

A Flow sends as a program does that must lose nothing: each message has its id
before it is sent, and one that was not acknowledged is sent again under that
id, in its place.  So the whole of what was acknowledged is known here, field
by field, and in order.
"""
import atexit
import collections
import json
import os
import random
import shutil
import subprocess
import tempfile
import threading
import time

from nodes import PROGRAM, Node, check, free_port, note

IN_FLIGHT = 6  # requests that are not answered
SHOWN_AT_ONCE = 200
MADE = {}  # {name: (home, country)}
DTG = "2026-01-01T00:00:00Z"


def unattended(folder, name, country):
    """A node that starts at once, its storage key standing open."""
    port = free_port()
    made = folder.init(name, "--unattended", "--advertise",
                       f"127.0.0.1:{port}", org=name.upper(),
                       country=country, listen=f"127.0.0.1:{port}")
    made.port = port
    return made


def two(folder):
    """A pair of them, paired and linked; made once, and then copied."""
    if not MADE:
        pair = (unattended(folder, "ifc", "IN"),
                unattended(folder, "jmsdf", "JP"))
        for node in pair:
            node.start()
        folder.pair(*pair)
        settle(pair)
        kept = tempfile.mkdtemp(prefix="entente-e2e-made-")
        atexit.register(shutil.rmtree, kept)
        for node in pair:
            node.stop()
            MADE[node.name] = (os.path.join(kept, node.name), node.country)
            shutil.copytree(node.home, MADE[node.name][0])
    else:
        pair = tuple(Node(folder, name, name.upper(), country)
                     for name, (_, country) in MADE.items())
        for node in pair:
            folder.nodes.append(node)
            shutil.copytree(MADE[node.name][0], node.home)
    for node in pair:
        node.start()
    settle(pair)
    return pair


def settle(pair):
    """Both linked, nothing queued, all cosigned."""
    for node, other in (pair, pair[::-1]):
        node.wait_link(other, 90)
    for node, other in (pair, pair[::-1]):
        node.wait_quiet(other, 120)


class Api:
    """`entente api`: lines out, lines in.  It finds its node again."""

    def __init__(self, node):
        self.process = subprocess.Popen(
            [PROGRAM, "--home", node.home, "api"], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True, env=node.folder.env)

    def begin(self, ident, verb, **keys):
        self.process.stdin.write(
            json.dumps({"id": ident, "verb": verb, **keys}) + "\n")
        self.process.stdin.flush()

    def line(self):
        """The next answer, as an object."""
        text = self.process.stdout.readline()
        check(text != "", "entente api ended")
        return json.loads(text)

    def results(self, verb, **keys):
        """All results of one request that is the only one."""
        found = []
        self.begin(0, verb, **keys)
        while "result" in (line := self.line()):
            found.append(line["result"])
        check("done" in line, line)
        return found

    def show(self, refs):
        """Each of these as `show --peek` has it; many are asked at once."""
        for at in range(0, len(refs), SHOWN_AT_ONCE):
            some = refs[at:at + SHOWN_AT_ONCE]
            found = {}
            done = 0
            for ref in some:
                self.begin(ref, "show", ref=ref, peek=True)
            while done < len(some):
                line = self.line()
                check("error" not in line, line)
                if "result" in line:
                    found[line["id"]] = line["result"]
                else:
                    done += 1
            yield from (found[ref] for ref in some)

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(20)


def message(subject, size):
    """A note that is whole: the node that sends it adds its number only."""
    ident = os.urandom(16).hex()
    return dict(json.loads(note(subject, (ident * (size // 32 + 1))[:size])),
                id=ident, dtg=DTG)


def as_text(body):
    return json.dumps(body)


def queue(node, to, count, size=1024):
    """Messages for a peer that is away, all acknowledged."""
    api = Api(node)

    def write():
        for at in range(count):
            api.begin(at, "send", to=to.name,
                      message=message(f"number {at}", size))

    writer = threading.Thread(target=write, daemon=True)
    writer.start()
    while count > 0:
        line = api.line()
        check("error" not in line, line)
        count -= "done" in line
    writer.join()
    api.close()


class Flow(threading.Thread):
    """Sends notes to `to`, about `rate` a second, until told to end.
    `sent`: every message that was acknowledged, in order of sending."""

    def __init__(self, node, to, rate=100, size=2000):
        super().__init__(daemon=True)
        self.node = node
        self.to = to
        self.rate = rate
        self.size = size
        self.count = 0
        self.sent = []
        self.refusals = collections.Counter()
        self.over = threading.Event()
        self.failed = None

    def fresh(self):
        self.count += 1
        return message(f"{self.node.name} {self.count}",
                       1 + self.count % self.size)

    def offer(self, api, messages):
        """Sends them; those that were refused, in their order."""
        answers = {}
        for at, one in enumerate(messages):
            api.begin(at, "send", to=self.to.name, message=one)
        while len(answers) < len(messages):
            line = api.line()
            if "result" not in line:
                answers[line["id"]] = line.get("error")
        refused = []
        for at, one in enumerate(messages):
            if answers[at] is None:
                self.sent.append(one)
            else:
                self.refusals[answers[at]["code"]] += 1
                refused.append(one)
        return refused

    def run(self):
        api = Api(self.node)
        waiting = []
        try:
            while waiting or not self.over.is_set():
                while len(waiting) < IN_FLIGHT and not self.over.is_set():
                    waiting.append(self.fresh())
                waiting = self.offer(api, waiting)
                time.sleep(0.01 if waiting else IN_FLIGHT / self.rate)
        except Exception as error:  # told by end(), in the test's own thread
            self.failed = error
        finally:
            api.close()

    def end(self):
        """Until the last message is acknowledged: its node must run."""
        self.over.set()
        self.join(60)
        check(self.failed is None, self.failed)
        check(not self.is_alive(), f"{self.node.name}: nothing is taken "
              f"any more: {self.refusals}\n{self.node.tail()}")


def judge(flow, sample=200):
    """Each message once and in order, and so many of them field by field as
    they were sent: to show one costs as much as its log is long."""
    reader = Api(flow.to)
    ids = [row["id"] for row in reader.results("inbox")]
    check(len(ids) == len(set(ids)), "a message twice")
    sent = [one["id"] for one in flow.sent]
    lost = sorted(set(sent) - set(ids))
    check(not lost, f"lost: {len(lost)} of {len(sent)}, first {lost[:1]}")
    kept = set(sent)
    check([one for one in ids if one in kept] == sent, "not in order")
    some = random.sample(flow.sent, min(sample, len(sent)))
    for one, shown in zip(some, reader.show([m["id"] for m in some])):
        for name, value in one.items():
            check(shown[name] == value, f"{one['id']}: {name} is "
                  f"{shown.get(name)}, not {value}")
        check(all(shown["entente"]["verified"].values()), shown)
    reader.close()


def logs_agree(one, other):
    """Every log verifies at both ends, and is the same at both."""
    def of(node):
        node.run("log", "verify")
        return {row["origin"]: (row["size"], row["root"], row["receipted"])
                for row in node.json("log")["channels"]}
    check(of(one) == of(other), "the two ends have different logs")


def both_ways(pair, **how):
    """A flow in each direction, begun."""
    flows = [Flow(*pair, **how), Flow(*pair[::-1], **how)]
    for flow in flows:
        flow.start()
    return flows


def judge_all(flows, **how):
    """Ends the flows, whose nodes run, and judges both directions."""
    pair = (flows[0].node, flows[0].to)
    for flow in flows:
        flow.end()
    settle(pair)
    for flow in flows:
        judge(flow, **how)
    logs_agree(*pair)
