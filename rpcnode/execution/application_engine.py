"""Runs scripts as a node does: with gas, contracts that call each other, storage, notifications.

Source: neo 3.10.2, SmartContract/ApplicationEngine.cs and its part Contract.
"""

from collections.abc import Callable, Generator, Sequence
from typing import Final, NamedTuple, TypeAlias, TypeVar

from rpcnode.execution.context import Context
from rpcnode.execution.contract import Contract
from rpcnode.execution.hardforks import Hardfork
from rpcnode.execution.ledger_view import LedgerView
from rpcnode.execution.native_set import NOT_DONE, Native, NativeSet
from rpcnode.execution.records import Notification, Trigger
from rpcnode.execution.run_state import PICO, RunState
from rpcnode.execution.scripts import script_of, script_of_run
from rpcnode.execution.settings import ProtocolSettings
from rpcnode.execution.snapshot import Snapshot
from rpcnode.payloads.block import Block
from rpcnode.payloads.flags import CallFlags
from rpcnode.payloads.manifest import Method
from rpcnode.payloads.verification import script_hash as hash_of_script
from rpcnode.primitives.errors import VmFault
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.code import JumpTable
from rpcnode.vm.conversions import pop, push
from rpcnode.vm.items import Array, StackItem
from rpcnode.vm.machine import Frame, unhandled
from rpcnode.vm.script import Script

__all__ = ["ALL_FLAGS", "PICO", "TEST_MODE_GAS", "ApplicationEngine", "Call", "Listener", "Steps"]

TEST_MODE_GAS: Final = 2_000_000_000
"""What a test invocation may spend unless it says otherwise, in datoshi."""

MOST_KEPT: Final = 1024
"""Bytes of an entry script up to which it is kept decoded: clients ask the same again."""

# Flags are plain numbers while a script runs: Python's own take several times as long.
ALL_FLAGS: Final = int(CallFlags.All)
READ_AND_CALL: Final = int(CallFlags.ReadStates | CallFlags.AllowCall)
WRITE_AND_NOTIFY: Final = int(CallFlags.WriteStates | CallFlags.AllowNotify)

T = TypeVar("T")


class Call(NamedTuple):
    """What a native contract asks for in the middle of a method: `calling` is the native that calls."""

    calling: UInt160
    contract: UInt160
    method: str
    args: tuple[StackItem, ...]
    returns: bool = False


Steps: TypeAlias = Generator[Call, StackItem, T]
"""A native contract's work that calls contracts: each call yielded, its result sent back, None from a Void."""


class Listener:
    """Who is told what a run does. Nothing of it is called where nobody listens."""

    def context_loaded(self, run: "ApplicationEngine", frame: Frame) -> None:
        """A script was loaded, or a function of it was called."""

    def context_unloaded(self, run: "ApplicationEngine", frame: Frame) -> None:
        """A frame has ended."""

    def watched(self, table: JumpTable) -> JumpTable:
        """The jump table in which it sees the instructions that it wants to see."""
        return table

    def call_from_native(self, run: "ApplicationEngine", call: Call) -> None:
        """A native contract is about to call another contract."""

    def contract_called(self, contract: UInt160, method: str, args: Sequence[StackItem]) -> None:
        """A method of a contract is about to be loaded."""

    def notified(self, event: Notification) -> None:
        """A contract has told of an event."""


