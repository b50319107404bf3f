"""The plugins of a node: loaded in dependency order, their methods in one table, their hooks behind every block."""

import inspect
import logging
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from rpcnode.chain.blocks import AppliedBlock
from rpcnode.chain.execution import Execution
from rpcnode.chain.ledger import Ledger
from rpcnode.plugin.base import RPC_ATTRIBUTE, Plugin, RpcDeclaration
from rpcnode.plugin.config import Policy
from rpcnode.primitives.errors import NodeError

log = logging.getLogger("rpcnode.plugin")

_PROGRESS = "SELECT block_index FROM plugin_progress WHERE name = ?"
_SET_PROGRESS = "INSERT OR REPLACE INTO plugin_progress (name, block_index) VALUES (?, ?)"


class PluginFailed(NodeError):
    """A plugin whose policy is StopNode raised in a block hook; the block is undone and the node stops."""


@dataclass(frozen=True, slots=True)
class RegisteredMethod:
    """A declared RPC method and the plugin that serves it."""

    declaration: RpcDeclaration
    plugin: Plugin
    function: Callable[..., object]


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
    """Loaded plugins. It is the ledger's `BlockHooks`."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._plugins: list[Plugin] = []
        self._stopped: set[str] = set()
        self._methods: dict[str, RegisteredMethod] = {}

    def __iter__(self) -> Iterator[Plugin]:
        return iter(self._plugins)

    @property
    def methods(self) -> dict[str, RegisteredMethod]:
        """Wire name to method."""
        return self._methods

    def is_stopped(self, plugin: Plugin) -> bool:
        """Whether the plugin's hook failed under the policy StopPlugin."""
        return plugin.name in self._stopped

    def add(self, plugin: Plugin) -> None:
        """Loads a plugin: its methods into the table. Raises NodeError when a method is declared twice."""
        for _, function in inspect.getmembers(plugin, callable):
            declaration = getattr(function, RPC_ATTRIBUTE, None)
            if not isinstance(declaration, RpcDeclaration) or not self._is_served(plugin, declaration):
                continue
            other = self._methods.get(declaration.wire_name)
            if other is not None:
                raise NodeError(
                    f"two plugins declare the method {declaration.wire_name}: {other.plugin.name} and {plugin.name}"
                )
            self._methods[declaration.wire_name] = RegisteredMethod(declaration, plugin, function)
        self._plugins.append(plugin)

    def load(self) -> None:
        """Brings every plugin to the ledger's height and tells them that all are loaded."""
        for plugin in self._plugins:
            self._catch_up(plugin)
        self._ledger.hooks = self
        for plugin in self._plugins:
            plugin.on_loaded()

    def close(self) -> None:
        """Tells every plugin, the last loaded first, that the node stops."""
        for plugin in reversed(self._plugins):
            plugin.on_closing()

    def committing(self, block: AppliedBlock, executions: tuple[Execution, ...]) -> None:
        for plugin in self._plugins:
            self._run_hook(plugin, block, executions)

    def committed(self, block: AppliedBlock) -> None:
        for plugin in self._plugins:
            if plugin.name not in self._stopped:
                plugin.on_committed(block)

    def passed(self, height: int) -> None:
        self._ledger.store.connection.executemany(
            _SET_PROGRESS, [(plugin.name, height) for plugin in self._plugins if plugin.name not in self._stopped]
        )

    def _is_served(self, plugin: Plugin, declaration: RpcDeclaration) -> bool:
        if declaration.profiles is not None and plugin.node.profile not in declaration.profiles:
            return False
        return plugin.serves(declaration.wire_name)

    def _catch_up(self, plugin: Plugin) -> None:
        """Feeds a plugin the blocks it missed, each with the state as it was then.

        A block and the plugin's note of it are one transaction, so a killed process goes on where it was.
        """
        ledger = self._ledger
        row = ledger.store.connection.execute(_PROGRESS, (plugin.name,)).fetchone()
        seen = -1 if row is None else row[0]
        settings_key = f"settings of {plugin.name}"
        if ledger.store.meta(settings_key) != plugin.index_settings:
            with ledger.store.transaction():
                plugin.on_reset()
                ledger.store.connection.execute("DELETE FROM plugin_progress WHERE name = ?", (plugin.name,))
                ledger.store.set_meta(settings_key, plugin.index_settings)
            seen = -1
        if seen >= ledger.height:
            return
        for block_index in ledger.stored_blocks(seen, ledger.height):
            block = AppliedBlock(block_index, ledger.timestamp_ms(block_index), ledger.state_at(block_index))
            with ledger.store.transaction():
                self._run_hook(plugin, block, ledger.executions(block_index))
        if plugin.name not in self._stopped:
            ledger.store.connection.execute(_SET_PROGRESS, (plugin.name, ledger.height))

    def _run_hook(self, plugin: Plugin, block: AppliedBlock, executions: tuple[Execution, ...]) -> None:
        if plugin.name in self._stopped:
            return
        try:
            with self._ledger.store.savepoint():
                plugin.on_committing(block, executions)
        except Exception as error:
            # A plugin's fault: its own writes are undone, and its policy says what else is.
            self._deal_with(plugin, block, error)
            if plugin.name in self._stopped:
                return
        self._ledger.store.connection.execute(_SET_PROGRESS, (plugin.name, block.index))

    def _deal_with(self, plugin: Plugin, block: AppliedBlock, error: Exception) -> None:
        policy = plugin.plugin_config.unhandled_exception_policy
        log.error("plugin %s failed at block %d (%s)", plugin.name, block.index, policy.value, exc_info=error)
        if policy is Policy.STOP_NODE:
            raise PluginFailed(
                f"plugin {plugin.name} failed at block {block.index}: {type(error).__name__}: {error}"
            ) from error
        if policy is Policy.STOP_PLUGIN:
            self._stopped.add(plugin.name)


def _place(kind: type[Plugin]) -> str:
    file = getattr(sys.modules.get(kind.__module__), "__file__", None)
    return f"{kind.__qualname__} in {file or kind.__module__}"
