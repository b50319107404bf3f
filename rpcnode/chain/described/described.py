"""Plays a description into a ledger: contracts, genesis, then every declared block up to the height."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache, partial
from itertools import count
from typing import Any

from rpcnode.chain import declaration as described
from rpcnode.chain.blocks import NewBlock, NewTransaction, StoredHeader
from rpcnode.chain.db.contract_rows import Label
from rpcnode.chain.db.storage import BlockStorage
from rpcnode.chain.described.transactions import DECLARED_TO_FAIL, DeclaredTransactions, PlayError
from rpcnode.chain.keyring import validators_address
from rpcnode.chain.ledger import BlockRefused, Ledger
from rpcnode.chain.network import NetworkParameters, network_defaults
from rpcnode.chain.transfers import TRANSFER_EVENT, application_execution, transfer_notification
from rpcnode.execution.contract_state import ContractState, Model
from rpcnode.execution.native_hashes import NATIVE_TOKENS
from rpcnode.execution.records import Execution, Notification
from rpcnode.execution.storage import Storage, write_integer
from rpcnode.models import nft, token
from rpcnode.models.declared.contracts import declared_contract
from rpcnode.models.modelled import (
    DIVISIBLE_ABI,
    FUNGIBLE_ABI,
    INDIVISIBLE_ABI,
    PLAIN_ABI,
    ModelledAbi,
    modelled_hash,
    modelled_manifest,
    modelled_nef,
)
from rpcnode.models.observed import observed_id
from rpcnode.models.told_balances import tell
from rpcnode.payloads.account_scripts import ACCOUNT_SCRIPTS
from rpcnode.payloads.verification import contract_hash
from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.progress import counted
from rpcnode.primitives.uint import UInt160, UInt256

MODELS: dict[described.Standard, Model] = {"NEP-5": Model.TOKEN, "NEP-17": Model.TOKEN, "NEP-11": Model.NFT}


def parameters_of(profile: ProfileName, network: described.Network) -> NetworkParameters:
    """The profile's constants, with what the description overrides."""
    said = {
        "magic": network.magic,
        "chain_id": network.chain_id,
        "ms_per_block": network.ms_per_block,
        "genesis_time_ms": network.genesis_time_ms,
        "hardforks": network.hardforks if profile == "n3" else None,
        "standby_committee": network.committee,
        "validators_count": network.validators_count,
        "initial_gas": network.initial_gas,
        "max_traceable_blocks": network.max_traceable_blocks,
        "max_valid_until_block_increment": network.max_valid_until_block_increment,
        "max_transactions_per_block": network.max_transactions_per_block,
        "memory_pool_max_transactions": network.memory_pool_max_transactions,
    }
    overridden: dict[str, Any] = {key: value for key, value in said.items() if value is not None}
    return replace(network_defaults(profile), **overridden)


def derived_hash(contract: described.DeclaredContract, profile: ProfileName = "n3") -> UInt160:
    """The script hash of a contract that was given none: what N3 gives it when the dev validator deploys it.

    On older profiles it is that of a contract of the same name, which has no script there.
    """
    owner = dev_validators()
    if profile != "n3":
        return modelled_hash(owner, contract.name)
    nef, _ = declared_contract(contract.standard, contract.name, contract.symbol, contract.decimals, owner)
    return contract_hash(owner, nef.checksum, contract.name)


@cache
def dev_validators() -> UInt160:
    """The account of the validators of a chain that was given none."""
    return validators_address(ACCOUNT_SCRIPTS["n3"], network_defaults("n3"))


def hash_deriver(profile: ProfileName) -> Callable[[described.DeclaredContract], UInt160]:
    """What derives the script hash of a declared contract on a profile."""
    return partial(derived_hash, profile=profile)


