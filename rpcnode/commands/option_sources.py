"""Options from everywhere: the command line, then RPCNODE_*, then the config file, then the default."""

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from rpcnode.chain.block_time import read_block_time
from rpcnode.options import MOST_WORKERS, CassetteOptions, DevChainOption, NodeOptions, PluginSetting
from rpcnode.plugin.config import nearest_of, value_of_word
from rpcnode.primitives.errors import NodeError
from rpcnode.primitives.json import Json

Reader = Callable[[Json], Any]

DEV_CHAIN_FIELDS = ("accounts", "seed")
"""The fields of NodeOptions that only the dev chain is made from; config files and options have the same names."""

_OF_CASSETTES = ("record_to", "upstream", "replay", "replay_miss")

WALLET_PASSWORD = "RPCNODE_WALLET_PASSWORD"
OTHER_VARIABLES = ("RPCNODE_CONFIG", "RPCNODE_URL", WALLET_PASSWORD)
"""The config file; the node that `rpcnode call` asks; the password of `--wallet`."""

CONFIG_SUFFIXES = (".yaml", ".yml", ".json", ".toml")


class BadOption(NodeError):
    """Options of the command line that do not go together: it is written wrong, as one with an unknown option is."""


class Option(NamedTuple):
    """An option that config files and the environment can set.

    `field` is that of NodeOptions. `read` takes the value in a config file and raises ValueError for a wrong one;
    `from_word` makes such a value of a variable's text.
    """

    field: str
    read: Reader
    from_word: Callable[[str], Json] = value_of_word


def merged_options(arguments: argparse.Namespace, environment: Mapping[str, str]) -> NodeOptions:
    """The options of one start.

    Raises NodeError for an unknown key or a value of the wrong type, with its source, and BadOption for options of the
    command line that do not go together.
    """
    values: dict[str, Any] = {}
    sources: dict[str, DevChainOption] = {}
    settings: list[PluginSetting] = []
    config = arguments.config or _path_of(environment.get("RPCNODE_CONFIG"))
    if config is not None:
        settings += _read_config(config, values)
        sources |= {field: DevChainOption(f"{config}: {field}", False) for field in DEV_CHAIN_FIELDS if field in values}
    for key, option in OPTIONS.items():
        variable = variable_of(key)
        # An empty variable is as good as none: that is how a shell takes one back for a single command.
        if word := environment.get(variable):
            values[option.field] = _read(variable, option, option.from_word(word))
            if option.field in DEV_CHAIN_FIELDS:
                sources[option.field] = DevChainOption(variable, False)
    given = _given(arguments)
    values |= given
    sources |= {field: DevChainOption(f"--{field}", True) for field in DEV_CHAIN_FIELDS if field in given}
    _check_one_chain(given)
    cassette = _cassette(values)
    settings += [plugin_setting(text, "--set") for text in arguments.set or ()]
    return NodeOptions(
        **values,
        cassette=cassette,
        settings=tuple(settings),
        wallet_password=environment.get(WALLET_PASSWORD) or None,
        environment=dict(environment),
        option_variables=option_variables(),
        dev_chain_options=tuple(sources[field] for field in DEV_CHAIN_FIELDS if field in sources),
    )


def _check_one_chain(given: Mapping[str, Any]) -> None:
    elsewhere = [
        option for field, option in (("fixtures", "--fixture"), ("load_state", "--load-state")) if field in given
    ]
    for field in DEV_CHAIN_FIELDS:
        if field in given and elsewhere:
            raise BadOption(
                f"--{field} is for the dev chain, and {elsewhere[0]} gives another; leave one of the two out"
            )


def _cassette(values: dict[str, Any]) -> CassetteOptions | None:
    """The cassette that some options are about, which are taken out of the values."""
    record_to, upstream, replay, miss = (values.pop(field, None) for field in _OF_CASSETTES)
    if (record_to is None) != (upstream is None):
        raise BadOption("--record-to FILE and --upstream URL go together: where it is kept, and the node that is asked")
    if record_to is not None and replay is not None:
        raise BadOption("--record-to keeps what a node answers, --replay answers instead; leave one of the two out")
    if miss is not None and replay is None:
        raise BadOption("--replay-miss says what answers a call that --replay has not, and there is none")
    path = replay if record_to is None else record_to
    return None if path is None else CassetteOptions(path, upstream, miss or "error")


def option_variables() -> frozenset[str]:
    """The variables that set what is no plugin's."""
    return frozenset((*OTHER_VARIABLES, *map(variable_of, OPTIONS)))


def variable_of(key: str) -> str:
    """The variable of an option."""
    return f"RPCNODE_{key.upper().replace('-', '_')}"


def plugin_setting(text: str, source: str) -> PluginSetting:
    """`Plugin.Key=value`: the value is JSON, or a bare word taken as text.

    Raises NodeError for another form. What may be a value, and so a password, is in no message.
    """
    name, equals, value = text.partition("=")
    plugin, dot, key = name.partition(".")
    if not (equals and dot and plugin and key):
        shown = f" {name}" if equals else ""
        raise NodeError(f"{source}{shown}: Plugin.Key=value is expected, as RpcNep5Tracker.MaxResults=10")
    return PluginSetting(plugin, key, value_of_word(value), f"{source} {name}", value)


