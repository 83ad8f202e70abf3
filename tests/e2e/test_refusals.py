"""What is refused is refused in plain words, with its exit code, and leaves
nothing half done."""
import os
import random
import shutil
import socket
import time

from nodes import FAILURE, INVALID, UNTRUSTED, USAGE, Case, main

CHARACTERS = 60


class Refusals(Case):
    def says(self, answer, *words):
        text = (answer.out + answer.err).lower()
        self.assertTrue(any(word in text for word in words),
                        f"nobody would understand: {text!r}")

    def peers(self, node):
        return node.json("status")["peers"]

    def test_wrong_digits_pair_nobody(self):
        ifc, jmsdf = self.folder.node("ifc"), self.folder.node("jmsdf")
        ifc.start()
        digits = self.folder.digits(ifc, jmsdf)
        wrong = str((int(digits[0]) + 1) % 10) + digits[1:]
        for given in (wrong, digits[:-1], "12345", ""):
            answer = ifc.run("pair", self.path("jmsdf.card"),
                             "--safety-number", given, code=None)
            self.assertIn(answer.code, (UNTRUSTED, USAGE, INVALID), given)
            self.says(answer, "digits", "safety")
        self.assertEqual(self.peers(ifc), [])

    def test_a_card_with_any_character_changed_pairs_nobody(self):
        ifc, jmsdf = self.folder.node("ifc"), self.folder.node("jmsdf")
        ifc.start()
        digits = self.folder.digits(ifc, jmsdf)
        text = self.folder.read("jmsdf.card")
        for at in random.Random(1).sample(range(len(text) - 1), CHARACTERS):
            new = "A" if text[at] != "A" else "B"
            changed = self.folder.write("changed.card",
                                        text[:at] + new + text[at + 1:])
            answer = ifc.run("pair", changed, "--safety-number", digits,
                             code=None)
            self.assertIn(answer.code, (UNTRUSTED, INVALID), at)
            self.says(answer, "line", "card")
        self.assertEqual(self.peers(ifc), [])

    def test_the_same_name_with_another_key_needs_its_own_digits(self):
        ifc, jmsdf = self.folder.node("ifc"), self.folder.node("jmsdf")
        ifc.start()
        digits = self.folder.digits(ifc, jmsdf)
        shutil.rmtree(jmsdf.home)
        fake = self.folder.init("jmsdf", org=jmsdf.org)
        answer = ifc.run("pair", self.folder.card(fake), "--safety-number",
                         digits, code=UNTRUSTED)
        self.says(answer, "digits", "safety", "key")
        self.assertEqual(self.peers(ifc), [])

    def test_a_peer_whose_key_has_changed_is_a_stranger(self):
        ifc, jmsdf = self.folder.two()
        jmsdf.stop()
        shutil.rmtree(jmsdf.home)
        fake = self.folder.init("jmsdf", org=jmsdf.org, listen="none")
        digits = self.folder.digits(ifc, fake)
        answer = ifc.run("pair", self.path("jmsdf.card"),
                         "--safety-number", digits, code=None)
        self.assertEqual(answer.code, FAILURE)
        self.says(answer, "already", "name")
        self.assertEqual(len(self.peers(ifc)), 1)
        fake.start()
        fake.run("pair", self.path("ifc.card"), "--ceiling", "secret",
                 "--safety-number", digits)
        time.sleep(1)  # it calls, and is not answered
        self.assertNotEqual(ifc.peer("jmsdf")["link"], "up")

    def test_a_wrong_passphrase_opens_nothing(self):
        node = self.folder.node("ifc")
        wrong = self.folder.write("wrong", "not this one")
        answer = node.foreground(ENTENTE_PASSPHRASE_FILE=wrong)
        self.assertNotEqual(answer.code, 0)
        self.says(answer, "passphrase")

    def test_a_second_daemon_on_one_home_ends(self):
        node = self.folder.node("ifc")
        node.start()
        answer = node.foreground()
        self.assertNotEqual(answer.code, 0)
        self.says(answer, "another process", "already", "lock")
        node.run("status")

    def test_a_port_in_use_is_named(self):
        node = self.folder.node("ifc")
        with socket.create_server(("127.0.0.1", node.port)):
            answer = node.foreground()
        self.assertNotEqual(answer.code, 0)
        self.says(answer, "another program")

    def test_a_home_or_a_key_open_to_others_is_not_used(self):
        node = self.folder.node("ifc")
        for name, mode in (("", 0o755), ("keyring", 0o644),
                           ("storage.key", 0o644)):
            path = node.path(name)
            before = os.stat(path).st_mode
            os.chmod(path, mode)
            answer = node.foreground()
            os.chmod(path, before)
            self.assertNotEqual(answer.code, 0, name)
            self.says(answer, "others", "mode", "chmod")

    def test_init_over_a_home_changes_nothing(self):
        node = self.folder.node("ifc")
        before = sorted(os.listdir(node.home))
        answer = node.run("init", "--name", "x", "--org", "X", "--country",
                          "FR", "--listen", "none", code=FAILURE)
        self.says(answer, "already")
        self.assertEqual(sorted(os.listdir(node.home)), before)


if __name__ == "__main__":
    main()
