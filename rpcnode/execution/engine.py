"""Runs scripts of contracts in the VM, over their storage.

This is as much of a node as tokens need: calls between contracts, storage, notifications, witnesses. What it does not
know raises NotModelled, never a guess; callers then fall back to a model, or say that they cannot tell. Source: neo
3.9, Neo: SmartContract/ApplicationEngine and its parts Contract, Runtime and Storage.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

from rpcnode.execution.blocked_accounts import check_not_blocked
from rpcnode.execution.call_scripts import CALL_SCRIPTS
from rpcnode.execution.contract_abi import (
    MethodEntry,
    can_call,
    entry_of,
    script_of_contract,
    token_of,
)
from rpcnode.execution.contract_state import ContractState
from rpcnode.execution.overlay import Overlay
from rpcnode.execution.records import FAULT, HALT, Execution, Notification, Trigger
from rpcnode.execution.storage import Storage
from rpcnode.payloads.flags import CallFlags
from rpcnode.payloads.transaction import Transaction
from rpcnode.payloads.verification import script_hash as hash_of_script
from rpcnode.primitives.errors import VmFault
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.conversions import pop, push
from rpcnode.vm.copying import deep_copy
from rpcnode.vm.engine import Engine, Host, VmState
from rpcnode.vm.items import StackItem
from rpcnode.vm.jump_table import BEFORE_GORGON
from rpcnode.vm.machine import Frame, Machine
from rpcnode.vm.script import Script

EXEC_FEE_FACTOR: Final = 30
CALL_PRICE: Final = 1 << 15  # in the unit of opcode prices
MAX_NOTIFICATIONS: Final = 512

# Flags are plain numbers while a script runs: Python's own take several times as long.
ALL_FLAGS: Final = int(CallFlags.All)
_READ_AND_CALL: Final = int(CallFlags.ReadStates | CallFlags.AllowCall)
_WRITE_AND_NOTIFY: Final = int(CallFlags.WriteStates | CallFlags.AllowNotify)


class NotModelled(Exception):
    """A script asks for something that is not built here. Not a fault of the script: nothing can be said of it."""


Reply = Callable[[StackItem], None]
"""Takes what a native contract's method answers, once it has done all that it does."""


class World(Protocol):
    """What scripts see of the chain. What is not known raises NotModelled."""

    @property
    def transaction(self) -> Transaction | None:
        """The transaction whose script runs; None for a call that only asks."""

    @property
    def network(self) -> int:
        """The network's magic number."""

    @property
    def address_version(self) -> int:
        """The first byte of the network's addresses."""

    @property
    def time_ms(self) -> int:
        """The time of the block that is being made."""

    def contract(self, script_hash: UInt160) -> ContractState | None:
        """The contract with a hash, if it stands."""

    def reads(self, run: "ScriptRun", contract_id: int) -> None:
        """A contract's storage is about to be read; raises NotModelled where it is not known."""

    def call_native(
        self, run: "ScriptRun", native: "Context", method: str, args: list[StackItem], reply: Reply
    ) -> None:
        """Does what a native contract's method does, then replies."""


@dataclass(slots=True)
class Context:
    """One loaded script: whose it is, who called it, what it may do, and what to go back to if it throws."""

    script_hash: UInt160
    contract: ContractState | None
    calling: "Context | None"
    flags: int
    mark: int = 0
    notification_count: int = 0
    is_dynamic: bool = False
    then: Callable[[], None] | None = None  # what a native contract does once this has returned


class Service(NamedTuple):
    """What a SYSCALL does; `price` is in the unit of opcode prices, `flags` are those that it needs."""

    price: int
    flags: int
    do: "Callable[[ScriptRun, Frame], None]"


Services = dict[int, Service]
"""The services by the number that SYSCALL has."""


class _Engine(Engine):
    """Tells the run when a frame ends."""

    __slots__ = ("run",)
    run: "ScriptRun"

    def unload(self, frame: Frame) -> None:
        super().unload(frame)
        self.run.unloaded(frame)


