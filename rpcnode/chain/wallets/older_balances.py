"""What older wallets ask tokens, as far as models answer.

Source: neo 2.12.0 and 3.0.0-preview2, Neo: Wallets/Wallet.GetAvailable, Wallets/AssetDescriptor.
"""

from collections.abc import Iterable
from typing import Final

from rpcnode.chain.ledger import Ledger
from rpcnode.execution.records import Execution
from rpcnode.primitives.errors import LeakedException, ScriptNeeded
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.conversions import to_integer

_NO_ASSET: Final = (-2147024809, "Value does not fall within the expected range.")


def balance_of(ledger: Ledger, token: UInt160, account: UInt160) -> int | None:
    """What an account holds of a token; None where `balanceOf` fails. Raises ScriptNeeded."""
    answer = _asked(ledger, token, "balanceOf", bytes(account))
    return to_integer(answer.stack[0]) if answer.halted else None


def decimals_of(ledger: Ledger, token: UInt160) -> int:
    """The decimals of a token. Raises LeakedException for a contract that has none, ScriptNeeded."""
    answer = _asked(ledger, token, "decimals")
    if not answer.halted:
        raise LeakedException(*_NO_ASSET)
    return to_integer(answer.stack[0]) % 256


def held_together(ledger: Ledger, token: UInt160, accounts: Iterable[UInt160]) -> tuple[int, int]:
    """What accounts hold of a token, and its decimals; nothing of what is no token. Raises ScriptNeeded."""
    if ledger.state().contract(token) is None:
        return 0, 0
    balances = [balance_of(ledger, token, account) for account in accounts]
    answer = _asked(ledger, token, "decimals")
    if not answer.halted or None in balances:
        return 0, 0
    return sum(balance or 0 for balance in balances), to_integer(answer.stack[0]) % 256


def _asked(ledger: Ledger, token: UInt160, method: str, *args: bytes) -> Execution:
    answer = ledger.state().call(token, method, args)
    if answer.needs_script:
        raise ScriptNeeded(str(answer.exception))
    return answer
