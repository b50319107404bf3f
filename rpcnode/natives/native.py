"""What every native contract is: methods declared by a decorator, from which its script, manifest and hash are derived.

Source: neo 3.10.2, SmartContract/Native/NativeContract.cs, ContractMethodMetadata.cs, ContractEventAttribute.cs.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from inspect import isgeneratorfunction, signature
from typing import Any, ClassVar, Final, TypeVar, get_args, get_origin, get_type_hints

from rpcnode.execution.application_engine import PICO, Call, Steps
from rpcnode.execution.application_engine import ApplicationEngine as Run
from rpcnode.execution.contract import Contract
from rpcnode.execution.hardforks import Hardfork
from rpcnode.execution.native_set import NOT_DONE, ReadBalance
from rpcnode.execution.parameters import Parameter, check_kinds, item_of, manifest_type_of, parameter_of
from rpcnode.execution.settings import ProtocolSettings
from rpcnode.payloads.flags import CallFlags, flags_text
from rpcnode.payloads.manifest import Event, Manifest, Method, Permission
from rpcnode.payloads.manifest import Parameter as AbiParameter
from rpcnode.payloads.nef import Nef
from rpcnode.payloads.verification import contract_hash
from rpcnode.primitives.errors import VmFault
from rpcnode.primitives.records import dataclass
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.conversions import pop
from rpcnode.vm.items import Compound, StackItem
from rpcnode.vm.machine import Frame
from rpcnode.vm.script_builder import ScriptBuilder

__all__ = ["Call", "Hardfork", "NativeContract", "NativeEvent", "Run", "Steps", "native_method"]

_PUSH_PRICE: Final = 1  # of the number of the version, in units
_SYSCALL_SIZE: Final = 5  # bytes of the instruction that reaches a native method
_READ_ONLY: Final = int(CallFlags.ReadOnly)
_COMPILER: Final = "neo-core-v3.0"
_ROWS: Final = "_native_method_rows"

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class NativeEvent:
    """An event that a native contract declares: name, and name and type of each parameter."""

    name: str
    parameters: tuple[tuple[str, str], ...]
    active_in: Hardfork | None = None
    deprecated_in: Hardfork | None = None


@dataclass(frozen=True, slots=True)
class _Row:
    """One declaration of a method: what it is called, what it costs, from which hardfork to which."""

    name: str | None
    cpu_fee: int
    storage_fee: int
    flags: int
    active_in: Hardfork | None
    deprecated_in: Hardfork | None
    returns: str | None
    parameters: tuple[tuple[str, str], ...] | None
    is_plain: bool


@dataclass(frozen=True, slots=True)
class NativeMethod:
    """A method of a native contract in one of its forms; `cpu_fee` in units of opcode prices, the other in bytes."""

    name: str
    parameters: tuple[Parameter, ...]
    return_type: str
    cpu_fee: int
    storage_fee: int
    flags: int
    active_in: Hardfork | None
    deprecated_in: Hardfork | None
    function: Callable[..., Any]
    has_steps: bool
    has_kinds: bool
    is_plain: bool

    def descriptor(self, offset: int) -> Method:
        """The method as the manifest lists it."""
        listed = tuple(AbiParameter(parameter.name, parameter.type) for parameter in self.parameters)
        return Method(self.name, listed, self.return_type, offset, self.flags & ~_READ_ONLY == 0)


def native_method(
    *,
    cpu_fee: int = 0,
    storage_fee: int = 0,
    flags: CallFlags = CallFlags.None_,
    name: str | None = None,
    active_in: Hardfork | None = None,
    deprecated_in: Hardfork | None = None,
    returns: str | None = None,
    parameters: tuple[tuple[str, str], ...] | None = None,
    is_plain: bool = False,
) -> Callable[[F], F]:
    """Declares a method of a native contract; given twice, the function is two methods, of different hardforks.

    `cpu_fee` is in units of opcode prices, `storage_fee` in bytes. Name and parameters are those of the function, in
    camel case and without an underscore at their end; `parameters` overrides their names and types in the manifest.
    A method is plain that only looks at storage and blocks, whoever calls it, and has no arrays: it needs no frame.
    """
    row = _Row(name, cpu_fee, storage_fee, int(flags), active_in, deprecated_in, returns, parameters, is_plain)

    def declare(function: F) -> F:
        rows = getattr(function, _ROWS, ())
        setattr(function, _ROWS, (row, *rows))
        return function

    return declare


@dataclass(frozen=True, slots=True)
class _Layout:
    """A native contract under a set of hardforks: its state, and its methods by where their SYSCALL stands."""

    contract: Contract
    methods: Mapping[int, NativeMethod]
    by_name: Mapping[tuple[str, int], NativeMethod]


class NativeContract:
    """One native contract; each is a class with one instance.

    `events` are in order; `update_hardforks` are those that update it beyond what its methods and events say.
    """

    id: ClassVar[int]
    name: ClassVar[str]
    active_in: ClassVar[Hardfork | None] = None
    events: ClassVar[tuple[NativeEvent, ...]] = ()
    update_hardforks: ClassVar[tuple[Hardfork, ...]] = ()

    def __init__(self) -> None:
        self.hash: Final = contract_hash(UInt160.ZERO, 0, self.name)
        self._methods: tuple[NativeMethod, ...] | None = None
        self._layouts: Final[dict[frozenset[Hardfork], _Layout]] = {}
        self._used_hardforks: frozenset[Hardfork] | None = None
        self._newest: tuple[ProtocolSettings, int, _Layout] | None = None  # of the run before: mostly the next one's

    def standards(self, enabled: frozenset[Hardfork]) -> tuple[str, ...]:
        """The standards that the manifest claims."""
        return ()

    def initialize(self, run: Run, hardfork: Hardfork | None) -> Steps[None] | None:
        """Writes what the contract begins with (None: at its activation), or what a hardfork changes in it."""
        return None

    def on_persist(self, run: Run) -> Steps[None] | None:
        """What it does before a block's transactions."""
        return None

    def post_persist(self, run: Run) -> Steps[None] | None:
        """What it does after a block's transactions."""
        return None

    def key(self, prefix: int, *parts: bytes) -> bytes:
        """A key of its storage: the prefix and what follows it."""
        return bytes((prefix,)) + b"".join(parts)

    def is_active(self, settings: ProtocolSettings, block_index: int) -> bool:
        """Whether the contract exists in a block."""
        return self.active_in is None or settings.hardforks.get(self.active_in, 0) <= block_index

    def used_hardforks(self) -> frozenset[Hardfork]:
        """The hardforks at which it is deployed or updated."""
        if self._used_hardforks is None:
            rows: list[NativeMethod | NativeEvent] = [*self.methods, *self.events]
            named = {row.active_in for row in rows} | {row.deprecated_in for row in rows} | {self.active_in}
            used = (*named, *self.update_hardforks)
            self._used_hardforks = frozenset(hardfork for hardfork in used if hardfork is not None)
        return self._used_hardforks

    def is_initialize_block(self, settings: ProtocolSettings, block_index: int) -> list[Hardfork] | None:
        """The hardforks of a block at which the contract is deployed or updated; None for any other block."""
        reached = sorted(
            hardfork for hardfork in self.used_hardforks() if settings.hardforks.get(hardfork) == block_index
        )
        if reached:
            return reached
        return [] if block_index == 0 and self.active_in is None else None

    def state_at(self, settings: ProtocolSettings, block_index: int) -> Contract:
        """Its NEF and manifest under the hardforks of a block; the update counter is 0."""
        return self.layout(settings.enabled_at(block_index)).contract

    @property
    def methods(self) -> tuple[NativeMethod, ...]:
        """All methods in all forms, by name, then by number of parameters."""
        if self._methods is None:
            found = [
                _method_of(partial(function, self), function, row)
                for function in vars_of(type(self))
                for row in getattr(function, _ROWS, ())
            ]
            found.sort(key=lambda method: (method.name, len(method.parameters)))
            self._methods = tuple(found)
        return self._methods

    def layout(self, enabled: frozenset[Hardfork]) -> _Layout:
        """The contract under a set of hardforks."""
        layout = self._layouts.get(enabled)
        if layout is None:
            layout = self._layouts[enabled] = self._laid_out(enabled)
        return layout

    def _laid_out(self, enabled: frozenset[Hardfork]) -> _Layout:
        script = b""
        methods: dict[int, NativeMethod] = {}
        listed: list[Method] = []
        for method in self.methods:
            if _is_active(method, enabled):
                listed.append(method.descriptor(len(script)))
                methods[len(script) + 1] = method
                script += ScriptBuilder().push(0).syscall("System.Contract.CallNative").op(0x40).to_bytes()
        manifest = Manifest(
            name=self.name,
            supported_standards=self.standards(enabled),
            methods=tuple(listed),
            events=tuple(
                Event(event.name, tuple(AbiParameter(*parameter) for parameter in event.parameters))
                for event in self.events
                if _is_active(event, enabled)
            ),
            permissions=(Permission(None, None),),
            trusts=(),
        )
        contract = Contract(self.id, 0, self.hash, Nef(_COMPILER, script), manifest)
        by_name = {(method.name, len(method.parameters)): method for method in methods.values()}
        return _Layout(contract, methods, by_name)

    def invoke(self, run: Run, version: int) -> None:
        """Does what the method does at whose SYSCALL the running frame stands.

        Source: neo, NativeContract.Invoke.
        """
        if not self.is_active(run.settings, run.ledger.current_index):
            raise VmFault(f"The native contract {self.name} is not active.")
        if version != 0:
            raise VmFault(f"The native contract of version {version} is not active.")
        frame = run.frames[-1]
        method = self._layout_of(run).methods[frame.ip - _SYSCALL_SIZE]
        context = run.context
        if context.flags & method.flags != method.flags:
            raise VmFault(f"Cannot call this method with the flag {flags_text(CallFlags(context.flags))}.")
        if not context.is_whitelisted:
            price = method.cpu_fee * run.exec_fee_pico_factor
            if method.storage_fee:
                price += method.storage_fee * run.storage_price * PICO
            run.gas_left -= price
            if run.gas_left < 0:
                raise VmFault("Insufficient GAS.")
        args = []
        for depth, parameter in enumerate(method.parameters):
            args.append(parameter.convert(frame, frame.stack[-1 - depth]))
        if method.has_kinds:
            check_kinds(method.parameters, args)
        result = method.function(run, *args)
        if method.has_steps:
            run.go_on(result, partial(_finish, method, frame))
        else:
            _finish(method, frame, result)

    def answer(self, run: Run, contract: Contract, method: Method, flags: int, args: Sequence[StackItem]) -> Any:
        """What a plain method returns that is called with these flags, paid for; NOT_DONE where its script is to run.

        Nothing has happened then. It is for a caller that pays as it goes, and calls that nobody watches.
        """
        layout = self._layout_of(run)
        plain = layout.methods.get(method.offset + 1)
        if plain is None or not plain.is_plain or flags & plain.flags != plain.flags:
            return NOT_DONE
        price = (_PUSH_PRICE + plain.cpu_fee) * run.exec_fee_pico_factor
        limits = run.limits
        if (
            run.gas_left < price
            or len(run.frames) >= limits.max_invocation_stack_size
            or run.counter.count + len(args) + 1 > limits.max_stack_size
            or contract.script != layout.contract.script
            or not self.is_active(run.settings, run.ledger.current_index)
        ):
            return NOT_DONE
        frame = run.frames[-1]
        try:
            given = [parameter.convert(frame, arg) for parameter, arg in zip(plain.parameters, args, strict=True)]
            result = item_of(plain.function(run, *given))
        except VmFault:
            return NOT_DONE
        run.gas_left -= price
        return result

    def balances(
        self, contract: Contract, method: Method, settings: ProtocolSettings, block_index: int
    ) -> ReadBalance | None:
        """How a method reads balances in a block; None for any method that does not, or not by itself."""
        return None

    def price_of_plain(
        self, contract: Contract, method: Method, settings: ProtocolSettings, block_index: int
    ) -> int | None:
        """What calling a plain method costs in a block, in units; None where its script is to run."""
        layout = self.layout(settings.enabled_at(block_index))
        plain = layout.methods.get(method.offset + 1)
        if plain is None or not plain.is_plain or contract.script != layout.contract.script:
            return None
        return _PUSH_PRICE + plain.cpu_fee if self.is_active(settings, block_index - 1) else None

    def _layout_of(self, run: Run) -> _Layout:
        settings, newest = run.settings, self._newest
        index = run.ledger.current_index if run.persisting is None else run.persisting.index
        if newest is None or newest[0] is not settings or newest[1] != index:
            newest = self._newest = settings, index, self.layout(settings.enabled_at(index))
        return newest[2]


