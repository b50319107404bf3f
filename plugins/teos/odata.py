"""The part of OData's URL grammar that the service uses: calls with named values, their aliases, and the query.

Lists stand in the URL in single quotes, which OData's own grammar does not have and the vendor's service does; strict
parsers refuse that. So this one is written by hand, after the grammar in docs/teos.md.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final, TypeVar
from urllib.parse import unquote_to_bytes

from rpcnode.plugins.teos.errors import MalformedCall, WrongType
from rpcnode.primitives.records import dataclass

_SPACE: Final = re.compile(r"[ \t\r\n]*")
_NAME: Final = re.compile(r"[^\W\d]\w*")
_STRING: Final = re.compile(r"""'([^']*+(?:''[^']*+)*+)'|"([^"]*+)\"""")
_OTHER_LITERAL: Final = re.compile(r"(?:null|true|false|-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)(?![^ \t\r\n,)\]])")
_BAD_PERCENT: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")

T = TypeVar("T", list[str], str)


@dataclass(frozen=True, slots=True)
class Alias:
    """A parameter's value that stands in the query, under this name and `@` before it."""

    name: str


@dataclass(frozen=True, slots=True)
class Value:
    """A value as it was written; `content` None: well-formed, and of no type that a parameter has.

    `position` counts characters of its text from 1; `described` is what messages call it.
    """

    content: list[str] | str | Alias | None
    described: str
    position: int


@dataclass(frozen=True, slots=True)
class Argument:
    """A value between the parentheses of a call; `name` None: it stands there alone."""

    name: str | None
    value: Value
    position: int


@dataclass(frozen=True, slots=True)
class Call:
    """What stands between the parentheses of a call, where they close, and what follows them."""

    arguments: tuple[Argument, ...]
    end: int
    rest: str


def percent_decoded(sent: str, option: str | None = None) -> str:
    """A part of a URL, decoded once. Raises MalformedCall for a % without two digits, and what is no UTF-8 then."""
    bad = _BAD_PERCENT.search(sent)
    if bad is not None:
        raise MalformedCall("% is not followed by two hex digits", bad.start() + 1, option)
    # aiohttp hands out bytes that are no UTF-8 as surrogates.
    raw = sent.encode("utf-8", "surrogateescape")
    try:
        return unquote_to_bytes(raw).decode()
    except UnicodeDecodeError as error:
        raise MalformedCall("the bytes are no UTF-8", _position_sent(raw, error.start), option) from None


def _position_sent(raw: bytes, decoded_bytes: int) -> int:
    """Where a byte stood before decoding, in characters from 1."""
    place = 0
    for _ in range(decoded_bytes):
        place += 3 if raw[place] == ord("%") else 1
    return len(raw[:place].decode("utf-8", "surrogateescape")) + 1


class Query:
    """The options of a query. What nobody asks for is not even decoded."""

    def __init__(self, sent: str) -> None:
        self._sent = [option.partition("=") for option in sent.replace("+", " ").split("&") if option]

    def values(self, name: str, *, any_case: bool = False) -> Iterator[str]:
        """The values of an option, decoded: nobody says that it stands there once."""
        for sent_name, _, value in self._sent:
            decoded = _name_decoded(sent_name)
            if decoded == name or (any_case and decoded.lower() == name.lower()):
                yield percent_decoded(value, name)

    def value(self, name: str, *, any_case: bool = False) -> str | None:
        """The value of an option. Raises MalformedCall where it stands there twice."""
        found = list(self.values(name, any_case=any_case))
        if len(found) > 1:
            raise MalformedCall(f"{name} stands in the query twice", 1, name)
        return found[0] if found else None


def _name_decoded(sent: str) -> str:
    try:
        return percent_decoded(sent)
    except MalformedCall:
        return sent


def parse_call(text: str, start: int) -> Call:
    """Reads a call whose parentheses open at `start` of a text. Raises MalformedCall."""
    return _Reader(text, start).call()


def parse_value(text: str, option: str) -> Value:
    """Reads the value of a query option. Raises MalformedCall."""
    return _Reader(text, 0, option).whole_value()


