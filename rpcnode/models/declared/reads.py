"""Calls of declared tokens that only ask, as trackers ask `balanceOf` of everybody in a block, without a machine."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from rpcnode.execution.contract import contract_of
from rpcnode.execution.hardforks import Hardfork
from rpcnode.execution.native_set import NativeSet
from rpcnode.execution.records import HALT, Execution, Trigger
from rpcnode.execution.run_state import PICO
from rpcnode.execution.settings import ProtocolSettings
from rpcnode.execution.snapshot import StorageReader
from rpcnode.models.declared.calls import units_of
from rpcnode.models.declared.plan import Plan, Uncertain
from rpcnode.models.declared.twins import TokenTwin, twin_of
from rpcnode.models.token import ACCOUNT
from rpcnode.payloads.manifest import Method
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.items import MAX_INTEGER_SIZE, StackItem
from rpcnode.vm.script_builder import ScriptBuilder

_MOST_BYTES: Final = 255  # of an argument that PUSHDATA1 pushes, as it does a shorter one


class _Asked(NamedTuple):
    """A safe method of a token; `units` is what the script costs that calls it.

    `balance` is what the method itself costs where it reads a balance, with a row and without.
    """

    twin: TokenTwin
    method: Method
    units: int
    balance: tuple[int, int] | None


class TokenReads:
    """Answers calls on one state, in the block that would follow; what it has found out holds as long as that."""

    def __init__(
        self, storage: StorageReader, settings: ProtocolSettings, natives: NativeSet, block_index: int
    ) -> None:
        self._storage: Final = storage
        self._natives: Final = natives
        self._has_fixed_fees: Final = settings.is_enabled(Hardfork.Faun, block_index)
        self._factor, _ = natives.fee_factors(storage, settings, block_index, Trigger.APPLICATION, None)
        self._asked: Final[dict[tuple[UInt160, str, int], _Asked | None]] = {}

    def answer(self, contract: UInt160, method: str, args: Sequence[StackItem], gas_datoshi: int) -> Execution | None:
        """What a script leaves that calls the method with all flags; None where it is to be run."""
        key = contract, method, len(args)
        try:
            asked = self._asked[key]
        except KeyError:
            asked = self._asked[key] = self._found(contract, method, args)
        if asked is None:
            return None
        for arg in args:
            if type(arg) is not bytes or len(arg) > _MOST_BYTES:
                return None
        if asked.balance is not None and len(args[0]) == UInt160.SIZE:  # type: ignore[arg-type]
            return self._balance(asked, asked.balance, ACCOUNT + args[0], gas_datoshi)  # type: ignore[operator]
        plan = Plan(self._storage)
        try:
            result = asked.twin.plan(plan, asked.method, args, _nobody)
        except Uncertain:
            return None
        return None if plan.asked else self._left(plan.units + asked.units, gas_datoshi, result)

    def _balance(self, asked: _Asked, units: tuple[int, int], key: bytes, gas_datoshi: int) -> Execution | None:
        """What the plan of `balanceOf` comes to."""
        row = self._storage.get(asked.twin.contract_id, key)
        if row is None:
            return self._left(units[1] + asked.units, gas_datoshi, 0)
        if len(row) > MAX_INTEGER_SIZE:
            return None
        return self._left(units[0] + asked.units, gas_datoshi, int.from_bytes(row, "little", signed=True))

    def _left(self, units: int, gas_datoshi: int, result: StackItem) -> Execution | None:
        gas_pico = units * self._factor
        if gas_pico > gas_datoshi * PICO:
            return None
        return Execution(Trigger.APPLICATION, None, HALT, -(-gas_pico // PICO), (result,), None, ())

    def _found(self, contract_hash: UInt160, name: str, args: Sequence[StackItem]) -> _Asked | None:
        storage, natives = self._storage, self._natives
        contract = contract_of(storage, contract_hash)
        twin = None if contract is None else twin_of(contract)
        if contract is None or twin is None or natives.is_blocked(storage, contract_hash):
            return None
        method = contract.manifest.method(name, len(args))
        if method is None or not method.safe:
            return None
        if self._has_fixed_fees and natives.whitelisted_fee(storage, contract_hash, method) is not None:
            return None
        script = ScriptBuilder().call(contract_hash, name, (b"",) * len(args)).to_bytes()
        return _Asked(twin, method, units_of(script), twin.units_of_balance(method))


def _nobody(account: bytes) -> bool:
    raise Uncertain
