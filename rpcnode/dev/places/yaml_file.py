"""YAML to plain data, with the scalars of YAML 1.2's core schema and nothing that runs.

Only `null`, `true`, `false`, decimal integers and floats mean more than their text, so that an unquoted 0x hash, a date
and `yes` stay texts. The data is built from the parser's events and not by PyYAML's loaders: without recursion, faster,
and what aliases expand to is counted on the way.
"""

import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import yaml
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    ScalarEvent,
    SequenceStartEvent,
)

from rpcnode.dev.places.errors import FixtureError, shown
from rpcnode.dev.places.limits import MAX_DIGITS, MAX_NESTING, MAX_VALUES, TOO_DEEP, TOO_MANY, too_long
from rpcnode.dev.places.path import Node, Position, positions_of
from rpcnode.primitives.json import Json

MAX_ALIASED: Final = 1_000_000
"""Values that all aliases together may stand for; ten lines of aliases can stand for more than a machine holds."""

_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_WORDS: Final[dict[str, Json]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER = re.compile(r"[-+]?[0-9]+").fullmatch
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?").fullmatch
_FIRST_OF_NUMBERS = "+-.0123456789"
_TEXT_TAGS = ("!", "tag:yaml.org,2002:str")
_COLLECTION_TAGS = (None, "!", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq")


def load(text: str, file: Path) -> Json:
    """The data that `text` holds, null for none; raises FixtureError with the line of the fault."""
    builder = _Builder(file)
    for event in _events(text, file):
        builder.take(event)
    return builder.data


def positions(text: str) -> Iterator[Position]:
    """Every value of YAML that `load` takes, with its line; what an alias stands for has the alias's line."""
    return positions_of(_nodes(text))


def _events(text: str, file: Path) -> Iterator[Event]:
    try:
        yield from yaml.parse(text, Loader=_PARSER)
    except yaml.MarkedYAMLError as error:
        from rpcnode.dev.places.yaml_faults import fault_of

        words, line = fault_of(error, text)
        raise FixtureError(file, words if words == TOO_DEEP else f"not YAML: {words}", line=line) from None
    except (yaml.reader.ReaderError, ValueError, OverflowError):
        from rpcnode.dev.places.yaml_faults import forbidden_character

        found = forbidden_character(text) or ("a text with an escape that is no character", None)
        raise FixtureError(file, f"not YAML: {found[0]}", line=found[1]) from None


def _line_of(event: Event) -> int:
    return 1 if event.start_mark is None else event.start_mark.line + 1


def _nodes(text: str) -> Iterator[tuple[Node, str, int]]:
    for event in yaml.parse(text, Loader=_PARSER):
        line = _line_of(event)
        match event:
            case ScalarEvent():
                yield Node.SCALAR, event.value or "", line
            case AliasEvent():
                # As a key an alias is known by the text it stands for; nobody writes keys so.
                yield Node.SCALAR, event.anchor or "", line
            case MappingStartEvent():
                yield Node.MAPPING, "", line
            case SequenceStartEvent():
                yield Node.LIST, "", line
            case CollectionEndEvent():
                yield Node.END, "", line


class _Open:
    """A list or mapping that is being read."""

    __slots__ = ("anchor", "container", "has_key", "key", "values_before")

    def __init__(self, container: list[Json] | dict[str, Json], anchor: str | None, values_before: int) -> None:
        self.container = container
        self.anchor = anchor
        self.values_before = values_before
        self.key = ""
        self.has_key = False


class _Builder:
    """Makes plain data of events."""

    def __init__(self, file: Path) -> None:
        self.data: Json = None
        self._file = file
        self._open: list[_Open] = []
        self._anchors: dict[str, tuple[Json, int]] = {}  # the value, and of how many values it consists
        self._values = 0
        self._aliased = 0
        self._documents = 0

    def take(self, event: Event) -> None:
        """The next event of the file."""
        if self._values > MAX_VALUES:
            raise self._error(event, TOO_MANY)
        if isinstance(event, ScalarEvent):
            self._values += 1
            value = self._scalar(event)
            if event.anchor is not None:
                self._anchors[event.anchor] = (value, 1)
            self._put(value, event)
        elif isinstance(event, CollectionStartEvent):
            self._start(event, {} if isinstance(event, MappingStartEvent) else [])
        elif isinstance(event, CollectionEndEvent):
            closed = self._open.pop()
            if closed.anchor is not None:
                self._anchors[closed.anchor] = (closed.container, self._values - closed.values_before)
            self._put(closed.container, event)
        elif isinstance(event, AliasEvent):
            self._put(self._alias(event), event)
        elif isinstance(event, DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise self._error(event, "a second document begins here; a fixture is one")

    def _start(self, event: CollectionStartEvent, container: list[Json] | dict[str, Json]) -> None:
        if event.tag not in _COLLECTION_TAGS:
            raise self._error(event, f"the tag {shown(event.tag)} means nothing here; leave it out")
        if len(self._open) == MAX_NESTING:
            raise self._error(event, TOO_DEEP)
        if self._open and isinstance(self._open[-1].container, dict) and not self._open[-1].has_key:
            raise self._error(event, "a list or mapping stands here as a key; a key is a text")
        if event.anchor is not None:
            self._anchors.pop(event.anchor, None)
        self._values += 1
        self._open.append(_Open(container, event.anchor, self._values - 1))

    def _put(self, value: Json, event: Event) -> None:
        if not self._open:
            self.data = value
            return
        top = self._open[-1]
        container = top.container
        if isinstance(container, list):
            container.append(value)
        elif top.has_key:
            container[top.key] = value
            top.has_key = False
        elif not isinstance(value, str):
            raise self._error(event, f"{shown(value)} stands here as a key; a key is a text: write it in quotes")
        elif value in container:
            raise self._error(event, f"the key {shown(value)} stands here twice; leave one of the two out")
        else:
            top.key = value
            top.has_key = True

    def _alias(self, event: AliasEvent) -> Json:
        anchor = event.anchor or ""
        known = self._anchors.get(anchor)
        if known is None:
            raise self._error(event, f"the alias *{anchor:.80} stands for nothing that ends before it")
        value, size = known
        self._values += size
        self._aliased += size
        if self._aliased > MAX_ALIASED:
            raise self._error(event, f"the aliases up to here stand for more than {MAX_ALIASED:,} values")
        return value

    def _scalar(self, event: ScalarEvent) -> Json:
        text = event.value or ""
        if event.tag is not None:
            if event.tag not in _TEXT_TAGS:
                raise self._error(event, f"the tag {shown(event.tag)} means nothing here; leave it out")
            return text
        if not event.implicit[0]:
            return text
        if text in _WORDS:
            return _WORDS[text]
        if text[0] not in _FIRST_OF_NUMBERS:
            return text
        if _INTEGER(text):
            if len(text) > MAX_DIGITS:
                raise self._error(event, too_long(len(text.lstrip("+-"))))
            return int(text)
        if _FLOAT(text):
            if len(text) > MAX_DIGITS:
                raise self._error(event, too_long(len(text)))
            number = float(text)
            if math.isinf(number):
                raise self._error(event, f"{shown(text)} is too large for a number; write a text in quotes")
            return number
        return text

    def _error(self, event: Event, message: str) -> FixtureError:
        return FixtureError(self._file, message, line=_line_of(event))
