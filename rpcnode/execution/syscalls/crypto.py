"""System.Crypto: signatures of the container. Source: neo 3.10.2, SmartContract/ApplicationEngine.Crypto.cs."""

from collections.abc import Callable
from typing import Final

from rpcnode.execution.application_engine import ApplicationEngine as Run
from rpcnode.execution.hardforks import Hardfork
from rpcnode.execution.signatures import check_signature, check_sized_signature
from rpcnode.payloads.block import Block
from rpcnode.payloads.payload import Verifiable
from rpcnode.primitives.errors import VmFault

CHECK_SIG_PRICE: Final = 1 << 15  # units, for each key


def check_sig(run: Run, pubkey: bytes, signature: bytes) -> bool:
    """Whether the container has this signature of a key."""
    return _check_of(run)(_message(run), signature, pubkey)


def check_multisig(run: Run, pubkeys: list[bytes], signatures: list[bytes]) -> bool:
    """Whether the container has all the signatures, in the order of their keys. Counts are checked, then charged."""
    message = _message(run)
    key_count, signature_count = len(pubkeys), len(signatures)
    if key_count == 0:
        raise VmFault("pubkeys array cannot be empty.")
    if signature_count == 0:
        raise VmFault("signatures array cannot be empty.")
    if signature_count > key_count:
        counts = f"signatures count ({signature_count}) cannot be greater than pubkeys count ({key_count})"
        raise VmFault(f"{counts}.")
    run.charge_units(CHECK_SIG_PRICE * key_count)
    is_signed = _check_of(run)
    found = 0
    for index, pubkey in enumerate(pubkeys, 1):
        found += is_signed(message, signatures[found], pubkey)
        if signature_count - found > key_count - index:
            return False
        if found == signature_count:
            break
    return True


def _message(run: Run) -> bytes:
    container = run.container
    if isinstance(container, Block):
        container = container.header
    if not isinstance(container, Verifiable):
        raise VmFault("Object reference not set to an instance of an object.")
    return container.sign_data(run.settings.network)


def _check_of(run: Run) -> Callable[[bytes, bytes, bytes], bool]:
    """How message, signature and key are checked: since Gorgon a signature of another size is a fault."""
    return check_sized_signature if run.is_enabled(Hardfork.Gorgon) else check_signature
