"""The next block of an executed chain while transactions come into it."""

from dataclasses import replace
from typing import Final

from rpcnode.chain.blocks import NewBlock, NewTransaction
from rpcnode.chain.db.contract_rows import Labels
from rpcnode.chain.declaration import DeclaredContract
from rpcnode.chain.described.executed_chain import first_rows, label_of, made_contract
from rpcnode.chain.described.made import Made, Target, TransactionMaker
from rpcnode.chain.described.refusals import why_not
from rpcnode.chain.described.transactions import PlayError
from rpcnode.chain.executed.contracts import contract_state_of
from rpcnode.chain.injected import next_id, put_contract, put_rows
from rpcnode.chain.ledger import Ledger
from rpcnode.chain.mempool import WaitingTransaction, Work
from rpcnode.chain.persist import OwnBlock, Persist, Placed, new_transaction
from rpcnode.execution.contract import contract_of
from rpcnode.execution.contract_state import ContractState
from rpcnode.payloads.transaction import Transaction
from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.uint import UInt160


class ExecutedDraft:
    """The block after the newest one: its transactions are tried in order, each on what those before it left.

    They run again, as one block, when it is closed: before them natives do what they do with all of them.
    """

    def __init__(self, ledger: Ledger) -> None:
        self.index: Final = ledger.height + 1
        self.contracts: Final[list[ContractState]] = []
        self.labels: Final[Labels] = {}
        self._ledger: Final = ledger
        self._persist: Final = Persist(ledger)
        self._snapshot: Final = self._persist.snapshot(ledger.height)
        self._run: Final = self._persist.run_on(self._snapshot, self.index, ledger.clock.next_block_ms)
        self._maker: Final = TransactionMaker(ledger.validators, self._target_of)
        self._made: Final[list[Made]] = []
        self._placed: Final[list[Placed]] = []

    def make(self, position: int, work: Work) -> NewTransaction:
        """The transaction that does what is declared. Raises PlayError where none can."""
        return new_transaction(self._maker.make(self.index, position, work.declared).transaction, is_own=True)

    def add(self, waiting: WaitingTransaction, *, may_fail: bool) -> None:
        """Runs a transaction and takes it in.

        Where it fails, it is in the block as a failed one, or with `may_fail` false not at all: PlayError.
        """
        work = waiting.work
        transaction = Transaction.parse_unsigned(waiting.transaction.unsigned)
        placed = None if work.deploys is None else self._placed_of(work.deploys)
        if placed is not None:
            if contract_of(self._snapshot, placed.contract.hash) is not None:
                raise PlayError("", f"there is a contract {placed.contract.hash} already")
            put_contract(self._snapshot, placed.contract)
            put_rows(self._snapshot, placed.contract.id, placed.rows)
        execution = self._run.transaction(transaction)
        if not execution.halted and not work.declared.faults and not may_fail:
            raise why_not(self._run, work.declared, self._target_of, str(execution.exception), self._ledger.validators)
        if placed is not None:
            self._placed.append(placed)
            state = contract_state_of(placed.contract, self.index)
            self.contracts.append(state)
            self.labels[state.script_hash, state.deployed_at] = placed.label
        events = self._maker.events(work.declared)
        self._made.append(Made(transaction, events))

    def close(self, timestamp_ms: int) -> NewBlock:
        """The block, for the ledger."""
        own = OwnBlock(self.index, timestamp_ms, self._made, placed=self._placed)
        return self._persist.made(own)[0]

    def _placed_of(self, declared: DeclaredContract) -> Placed:
        contract = made_contract(declared, next_id(self._snapshot), self._ledger.validators)
        rows = first_rows(declared, declared.total_supply or 0)
        return Placed(contract, rows, label_of(replace(declared, deployed_at=self.index, destroyed_at=None)))

    def _target_of(self, written: str) -> Target:
        try:
            script_hash = UInt160.parse(written)
        except FormatError as error:
            raise PlayError("", str(error)) from None
        contract = contract_of(self._snapshot, script_hash)
        if contract is None:
            raise PlayError("", f"there is no contract {written} at block {self.index}")
        return Target(script_hash, contract.manifest.method("balanceOf", 2) is not None)
