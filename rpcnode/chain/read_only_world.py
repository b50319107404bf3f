"""The chain as a call sees it that only asks: no transaction, nobody signs, nothing stays."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, Protocol

from rpcnode.execution.blocked_accounts import is_blocked
from rpcnode.execution.contract_state import ContractState
from rpcnode.execution.engine import Context, NotModelled, Reply, ScriptRun
from rpcnode.execution.native_hashes import GAS
from rpcnode.execution.recorded_scripts import runs
from rpcnode.execution.records import Execution
from rpcnode.execution.storage import Storage, read_integer
from rpcnode.execution.syscalls.services import SERVICES
from rpcnode.models.token import TOTAL_SUPPLY, balance_of
from rpcnode.natives.answers import answer
from rpcnode.primitives.errors import ScriptNeeded
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.items import StackItem


class Standing(Protocol):
    """What stands after a block."""

    block_index: int

    def contract(self, script_hash: UInt160) -> ContractState | None:
        """The contract with a hash, if it stands."""

    def contract_by_id(self, contract_id: int) -> ContractState | None:
        """The contract with an id, if it stands."""


def run_method(
    standing: Standing, storage: Storage, contract: ContractState, method: str, args: Sequence[StackItem], gas: int
) -> Execution:
    """What a method of a contract leaves, from its script: one item, Null from one that returns nothing.

    `wrote`: it wrote anything else into storage than what stood there. Raises ScriptNeeded where it asks for what is
    not built or not known.
    """
    run = ScriptRun(_ReadOnlyWorld(standing, storage), storage, gas, SERVICES)
    try:
        execution = run.execute_method(contract, method, args)
    except NotModelled as missing:
        raise ScriptNeeded(f"{method} of {contract.script_hash} needs {missing}, which is not built") from None
    if not execution.halted:
        return execution
    return replace(execution, stack=execution.stack[-1:] or (None,), wrote=run.storage.has_changes())


class _ReadOnlyWorld:
    """World and Surroundings after a block. Its hash, and time and number of the network, are not known here."""

    transaction: Final = None

    def __init__(self, standing: Standing, storage: Storage) -> None:
        self._standing = standing
        self._storage = storage

    @property
    def network(self) -> int:
        raise NotModelled("System.Runtime.GetNetwork")

    @property
    def address_version(self) -> int:
        raise NotModelled("System.Runtime.GetAddressVersion")

    @property
    def time_ms(self) -> int:
        raise NotModelled("System.Runtime.GetTime")

    @property
    def current_index(self) -> int:
        return self._standing.block_index

    @property
    def current_hash(self) -> bytes:
        raise NotModelled("currentHash of LedgerContract")

    def contract(self, script_hash: UInt160) -> ContractState | None:
        return self._standing.contract(script_hash)

    def contract_by_id(self, contract_id: int) -> ContractState | None:
        return self._standing.contract_by_id(contract_id)

    def native_balance(self, token: UInt160, account: UInt160) -> int:
        return balance_of(self._storage, self._id_of(token), account)

    def gas_supply(self) -> int:
        return read_integer(self._storage, self._id_of(GAS), TOTAL_SUPPLY)

    def is_blocked(self, account: UInt160) -> bool:
        return is_blocked(self._storage, account)

    def reads(self, run: ScriptRun, contract_id: int) -> None:
        if not runs(self._storage, contract_id):
            raise NotModelled(f"the storage of contract {contract_id}")

    def call_native(self, run: ScriptRun, native: Context, method: str, args: list[StackItem], reply: Reply) -> None:
        reply(answer(self, native.script_hash, method, args))

    def _id_of(self, token: UInt160) -> int:
        contract = self._standing.contract(token)
        if contract is None:
            raise NotModelled(f"balances of {token}")
        return contract.contract_id
