"""The next block of a chain while transactions come into it."""

from dataclasses import replace

from rpcnode.chain.blocks import NewBlock, NewTransaction
from rpcnode.chain.client_block import run_clients, with_fees
from rpcnode.chain.db.contract_rows import Labels
from rpcnode.chain.declaration import DeclaredContract
from rpcnode.chain.described.deployments import deploy_notifications, deploy_script
from rpcnode.chain.described.described import contract_state_of, label_of, put_supply, put_told
from rpcnode.chain.described.transactions import DECLARED_TO_FAIL, DeclaredTransactions, PlayError
from rpcnode.chain.ledger import Ledger
from rpcnode.chain.mempool import WaitingTransaction, Work
from rpcnode.chain.transfers import application_execution
from rpcnode.execution.contract_state import ContractState
from rpcnode.execution.overlay import Overlay
from rpcnode.execution.records import Execution, Notification
from rpcnode.models import nft
from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.uint import UInt160


class BlockDraft:
    """The block after the newest one: its transactions run in order, each on what those before it left."""

    def __init__(self, ledger: Ledger) -> None:
        self.index = ledger.height + 1
        self.contracts: list[ContractState] = []
        self.labels: Labels = {}
        self._ledger = ledger
        self._storage = ledger.new_storage()
        self._overlay = Overlay(self._storage)
        self._declared = DeclaredTransactions(ledger.profile, ledger.layout, ledger.validators, self._contract_of)
        self._declared.begin(ledger.coins, ledger.height)
        self._transactions: list[NewTransaction] = []
        self._executions: list[Execution] = []
        self._clients: list[NewTransaction] = []
        for waiting in ledger.mempool.of_clients():
            self._declared.spare(waiting.transaction)

    def make(self, position: int, work: Work) -> NewTransaction:
        """The transaction that does what is declared. Raises PlayError where none can."""
        first_call = b""
        if work.deploys is not None:
            state = self._deployed(work.deploys)
            first_call = deploy_script(self._ledger.profile, self._ledger.layout, state)
        return self._declared.make(self.index, position, work.declared, first_call)

    def can_pay(self, waiting: WaitingTransaction) -> bool:
        """Whether a transaction's sender has what it costs: here it costs nothing."""
        return True

    def add(self, waiting: WaitingTransaction, *, may_fail: bool) -> None:
        """Runs a transaction and takes it in.

        Where a contract fails, it is in the block as a failed one, or with `may_fail` false not at all: PlayError.
        One of a client was verified; it runs behind all that are declared, when the block is closed.
        """
        work = waiting.work
        if work is None:
            self._clients.append(waiting.transaction)
            return
        mark, contracts = self._overlay.mark(), len(self.contracts)
        try:
            notifications = self._run(work)
            exception = DECLARED_TO_FAIL if work.declared.faults else None
        except PlayError as error:
            self._overlay.revert_to(mark)
            del self.contracts[contracts:]
            if not may_fail:
                raise
            notifications, exception = [], f"at instruction 0 (ABORT): {error.message}"
        self._transactions.append(waiting.transaction)
        self._declared.note(waiting.transaction)
        self._executions.append(application_execution(self._ledger.profile, waiting.hash, notifications, exception))

    def close(self, timestamp_ms: int) -> NewBlock:
        """The block, for the ledger."""
        ran = run_clients(self._ledger, self._overlay, self._standing, self._clients) if self._clients else []
        self._overlay.commit()
        transactions = [*self._transactions, *self._clients]
        transactions, merkle_root = with_fees(self._ledger, self.index, transactions, self._clients)
        return NewBlock(
            index=self.index,
            timestamp_ms=timestamp_ms,
            merkle_root=merkle_root,
            transactions=transactions,
            executions=(*self._executions, *ran),
            storage=self._storage,
            contracts=self.contracts,
            labels=self.labels,
        )

    def _run(self, work: Work) -> list[Notification]:
        notifications: list[Notification] = []
        if work.deploys is not None:
            state = self._deployed(work.deploys)
            if self._standing(state.script_hash) is not None:
                raise PlayError("", f"there is a contract {state.script_hash} already")
            self._fill(state, work.deploys)
            self.contracts.append(state)
            self.labels[state.script_hash, state.deployed_at] = label_of(work.deploys)
            notifications += deploy_notifications(self._ledger.profile, state)
        notifications += self._declared.run(self._overlay, work.declared)
        return notifications

    def _deployed(self, contract: DeclaredContract) -> ContractState:
        ids = [0, *(known.contract_id for known in (*self._ledger.contracts(), *self.contracts))]
        return contract_state_of(replace(contract, deployed_at=self.index, destroyed_at=None), max(ids) + 1)

    def _fill(self, state: ContractState, contract: DeclaredContract) -> None:
        """A total supply belongs to holders that nobody names; the properties of tokens stand from the start."""
        if contract.total_supply is not None:
            put_supply(self._overlay, state, contract.total_supply)
        put_told(self._overlay, state, contract)
        for token_id, properties in contract.tokens:
            nft.put_properties(self._overlay, state, token_id, properties)

    def _contract_of(self, written: str) -> ContractState:
        try:
            contract = self._standing(UInt160.parse(written))
        except FormatError as error:
            raise PlayError("", str(error)) from None
        if contract is None:
            raise PlayError("", f"there is no contract {written} at block {self.index}")
        return contract

    def _standing(self, script_hash: UInt160) -> ContractState | None:
        for contract in self.contracts:
            if contract.script_hash == script_hash:
                return contract
        known = self._ledger.state().contract_ever(script_hash)
        return known if known is not None and known.exists_at(self.index) else None
