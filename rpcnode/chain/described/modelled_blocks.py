"""The blocks of a description whose contracts are modelled: those of the older profiles."""

from dataclasses import replace
from itertools import count
from typing import Final

from rpcnode.chain import declaration as described
from rpcnode.chain.block_runner import run_block
from rpcnode.chain.blocks import NewBlock
from rpcnode.chain.described.described import derived_hash
from rpcnode.chain.described.transactions import DeclaredTransactions
from rpcnode.chain.ledger import Ledger
from rpcnode.chain.modelled_run import ModelledBlock, ModelledContract, ModelledRun, ModelledTransaction, Standing
from rpcnode.execution.contract_state import Code, ContractState, Model
from rpcnode.execution.native_hashes import NATIVE_TOKENS
from rpcnode.models.modelled import (
    DIVISIBLE_ABI,
    FUNGIBLE_ABI,
    INDIVISIBLE_ABI,
    PLAIN_ABI,
    ModelledAbi,
    modelled_manifest,
    modelled_nef,
)

MODELS: Final[dict[described.Standard, Model]] = {"NEP-5": Model.TOKEN, "NEP-17": Model.TOKEN, "NEP-11": Model.NFT}


class ModelledBlocks:
    """The blocks of one description, for one ledger."""

    def __init__(self, ledger: Ledger, description: described.DeclaredChain) -> None:
        self._ledger: Final = ledger
        self._description: Final = description
        self._blocks: Final = {block.index: block for block in description.blocks if block.index > 0}
        self._by_key: Final = self._contract_states()
        self._transactions: Final = DeclaredTransactions(ledger.layout, ledger.validators, self._by_key.__getitem__)
        self._runner: Final = ModelledRun(ledger, self._contract_of)
        self.indexes: Final = tuple(self._blocks)

    def genesis(self) -> NewBlock:
        """The first block, which has all contracts of the description, those to come too."""
        supplies = self._description.unnamed_supplies()
        return self._runner.genesis(
            [
                (ModelledContract(self._by_key[contract.key], contract), supplies.get(contract.key))
                for contract in self._description.contracts
            ]
        )

    def new_block(self, index: int) -> NewBlock:
        """The block of an index. Raises PlayError where a transaction of it fails that was not declared to."""
        block, made = self._blocks[index], list[ModelledTransaction]()
        self._transactions.begin(self._ledger.coins, index - 1)
        for position, declared in enumerate(block.transactions):
            transaction = self._transactions.make(index, position, declared)
            self._transactions.note(transaction)
            made.append(ModelledTransaction(transaction, declared))
        timestamp_ms = block.timestamp_ms
        if timestamp_ms is None:
            timestamp_ms = self._ledger.timestamp_ms(index)
        return run_block(self._ledger, self._runner, ModelledBlock(index, timestamp_ms, made))

    def where(self, index: int) -> str:
        """The path of a block."""
        return self._blocks[index].where

    def _contract_of(self, key: str, standing: Standing) -> ContractState:
        return self._by_key[key]

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


def contract_state_of(contract: described.DeclaredContract, contract_id: int) -> ContractState:
    """The state that a declared contract shows."""
    standards = () if contract.standard == "none" else (contract.standard,)
    return ContractState(
        contract_id=contract_id,
        script_hash=contract.script_hash or derived_hash(contract, "n2"),
        update_counter=0,
        code=Code(modelled_nef(), modelled_manifest(contract.name, standards, _abi_of(contract))),
        deployed_at=contract.deployed_at,
        destroyed_at=contract.destroyed_at,
        model=Model.TOLD_TOKEN if contract.balance_of else MODELS.get(contract.standard),
        symbol=contract.symbol,
        decimals=contract.decimals,
    )


def _declared_native(native: ContractState, contract: described.DeclaredContract) -> ContractState:
    """A native contract with the name and symbol that the declaration gives it."""
    code = Code(native.nef, replace(native.manifest, name=contract.name))
    return replace(native, code=code, symbol=contract.symbol)


def _abi_of(contract: described.DeclaredContract) -> ModelledAbi:
    if contract.standard == "NEP-11":
        return DIVISIBLE_ABI if contract.decimals > 0 else INDIVISIBLE_ABI
    return FUNGIBLE_ABI if contract.standard in MODELS else PLAIN_ABI
