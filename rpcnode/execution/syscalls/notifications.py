"""System.Runtime.Notify and GetNotifications: what events may be sent, and how scripts see those that were.

Source: neo 3.10.2, SmartContract/ApplicationEngine.Runtime.cs, NotifyEventArgs.cs.
"""

from collections.abc import Callable
from typing import Final

from rpcnode.execution.application_engine import ApplicationEngine as Run
from rpcnode.execution.hardforks import Hardfork
from rpcnode.execution.parameters import INVALID_STATE
from rpcnode.execution.records import Notification
from rpcnode.execution.serializers.binary import serialize
from rpcnode.payloads.manifest import Event
from rpcnode.primitives.errors import VmFault
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.conversions import to_text
from rpcnode.vm.copying import deep_copy
from rpcnode.vm.items import Array, Buffer, InteropInterface, Map, Pointer, StackItem

MAX_EVENT_NAME: Final = 32  # bytes
MAX_NOTIFICATION_SIZE: Final = 1024  # bytes, serialized
MAX_LISTED: Final = 2048
_UNITS_PER_EVENT: Final = 50
"""Prices of NOPs that take as long as copying an event."""


def notify(run: Run, event_name: bytes, state: Array) -> None:
    """Sends an event of the contract that runs; since Basilisk only one that its manifest declares."""
    size = len(event_name)
    if size > MAX_EVENT_NAME:
        limit = f"exceeds maximum allowed size of {MAX_EVENT_NAME} bytes (Parameter 'eventName')"
        raise VmFault(f"Event name size {size} {limit}")
    is_checked = run.is_enabled(Hardfork.Basilisk)
    name = to_text(event_name) if is_checked else ""
    contract = run.context.contract
    if contract is None:
        raise VmFault("Notifications are not allowed in dynamic scripts.")
    if is_checked:
        check_event(contract.manifest.events, name, state)
    serialize(state, MAX_NOTIFICATION_SIZE)
    run.notify(run.context.script_hash, name or to_text(event_name), state)


def check_event(events: tuple[Event, ...], name: str, state: Array) -> None:
    """Raises VmFault unless an event of that name is declared and the items fit its parameters."""
    event = next((event for event in events if event.name == name), None)
    if event is None:
        raise VmFault(f"Event `{name}` does not exist.")
    if len(event.parameters) != len(state.items):
        raise VmFault("The number of the arguments does not match the formal parameters of the event.")
    for parameter, item in zip(event.parameters, state.items, strict=True):
        fits = _FITS.get(parameter.type)
        if fits is None or isinstance(item, Pointer) or not fits(item):
            raise VmFault(f"The type of the argument `{parameter.name}` does not match the formal parameter.")


def get_notifications(run: Run, hash_: UInt160 | None) -> Array:
    """The events sent so far, of one contract or of all: hash, name and state of each; the states are read-only."""
    events = [event for event in run.notifications if hash_ is None or event.contract == hash_]
    if len(events) > MAX_LISTED:
        raise VmFault(INVALID_STATE)
    run.tire(_UNITS_PER_EVENT * len(events))
    state_of = _fresh_state if run.is_enabled(Hardfork.Domovoi) else _same_state
    return Array(
        Array((bytes(event.contract), (event.event_name or "").encode(), state_of(run, event))) for event in events
    )


def _fresh_state(run: Run, event: Notification) -> StackItem:
    return deep_copy(Array(event.state), as_immutable=True)


def _same_state(run: Run, event: Notification) -> StackItem:
    """Before Domovoi the event's own array: two lists hold the same."""
    key = (_same_state, id(event))
    state = run.memo.get(key)
    if not isinstance(state, Array):
        # the event is kept too, so that no other comes to have its id
        run.memo[key] = state = Array(event.state)
        run.memo[(_same_state, id(event), "event")] = event
        state.read_only = True
    return state


def _is_sized(*sizes: int) -> Callable[[StackItem], bool]:
    return lambda item: item is None or (isinstance(item, bytes | Buffer) and len(item) in sizes)


def _is_text(item: StackItem) -> bool:
    if not isinstance(item, bytes | Buffer):
        return False
    try:
        item.decode()
    except UnicodeDecodeError:
        return False
    return True


_FITS: Final[dict[str, Callable[[StackItem], bool]]] = {
    "Any": lambda item: True,
    "Boolean": lambda item: isinstance(item, bool),
    "Integer": lambda item: type(item) is int,
    "ByteArray": lambda item: item is None or isinstance(item, bytes | Buffer),
    "String": _is_text,
    "Hash160": _is_sized(20),
    "Hash256": _is_sized(32),
    "PublicKey": _is_sized(33),
    "Signature": _is_sized(64),
    "Array": lambda item: item is None or isinstance(item, Array),
    "Map": lambda item: item is None or isinstance(item, Map),
    "InteropInterface": lambda item: item is None or isinstance(item, InteropInterface),
}
"""Whether an item fits a parameter's type; a Pointer fits none. Source: ApplicationEngine.CheckItemType."""
