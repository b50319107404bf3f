"""What TokensTracker can be told. Defaults stand in config.json, as neo-cli ships them."""

from typing import Annotated

from rpcnode.plugin import NetworkConfig, Policy, WindowClock, option
from rpcnode.primitives.records import dataclass


@dataclass(frozen=True, slots=True)
class TokensTrackerConfig(NetworkConfig):
    """`max_results` caps the rows of each list in an answer; a standard that is not enabled has no methods.

    Names in `enabled_trackers` are compared as they are, and one that no tracker has is passed over, as neo-cli does.

    `db_path` is read by neo-cli only: all tables live in one database.
    """

    unhandled_exception_policy: Policy = Policy.CONTINUE
    db_path: str = option("DBPath", default="TokenBalanceData")
    track_history: bool = True
    max_results: Annotated[int, range(2**32)] = 1000
    enabled_trackers: tuple[str, ...] = ("NEP-11", "NEP-17")
    clock: WindowClock = WindowClock.CHAIN