class DescribedChain:
    """One description on its way into one ledger."""

    def __init__(self, ledger: Ledger, description: described.DeclaredChain) -> None:
        self._ledger = ledger
        self._description = description
        self._by_key = self._contract_states()
        self._transactions = DeclaredTransactions(
            ledger.profile, ledger.layout, ledger.validators, self._by_key.__getitem__
        )

    def play(self) -> None:
        """Brings the ledger to the description's height, from wherever it stands.

        Each declared block is one transaction. Raises PlayError where the description cannot be played.
        """
        if self._ledger.height < 0:
            self._apply_genesis()
        blocks = self._description.blocks
        for block in counted(blocks, "playing blocks", len(blocks)):
            if self._ledger.height < block.index <= self._description.height:
                self._apply(block)
        if self._ledger.height < self._description.height:
            self._ledger.advance(self._description.height, self._description.header_height)
        elif self._ledger.header_height < self._description.header_height:
            self._ledger.advance(self._ledger.height, self._description.header_height)
        later = [block for block in self._description.blocks if block.index > self._description.height]
        if later and self._ledger.first_held is None:
            self._hold(later)

    def _contract_states(self) -> dict[str, ContractState]:
        natives = {
            name: contract
            for name, script_hash in NATIVE_TOKENS[self._ledger.profile].items()
            if (contract := self._ledger.state().contract_ever(script_hash)) is not None
        }
        native_by_hash = {contract.script_hash: contract for contract in natives.values()}
        contract_ids = count(1)
        states: dict[str, ContractState] = {}
        for declared in sorted(self._description.contracts, key=lambda each: each.deployed_at):
            native = None if declared.script_hash is None else native_by_hash.get(declared.script_hash)
            if native is None:
                states[declared.key] = contract_state_of(declared, next(contract_ids))
            else:
                states[declared.key] = _declared_native(native, declared)
        return natives | states

    def _apply_genesis(self) -> None:
        ledger = self._ledger
        genesis = ledger.layout.genesis(ledger.parameters.validators)
        timestamp_ms = ledger.parameters.genesis_time_ms
        merkle_root = ledger.headers.merkle_root(0, [transaction.hash for transaction in genesis.transactions])
        hashed_part = ledger.headers.new_header(0, UInt256.ZERO, merkle_root, timestamp_ms)
        contracts = [(self._by_key[contract.key], contract) for contract in self._description.contracts]
        storage = ledger.new_storage()
        self._put_unnamed_supply(storage)
        standing = ledger.state()
        natives = ((standing.contract_ever(asset), amount) for asset, amount in genesis.mints)
        minted = [self._mint(storage, native, amount) for native, amount in natives if native is not None]
        self._put_properties(storage)
        for state, contract in contracts:
            put_told(storage, state, contract)
        ledger.apply_block(
            NewBlock(
                index=0,
                timestamp_ms=timestamp_ms,
                merkle_root=merkle_root,
                transactions=genesis.transactions,
                executions=tuple(application_execution(ledger.profile, ran, minted, None) for ran in genesis.executed),
                storage=storage,
                header=StoredHeader(ledger.headers.digest(hashed_part), hashed_part, genesis.witness),
                contracts=[state for state, _ in contracts],
                labels={(state.script_hash, state.deployed_at): label_of(contract) for state, contract in contracts},
            )
        )

    def _mint(self, storage: BlockStorage, native: ContractState, amount: int) -> Notification:
        """What a native token gives to the validators in the first block."""
        token.move(storage, native.contract_id, None, self._ledger.validators, amount)
        transfer = described.DeclaredTransfer(native.name, None, self._ledger.validators, amount, None, "")
        return transfer_notification(TRANSFER_EVENT[self._ledger.profile], native.script_hash, transfer)

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
            if contract.total_supply is not None:
                unnamed = contract.total_supply - minted.get(contract.key, 0)
                put_supply(storage, self._by_key[contract.key], unnamed)

    def _put_properties(self, storage: BlockStorage) -> None:
        """The properties of tokens stand from the start; those of a token without any are its id as its name."""
        for contract in self._description.contracts:
            for token_id, properties in contract.tokens:
                nft.put_properties(storage, self._by_key[contract.key], token_id, properties)

    def _apply(self, block: described.DeclaredBlock) -> None:
        try:
            self._ledger.apply_block(self._new_block(block))
        except BlockRefused as error:
            raise PlayError(block.where, str(error)) from error

    def _hold(self, later: Sequence[described.DeclaredBlock]) -> None:
        """Gives the ledger the blocks above the height, which it applies as the height rises."""
        block = later[0]

        def made() -> Iterator[NewBlock]:
            nonlocal block
            # So that a refusal finds the block it is about.
            for block in counted(later, "making the blocks above the height", len(later)):
                yield self._new_block(block)

        try:
            self._ledger.hold(made())
        except BlockRefused as error:
            raise PlayError(block.where, str(error)) from error

    def _new_block(self, block: described.DeclaredBlock) -> NewBlock:
        storage = self._ledger.new_storage()
        transactions: list[NewTransaction] = []
        executions: list[Execution] = []
        self._transactions.begin(self._ledger.coins, block.index - 1)
        for position, declared in enumerate(block.transactions):
            transaction = self._transactions.make(block.index, position, declared)
            self._transactions.note(transaction)
            notifications = self._transactions.run(storage, declared)
            exception = DECLARED_TO_FAIL if declared.faults else None
            transactions.append(transaction)
            executions.append(application_execution(self._ledger.profile, transaction.hash, notifications, exception))
        timestamp_ms = block.timestamp_ms
        if timestamp_ms is None:
            timestamp_ms = self._ledger.timestamp_ms(block.index)
        hashes = [transaction.hash for transaction in transactions]
        return NewBlock(
            index=block.index,
            timestamp_ms=timestamp_ms,
            merkle_root=self._ledger.headers.merkle_root(block.index, hashes),
            transactions=transactions,
            executions=tuple(executions),
            storage=storage,
        )


