"""Which accounts pay, worked out by hand from neo 3.10.2, Wallets/Wallet.cs: FindPayingAccounts."""

import pytest

from rpcnode.chain.wallets.paying import paying
from rpcnode.primitives.uint import UInt160

A, B, C = (UInt160(bytes([number] * 20)) for number in (1, 2, 3))


@pytest.mark.parametrize(
    ("balances", "amount", "paid", "left"),
    [
        ([(A, 5), (B, 10)], 15, [(A, 5), (B, 10)], []),  # all of it
        ([(A, 5), (B, 10)], 4, [(A, 4)], [(A, 1), (B, 10)]),  # the poorest that has enough
        ([(A, 5), (B, 10)], 5, [(A, 5)], [(B, 10)]),
        ([(A, 5), (B, 10)], 7, [(B, 7)], [(A, 5), (B, 3)]),
        ([(A, 5), (B, 10)], 12, [(B, 10), (A, 2)], [(A, 3)]),  # the richest first, and then who has the rest
        ([(A, 2), (B, 5), (C, 10)], 12, [(C, 10), (A, 2)], [(B, 5)]),
        ([(A, 2), (B, 5), (C, 10)], 16, [(C, 10), (B, 5), (A, 1)], [(A, 1)]),
        ([(A, 5), (B, 5)], 8, [(B, 5), (A, 3)], [(A, 2)]),
    ],
)
def test_who_pays_what_and_what_is_left(
    balances: list[tuple[UInt160, int]],
    amount: int,
    paid: list[tuple[UInt160, int]],
    left: list[tuple[UInt160, int]],
) -> None:
    rest = list(balances)
    assert paying(rest, amount) == paid
    assert rest == left
