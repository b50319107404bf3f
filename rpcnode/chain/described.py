"""Plays a description into a ledger: contracts, genesis, then every declared block up to the height."""

from collections.abc import Iterable
from dataclasses import replace

from rpcnode.chain import description as described
from rpcnode.chain.blocks import NewBlock, NewTransaction, StoredHeader
from rpcnode.chain.execution import Execution, Notification
from rpcnode.chain.keyring import validators_address
from rpcnode.chain.ledger import Ledger
from rpcnode.chain.network import NetworkParameters, network_defaults
from rpcnode.chain.storage import BlockStorage
from rpcnode.chain.transfers import (
    MAX_SIGNERS,
    TRANSFER_EVENT,
    application_execution,
    new_transaction,
    notify_script,
    transfer_notification,
    transfer_script,
)
from rpcnode.contracts import token
from rpcnode.contracts.modelled import modelled_hash, modelled_manifest, modelled_nef
from rpcnode.contracts.natives import NATIVE_TOKENS
from rpcnode.contracts.state import ContractState, Model
from rpcnode.payloads.merkle import merkle_root
from rpcnode.primitives.errors import NodeError, ProfileName, VmFault
from rpcnode.primitives.uint import UInt160, UInt256
from rpcnode.vm.script_builder import ScriptBuilder

GENESIS_WITNESS = b"\x00\x01\x11"
"""No invocation script, and a verification script that pushes 1."""

TOKEN_STANDARDS = ("NEP-5", "NEP-17")


class PlayError(NodeError):
    """A description that reads well cannot be played; `where` is the path of what fails."""

    def __init__(self, where: str, message: str) -> None:
        super().__init__(f"{where}: {message}")
        self.where = where
        self.message = message


def parameters_of(profile: ProfileName, network: described.Network) -> NetworkParameters:
    """The profile's constants, with what the description overrides."""
    defaults = network_defaults(profile)
    return replace(
        defaults,
        magic=defaults.magic if network.magic is None else network.magic,
        chain_id=network.chain_id,
        ms_per_block=network.ms_per_block,
        genesis_time_ms=network.genesis_time_ms,
    )


def derived_hash(contract: described.Contract) -> UInt160:
    """The script hash of a contract that was given none: what N3 gives that name when the dev validator deploys it."""
    return modelled_hash(validators_address(network_defaults("n3")), contract.name)


