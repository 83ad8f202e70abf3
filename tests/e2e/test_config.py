#!/usr/bin/env python3
"""The configuration: checked before it is used, read again without dropping
a link, and a mistake changes nothing."""

import os
import signal

from nodes import INVALID, NOT_FOUND, Case, main, note, wait_for


class Config(Case):
    def write(self, node, text):
        self.folder.write(node.path("config"), text)

    def test_a_mistake_is_named_with_file_line_and_what_was_meant(self):
        node = self.folder.node("ifc", listen=False)
        for text, words in (
                ("[node]\nlitsen = none\n", "line 2: unknown key litsen; did "
                                            "you mean listen?"),
                ("[node]\nlisten = none\n\nlisten = none\n",
                 "line 4: listen stands here twice, first in line 2"),
                ("[peer]\n", "line 1: the only section is [node]"),
                ("[node]\nlisten = host:7300\n", "line 2: listen must be"),
                ("[node]\nadvertise = a\n", "line 2: advertise must be"),
                ("listen = none\n", "line 1: a key stands before")):
            self.write(node, text)
            for words_of in (("config", "check"), ("config", "show")):
                error = node.fails("BAD_FIELD", *words_of, code=INVALID)
                self.assertIn(node.path("config") + " " + words,
                              error["message"])

    def test_a_right_one_says_what_a_change_needs(self):
        node = self.folder.node("ifc")
        answer = node.json("config", "check")
        self.assertEqual({key["key"]: key["reloads"]
                          for key in answer["keys"]},
                         {"listen": False, "advertise": True})
        self.assertFalse(answer["needs_restart"])
        self.assertIn("is read when the node starts",
                      node.run("config", "check").out)
        node.start()
        self.assertIn(f"kill -HUP {node.daemon.pid}",
                      node.run("config", "check").out)
        self.fails("NOT_FOUND", "--home", self.path("none"), "config",
                   "check", code=NOT_FOUND)

    def test_effective_says_where_each_value_comes_from(self):
        node = self.folder.node("ifc")
        rows = {row["key"]: row
                for row in node.json("config", "show",
                                     "--effective")["config"]}
        self.assertEqual(rows["listen"]["from"], "config line 2")
        self.assertEqual(rows["advertise"]["from"], "config line 3")
        self.assertEqual(rows["home"],
                         {"key": "home", "value": node.home,
                          "from": "--home"})
        self.assertEqual(rows["passphrase"]["from"],
                         "ENTENTE_PASSPHRASE_FILE")
        self.write(node, "[node]\n")
        rows = node.json("config", "show")["config"]
        self.assertEqual(rows, [{"key": "listen", "value": "none",
                                 "from": "default"}])

    def test_what_is_shown_can_be_the_file(self):
        node = self.folder.node("ifc")
        before = node.json("config", "show")
        self.write(node, node.run("config", "show").out)
        self.assertEqual(node.json("config", "show"), before)


class Reload(Case):
    def setUp(self):
        super().setUp()
        self.ifc, self.jmsdf = self.folder.two()

    def reload(self, text, says):
        before = self.ifc.log().count(says)
        self.folder.write(self.ifc.path("config"), text)
        self.ifc.daemon.send_signal(signal.SIGHUP)
        wait_for(lambda: self.ifc.log().count(says) > before, 10,
                 lambda: f"{says!r} is not in\n{self.ifc.tail()}")

    def heard(self):
        self.ifc.send(self.jmsdf, note("still here"), "--wait")
        self.assertNotIn("link: ", self.ifc.log()[self.mark:])
        self.assertEqual(self.ifc.peer("jmsdf")["link"], "up")

    def test_new_addresses_are_taken_and_no_link_is_dropped(self):
        self.mark = len(self.ifc.log())
        self.reload(f"[node]\nlisten = 127.0.0.1:{self.ifc.port}\n"
                    "advertise = new.example.org:7300\n",
                    "the card names 1 addresses")
        card = self.folder.card(self.ifc)
        self.assertEqual(self.entente("card", "show", card,
                                      "--json").json["addresses"],
                         ["new.example.org:7300"])
        self.heard()

    def test_what_needs_a_restart_is_said_by_log_and_check(self):
        self.mark = len(self.ifc.log())
        self.reload("[node]\nlisten = 127.0.0.1:1\n"
                    f"advertise = 127.0.0.1:{self.ifc.port}\n",
                    "listen = 127.0.0.1:1 needs a restart")
        self.assertTrue(self.ifc.json("config", "check")["needs_restart"])
        self.heard()

    def test_a_mistake_changes_nothing_and_is_said_loudly(self):
        self.mark = len(self.ifc.log())
        card = self.ifc.run("card").out
        self.reload("[node]\nadvertise = other.example:1\nlitsen = none\n",
                    "error config: not taken: nothing is changed")
        self.assertIn("config line 3: unknown key litsen; did you mean "
                      "listen?", self.ifc.log())
        self.assertEqual(self.ifc.run("card").out, card)
        self.heard()
        os.remove(self.ifc.path("config"))
        self.ifc.daemon.send_signal(signal.SIGHUP)
        wait_for(lambda: self.ifc.log().count("not taken") == 2)
        self.heard()

    def test_a_capture_of_it_replays(self):
        self.ifc.stop()
        capture = self.path("reload.pcapng")
        self.ifc.start(extra=("--capture", capture, "--replay"))
        self.ifc.wait_link(self.jmsdf)
        self.mark = len(self.ifc.log())
        self.reload(f"[node]\nlisten = 127.0.0.1:{self.ifc.port}\n"
                    "advertise = new.example.org:7300\n",
                    "the card names 1 addresses")
        self.ifc.run("card")
        self.ifc.stop()
        self.entente("replay", capture)


if __name__ == "__main__":
    main()
