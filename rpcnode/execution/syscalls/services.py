"""The services that scripts reach through SYSCALL.

Built are all but GetRandom and GasLeft, whose answers hang on fees that are not counted here, and CallNative with its
kin, which only native contracts use. Source: neo 3.9, Neo: SmartContract/ApplicationEngine.Contract, .Runtime, .Crypto.
"""

from typing import Final

from rpcnode.execution.engine import ALL_FLAGS, NotModelled, ScriptRun, Service, Services
from rpcnode.execution.serializers.binary import serialize
from rpcnode.execution.serializers.payload_items import signer_item, transaction_item
from rpcnode.execution.syscalls.storage import STORAGE_SERVICES
from rpcnode.execution.witness_scopes import is_witness
from rpcnode.payloads.flags import CallFlags
from rpcnode.payloads.verification import multisig_script, script_hash, single_key_script
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.errors import FormatError, VmFault
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.conversions import pop, pop_array, pop_bytes, pop_int32, pop_integer, push, to_bytes, to_text
from rpcnode.vm.copying import deep_copy
from rpcnode.vm.items import Array, Buffer, StackItem
from rpcnode.vm.machine import Frame
from rpcnode.vm.script_builder import syscall_id

MAX_EVENT_NAME: Final = 32
MAX_NOTIFICATION_SIZE: Final = 1024
APPLICATION_TRIGGER: Final = 0x40
_CHECK_SIG_PRICE: Final = 1 << 15


def _contract_call(run: ScriptRun, frame: Frame) -> None:
    target, method = _hash(pop_bytes(frame)), to_text(pop(frame))
    flags, args = pop_integer(frame), pop_array(frame)
    if method.startswith("_"):
        raise VmFault(f"Method name '{method}' cannot start with underscore.")
    _check_flags(flags)
    run.call_contract(frame, target, method, list(args.items), flags, dynamic=True)


def _load_script(run: ScriptRun, frame: Frame) -> None:
    script, flags, args = bytes(pop_bytes(frame)), pop_integer(frame), pop_array(frame)
    _check_flags(flags)
    run.load_script(script, flags, list(args.items))


def _call_flags(run: ScriptRun, frame: Frame) -> None:
    push(frame, run.context.flags)


def _notify(run: ScriptRun, frame: Frame) -> None:
    name, state = to_text(pop(frame)), pop_array(frame)
    if len(name.encode()) > MAX_EVENT_NAME:
        raise VmFault(f"Event name size {len(name.encode())} exceeds maximum allowed size of {MAX_EVENT_NAME} bytes")
    context = run.context
    if context.contract is None:
        raise VmFault("Notifications are not allowed in dynamic scripts.")
    serialize(state, MAX_NOTIFICATION_SIZE)
    copy = deep_copy(state, as_immutable=True)
    assert isinstance(copy, Array)
    run.notify(context.script_hash, name, tuple(copy.items))


def _notifications(run: ScriptRun, frame: Frame) -> None:
    wanted = pop(frame)
    contract = None if wanted is None else _hash(to_bytes(wanted))
    events: list[StackItem] = []
    for event in run.notifications:
        if contract in (None, event.contract):
            state = deep_copy(Array(event.state), as_immutable=True)
            events.append(Array([bytes(event.contract), (event.event_name or "").encode(), state]))
    push(frame, Array(events))


def _log(run: ScriptRun, frame: Frame) -> None:
    message = bytes(pop_bytes(frame))
    if len(message) > MAX_NOTIFICATION_SIZE:
        limit = f"exceeds maximum allowed size of {MAX_NOTIFICATION_SIZE} bytes"
        raise VmFault(f"Notification size {len(message)} {limit}")
    to_text(message)


def _check_witness(run: ScriptRun, frame: Frame) -> None:
    data = bytes(pop_bytes(frame))
    account = script_hash(single_key_script(_point(data))) if len(data) == 33 else _hash(data)
    push(frame, is_witness(run, account))


def _signers(run: ScriptRun, frame: Frame) -> None:
    transaction = run.world.transaction
    push(frame, None if transaction is None else Array(map(signer_item, transaction.signers)))


def _container(run: ScriptRun, frame: Frame) -> None:
    transaction = run.world.transaction
    if transaction is None:
        raise VmFault("Operation is not valid due to the current state of the object.")
    push(frame, transaction_item(transaction))


def _platform(run: ScriptRun, frame: Frame) -> None:
    push(frame, b"NEO")


def _network(run: ScriptRun, frame: Frame) -> None:
    push(frame, run.world.network)


def _address_version(run: ScriptRun, frame: Frame) -> None:
    push(frame, run.world.address_version)


def _trigger(run: ScriptRun, frame: Frame) -> None:
    push(frame, APPLICATION_TRIGGER)


def _time(run: ScriptRun, frame: Frame) -> None:
    push(frame, run.world.time_ms)


def _executing(run: ScriptRun, frame: Frame) -> None:
    push(frame, bytes(run.context.script_hash))


def _calling(run: ScriptRun, frame: Frame) -> None:
    calling = run.context.calling
    push(frame, None if calling is None else bytes(calling.script_hash))


def _entry(run: ScriptRun, frame: Frame) -> None:
    push(frame, bytes(run.entry_context.script_hash))


def _invocation_counter(run: ScriptRun, frame: Frame) -> None:
    push(frame, run.calls.setdefault(run.context.script_hash, 1))


def _random(run: ScriptRun, frame: Frame) -> None:
    raise NotModelled("System.Runtime.GetRandom")


