"""Calls of tokens that only ask, as trackers ask `balanceOf` of everybody in a block, without a machine."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from rpcnode.execution.contract import contract_of
from rpcnode.execution.hardforks import Hardfork
from rpcnode.execution.native_set import NativeSet, ReadBalance
from rpcnode.execution.records import HALT, Execution, Trigger
from rpcnode.execution.run_state import PICO
from rpcnode.execution.settings import ProtocolSettings
from rpcnode.execution.snapshot import StorageReader
from rpcnode.models.declared.calls import units_of
from rpcnode.models.declared.plan import Plan, Uncertain
from rpcnode.models.declared.twins import TokenTwin, twin_of
from rpcnode.models.token import ACCOUNT
from rpcnode.payloads.manifest import Method
from rpcnode.primitives.errors import VmFault
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.items import MAX_INTEGER_SIZE, StackItem
from rpcnode.vm.script_builder import ScriptBuilder

_MOST_BYTES: Final = 255  # of an argument that PUSHDATA1 pushes, as it does a shorter one


class _Balances(NamedTuple):
    """How the balances of a token are read: `read` gives what is in a row, None where only the script knows.

    `units` is what script and method cost together, where the account has a row and where it has none.
    """

    contract_id: int
    read: Callable[[bytes], int | None]
    units: tuple[int, int]


class _Asked(NamedTuple):
    """A safe method of a token; `units` is what the script costs that calls it. A native token has no twin."""

    twin: TokenTwin | None
    method: Method
    units: int
    balances: _Balances | None


class TokenReads:
    """Answers calls on one state, in the block that would follow; what it has found out holds as long as that."""

    def __init__(
        self, storage: StorageReader, settings: ProtocolSettings, natives: NativeSet, block_index: int
    ) -> None:
        self._storage: Final = storage
        self._settings: Final = settings
        self._natives: Final = natives
        self._block_index: Final = block_index
        self._has_fixed_fees: Final = settings.is_enabled(Hardfork.Faun, block_index)
        self._factor, _ = natives.fee_factors(storage, settings, block_index, Trigger.APPLICATION, None)
        self._asked: Final[dict[tuple[UInt160, str, int], _Asked | None]] = {}

    def answer(self, contract: UInt160, method: str, args: Sequence[StackItem], gas_datoshi: int) -> Execution | None:
        """What a script leaves that calls the method with all flags; None where it is to be run."""
        asked = self._asked_of(contract, method, len(args))
        if asked is None:
            return None
        for arg in args:
            if type(arg) is not bytes or len(arg) > _MOST_BYTES:
                return None
        if asked.balances is not None and len(args[0]) == UInt160.SIZE:  # type: ignore[arg-type]
            return self._balance(asked.balances, ACCOUNT + args[0], gas_datoshi)  # type: ignore[operator]
        if asked.twin is None:
            return None
        plan = Plan(self._storage)
        try:
            result = asked.twin.plan(plan, asked.method, args, _nobody)
        except Uncertain:
            return None
        return None if plan.asked else self._left(plan.units + asked.units, gas_datoshi, result)

    def balances(self, contract: UInt160, gas_datoshi: int) -> Callable[[UInt160], int | None] | None:
        """A function that reads what `balanceOf` answers; see `StateTwins`."""
        asked = self._asked_of(contract, "balanceOf", 1)
        found = None if asked is None else asked.balances
        if found is None or max(found.units) * self._factor > gas_datoshi * PICO:
            return None
        get, (contract_id, read, _) = self._storage.get, found

        def balance(account: UInt160) -> int | None:
            row = get(contract_id, ACCOUNT + account)
            return 0 if row is None else read(row)

        return balance

    def _balance(self, balances: _Balances, key: bytes, gas_datoshi: int) -> Execution | None:
        """What the plan of `balanceOf` comes to."""
        with_row, without = balances.units
        row = self._storage.get(balances.contract_id, key)
        if row is None:
            return self._left(without, gas_datoshi, 0)
        balance = balances.read(row)
        return None if balance is None else self._left(with_row, gas_datoshi, balance)

    def _left(self, units: int, gas_datoshi: int, result: StackItem) -> Execution | None:
        gas_pico = units * self._factor
        if gas_pico > gas_datoshi * PICO:
            return None
        return Execution(Trigger.APPLICATION, None, HALT, -(-gas_pico // PICO), (result,), None, ())

    def _asked_of(self, contract: UInt160, method: str, count: int) -> _Asked | None:
        key = contract, method, count
        try:
            return self._asked[key]
        except KeyError:
            found = self._asked[key] = self._found(contract, method, count)
            return found

    def _found(self, contract_hash: UInt160, name: str, count: int) -> _Asked | None:
        storage, natives = self._storage, self._natives
        contract = contract_of(storage, contract_hash)
        method = None if contract is None else contract.manifest.method(name, count)
        if contract is None or method is None or not method.safe or natives.is_blocked(storage, contract_hash):
            return None
        if self._has_fixed_fees and natives.whitelisted_fee(storage, contract_hash, method) is not None:
            return None
        units = _units_of_call(contract_hash, name, count)
        native = natives.by_hash.get(contract_hash)
        if native is not None:
            read = native.balances(contract, method, self._settings, self._block_index)
            if read is None:
                return None
            of_native = _Balances(contract.id, _read_natively(read), (units + read.units, units + read.units))
            return _Asked(None, method, units, of_native)
        twin = twin_of(contract)
        if twin is None:
            return None
        own = twin.units_of_balance(method)
        of_twin = None if own is None else _Balances(contract.id, _integer, (units + own[0], units + own[1]))
        return _Asked(twin, method, units, of_twin)


@lru_cache(maxsize=1024)
def _units_of_call(contract: UInt160, name: str, count: int) -> int:
    """What a script costs that calls a method with so many byte strings."""
    return units_of(ScriptBuilder().call(contract, name, (b"",) * count).to_bytes())


def _integer(row: bytes) -> int | None:
    return int.from_bytes(row, "little", signed=True) if len(row) <= MAX_INTEGER_SIZE else None


def _read_natively(native: ReadBalance) -> Callable[[bytes], int | None]:
    def read(row: bytes) -> int | None:
        try:
            return native.read(row)
        except VmFault:
            return None

    return read


def _nobody(account: bytes) -> bool:
    raise Uncertain
