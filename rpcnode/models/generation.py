"""The GAS that blocks generate before N3's preview3, for all NEO together; every two million blocks it becomes less.

Source: neo 2.12 and 3.0.0-preview2, Neo: Ledger/Blockchain.GenerationAmount, DecrementInterval.
"""

from typing import Final

from rpcnode.primitives.errors import ProfileName

_BLOCKS_PER_RATE: Final = 2_000_000
_GAS_PER_BLOCK: Final[dict[ProfileName, tuple[int, ...]]] = {
    "n2": (8, 7, 6, 5, 4, 3, 2, *([1] * 15)),
    "n3-preview": (6, 5, 4, 3, 2, *([1] * 15)),
}


def generated_between(profile: ProfileName, start: int, end: int) -> int:
    """The GAS that all NEO together earns from block `start` until before block `end`, without fees.

    One NEO, of 100,000,000, earns so many units of 10^-8.
    """
    return sum(
        rate * max(0, min(end, (period + 1) * _BLOCKS_PER_RATE) - max(start, period * _BLOCKS_PER_RATE))
        for period, rate in enumerate(_GAS_PER_BLOCK[profile])
    )
