"""The blocks of a description on N3: each is executed, and its contracts are real ones."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final, NamedTuple

from rpcnode.chain import declaration as described
from rpcnode.chain.block_runner import run_block
from rpcnode.chain.blocks import NewBlock
from rpcnode.chain.described.made import Made, Target, TransactionMaker
from rpcnode.chain.described.refusals import does_not_fail, why_not
from rpcnode.chain.described.tried import lack_of_gas, tried
from rpcnode.chain.injected import next_id
from rpcnode.chain.ledger import Ledger
from rpcnode.chain.persist import OwnBlock, Persist, Placed
from rpcnode.chain.verification.pooled_fees import fees_of
from rpcnode.execution.block_run import NativesFailed
from rpcnode.execution.contract import Contract
from rpcnode.execution.native_hashes import NATIVE_TOKENS
from rpcnode.execution.records import Execution
from rpcnode.models.declared.contracts import declared_contract
from rpcnode.models.declared.rows import properties_row
from rpcnode.models.nft import PROPERTIES
from rpcnode.models.token import TOTAL_SUPPLY
from rpcnode.payloads.verification import contract_hash
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.items import integer_bytes


@dataclass(slots=True)
class _Events:
    """What is declared for one block."""

    block: described.DeclaredBlock | None = None
    placed: list[described.DeclaredContract] = field(default_factory=list)
    deployed: list[described.DeclaredContract] = field(default_factory=list)
    destroyed: list[described.DeclaredContract] = field(default_factory=list)


class ExecutedBlocks:
    """The blocks of one description, for one ledger."""

    def __init__(self, ledger: Ledger, description: described.DeclaredChain) -> None:
        self._ledger: Final = ledger
        self._description: Final = description
        self._persist: Final = Persist(ledger)
        self._natives: Final = NATIVE_TOKENS["n3"]
        self._contracts: Final = self._made_contracts()
        self._scripts_run: Final = _scripts_run(description)
        self._targets: Final[dict[str, Target]] = {}
        self._maker: Final = TransactionMaker(ledger.validators, self._target_of)
        self._unnamed: Final = description.unnamed_supplies()
        self._declared: Final = self._events()
        self.indexes: Final = tuple(index for index in self._declared if index > 0)

    def genesis(self) -> NewBlock:
        """The first block, with the contracts that stand from it on."""
        ledger, placed = self._ledger, self._declared[0].placed if 0 in self._declared else ()
        ledger.set_executed()
        witness = ledger.layout.genesis(ledger.parameters.validators).witness
        return self._persist.genesis([*map(self._placed, placed)], witness)

    def _events(self) -> dict[int, _Events]:
        events: dict[int, _Events] = {}
        for block in self._description.blocks:
            events.setdefault(block.index, _Events()).block = block
        for contract in self._description.contracts:
            if contract.compiled is not None:
                events.setdefault(contract.deployed_at, _Events()).deployed.append(contract)
            elif contract.key in self._contracts:
                events.setdefault(contract.deployed_at, _Events()).placed.append(contract)
                if contract.destroyed_at is not None:
                    events.setdefault(contract.destroyed_at, _Events()).destroyed.append(contract)
        for _, height in self._ledger.parameters.hardforks:
            if 0 < height <= self._description.height:
                events.setdefault(height, _Events())
        return dict(sorted(events.items()))

    def _made_contracts(self) -> dict[str, Contract]:
        """The contracts by key that are put in place, in the order of their ids; natives are there already."""
        natives = set(self._natives.values())
        declared = sorted(self._description.contracts, key=lambda each: each.deployed_at)
        own = (each for each in declared if each.script_hash not in natives and each.compiled is None)
        return {
            contract.key: made_contract(contract, number, self._ledger.validators)
            for number, contract in enumerate(own, 1)
        }

    def _target_of(self, key: str) -> Target:
        target = self._targets.get(key)
        if target is None:
            target = self._targets[key] = self._found_target(key)
        return target

    def _found_target(self, key: str) -> Target:
        contract = self._contracts.get(key)
        if contract is not None:
            return Target(contract.hash, contract.manifest.method("balanceOf", 2) is not None)
        declared = next((each for each in self._description.contracts if each.key == key), None)
        script_hash = self._natives[key] if declared is None else declared.script_hash
        assert script_hash is not None
        compiled = None if declared is None else declared.compiled
        return Target(script_hash, compiled is not None and compiled.manifest.method("balanceOf", 2) is not None)

    def _placed(self, declared: described.DeclaredContract) -> Placed:
        rows = first_rows(declared, self._unnamed.get(declared.key, 0))
        return Placed(self._contracts[declared.key], rows, declared.label)

    def where(self, index: int) -> str:
        """The path of what is declared for a block."""
        return _where(self._declared[index])

    def new_block(self, index: int) -> NewBlock:
        """The block of an index. Raises PlayError where a transaction of it does not do what is declared."""
        events = self._declared[index]
        block = events.block
        timestamp_ms = None if block is None else block.timestamp_ms
        if timestamp_ms is None:
            timestamp_ms = self._ledger.timestamp_ms(index)
        works = [*map(_deployment, events.deployed)]
        works += [_Work(each) for each in (() if block is None else block.transactions)]
        own = OwnBlock(
            index,
            timestamp_ms,
            placed=self._numbered(index, [*map(self._placed, events.placed)]),
            taken=[self._contracts[contract.key].hash for contract in events.destroyed],
            labels={each.script_hash: each.label for each in events.deployed if each.script_hash is not None},
        )
        if any(work.runs_a_script for work in works):
            made = self._tried(own, works)
        else:
            made = [self._maker.make(index, position, work.declared) for position, work in enumerate(works)]
        try:
            new_block = run_block(self._ledger, self._persist, replace(own, transactions=made))
        except NativesFailed as error:
            raise described.PlayError(_where(events), f"there cannot be such a block: {error}") from error
        for work, transaction, execution in zip(works, made, new_block.executions[1:-1], strict=True):
            self._check(index, work, transaction, execution)
        return new_block

    def _numbered(self, index: int, placed: list[Placed]) -> list[Placed]:
        """With the ids that come next, where scripts may have deployed contracts too."""
        if not placed or not self._scripts_run:
            return placed
        first = next_id(self._persist.snapshot(index - 1))
        return [
            replace(each, contract=replace(each.contract, id=contract_id))
            for contract_id, each in enumerate(placed, first)
        ]

    def _tried(self, own: OwnBlock, works: Sequence["_Work"]) -> list[Made]:
        """The transactions of a block, each tried on what those before it left."""
        run, _ = self._persist.begun(own)
        made: list[Made] = []
        for position, work in enumerate(works):
            make = partial(self._make, own.index, position, work)
            if work.runs_a_script:
                each, trial = tried(run, make)
                self._check(own.index, work, each, trial)
            else:
                each = make(None)
            made.append(each)
            run.transaction(each.transaction)
        storage, owed = self._persist.snapshot(own.index - 1), dict[UInt160, int]()
        for work, (transaction, _) in zip(works, made, strict=True):
            sender = transaction.sender
            owed[sender] = owed.get(sender, 0) + fees_of(transaction)
            lack = lack_of_gas(storage, sender, owed[sender])
            if lack is not None:
                raise described.PlayError(work.declared.where, f"{lack}; give it GAS in a block before")
        return made

    def _make(self, index: int, position: int, work: "_Work", system_fee: int | None) -> Made:
        return self._maker.make(
            index, position, work.declared, work.deployed, system_fee=system_fee, payer=work.declared.payer
        )

    def _check(self, index: int, work: "_Work", transaction: Made, execution: Execution) -> None:
        """Raises PlayError for a transaction that failed and was not declared to, or the other way round."""
        declared = work.declared
        if execution.halted:
            if declared.faults and declared.invocations:
                raise does_not_fail(declared)
        elif not declared.faults:
            raise self._refusal(index, declared, transaction, execution)

    def _refusal(
        self, index: int, declared: described.DeclaredTransaction, made: Made, execution: Execution
    ) -> described.PlayError:
        """Why a transaction failed that was not declared to."""
        snapshot = self._persist.snapshot(index - 1)
        run = self._persist.run_on(snapshot, index, self._ledger.timestamp_ms(index))
        return why_not(run, declared, self._target_of, str(execution.exception), self._ledger.validators)


class _Work(NamedTuple):
    """A transaction as it is declared, and what it deploys first."""

    declared: described.DeclaredTransaction
    deployed: described.CompiledContract | None = None

    @property
    def runs_a_script(self) -> bool:
        """Whether it runs a script that was not made here: what it takes is found out by trying it."""
        return bool(self.declared.invocations) or self.deployed is not None


def _deployment(contract: described.DeclaredContract) -> _Work:
    assert contract.compiled is not None
    signers = contract.compiled.signers
    payer = signers[0].account if signers else None
    return _Work(described.DeclaredTransaction((), (), False, contract.where, payer=payer), contract.compiled)


def made_contract(declared: described.DeclaredContract, contract_id: int, owner: UInt160) -> Contract:
    """The contract that a declaration stands for; `owner` alone may mint and burn."""
    nef, manifest = declared_contract(declared.standard, declared.name, declared.symbol, declared.decimals, owner)
    script_hash = declared.script_hash or contract_hash(owner, nef.checksum, declared.name)
    return Contract(contract_id, 0, script_hash, nef, manifest)


def first_rows(declared: described.DeclaredContract, unnamed_supply: int) -> dict[bytes, bytes]:
    """The storage that a declared contract begins with: what holders have that nobody names, and tokens' properties."""
    rows = {TOTAL_SUPPLY: integer_bytes(unnamed_supply)} if unnamed_supply else {}
    return {**rows, **{PROPERTIES + token_id: properties_row(told) for token_id, told in declared.tokens}}


def _scripts_run(description: described.DeclaredChain) -> bool:
    """Whether scripts run that were not made here."""
    if any(contract.compiled is not None for contract in description.contracts):
        return True
    return any(each.invocations for block in description.blocks for each in block.transactions)


def _where(events: _Events) -> str:
    if events.block is not None:
        return events.block.where
    return events.deployed[0].where if events.deployed else ""