def vars_of(kind: type) -> list[Callable[..., Any]]:
    """The functions of a class and its bases, each name once."""
    named: dict[str, Any] = {}
    for base in reversed(kind.__mro__):
        named.update(vars(base))
    return [value for value in named.values() if callable(value)]


def _finish(method: NativeMethod, frame: Frame, result: Any) -> None:
    """Takes the arguments off the stack, and puts the result there."""
    stack, count = frame.stack, len(method.parameters)
    if count:
        if any(isinstance(item, Compound) for item in stack[-count:] if type(item) is not int):
            for _ in range(count):
                pop(frame)
        else:
            del stack[-count:]
    if method.return_type != "Void":
        item = item_of(result)
        stack.append(item)
        if type(item) is not int and isinstance(item, Compound):
            frame.counter.pushed(item)


def _is_active(row: NativeMethod | NativeEvent, enabled: frozenset[Hardfork]) -> bool:
    return (row.active_in is None or row.active_in in enabled) and (
        row.deprecated_in is None or row.deprecated_in not in enabled
    )


def _method_of(bound: Callable[..., Any], function: Callable[..., Any], row: _Row) -> NativeMethod:
    hints = get_type_hints(function, include_extras=True)
    names = list(signature(function).parameters)[2:]
    parameters = tuple(parameter_of(camel_case(name), hints[name]) for name in names)
    if row.parameters is not None:
        parameters = tuple(
            Parameter(name, kind, of.convert, of.is_array, of.is_interop)
            for (name, kind), of in zip(row.parameters, parameters, strict=True)
        )
    result = hints.get("return", type(None))
    if get_origin(result) is get_origin(Steps[None]):
        result = get_args(result)[2]
    return NativeMethod(
        name=row.name or camel_case(function.__name__),
        parameters=parameters,
        return_type=row.returns or manifest_type_of(result),
        cpu_fee=row.cpu_fee,
        storage_fee=row.storage_fee,
        flags=row.flags,
        active_in=row.active_in,
        deprecated_in=row.deprecated_in,
        function=bound,
        has_steps=isgeneratorfunction(function),
        has_kinds=any(parameter.is_array or parameter.is_interop for parameter in parameters),
        is_plain=row.is_plain,
    )


def camel_case(name: str) -> str:
    """A Python name as the node spells it."""
    first, *rest = name.rstrip("_").split("_")
    return first + "".join(word[:1].upper() + word[1:] for word in rest)
