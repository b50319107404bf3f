"""A page of memory in which the writer tells the readers of a change, before any answer shows it."""

import mmap
from typing import Final

from rpcnode.node import Node
from rpcnode.workers.shared_memory import shared_memory

COMMITS, _BACK, ASKS = range(3)
"""Places in `numbers`, for code that looks with every request."""

_MOST_WAITING: Final = 100  # transactions, which a reader reads anew with each commit
_SIZE: Final = mmap.PAGESIZE


class StatePage:
    """Numbers that the writer writes and the readers read, each by one instruction.

    `commits` is odd during a commit, and after it greater than before. `times_back` changes where the chain goes back
    or another one takes its place. While `asks` is not 0, readers answer nothing by themselves.
    """

    def __init__(self, descriptor: int) -> None:
        self.descriptor: Final = descriptor
        self.numbers: Final = memoryview(mmap.mmap(descriptor, _SIZE)).cast("Q")

    @classmethod
    def new(cls) -> "StatePage":
        """A page of zeros."""
        return cls(shared_memory(_SIZE))

    @property
    def commits(self) -> int:
        return self.numbers[COMMITS]

    @property
    def times_back(self) -> int:
        return self.numbers[_BACK]

    @property
    def asks(self) -> int:
        return self.numbers[ASKS]


class StateWriter:
    """Writes into a page what the node of this process does."""

    def __init__(self, node: Node, page: StatePage) -> None:
        self._node = node
        self._numbers = page.numbers
        self.end()
        node.store.watch = self
        node.view.watch_wallet = self.tell_asks
        if node.traffic is not None:
            node.traffic.watch = self.tell_asks

    def begin(self) -> None:
        """A commit begins."""
        self._numbers[COMMITS] |= 1

    def end(self) -> None:
        """It is over, done or not: readers look again."""
        self._numbers[_BACK] = self._node.ledger.times_back + self._node.store.times_restored
        self.tell_asks()
        self._numbers[COMMITS] = (self._numbers[COMMITS] | 1) + 1

    def tell_asks(self) -> None:
        """Tells whether there is something that readers do not know: a fault, a wallet, too many transactions."""
        node, traffic = self._node, self._node.traffic
        is_struck = traffic is not None and traffic.armed
        is_long = len(node.ledger.mempool) > _MOST_WAITING
        self._numbers[ASKS] = int(is_struck or is_long or node.view.wallet is not None)
