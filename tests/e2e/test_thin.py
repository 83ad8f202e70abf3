"""Precedence on a thin link, a few tries; tests/e2e/full-thin has twenty, with
10^5 messages before them."""

from nodes import Case, main, wait_for
from thin import COSIGNED_S, SHOWN_S, Thin

QUEUED, TRIES = 400, 3


class Flash(Case):
    def test_it_is_shown_in_10_s_and_cosigned_in_20_before_what_waits(self):
        with Thin(self.folder, QUEUED) as thin:
            for _ in range(TRIES):
                shown, cosigned = thin.flash()
                print(f"shown after {shown:.1f} s, cosigned after "
                      f"{cosigned:.1f} s")
                self.assertLessEqual(shown, SHOWN_S)
                self.assertLessEqual(cosigned, COSIGNED_S)
            self.assertEqual(thin.told("FLASH")["received"]["count"], TRIES)
            self.assertLessEqual(thin.told("FLASH")["received"]["max_ms"],
                                 1000 * COSIGNED_S)
            self.assertEqual(thin.told("FLASH")["read"]["count"], 0)
            thin.far.run("show", thin.shown.refs["FLASH 1"])
            wait_for(lambda: thin.told("FLASH")["read"]["count"] == 1)


if __name__ == "__main__":
    main()
