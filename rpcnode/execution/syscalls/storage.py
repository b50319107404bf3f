"""The services that read and write a contract's storage, and iterators over it.

Source: neo 3.9, Neo: SmartContract/ApplicationEngine.Storage, .Iterator, Iterators/StorageIterator.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from rpcnode.execution.engine import ScriptRun, Service
from rpcnode.execution.serializers.binary import deserialize
from rpcnode.payloads.flags import CallFlags
from rpcnode.primitives.errors import VmFault
from rpcnode.vm.conversions import pop, pop_bytes, pop_integer, push
from rpcnode.vm.items import Array, InteropInterface, StackItem, Struct
from rpcnode.vm.machine import Frame

MAX_KEY_SIZE: Final = 64
MAX_VALUE_SIZE: Final = 65535

_KEYS_ONLY, _REMOVE_PREFIX, _VALUES_ONLY, _DESERIALIZE, _FIELD_0, _FIELD_1, _BACKWARDS = 1, 2, 4, 8, 16, 32, 128
_ALL_OPTIONS: Final = 0xBF
_REFUSED: Final = (  # options that do not go together: each of the first with each of the second
    (_KEYS_ONLY, _VALUES_ONLY | _DESERIALIZE | _FIELD_0 | _FIELD_1),
    (_VALUES_ONLY, _KEYS_ONLY | _REMOVE_PREFIX),
    (_FIELD_0, _FIELD_1),
)


@dataclass(frozen=True, slots=True, eq=False)
class StorageContext:
    """What a script holds of a contract's storage; to EQUAL, one that is handed out later is another."""

    contract_id: int
    is_read_only: bool


class Found:
    """An iterator over values; `current` is what `Value` answers."""

    def __init__(self, values: Iterator[StackItem]) -> None:
        self._values: Final = values
        self._current: tuple[StackItem] | None = None

    def move(self) -> bool:
        """Goes on to the next value, if there is one."""
        for value in self._values:
            self._current = (value,)
            return True
        self._current = None
        return False

    @property
    def current(self) -> StackItem:
        if self._current is None:
            raise VmFault("Enumeration has either not started or has already finished.")
        return self._current[0]


def _own(run: ScriptRun, *, is_read_only: bool) -> StorageContext:
    contract = run.world.contract(run.context.script_hash)
    if contract is None:
        raise VmFault("This method can only be called by a deployed contract.")
    return StorageContext(contract.contract_id, is_read_only)


def _get_context(run: ScriptRun, frame: Frame) -> None:
    push(frame, InteropInterface(_own(run, is_read_only=False)))


def _get_read_only_context(run: ScriptRun, frame: Frame) -> None:
    push(frame, InteropInterface(_own(run, is_read_only=True)))


def _as_read_only(run: ScriptRun, frame: Frame) -> None:
    context = _given(run, frame)
    push(frame, InteropInterface(context if context.is_read_only else StorageContext(context.contract_id, True)))


def _given(run: ScriptRun, frame: Frame) -> StorageContext:
    value = pop(frame)
    if isinstance(value, InteropInterface) and isinstance(value.value, StorageContext):
        return value.value
    raise VmFault("a storage context is expected")


def _local_to_read(run: ScriptRun, frame: Frame) -> StorageContext:
    return _own(run, is_read_only=True)


def _local_to_write(run: ScriptRun, frame: Frame) -> StorageContext:
    return _own(run, is_read_only=False)


ContextOf = Callable[[ScriptRun, Frame], StorageContext]
"""Where a service finds its storage: on the stack, or the running contract's own."""


def _get(context_of: ContextOf) -> Service:
    def do(run: ScriptRun, frame: Frame) -> None:
        contract_id = context_of(run, frame).contract_id
        run.world.reads(run, contract_id)
        push(frame, run.storage.get(contract_id, bytes(pop_bytes(frame))))

    return Service(1 << 15, CallFlags.ReadStates, do)


