"""Two machines and the network between them, as network namespaces: a rate,
a delay, loss, partitions and resets that two real daemons cannot tell from
those of a satellite link.

    near  10.77.1.1 --- 10.77.1.2  middle  10.77.2.2 --- 10.77.2.1  far

`middle` routes between the two, with nft to drop and to reset; its proxy
(line.py) is the way from near to far when something must be done to the bytes
or to their time.  A namespace is held by a process that ends with this one,
so nothing is left behind, however this one ends; the machine's own network is
never touched.  Needs root; who has not is skipped, and told.
"""
import atexit
import ipaddress
import json
import os
import shutil
import subprocess
import sys
import unittest

from nodes import HERE, PROGRAM, check, note

NEAR, FAR = "10.77.1.1", "10.77.2.1"
PORT = 7000
PROXY = f"10.77.1.2:{PORT}"
TOOLS = {"ip": "iproute2", "tc": "iproute2", "nft": "nftables",
         "nsenter": "util-linux", "unshare": "util-linux",
         "setpriv": "util-linux"}


class Machine:
    """A network namespace, held open by a process."""

    def __init__(self):
        self.holder = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", "unshare", "--net", "sh", "-c",
             "echo; exec sleep infinity"], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if not self.holder.stdout.readline():
            why = self.holder.communicate()[1].decode().strip()
            raise unittest.SkipTest(f"no network namespaces here: {why}")
        self.enter = ["setpriv", "--pdeathsig", "KILL", "nsenter",
                      f"--net=/proc/{self.holder.pid}/ns/net", "--"]
        self.run("ip", "link", "set", "lo", "up")

    def run(self, *words, text=None):
        done = subprocess.run([*self.enter, *words], capture_output=True,
                              text=True, input=text, check=False)
        check(done.returncode == 0,
              f"{' '.join(words)}: {done.stdout}{done.stderr}")
        return done.stdout

    def end(self):
        self.holder.kill()
        self.holder.wait()
        self.holder.stdout.close()
        self.holder.stderr.close()


class Net:
    """The three of them.  Use: `with Net() as net`."""

    def __init__(self):
        missing = {package for tool, package in TOOLS.items()
                   if shutil.which(tool) is None}
        if missing:
            raise unittest.SkipTest(f"apt install {' '.join(missing)}")
        if os.geteuid() != 0:
            raise unittest.SkipTest("network namespaces need root")
        self.machines = []
        self.proxy = None
        try:
            self.near, self.middle, self.far = (
                self.machine() for _ in range(3))
            self.wire(self.near, NEAR, "tonear")
            self.wire(self.far, FAR, "tofar")
            self.middle.run("sh", "-c",
                            "echo 1 >/proc/sys/net/ipv4/ip_forward")
            self.passing()
            self.rate(1000)  # whether this kernel can
            for machine in (self.near, self.far):
                machine.run("tc", "qdisc", "del", "dev", "eth0", "root")
        except AssertionError as why:
            self.end()
            raise unittest.SkipTest(
                f"NOT TRIED: no network can be made here: {why}") from None
        except BaseException:
            self.end()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *why):
        self.end()

    def machine(self):
        self.machines.append(Machine())
        return self.machines[-1]

    def wire(self, machine, address, name):
        """A cable from `machine`, where it is `eth0`, to the middle."""
        gateway = str(ipaddress.ip_address(address) + 1)
        self.middle.run("ip", "link", "add", name, "type", "veth", "peer",
                        "name", "eth0", "netns", str(machine.holder.pid))
        for where, what, dev in ((self.middle, gateway, name),
                                 (machine, address, "eth0")):
            where.run("ip", "address", "add", what + "/24", "dev", dev)
            where.run("ip", "link", "set", dev, "up")
        machine.run("ip", "route", "add", "default", "via", gateway)

    def end(self):
        if self.proxy is not None:
            self.proxy.kill()
            self.proxy.wait()
            self.proxy.stdin.close()
            self.proxy = None
        while self.machines:
            self.machines.pop().end()

    def start(self, node, machine, **how):
        """Starts its daemon on that machine."""
        node.start(prefix=machine.enter, **how)

    def rate(self, kbit):
        """What either machine may send in a second, before the proxy's delay:
        tbf, with little room for what is too much at the moment."""
        for machine in (self.near, self.far):
            machine.run("tc", "qdisc", "replace", "dev", "eth0", "root", "tbf",
                        "rate", f"{kbit}kbit", "burst", "1600", "limit",
                        "16000")

    def passing(self, *rules, harmed=False):
        """What the middle does with packets that come to it, in words of nft,
        {near} and {far} being addresses.  No rules: it passes them all.
        `harmed`: who dials the far machine from now on gets to the proxy, and
        the far machine dials nobody."""
        lines = "".join(f"add rule ip lab passing {rule}\n" for rule in rules)
        if harmed:
            lines += f"add rule ip lab turning tcp dport {PORT} ip daddr " \
                     f"{{far}} redirect to :{PORT}\n" \
                     f"add rule ip lab passing tcp dport {PORT} ip saddr " \
                     f"{{far}} ip daddr {{near}} drop\n"
        self.middle.run(
            "nft", "-f", "-",
            text="table ip lab\ndelete table ip lab\nadd table ip lab\n"
                 "add chain ip lab passing "
                 "{ type filter hook prerouting priority 0; }\n"
                 "add chain ip lab turning "
                 "{ type nat hook prerouting priority -100; }\n" +
                 lines.format(near=NEAR, far=FAR))

    def relay(self, delay_ms=0):
        """Starts the proxy: who dials PROXY gets to the far machine, and each
        byte takes delay_ms in either direction."""
        self.proxy = subprocess.Popen(
            [*self.middle.enter, sys.executable,
             os.path.join(HERE, "line.py"), PROXY, f"{FAR}:{PORT}",
             str(delay_ms)], stdin=subprocess.PIPE, text=True)
        atexit.register(self.proxy.kill)

    def tell(self, **what):
        """To the proxy: what it does to the bytes from now on (line.py)."""
        self.proxy.stdin.write(json.dumps(what) + "\n")
        self.proxy.stdin.flush()


def node_at(folder, name, address, advertise=None):
    """A node that listens at `address`, on the machine that has it, and is
    found at `advertise`."""
    node = folder.node(name, listen=False)
    folder.write(os.path.join(node.home, "config"),
                 f"[node]\nlisten = {address}\n"
                 f"advertise = {advertise or address}\n")
    return node


def send_all(node, to, subjects, text="Position and course as before."):
    """Queues a ROUTINE of each subject, by `entente api` in one go."""
    message = json.loads(note("ROUTINE", text))
    asked = "".join(json.dumps({
        "id": i, "verb": "send", "to": to.name,
        "message": dict(message, subject=subject)}) + "\n"
        for i, subject in enumerate(subjects))
    done = subprocess.run([PROGRAM, "--home", node.home, "api"], input=asked,
                          capture_output=True, text=True, check=False,
                          env=node.folder.env)
    check(done.returncode == 0 and
          done.stdout.count('"done":true') == len(subjects),
          f"not all were queued: {done.stderr}{done.stdout[-500:]}")
