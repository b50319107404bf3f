"""The composition root: builds a node from options, owns it, starts and stops it."""

import inspect
from collections.abc import Iterable, Sequence
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

from rpcnode.chain import description as described
from rpcnode.chain.described import DescribedChain, PlayError, derived_hash, parameters_of
from rpcnode.chain.ledger import Ledger
from rpcnode.chain.network import NetworkParameters, parameters_from_text, parameters_text
from rpcnode.chain.recorded import RecordedChain
from rpcnode.chain.replay import Replay, parameters_of_recording
from rpcnode.chain.schema import CHAIN_MIGRATIONS
from rpcnode.chain.store import Store, file_errors
from rpcnode.contracts.native_states import native_states
from rpcnode.dev.accounts import DevAccount
from rpcnode.dev.dev_chain import dev_chain
from rpcnode.options import NodeOptions
from rpcnode.plugin.base import NodeView, Plugin
from rpcnode.plugin.config import PluginConfig, Setting, environment_settings, make_config, settings_of_document
from rpcnode.plugin.discovery import discover
from rpcnode.plugin.http_settings import HttpSettings
from rpcnode.plugin.registry import Registry, in_dependency_order
from rpcnode.primitives.errors import NodeError
from rpcnode.primitives.uint import UInt160
from rpcnode.server.binding import Method, bind

Source = described.ChainDescription | RecordedChain

_LOADED = "loaded"
"""The `chain_meta` key of a chain that was played to its end."""


class Node:
    """A chain, its plugins and their methods; `rpcnode.server` puts it on a port."""

    def __init__(self, options: NodeOptions) -> None:
        """Builds the node and brings chain and plugins to their height.

        Raises NodeError with one line for the operator, FILE:LINE: PATH: WHAT for what is wrong with a fixture.
        """
        self.options = options
        found = discover(options.plugins_dirs)
        kinds = in_dependency_order(kind for kind in found if options.profile in kind.profiles)
        configs = plugin_configs(kinds, options)
        source = read_source(options)
        migrations = [CHAIN_MIGRATIONS, *(kind.migrations for kind in kinds if kind.migrations is not None)]
        self.store = Store.in_memory(migrations) if options.db is None else Store.in_file(options.db, migrations)
        try:
            with file_errors(options.db):
                if source is None and not is_loaded(self.store):
                    source = dev_chain(options.profile, options.seed, options.accounts)
                self.ledger = open_ledger(self.store, options, source)
                self.registry = Registry(self.ledger)
                self.view = NodeView(options.profile, self.ledger, self.registry)
                for kind in kinds:
                    self.registry.add(kind(self.view, configs[kind.name]))
                self.registry.load()
                play(self.ledger, options, source)
                self.accounts = accounts_of(self.store, source)
            self.methods: dict[str, Method] = {
                name: bind(method, self.ledger.parameters.address_version)
                for name, method in self.registry.methods.items()
            }
        except NodeError:
            # What failed while it was being made is of no use; what was cut off goes on at the next start.
            if self.store.is_new:
                self.store.discard()
            else:
                self.store.close()
            raise
        except BaseException:
            self.store.close()
            raise

    @property
    def http_settings(self) -> HttpSettings:
        """The server's settings: from the plugin that configures it, with `--host` and `--port` over them."""
        configured = [settings for plugin in self.registry if (settings := plugin.http_settings()) is not None]
        settings = configured[0] if configured else HttpSettings()
        if self.options.host is not None:
            settings = replace(settings, bind_address=self.options.host)
        if self.options.port is not None:
            settings = replace(settings, port=self.options.port)
        return settings

    def close(self) -> None:
        """Stops the plugins and lets go of the database."""
        try:
            self.registry.close()
        finally:
            self.store.close()


def plugin_configs(kinds: Sequence[type[Plugin]], options: NodeOptions) -> dict[str, PluginConfig]:
    """Each plugin's configuration: its own config.json, the data folder's, the environment, then the options."""
    names = [kind.name for kind in kinds]
    for setting in options.settings:
        if setting.plugin not in names:
            nearest = get_close_matches(setting.plugin, names, 1, 0.0)
            raise NodeError(f"{setting.source}: no plugin {setting.plugin!r}; the nearest is {nearest[0]!r}")
    return {kind.name: make_config(kind.name, kind.config_type, _settings(kind, options)) for kind in kinds}


def _settings(kind: type[Plugin], options: NodeOptions) -> Iterable[Setting]:
    code = Path(inspect.getfile(kind))
    packaged = code.with_name("config.json")
    if code.name == "plugin.py" and packaged.is_file():
        yield from settings_of_document(packaged.read_text("utf-8"), f"{kind.name}'s config.json")
    data_folder = Path.cwd() if options.db is None else options.db.parent
    own = data_folder / "Plugins" / kind.name / "config.json"
    if own.is_file():
        yield from settings_of_document(own.read_text("utf-8"), str(own))
    yield from environment_settings(kind.name, kind.config_type, options.environment)
    for setting in options.settings:
        if setting.plugin == kind.name:
            yield Setting(setting.key, setting.value, setting.source)