class DescribedChain:
    """One description on its way into one ledger."""

    def __init__(self, ledger: Ledger, description: described.ChainDescription) -> None:
        self._ledger = ledger
        self._description = description
        self._event_name = TRANSFER_EVENT[ledger.profile]
        self._by_key = self._contract_states()
        self._declared = {contract.key: contract for contract in description.contracts}

    def play(self) -> None:
        """Brings the ledger to the description's height, from wherever it stands.

        Each declared block is one transaction. Raises PlayError where the description cannot be played.
        """
        if self._ledger.height < 0:
            self._apply_genesis()
        for block in self._description.blocks:
            if self._ledger.height < block.index <= self._description.height:
                self._apply(block)
        if self._ledger.height < self._description.height:
            self._ledger.advance(self._description.height, self._description.header_height)
        elif self._ledger.header_height < self._description.header_height:
            self._ledger.advance(self._ledger.height, self._description.header_height)

    def _contract_states(self) -> dict[str, ContractState]:
        natives = {
            name: contract
            for name, script_hash in NATIVE_TOKENS[self._ledger.profile].items()
            if (contract := self._ledger.state_at(0).contract_ever(script_hash)) is not None
        }
        declared = sorted(
            enumerate(self._description.contracts), key=lambda numbered: (numbered[1].deployed_at, numbered[0])
        )
        states = {
            contract.key: self._contract_state(contract, contract_id)
            for contract_id, (_, contract) in enumerate(declared, start=1)
        }
        return natives | states

    def _contract_state(self, contract: described.Contract, contract_id: int) -> ContractState:
        is_token = contract.standard in TOKEN_STANDARDS
        standards = () if contract.standard == "none" else (contract.standard,)
        return ContractState(
            contract_id=contract_id,
            script_hash=contract.script_hash or derived_hash(contract),
            update_counter=0,
            nef=modelled_nef().to_json(),
            manifest=modelled_manifest(contract.name, standards, is_token),
            deployed_at=contract.deployed_at,
            destroyed_at=contract.destroyed_at,
            model=Model.TOKEN if is_token else None,
            symbol=contract.symbol,
            decimals=contract.decimals,
            key=contract.key,
        )

    def _apply_genesis(self) -> None:
        ledger = self._ledger
        hashed_part = ledger.headers.new_header(0, UInt256.ZERO, UInt256.ZERO, ledger.parameters.genesis_time_ms)
        keys = [contract.key for contract in self._description.contracts]
        storage = ledger.new_storage()
        self._put_unnamed_supply(storage)
        ledger.apply_block(
            NewBlock(
                index=0,
                timestamp_ms=ledger.parameters.genesis_time_ms,
                merkle_root=UInt256.ZERO,
                transactions=(),
                executions=(),
                storage=storage,
                header=StoredHeader(ledger.headers.digest(hashed_part), hashed_part, GENESIS_WITNESS),
                contracts=[self._by_key[key] for key in keys],
            )
        )

    def _put_unnamed_supply(self, storage: BlockStorage) -> None:
        """A total supply above what the description mints belongs to holders it does not name, from the start."""
        minted: dict[str, int] = {}
        for block in self._description.blocks:
            for transaction in block.transactions:
                for transfer in () if transaction.faults else transaction.transfers:
                    change = (transfer.amount if transfer.sender is None else 0) - (
                        transfer.amount if transfer.receiver is None else 0
                    )
                    minted[transfer.asset] = minted.get(transfer.asset, 0) + change
        for contract in self._description.contracts:
            if contract.total_supply is not None and self._by_key[contract.key].model is Model.TOKEN:
                unnamed = contract.total_supply - minted.get(contract.key, 0)
                token.write_integer(storage, self._by_key[contract.key].contract_id, token.TOTAL_SUPPLY, unnamed)

    def _apply(self, block: described.Block) -> None:
        storage = self._ledger.new_storage()
        transactions: list[NewTransaction] = []
        executions: list[Execution] = []
        for position, declared in enumerate(block.transactions):
            transaction = self._transaction(block.index, position, declared)
            notifications = self._run(storage, declared)
            exception = "at instruction 0 (ABORT): declared to fail" if declared.faults else None
            transactions.append(transaction)
            executions.append(application_execution(self._ledger.profile, transaction.hash, notifications, exception))
        timestamp_ms = block.timestamp_ms
        if timestamp_ms is None:
            timestamp_ms = self._ledger.timestamp_ms(block.index)
        try:
            self._ledger.apply_block(
                NewBlock(
                    index=block.index,
                    timestamp_ms=timestamp_ms,
                    merkle_root=merkle_root([transaction.hash for transaction in transactions]),
                    transactions=transactions,
                    executions=tuple(executions),
                    storage=storage,
                )
            )
        except NodeError as error:
            raise PlayError(block.where, str(error)) from error

    def _transaction(self, block_index: int, position: int, declared: described.Transaction) -> NewTransaction:
        script = ScriptBuilder()
        for transfer in declared.transfers:
            asset = self._by_key[transfer.asset].script_hash
            transfer_script(script, asset, transfer.sender, transfer.receiver, transfer.amount)
        for notification in declared.notifications:
            notify_script(script, self._by_key[notification.contract].script_hash, notification.event_name)
        signers = list(dict.fromkeys(transfer.sender or self._ledger.validators for transfer in declared.transfers))
        if len(signers) > MAX_SIGNERS:
            raise PlayError(
                declared.where, f"{len(signers)} senders must sign, a transaction has at most {MAX_SIGNERS}"
            )
        return new_transaction(block_index, position, signers or [self._ledger.validators], script.to_bytes())

    def _run(self, storage: BlockStorage, declared: described.Transaction) -> Iterable[Notification]:
        notifications: list[Notification] = []
        for transfer in declared.transfers:
            contract = self._by_key[transfer.asset]
            if not declared.faults:
                self._move(storage, contract, transfer)
            notifications.append(
                transfer_notification(
                    self._event_name, contract.script_hash, transfer.sender, transfer.receiver, transfer.amount
                )
            )
        for event in declared.notifications:
            notifications.append(Notification(self._by_key[event.contract].script_hash, event.event_name, event.state))
        return notifications

    def _move(self, storage: BlockStorage, contract: ContractState, transfer: described.Transfer) -> None:
        if contract.model is not Model.TOKEN:
            raise PlayError(transfer.where, f"{transfer.asset} is no token that can be moved here")
        try:
            token.move(storage, contract.contract_id, transfer.sender, transfer.receiver, transfer.amount)
        except VmFault as fault:
            raise PlayError(transfer.where, f"cannot move {transfer.amount} of {transfer.asset}: {fault}") from None


def private_keys_of(description: described.ChainDescription) -> dict[UInt160, bytes]:
    """The keys that the description gives."""
    return {
        account.script_hash: account.private_key for account in description.accounts if account.private_key is not None
    }
