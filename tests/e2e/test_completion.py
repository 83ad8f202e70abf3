#!/usr/bin/env python3
"""Completions: the shells themselves read them, and offer what is there."""

import shutil
import subprocess
import unittest

from nodes import USAGE, Case, main


class Completion(Case):
    def script(self, shell):
        return self.folder.write(f"entente.{shell}",
                                 self.entente("completion", shell).out)

    def bash(self, *words):
        quoted = " ".join(f"'{word}'" for word in words)
        done = subprocess.run(
            ["bash", "-c", f". {self.script('bash')}; COMP_WORDS=({quoted}); "
             f"COMP_CWORD={len(words) - 1}; _entente; "
             "printf '%s\\n' \"${COMPREPLY[@]}\""],
            capture_output=True, text=True, check=True)
        self.assertEqual(done.stderr, "")
        return done.stdout.split()

    def test_bash_offers_every_verb_and_its_options(self):
        for verb in self.entente("help", "--json").json["commands"]:
            words = verb["name"].split()
            if not words:
                continue
            for count in range(len(words)):
                self.assertIn(words[count],
                              self.bash("entente", *words[:count], ""))
            offered = self.bash("entente", *words, "--")
            self.assertEqual(set(offered),
                             {"--" + name for name in verb["options"]})

    def test_bash_finds_the_verb_behind_options(self):
        self.assertEqual(self.bash("entente", "--home", "card", "inb"),
                         ["inbox"])
        self.assertEqual(self.bash("entente", "--home", ""), [])
        self.assertIn("--precedence",
                      self.bash("entente", "send", "report", "--prec"))

    def test_bash_offers_the_words_of_an_argument(self):
        self.assertEqual(self.bash("entente", "status", "--color", "a"),
                         ["auto", "always"])
        self.assertEqual(self.bash("entente", "status", "--color", "=", "n"),
                         ["never"])
        self.assertEqual(self.bash("entente", "send", "--precedence", "FL"),
                         ["FLASH"])
        self.assertEqual(self.bash("entente", "template", "maritime"),
                         ["maritime_incident"])
        self.assertIn("exit-codes", self.bash("entente", "help", ""))
        self.assertEqual(self.bash("entente", "send", "--to", ""), [])

    def test_each_shell_can_read_its_own(self):
        self.fails("USAGE", "completion", "csh", code=USAGE)
        missing = [shell for shell in ("bash", "zsh", "fish")
                   if shutil.which(shell) is None]
        for shell in ("bash", "zsh", "fish"):
            if shell not in missing:
                done = subprocess.run([shell, "-n", self.script(shell)],
                                      capture_output=True, text=True)
                self.assertEqual((done.returncode, done.stderr), (0, ""))
        if missing:
            raise unittest.SkipTest(f"not here: {', '.join(missing)}")

    def test_fish_offers_what_follows(self):
        if shutil.which("fish") is None:
            raise unittest.SkipTest("fish is not here")
        done = subprocess.run(
            ["fish", "-c", f"source {self.script('fish')}; "
             "complete -C 'entente peer p'"],
            capture_output=True, text=True, env=self.folder.env)
        self.assertIn("ping", done.stdout.split())


if __name__ == "__main__":
    main()
