"""When blocks are made."""

from typing import Final, Literal

from rpcnode.primitives.json import Json

BlockTime = Literal["instant", "manual"] | float
"""As soon as there is a transaction, when told to, or each so many seconds."""

INSTANT: Final = "instant"
MANUAL: Final = "manual"
LEAST_SECONDS: Final = 0.01
MOST_SECONDS: Final = 86_400.0

_SHOWN: Final = 80  # characters of a wrong value


def read_block_time(value: Json) -> BlockTime:
    """The mode that a value says; raises ValueError with what would be right."""
    if value == INSTANT:
        return INSTANT
    if value == MANUAL:
        return MANUAL
    if isinstance(value, int | float) and not isinstance(value, bool) and LEAST_SECONDS <= value <= MOST_SECONDS:
        return float(value)
    shown = repr(value)
    shown = shown if len(shown) <= _SHOWN else f"{shown[: _SHOWN - 1]}…"
    raise ValueError(
        f"{INSTANT}, {MANUAL} or a number of seconds ({LEAST_SECONDS} to {MOST_SECONDS:.0f}) is expected, not {shown}"
    )


def block_time_json(block_time: BlockTime) -> Json:
    """The mode as JSON has it: whole seconds without a fraction."""
    if isinstance(block_time, float) and block_time.is_integer():
        return int(block_time)
    return block_time