class ApplicationEngine(RunState):
    """One execution. Load a script, then `execute`; natives and services know it as the run that they work for."""

    __slots__ = ("listener",)

    def __init__(
        self,
        trigger: Trigger,
        container: object,
        snapshot: Snapshot,
        persisting: Block | None,
        settings: ProtocolSettings,
        gas_datoshi: int,
        natives: NativeSet,
        ledger: LedgerView,
        listener: Listener | None = None,
    ) -> None:
        watched = None if listener is None else listener.watched
        super().__init__(trigger, container, snapshot, persisting, settings, gas_datoshi, natives, ledger, watched)
        self.listener: Final = listener

    # Loading and leaving scripts

    def load_entry(self, script: bytes, flags: int = ALL_FLAGS, *, position: int = 0, result_count: int = -1) -> Frame:
        """Loads the script that begins the run."""
        context = Context(hash_of_script(script), None, flags, None, self._start)
        loaded = script_of_run(script) if len(script) <= MOST_KEPT else Script(script)
        return self._load(loaded, context, position, result_count)

    def load_contract(self, contract: Contract, method: Method, flags: int) -> Frame:
        """Loads a method of a contract, and its `_initialize` over it."""
        frames = self.frames
        below = frames[-1].shared.host if frames else self._start
        assert isinstance(below, Context | Snapshot)
        context = Context(contract.hash, contract, flags, None if isinstance(below, Snapshot) else below, below)
        result_count = 0 if method.return_type == "Void" else 1
        frame = self._load(script_of(contract.script), context, method.offset, result_count)
        initialize = contract.manifest.method("_initialize", 0)
        if initialize is not None:
            self.load(Frame(self, frame.shared, initialize.offset, 0))
        return frame

    def load_dynamic_script(self, script: bytes, flags: int, args: Sequence[StackItem]) -> None:
        """Loads a script that a script made, with rights to read only."""
        calling = self.context
        context = Context(hash_of_script(script), None, flags & calling.flags & READ_AND_CALL, calling, calling)
        context.is_dynamic = True
        frame = self._load(Script(script, strict=True), context, 0, -1)
        for arg in reversed(args):
            push(frame, arg)

    def _load(self, script: Script, context: Context, position: int, result_count: int) -> Frame:
        frame = self.made_frame(script, result_count, position)
        frame.shared.host = context
        context.notification_start = len(self.notifications)
        self.load(frame)
        return frame

    def load(self, frame: Frame) -> None:
        """Puts a frame on the invocation stack."""
        context = frame.shared.host
        assert isinstance(context, Context)
        if context.script_hash not in self.invocation_counters:
            self.invocation_counters[context.script_hash] = 1
        super().load(frame)
        if context.is_whitelisted is not self._is_free:
            self._set_free(context.is_whitelisted)
        if self.listener is not None:
            self.listener.context_loaded(self, frame)

    def unload(self, frame: Frame) -> None:
        """Lets go of a frame; with the last of its context, keeps or drops what that has done."""
        super().unload(frame)
        frames = self.frames
        shared = frame.shared
        if frames and frames[-1].shared is shared:
            if self.listener is not None:
                self.listener.context_unloaded(self, frame)
            return
        context = shared.host
        assert isinstance(context, Context)
        if frames:
            is_free = frames[-1].shared.host.is_whitelisted  # type: ignore[attr-defined]
            if is_free is not self._is_free:
                self._set_free(is_free)
        thrown = self.thrown
        if thrown is None:
            context.commit()
            if context.is_dynamic and frames:
                if not frame.stack:
                    push(frames[-1], None)
                elif len(frame.stack) > 1:
                    raise VmFault("Multiple return values are not allowed in cross-contract calls.")
        else:
            del self.notifications[context.notification_start :]
        if self.listener is not None:
            self.listener.context_unloaded(self, frame)
        then = context.then
        if then is not None:
            if thrown is not None:
                raise unhandled(thrown[0])
            then(self.pop() if context.wants_result else None)

    def notify(self, contract: UInt160, name: str, state: Sequence[StackItem] | Array) -> None:
        """Adds an event, whose state is copied."""
        super().notify(contract, name, state)
        if self.listener is not None:
            self.listener.notified(self.notifications[-1])

    # Calls

    def syscall(self, api: int) -> None:
        """The VM's SYSCALL: unknown or inactive, call flags, price, then what the service does."""
        service = self.syscalls.get(api)
        if service is None:
            raise VmFault(f"The given key '{api}' was not present in the dictionary.")
        price, flags, handler, hardfork = service
        if hardfork is not None and not self.is_enabled(hardfork):
            raise VmFault("The given key was not present in the dictionary.")
        if flags:
            self.require(flags)
        self.gas_left -= price * self.exec_fee_pico_factor
        if self.gas_left < 0:
            raise VmFault("Insufficient GAS.")
        handler(self)

    def call_token(self, token: int) -> None:
        """The VM's CALLT: a method that the contract's NEF names."""
        self.require(READ_AND_CALL)
        frame, contract = self.frames[-1], self.context.contract
        tokens = () if contract is None else contract.nef.tokens
        if token >= len(tokens) or tokens[token].parameter_count > len(frame.stack):
            raise VmFault("Operation is not valid due to the current state of the object.")
        named = tokens[token]
        args = [pop(frame) for _ in range(named.parameter_count)]
        self._call_named(named.hash, named.method, int(named.call_flags), named.has_return_value, args)

    def call_contract(self, target: UInt160, method: str, flags: int, args: Sequence[StackItem]) -> None:
        """System.Contract.Call, its arguments converted. Source: neo, ApplicationEngine.CallContract."""
        if method.startswith("_"):
            raise VmFault(f"Method name '{method}' cannot start with underscore. (Parameter 'method')")
        if flags & ~ALL_FLAGS:
            raise VmFault("Specified argument was out of the range of valid values. (Parameter 'callFlags')")
        contract = self.contract(target)
        if contract is None:
            raise VmFault(f"Called Contract Does Not Exist: {target}.{method}")
        called = _method_of(contract, method, len(args))
        context = self._call(contract, called, flags, called.return_type != "Void", args)
        if context is not None:
            context.is_dynamic = True
        elif called.return_type == "Void":
            self.push(None)

    def call_from_native(self, call: Call, then: Callable[[StackItem], None]) -> None:
        """Calls a method for a native contract, which goes on when it has returned."""
        if self.listener is not None:
            self.listener.call_from_native(self, call)
        context = self._call_named(call.contract, call.method, ALL_FLAGS, call.returns, call.args, by_native=True)
        assert context is not None
        context.native_calling = call.calling
        context.then = then
        context.wants_result = call.returns

    def go_on(
        self, steps: Steps[T], finish: Callable[[T], None], sent: StackItem = None, is_first: bool = True
    ) -> None:
        """Does the steps of a native contract up to the next contract that it calls, or to its end."""
        try:
            call = next(steps) if is_first else steps.send(sent)
        except StopIteration as end:
            finish(end.value)
        else:
            self.call_from_native(call, lambda result: self.go_on(steps, finish, result, is_first=False))

    def _call_named(
        self,
        target: UInt160,
        method: str,
        flags: int,
        returns: bool,
        args: Sequence[StackItem],
        by_native: bool = False,
    ) -> Context | None:
        contract = self.contract(target)
        if contract is None:
            raise VmFault(f"Called Contract Does Not Exist: {target}")
        return self._call(contract, _method_of(contract, method, len(args)), flags, returns, args, by_native)

    def _call(
        self,
        contract: Contract,
        method: Method,
        flags: int,
        returns: bool,
        args: Sequence[StackItem],
        by_native: bool = False,
    ) -> Context | None:
        """The context of the called method; None where a twin or a native has done the call and pushed what it returns.

        Source: neo, ApplicationEngine.CallContractInternal.
        """
        storage, natives = self.storage, self.natives
        if natives.is_blocked(storage, contract.hash):
            raise VmFault(f"The contract {contract.hash} has been blocked.")
        caller = self.context
        if method.safe:
            flags &= ~WRITE_AND_NOTIFY
        else:
            executing = caller.contract
            if not self.is_enabled(Hardfork.Domovoi):
                executing = self.contract(caller.script_hash)
            if executing is not None and not executing.can_call(contract, method.name):
                named = f"Method {method.name} Of Contract {contract.hash} From Contract {caller.script_hash}"
                raise VmFault(f"Cannot Call {named}")
        counters = self.invocation_counters
        counters[contract.hash] = counters.get(contract.hash, 0) + 1
        if returns is (method.return_type == "Void"):
            raise VmFault("The return value type does not match.")
        fixed_fee = None
        if self.is_enabled(Hardfork.Faun):
            fixed_fee = natives.whitelisted_fee(storage, contract.hash, method)
        if self.listener is not None:
            self.listener.contract_called(contract.hash, method.name, args)
        elif not by_native:
            result = NOT_DONE
            native = natives.by_hash.get(contract.hash)
            if native is None:
                twin = natives.twins.twin_of(contract)
                if twin is not None:
                    result = twin.call(self, method, flags & caller.flags, args)
            elif fixed_fee is None and not self._is_free:
                result = native.answer(self, contract, method, flags & caller.flags, args)
            if result is not NOT_DONE:
                if returns:
                    self.push(result)  # type: ignore[arg-type]
                return None
        frame = self.load_contract(contract, method, flags & caller.flags)
        context = frame.shared.host
        assert isinstance(context, Context)
        if fixed_fee is not None:
            self.charge(fixed_fee * PICO)
            context.is_whitelisted = True
            self._set_free(True)
        for arg in reversed(args):
            push(frame, arg)
        return context

    def call_native(self, version: int) -> None:
        """System.Contract.CallNative: the method of the native contract whose script runs."""
        native: Native | None = self.natives.by_hash.get(self.context.script_hash)
        if native is None:
            raise VmFault('It is not allowed to use "System.Contract.CallNative" directly.')
        native.invoke(self, version)


def _method_of(contract: Contract, method: str, count: int) -> Method:
    found = contract.manifest.method(method, count)
    if found is None:
        asked = f'Method "{method}" with {count} parameter(s)'
        raise VmFault(f"{asked} doesn't exist in the contract {contract.hash}.")
    return found
