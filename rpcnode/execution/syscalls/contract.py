"""System.Contract: calls of other contracts, and accounts of keys.

Source: neo 3.10.2, SmartContract/ApplicationEngine.Contract.cs.
"""

from collections.abc import Callable
from typing import Final

from rpcnode.execution.application_engine import ApplicationEngine as Run
from rpcnode.execution.application_engine import Steps
from rpcnode.execution.hardforks import Hardfork
from rpcnode.execution.native_set import Native
from rpcnode.execution.parameters import INVALID_STATE, Byte, Int32
from rpcnode.execution.records import Trigger
from rpcnode.payloads.verification import multisig_script, script_hash, single_key_script
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.errors import FormatError, VmFault
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.items import Array

CHECK_SIG_PRICE: Final = 1 << 15  # units
OLD_ACCOUNT_PRICE: Final = 1 << 8  # units, before Aspidochelone


def call(run: Run, contract_hash: UInt160, method: str, call_flags: Byte, args: Array) -> None:
    """Calls a method of a contract; its result will be on the stack, Null if it has none."""
    run.call_contract(contract_hash, method, call_flags, args.items)


def call_native(run: Run, version: Byte) -> None:
    """Runs the native method whose script this is."""
    run.call_native(version)


def native_on_persist(run: Run) -> None:
    """Lets all natives do what they do before a block's transactions."""
    if run.trigger is not Trigger.ON_PERSIST:
        raise VmFault(INVALID_STATE)
    run.go_on(_steps_of_all(run, lambda native: native.on_persist(run)), _nothing)


def native_post_persist(run: Run) -> None:
    """Lets all natives do what they do after a block's transactions."""
    if run.trigger is not Trigger.POST_PERSIST:
        raise VmFault(INVALID_STATE)
    run.go_on(_steps_of_all(run, lambda native: native.post_persist(run)), _nothing)


def get_call_flags(run: Run) -> int:
    """The call flags of the current context."""
    return run.context.flags


def create_standard_account(run: Run, pub_key: ECPoint) -> bytes:
    """The account that a key opens."""
    run.charge_units(CHECK_SIG_PRICE if run.is_enabled(Hardfork.Aspidochelone) else OLD_ACCOUNT_PRICE)
    return bytes(script_hash(single_key_script(pub_key)))


def create_multisig_account(run: Run, m: Int32, pub_keys: list[ECPoint]) -> bytes:
    """The account that `m` of the keys open. The charge comes before `m` is checked."""
    is_new = run.is_enabled(Hardfork.Aspidochelone)
    run.charge_units(CHECK_SIG_PRICE * len(pub_keys) if is_new else OLD_ACCOUNT_PRICE)
    try:
        return bytes(script_hash(multisig_script(m, pub_keys)))
    except FormatError:
        raise VmFault(f"Invalid multisig parameters: m={m}, publicKeys.Count={len(pub_keys)}") from None


def _steps_of_all(run: Run, work: Callable[[Native], Steps[None] | None]) -> Steps[None]:
    """The work of all natives that exist, one after the other."""
    block = run.persisting
    assert block is not None
    for native in run.natives.by_hash.values():
        if native.is_active(run.settings, block.index):
            steps = work(native)
            if steps is not None:
                yield from steps


def _nothing(result: None) -> None:
    """Nothing is left to do."""
