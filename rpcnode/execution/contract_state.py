"""Contract states: what stands deployed, from which block to which."""

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from rpcnode.primitives.json import Json
from rpcnode.primitives.uint import UInt160

if TYPE_CHECKING:
    from rpcnode.payloads.manifest import Manifest
    from rpcnode.payloads.nef import Nef


class Model(StrEnum):
    """How a contract is run before there is a VM to run its script."""

    TOKEN = "token"
    """A fungible token in Python (token.py), written by declared transfers."""

    NFT = "nft"
    """A non-fungible token in Python (nft.py)."""

    OBSERVED_TOKEN = "observed"
    """A fungible token of a recording: its balances follow its own Transfer notifications."""

    OBSERVED_NFT = "observed nft"
    """A non-fungible token of a recording, likewise."""

    TOLD_TOKEN = "told"
    """A fungible token of an older profile, whose `balanceOf` was told its answers (told_balances.py)."""


class ContractCode(Protocol):
    """A contract's code and what it says of itself; it may be read when it is first asked for."""

    @property
    def nef(self) -> "Nef":
        """Its NEF."""

    @property
    def manifest(self) -> "Manifest":
        """Its manifest."""


@dataclass(frozen=True, slots=True)
class Code:
    """Code and manifest that are there already."""

    nef: "Nef"
    manifest: "Manifest"


@dataclass(frozen=True)
class ContractState:
    """A contract between two block heights.

    It exists after block `deployed_at` and until before block `destroyed_at`. `symbol` and `decimals` are what the
    model cannot read from a script. `printed` is the getcontractstate of the node that was recorded, where this one
    answers with what that one said: of chains whose scripts are not run.
    """

    contract_id: int
    script_hash: UInt160
    update_counter: int
    code: ContractCode = field(compare=False)
    deployed_at: int
    destroyed_at: int | None = None
    model: Model | None = None
    symbol: str | None = None
    decimals: int | None = None
    printed: "dict[str, Json] | None" = None

    @property
    def nef(self) -> "Nef":
        """Its NEF; where the checksum that was recorded is wrong, the right one is in it."""
        return self.code.nef

    @property
    def manifest(self) -> "Manifest":
        """Its manifest; on profiles before N3 it has what those nodes had of it."""
        return self.code.manifest

    @property
    def name(self) -> str:
        return self.manifest.name

    @cached_property
    def supported_standards(self) -> frozenset[str]:
        """The standards that the manifest claims, as `NEP-17`."""
        return frozenset(self.manifest.supported_standards)

    def exists_at(self, block_index: int) -> bool:
        """Whether the contract stands once the block at that index has been applied."""
        return self.deployed_at <= block_index and (self.destroyed_at is None or block_index < self.destroyed_at)

    @cached_property
    def is_divisible(self) -> bool:
        """Whether a non-fungible token can be held in parts: its ABI has a `balanceOf` of two parameters."""
        return self.has_method("balanceOf", 2)

    def has_method(self, name: str, parameter_count: int) -> bool:
        """Whether the ABI has a method of that name with that many parameters."""
        return self.manifest.method(name, parameter_count) is not None