def read_source(options: NodeOptions) -> Source | None:
    """The chain that the fixtures say; None without any."""
    if not options.fixtures:
        return None
    from rpcnode.dev.fixture_reader import read_fixtures

    return read_fixtures(options.fixtures, options.profile, derive_hash=derived_hash)


def is_loaded(store: Store) -> bool:
    """Whether the store holds a chain that was played to its end, so that it needs no source any more."""
    return store.meta(_LOADED) is not None


def open_ledger(store: Store, options: NodeOptions, source: Source | None) -> Ledger:
    """The ledger over a store, at the height where the store stands.

    A store that holds a chain goes on with it; that chain must be the source's, if there is one. `source` may be None
    for a store that is loaded.
    """
    kept = store.meta("parameters")
    if store.meta("height") is not None and kept is not None:
        _check_kept(store, options, source)
        parameters = parameters_from_text(kept)
    else:
        assert source is not None
        parameters = _parameters(options, source)
        _keep(store, options, source, parameters)
    kind = store.meta("kind")
    return Ledger(
        store,
        options.profile,
        parameters,
        constant_contracts=() if kind == "recorded" else native_states(options.profile, parameters.hardforks),
        private_keys=_private_keys(store),
    )


def play(ledger: Ledger, options: NodeOptions, source: Source | None) -> None:
    """Brings a ledger to the height that its source says, and notes that it is loaded.

    Raises NodeError, with the place in its file, where the source reads well but cannot be played.
    """
    if source is None:
        return
    try:
        if isinstance(source, RecordedChain):
            Replay(ledger, source).play()
        else:
            DescribedChain(ledger, source).play()
    except PlayError as error:
        if not options.fixtures:
            raise
        from rpcnode.dev.positions import error_at

        raise error_at(options.fixtures, error.where, error.message) from error
    if not is_loaded(ledger.store):
        ledger.store.set_meta(_LOADED, "yes")


def accounts_of(store: Store, source: Source | None) -> list[DevAccount]:
    """The accounts whose keys the chain knows: as they were declared or, from a database alone, by name."""
    rows = store.connection.execute(
        "SELECT name, script_hash, private_key FROM chain_account WHERE private_key IS NOT NULL ORDER BY name"
    )
    kept = {name: DevAccount(name, UInt160(script_hash), private_key) for name, script_hash, private_key in rows}
    if isinstance(source, described.ChainDescription):
        return [kept[account.name] for account in source.accounts if account.name in kept]
    return list(kept.values())


def _parameters(options: NodeOptions, source: Source) -> NetworkParameters:
    if isinstance(source, RecordedChain):
        try:
            return parameters_of_recording(source)
        except NodeError as error:
            raise NodeError(f"{options.fixtures[0]}: {error}") from None
    return parameters_of(options.profile, source.network)


def _check_kept(store: Store, options: NodeOptions, source: Source | None) -> None:
    profile = store.meta("profile")
    if profile != options.profile:
        raise NodeError(f"{options.db}: holds a chain of profile {profile}; --profile says {options.profile}")
    if source is None or store.meta("digest") == source.digest:
        return
    if is_loaded(store):
        raise NodeError(
            f"{options.db}: holds another chain than the fixture; give --db a file that does not exist yet,"
            " or leave --fixture out"
        )
    raise NodeError(
        f"{options.db}: holds a part of another chain, whose loading was cut off;"
        " give the fixture it is made from, or give --db a file that does not exist yet"
    )


def _keep(store: Store, options: NodeOptions, source: Source, parameters: NetworkParameters) -> None:
    accounts = () if isinstance(source, RecordedChain) else source.accounts
    with store.transaction():
        store.connection.execute("DELETE FROM chain_account")
        store.connection.executemany(
            "INSERT INTO chain_account (name, script_hash, private_key) VALUES (?, ?, ?)",
            [(account.name, account.script_hash, account.private_key) for account in accounts],
        )
        store.set_meta("kind", "recorded" if isinstance(source, RecordedChain) else "described")
        store.set_meta("profile", options.profile)
        store.set_meta("parameters", parameters_text(parameters))
        store.set_meta("digest", source.digest)


def _private_keys(store: Store) -> dict[UInt160, bytes]:
    rows = store.connection.execute("SELECT script_hash, private_key FROM chain_account WHERE private_key IS NOT NULL")
    return {UInt160(script_hash): private_key for script_hash, private_key in rows}