class ScriptRun(Host):
    """One execution. The storage below changes only when `storage` is committed.

    `gas` in datoshi bounds instructions and services; what storage and native contracts cost is not counted.
    """

    def __init__(self, world: World, storage: Storage, gas: int, services: Services) -> None:
        self.world: Final = world
        self.storage: Final = Overlay(storage)
        self.notifications: Final[list[Notification]] = []  # nobody changes their states: scripts get copies
        self.calls: Final[dict[UInt160, int]] = {}  # how often each contract was called
        self._services: Final = services
        self._contexts: Final[list[Context]] = []
        self._gas_limit: Final = gas // EXEC_FEE_FACTOR + 1
        self.engine: Final = _Engine(self, table=BEFORE_GORGON, gas=self._gas_limit)
        self.engine.run = self

    def execute_script(self, script: bytes) -> Execution:
        """Runs an entry script."""
        self._load(Script(script), Context(hash_of_script(script), None, None, ALL_FLAGS), 0, -1)
        return self._execute()

    def execute_method(self, contract: ContractState, method: str, args: Sequence[StackItem]) -> Execution:
        """Runs one method of a contract, as the script that does nothing but call it."""
        entry = Context(hash_of_script(CALL_SCRIPTS["n3"](contract.script_hash, method, args)), None, None, ALL_FLAGS)
        self._contexts.append(entry)
        try:
            self.engine.charge(CALL_PRICE)
            # Its own copies: compounds count who holds them, and whoever asked may ask another run with the same.
            # It is here that a hash, which the VM does not know, becomes a ByteString.
            self.load_method(contract, self._entry(contract, method, len(args)), [*map(deep_copy, args)], entry)
        except VmFault as fault:
            return self._execution(FAULT, (), str(fault))
        return self._execute()

    @property
    def context(self) -> Context:
        """The context that runs."""
        return self._contexts[-1]

    @property
    def entry_context(self) -> Context:
        """The context of the script that began it all."""
        return self._contexts[0]

    def notify(self, contract: UInt160, name: str, state: tuple[StackItem, ...]) -> None:
        """Adds an event; its state is the caller's to copy, where a script may yet change it."""
        if len(self.notifications) >= MAX_NOTIFICATIONS:
            raise VmFault(f"Maximum number of notifications `{MAX_NOTIFICATIONS}` is reached.")
        self.notifications.append(Notification(contract, name, state))

    def syscall(self, engine: Machine, api: int) -> None:
        """The VM's Host: a service by its number."""
        service = self._services.get(api)
        if service is None:
            raise NotModelled(f"the service {api.to_bytes(4, 'little').hex()}")
        self.require(service.flags)
        engine.charge(service.price)
        service.do(self, engine.frames[-1])

    def require(self, flags: int) -> None:
        """Raises VmFault unless the running context has these call flags."""
        if self.context.flags & flags != flags:
            raise VmFault(f"Cannot call this SYSCALL with the flag {self.context.flags}.")

    def call_token(self, engine: Machine, token: int) -> None:
        """The VM's Host: a method that the contract's NEF names."""
        self.require(_READ_AND_CALL)
        frame, contract = engine.frames[-1], self.context.contract
        named = None if contract is None else token_of(contract, token)
        if named is None or named.parameter_count > len(frame.stack):
            raise VmFault(f"Token not found: {token}")
        args = [pop(frame) for _ in range(named.parameter_count)]
        self.call_contract(frame, UInt160.parse(named.contract), named.method, args, named.flags, dynamic=False)

    def call_contract(
        self, frame: Frame, target: UInt160, method: str, args: list[StackItem], flags: int, *, dynamic: bool
    ) -> None:
        """Calls a method of a contract, native or not, for the script of a frame."""
        contract = self.world.contract(target)
        if contract is None:
            raise VmFault(f"Called Contract Does Not Exist: {target}.{method}")
        entry = self._entry(contract, method, len(args))
        caller = self.context
        if entry.is_safe:
            flags &= ~_WRITE_AND_NOTIFY
        elif caller.contract is not None and not can_call(caller.contract, contract, method):
            named = f"Method {method} Of Contract {target} From Contract {caller.script_hash}"
            raise VmFault(f"Cannot Call {named}")
        if contract.contract_id >= 0:
            self.load_method(contract, entry, args, caller, flags=flags, dynamic=dynamic)
            return
        self._count(target)

        def reply(answer: StackItem) -> None:
            if entry.returns or dynamic:
                push(frame, answer if entry.returns else None)

        native = Context(target, contract, caller, flags & caller.flags)
        self.world.call_native(self, native, method, args, reply)

    def call_from_native(
        self, native: Context, target: ContractState, method: str, args: list[StackItem], then: Callable[[], None]
    ) -> None:
        """Calls a method that returns nothing for a native contract, which then goes on."""
        entry = self._entry(target, method, len(args))
        if entry.returns:
            raise VmFault("The return value type does not match.")
        self.load_method(target, entry, args, native, then=then)

    def load_method(
        self,
        contract: ContractState,
        entry: MethodEntry,
        args: list[StackItem],
        calling: Context,
        *,
        flags: int = ALL_FLAGS,
        dynamic: bool = False,
        then: Callable[[], None] | None = None,
    ) -> None:
        """Loads a method; its result will be on the stack of the frame below."""
        self._count(contract.script_hash)
        flags &= calling.flags & (~_WRITE_AND_NOTIFY if entry.is_safe else ALL_FLAGS)
        context = Context(contract.script_hash, contract, calling, flags, is_dynamic=dynamic, then=then)
        frame = self._load(script_of_contract(contract), context, entry.offset, 1 if entry.returns else 0)
        for arg in reversed(args):
            push(frame, arg)
        initialize = entry_of(contract, "_initialize", 0)
        if initialize is not None:
            self.engine.load(Frame(self.engine, frame.shared, initialize.offset, 0))

    def load_script(self, script: bytes, flags: int, args: list[StackItem]) -> None:
        """Loads a script that a script made, with rights to read only."""
        caller = self.context
        flags &= caller.flags & _READ_AND_CALL
        context = Context(hash_of_script(script), None, caller, flags, is_dynamic=True)
        frame = self._load(Script(script, strict=True), context, 0, -1)
        for arg in reversed(args):
            push(frame, arg)

    def unloaded(self, frame: Frame) -> None:
        """A frame has ended. When it was the last of its context: undo what it did if it threw, complete its result."""
        frames = self.engine.frames
        context = frame.shared.host
        if not isinstance(context, Context) or (frames and frames[-1].shared is frame.shared):
            return
        self._contexts.pop()
        if self.engine.thrown is not None:
            self.storage.revert_to(context.mark)
            del self.notifications[context.notification_count :]
            if context.then is not None:
                raise VmFault("An unhandled exception was thrown.")
            return
        if context.is_dynamic and frames:
            if not frame.stack:
                push(frames[-1], None)
            elif len(frame.stack) > 1:
                raise VmFault("Multiple return values are not allowed in cross-contract calls.")
        if context.then is not None:
            context.then()

    def _entry(self, contract: ContractState, method: str, count: int) -> MethodEntry:
        entry = entry_of(contract, method, count)
        if entry is None:
            asked = f'Method "{method}" with {count} parameter(s)'
            raise VmFault(f"{asked} doesn't exist in the contract {contract.script_hash}.")
        check_not_blocked(self.storage, contract.script_hash)
        return entry

    def _count(self, script_hash: UInt160) -> None:
        self.calls[script_hash] = self.calls.get(script_hash, 0) + 1

    def _load(self, script: Script, context: Context, position: int, result_count: int) -> Frame:
        context.mark, context.notification_count = self.storage.mark(), len(self.notifications)
        frame = self.engine.load_script(script, result_count, position)
        frame.shared.host = context
        self._contexts.append(context)
        return frame

    def _execute(self) -> Execution:
        if self.engine.execute() is not VmState.HALT:
            return self._execution(FAULT, (), str(self.engine.fault))
        return self._execution(HALT, tuple(self.engine.results), None, tuple(self.notifications))

    def _execution(
        self,
        vm_state: str,
        stack: tuple[StackItem, ...],
        exception: str | None,
        notifications: tuple[Notification, ...] = (),
    ) -> Execution:
        transaction = self.world.transaction
        container = None if transaction is None else transaction.hash
        # An instruction that cannot be paid takes more than is left.
        gas_consumed = (self._gas_limit - max(0, self.engine.gas_left)) * EXEC_FEE_FACTOR
        return Execution(Trigger.APPLICATION, container, vm_state, gas_consumed, stack, exception, notifications)
