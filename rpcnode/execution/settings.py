"""What a network has set before its first block."""

from collections.abc import Mapping
from dataclasses import field

from rpcnode.execution.hardforks import Hardfork
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.records import dataclass


@dataclass(frozen=True, slots=True)
class ProtocolSettings:
    """The parameters of a network that execution depends on; `initial_gas` in datoshi.

    A hardfork that is not in `hardforks` never comes. Source: neo 3.10.2, ProtocolSettings.cs.
    """

    network: int
    address_version: int
    ms_per_block: int
    max_traceable_blocks: int
    max_valid_until_block_increment: int
    max_transactions_per_block: int
    initial_gas: int
    standby_committee: tuple[ECPoint, ...]
    validators_count: int
    hardforks: Mapping[Hardfork, int] = field(default_factory=dict)

    @property
    def standby_validators(self) -> tuple[ECPoint, ...]:
        """The first of the committee, who make blocks before any vote."""
        return self.standby_committee[: self.validators_count]

    def is_enabled(self, hardfork: Hardfork, block_index: int) -> bool:
        """Whether a hardfork's rules hold in a block."""
        height = self.hardforks.get(hardfork)
        return height is not None and block_index >= height

    def enabled_at(self, block_index: int) -> frozenset[Hardfork]:
        """All hardforks whose rules hold in a block."""
        return frozenset(hardfork for hardfork, height in self.hardforks.items() if block_index >= height)
