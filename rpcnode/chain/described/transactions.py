"""Declared transactions: the real ones they become, and what running one does.

A fixture's blocks and the dev methods declare transactions in the same words (description.py); both come through here.
"""

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING

from rpcnode.chain.blocks import NewTransaction
from rpcnode.chain.declaration import DeclaredNotification, DeclaredTransaction, DeclaredTransfer
from rpcnode.chain.format.layout import CoinTransfer, PayloadLayout
from rpcnode.chain.transfers import (
    TRANSFER_EVENT,
    new_transaction,
    notify_script,
    transfer_notification,
    transfer_script,
)
from rpcnode.execution.contract_state import ContractState, Model
from rpcnode.execution.records import Notification, StateForm, notification_of_item
from rpcnode.execution.storage import Storage, read_integer
from rpcnode.models import nft, token
from rpcnode.models.observed import as_observed
from rpcnode.primitives.errors import NodeError, ProfileName, VmFault
from rpcnode.primitives.uint import UInt160, UInt256
from rpcnode.vm.items import Array, Struct

if TYPE_CHECKING:
    from rpcnode.chain.coins import Coins
    from rpcnode.chain.described.coins import Purse

ContractOf = Callable[[str], ContractState]
"""What `DeclaredTransfer.asset` and `Notification.contract` name; raises PlayError for what is no contract."""

MAX_SUPPLY = 2**255 - 1
"""What an integer of the VM holds."""

DECLARED_TO_FAIL = "at instruction 0 (ABORT): declared to fail"
"""The exception of a transaction that was declared to fail."""

_TOKENS = (Model.TOKEN, Model.OBSERVED_TOKEN, Model.TOLD_TOKEN)
_NFTS = (Model.NFT, Model.OBSERVED_NFT)
_OBSERVED = (Model.OBSERVED_TOKEN, Model.OBSERVED_NFT, Model.TOLD_TOKEN)


class PlayError(NodeError):
    """A description that reads well cannot be played; `where` is the path of what fails."""

    def __init__(self, where: str, message: str) -> None:
        super().__init__(f"{where}: {message}")
        self.where = where
        self.message = message


class DeclaredTransactions:
    """Makes and runs the declared transactions of one chain; `validators` sign what nobody else does."""

    def __init__(
        self, profile: ProfileName, layout: PayloadLayout, validators: UInt160, contract_of: ContractOf
    ) -> None:
        self._layout = layout
        self._validators = validators
        self._contract_of = contract_of
        self._event_name = TRANSFER_EVENT[profile]
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

    def run(self, storage: Storage, declared: DeclaredTransaction) -> list[Notification]:
        """Moves what is declared, unless it is declared to fail, and gives the events of all of it.

        Raises PlayError where a contract would fail; what was moved until then stays in `storage`.
        """
        notifications: list[Notification] = []
        for transfer in declared.transfers:
            if self._is_coin(transfer):
                continue  # its inputs and outputs move it, and there is no event
            contract = self._contract_of(transfer.asset)
            if not declared.faults:
                _move(storage, contract, transfer)
            notifications.append(transfer_notification(self._event_name, contract.script_hash, transfer))
        for event in declared.notifications:
            notifications.append(notified(self._contract_of(event.contract).script_hash, event))
        return notifications


def _move(storage: Storage, contract: ContractState, transfer: DeclaredTransfer) -> None:
    asset = transfer.written_asset or transfer.asset
    if contract.model in _OBSERVED:
        contract = as_observed(contract)
    try:
        if transfer.token_id is not None and contract.model in _NFTS:
            nft.move_token(storage, contract, transfer.sender, transfer.receiver, transfer.amount, transfer.token_id)
        elif contract.model in _TOKENS:
            token.move(storage, contract.contract_id, transfer.sender, transfer.receiver, transfer.amount)
        else:
            raise PlayError(transfer.where, f"{asset} is no token that can be moved")
        if transfer.sender is None and _supply(storage, contract) > MAX_SUPPLY:
            raise PlayError(transfer.where, f"cannot mint {transfer.amount} of {asset}: 255 bits do not hold all of it")
    except token.Overspent as fault:
        sender = transfer.written_sender or transfer.sender
        raise PlayError(transfer.where, f"cannot move {transfer.amount} of {asset}: {sender} {fault.lack}") from None
    except VmFault as fault:
        raise PlayError(transfer.where, f"cannot move {transfer.amount} of {asset}: {fault}") from None


def _supply(storage: Storage, contract: ContractState) -> int:
    return read_integer(storage, contract.contract_id, token.TOTAL_SUPPLY)


def notified(contract: UInt160, event: DeclaredNotification) -> Notification:
    """A declared event; a name that is the first item, as before N3's preview3, is taken out."""
    if event.event_name is not None:
        return Notification(contract, event.event_name, event.state)
    if event.state_form is StateForm.OTHER:
        return Notification(contract, None, event.state, StateForm.OTHER)
    kind = Struct if event.state_form is StateForm.STRUCT else Array
    return notification_of_item(contract, kind(event.state))
