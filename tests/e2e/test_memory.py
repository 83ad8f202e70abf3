"""Every allocation of a send and of a receive fails once: the node goes on or
ends by a name, a restart recovers, and nothing acknowledged is lost."""
import itertools

from memory import Memory
from nodes import Case, main


class FailingAllocation(Case):
    def every(self, sends, least):
        memory = Memory(self.folder, sends)
        failed = memory.every(itertools.count(1))
        print(f"{failed} allocations failed, ended {memory.ended}")
        self.assertGreaterEqual(failed, least)

    def test_each_of_a_send_loses_nothing(self):
        self.every(True, 100)

    def test_each_of_a_receive_loses_nothing(self):
        self.every(False, 50)


if __name__ == "__main__":
    main()