def _given(arguments: argparse.Namespace) -> dict[str, Any]:
    given = {
        "host": arguments.host,
        "port": arguments.port,
        "fixtures": None if arguments.fixture is None else tuple(arguments.fixture),
        "db": arguments.db,
        "profile": arguments.profile,
        "plugins_dirs": None if arguments.plugins_dir is None else tuple(arguments.plugins_dir),
        "accounts": arguments.accounts,
        "seed": arguments.seed,
        "jsonrpc": arguments.jsonrpc,
        "dev": arguments.dev,
        "block_time": arguments.block_time,
        "load_state": arguments.load_state,
        "dump_state": arguments.dump_state,
        "record_to": arguments.record_to,
        "upstream": arguments.upstream,
        "replay": arguments.replay,
        "replay_miss": arguments.replay_miss,
        "wallet": arguments.wallet,
        "workers": arguments.workers,
    }
    return {name: value for name, value in given.items() if value is not None}


def _read_config(path: Path, values: dict[str, Any]) -> list[PluginSetting]:
    from rpcnode.dev.places.file import read_plain
    from rpcnode.dev.places.place import Place

    if path.suffix.lower() not in CONFIG_SUFFIXES:
        raise NodeError(f"--config {path}: of unknown format; its name ends in {' or '.join(CONFIG_SUFFIXES)}")
    document = read_plain(path)
    if not isinstance(document, dict):
        raise NodeError(f"{path}: a mapping of options is expected")
    settings: list[PluginSetting] = []
    for key, value in document.items():
        if key == "plugins":
            settings += _plugin_settings(path, value, written_in(path).get("plugins"))
        elif key in OPTIONS:
            option = OPTIONS[key]
            try:
                values[option.field] = option.read(value)
            except ValueError as error:
                raise Place(path, key).error(str(error)) from None
        else:
            nearest = nearest_of(key, [*OPTIONS, "plugins"])
            raise Place(path, key).error(f"unknown key; the nearest is {nearest!r}")
    return settings


def _plugin_settings(path: Path, value: Json, written: Json) -> list[PluginSetting]:
    if not isinstance(value, dict):
        raise NodeError(f"{path}: plugins: a mapping of plugin names is expected")
    settings = []
    for plugin, keys in value.items():
        if not isinstance(keys, dict):
            raise NodeError(f"{path}: plugins.{plugin}: a mapping of its keys is expected")
        texts = written.get(plugin) if isinstance(written, dict) else None
        settings += [
            PluginSetting(
                plugin,
                key,
                inner,
                f"{path}: plugins.{plugin}.{key}",
                texts.get(key) if isinstance(texts, dict) else None,
            )
            for key, inner in keys.items()
        ]
    return settings


def written_in(path: Path) -> dict[str, Json]:
    """What is in a file of YAML, all values as they are written, as 0123; nothing of a file of another format."""
    if path.suffix.lower() not in (".yaml", ".yml"):
        return {}
    import yaml

    from rpcnode.dev.places.file import read_text

    texts = yaml.load(read_text(path), yaml.BaseLoader)  # makes texts, lists and mappings only
    return texts if isinstance(texts, dict) else {}


def _read(source: str, option: Option, value: Json) -> Any:
    try:
        return option.read(value)
    except ValueError as error:
        raise NodeError(f"{source}: {error}") from None


def _text(value: Json) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError(f"a text is expected, not {value!r}")
    return value


def _integer(maximum: int, least: int = 0) -> Reader:
    def read(value: Json) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= maximum:
            raise ValueError(f"an integer of {least} to {maximum} is expected, not {value!r}")
        return value

    return read


def _one_of(*choices: str) -> Reader:
    def read(value: Json) -> str:
        if value not in choices:
            raise ValueError(f"one of {', '.join(choices)} is expected, not {value!r}")
        return str(value)

    return read


def _flag(value: Json) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"true or false is expected, not {value!r}")
    return value


def _path(value: Json) -> Path:
    return Path(_text(value))


def _paths(value: Json) -> tuple[Path, ...]:
    return tuple(_path(item) for item in (value if isinstance(value, list) else [value]))


def _path_of(text: str | None) -> Path | None:
    return Path(text) if text else None


def _seed(value: Json) -> str:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else _text(value)


def _word_or_list(word: str) -> Json:
    return value_of_word(word) if word.startswith("[") else word


OPTIONS: dict[str, Option] = {
    "host": Option("host", _text, str),
    "port": Option("port", _integer(65535)),
    "fixture": Option("fixtures", _paths, _word_or_list),
    "db": Option("db", _path, str),
    "profile": Option("profile", _one_of("n3", "n3-preview", "n2"), str),
    "plugins-dir": Option("plugins_dirs", _paths, _word_or_list),
    "accounts": Option("accounts", _integer(1000)),
    "seed": Option("seed", _seed, str),
    "jsonrpc": Option("jsonrpc", _one_of("neo", "strict"), str),
    "dev": Option("dev", _flag),
    "block-time": Option("block_time", read_block_time),
    "load-state": Option("load_state", _path, str),
    "dump-state": Option("dump_state", _path, str),
    "record-to": Option("record_to", _path, str),
    "upstream": Option("upstream", _text, str),
    "replay": Option("replay", _path, str),
    "replay-miss": Option("replay_miss", _one_of("error", "chain"), str),
    "wallet": Option("wallet", _path, str),
    "workers": Option("workers", _integer(MOST_WORKERS, least=1)),
}
"""Key in a config file to what it sets; `RPCNODE_` and the key in capitals, `_` for `-`, is its variable."""
