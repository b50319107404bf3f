"""Plugin configuration: a frozen dataclass, filled from the plugin's own file, the user's, the environment and options.

Keys are in neo-cli's spelling (`MaxResults`); a field is its snake case (`max_results`). An unknown key stops the
start, and so does a value outside the range of a field: `Annotated[int, range(1, 101)]` takes 1 to 100. A tuple lists
the values that a field takes.
"""

import json
import re
import types
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from math import isfinite
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from rpcnode.primitives.errors import NodeError
from rpcnode.primitives.json import Json
from rpcnode.primitives.secrecy import is_secret_setting


class Policy(StrEnum):
    """What happens when a plugin's block hook raises."""

    STOP_NODE = "StopNode"
    STOP_PLUGIN = "StopPlugin"
    IGNORE = "Ignore"
    CONTINUE = "Continue"
    """What would have stopped a real node, the plugin leaves out itself; anything else stops the plugin."""


UsualPolicy = Annotated[Policy, (Policy.STOP_NODE, Policy.STOP_PLUGIN, Policy.IGNORE)]
"""The policies of neo-cli, which every plugin can be told."""


@dataclass(frozen=True, slots=True)
class PluginConfig:
    """What every plugin can be told."""

    unhandled_exception_policy: UsualPolicy = Policy.STOP_NODE


@dataclass(frozen=True, slots=True)
class NetworkConfig(PluginConfig):
    """What a plugin can be told that neo-cli starts for one network only. `network` None: whichever the chain is of."""

    network: Annotated[int, range(2**32)] | None = None


_MAX_SHOWN = 80  # characters of a wrong value
_MAX_COMPARED = 80  # characters of a wrong word: comparing takes the product of the lengths

C = TypeVar("C", bound=PluginConfig)


def option(key: str, **arguments: Any) -> Any:
    """A dataclass field whose key is not the Pascal case of its name."""
    return field(metadata={"key": key}, **arguments)


def key_of(field_name: str, metadata: Mapping[str, Any]) -> str:
    """The configuration key of a field."""
    return str(metadata["key"]) if "key" in metadata else "".join(part.capitalize() for part in field_name.split("_"))


def keys_of(config_type: type[PluginConfig]) -> dict[str, str]:
    """Key to field name."""
    return {key_of(item.name, item.metadata): item.name for item in fields(config_type)}


@dataclass(frozen=True, slots=True)
class Setting:
    """One value and where it came from, for messages.

    `written` is the text of the value where it was not JSON that was written, else None: a setting whose type is text
    has that, and not the number that it may look like. Of a list it is a list, of a mapping a mapping.
    """

    key: str
    value: Json
    source: str
    written: Json = field(default=None, compare=False)


def settings_of_document(text: str, source: str) -> list[Setting]:
    """The settings in a config.json of neo-cli's form: wrapped in `PluginConfiguration` or bare, `Servers[0]` flat.

    Raises NodeError for what is no such document.
    """
    try:
        document = json.loads(text)
    except ValueError as error:
        raise NodeError(f"{source}: not JSON: {error}") from None
    except RecursionError:
        raise NodeError(f"{source}: nested too deep to be read") from None
    if isinstance(document, dict) and isinstance(document.get("PluginConfiguration"), dict):
        document = document["PluginConfiguration"]
    if not isinstance(document, dict):
        raise NodeError(f"{source}: a JSON object is expected")
    settings = []
    for key, value in document.items():
        if key == "Servers":
            if not (isinstance(value, list) and len(value) == 1 and isinstance(value[0], dict)):
                raise NodeError(f"{source}: Servers: exactly one server is expected, this node has one endpoint")
            settings += [Setting(inner, inner_value, source) for inner, inner_value in value[0].items()]
        else:
            settings.append(Setting(key, value, source))
    return settings


def environment_settings(
    plugin_name: str, config_type: type[PluginConfig], environment: Mapping[str, str]
) -> list[Setting]:
    """The settings in `RPCNODE_<PLUGIN>_<KEY>`; each value is JSON, or a bare word taken as text.

    An empty variable is as good as none.
    """
    prefix = _variable(plugin_name, "")
    by_upper = {key.upper(): key for key in keys_of(config_type)}
    return [
        Setting(by_upper.get(name[len(prefix) :].upper(), name[len(prefix) :]), value_of_word(text), name, text)
        for name, text in sorted(environment.items())
        if text and name.startswith(prefix)
    ]


def check_variables(
    environment: Mapping[str, str], plugins: Mapping[str, type[PluginConfig]], option_variables: Collection[str]
) -> None:
    """Raises NodeError for a variable RPCNODE_* that sets neither an option nor a key of a plugin."""
    given = sorted(name for name, text in environment.items() if text and name.startswith("RPCNODE_"))
    if not given:
        return
    known = {_variable(plugin, key) for plugin in plugins for key in keys_of(plugins[plugin])} | {*option_variables}
    for name in given:
        if name not in known:
            raise NodeError(f"{name}: no such variable; the nearest is {nearest_of(name, sorted(known))}")


def nearest_of(wrong: str, right: Iterable[str]) -> str:
    """The word that was probably meant; of one or more."""
    from difflib import get_close_matches

    return get_close_matches(wrong[:_MAX_COMPARED], list(right), 1, 0.0)[0]


def _variable(plugin_name: str, key: str) -> str:
    return f"RPCNODE_{plugin_name}_{key}".upper()


