"""The storage of N3's contracts, LedgerContract's rows with it, which nobody stores."""

from collections.abc import Iterator
from itertools import islice
from typing import Final

from rpcnode.chain.chain_ledger import ChainLedger
from rpcnode.chain.ledger import Ledger
from rpcnode.natives import ledger_rows
from rpcnode.primitives.errors import NotYet

LEDGER_ID: Final = -4
MOST_LISTED: Final = 100_000
"""Blocks whose hashes may have to be worked out and sorted for one answer: it takes up to 0.3 s."""


def storage_get(ledger: Ledger, contract_id: int, key: bytes) -> bytes | None:
    """The value under a key of a contract's storage, after the newest block."""
    if contract_id == LEDGER_ID:
        return ledger_rows.get(ChainLedger(ledger), key)
    return ledger.state().storage_get(contract_id, key)


def storage_find(ledger: Ledger, contract_id: int, prefix: bytes, start: int) -> Iterator[tuple[bytes, bytes]]:
    """Keys that begin with a prefix and their values after the newest block, in storage order, from the `start`-th on.

    Raises NotYet for the hashes of all blocks of a chain that has too many.
    """
    if contract_id != LEDGER_ID:
        return islice(ledger.state().storage_find(contract_id, prefix), start, None)
    if prefix[:1] in (b"", ledger_rows.BLOCK_PREFIX) and ledger.height >= MOST_LISTED:
        raise NotYet(f"findstorage of the hashes of all blocks is not built for chains above {MOST_LISTED} blocks")
    return ledger_rows.find(ChainLedger(ledger), prefix, start)
