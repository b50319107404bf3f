"""Accounts, as arguments of a call name them."""

from rpcnode.primitives.errors import VmFault
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.conversions import to_bytes
from rpcnode.vm.items import StackItem


def account_of(item: StackItem) -> UInt160:
    """An argument that is an account; raises VmFault unless it has 20 bytes."""
    account = bytes(to_bytes(item))
    if len(account) != UInt160.SIZE:
        raise VmFault(f"an account has {UInt160.SIZE} bytes, got {len(account)}")
    return UInt160(account)
