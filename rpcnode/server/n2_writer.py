r"""JSON text as neo 2.x writes it.

Numbers are doubles of 15 digits; strings are escaped as JavaScriptEncoder.Default of System.Text.Encodings.Web 4.5
does, which is as write_json does and `/` as `\/`; keys are not escaped at all, so that one with a quote in it makes
text that is no JSON.
"""

import re
from typing import Final

from rpcnode.primitives.json import Json
from rpcnode.server.dotnet import double_text_of_15_digits
from rpcnode.server.json_text import write_json

# What texts have that differ, and some that do not: an escape, a slash, a number of more than 15 digits, minus zero.
_MAY_DIFFER: Final = re.compile(r"[\\/]|[0-9.]{16}|-0").search


def write_n2_json(value: Json) -> str:
    """Compact text; ASCII but for keys.

    Raises ValueError for an infinite float or NaN, TypeError for what is not JSON.
    Source: neo 2.12, neo/IO/Json: JObject.ToString, JArray, JString, JNumber.
    """
    text = write_json(value)
    return _text(value) if _MAY_DIFFER(text) else text


def _text(value: Json) -> str:
    if isinstance(value, dict):
        return "{" + ",".join([f'"{key}":{_text(member)}' for key, member in value.items()]) + "}"
    if isinstance(value, list):
        return "[" + ",".join([_text(item) for item in value]) + "]"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return double_text_of_15_digits(value)
    return write_json(value).replace("/", "\\/")
