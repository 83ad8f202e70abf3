"""Precedence on a thin link, a few tries; tests/e2e/full-thin has twenty, with
10^5 messages before them."""

from nodes import Case, main
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


if __name__ == "__main__":
    main()
