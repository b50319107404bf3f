"""The page of memory by which the writer tells the readers that something is another, before any answer says so."""

import mmap
from typing import Final

from rpcnode.node import Node
from rpcnode.workers.shared_memory import shared_memory

COMMITS, _BACK, ASKS = range(3)
"""Places in `numbers`, for those who look with every request."""

_MOST_WAITING: Final = 100  # transactions, which a reader reads anew with each commit
_SIZE: Final = mmap.PAGESIZE


class StatePage:
    """Numbers that the writer writes and the readers read, each by one instruction.

    `commits` is odd while something is being committed, and another number after it. `times_back` is another one where
    the chain went back or became another. `asks`, not 0: readers answer nothing by themselves.
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
    """Keeps a page true of the node of this process."""

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
        """It is over: what is read from now on is read anew."""
        self._numbers[_BACK] = self._node.ledger.times_back + self._node.store.times_restored
        self.tell_asks()
        self._numbers[COMMITS] = (self._numbers[COMMITS] | 1) + 1

    def tell_asks(self) -> None:
        """What readers know nothing of, or learn too slowly: faults that are set, a wallet, many that wait."""
        node, traffic = self._node, self._node.traffic
        is_struck = traffic is not None and traffic.armed
        is_long = len(node.ledger.mempool) > _MOST_WAITING
        self._numbers[ASKS] = int(is_struck or is_long or node.view.wallet is not None)
