"""What RpcNep5Tracker can be told. Defaults stand in config.json."""

from enum import StrEnum
from typing import Annotated

from rpcnode.plugin import Flag, PluginConfig, Policy, UsualPolicy, WindowClock, option
from rpcnode.primitives.records import dataclass


class ErrorSemantics(StrEnum):
    """Whose errors are answered."""

    DOCUMENTED = "documented"
    """What the notes of the getnep5balances page promise."""

    REFERENCE = "reference"
    """What the source of the profile's node does."""


class ContractRules(StrEnum):
    """When the page's rules about contracts apply to the account asked for."""

    HEX = "hex"
    BOTH = "both"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class RpcNep5TrackerConfig(PluginConfig):
    """`tracked_standards` None: NEP-5 in documented mode, whatever emits a transfer in reference mode.

    `max_results` caps each direction of getnep5transfers. `db_path` is read by neo-cli only: all tables live in one
    database.
    """

    unhandled_exception_policy: UsualPolicy = Policy.STOP_NODE
    db_path: str = option("DBPath", default="Nep5BalanceData")
    track_history: Flag = True
    record_null_address_history: Flag = False
    max_results: Annotated[int, range(2**32)] = 1000
    track_non_standard_mint_tokens: Flag = False
    error_semantics: ErrorSemantics = ErrorSemantics.DOCUMENTED
    contract_rules: ContractRules = ContractRules.HEX
    tracked_standards: tuple[str, ...] | None = None
    clock: WindowClock = WindowClock.CHAIN

    @property
    def standards(self) -> frozenset[str] | None:
        """The standards whose contracts are tracked; None: every contract."""
        if self.tracked_standards is not None:
            return frozenset(self.tracked_standards)
        return frozenset(("NEP-5",)) if self.error_semantics is ErrorSemantics.DOCUMENTED else None
