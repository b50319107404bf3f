"""The plugins of a node: loaded in dependency order, their methods and routes in one table each."""

import inspect
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from operator import itemgetter
from typing import Any, Final, TypeAlias

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
        declared = _declared_by(type(plugin))  # type: ignore[arg-type]  # it is hashable
        own = [
            found
            for name, value in vars(plugin).items()
            if callable(value) and (found := _declared(name, value)) is not None
        ]
        if own:
            declared = tuple(sorted({each[0]: each for each in (*declared, *own)}.values(), key=itemgetter(0)))
        for name, route, declaration in declared:
            function = getattr(plugin, name)
            if route is not None:
                self._add_route(plugin, route, function)
            if declaration is None or not self._is_served(plugin, declaration):
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


_Declared: TypeAlias = tuple[str, RestDeclaration | None, RpcDeclaration | None]
"""An attribute's name, and what it declares."""


@lru_cache(maxsize=256)
def _declared_by(kind: type[Plugin]) -> tuple[_Declared, ...]:
    """What a plugin class declares, by attribute; looked for once, there may be many nodes."""
    members = ((name, getattr(kind, name, None)) for name in dir(kind))
    return tuple(found for name, member in members if (found := _declared(name, member)) is not None)


def _declared(name: str, value: object) -> _Declared | None:
    route, declaration = getattr(value, REST_ATTRIBUTE, None), getattr(value, RPC_ATTRIBUTE, None)
    if not isinstance(route, RestDeclaration):
        route = None
    if not isinstance(declaration, RpcDeclaration):
        declaration = None
    return None if route is None and declaration is None else (name, route, declaration)


def _place(kind: type[Plugin]) -> str:
    file = getattr(sys.modules.get(kind.__module__), "__file__", None)
    return f"{kind.__qualname__} in {file or kind.__module__}"
