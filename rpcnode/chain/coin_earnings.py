"""What coins of NEO earn on Neo 2: GAS that blocks generate, and a share of the system fees.

Source: neo 2.12, Neo: Persistence/Snapshot.CalculateBonus.
"""

from typing import Final

from rpcnode.chain.coins import Coin, Coins
from rpcnode.models.generation import generated_between

_NEO_SUPPLY: Final = 100_000_000


def earned(coins: Coins, coin: Coin, end: int) -> tuple[int, int]:
    """What a coin of NEO earned until before block `end`, in units of 10^-8: GAS generated, and system fees."""
    share = coin.value // _NEO_SUPPLY
    start = coin.block_index
    fees = coins.system_fees(end - 1) - (0 if start == 0 else coins.system_fees(start - 1))
    return share * generated_between("n2", start, end), share * fees
