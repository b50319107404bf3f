"""What is checked of a contract that is deployed or updated: its NEF, its manifest, and that the two fit together.

Source: neo 3.10.2, SmartContract: NefFile.cs, Helper.cs (Check), Manifest/ContractManifest.cs (IsValid).
"""

from collections.abc import Callable, Hashable, Iterable
from typing import Final, TypeVar

from rpcnode.execution.scripts import script_of
from rpcnode.execution.serializers.binary import serialize
from rpcnode.execution.serializers.manifest_items import manifest_item
from rpcnode.execution.signatures import verify_p256
from rpcnode.payloads.manifest import Manifest
from rpcnode.payloads.manifest_json import parse_manifest
from rpcnode.payloads.nef import Nef
from rpcnode.primitives.binary import BinaryReader
from rpcnode.primitives.errors import FormatError, VmFault
from rpcnode.primitives.uint import UInt160

NO_NEF: Final = "NEF file length cannot be zero."
NO_MANIFEST: Final = "Manifest length cannot be zero."

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)


def nef_from(data: bytes) -> Nef:
    """The NEF that these bytes begin with; more may follow."""
    return _read(lambda given: Nef.read_from(BinaryReader(given)), data)


def manifest_from(data: bytes) -> Manifest:
    """The manifest in these bytes."""
    return _read(parse_manifest, data)


def check_manifest(manifest: Manifest, contract_hash: UInt160) -> None:
    """Refuses a manifest that is too large to be stored, or names a group that has not signed the contract's hash."""
    try:
        serialize(manifest_item(manifest))
        is_valid = all(verify_p256(contract_hash, group.signature, group.public_key) for group in manifest.groups)
    except VmFault:
        is_valid = False
    if not is_valid:
        raise VmFault(f"Invalid Manifest: {contract_hash}")


def check_script(script: bytes, manifest: Manifest, *, strict: bool) -> None:
    """Refuses methods that begin where no instruction does, and methods and events that are listed twice."""
    code = script_of(script, strict)
    for method in manifest.methods:
        code.check_instruction(method.offset)
    _check_distinct(
        ((method.name, len(method.parameters)) for method in manifest.methods), lambda key: f"({key[0]}, {key[1]})"
    )
    _check_distinct((event.name for event in manifest.events), str)


def _check_distinct(keys: Iterable[K], text: Callable[[K], str]) -> None:
    seen = set[K]()
    for key in keys:
        if key in seen:
            raise VmFault(f"An item with the same key has already been added. Key: {text(key)}")
        seen.add(key)


def _read(read: Callable[[bytes], T], data: bytes) -> T:
    try:
        return read(data)
    except FormatError as error:
        raise VmFault(str(error)) from None
