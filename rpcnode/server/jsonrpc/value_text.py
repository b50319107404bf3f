"""Any JSON value as text, where a node's source asks one for `AsString()`; each generation has its own.

Source: neo 3.10, Neo.Json: JToken.AsString, JArray, JObject; neo 3.0.0-preview2 and 2.12, IO/Json: JObject.AsString,
JArray, JNumber.
"""

from collections.abc import Callable

from rpcnode.primitives.dotnet_text import double_text, double_text_of_15_digits, double_text_of_net_8
from rpcnode.primitives.json import Json
from rpcnode.server.jsonrpc.json_text import write_double, write_double_of_net_8

TextOf = Callable[[Json], str]
"""A value that is there and not null to its text."""


def n3_text(value: Json) -> str:
    """neo-cli 3.10: the JSON text of an array and of an object."""
    return value if isinstance(value, str) else _scalar_text(value, double_text) or write_double(value)


def preview_text(value: Json) -> str:
    """neo-cli 3.0.0-preview2: the texts of an array's items with commas between them, an object's JSON text."""
    if isinstance(value, list):
        return ",".join(["" if item is None else preview_text(item) for item in value])
    if isinstance(value, str):
        return value
    return _scalar_text(value, double_text_of_net_8) or write_double_of_net_8(value)


def n2_text(value: Json) -> str:
    """neo-cli 2.12: as preview2, with 15 digits of a number, and of an object only that it is one."""
    if isinstance(value, list):
        return ",".join(["" if item is None else n2_text(item) for item in value])
    return value if isinstance(value, str) else _scalar_text(value, double_text_of_15_digits) or "[object Object]"


def _scalar_text(value: Json, number_text: Callable[[float], str]) -> str:
    """The text of a number or boolean; none of anything else."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return number_text(float(value)) if isinstance(value, int | float) else ""
