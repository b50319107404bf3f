"""What NeoToken keeps of an account."""

from typing import Final

from rpcnode.execution.serializers.binary import deserialize
from rpcnode.natives.fungible_token import AccountState
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.errors import VmFault
from rpcnode.vm.conversions import to_bytes, to_integer
from rpcnode.vm.faults import INVALID_CAST
from rpcnode.vm.items import Struct, integer_bytes, integer_of

_STRUCT_OF_4: Final = b"\x41\x04"
_INTEGER, _BYTES, _NULL = 0x21, 0x28, 0x00
_KEY_SIZE: Final = 33


class NeoAccountState(AccountState):
    """A balance, its voting, and up to where its rewards were paid.

    `balance_height` is the block that last paid rewards; `vote_to` the candidate it votes for; `last_gas_per_vote` what
    that candidate's voters had earned then for each NEO, in 10^-8 datoshi.
    Source: neo 3.10.2, SmartContract/Native/NeoToken.cs: NeoAccountState.
    """

    __slots__ = ("balance_height", "last_gas_per_vote", "vote_to")

    def __init__(
        self, balance: int = 0, balance_height: int = 0, vote_to: ECPoint | None = None, last_gas_per_vote: int = 0
    ) -> None:
        super().__init__(balance)
        self.balance_height = balance_height
        self.vote_to = vote_to
        self.last_gas_per_vote = last_gas_per_vote

    @classmethod
    def parse(cls, row: bytes) -> "NeoAccountState":
        """Read a row, a Struct of four. Raises VmFault for bytes that are none."""
        try:
            return _parsed(row)
        except IndexError:
            return _of_item(row)

    def to_row(self) -> bytes:
        height, last = integer_bytes(self.balance_height), integer_bytes(self.last_gas_per_vote)
        balance = integer_bytes(self.balance)
        vote = b"\0" if self.vote_to is None else b"\x28\x21" + self.vote_to
        return b"".join(
            (
                b"\x41\x04\x21",
                bytes((len(balance),)),
                balance,
                b"\x21",
                bytes((len(height),)),
                height,
                vote,
                b"\x21",
                bytes((len(last),)),
                last,
            )
        )


def _parsed(row: bytes) -> NeoAccountState:
    """Reads the bytes that `to_row` writes, without making items; raises IndexError for any others."""
    if row[:2] != _STRUCT_OF_4:
        raise IndexError
    balance, position = _integer(row, 2)
    height, position = _integer(row, position)
    if row[position] == _NULL:
        vote_to = None
        position += 1
    elif row[position] == _BYTES and row[position + 1] == _KEY_SIZE:
        position += 2 + _KEY_SIZE
        vote_to = ECPoint(row[position - _KEY_SIZE : position])
    else:
        raise IndexError
    last, position = _integer(row, position)
    if position != len(row):
        raise IndexError
    return NeoAccountState(balance, height, vote_to, last)


def _integer(row: bytes, position: int) -> tuple[int, int]:
    """The integer at a position, and the position behind it."""
    size = row[position + 1]
    if row[position] != _INTEGER or size > 32:
        raise IndexError
    end = position + 2 + size
    return integer_of(row[position + 2 : end]), end


def _of_item(row: bytes) -> NeoAccountState:
    item = deserialize(row)
    if not isinstance(item, Struct) or len(item.items) < 4:
        raise VmFault(INVALID_CAST)
    balance, height, vote, last = item.items[:4]
    vote_to = None if vote is None else ECPoint(bytes(to_bytes(vote)))
    return NeoAccountState(to_integer(balance), to_integer(height), vote_to, to_integer(last))
