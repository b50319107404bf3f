"""Deployed contracts, as ContractManagement stores them."""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, Protocol, Self

from rpcnode.execution.serializers.binary import deserialize, serialize
from rpcnode.execution.serializers.manifest_items import manifest_item, manifest_of
from rpcnode.payloads.manifest import Manifest, Permission
from rpcnode.payloads.nef import Nef
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.errors import VmFault
from rpcnode.primitives.json import Json
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.items import Array, StackItem

CONTRACT_MANAGEMENT_ID: Final = -1
_LONG_ROW: Final = 16 * 1024  # bytes; contracts of longer ones are kept apart, and fewer of them
CONTRACT_PREFIX: Final = b"\x08"
"""What the key of a contract's row begins with; the hash follows."""


class Rows(Protocol):
    """A storage that can be read."""

    def get(self, contract_id: int, key: bytes, /) -> bytes | None: ...


@dataclass(frozen=True)
class Contract:
    """A deployed contract or a native one. Source: neo, Neo: SmartContract/ContractState.

    `derived` is for others to keep what they work out of it once, each under a key of its own.
    """

    id: int
    update_counter: int
    hash: UInt160
    nef: Nef
    manifest: Manifest
    derived: dict[object, object] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def script(self) -> bytes:
        """The code in the NEF."""
        return self.nef.script

    def to_item(self) -> Array:
        """Id, update counter, hash, NEF and manifest, as ContractManagement hands it out; a new item each time."""
        return Array(
            (self.id, self.update_counter, bytes(self.hash), self.nef.serialize(), manifest_item(self.manifest))
        )

    @classmethod
    def from_item(cls, item: StackItem) -> Self:
        """The contract that `to_item` made an item of. Raises VmFault for any other, FormatError for a bad NEF."""
        match item:
            case Array(items=[int(contract_id), int(update_counter), bytes(script_hash), bytes(nef), manifest]):
                return cls(
                    contract_id, update_counter, UInt160(script_hash), Nef.parse_unverified(nef), manifest_of(manifest)
                )
        raise VmFault("Specified cast is not valid.")

    def can_call(self, target: "Contract", method: str) -> bool:
        """Whether this contract's permissions cover a method of the target. Source: ContractState.CanCall."""
        return any(_covers(permission, target, method) for permission in self.manifest.permissions)

    def serialize(self) -> bytes:
        """The value of the contract's row. Raises VmFault where it is too large for one."""
        return serialize(self.to_item())

    @classmethod
    def parse(cls, row: bytes) -> Self:
        """The contract that the value of a row describes."""
        return cls.from_item(deserialize(row))

    def to_json(self) -> dict[str, Json]:
        """The members in neo-cli's order."""
        return {
            "id": self.id,
            "updatecounter": self.update_counter,
            "hash": str(self.hash),
            "nef": self.nef.to_json(),
            "manifest": self.manifest.to_json(),
        }


def contract_of(rows: Rows, script_hash: UInt160) -> Contract | None:
    """The contract of that hash, if there is one. A row is parsed once."""
    row = rows.get(CONTRACT_MANAGEMENT_ID, CONTRACT_PREFIX + script_hash)
    if row is None:
        return None
    return _parsed(row) if len(row) <= _LONG_ROW else _parsed_long(row)


@lru_cache(maxsize=1024)
def _parsed(row: bytes) -> Contract:
    return Contract.parse(row)


@lru_cache(maxsize=32)
def _parsed_long(row: bytes) -> Contract:
    return Contract.parse(row)


def _covers(permission: Permission, target: Contract, method: str) -> bool:
    """Source: neo, Neo: SmartContract/Manifest/ContractPermission.IsAllowed."""
    named = permission.contract
    if isinstance(named, ECPoint):
        if named not in target.manifest.group_keys:
            return False
    elif named is not None and named != target.hash:
        return False
    return permission.methods is None or method in permission.methods
