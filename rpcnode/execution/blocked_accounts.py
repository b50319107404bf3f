"""The accounts that PolicyContract has blocked, in its own storage: no method of such a contract can be called.

Source: neo 3.10.2, SmartContract/Native/PolicyContract.cs: IsBlocked, BlockAccountInternal, UnblockAccount.
"""

from typing import Final

from rpcnode.execution.storage import Storage
from rpcnode.primitives.errors import VmFault
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.items import integer_bytes

_ID: Final = -7
_PREFIX: Final = b"\x0f"


def is_blocked(storage: Storage, account: UInt160) -> bool:
    """Whether an account is blocked."""
    return storage.get(_ID, _PREFIX + account) is not None


def check_not_blocked(storage: Storage, contract: UInt160) -> None:
    """Raises VmFault for a contract that is blocked. Source: neo, ApplicationEngine.CallContractInternal."""
    if is_blocked(storage, contract):
        raise VmFault(f"The contract {contract} has been blocked.")


def block(storage: Storage, account: UInt160, time_ms: int | None) -> bool:
    """Blocks an account; False for one that is blocked already. From Faun on its row has the block's time."""
    if is_blocked(storage, account):
        return False
    storage.put(_ID, _PREFIX + account, b"" if time_ms is None else integer_bytes(time_ms))
    return True


def unblock(storage: Storage, account: UInt160) -> bool:
    """Takes it back; False for one that is not blocked."""
    if not is_blocked(storage, account):
        return False
    storage.delete(_ID, _PREFIX + account)
    return True