def check_network(plugin_name: str, config: PluginConfig, magic: int) -> None:
    """Raises NodeError where a plugin is told another network than the chain's.

    Our decision: neo-cli's plugin stays silent there and has no methods, which nobody wants of a test's node.
    Source: neo-node 3.10, plugins/TokensTracker: TokensTracker.OnSystemLoaded.
    """
    if isinstance(config, NetworkConfig) and config.network not in (None, magic):
        raise NodeError(
            f"{plugin_name}.Network is {config.network}, the chain's network {magic};"
            " leave the key out, or give the chain's"
        )


def value_of_word(text: str) -> Json:
    """A value as options and the environment give it: JSON, or a bare word, as are NaN and 1e999."""
    try:
        value: Json = json.loads(text, parse_float=_finite, parse_constant=_finite)
    except (ValueError, RecursionError):
        return text
    return value


def _finite(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise ValueError(f"{text} is no number of JSON")
    return number


def make_config(plugin_name: str, config_type: type[C], settings: Iterable[Setting]) -> C:
    """The configuration from settings in rising precedence.

    Raises NodeError for an unknown key, naming the nearest right one, and for a value of the wrong type; the value of a
    key that looks like a secret's is not shown.
    """
    by_key = keys_of(config_type)
    hints = get_type_hints(config_type, include_extras=True)
    values: dict[str, Any] = {}
    for setting in settings:
        name = by_key.get(setting.key)
        if name is None:
            nearest = nearest_of(setting.key, by_key)
            raise NodeError(f"{setting.source}: {plugin_name} has no key {setting.key!r}; the nearest is {nearest!r}")
        try:
            values[name] = _value(hints[name], setting.value, setting.written)
        except _WrongValue as error:
            is_shown = not is_secret_setting(setting.key)
            found = f", not {_shown(error.value)}{_meant(error.value, error.choices)}" if is_shown else ""
            raise NodeError(f"{setting.source}: {plugin_name}.{setting.key}: {error} is expected{found}") from None
    return config_type(**values)


class _WrongValue(ValueError):
    """Says what would be right; `value` is not, and `choices` are those of which one may have been meant."""

    def __init__(self, right: str, value: Json, choices: Iterable[str] = ()) -> None:
        super().__init__(right)
        self.value = value
        self.choices = choices


def _shown(value: Json) -> str:
    try:
        text = json.dumps(value)
    except (RecursionError, ValueError):  # nested too deep, or an integer of too many digits
        return "that"
    return text if len(text) <= _MAX_SHOWN else f"{text[: _MAX_SHOWN - 3]}..."


def _value(kind: Any, value: Json, written: Json) -> object:
    origin = get_origin(kind)
    if origin is Annotated:
        return _value_in_range(kind, value)
    if origin in (Union, types.UnionType):
        return _value_of_union(get_args(kind), value, written)
    if origin is tuple:
        if not isinstance(value, list):
            raise _WrongValue("a list", value)
        texts = written if isinstance(written, list) else [None] * len(value)
        return tuple(_value(get_args(kind)[0], item, text) for item, text in zip(value, texts, strict=True))
    if origin is Literal:
        if value not in get_args(kind):
            choices = [*map(str, get_args(kind))]
            raise _WrongValue(f"one of {', '.join(choices)}", value, choices)
        return value
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return _value_of_enum(kind, value)
    return _plain_value(kind, value, written)


def _value_of_union(options: tuple[Any, ...], value: Json, written: Json) -> object:
    """The value as the first type that takes it; what none takes is refused as the first one does."""
    if value is None and type(None) in options:
        return None
    refusal: ValueError | None = None
    for kind in options:
        if kind is not type(None):
            try:
                return _value(kind, value, written)
            except ValueError as error:
                refusal = refusal or error
    assert refusal is not None
    raise refusal


def _value_in_range(kind: Any, value: Json) -> object:
    inner, allowed = get_args(kind)
    if isinstance(allowed, tuple) and value not in allowed:
        choices = [*map(str, allowed)]
        raise _WrongValue(f"one of {', '.join(choices)}", value, choices)
    found = _value(inner, value, None)
    if found not in allowed:
        raise _WrongValue(f"an integer of {allowed[0]} to {allowed[-1]}", value)
    return found


def _meant(value: Json, choices: Iterable[str]) -> str:
    """Which of a few texts a wrong one may stand for, as a question; empty where none is alike."""
    if not isinstance(value, str):
        return ""
    from difflib import get_close_matches

    by_letters = {re.sub(r"[-_ ]", "", choice.casefold()): choice for choice in choices}
    letters = re.sub(r"[-_ ]", "", value[:_MAX_COMPARED].casefold())
    alike = get_close_matches(letters, list(by_letters), 1, 0.6)
    return f"; did you mean {by_letters[alike[0]]}?" if alike else ""


def _value_of_enum(kind: type[StrEnum], value: Json) -> StrEnum:
    for member in kind:
        if member.value == value:
            return member
    raise _WrongValue(f"one of {', '.join(kind)}", value, kind)


def _plain_value(kind: Any, value: Json, written: Json) -> object:
    names = {bool: "true or false", int: "an integer", str: "a text", float: "a number"}
    if kind is int and isinstance(value, int) and not isinstance(value, bool):
        return value
    if kind is float and isinstance(value, int | float) and not isinstance(value, bool):
        return value
    if kind in (bool, str) and isinstance(value, kind):
        return value
    if kind is str and isinstance(value, bool | int | float):
        if isinstance(written, str):
            return written
        # In JSON and TOML an integer has one spelling, any other value several: which one is meant is not known.
        if type(value) is int:
            return str(value)
    raise _WrongValue(names.get(kind, str(kind)), value)
