"""Entry scripts of invocations, for plugins that answer them."""

from rpcnode.execution.call_scripts import CALL_SCRIPTS, call_gas

__all__ = ["CALL_SCRIPTS", "call_gas"]
