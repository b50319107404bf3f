"""The plugins of a node: loaded in dependency order, their methods and routes in one table each."""

import inspect
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any, Final

from rpcnode.plugin.base import RPC_ATTRIBUTE, Plugin, RpcDeclaration
from rpcnode.plugin.rest import REST_ATTRIBUTE, RestDeclaration, RestFace, RestRoute
from rpcnode.primitives.errors import NodeError
from rpcnode.primitives.records import dataclass
from rpcnode.primitives.secrecy import is_secret


@dataclass(frozen=True, slots=True)
class RegisteredMethod:
    """A declared RPC method and the plugin that serves it."""

    declaration: RpcDeclaration
    plugin: Plugin
    function: Callable[..., object]

    @property
    def secret_positions(self) -> frozenset[int]:
        """The positions of parameters that are passwords or keys, by their names."""
        names = inspect.signature(self.function).parameters
        return frozenset(position for position, name in enumerate(names) if is_secret(name))


def in_dependency_order(kinds: Iterable[type[Plugin]]) -> list[type[Plugin]]:
    """Plugin classes, each after those it requires, by name otherwise.

    Raises NodeError for two of one name, and for a missing or circular requirement.
    """
    by_name: dict[str, type[Plugin]] = {}
    for kind in kinds:
        other = by_name.get(kind.name)
        if other is not None and other is not kind:
            raise NodeError(f"two plugins are named {kind.name}: {_place(other)} and {_place(kind)}")
        by_name[kind.name] = kind
    ordered: list[type[Plugin]] = []
    visiting: list[str] = []

    def visit(name: str) -> None:
        if by_name[name] in ordered:
            return
        if name in visiting:
            raise NodeError(f"plugins require each other: {' -> '.join([*visiting, name])}")
        visiting.append(name)
        for required in sorted(by_name[name].requires):
            if required not in by_name:
                raise NodeError(f"plugin {name} requires {required}, which is not there")
            visit(required)
        visiting.pop()
        ordered.append(by_name[name])

    for name in sorted(by_name):
        visit(name)
    return ordered


class Registry:
    """Loaded plugins, their RPC methods by wire name, and their REST routes."""

    def __init__(self) -> None:
        self.plugins: Final[list[Plugin]] = []
        self.methods: Final[dict[str, RegisteredMethod]] = {}
        self.rest_routes: Final[list[RestRoute]] = []

    def __iter__(self) -> Iterator[Plugin]:
        return iter(self.plugins)

    def add(self, plugin: Plugin) -> None:
        """Loads a plugin: its methods into the table. Raises NodeError when a method is declared twice."""
        for name in sorted({*_declared_names(type(plugin)), *vars(plugin)}):  # type: ignore[arg-type]  # it is hashable
            function = getattr(plugin, name)
            route = getattr(function, REST_ATTRIBUTE, None)
            if isinstance(route, RestDeclaration):
                self._add_route(plugin, route, function)
            declaration = getattr(function, RPC_ATTRIBUTE, None)
            if not isinstance(declaration, RpcDeclaration) or not self._is_served(plugin, declaration):
                continue
            other = self.methods.get(declaration.wire_name)
            if other is not None:
                raise NodeError(
                    f"two plugins declare the method {declaration.wire_name}: {other.plugin.name} and {plugin.name}"
                )
            self.methods[declaration.wire_name] = RegisteredMethod(declaration, plugin, function)
        self.plugins.append(plugin)

    def _add_route(self, plugin: Plugin, declared: RestDeclaration, function: Callable[..., Any]) -> None:
        if not isinstance(plugin, RestFace):
            raise NodeError(f"plugin {plugin.name} declares the route {declared.path} and is no RestFace")
        for other in self.rest_routes:
            if (other.path, other.method, other.is_prefix) == (declared.path, declared.method, declared.is_prefix):
                names = f"{type(other.face).__name__} and {plugin.name}"
                raise NodeError(f"two plugins declare the route {declared.method} {declared.path}: {names}")
        self.rest_routes.append(RestRoute(declared.path, declared.method, declared.is_prefix, plugin, function))

    def _is_served(self, plugin: Plugin, declaration: RpcDeclaration) -> bool:
        if declaration.profiles is not None and plugin.node.profile not in declaration.profiles:
            return False
        return plugin.serves(declaration.wire_name)


@lru_cache(maxsize=256)
def _declared_names(kind: type[Plugin]) -> tuple[str, ...]:
    """The attributes of a plugin class that declare something; looked for once, there may be many nodes."""
    functions = ((name, getattr(kind, name, None)) for name in dir(kind))
    return tuple(
        name for name, function in functions if hasattr(function, RPC_ATTRIBUTE) or hasattr(function, REST_ATTRIBUTE)
    )


def _place(kind: type[Plugin]) -> str:
    file = getattr(sys.modules.get(kind.__module__), "__file__", None)
    return f"{kind.__qualname__} in {file or kind.__module__}"
