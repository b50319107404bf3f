"""RpcSystemAssetTracker: getunspents, getclaimable, getunclaimed and getutxotransfers of Neo 2.

Source: neo-modules 2.12.2, RpcSystemAssetTracker: RpcSystemAssetTrackerPlugin. It keeps coins in a database of its own;
here they are read from the chain's.
"""

from bisect import bisect_left
from collections.abc import Iterable
from typing import ClassVar, Final

from rpcnode.plugin import (
    Account,
    Json,
    NodeView,
    Plugin,
    PluginConfig,
    ProfileName,
    TextOrSeconds,
    UInt64,
    UInt160,
    UInt256,
    WindowClock,
    errors,
    neo2_flag,
    rpc_method,
)
from rpcnode.plugin.neo2 import GAS_ASSET, NEO_ASSET, Coin, Coins, coin_number, earned, fixed8_text
from rpcnode.plugins.rpc_system_asset_tracker.config import RpcSystemAssetTrackerConfig

SEVEN_DAYS_S: Final = 7 * 24 * 60 * 60
SYMBOLS: Final = {NEO_ASSET: "NEO", GAS_ASSET: "GAS"}

_UNCLAIMED: Final = ("getclaimable", "getunclaimed")


class RpcSystemAssetTracker(Plugin):
    """The coins of NEO and GAS; all other assets are not tracked."""

    name = "RpcSystemAssetTracker"
    listed_as: ClassVar[dict[ProfileName, str]] = {"n2": "RpcSystemAssetTrackerPlugin"}
    requires = ("RpcServer",)
    profiles: ClassVar[tuple[ProfileName, ...]] = ("n2",)
    config_type = RpcSystemAssetTrackerConfig
    interfaces: ClassVar[dict[ProfileName, tuple[str, ...]]] = {"n2": ("IPersistencePlugin", "IRpcPlugin")}

    def __init__(self, node: NodeView, config: PluginConfig) -> None:
        super().__init__(node, config)
        assert isinstance(config, RpcSystemAssetTrackerConfig)
        self.config = config
        self._ledger = node.ledger

    def serves(self, wire_name: str) -> bool:
        if wire_name in _UNCLAIMED:
            return neo2_flag(self.config.track_unclaimed)
        return wire_name != "getutxotransfers" or neo2_flag(self.config.track_history)

    @rpc_method(profiles=("n2",), of_chain=True)
    def get_unspents(self, address: Account, is_governing_token: bool | None = None) -> Json:
        """An account's unspent coins by asset: GAS then NEO, or only one of them."""
        wanted = {None: (GAS_ASSET, NEO_ASSET), True: (NEO_ASSET,), False: (GAS_ASSET,)}[is_governing_token]
        coins = self._coins.unspent_of(address.script_hash, self._ledger.height)
        balance: list[Json] = []
        for asset in wanted:
            shown = self._limited(coin for coin in coins if coin.asset == asset)
            if shown:
                unspent: list[Json] = [
                    {"txid": _plain(coin.transaction_hash), "n": coin.position, "value": coin_number(coin.value)}
                    for coin in shown
                ]
                balance.append(
                    {
                        "unspent": unspent,
                        "asset_hash": _plain(asset),
                        "asset": SYMBOLS[asset],
                        "asset_symbol": SYMBOLS[asset],
                        "amount": coin_number(sum(coin.value for coin in shown)),
                    }
                )
        return {"balance": balance, "address": self.node.address_of(address.script_hash)}

    @rpc_method(profiles=("n2",), of_chain=True)
    def get_claimable(self, address: Account) -> Json:
        """The spent NEO whose GAS nobody has claimed, with what each coin earned."""
        claimable: list[Json] = []
        total = 0
        for coin in self._limited(self._coins.claimable_of(address.script_hash, NEO_ASSET, self._ledger.height)):
            assert coin.spent_at is not None
            generated, system_fee = earned(self._coins, coin, coin.spent_at)
            total += generated + system_fee
            claimable.append(
                {
                    "txid": _plain(coin.transaction_hash),
                    "n": coin.position,
                    "value": coin_number(coin.value),
                    "start_height": coin.block_index,
                    "end_height": coin.spent_at,
                    "generated": coin_number(generated),
                    "sys_fee": coin_number(system_fee),
                    "unclaimed": coin_number(generated + system_fee),
                }
            )
        address_text = self.node.address_of(address.script_hash)
        return {"claimable": claimable, "address": address_text, "unclaimed": coin_number(total)}

    @rpc_method(profiles=("n2",), of_chain=True)
    def get_unclaimed(self, address: Account) -> Json:
        """What an account's NEO has earned, in GAS: `available` from what was spent, `unavailable` from the rest."""
        height = self._ledger.height
        spent = self._coins.claimable_of(address.script_hash, NEO_ASSET, height)
        unspent = [coin for coin in self._coins.unspent_of(address.script_hash, height) if coin.asset == NEO_ASSET]
        available = sum(sum(earned(self._coins, coin, coin.spent_at or 0)) for coin in spent)
        unavailable = sum(sum(earned(self._coins, coin, height)) for coin in unspent)
        return {
            "available": coin_number(available),
            "unavailable": coin_number(unavailable),
            "unclaimed": coin_number(available + unavailable),
        }

    @rpc_method(profiles=("n2",))
    def get_utxo_transfers(
        self,
        address: Account,
        asset_or_start: TextOrSeconds | None = None,
        start_or_end: UInt64 | None = None,
        end: UInt64 | None = None,
    ) -> Json:
        """What an account sent and received in a span of seconds; `neo` or `gas` before it asks for one asset.

        The start is included, the end is not; without them it is the last seven days. Each list has the oldest
        MaxResults movements, by time, then by the transaction's hash in storage order.
        """
        assets: tuple[UInt256, ...] = (NEO_ASSET, GAS_ASSET)
        times: tuple[int | None, int | None] = (None, None)
        if asset_or_start is not None and asset_or_start.seconds is not None:
            times = (asset_or_start.seconds, start_or_end)
        elif asset_or_start is not None:
            assets = tuple(asset for asset in assets if SYMBOLS[asset].lower() == asset_or_start.text.lower())
            times = (start_or_end, end)
        now = self._now_s()
        first = max(now - SEVEN_DAYS_S, 0) if times[0] is None else times[0]
        last = now if times[1] is None else times[1]
        if not assets or last < first:
            raise errors.InvalidParams
        account = address.script_hash
        return {
            "address": self.node.address_of(account),
            "sent": [self._moved(account, asset, first, last, is_received=False) for asset in assets],
            "received": [self._moved(account, asset, first, last, is_received=True) for asset in assets],
        }

    @property
    def _coins(self) -> Coins:
        coins = self._ledger.coins
        assert coins is not None
        return coins

    def _limited(self, coins: Iterable[Coin]) -> list[Coin]:
        """The first coins of a list: the node stops when it has one more than MaxResults."""
        return [coin for _, coin in zip(range(self.config.max_results + 1), coins, strict=False)]

    def _moved(self, account: UInt160, asset: UInt256, start: int, end: int, *, is_received: bool) -> Json:
        # Times rise from block to block.
        blocks = range(self._ledger.height + 1)
        first = bisect_left(blocks, start, key=self._timestamp_s)
        last = bisect_left(blocks, end, key=self._timestamp_s) - 1
        limit = self.config.max_results
        movements = list(self._coins.movements(account, asset, first, last, limit, is_received=is_received))
        transactions: list[Json] = [
            {
                "block_index": movement.block_index,
                "timestamp": self._timestamp_s(movement.block_index),
                "txid": str(movement.transaction_hash),
                "amount": fixed8_text(movement.value),
            }
            for movement in movements
        ]
        return {
            "asset_hash": str(asset),
            "asset": SYMBOLS[asset],
            "total_amount": fixed8_text(sum(movement.value for movement in movements)),
            "transactions": transactions,
        }

    def _timestamp_s(self, block_index: int) -> int:
        return self._ledger.timestamp_ms(block_index) // 1000

    def _now_s(self) -> int:
        now_ms = self.config.clock.now_ms(self._ledger)
        # The chain's clock stands a millisecond after the newest block, which its window is to hold.
        return -(-now_ms // 1000) if self.config.clock is WindowClock.CHAIN else now_ms // 1000


def _plain(hash_value: UInt256) -> str:
    return str(hash_value).removeprefix("0x")
