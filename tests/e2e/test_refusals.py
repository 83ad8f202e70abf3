"""What is refused is refused in plain words, with its exit code, and leaves
nothing half done: wrong safety number, changed organisation key, a card with
any character changed, wrong passphrase, a second daemon on one home, a port
in use, loose modes."""
import json
import os
import random
import shutil
import socket
import subprocess

from nodes import BIN, Bench, Failed, Node, check, main, note

NOT_TRUSTED = 4


def daemon(node, env=None):
    """entented in the foreground, expected to end by itself."""
    return subprocess.run([os.path.join(BIN, "entented")], env=env or node.env,
                          stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, timeout=30, check=False)


def says(done, *words):
    text = (done.stdout + done.stderr).lower()
    check(any(word in text for word in words),
          f"nobody would understand: {text!r}")


def wrong_digits(bench, ifc, jmsdf):
    digits = ifc.json("safety-number", bench.card(jmsdf))["safety_number"]
    at = digits.index(next(c for c in digits if c.isdigit()))
    wrong = digits[:at] + str((int(digits[at]) + 1) % 10) + digits[at + 1:]
    for given in (wrong, digits[:-1], "12345", ""):
        done = ifc.run("pair", bench.card(jmsdf), "--safety-number", given,
                       code=None)
        check(done.returncode in (NOT_TRUSTED, 2, 7),
              f"digits {given!r}: exit {done.returncode}")
        says(done, "digits", "safety")
    check(ifc.json("status")["peers"] == [], "a peer after wrong digits")


def changed_card(bench, ifc, jmsdf):
    with open(bench.card(jmsdf), encoding="utf-8") as file:
        text = file.read()
    digits = ifc.json("safety-number", bench.card(jmsdf))["safety_number"]
    changed = os.path.join(bench.work, "changed.card")
    places = random.Random(1).sample(range(len(text) - 1), 60)
    for at in places:
        new = "A" if text[at] != "A" else "B"
        with open(changed, "w", encoding="utf-8") as file:
            file.write(text[:at] + new + text[at + 1:])
        done = ifc.run("pair", changed, "--safety-number", digits, code=None)
        check(done.returncode in (NOT_TRUSTED, 7),
              f"character {at} changed: exit {done.returncode}")
    says(done, "line", "card")
    check(ifc.json("status")["peers"] == [], "a peer from a changed card")
    return len(places)


def other_org_key(bench, ifc, jmsdf):
    """A second home with jmsdf's node id and another organisation key cannot
    be made by init; so: the same name, another key, is another node and gets
    in only by its own digits."""
    fake = Node(bench.work, "fake", "JMSDF", "JP", False)
    bench.nodes.append(fake)
    fake.init()
    fake.start()
    fake.run("card", "--out", bench.card(fake))
    digits = ifc.json("safety-number", bench.card(jmsdf))["safety_number"]
    done = ifc.run("pair", bench.card(fake), "--safety-number", digits,
                   code=NOT_TRUSTED)
    says(done, "digits", "safety", "key")


def wrong_passphrase(bench, jmsdf):
    wrong = os.path.join(bench.work, "wrong")
    with open(wrong, "w", encoding="ascii") as file:
        file.write("not this one")
    os.chmod(wrong, 0o600)
    done = daemon(jmsdf, dict(jmsdf.env, ENTENTE_PASSPHRASE_FILE=wrong))
    check(done.returncode not in (0, None), "a wrong passphrase opened it")
    says(done, "passphrase")


def second_daemon(ifc):
    done = daemon(ifc)
    check(done.returncode != 0, "a second daemon on one home")
    says(done, "another process", "already", "lock")
    ifc.run("status")


def port_in_use(bench):
    node = bench.node("third", "Third", "FR")
    with socket.create_server(("127.0.0.1", node.port)):
        done = daemon(node)
    check(done.returncode != 0, "two listeners on one port")
    says(done, "another program")
    return done.returncode