class _Reader:
    """Goes through a text from left to right, without recursion: nesting has no cost."""

    def __init__(self, text: str, place: int, option: str | None = None) -> None:
        self._text = text
        self._place = place
        self._option = option

    def call(self) -> Call:
        arguments: list[Argument] = []
        self._place += 1
        self._skip_space()
        if not self._takes(")"):
            while True:
                arguments.append(self._argument())
                self._skip_space()
                if self._takes(")"):
                    break
                if not self._takes(","):
                    raise self._error("the call is not closed" if self._is_at_end else "',' or ')' is expected")
                self._skip_space()
        return Call(tuple(arguments), self._place, self._text[self._place :])

    def whole_value(self) -> Value:
        self._skip_space()
        value = self._value()
        self._skip_space()
        if not self._is_at_end:
            raise self._error("something stands behind the value")
        return value

    def _argument(self) -> Argument:
        position = self._place + 1
        if self._text[self._place : self._place + 1] in ("'", '"', "[", "@"):
            return Argument(None, self._value(), position)
        name = self._match(_NAME)
        if name is None:
            raise self._error("the call is not closed" if self._is_at_end else "the name of a parameter is expected")
        self._skip_space()
        if not self._takes("="):
            raise self._error(f"'=' is expected after {name[0]}")
        self._skip_space()
        return Argument(name[0], self._value(), position)

    def _value(self) -> Value:
        position = self._place + 1
        if self._takes("["):
            return self._list(position)
        if self._takes("@"):
            name = self._match(_NAME)
            if name is None:
                raise self._error("the name of an alias is expected")
            return Value(Alias(name[0]), "an alias", position)
        text = self._string()
        if text is not None:
            return Value(text, "a string", position)
        other = self._match(_OTHER_LITERAL)
        if other is not None:
            return Value(None, other[0], position)
        raise self._error("a list, a string in quotes or an alias is expected")

    def _list(self, position: int) -> Value:
        items: list[str] = []
        odd: str | None = None
        self._skip_space()
        if self._takes("]"):
            return Value(items, "a list", position)
        while True:
            text = self._string()
            if text is not None:
                items.append(text)
            else:
                other = self._match(_OTHER_LITERAL)
                if other is None:
                    raise self._error("list is not closed" if self._ends_here else "a string in quotes is expected")
                odd = odd or other[0]
            self._skip_space()
            if self._takes("]"):
                return Value(items if odd is None else None, f"a list with {odd} in it" if odd else "a list", position)
            if not self._takes(","):
                raise self._error("list is not closed" if self._ends_here else "',' or ']' is expected")
            self._skip_space()

    def _string(self) -> str | None:
        found = self._match(_STRING)
        if found is None:
            if self._text[self._place : self._place + 1] in ("'", '"'):
                raise self._error("string is not closed")
            return None
        single, double = found.groups()
        return double if single is None else single.replace("''", "'")

    @property
    def _is_at_end(self) -> bool:
        return self._place >= len(self._text)

    @property
    def _ends_here(self) -> bool:
        return self._is_at_end or self._text[self._place] == ")"

    def _skip_space(self) -> None:
        self._match(_SPACE)

    def _takes(self, character: str) -> bool:
        if not self._text.startswith(character, self._place):
            return False
        self._place += 1
        return True

    def _match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        found = pattern.match(self._text, self._place)
        if found is not None:
            self._place = found.end()
        return found

    def _error(self, reason: str) -> MalformedCall:
        return MalformedCall(reason, self._place + 1, self._option)


class Arguments:
    """The values of a call by its parameters' names, aliases replaced by what the query says of them."""

    def __init__(self, call: Call, parameters: tuple[str, ...], query: Query, *, in_query: bool = False) -> None:
        """`in_query`: a parameter may stand in the query instead, by its own name, as OData 4.01 has it.

        Raises MalformedCall for a parameter that is missing, stands there twice or is not the function's.
        """
        self._values: dict[str, tuple[Value, str | None]] = {}
        by_lower = {name.lower(): name for name in parameters}
        for argument in call.arguments:
            name = self._name_of(argument, by_lower)
            if name in self._values:
                raise MalformedCall(f"{name} stands there twice", argument.position)
            self._values[name] = _resolved(argument.value, query)
        for name in parameters:
            text = query.value(name, any_case=True) if in_query else None
            if text is not None and name in self._values:
                raise MalformedCall(f"{name} stands in the query and between the parentheses", 1, name)
            if text is not None:
                self._values[name] = parse_value(text, name), name
            elif name not in self._values:
                raise MalformedCall(f"{name} is missing", call.end)

    def strings(self, name: str) -> list[str]:
        """The value of a parameter that takes a list of strings. Raises WrongType."""
        return self._typed(name, list, "a list of strings")

    def string(self, name: str) -> str:
        """The value of a parameter that takes a string. Raises WrongType."""
        return self._typed(name, str, "a string")

    def _typed(self, name: str, kind: type[T], described: str) -> T:
        value, option = self._values[name]
        if isinstance(value.content, kind):
            return value.content
        if isinstance(value.content, Alias):
            what = "an alias of an alias" if option else f"an alias @{value.content.name} that the query does not have"
        else:
            what = value.described
        raise WrongType(f"{name} takes {described}, not {what}", value.position, option)

    @staticmethod
    def _name_of(argument: Argument, by_lower: Mapping[str, str]) -> str:
        if argument.name is None:
            if len(by_lower) == 1:
                return next(iter(by_lower.values()))
            raise MalformedCall("the name of a parameter is expected", argument.position)
        name = by_lower.get(argument.name.lower())
        if name is None:
            known = " and ".join(by_lower.values())
            raise MalformedCall(f"{argument.name} is no parameter here; there is {known}", argument.position)
        return name


def _resolved(value: Value, query: Query) -> tuple[Value, str | None]:
    """A value, and the query option that it stands in."""
    if not isinstance(value.content, Alias):
        return value, None
    name = f"@{value.content.name}"
    text = query.value(name)
    return (value, None) if text is None else (parse_value(text, name), name)
