"""The next block of an executed chain while transactions come into it."""

from functools import partial
from typing import Final

from rpcnode.chain.block_draft import BlockDraft
from rpcnode.chain.block_runner import run_block
from rpcnode.chain.blocks import NewBlock, NewTransaction
from rpcnode.chain.client_transactions import client_transaction
from rpcnode.chain.db.contract_rows import Label
from rpcnode.chain.declaration import CompiledContract, DeclaredContract, PlayError
from rpcnode.chain.described.described import derived_hash
from rpcnode.chain.described.executed_blocks import first_rows, made_contract
from rpcnode.chain.described.made import Made, Target, TransactionMaker
from rpcnode.chain.described.refusals import does_not_fail, why_not
from rpcnode.chain.described.tried import lack_of_gas, tried
from rpcnode.chain.executed.contracts import contract_state_of
from rpcnode.chain.injected import next_id, put_contract, put_rows
from rpcnode.chain.ledger import Ledger
from rpcnode.chain.mempool import WaitingTransaction, Work
from rpcnode.chain.persist import OwnBlock, Persist, Placed, new_transaction
from rpcnode.chain.verification.pooled_fees import fees_of
from rpcnode.execution.contract import Contract, contract_of
from rpcnode.execution.native_hashes import CONTRACT_MANAGEMENT
from rpcnode.execution.records import Execution, Notification
from rpcnode.execution.snapshot import Snapshot
from rpcnode.payloads.signer import Signer
from rpcnode.payloads.transaction import Transaction
from rpcnode.payloads.verification import contract_hash
from rpcnode.primitives.uint import UInt160


