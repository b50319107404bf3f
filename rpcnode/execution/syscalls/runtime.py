"""System.Runtime: what scripts learn of the run, and what they tell it.

Source: neo 3.10.2, SmartContract/ApplicationEngine.Runtime.cs.
"""

from typing import Final

from rpcnode.execution.application_engine import ALL_FLAGS, PICO
from rpcnode.execution.application_engine import ApplicationEngine as Run
from rpcnode.execution.hardforks import Hardfork
from rpcnode.execution.parameters import INVALID_STATE, Byte, Int64
from rpcnode.execution.records import Trigger
from rpcnode.execution.serializers.payload_items import signer_item, transaction_item
from rpcnode.execution.signatures import decode_point
from rpcnode.execution.witnesses import is_witness
from rpcnode.payloads.transaction import Transaction
from rpcnode.payloads.verification import script_hash, single_key_script
from rpcnode.primitives.errors import VmFault
from rpcnode.primitives.murmur import murmur128
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.items import Array

MAX_LOG_SIZE: Final = 1024  # bytes
RANDOM_PRICE: Final = 1 << 13  # units
OLD_RANDOM_PRICE: Final = 1 << 4  # units, before Aspidochelone

_UNITS_PER_SIGNER: Final = 2_000
"""Prices of NOPs that take as long as a signer's rules, when there are many."""

TRIGGERS: Final = {
    Trigger.ON_PERSIST: 0x01,
    Trigger.POST_PERSIST: 0x02,
    Trigger.VERIFICATION: 0x20,
    Trigger.APPLICATION: 0x40,
}
"""The numbers of the triggers. Source: neo 3.10.2, SmartContract/TriggerType.cs."""


def platform(run: Run) -> bytes:
    """The name of the platform."""
    return b"NEO"


def get_network(run: Run) -> int:
    """The magic number of the network."""
    return run.settings.network


def get_address_version(run: Run) -> int:
    """The first byte of addresses."""
    return run.settings.address_version


def get_trigger(run: Run) -> int:
    """Why the script runs."""
    return TRIGGERS[run.trigger]


def get_time(run: Run) -> int:
    """The time of the block that is being made, in milliseconds."""
    if run.persisting is None:
        raise VmFault("GetTime can only be called with Application trigger.")
    run.asked_time = True
    return run.persisting.header.timestamp_ms


def get_script_container(run: Run) -> Array:
    """The transaction; a block has no form for scripts."""
    if not isinstance(run.container, Transaction):
        raise VmFault(INVALID_STATE)
    return transaction_item(run.container)


def get_executing_script_hash(run: Run) -> bytes:
    """Whose script runs."""
    return bytes(run.context.script_hash)


def get_calling_script_hash(run: Run) -> bytes | None:
    """Who called it, None in the entry script."""
    calling = run.calling_script_hash
    return None if calling is None else bytes(calling)


def get_entry_script_hash(run: Run) -> bytes:
    """Whose script began it all."""
    return bytes(run.entry_script_hash)


def load_script(run: Run, script: bytes, call_flags: Byte, args: Array) -> None:
    """Runs a script with rights to read only."""
    if call_flags & ~ALL_FLAGS:
        raise VmFault(f"Invalid call flags: {call_flags} (Parameter 'callFlags')")
    run.load_dynamic_script(script, call_flags, args.items)


def check_witness(run: Run, hash_or_pubkey: bytes) -> bool:
    """Whether an account, given by its hash or its key, agrees."""
    if len(hash_or_pubkey) == 20:
        return is_witness(run, UInt160(hash_or_pubkey))
    if len(hash_or_pubkey) == 33:
        return is_witness(run, script_hash(single_key_script(decode_point(hash_or_pubkey))))
    raise VmFault("Invalid hashOrPubkey length (Parameter 'hashOrPubkey')")


def get_invocation_counter(run: Run) -> int:
    """How often the contract that runs was called."""
    return run.invocation_counters.setdefault(run.context.script_hash, 1)


def get_random(run: Run) -> int:
    """128 bits that follow from transaction and block; they are made before they are paid."""
    network = run.settings.network
    if run.is_enabled(Hardfork.Aspidochelone):
        data, price = murmur128(run.nonce_data, network + run.random_times), RANDOM_PRICE
        run.random_times += 1
    else:
        data, price = murmur128(run.nonce_data, network), OLD_RANDOM_PRICE
        run.nonce_data = data
    run.charge_units(price)
    return int.from_bytes(data, "little")


def log(run: Run, state: bytes) -> None:
    """A message of at most 1,024 bytes of UTF-8; nobody keeps it."""
    if len(state) > MAX_LOG_SIZE:
        limit = f"exceeds maximum allowed size of {MAX_LOG_SIZE} bytes (Parameter 'state')"
        raise VmFault(f"Notification size {len(state)} {limit}")
    try:
        state.decode()
    except UnicodeDecodeError:
        text = "Failed to convert byte array to string: Invalid UTF-8 sequence (Parameter 'state')"
        raise VmFault(text) from None


def gas_left(run: Run) -> int:
    """What may still be spent, in whole datoshi."""
    return run.gas_left_datoshi


def burn_gas(run: Run, datoshi: Int64) -> None:
    """Spends an amount for nothing; a contract with a fixed fee spends none."""
    if datoshi <= 0:
        raise VmFault("GAS must be positive.")
    if not run.context.is_whitelisted:
        run.charge(datoshi * PICO)


def current_signers(run: Run) -> Array | None:
    """The signers of the transaction, None where there is no transaction."""
    if not isinstance(run.container, Transaction):
        return None
    run.tire(_UNITS_PER_SIGNER * len(run.container.signers))
    return Array(map(signer_item, run.container.signers))
