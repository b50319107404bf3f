"""What TokensTracker can be told. Defaults stand in config.json, as neo-cli ships them."""

from dataclasses import dataclass

from rpcnode.plugin import PluginConfig, Policy, option


@dataclass(frozen=True, slots=True)
class TokensTrackerConfig(PluginConfig):
    """`max_results` caps the rows of each list in an answer; a standard that is not enabled has no methods.

    `db_path` and `network` are read by neo-cli only: all tables live in one database, of one network.
    """

    unhandled_exception_policy: Policy = Policy.STOP_PLUGIN
    db_path: str = option("DBPath", default="TokenBalanceData")
    network: int = 860833102
    track_history: bool = True
    max_results: int = 1000
    enabled_trackers: tuple[str, ...] = ("NEP-11", "NEP-17")
