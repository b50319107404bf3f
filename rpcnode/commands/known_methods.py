"""The names of methods, without a node: for who mistyped one, and for who has the shell complete one."""

import inspect

from rpcnode.dev.control.dev_control import CONTROLS
from rpcnode.plugin.base import RPC_ATTRIBUTE, RpcDeclaration
from rpcnode.plugin.discovery import built_in_plugins


def known_methods() -> list[str]:
    """Every method that a plugin of ours or the dev control has, in any profile, by name."""
    names = {name for declared in CONTROLS.values() for name in declared}
    for kind in built_in_plugins():
        for _, function in inspect.getmembers(kind, callable):
            declaration = getattr(function, RPC_ATTRIBUTE, None)
            if isinstance(declaration, RpcDeclaration):
                names.add(declaration.wire_name)
    return sorted(names)
