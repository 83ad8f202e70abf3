"""What a network does to two nodes, and the one claim that stands through all
of it: each message is delivered, once, and in its order."""
from netlab import FAR, NEAR, PORT, Net, node_at, send_all
from nodes import check, wait_for

LOSS = "numgen random mod 100 < 30 drop"
ONE_WAY = "ip saddr {near} drop"
ALL = "ip saddr {{ {near}, {far} }} drop"
RESETS = "meta l4proto tcp reject with tcp reset"


class Wire:
    """Two nodes on two machines, linked, and what each sent the other so
    far.  Use: `with Wire(folder) as wire`."""

    def __init__(self, folder):
        self.folder = folder
        self.net = Net()
        self.near = node_at(folder, "near", f"{NEAR}:{PORT}")
        self.far = node_at(folder, "far", f"0.0.0.0:{PORT}", f"{FAR}:{PORT}")
        self.pairs = ((self.near, self.far), (self.far, self.near))
        self.sent = {"near": [], "far": []}

    def __enter__(self):
        try:
            self.net.start(self.near, self.net.near)
            self.net.start(self.far, self.net.far)
            self.folder.pair(self.near, self.far)
            self.net.relay()
            self.near.wait_link(self.far)
            self.far.wait_link(self.near)
        except BaseException:
            self.net.end()
            raise
        return self

    def __exit__(self, *why):
        self.net.end()

    def send(self, count=20):
        """So many each way."""
        for node, peer in self.pairs:
            more = [f"{node.name} {len(self.sent[node.name]) + i}"
                    for i in range(count)]
            send_all(node, peer, more)
            self.sent[node.name] += more

    def wait(self, seconds=60):
        """Until all is delivered and cosigned; then once and in order."""
        for node, peer in self.pairs:
            node.wait_quiet(peer, seconds)
            came = wait_for(lambda node=node, peer=peer: self.all_of(
                node, peer), 20, "cosigned and not in the inbox")
            check(came == self.sent[node.name],
                  f"{peer.name} has not each once and in order: {came}")
            check(not peer.peer(node.name)["alarm"], peer.tail())

    def all_of(self, node, peer):
        rows = sorted(peer.inbox(),
                      key=lambda row: int(row["ref"].rpartition("/")[2]))
        came = [row["subject"] for row in rows]
        return came if len(came) >= len(self.sent[node.name]) else None

    def said(self, words):
        """How often either log has these."""
        return sum(node.log().count(words) for node, _ in self.pairs)
