"""Which accounts pay an amount. Source: neo 3.10.2, Wallets/Wallet.cs: FindPayingAccounts."""

from typing import TypeAlias

from rpcnode.primitives.uint import UInt160

Share: TypeAlias = tuple[UInt160, int]
"""An account, and what it has or pays of a token, in the token's smallest unit."""


def paying(balances: list[Share], amount: int) -> list[Share]:
    """Who pays what of an amount over 0 that they have together, the poorest that has enough alone if there is one.

    `balances`, all over 0 and the smallest first, is left with what nobody paid.
    """
    if sum(balance for _, balance in balances) == amount:
        paid = balances[:]
        balances.clear()
        return paid
    alone = _paid_alone(balances, amount)
    if alone is not None:
        return [alone]
    paid = []
    while balances[-1][1] <= amount:
        paid.append(balances.pop())
        amount -= paid[-1][1]
    rest = _paid_alone(balances, amount) if amount else None
    return paid if rest is None else [*paid, rest]


def _paid_alone(balances: list[Share], amount: int) -> Share | None:
    """The first that has the amount, its share taken off; None where nobody has."""
    for position, (account, balance) in enumerate(balances):
        if balance < amount:
            continue
        if balance == amount:
            del balances[position]
        else:
            balances[position] = account, balance - amount
        return account, amount
    return None