class ExecutedDraft(BlockDraft):
    """The block after the newest one: scripts are run, and natives do what they do before its transactions.

    A contract that is declared without a hash of its own is deployed by its transaction; one with a hash is put in
    place. What it stores from the start is written past all scripts in either case. Those of clients come last.
    """

    def __init__(self, ledger: Ledger) -> None:
        super().__init__(ledger)
        self._persist: Final = Persist(ledger)
        self._snapshot: Final = self._persist.snapshot(ledger.height)
        self._run: Final = self._persist.run_on(self._snapshot, self.index, ledger.clock.next_block_ms)
        self._maker: Final = TransactionMaker(ledger.validators, self._target_of)
        self._made: Final[list[Made]] = []
        self._owed: Final[dict[UInt160, int]] = {}
        self._before: Snapshot | None = None
        self._placed: Final[list[Placed]] = []
        self._rows: Final[dict[int, dict[bytes, bytes]]] = {}
        self._own_labels: Final[dict[UInt160, Label]] = {}

    def make(self, position: int, work: Work) -> NewTransaction:
        deployed, payer = self._deployment_of(work.deploys), work.declared.payer
        compiled = work.deploys is not None and work.deploys.compiled is not None
        if compiled and deployed is not None and deployed.signers:
            payer = deployed.signers[0].account

        def make(payer: UInt160 | None, system_fee: int | None) -> Made:
            return self._maker.make(self.index, position, work.declared, deployed, system_fee=system_fee, payer=payer)

        if not compiled and not work.declared.invocations:
            return new_transaction(make(payer, None).transaction, is_own=True)
        made, trial = tried(self._run, partial(make, payer))
        lack = self._lack(made.transaction)
        if lack is not None and payer is not None and not compiled:
            made, trial = tried(self._run, partial(make, None))
            lack = self._lack(made.transaction)
        if not work.declared.faults:
            self._check(work, trial)
        if lack is not None:
            raise PlayError(work.declared.where, lack)
        return new_transaction(made.transaction, is_own=True)

    def _check(self, work: Work, execution: Execution) -> None:
        """Raises PlayError, in words, for an execution that failed."""
        if not execution.halted:
            raise why_not(self._run, work.declared, self._target_of, str(execution.exception), self._ledger.validators)

    def can_pay(self, waiting: WaitingTransaction) -> bool:
        return self._lack(Transaction.parse_unsigned(waiting.transaction.unsigned)) is None

    def add(self, waiting: WaitingTransaction, *, may_fail: bool) -> None:
        work = waiting.work
        if work is None:  # behind those that are declared, and verified: it runs when the block is closed
            self._take_in_made(Made(client_transaction(waiting.transaction)))
            return
        transaction = Transaction.parse_unsigned(waiting.transaction.unsigned)
        contract = None if work.deploys is None else self._contract_of(work.deploys)
        if contract is not None and contract_of(self._snapshot, contract.hash) is not None and not may_fail:
            raise PlayError("", f"there is a contract {contract.hash} already")
        is_placed = contract is not None and self._deployment_of(work.deploys) is None
        if contract is not None and is_placed:
            put_contract(self._snapshot, contract)
        execution = self._run.transaction(transaction)
        if not work.declared.faults and not may_fail:
            self._check(work, execution)
        if execution.halted and work.declared.faults and work.declared.invocations and not may_fail:
            raise does_not_fail(work.declared)
        events = self._maker.events(work.declared)
        if work.deploys is not None and contract is not None and (is_placed or execution.halted):
            # What its `_deploy` made of it.
            contract = contract_of(self._snapshot, contract.hash) or contract
            self._take_in(work.deploys, contract, is_placed=is_placed)
            if is_placed:
                events = (Notification(CONTRACT_MANAGEMENT, "Deploy", (bytes(contract.hash),)), *events)
        self._take_in_made(Made(transaction, events))

    def close(self, timestamp_ms: int) -> NewBlock:
        own = OwnBlock(
            self.index, timestamp_ms, self._made, placed=self._placed, rows=self._rows, labels=self._own_labels
        )
        return run_block(self._ledger, self._persist, own)

    def _take_in_made(self, made: Made) -> None:
        sender = made.transaction.sender
        self._made.append(made)
        self._owed[sender] = self._owed.get(sender, 0) + fees_of(made.transaction)

    def _take_in(self, declared: DeclaredContract, contract: Contract, *, is_placed: bool) -> None:
        rows, label = first_rows(declared, declared.total_supply or 0), declared.label
        put_rows(self._snapshot, contract.id, rows)
        if is_placed:
            self._placed.append(Placed(contract, rows, label))
        else:
            self._rows[contract.id] = rows
            self._own_labels[contract.hash] = label
        state = contract_state_of(contract, self.index)
        self.contracts.append(state)
        self.labels[state.script_hash, state.deployed_at] = label

    def _contract_of(self, declared: DeclaredContract) -> Contract:
        """The contract as it will stand; a hash that was only derived is that of this chain's own deployment."""
        if declared.compiled is not None:
            assert declared.script_hash is not None
            compiled = declared.compiled
            return Contract(next_id(self._snapshot), 0, declared.script_hash, compiled.nef, compiled.manifest)
        owner = self._ledger.validators
        contract = made_contract(declared, next_id(self._snapshot), owner)
        if declared.script_hash != derived_hash(declared):
            return contract
        own_hash = contract_hash(owner, contract.nef.checksum, declared.name)
        return Contract(contract.id, 0, own_hash, contract.nef, contract.manifest)

    def _deployment_of(self, declared: DeclaredContract | None) -> CompiledContract | None:
        """What a transaction deploys; None for a contract that is put in place, and for none."""
        if declared is None:
            return None
        if declared.compiled is not None:
            return declared.compiled
        contract = self._contract_of(declared)
        if not self._is_deployed(contract):
            return None
        return CompiledContract(contract.nef, contract.manifest, signers=(Signer(self._ledger.validators),))

    def _lack(self, transaction: Transaction) -> str | None:
        """What the sender of one more transaction lacks to pay for all of its own, in words."""
        if self._before is None:
            self._before = self._persist.snapshot(self._ledger.height)
        owed = self._owed.get(transaction.sender, 0) + fees_of(transaction)
        return lack_of_gas(self._before, transaction.sender, owed)

    def _is_deployed(self, contract: Contract) -> bool:
        """Whether a transaction of the validators' account can deploy the contract at its hash."""
        return contract.hash == contract_hash(self._ledger.validators, contract.nef.checksum, contract.manifest.name)

    def _target_of(self, written: str) -> Target:
        script_hash = self._hash_of(written)
        contract = contract_of(self._snapshot, script_hash)
        if contract is None:
            raise self._no_contract(written)
        return Target(script_hash, contract.manifest.method("balanceOf", 2) is not None)
