"""Transactions of clients that wait for a block: read from what is kept of them, and which of them go first.

Source: neo 3.10.2, Ledger/PoolItem.cs: CompareTo.
"""

from functools import lru_cache

from rpcnode.chain.blocks import NewTransaction
from rpcnode.payloads.transaction import Transaction


@lru_cache(maxsize=4096)
def client_transaction(kept: NewTransaction) -> Transaction:
    """The transaction, with its witnesses."""
    assert kept.witnesses is not None
    return Transaction.parse(kept.unsigned + kept.witnesses)


@lru_cache(maxsize=4096)
def turn_of(kept: NewTransaction) -> tuple[bool, int, int, int]:
    """What those that wait are sorted by: high priority, network fee per byte, network fee, the smaller hash."""
    transaction = client_transaction(kept)
    is_high = False
    if transaction.attributes:
        from rpcnode.payloads.attribute import HighPriority  # rare, and slow to load

        is_high = any(isinstance(attribute, HighPriority) for attribute in transaction.attributes)
    fee = transaction.network_fee_datoshi
    return not is_high, -(fee // transaction.size), -fee, int.from_bytes(transaction.hash, "little")
