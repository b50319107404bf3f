"""Dev methods that keep a node behind its headers, and trackers behind their node."""

from rpcnode.chain.ledger import Ledger
from rpcnode.chain.miner import LAST_INDEX
from rpcnode.dev.control.arguments import integer, members, shown
from rpcnode.dev.control.method import BadArgument, DevFailed, dev_method
from rpcnode.plugin.config import nearest_of
from rpcnode.plugin.followers import Followers
from rpcnode.primitives.errors import NodeError
from rpcnode.primitives.json import Json


class SyncControl:
    """How far the node has come, and how far its trackers have."""

    def __init__(self, ledger: Ledger, followers: Followers) -> None:
        self._ledger = ledger
        self._followers = followers

    @dev_method("dev_setSync")
    def set_sync(self, sync: Json) -> Json:
        """Puts the node at `height`, with headers up to `header_height`; gives both.

        What is left out stays as it is, headers do not end below the height. Blocks above the height are held back, and
        applied as it rises, by this method or as blocks are mined; a new block in their place, or one that changes what
        they change, ends that: they are another chain's then.
        """
        ledger = self._ledger
        given = members(sync, "sync", ("height", "header_height"))
        least = ledger.base_height
        height, header_height = ledger.height, max(ledger.header_height, ledger.height)
        if given.get("height") is not None:
            height = integer(given["height"], "sync.height", least, LAST_INDEX)
            header_height = max(header_height, height)
        if given.get("header_height") is not None:
            header_height = integer(given["header_height"], "sync.header_height", least, LAST_INDEX)
        if header_height < height:
            raise BadArgument(f"sync.header_height: {header_height} is below the height, {height}")
        try:
            ledger.clock.check_end(ledger.timestamp_ms(header_height))
        except NodeError as error:
            raise DevFailed(f"header {header_height}: {error}") from None
        ledger.stand(height, header_height)
        return {"height": ledger.height, "header_height": ledger.header_height}

    @dev_method("dev_setLag")
    def set_lag(self, lags: Json) -> Json:
        """Puts trackers so many blocks behind the node, by name, from now on; gives the lag of each there is.

        They answer as they would have so many blocks ago. 0 brings one up to the node.
        """
        known = self._followers.lags
        if not isinstance(lags, dict):
            raise BadArgument(f"lags: {shown(lags)} is no object")
        wanted: dict[str, int] = {}
        for name, blocks in lags.items():
            if name not in known:
                hint = f"; the nearest is {nearest_of(name, known)!r}" if known else ""
                raise BadArgument(f"lags: no tracker {shown(name)}{hint}")
            wanted[name] = integer(blocks, f"lags.{name}", 0, LAST_INDEX)
        self._followers.set_lags(wanted)
        return dict(self._followers.lags)
