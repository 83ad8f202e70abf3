#!/usr/bin/env python3
"""The manual pages: what the programs say, and without a fault in mdoc."""

import os
import re
import shutil
import subprocess
import unittest

from nodes import BIN, DAEMON, USAGE, Case, main

PAGES = {"entente": "entente.1", "entente-verify": "entente-verify.1",
         "entented": "entented.8", "entente.conf": "entente.conf.5"}


class Manual(Case):
    def test_the_built_pages_are_what_the_command_prints(self):
        for name, file in PAGES.items():
            path = os.path.join(BIN, "man", file)
            with open(path, encoding="utf-8") as page:
                self.assertEqual(page.read(),
                                 self.entente("manual", name).out)
        self.fails("USAGE", "manual", "ls", code=USAGE)

    def test_the_daemons_options_are_those_of_its_help(self):
        said = subprocess.run([DAEMON, "--help"], capture_output=True,
                              text=True, check=True).stdout
        page = self.entente("manual", "entented").out.replace("\\-", "-")
        described = re.findall(r'(?m)^\.It Fl "-([a-z-]+)"', page)
        self.assertEqual(set(described),
                         set(re.findall(r"(?m)^  --([a-z-]+)", said)) |
                         {"help"})

    def test_mandoc_finds_no_fault(self):
        if shutil.which("mandoc") is None:
            raise unittest.SkipTest("mandoc is not here")
        for name, file in PAGES.items():
            path = self.folder.write(file, self.entente("manual", name).out)
            found = subprocess.run(["mandoc", "-Tlint", path],
                                   capture_output=True, text=True).stdout
            self.assertEqual([line for line in found.splitlines()
                              if "referenced manual not found" not in line],
                             [])
            shown = subprocess.run(["mandoc", "-Tutf8", path], check=True,
                                   capture_output=True, text=True).stdout
            shown = re.sub(".\x08", "", shown)
            self.assertIn("EXIT STATUS" if name != "entente.conf"
                          else "listen = ADDR:PORT|none", shown)


if __name__ == "__main__":
    main()