def put_supply(storage: Storage, state: ContractState, supply: int) -> None:
    """Sets how much there is of a modelled fungible token."""
    if state.model in (Model.TOKEN, Model.TOLD_TOKEN):
        told = state.model is Model.TOLD_TOKEN
        contract_id = observed_id(state.contract_id) if told else state.contract_id
        write_integer(storage, contract_id, token.TOTAL_SUPPLY, supply)


def put_told(storage: Storage, state: ContractState, contract: described.DeclaredContract) -> None:
    """Has a token's `balanceOf` answer what the description says."""
    for account, answer in contract.balance_of:
        tell(storage, state.contract_id, account, answer)


def contract_state_of(contract: described.DeclaredContract, contract_id: int) -> ContractState:
    """The state that a declared contract shows."""
    standards = () if contract.standard == "none" else (contract.standard,)
    return ContractState(
        contract_id=contract_id,
        script_hash=contract.script_hash or derived_hash(contract, "n2"),
        update_counter=0,
        nef=modelled_nef().to_json(),
        manifest=modelled_manifest(contract.name, standards, _abi_of(contract)),
        deployed_at=contract.deployed_at,
        destroyed_at=contract.destroyed_at,
        model=Model.TOLD_TOKEN if contract.balance_of else MODELS.get(contract.standard),
        symbol=contract.symbol,
        decimals=contract.decimals,
    )


def label_of(contract: described.DeclaredContract) -> Label:
    """What the declaration calls a contract, and says of it for REST faces only."""
    return Label(contract.key, contract.rest.to_json() or None)


def _declared_native(native: ContractState, contract: described.DeclaredContract) -> ContractState:
    """A native contract with the name and symbol that the declaration gives it."""
    return replace(
        native,
        manifest={**native.manifest, "name": contract.name},
        symbol=contract.symbol,
    )


def _abi_of(contract: described.DeclaredContract) -> ModelledAbi:
    if contract.standard == "NEP-11":
        return DIVISIBLE_ABI if contract.decimals > 0 else INDIVISIBLE_ABI
    return FUNGIBLE_ABI if contract.standard in MODELS else PLAIN_ABI
