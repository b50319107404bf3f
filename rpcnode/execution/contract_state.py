"""Contract states: what stands deployed, from which block to which."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from rpcnode.primitives.json import Json
from rpcnode.primitives.uint import UInt160


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


@dataclass(frozen=True)
class ContractState:
    """A contract between two block heights.

    It exists after block `deployed_at` and until before block `destroyed_at`. `nef` and `manifest` are JSON in the form
    of getcontractstate. `symbol` and `decimals` are what the model cannot read from a script.
    Of a contract that an older node was recorded with, `nef` holds that node's getcontractstate under `recorded`.
    """

    contract_id: int
    script_hash: UInt160
    update_counter: int
    nef: dict[str, Json]
    manifest: dict[str, Json]
    deployed_at: int
    destroyed_at: int | None = None
    model: Model | None = None
    symbol: str | None = None
    decimals: int | None = None

    @property
    def name(self) -> str:
        return str(self.manifest["name"])

    @cached_property
    def supported_standards(self) -> frozenset[str]:
        """The standards that the manifest claims, as `NEP-17`."""
        standards = self.manifest.get("supportedstandards")
        return frozenset(str(standard) for standard in standards) if isinstance(standards, list) else frozenset()

    def exists_at(self, block_index: int) -> bool:
        """Whether the contract stands once the block at that index has been applied."""
        return self.deployed_at <= block_index and (self.destroyed_at is None or block_index < self.destroyed_at)

    @cached_property
    def is_divisible(self) -> bool:
        """Whether a non-fungible token can be held in parts: its ABI has a `balanceOf` of two parameters."""
        return self.has_method("balanceOf", 2)

    def has_method(self, name: str, parameter_count: int) -> bool:
        """Whether the ABI has a method of that name with that many parameters."""
        return (name, parameter_count) in self.methods

    @cached_property
    def methods(self) -> dict[tuple[str, int], dict[str, Json]]:
        """The ABI's methods by name and number of parameters; of two alike, the first."""
        abi = self.manifest.get("abi")
        listed = abi.get("methods") if isinstance(abi, dict) else None
        methods: dict[tuple[str, int], dict[str, Json]] = {}
        for method in listed if isinstance(listed, list) else ():
            parameters = method.get("parameters") if isinstance(method, dict) else None
            if isinstance(method, dict) and isinstance(parameters, list):
                methods.setdefault((str(method.get("name")), len(parameters)), method)
        return methods
