"""The next block of a chain while transactions come into it: tried in order, each on what those before it left.

They run again, as one block, when it is closed.
"""

from abc import ABC, abstractmethod
from typing import Final

from rpcnode.chain.blocks import NewBlock, NewTransaction
from rpcnode.chain.db.contract_rows import Labels
from rpcnode.chain.declaration import PlayError
from rpcnode.chain.ledger import Ledger
from rpcnode.chain.mempool import WaitingTransaction, Work
from rpcnode.execution.contract_state import ContractState
from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.uint import UInt160


class BlockDraft(ABC):
    """The block after the newest one; `contracts` are those that it deploys until now, `labels` their labels."""

    def __init__(self, ledger: Ledger) -> None:
        self.index: Final = ledger.height + 1
        self.contracts: Final[list[ContractState]] = []
        self.labels: Final[Labels] = {}
        self._ledger: Final = ledger

    @abstractmethod
    def make(self, position: int, work: Work) -> NewTransaction:
        """The transaction that does what is declared. Raises PlayError where none can."""

    @abstractmethod
    def can_pay(self, waiting: WaitingTransaction) -> bool:
        """Whether a transaction's sender still has what it costs, with what else it pays in this block."""

    @abstractmethod
    def add(self, waiting: WaitingTransaction, *, may_fail: bool) -> None:
        """Runs a transaction and takes it in.

        Where it fails, it is in the block as a failed one, or with `may_fail` false not at all: PlayError.
        """

    @abstractmethod
    def close(self, timestamp_ms: int) -> NewBlock:
        """The block, for the ledger."""

    def _hash_of(self, written: str) -> UInt160:
        """The script hash that declared work names a contract by. Raises PlayError."""
        try:
            return UInt160.parse(written)
        except FormatError as error:
            raise PlayError("", str(error)) from None

    def _no_contract(self, written: str) -> PlayError:
        return PlayError("", f"there is no contract {written} at block {self.index}")
