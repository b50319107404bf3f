"""What Teos can be told. Defaults stand in config.json."""

from enum import StrEnum
from typing import Annotated, Final

from rpcnode.plugin import PluginConfig
from rpcnode.primitives.records import dataclass

ROOT: Final = "/odata/v1.0"
"""Below which the service stands."""


class Rows(StrEnum):
    """Which combinations of an address and an asset have a row."""

    FULL = "full"
    """All; those that hold nothing are `"0"`."""

    OMIT = "omit"
    """Those that hold something."""


class Amounts(StrEnum):
    """What the field Amount counts."""

    SPARKS = "sparks"
    """The ledger's integer, in the asset's smallest unit."""

    UNITS = "units"
    """Sparks divided by the asset's spark factor: an exact decimal."""


@dataclass(frozen=True, slots=True)
class TeosConfig(PluginConfig):
    """The vendor's pages leave all three open. `max_combinations` of 0 is none."""

    rows: Rows = Rows.FULL
    amounts: Amounts = Amounts.SPARKS
    max_combinations: Annotated[int, range(2**31)] = 10_000
