"""Whether the node is at the height of its network, and its trackers and plugins with it."""

from typing import NamedTuple

from rpcnode.chain.chain_reader import ChainReader
from rpcnode.plugin.base import Plugin
from rpcnode.plugin.followers import Followers
from rpcnode.primitives.json import Json


class Health(NamedTuple):
    """`status` is `ok`, or what is wrong that weighs most: `stopped`, then `syncing`, then `lagging`."""

    status: str
    height: int
    header_height: int
    lag: dict[str, int]  # blocks that each tracker is behind the node
    plugins: dict[str, str]  # `running`, or `stopped` where a hook failed

    @property
    def is_ok(self) -> bool:
        """Whether all is well."""
        return self.status == "ok"

    def to_json(self) -> dict[str, Json]:
        """As it is answered."""
        return {
            "status": self.status,
            "height": self.height,
            "header_height": self.header_height,
            "lag": {**self.lag},
            "plugins": {**self.plugins},
        }


def health_of(chain: ChainReader, followers: Followers, plugins: list[Plugin]) -> Health:
    """How the node is now."""
    lag = followers.behind
    states = {plugin.name: "stopped" if followers.is_stopped(plugin) else "running" for plugin in plugins}
    if "stopped" in states.values():
        status = "stopped"
    elif chain.header_height > chain.height:
        status = "syncing"
    else:
        status = "lagging" if any(lag.values()) else "ok"
    return Health(status, chain.height, chain.header_height, lag, states)
