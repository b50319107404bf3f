"""The next block of a chain whose scripts are not run, while transactions come into it."""

from dataclasses import replace
from typing import Final

from rpcnode.chain.block_draft import BlockDraft
from rpcnode.chain.block_runner import run_block
from rpcnode.chain.blocks import NewBlock, NewTransaction
from rpcnode.chain.declaration import DeclaredContract
from rpcnode.chain.described.deployments import deploy_script
from rpcnode.chain.described.modelled_blocks import contract_state_of
from rpcnode.chain.described.transactions import DeclaredTransactions
from rpcnode.chain.ledger import Ledger
from rpcnode.chain.mempool import WaitingTransaction, Work
from rpcnode.chain.modelled_run import ModelledBlock, ModelledContract, ModelledRun, ModelledTransaction, Standing
from rpcnode.execution.contract_state import ContractState


class ModelledDraft(BlockDraft):
    """The block after the newest one: models do what its transactions declare."""

    def __init__(self, ledger: Ledger) -> None:
        super().__init__(ledger)
        self._runner: Final = ModelledRun(ledger, self._contract_of)
        self._run: Final = self._runner.begun(self.index)
        self._declared: Final = DeclaredTransactions(ledger.layout, ledger.validators, self._standing_contract)
        self._declared.begin(ledger.coins, ledger.height)
        self._made: Final[list[ModelledTransaction]] = []
        self._clients: Final[list[NewTransaction]] = []
        for waiting in ledger.mempool.of_clients():
            self._declared.spare(waiting.transaction)

    def make(self, position: int, work: Work) -> NewTransaction:
        first_call = b""
        if work.deploys is not None:
            first_call = deploy_script(self._ledger.profile, self._ledger.layout, self._deployed(work.deploys).state)
        return self._declared.make(self.index, position, work.declared, first_call)

    def can_pay(self, waiting: WaitingTransaction) -> bool:
        """Here a transaction costs nothing."""
        return True

    def add(self, waiting: WaitingTransaction, *, may_fail: bool) -> None:
        work = waiting.work
        if work is None:  # behind those that are declared, and verified: it runs when the block is closed
            self._clients.append(waiting.transaction)
            return
        deploys = None if work.deploys is None else self._deployed(work.deploys)
        made = ModelledTransaction(waiting.transaction, work.declared, deploys, may_fail)
        execution = self._run.transaction(made)
        if deploys is not None and execution.halted:
            state, declared = deploys
            self.contracts.append(state)
            self.labels[state.script_hash, state.deployed_at] = declared.label
        self._made.append(made)
        self._declared.note(waiting.transaction)

    def close(self, timestamp_ms: int) -> NewBlock:
        return run_block(self._ledger, self._runner, ModelledBlock(self.index, timestamp_ms, self._made, self._clients))

    def _deployed(self, contract: DeclaredContract) -> ModelledContract:
        ids = [0, *(known.contract_id for known in (*self._ledger.contracts(), *self.contracts))]
        declared = replace(contract, deployed_at=self.index, destroyed_at=None)
        return ModelledContract(contract_state_of(declared, max(ids) + 1), declared)

    def _standing_contract(self, written: str) -> ContractState:
        return self._contract_of(written, self._run.standing)

    def _contract_of(self, written: str, standing: Standing) -> ContractState:
        contract = standing(self._hash_of(written))
        if contract is None:
            raise self._no_contract(written)
        return contract
