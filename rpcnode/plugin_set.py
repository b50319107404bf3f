"""The plugins of a node: which there are, and how each is configured."""

import inspect
from collections.abc import Iterable, Sequence
from pathlib import Path

from rpcnode.chain.db.migrations import Migrations
from rpcnode.chain.db.schema import CHAIN_MIGRATIONS
from rpcnode.options import NodeOptions
from rpcnode.plugin.base import Plugin
from rpcnode.plugin.config import (
    PluginConfig,
    Setting,
    check_variables,
    environment_settings,
    make_config,
    nearest_of,
    settings_of_document,
)
from rpcnode.plugin.discovery import discover
from rpcnode.plugin.registry import in_dependency_order
from rpcnode.plugin.survived import SURVIVED_MIGRATIONS
from rpcnode.plugin.token_balances import BALANCE_MIGRATIONS
from rpcnode.primitives.errors import NodeError
from rpcnode.primitives.records import dataclass


@dataclass(frozen=True, slots=True)
class PluginSet:
    """The plugins of a node in dependency order, their configurations by name, and the schema that all need."""

    kinds: tuple[type[Plugin], ...]
    configs: dict[str, PluginConfig]
    migrations: tuple[Migrations, ...]


def plugin_set(options: NodeOptions) -> PluginSet:
    """The plugins that the options ask for."""
    found = discover(options.plugins_dirs)
    kinds = tuple(in_dependency_order(kind for kind in found if options.profile in kind.profiles))
    own = [kind.migrations for kind in kinds if kind.migrations is not None]
    migrations = (CHAIN_MIGRATIONS, BALANCE_MIGRATIONS, SURVIVED_MIGRATIONS, *own)
    return PluginSet(kinds, plugin_configs(found, options), migrations)


def plugin_configs(found: Sequence[type[Plugin]], options: NodeOptions) -> dict[str, PluginConfig]:
    """The configuration of each plugin that the profile has: its own config.json, the data folder's, the environment,
    then the options.

    Variables of the environment may be for plugins of other profiles, options may not.
    """
    by_name = {kind.name: kind for kind in found}
    if options.option_variables is not None:
        config_types = {name: kind.config_type for name, kind in by_name.items()}
        check_variables(options.environment, config_types, options.option_variables)
    for setting in options.settings:
        kind = by_name.get(setting.plugin)
        if kind is None:
            nearest = nearest_of(setting.plugin, by_name)
            raise NodeError(f"{setting.source}: no plugin {setting.plugin!r}; the nearest is {nearest!r}")
        if options.profile not in kind.profiles:
            theirs = " and ".join(kind.profiles)
            raise NodeError(f"{setting.source}: {kind.name} is no plugin of profile {options.profile}, but of {theirs}")
    return {
        kind.name: make_config(kind.name, kind.config_type, _settings(kind, options))
        for kind in found
        if options.profile in kind.profiles
    }


def _settings(kind: type[Plugin], options: NodeOptions) -> Iterable[Setting]:
    code = Path(inspect.getfile(kind))
    packaged = code.with_name("config.json")
    if code.name == "plugin.py" and packaged.is_file():
        yield from settings_of_document(packaged.read_text("utf-8"), f"{kind.name}'s config.json")
    data_folder = Path.cwd() if options.db is None else options.db.parent
    own = data_folder / "Plugins" / kind.name / "config.json"
    if own.is_file():
        from rpcnode.dev.places.file import read_text

        yield from settings_of_document(read_text(own), str(own))
    yield from environment_settings(kind.name, kind.config_type, options.environment)
    for setting in options.settings:
        if setting.plugin == kind.name:
            yield Setting(setting.key, setting.value, setting.source, setting.written)
