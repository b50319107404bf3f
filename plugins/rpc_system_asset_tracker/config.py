"""What RpcSystemAssetTracker can be told. Defaults stand in config.json, as the node ships them."""

from typing import Annotated

from rpcnode.plugin import Flag, PluginConfig, Policy, UsualPolicy, WindowClock, option
from rpcnode.primitives.records import dataclass


@dataclass(frozen=True, slots=True)
class RpcSystemAssetTrackerConfig(PluginConfig):
    """`max_results` caps each list of an answer. `db_path` is read by neo-cli only: the coins are the chain's own."""

    unhandled_exception_policy: UsualPolicy = Policy.STOP_NODE
    db_path: str = option("DBPath", default="SystemAssetBalanceData")
    track_history: Flag = True
    track_unclaimed: Flag = True
    max_results: Annotated[int, range(2**31)] = 1000
    clock: WindowClock = WindowClock.CHAIN