def loose_modes(bench, jmsdf):
    del bench
    for path in ("", "keyring", "storage.key", "org.key"):
        name = os.path.join(jmsdf.home, path)
        if not os.path.exists(name):
            continue
        mode = os.stat(name).st_mode
        os.chmod(name, 0o755 if path == "" else 0o644)
        done = daemon(jmsdf) if path != "org.key" else None
        os.chmod(name, mode)
        if done is None:
            continue
        check(done.returncode != 0, f"{path or 'home'} is open to others")
        says(done, "others", "mode", "chmod")


def init_again(ifc):
    before = sorted(os.listdir(ifc.home))
    done = ifc.run("init", "--name", "x", "--org", "X", "--country", "FR",
                   "--listen", "none", code=None)
    check(done.returncode != 0, "init over a home")
    says(done, "already")
    check(sorted(os.listdir(ifc.home)) == before, "init changed a home")


def full_disk(bench, jmsdf):
    """A home on a tmpfs with a MiB of room: what no longer fits is refused in
    plain words, what is there can be read, and nothing acknowledged is lost."""
    where = os.path.join(bench.work, "small")
    used = sum(os.path.getsize(os.path.join(jmsdf.home, name))
               for name in os.listdir(jmsdf.home))
    os.mkdir(where)
    if os.geteuid() != 0 or subprocess.run(
            ["mount", "-t", "tmpfs", "-o",
             f"size={used + (12 << 20)},mode=0700", "tmpfs", where],
            check=False, capture_output=True).returncode != 0:
        print("skipped in part: no tmpfs can be mounted here")
        return 0
    small = Node(bench.work, "jmsdf", "JMSDF", "JP", False)
    small.home = os.path.join(where, "home")
    small.env["ENTENTE_HOME"] = small.home
    try:
        shutil.copytree(jmsdf.home, small.home)
        os.chmod(small.home, 0o700)
        small.start()
        kept = fill(small)
        check(small.run("outbox", "--json").returncode == 0, "no reading")
        small.stop()
        small.start()
        there = {row["id"] for row in small.rows("outbox")}
        check(set(kept) <= there, "an acknowledged message is gone")
        return len(kept)
    finally:
        if small.daemon is not None:
            small.kill()
        small.log.close()
        subprocess.run(["umount", where], check=True)


def fill(node):
    """Sends until it is refused; the ids that were acknowledged."""
    kept = []
    body = json.dumps(note("fill", "x" * 60000))
    for _ in range(2000):
        try:
            done = node.run("send", "-", "--to", "ifc", "--json", "--timeout",
                            "5", text=body, code=None, timeout=20)
        except subprocess.TimeoutExpired:
            return kept
        if done.returncode != 0:
            says(done, "room", "space", "disk", "held", "time")
            return kept
        kept.append(json.loads(done.stdout)["id"])
    raise Failed("the disk never filled")


def test():
    with Bench() as bench:
        ifc = bench.node("ifc", "IFC-IOR", "IN")
        jmsdf = bench.node("jmsdf", "JMSDF", "JP", False)
        ifc.start()
        jmsdf.start()
        for node in (ifc, jmsdf):
            node.run("card", "--out", bench.card(node))
        wrong_digits(bench, ifc, jmsdf)
        changed = changed_card(bench, ifc, jmsdf)
        other_org_key(bench, ifc, jmsdf)
        second_daemon(ifc)
        bench.pair(ifc, jmsdf)
        jmsdf.stop()
        ifc.stop()
        kept = full_disk(bench, jmsdf)
        wrong_passphrase(bench, jmsdf)
        loose_modes(bench, jmsdf)
        code = port_in_use(bench)
        init_again(ifc)
        print(f"all refused; {kept} messages kept on a full disk; {changed} characters of a card changed, "
              f"port in use ends with {code}")


if __name__ == "__main__":
    main(test)
