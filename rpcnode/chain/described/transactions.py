"""Declared transactions of older profiles: the real ones they become.

A fixture's blocks and the dev methods declare transactions in the same words (description.py); both come through here.
"""

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING

from rpcnode.chain.blocks import NewTransaction
from rpcnode.chain.declaration import DeclaredTransaction, DeclaredTransfer, PlayError
from rpcnode.chain.format.layout import CoinTransfer, PayloadLayout
from rpcnode.chain.transfers import (
    new_transaction,
    notified,
    notify_script,
    transfer_script,
)
from rpcnode.execution.contract_state import ContractState
from rpcnode.primitives.uint import UInt160, UInt256

if TYPE_CHECKING:
    from rpcnode.chain.coins import Coins
    from rpcnode.chain.described.coins import Purse

ContractOf = Callable[[str], ContractState]
"""What `DeclaredTransfer.asset` and `Notification.contract` name; raises PlayError for what is no contract."""


class DeclaredTransactions:
    """Makes the declared transactions of one chain; `validators` sign what nobody else does."""

    def __init__(self, layout: PayloadLayout, validators: UInt160, contract_of: ContractOf) -> None:
        self._layout = layout
        self._validators = validators
        self._contract_of = contract_of
        self._purse: Purse | None = None
        self._coin_names: Collection[str] = ()

    def make(
        self, block_index: int, position: int, declared: DeclaredTransaction, first_call: bytes = b""
    ) -> NewTransaction:
        """The transaction, unlike any other by its place; its script begins with `first_call`.

        Raises PlayError where it would be too large.
        """
        layout = self._layout
        calls: list[bytes] = [first_call]
        tokens = [transfer for transfer in declared.transfers if not self._is_coin(transfer)]
        coins = [transfer for transfer in declared.transfers if self._is_coin(transfer)]
        for transfer in tokens:
            calls.append(transfer_script(layout, self._contract_of(transfer.asset), transfer))
        for notification in declared.notifications:
            contract = self._contract_of(notification.contract).script_hash
            calls.append(notify_script(layout, contract, notified(contract, notification).event_name))
        script = b"".join(calls)
        if len(script) > layout.max_script_size:
            raise PlayError(
                declared.where, f"its script has {len(script)} bytes, a transaction's at most {layout.max_script_size}"
            )
        signers = list(dict.fromkeys(transfer.sender or self._validators for transfer in tokens))
        if len(signers) > layout.max_signers:
            raise PlayError(
                declared.where, f"{len(signers)} senders must sign, a transaction has at most {layout.max_signers}"
            )
        purse = self._purse
        if purse is None or not coins:
            return new_transaction(layout, block_index, position, signers or [self._validators], script)
        moved = self._moved(purse, declared, coins)
        unsigned = purse.layout.coin_transaction(block_index, position, signers, script, moved)
        return NewTransaction(UInt256(layout.digest(unsigned)), unsigned)

    def begin(self, coins: "Coins | None", height: int) -> None:
        """Begins a block above a height: what accounts can spend is what they have there."""
        if coins is not None:
            from rpcnode.chain.described.coins import COINS, Purse

            self._purse, self._coin_names = Purse(coins, height), COINS.keys()

    def note(self, transaction: NewTransaction) -> None:
        """Takes note of a transaction of the block, whose coins those after it can spend."""
        if self._purse is not None:
            self._purse.add(self._purse.layout.coin_moves(transaction.unsigned))

    def spare(self, transaction: NewTransaction) -> None:
        """Leaves the coins alone that a client's transaction is about to spend."""
        if self._purse is not None:
            self._purse.spare(self._purse.layout.coin_moves(transaction.unsigned))

    def _is_coin(self, transfer: DeclaredTransfer) -> bool:
        return transfer.is_coin and transfer.asset in self._coin_names

    def _moved(
        self, purse: "Purse", declared: DeclaredTransaction, transfers: Sequence[DeclaredTransfer]
    ) -> CoinTransfer:
        from rpcnode.chain.described.coins import NotEnough

        if declared.faults:
            raise PlayError(declared.where, "moves NEO or GAS, which go though a script fails; leave faults out")
        try:
            return purse.transfer(transfers, self._validators)
        except NotEnough as lack:
            first = transfers[0]
            told = f"cannot move so much of {first.written_asset or first.asset}: {lack.account} {lack}"
            raise PlayError(first.where, told) from None
