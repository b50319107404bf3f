"""`rpcnode methods`: the method table of a configuration, or of every profile at once."""

import inspect
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from typing import Final, NamedTuple, get_args

from rpcnode.dev.control.dev_control import PLUGIN_NAME
from rpcnode.dev.control.method import DevMethod
from rpcnode.node import Node
from rpcnode.options import NodeOptions
from rpcnode.plugin.registry import RegisteredMethod
from rpcnode.primitives.errors import ProfileName
from rpcnode.server.parameters.binding import wire_parameter_name


class ListedMethod(NamedTuple):
    """A method as tables show it."""

    name: str
    parameters: str
    plugin: str
    fidelity: str


PROFILES: Final[tuple[ProfileName, ...]] = get_args(ProfileName)


def print_methods(options: NodeOptions) -> int:
    """Prints method, parameters, plugin and fidelity, one line each, by name."""
    with closing(Node(options)) as node:
        rows = listed_methods(node)
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for name, parameters, plugin, fidelity in rows:
        sys.stdout.write(f"{name:<{widths[0]}}  {parameters:<{widths[1]}}  {plugin:<{widths[2]}}  {fidelity}\n")
    return 0


def print_markdown(options: NodeOptions) -> int:
    """Prints the table of every profile, whichever the options say, as docs/methods.md has it."""
    sys.stdout.writelines(f"{line}\n" for line in markdown_lines(options))
    return 0


def markdown_lines(options: NodeOptions) -> Iterator[str]:
    """A Markdown table: method, plugins that have it, and how near each profile's is to its node's; by name."""
    plugins: dict[str, dict[str, None]] = {}
    fidelities: dict[str, dict[ProfileName, str]] = {}
    for profile in PROFILES:
        with closing(Node(replace(options, profile=profile))) as node:
            for method in listed_methods(node):
                plugins.setdefault(method.name, {})[method.plugin] = None
                fidelities.setdefault(method.name, {})[profile] = method.fidelity
    yield f"| method | plugin | {' | '.join(f'`{profile}`' for profile in PROFILES)} |"
    yield "|---|---|" + "---|" * len(PROFILES)
    for name in sorted(fidelities):
        cells = " | ".join(fidelities[name].get(profile, "-") for profile in PROFILES)
        yield f"| `{name}` | {', '.join(plugins[name])} | {cells} |"


def listed_methods(node: Node) -> list[ListedMethod]:
    """Every method of a node, those of its dev control too, by name."""
    listed = [
        ListedMethod(name, parameters_text(method), method.plugin.name, method.declaration.fidelity.value)
        for name, method in node.registry.methods.items()
    ]
    if node.dev is not None:
        listed += [
            ListedMethod(method.name, dev_parameters_text(method), PLUGIN_NAME, method.fidelity.value)
            for method in node.dev.declared()
        ]
    return sorted(listed)


def dev_parameters_text(method: DevMethod) -> str:
    """The parameters of a dev method; an optional one in brackets."""
    return ", ".join(
        parameter.name if parameter.default is inspect.Parameter.empty else f"[{parameter.name}]"
        for parameter in inspect.signature(method.function).parameters.values()
    )


def parameters_text(method: RegisteredMethod) -> str:
    """The parameters as the wire has them; an optional one in brackets."""
    return ", ".join(
        wire_parameter_name(parameter.name)
        if parameter.default is inspect.Parameter.empty
        else f"[{wire_parameter_name(parameter.name)}]"
        for parameter in inspect.signature(method.function).parameters.values()
    )
