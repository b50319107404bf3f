"""PolicyContract's blocked accounts: none of them signs a transaction, and no contract among them can be called.

Their rows: prefix 0f and the account; from Faun on the value is the time of the blocking, in ms.
Source: neo 3.10.2, SmartContract/Native/PolicyContract.cs.
"""

from typing import Final

from rpcnode.execution.hardforks import Hardfork
from rpcnode.natives.native import Run, Steps
from rpcnode.natives.neo_token import NEO
from rpcnode.natives.policy_values import BLOCKED_PREFIX, POLICY_ID, is_blocked
from rpcnode.primitives.errors import VmFault
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.items import integer_bytes, integer_of

_DAY_MS: Final = 86_400_000
_HOUR_MS: Final = 3_600_000
_MINUTE_MS: Final = 60_000
_RECOVERABLE_AFTER_MS: Final = 365 * _DAY_MS


def block_account_internal(run: Run, account: UInt160) -> Steps[bool]:
    """Blocks an account; False for one that is blocked already. From Faun on its vote is taken back first.

    Raises VmFault for a native contract, whether it is active yet or not.
    """
    if account in run.natives.by_hash:
        raise VmFault("Cannot block a native contract.")
    if is_blocked(run.storage, account):
        return False
    value = b""
    if run.is_enabled(Hardfork.Faun):
        yield from NEO.vote_internal(run, account, None)
        value = integer_bytes(time_ms(run))
    run.storage.put(POLICY_ID, BLOCKED_PREFIX + account, value)
    return True


def unblock_account(run: Run, account: UInt160) -> bool:
    """Takes a blocking back; False for an account that is not blocked."""
    if not is_blocked(run.storage, account):
        return False
    run.storage.delete(POLICY_ID, BLOCKED_PREFIX + account)
    return True


def date_blocked_accounts(run: Run) -> None:
    """Gives all that are blocked the time of the persisting block, as Faun does when it comes."""
    time = integer_bytes(time_ms(run))
    for key, _ in list(run.storage.find(POLICY_ID, BLOCKED_PREFIX)):
        run.storage.put(POLICY_ID, key, time)


def check_recoverable(run: Run, account: UInt160) -> None:
    """Raises VmFault for an account that was not blocked a year ago."""
    row = run.storage.get(POLICY_ID, BLOCKED_PREFIX + account)
    if row is None:
        raise VmFault("Request not found.")
    remaining_ms = _RECOVERABLE_AFTER_MS - (time_ms(run) - integer_of(row))
    if remaining_ms > 0:
        raise VmFault(f"Request must be signed at least 1 year ago. Remaining time: {_duration_text(remaining_ms)}.")


def time_ms(run: Run) -> int:
    """The time of the persisting block, in ms. Raises VmFault where there is none."""
    if run.persisting is None:
        raise VmFault("GetTime can only be called with Application trigger.")
    return run.persisting.header.timestamp_ms


def _duration_text(duration_ms: int) -> str:
    """A time in the three largest of its units that count; a day's seconds are not said."""
    days, rest = divmod(duration_ms, _DAY_MS)
    hours, rest = divmod(rest, _HOUR_MS)
    minutes, rest = divmod(rest, _MINUTE_MS)
    seconds = rest // 1_000
    if days:
        return f"{days}d {hours}h {minutes}m"
    if hours:
        return f"{hours}h {minutes}m {seconds}s"
    return f"{minutes}m {seconds}s" if minutes else f"{seconds}s"
