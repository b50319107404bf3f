"""Neo 2's own numbers and assets, for plugins that answer its profile."""

from typing import Final

from rpcnode.chain.coins import Coin, Coins
from rpcnode.payloads.neo2.coins import GAS_ASSET, NEO_ASSET, ONE, CoinReference, fixed8_text

_BLOCKS_PER_RATE: Final = 2_000_000
_GAS_PER_BLOCK: Final = (8, 7, 6, 5, 4, 3, 2, *([1] * 15))


def generated_between(start: int, end: int) -> int:
    """The GAS that all NEO together earns from block `start` until before block `end`, without fees.

    Source: neo 2.12, Neo: Ledger/Blockchain.GenerationAmount, DecrementInterval.
    """
    return sum(
        rate * max(0, min(end, (period + 1) * _BLOCKS_PER_RATE) - max(start, period * _BLOCKS_PER_RATE))
        for period, rate in enumerate(_GAS_PER_BLOCK)
    )


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
    "fixed8_text",
    "generated_between",
]
