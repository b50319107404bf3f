"""What transactions that wait have taken of what there is.

Source: neo 3.10.2, Ledger/TransactionVerificationContext.cs.
"""

from collections.abc import Iterable
from typing import Final

from rpcnode.execution.snapshot import StorageReader
from rpcnode.natives.fungible_token import ACCOUNT_PREFIX, balance_in
from rpcnode.payloads.attribute import OracleResponse
from rpcnode.payloads.transaction import Transaction
from rpcnode.primitives.uint import UInt160

GAS_ID: Final = -6


class PooledFees:
    """The fees that senders owe for transactions that wait, and the oracle requests that those answer."""

    def __init__(self) -> None:
        self._fees: Final[dict[UInt160, int]] = {}
        self._answered: Final[set[int]] = set()

    def add(self, transaction: Transaction) -> None:
        """A transaction waits."""
        sender = transaction.sender
        self._fees[sender] = self._fees.get(sender, 0) + fees_of(transaction)
        self._answered.update(_answered_by(transaction))

    def remove(self, transaction: Transaction) -> None:
        """A transaction waits no more."""
        self._fees[transaction.sender] -= fees_of(transaction)
        self._answered.difference_update(_answered_by(transaction))

    def allow(self, transaction: Transaction, replaced: Iterable[Transaction], storage: StorageReader) -> bool:
        """Whether the sender can pay for one more, in place of others, and no other answers the same request."""
        sender = transaction.sender
        owed = fees_of(transaction) + self._fees.get(sender, 0)
        owed -= sum(fees_of(other) for other in replaced if other.sender == sender)
        return gas_of(storage, sender) >= owed and self._answered.isdisjoint(_answered_by(transaction))


def fees_of(transaction: Transaction) -> int:
    """Both fees of a transaction, in datoshi."""
    return transaction.system_fee_datoshi + transaction.network_fee_datoshi


def gas_of(storage: StorageReader, account: UInt160) -> int:
    """The GAS of an account, in datoshi."""
    row = storage.get(GAS_ID, ACCOUNT_PREFIX + account)
    return 0 if row is None else balance_in(row)


def _answered_by(transaction: Transaction) -> list[int]:
    return [attribute.id for attribute in transaction.attributes if isinstance(attribute, OracleResponse)]