def _put(context_of: ContextOf) -> Service:
    def do(run: ScriptRun, frame: Frame) -> None:
        context = context_of(run, frame)
        key, value = bytes(pop_bytes(frame)), bytes(pop_bytes(frame))
        if len(key) > MAX_KEY_SIZE:
            raise VmFault(f"Key length {len(key)} exceeds maximum allowed size of {MAX_KEY_SIZE} bytes.")
        if len(value) > MAX_VALUE_SIZE:
            raise VmFault(f"Value length {len(value)} exceeds maximum allowed size of {MAX_VALUE_SIZE} bytes.")
        _check_writable(context)
        run.storage.put(context.contract_id, key, value)

    return Service(1 << 15, CallFlags.WriteStates, do)


def _delete(context_of: ContextOf) -> Service:
    def do(run: ScriptRun, frame: Frame) -> None:
        context = context_of(run, frame)
        key = bytes(pop_bytes(frame))
        _check_writable(context)
        run.storage.delete(context.contract_id, key)

    return Service(1 << 15, CallFlags.WriteStates, do)


def _find(context_of: ContextOf) -> Service:
    def do(run: ScriptRun, frame: Frame) -> None:
        contract_id = context_of(run, frame).contract_id
        prefix, options = bytes(pop_bytes(frame)), pop_integer(frame)
        is_refused = any(options & one and options & others for one, others in _REFUSED)
        needs_values = options & (_FIELD_0 | _FIELD_1) and not options & _DESERIALIZE
        if options & ~_ALL_OPTIONS or is_refused or needs_values:
            raise VmFault(f"Invalid find options: {options}")
        run.world.reads(run, contract_id)
        push(frame, InteropInterface(Found(_found(run, contract_id, prefix, options))))

    return Service(1 << 15, CallFlags.ReadStates, do)


def _found(run: ScriptRun, contract_id: int, prefix: bytes, options: int) -> Iterator[StackItem]:
    found = list(run.storage.find(contract_id, prefix))
    for key, value in reversed(found) if options & _BACKWARDS else found:
        shown = key[len(prefix) :] if options & _REMOVE_PREFIX else key
        if options & _KEYS_ONLY:
            yield shown
            continue
        item = _picked(deserialize(value), options) if options & _DESERIALIZE else value
        yield item if options & _VALUES_ONLY else Struct((shown, item))


def _picked(value: StackItem, options: int) -> StackItem:
    if not options & (_FIELD_0 | _FIELD_1):
        return value
    index = 0 if options & _FIELD_0 else 1
    if not isinstance(value, Array) or index >= len(value.items):
        raise VmFault(f"a stored value has no field {index}")
    return value.items[index]


def _check_writable(context: StorageContext) -> None:
    if context.is_read_only:
        raise VmFault("StorageContext is read-only")


def _iterator(frame: Frame) -> Found:
    value = pop(frame)
    if isinstance(value, InteropInterface) and isinstance(value.value, Found):
        return value.value
    raise VmFault("an iterator is expected")


def _next(run: ScriptRun, frame: Frame) -> None:
    push(frame, _iterator(frame).move())


def _value(run: ScriptRun, frame: Frame) -> None:
    push(frame, _iterator(frame).current)


STORAGE_SERVICES: Final = {
    "System.Storage.GetContext": Service(1 << 4, CallFlags.ReadStates, _get_context),
    "System.Storage.GetReadOnlyContext": Service(1 << 4, CallFlags.ReadStates, _get_read_only_context),
    "System.Storage.AsReadOnly": Service(1 << 4, CallFlags.ReadStates, _as_read_only),
    "System.Storage.Get": _get(_given),
    "System.Storage.Find": _find(_given),
    "System.Storage.Put": _put(_given),
    "System.Storage.Delete": _delete(_given),
    "System.Storage.Local.Get": _get(_local_to_read),
    "System.Storage.Local.Find": _find(_local_to_read),
    "System.Storage.Local.Put": _put(_local_to_write),
    "System.Storage.Local.Delete": _delete(_local_to_write),
    "System.Iterator.Next": Service(1 << 15, 0, _next),
    "System.Iterator.Value": Service(1 << 4, 0, _value),
}
"""The services by their names."""
