"""What coins of NEO earn on Neo 2: GAS that blocks generate, and a share of the system fees.

Source: neo 2.12, Neo: Ledger/Blockchain.GenerationAmount, DecrementInterval; Persistence/Snapshot.CalculateBonus.
"""

from typing import Final

from rpcnode.chain.coins import Coin, Coins

_BLOCKS_PER_RATE: Final = 2_000_000
_GAS_PER_BLOCK: Final = (8, 7, 6, 5, 4, 3, 2, *([1] * 15))
_NEO_SUPPLY: Final = 100_000_000


def generated_between(start: int, end: int) -> int:
    """The GAS that all NEO together earns from block `start` until before block `end`, without fees."""
    return sum(
        rate * max(0, min(end, (period + 1) * _BLOCKS_PER_RATE) - max(start, period * _BLOCKS_PER_RATE))
        for period, rate in enumerate(_GAS_PER_BLOCK)
    )


def earned(coins: Coins, coin: Coin, end: int) -> tuple[int, int]:
    """What a coin of NEO earned until before block `end`, in units of 10^-8: GAS generated, and system fees."""
    share = coin.value // _NEO_SUPPLY
    start = coin.block_index
    fees = coins.system_fees(end - 1) - (0 if start == 0 else coins.system_fees(start - 1))
    return share * generated_between(start, end), share * fees
