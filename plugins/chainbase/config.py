"""What Chainbase can be told. Defaults stand in config.json."""

from enum import StrEnum
from typing import Annotated

from rpcnode.plugin import PluginConfig
from rpcnode.primitives.records import dataclass


class BalanceForm(StrEnum):
    """How a balance is written; nothing else is written in hex."""

    HEX = "hex"
    DECIMAL = "decimal"

    def text_of(self, amount: int) -> str:
        """An amount, without leading zeros. The form has no sign, so what is below zero is written as zero."""
        amount = max(amount, 0)
        return hex(amount) if self is BalanceForm.HEX else str(amount)


class ZeroRows(StrEnum):
    """What happens to tokens that an account has no more of, or never had."""

    INCLUDE = "include"
    OMIT = "omit"


@dataclass(frozen=True, slots=True)
class ChainbaseConfig(PluginConfig):
    """`keys` None: those that the fixture lists, `demo` where it has no such list. Keys given here may ask every chain.

    `rate_limit` is how many requests of one key are answered in any one second, on the computer's clock: the chain's
    may stand still. None: any number.
    """

    balances: BalanceForm = BalanceForm.HEX
    zero_rows: ZeroRows = ZeroRows.INCLUDE
    keys: tuple[str, ...] | None = None
    rate_limit: Annotated[int, range(1, 1_000_001)] | None = None
