"""Plugins behind the chain: their hooks at every block, how far each has come, and how those behind catch up."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from rpcnode.chain.blocks import AppliedBlock
from rpcnode.chain.db.storage_failures import storage_failure
from rpcnode.execution.records import Execution
from rpcnode.plugin.base import NodeView, Plugin
from rpcnode.plugin.config import Policy
from rpcnode.plugin.row_journal import RowJournal
from rpcnode.primitives.errors import NodeError
from rpcnode.primitives.progress import work

log = logging.getLogger("rpcnode.plugin")

_PROGRESS = "SELECT block_index FROM plugin_progress WHERE name = ?"
_SET_PROGRESS = "INSERT OR REPLACE INTO plugin_progress (name, block_index) VALUES (?, ?)"
_FORGET_PROGRESS = "DELETE FROM plugin_progress WHERE name = ?"

_SETTINGS = "settings of "
_LAG = "lag of "
"""Keys of `chain_meta`, each with a plugin's name behind it."""

_LAGS = "SELECT key, value FROM chain_meta WHERE key >= 'lag of ' AND key < 'lag of!'"


class PluginFailed(NodeError):
    """A plugin whose policy is StopNode raised in a block hook; the block is undone and the node stops."""


class Followers:
    """The loaded plugins of a node as its ledger's `BlockHooks`."""

    def __init__(self, node: NodeView) -> None:
        self._node = node
        self._ledger = node.ledger
        self._lags: dict[str, int] = {}
        self._journal: RowJournal | None = None
        self._stopped: set[str] = set()

    def is_stopped(self, plugin: Plugin) -> bool:
        """Whether the plugin's hook failed under the policy StopPlugin."""
        return plugin.name in self._stopped

    def load(self, *, catches_up: bool = True) -> None:
        """Brings each plugin to its block, unless another process does, and tells them that all are loaded."""
        self._load_lags()
        for plugin in self._node.plugins if catches_up else ():
            self._catch_up(plugin)
        self._ledger.hooks = self
        for plugin in self._node.plugins:
            plugin.on_loaded()

    def close(self) -> None:
        """Tells every plugin, the last loaded first, that the node stops."""
        for plugin in reversed(self._node.plugins):
            plugin.on_closing()

    def committing(self, block: AppliedBlock, executions: tuple[Execution, ...]) -> None:
        with self._noted(block.index):
            if self._ledger.is_executed and self._ledger.height < block.index - 1:
                self._tell_empty(block.index - 1)
            for plugin in self.following:
                if plugin.name in self._lags:
                    self._feed(plugin, self._place_of(plugin, block.index))
                else:
                    self._run_hook(plugin, block, executions)
            self._node.balances.complete(block, executions)
            self._note_progress(self._others, block.index)

    @property
    def hear_commits(self) -> bool:
        """Whether a plugin wants to be told of each block once it is on the disk."""
        return any(type(plugin).on_committed is not Plugin.on_committed for plugin in self._node.plugins)

    def committed(self, block: AppliedBlock) -> None:
        for plugin in self._node.plugins:
            if plugin.name not in self._stopped:
                plugin.on_committed(block)

    def passed(self, height: int) -> None:
        if self._ledger.is_executed:
            with self._noted(height):
                self._tell_empty(height)
        elif self._lags:
            with self._noted(height):
                for plugin in self._node.plugins:
                    if plugin.name in self._lags:
                        self._feed(plugin, self._place_of(plugin, height))
        self._note_progress((plugin for plugin in self._node.plugins if plugin.name not in self._lags), height)

    def _tell_empty(self, height: int) -> None:
        """Tells the plugins of empty blocks that pay somebody, up to a height."""
        for plugin in self._node.plugins:
            self._feed(plugin, self._place_of(plugin, height))

    def rewinding(self, height: int) -> None:
        """Takes back what later blocks did to rows of plugins or, where that was not noted, makes all rows again.

        A chain that was rewound once has what blocks do noted from then on, one that never is pays nothing for it.
        """
        self._forget_absent()
        if self._journal is None:
            self._journal = RowJournal(self._ledger.store.connection)
        before = {plugin.name: self._progress(plugin) for plugin in self._node.plugins}
        if not self._journal.take_back(height):
            self._journal.forget(height)
            self._make_again(height)
            return
        with self._noted(height):
            for plugin in self._node.plugins:
                place = self._place_of(plugin, height)
                if plugin.name in self._lags:
                    # A block that was taken back may have brought it nearer by more than one.
                    self._feed(plugin, place)
                    if self._ledger.is_executed:
                        self._tell_last(plugin, place)
                else:
                    progress = min(before[plugin.name], place)
                    self._ledger.store.connection.execute(_SET_PROGRESS, (plugin.name, progress))
                    if self._ledger.is_executed and progress == place:
                        self._tell_last(plugin, place)

    def _make_again(self, height: int) -> None:
        ledger = self._ledger
        stopped_before = set(self._stopped)
        try:
            self._node.balances.clear()
            ledger.store.connection.execute("DELETE FROM plugin_progress")
            self._stopped.clear()
            for plugin in self._node.plugins:
                self._reset(plugin)
            following = self.following
            for block_index in ledger.told_blocks(-1, height):
                block, executions = self._past_block(block_index)
                for plugin in following:
                    if block_index <= self._place_of(plugin, height):
                        self._run_hook(plugin, block, executions)
                self._node.balances.complete(block, executions)
            if self._ledger.is_executed:
                for plugin in following:
                    self._tell_last(plugin, self._place_of(plugin, height))
            self._note_progress(self._node.plugins, height)
        except BaseException:
            self._stopped = stopped_before
            raise

    def replaced(self) -> None:
        """Takes up what the database is now."""
        self._load_lags()
        self._node.balances.reload()
        self._node.assets.reload()
        if self._journal is not None:
            self._journal.forget(self._ledger.height)
        self.rewound()

    def has_other_lags(self) -> bool:
        """Loads the lags that another process has written; whether they are other than those loaded before."""
        before = self._lags
        self._load_lags()
        return self._lags != before

    def grown(self) -> None:
        """Tells those that follow the chain that it has grown without them: another process writes it."""
        for plugin in self._node.plugins:
            kind = type(plugin)
            if kind.on_committing is not Plugin.on_committing or kind.on_committed is not Plugin.on_committed:
                plugin.on_rewound()

    def rewound(self) -> None:
        """Finds out which plugins are where they are to be, and tells all."""
        self._stopped = {
            plugin.name
            for plugin in self._node.plugins
            if self._progress(plugin) < self._place_of(plugin, self._ledger.height)
        }
        for plugin in self._node.plugins:
            plugin.on_rewound()

    @contextmanager
    def _noted(self, block_index: int) -> Iterator[None]:
        if self._journal is None:
            yield
            return
        self._journal.begin(block_index, self._ledger.height)
        yield
        self._journal.end()

    # Plugins behind their node

    @property
    def following(self) -> list[Plugin]:
        """The plugins that follow the chain, which may lag."""
        return [plugin for plugin in self._node.plugins if type(plugin).on_committing is not Plugin.on_committing]

    @property
    def _others(self) -> list[Plugin]:
        return [plugin for plugin in self._node.plugins if type(plugin).on_committing is Plugin.on_committing]

    @property
    def lags(self) -> dict[str, int]:
        """How many blocks each follower is behind the node."""
        return {plugin.name: self._lags.get(plugin.name, 0) for plugin in self.following}

    @property
    def behind(self) -> dict[str, int]:
        """How many blocks each follower has yet to see: its lag, or more where its hook failed."""
        height = self._ledger.height
        return {plugin.name: max(height - self._progress(plugin), 0) for plugin in self.following}

    def set_lags(self, lags: Mapping[str, int]) -> None:
        """Puts followers so many blocks behind the node, from now on; 0 brings one up to it. One transaction."""
        before, stopped_before = self._lags, set(self._stopped)
        height = self._ledger.height
        try:
            with self._ledger.store.transaction():
                if self._journal is not None:
                    self._journal.forget(height)
                for plugin in self.following:
                    lag = lags.get(plugin.name, self._lags.get(plugin.name, 0))
                    if lag == self._lags.get(plugin.name, 0):
                        continue
                    self._write_lag(plugin.name, lag)
                    self._lags = {name: kept for name, kept in self._lags.items() if name != plugin.name}
                    if lag:
                        self._lags[plugin.name] = lag
                    if self._progress(plugin) > self._place_of(plugin, height):
                        self._reset(plugin)
                        self._ledger.store.connection.execute(_FORGET_PROGRESS, (plugin.name,))
                    self._feed(plugin, self._place_of(plugin, height))
        except BaseException:
            self._lags, self._stopped = before, stopped_before
            raise
        for plugin in self._node.plugins:
            plugin.on_rewound()

    def _load_lags(self) -> None:
        rows = self._ledger.store.connection.execute(_LAGS).fetchall()
        self._lags = {key.removeprefix(_LAG): int(value) for key, value in rows}

    def _write_lag(self, name: str, lag: int) -> None:
        if lag:
            self._ledger.store.set_meta(f"{_LAG}{name}", str(lag))
        else:
            self._ledger.store.clear_meta(f"{_LAG}{name}")

    def _place_of(self, plugin: Plugin, height: int) -> int:
        """The block at which a plugin stands when the node stands at `height`; -1 is before the first."""
        return max(height - self._lags.get(plugin.name, 0), -1)

    def _feed(self, plugin: Plugin, up_to: int) -> None:
        """Runs a plugin's hook for the blocks it has not seen yet; inside a transaction."""
        for block_index in self._ledger.told_blocks(self._progress(plugin), up_to):
            self._run_hook(plugin, *self._past_block(block_index))
        if plugin.name not in self._stopped:
            self._ledger.store.connection.execute(_SET_PROGRESS, (plugin.name, up_to))

    def _past_block(self, block_index: int) -> tuple[AppliedBlock, tuple[Execution, ...]]:
        ledger = self._ledger
        block = AppliedBlock(block_index, ledger.timestamp_ms(block_index), ledger.state_at(block_index))
        return block, ledger.executions(block_index)

    def _tell_last(self, plugin: Plugin, place: int) -> None:
        """Tells a plugin again of the empty blocks that it stands behind, some of which may have been taken back."""
        stored = [*self._ledger.stored_blocks(-1, place)]
        behind = stored[-1] if stored else -1
        for block_index in self._ledger.told_blocks(behind, place):
            self._run_hook(plugin, *self._past_block(block_index))
        self._ledger.store.connection.execute(_SET_PROGRESS, (plugin.name, place))

    def _reset(self, plugin: Plugin) -> None:
        plugin.on_reset()
        self._node.survived.clear(plugin.name)

    def _progress(self, plugin: Plugin) -> int:
        row = self._ledger.store.connection.execute(_PROGRESS, (plugin.name,)).fetchone()
        return -1 if row is None else int(row[0])

    def _note_progress(self, plugins: Iterable[Plugin], height: int) -> None:
        self._ledger.store.connection.executemany(
            _SET_PROGRESS,
            [(plugin.name, self._place_of(plugin, height)) for plugin in plugins if plugin.name not in self._stopped],
        )

    def _forget_absent(self) -> None:
        """Rows of plugins that are not loaded stay as they are: they are made anew when the plugin is there again."""
        connection = self._ledger.store.connection
        loaded = {plugin.name for plugin in self._node.plugins}
        for (name,) in connection.execute("SELECT name FROM plugin_progress").fetchall():
            if name not in loaded:
                self._ledger.store.clear_meta(f"{_SETTINGS}{name}")

    def _catch_up(self, plugin: Plugin) -> None:
        """Feeds a plugin the blocks it missed, each with the state as it was then.

        A block and the plugin's note of it are one transaction, so a killed process goes on where it was.
        """
        ledger = self._ledger
        seen, place = self._progress(plugin), self._place_of(plugin, ledger.height)
        settings_key = f"{_SETTINGS}{plugin.name}"
        if seen < 0 or ledger.store.meta(settings_key) != plugin.index_settings:
            # What it has of blocks that nobody noted, as in a damaged database, would come twice.
            with ledger.store.transaction():
                self._reset(plugin)
                ledger.store.connection.execute(_FORGET_PROGRESS, (plugin.name,))
                ledger.store.set_meta(settings_key, plugin.index_settings)
            seen = -1
        if seen >= place:
            return
        work.begin(f"{plugin.name} catches up", place - seen)
        for block_index in ledger.told_blocks(seen, place):
            work.done = block_index - seen
            with ledger.store.transaction():
                self._run_hook(plugin, *self._past_block(block_index))
        self._note_progress((plugin,), ledger.height)

    def _run_hook(self, plugin: Plugin, block: AppliedBlock, executions: tuple[Execution, ...]) -> None:
        if plugin.name in self._stopped:
            return
        try:
            with self._ledger.store.savepoint():
                plugin.on_committing(block, executions)
        except Exception as error:
            if storage_failure(error) is not None:
                raise
            # A plugin's fault: its own writes are undone, and its policy says what else is.
            self._node.balances.forget_block()
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
        if policy is not Policy.IGNORE:
            self._stopped.add(plugin.name)
