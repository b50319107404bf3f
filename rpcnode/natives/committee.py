"""The committee, as NeoToken keeps it in storage, and its signature.

The row is an Array of Structs of key and votes, by votes from the highest; the first of them are the validators.
Source: neo 3.10.2, SmartContract/Native/NeoToken.cs, NativeContract.cs.
"""

from functools import lru_cache
from typing import Final, NamedTuple

from rpcnode.execution.application_engine import ApplicationEngine as Run
from rpcnode.execution.serializers.binary import deserialize, serialize
from rpcnode.execution.settings import ProtocolSettings
from rpcnode.execution.snapshot import StorageReader
from rpcnode.payloads.account_scripts import ACCOUNT_SCRIPTS
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.errors import VmFault
from rpcnode.primitives.hashes import hash160
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.conversions import to_bytes, to_integer
from rpcnode.vm.items import Array, Struct

NEO_ID: Final = -5
COMMITTEE_KEY: Final = b"\x0e"

_SCRIPTS: Final = ACCOUNT_SCRIPTS["n3"]


class Member(NamedTuple):
    """A seat of the committee; `votes` are those of the moment when the committee was chosen."""

    public_key: ECPoint
    votes: int


def members(storage: StorageReader) -> tuple[Member, ...]:
    """The committee in the order in which it was chosen."""
    return _members(_row(storage))


@lru_cache(maxsize=64)
def members_row(chosen: tuple[Member, ...]) -> bytes:
    """The row that holds a committee."""
    return serialize(Array(Struct((bytes(public_key), votes)) for public_key, votes in chosen))


def committee(storage: StorageReader) -> tuple[ECPoint, ...]:
    """The keys of the committee, sorted."""
    return _sorted_keys(_row(storage), None)


def next_block_validators(storage: StorageReader, settings: ProtocolSettings) -> tuple[ECPoint, ...]:
    """The keys of those who make the next block, sorted."""
    return _sorted_keys(_row(storage), settings.validators_count)


def committee_address(storage: StorageReader) -> UInt160:
    """The account that more than half of the committee opens."""
    keys = committee(storage)
    return multisig_account(len(keys) - (len(keys) - 1) // 2, keys)


def check_committee(run: Run) -> bool:
    """Whether the committee signed the running transaction."""
    return run.check_witness(committee_address(run.storage))


def assert_committee(run: Run) -> None:
    """Raises VmFault unless the committee signed the running transaction."""
    if not check_committee(run):
        text = "It should be a multisig(len(committee) - (len(committee) - 1) / 2))."
        raise VmFault(f"Invalid committee signature. {text}")


def assert_almost_full_committee(run: Run) -> UInt160:
    """The account that all of the committee but two open, or more than half of it where that is more.

    Raises VmFault unless it signed the running transaction.
    """
    keys = committee(run.storage)
    size = len(keys)
    account = multisig_account(max(1, size - (size - 1) // 2, size - 2), keys)
    if not run.check_witness(account):
        raise VmFault("Invalid committee signature. It should be a multisig(max(1,len(committee) - 2))).")
    return account


@lru_cache(maxsize=64)
def multisig_account(required: int, public_keys: tuple[ECPoint, ...]) -> UInt160:
    """The account that `required` of some keys open."""
    return UInt160(hash160(_SCRIPTS.multisig(required, public_keys)))


def validators_account(validators: tuple[ECPoint, ...]) -> UInt160:
    """The account of those who make blocks: more than two thirds of them open it."""
    return multisig_account(len(validators) - (len(validators) - 1) // 3, validators)


@lru_cache(maxsize=1024)
def key_account(public_key: ECPoint) -> UInt160:
    """The account that one key opens."""
    return _SCRIPTS.account(public_key)


def _row(storage: StorageReader) -> bytes:
    row = storage.get(NEO_ID, COMMITTEE_KEY)
    if row is None:
        raise VmFault("The given key was not present in the dictionary.")
    return row


@lru_cache(maxsize=64)
def _members(row: bytes) -> tuple[Member, ...]:
    item = deserialize(row)
    if not isinstance(item, Array):
        raise VmFault("Specified cast is not valid.")
    return tuple(
        Member(ECPoint(bytes(to_bytes(seat.items[0]))), to_integer(seat.items[1]))
        for seat in item.items
        if isinstance(seat, Struct)
    )


@lru_cache(maxsize=64)
def _sorted_keys(row: bytes, count: int | None) -> tuple[ECPoint, ...]:
    return tuple(sorted((member.public_key for member in _members(row)[:count]), key=lambda key: key.sort_key))
