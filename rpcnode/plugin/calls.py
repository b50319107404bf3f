"""Entry scripts of invocations, for plugins that answer them."""

from rpcnode.contracts.call_scripts import CALL_SCRIPTS, call_gas
from rpcnode.primitives.hashes import hash160

__all__ = ["CALL_SCRIPTS", "call_gas", "hash160"]