def _gas_left(run: ScriptRun, frame: Frame) -> None:
    raise NotModelled("System.Runtime.GasLeft")


def _burn_gas(run: ScriptRun, frame: Frame) -> None:
    if pop_integer(frame) <= 0:
        raise VmFault("GAS must be positive.")


def _standard_account(run: ScriptRun, frame: Frame) -> None:
    run.engine.charge(_CHECK_SIG_PRICE)
    push(frame, bytes(script_hash(single_key_script(_point(bytes(pop_bytes(frame)))))))


def _multisig_account(run: ScriptRun, frame: Frame) -> None:
    required, keys = pop_int32(frame), _points(frame)
    run.engine.charge(_CHECK_SIG_PRICE * len(keys))
    try:
        push(frame, bytes(script_hash(multisig_script(required, keys))))
    except FormatError as error:
        raise VmFault(str(error)) from None


def _check_sig(run: ScriptRun, frame: Frame) -> None:
    key, signature = _point(bytes(pop_bytes(frame))), bytes(pop_bytes(frame))
    push(frame, _is_signed(run, key, signature))


def _check_multisig(run: ScriptRun, frame: Frame) -> None:
    keys, signatures = _points(frame), [bytes(to_bytes(signature)) for signature in _popped_list(frame)]
    if not 1 <= len(signatures) <= len(keys):
        raise VmFault("pubkeys and signatures do not fit")
    run.engine.charge(_CHECK_SIG_PRICE * len(keys))
    remaining = iter(keys)
    push(frame, all(any(_is_signed(run, key, signature) for key in remaining) for signature in signatures))


def _is_signed(run: ScriptRun, key: ECPoint, signature: bytes) -> bool:
    from rpcnode.primitives.keys import verify

    transaction = run.world.transaction
    if transaction is None:
        raise NotModelled("a signature of no transaction")
    message = run.world.network.to_bytes(4, "little") + bytes(transaction.hash)
    return len(signature) == 64 and verify(key, message, signature)


def _points(frame: Frame) -> list[ECPoint]:
    return [_point(bytes(to_bytes(key))) for key in _popped_list(frame)]


def _popped_list(frame: Frame) -> list[StackItem]:
    """An array, or as many items as the number on the stack says."""
    value = pop(frame)
    if isinstance(value, Array):
        return value.items
    push(frame, value)
    return [pop(frame) for _ in range(pop_int32(frame))]


def _point(data: bytes) -> ECPoint:
    try:
        return ECPoint(data)
    except FormatError as error:
        raise VmFault(str(error)) from None


def _hash(data: bytes | Buffer) -> UInt160:
    if len(data) != UInt160.SIZE:
        raise VmFault(f"a script hash has {UInt160.SIZE} bytes, got {len(data)}")
    return UInt160(bytes(data))


def _check_flags(flags: int) -> None:
    if flags & ~ALL_FLAGS:
        raise VmFault(f"Invalid call flags: {flags}")


_BY_NAME: Final = {
    **STORAGE_SERVICES,
    "System.Contract.Call": Service(1 << 15, CallFlags.ReadStates | CallFlags.AllowCall, _contract_call),
    "System.Contract.GetCallFlags": Service(1 << 10, 0, _call_flags),
    "System.Contract.CreateStandardAccount": Service(0, 0, _standard_account),
    "System.Contract.CreateMultisigAccount": Service(0, 0, _multisig_account),
    "System.Crypto.CheckSig": Service(_CHECK_SIG_PRICE, 0, _check_sig),
    "System.Crypto.CheckMultisig": Service(0, 0, _check_multisig),
    "System.Runtime.Platform": Service(1 << 3, 0, _platform),
    "System.Runtime.GetNetwork": Service(1 << 3, 0, _network),
    "System.Runtime.GetAddressVersion": Service(1 << 3, 0, _address_version),
    "System.Runtime.GetTrigger": Service(1 << 3, 0, _trigger),
    "System.Runtime.GetTime": Service(1 << 3, 0, _time),
    "System.Runtime.GetScriptContainer": Service(1 << 3, 0, _container),
    "System.Runtime.GetExecutingScriptHash": Service(1 << 4, 0, _executing),
    "System.Runtime.GetCallingScriptHash": Service(1 << 4, 0, _calling),
    "System.Runtime.GetEntryScriptHash": Service(1 << 4, 0, _entry),
    "System.Runtime.LoadScript": Service(1 << 15, CallFlags.AllowCall, _load_script),
    "System.Runtime.CheckWitness": Service(1 << 10, 0, _check_witness),
    "System.Runtime.GetInvocationCounter": Service(1 << 4, 0, _invocation_counter),
    "System.Runtime.GetRandom": Service(0, 0, _random),
    "System.Runtime.Log": Service(1 << 15, CallFlags.AllowNotify, _log),
    "System.Runtime.Notify": Service(1 << 15, CallFlags.AllowNotify, _notify),
    "System.Runtime.GetNotifications": Service(1 << 12, 0, _notifications),
    "System.Runtime.GasLeft": Service(1 << 4, 0, _gas_left),
    "System.Runtime.BurnGas": Service(1 << 4, 0, _burn_gas),
    "System.Runtime.CurrentSigners": Service(1 << 4, 0, _signers),
}

SERVICES: Services = {
    int.from_bytes(syscall_id(name), "little"): service._replace(flags=int(service.flags))
    for name, service in _BY_NAME.items()
}
"""The services by the number that SYSCALL has."""
