"""Runs the scripts of recorded transactions again, so that contracts have the storage they had on the real node.

Every run is held against the recording: what it notified and what it left on the stack. A run that differs, or that
asks for what is not built here, changes nothing, and the contracts that the transaction may have written to are
observed from then on (contracts/recorded_scripts.py). Native contracts are not run: what a call of theirs notified is
read from the recording.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from rpcnode.chain.recorded.contract_versions import ContractVersions
from rpcnode.chain.recorded.world import RecordedNetwork, RecordedWorld
from rpcnode.execution.contract_abi import script_of_contract
from rpcnode.execution.contract_state import ContractState
from rpcnode.execution.engine import NotModelled, ScriptRun
from rpcnode.execution.recorded_scripts import runs, set_runs
from rpcnode.execution.records import Execution
from rpcnode.execution.serializers.item_json import item_to_json
from rpcnode.execution.storage import Storage
from rpcnode.execution.syscalls.services import SERVICES
from rpcnode.payloads.header import Header
from rpcnode.payloads.transaction import Transaction
from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.json import Json
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.items import StackItem, type_of

GAS_OVER_RECORDED: Final = 100_000_000

_NO_LIMIT: Final = 1 << 40


class ScriptReplay:
    """The scripts of one recording's transactions, in one block's storage at a time."""

    def __init__(self, network: RecordedNetwork, versions: ContractVersions) -> None:
        self._network: Final = network
        self._versions: Final = versions

    def run(self, storage: Storage, header: Header, transaction: Transaction, execution: Execution) -> None:
        """Runs a transaction that halted; its writes stay in `storage` only if the recording bears them out."""
        world = RecordedWorld(self._network, self._versions, storage, header, transaction, execution.notifications)
        run = ScriptRun(world, storage, execution.gas_consumed + GAS_OVER_RECORDED, SERVICES)
        try:
            is_borne_out = _bears_out(execution, run.execute_script(transaction.script))
        except (NotModelled, FormatError):
            is_borne_out = False
        made: Mapping[UInt160, ContractState | None] | None = None
        if is_borne_out:
            made = world.take_made(run)
            run.storage.commit()
            self._observe_from_now_on(storage, world.uncertain)
        else:
            named = {event.contract for event in execution.notifications} | run.calls.keys()
            self._observe_from_now_on(storage, self._reached(storage, named, transaction.script))
        self._versions.apply(header.index, transaction, execution, made)

    def _reached(self, storage: Storage, named: set[UInt160], script: bytes) -> list[ContractState]:
        """The contracts that are run and that a script may have called, be it through others.

        Whom a contract calls is in its script, in its storage, or in what it is given.
        """
        left = [contract for contract in self._versions.standing.values() if runs(storage, contract.contract_id)]
        reached: list[ContractState] = []
        seen = [script]
        while True:
            found = [
                contract
                for contract in left
                if contract.script_hash in named or any(bytes(contract.script_hash) in data for data in seen)
            ]
            if not found:
                return reached
            reached += found
            left = [contract for contract in left if contract not in found]
            seen = [data for contract in found for data in _data_of(storage, contract)]

    def _observe_from_now_on(self, storage: Storage, contracts: Iterable[ContractState]) -> None:
        for contract in contracts:
            set_runs(storage, contract.contract_id, is_run=False)


def _data_of(storage: Storage, contract: ContractState) -> list[bytes]:
    """Where the hashes of other contracts may stand."""
    tokens = contract.nef.get("tokens")
    named = [
        bytes(UInt160.parse(str(token["hash"])))
        for token in (tokens if isinstance(tokens, list) else ())
        if isinstance(token, dict)
    ]
    return [script_of_contract(contract).data, *named, *(value for _, value in storage.find(contract.contract_id, b""))]


def _bears_out(recorded: Execution, ran: Execution) -> bool:
    """Whether a run notified and left what is recorded."""
    return (
        ran.halted
        and len(ran.notifications) == len(recorded.notifications)
        and all(
            ours.contract == theirs.contract
            and ours.event_name == theirs.event_name
            and _same(ours.state, theirs.state)
            for ours, theirs in zip(ran.notifications, recorded.notifications, strict=True)
        )
        and _same(ran.stack, recorded.stack)
    )


def _same(left: Sequence[StackItem], right: Sequence[StackItem]) -> bool:
    if [*map(type_of, left)] != [*map(type_of, right)]:  # True is 1 to Python, a Buffer its bytes
        return False
    # Compounds are equal only to themselves; most events have none, and need not be printed.
    return tuple(left) == tuple(right) or _json(left) == _json(right)


def _json(items: Sequence[StackItem]) -> list[Json]:
    return [item_to_json(item, _NO_LIMIT) for item in items]
