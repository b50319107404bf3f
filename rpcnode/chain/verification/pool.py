"""Transactions that wait and hold together in one state.

Source: neo 3.10.2, Ledger/MemoryPool.cs: TryAdd, CheckConflicts; Ledger/PoolItem.cs.
"""

from collections.abc import Collection, Iterable
from typing import Final, NamedTuple

from rpcnode.chain.verification.pooled_fees import PooledFees
from rpcnode.chain.verification.transactions import NOBODY, verify_in_state
from rpcnode.chain.verification.verdict import Verdict
from rpcnode.execution.test_invocation import ExecutionState
from rpcnode.payloads.attribute import Conflicts
from rpcnode.payloads.transaction import Transaction
from rpcnode.primitives.steps import Steps
from rpcnode.primitives.uint import UInt160, UInt256


class Admission(NamedTuple):
    """Whether a transaction was taken in, and which ones it has replaced."""

    verdict: Verdict
    replaced: tuple[Transaction, ...] = ()


class VerifiedPool:
    """Transactions that were verified in one state, each beside those before it."""

    def __init__(self, state: ExecutionState, impersonated: Collection[UInt160] = NOBODY) -> None:
        self._state: Final = state
        self._impersonated: Final = impersonated
        self._transactions: Final[dict[UInt256, Transaction]] = {}
        self._naming: Final[dict[UInt256, list[UInt256]]] = {}
        self.fees: Final = PooledFees()

    def admit(self, transaction: Transaction) -> Steps[Admission]:
        """Takes in a transaction that holds by itself, if the state and those that wait allow it."""
        conflicting = self._conflicting(transaction)
        if conflicting is None:
            return Admission(Verdict.HAS_CONFLICTS)
        verdict = yield from verify_in_state(transaction, self._state, self.fees, conflicting, self._impersonated)
        if verdict is not Verdict.SUCCEED:
            return Admission(verdict)
        for other in conflicting:
            self.remove(other)
        self._transactions[transaction.hash] = transaction
        self.fees.add(transaction)
        for named in conflicts_of(transaction):
            self._naming.setdefault(named, []).append(transaction.hash)
        return Admission(verdict, conflicting)

    def remove(self, transaction: Transaction) -> None:
        """Gives up a transaction."""
        del self._transactions[transaction.hash]
        self.fees.remove(transaction)
        for named in conflicts_of(transaction):
            naming = self._naming[named]
            naming.remove(transaction.hash)
            if not naming:
                del self._naming[named]

    def _conflicting(self, transaction: Transaction) -> tuple[Transaction, ...] | None:
        """Those that would go for a transaction; None where they stay, for they pay more or are of others."""
        found: dict[UInt256, Transaction] = {}
        fees = 0
        for naming in self._naming.get(transaction.hash, ()):
            other = found[naming] = self._transactions[naming]
            if transaction.sender in _accounts(other):
                fees += other.network_fee_datoshi
        for named in conflicts_of(transaction):
            waiting = self._transactions.get(named)
            if waiting is None:
                continue
            if _accounts(transaction).isdisjoint(_accounts(waiting)):
                return None
            fees += waiting.network_fee_datoshi
            found[named] = waiting
        if fees and fees >= transaction.network_fee_datoshi:
            return None
        return tuple(found.values())


def is_named_on_chain(transaction: Transaction, naming: Iterable[tuple[UInt160, int]], oldest: int) -> bool:
    """Whether one of a transaction's signers has named it as a conflict in a block from `oldest` on.

    `naming` are those who have named its hash, with the newest block in which they did.
    """
    accounts = _accounts(transaction)
    return any(account in accounts and block_index >= oldest for account, block_index in naming)


def conflicts_of(transaction: Transaction) -> list[UInt256]:
    """The hashes that a transaction names as conflicts, each once."""
    return list(dict.fromkeys(each.hash for each in transaction.attributes if isinstance(each, Conflicts)))


def _accounts(transaction: Transaction) -> frozenset[UInt160]:
    return frozenset(signer.account for signer in transaction.signers)
