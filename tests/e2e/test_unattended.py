#!/usr/bin/env python3
"""A node that starts without a passphrase, and what it says of that."""

import os
import stat

from nodes import FAILURE, Case, main, note


class Unattended(Case):
    def setUp(self):
        super().setUp()
        self.ifc = self.folder.init("ifc", "--unattended")
        # From here on there is no passphrase anywhere.
        self.nothing = {"ENTENTE_PASSPHRASE_FILE": None}

    def test_it_starts_and_asks_for_nothing(self):
        self.ifc.run("up", env=self.nothing)
        self.ifc.run("status", env=self.nothing)
        self.ifc.run("down", env=self.nothing)
        self.ifc.run("doctor", "--rebuild-index", env=self.nothing)
        self.ifc.run("up", env=self.nothing)

    def test_it_says_what_that_means(self):
        made = self.folder.init("other", "--unattended")
        self.assertTrue(os.path.exists(made.path("org.key")))
        self.ifc.run("up", env=self.nothing)
        self.assertTrue(self.ifc.json("status")["unattended"])
        self.assertIn("whoever reads this disk", self.ifc.run("status").out)
        self.assertRegex(self.ifc.run("doctor").out,
                         "warn  storage key +unattended")
        plain = self.folder.node("plain", listen=False)
        plain.start()
        self.assertFalse(plain.json("status")["unattended"])
        self.assertNotIn("unattended", plain.run("status").out)

    def test_the_organisation_key_stays_closed(self):
        self.assertGreater(os.stat(self.ifc.path("org.key")).st_size, 32)
        self.assertEqual(os.stat(self.ifc.path("storage.key")).st_size, 32)
        self.entente("--home", self.path("none"), "init", "--unattended",
                     "--name", "a", "--org", "A", "--country", "IN",
                     "--listen", "none", env=self.nothing, code=2)

    def test_the_key_is_0400_and_every_other_mode_is_refused(self):
        path = self.ifc.path("storage.key")
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o400)
        for mode in (0o600, 0o440, 0o644, 0o500):
            os.chmod(path, mode)
            error = self.ifc.fails("MODE", "up", code=FAILURE,
                                   env=self.nothing)
            self.assertIn("storage.key", error["hint"] + error["message"])
        os.chmod(path, 0o400)
        self.ifc.run("up", env=self.nothing)

    def test_it_sends_as_any_other(self):
        jmsdf = self.folder.node("jmsdf")
        self.ifc.run("up", env=self.nothing)
        jmsdf.start()
        self.folder.pair(self.ifc, jmsdf)
        self.ifc.send(jmsdf, note("one"), "--wait")


if __name__ == "__main__":
    main()
