"""Neo 2's own numbers and assets, for plugins that answer its profile."""

from rpcnode.chain.coin_earnings import earned
from rpcnode.chain.coins import Coin, Coins
from rpcnode.payloads.neo2.coins import GAS_ASSET, NEO_ASSET, ONE, CoinReference, fixed8_text


def coin_number(value: int) -> int | float:
    """An amount in units of 10^-8 as a JSON number."""
    return value // ONE if value % ONE == 0 else value / ONE


__all__ = [
    "GAS_ASSET",
    "NEO_ASSET",
    "ONE",
    "Coin",
    "CoinReference",
    "Coins",
    "coin_number",
    "earned",
    "fixed8_text",
]
