"""Transactions of clients on the older profiles, from what is kept of them: their scripts, and which go first.

Source: neo 2.12.0 and 3.0.0-preview2, Neo: Ledger/PoolItem.CompareTo; of the first also Transaction.IsLowPriority.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from rpcnode.chain.blocks import NewTransaction
from rpcnode.chain.client_runs import ClientScript
from rpcnode.chain.format.layout import CoinLayout, PayloadLayout
from rpcnode.chain.mempool import Turn
from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.uint import UInt256

if TYPE_CHECKING:
    from rpcnode.payloads.neo2.transaction import Neo2Transaction
    from rpcnode.payloads.preview2.transaction import Preview2Transaction

FREE_GAS: Final = 5_000_000_000
"""What a script of Neo 2 may cost without paying, in units of 10^-8 GAS."""

_LOW_PRIORITY_FEE: Final = 100_000
"""A network fee of Neo 2 that is less, in units of 10^-8 GAS, has what pays it wait behind all that pay more."""


def neo2_transaction(layout: PayloadLayout, kept: NewTransaction) -> "Neo2Transaction":
    """A client's transaction of Neo 2, with its witnesses and the outputs behind its inputs."""
    from rpcnode.payloads.neo2.transaction import Neo2Transaction

    assert isinstance(layout, CoinLayout)
    assert kept.witnesses is not None
    return Neo2Transaction.parse(kept.unsigned + kept.witnesses).with_spent(layout.coins)


def preview2_transaction(layout: PayloadLayout, kept: NewTransaction) -> "Preview2Transaction":
    """A client's transaction of preview2, with its witnesses."""
    from rpcnode.payloads.preview2.transaction import Preview2Transaction

    assert kept.witnesses is not None
    return Preview2Transaction.parse(kept.unsigned + kept.witnesses, layout.magic)


def _neo2_script(layout: PayloadLayout, kept: NewTransaction) -> ClientScript | None:
    from rpcnode.payloads.neo2.transaction_data import InvocationTransaction

    transaction = neo2_transaction(layout, kept)
    if not isinstance(transaction.data, InvocationTransaction):
        return None
    gas = FREE_GAS + transaction.data.gas
    return ClientScript(kept.hash, transaction.data.script, transaction.accounts_to_sign(), gas)


def _preview2_script(layout: PayloadLayout, kept: NewTransaction) -> ClientScript | None:
    transaction = preview2_transaction(layout, kept)
    # Every scope there is holds for a contract that the script itself calls.
    agreed = [cosigner.account for cosigner in transaction.cosigners]
    return ClientScript(kept.hash, transaction.script, agreed, transaction.system_fee_datoshi)


SCRIPTS: Final[dict[ProfileName, Callable[[PayloadLayout, NewTransaction], ClientScript | None]]] = {
    "n2": _neo2_script,
    "n3-preview": _preview2_script,
}
"""The script that a client's transaction runs; None for one that only moves coins."""


def _neo2_turn(layout: PayloadLayout, kept: NewTransaction) -> Turn:
    from rpcnode.payloads.neo2.transaction_data import Claim

    transaction = neo2_transaction(layout, kept)
    fee = transaction.network_fee
    is_low = fee < _LOW_PRIORITY_FEE
    comes_last = is_low and not isinstance(transaction.data, Claim)
    return is_low, comes_last, -(fee // transaction.size), -fee, _number(kept.hash)


def _preview2_turn(layout: PayloadLayout, kept: NewTransaction) -> Turn:
    transaction = preview2_transaction(layout, kept)
    fee = transaction.network_fee_datoshi
    return -(fee // transaction.size), -fee, _number(kept.hash)


TURNS: Final[dict[ProfileName, Callable[[PayloadLayout, NewTransaction], Turn]]] = {
    "n2": _neo2_turn,
    "n3-preview": _preview2_turn,
}


def _number(transaction_hash: UInt256) -> int:
    return int.from_bytes(transaction_hash, "little")
