"""`rpcnode methods`: the method table of a configuration."""

import inspect
import sys
from contextlib import closing

from rpcnode.node import Node
from rpcnode.options import NodeOptions
from rpcnode.plugin.registry import RegisteredMethod
from rpcnode.server.binding import wire_parameter_name


def print_methods(options: NodeOptions) -> int:
    """Prints method, parameters, plugin and fidelity, one line each, by name."""
    with closing(Node(options)) as node:
        rows = [
            (name, parameters_text(method), method.plugin.name, method.declaration.fidelity.value)
            for name, method in sorted(node.registry.methods.items())
        ]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for name, parameters, plugin, fidelity in rows:
        sys.stdout.write(f"{name:<{widths[0]}}  {parameters:<{widths[1]}}  {plugin:<{widths[2]}}  {fidelity}\n")
    return 0


def parameters_text(method: RegisteredMethod) -> str:
    """The parameters as the wire has them; an optional one in brackets."""
    return ", ".join(
        wire_parameter_name(parameter.name)
        if parameter.default is inspect.Parameter.empty
        else f"[{wire_parameter_name(parameter.name)}]"
        for parameter in inspect.signature(method.function).parameters.values()
    )
