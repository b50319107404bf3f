r"""JSON text as neo 2.x writes it.

Numbers are doubles of 15 digits; strings are escaped as JavaScriptEncoder.Default of System.Text.Encodings.Web 4.5
does, which is as write_json does and `/` as `\/`; keys are not escaped at all, so that one with a quote in it makes
text that is no JSON.
"""

import re
from typing import Final

from rpcnode.primitives.dotnet_text import double_text_of_15_digits
from rpcnode.primitives.json import Json
from rpcnode.server.jsonrpc.json_text import write_json

# What texts have that differ, and some that do not: a number of more than 15 digits, minus zero, or a number so small
# that fewer than 15 digits tell it from others.
_ODD_NUMBER: Final = re.compile(r"[0-9.]{16}|-0|E-3").search
_STRING_OR_NUMBER: Final = re.compile(r'"[^"]*"|-?[0-9][0-9.]*(?:E[+-][0-9]+)?')
_SHORT: Final = 15  # characters up to which a number has no more than 15 digits
_ESCAPED: Final = re.compile(r"[^ -~]|[\"\\'/<>&+`]").search


def write_n2_json(value: Json) -> str:
    """Compact text; ASCII but for keys.

    Raises ValueError for an infinite float or NaN, TypeError for what is not JSON.
    Source: neo 2.12, neo/IO/Json: JObject.ToString, JArray, JString, JNumber.
    """
    text = write_json(value)
    if ("\\" in text or "/" in text) and _has_odd_key(value):
        return _text(value)
    if "/" in text:
        text = text.replace("/", "\\/")
    # Strings have no quotes in them any more.
    return _STRING_OR_NUMBER.sub(_number_of_15_digits, text) if _ODD_NUMBER(text) else text


def _number_of_15_digits(token: re.Match[str]) -> str:
    text = token[0]
    if text[0] == '"' or (len(text) <= _SHORT and text != "-0" and "E" not in text):
        return text
    return double_text_of_15_digits(float(text))


def _has_odd_key(value: Json) -> bool:
    """Whether a key would be escaped if it were a text."""
    if isinstance(value, dict):
        return any(map(_ESCAPED, value)) or any(map(_has_odd_key, value.values()))
    return isinstance(value, list) and any(_has_odd_key(item) for item in value if isinstance(item, dict | list))


def _text(value: Json) -> str:
    if isinstance(value, dict):
        return "{" + ",".join([f'"{key}":{_text(member)}' for key, member in value.items()]) + "}"
    if isinstance(value, list):
        return "[" + ",".join([_text(item) for item in value]) + "]"
    if isinstance(value, str) and not _ESCAPED(value):
        return f'"{value}"'
    return write_n2_json(value)
