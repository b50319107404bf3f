"""Mappings of a file to records, by tables: which members there are, of what type, and what stands for a missing one.

A table is a NamedTuple, which loads in a fifth of a dataclass's time. A field `Annotated[type, reader]` is a member of
the mapping, by its own name or that of a `Key`. Without a default it is required; where the default is None the
file may say null too. The field `place` says where the record stands. A reader takes a value and its place, and raises
FixtureError where the value is not what it is for.
"""

import math
import re
from collections.abc import Callable, Hashable
from datetime import UTC, datetime, timedelta
from functools import cache
from inspect import get_annotations
from typing import Any, Final, NamedTuple, TypeAlias, TypeVar, cast

from rpcnode.dev.fixture_errors import hint, nearest, shown
from rpcnode.dev.place import Place
from rpcnode.primitives.json import Json

T = TypeVar("T")
Reader: TypeAlias = Callable[[Json, Place], T]

MAX_AMOUNT: Final = 2**255 - 1
"""What an integer of the VM holds: 256 bits with its sign."""

MAX_TIME_MS: Final = 253402300799999
"""The end of the year 9999."""

_REQUIRED: Final = object()
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ISO_8601 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})?)?"
).fullmatch
_DIGITS = re.compile(r"[0-9]{1,100}").fullmatch


class Key(NamedTuple):
    """Annotates a field whose member has another name."""

    name: str


class Member(NamedTuple):
    """What a table says of one member of a mapping."""

    field: str
    read: Reader[Any]
    is_required: bool
    is_nullable: bool


def members_of(shape: type[Any]) -> dict[str, Member]:
    """The members that a table has, by their keys."""
    return _members_of(cast(Hashable, shape))


@cache
def _members_of(shape: Any) -> dict[str, Member]:
    members = {}
    for field, annotation in get_annotations(shape).items():
        read, *renamed = getattr(annotation, "__metadata__", (None,))
        if read is not None:
            key = renamed[0].name if renamed else field
            default = shape._field_defaults.get(field, _REQUIRED)
            members[key] = Member(field, read, default is _REQUIRED, default is None)
    return members


def record(shape: type[T]) -> Reader[T]:
    """Reads a mapping to a record; an unknown key is an error that names the nearest right one."""

    def read(value: Json, place: Place) -> T:
        members = members_of(shape)
        given = mapping(value, place, lambda: f"with {', '.join(members)}")
        for key in given:
            if key not in members:
                raise place.member(key).error(f"unknown key; {nearest(key, list(members))}")
        fields: dict[str, Any] = {"place": place}
        for key, known in members.items():
            if key in given:
                if given[key] is not None or not known.is_nullable:
                    fields[known.field] = known.read(given[key], place.member(key))
            elif known.is_required:
                raise place.member(key).error("is missing, and required")
        return shape(**fields)

    return read


def mapping(value: Json, place: Place, of_what: Callable[[], str]) -> dict[str, Json]:
    """A mapping as it is; `of_what` ends the message for anything else."""
    if not isinstance(value, dict):
        raise place.error(f"{shown(value)} stands where a mapping {of_what()} belongs")
    return value


def mapping_of(read: Reader[T], check_key: Callable[[str, Place], object]) -> Reader[dict[str, T]]:
    """Reads a mapping with names of the file's own choice."""

    def read_mapping(value: Json, place: Place) -> dict[str, T]:
        members = {}
        for key, found in mapping(value, place, lambda: "of names").items():
            inner = place.member(key)
            check_key(key, inner)
            members[key] = read(found, inner)
        return members

    return read_mapping


def list_of(read: Reader[T]) -> Reader[tuple[T, ...]]:
    """Reads a list, item by item."""

    def read_list(value: Json, place: Place) -> tuple[T, ...]:
        if not isinstance(value, list):
            raise place.error(f"{shown(value)} stands where a list belongs")
        return tuple([read(item, place.item(position)) for position, item in enumerate(value)])

    return read_list


def anything(value: Json, place: Place) -> Json:
    """The value as it is, for a reader further up to look at."""
    return value


def text(value: Json, place: Place) -> str:
    """A text of at least one character."""
    if not isinstance(value, str):
        hint = "; write it in quotes" if isinstance(value, int | float) else ""
        raise place.error(f"{shown(value)} stands where a text belongs{hint}")
    if not value:
        raise place.error("the text is empty")
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise place.error(f"{shown(value)} holds half a character (a lone surrogate)") from None
    return value


def flag(value: Json, place: Place) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise place.error(f"{shown(value)} stands where true or false belongs")
    return value


def integer(minimum: int, maximum: int) -> Reader[int]:
    """Reads an integer between two bounds, both included."""

    def read(value: Json, place: Place) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            raise place.error(f"{shown(value)} stands where an integer belongs")
        if not minimum <= value <= maximum:
            raise place.error(f"{shown(value)} is out of range; right is {minimum} to {maximum}")
        return value

    return read


def one_of(*choices: str) -> Reader[Any]:
    """Reads one of a few texts."""

    def read(value: Json, place: Place) -> str:
        if not isinstance(value, str) or value not in choices:
            raise place.error(f"{shown(value)} is none of {', '.join(choices)}{hint(value, choices)}")
        return value

    return read


def matching(pattern: str, what: str) -> Reader[str]:
    """Reads a text of which all matches `pattern`; `what` describes it."""
    matches = re.compile(pattern).fullmatch

    def read(value: Json, place: Place) -> str:
        if not matches(text(value, place)):
            raise place.error(f"{shown(value)} is not {what}")
        return str(value)

    return read


def price(value: Json, place: Place) -> int | float:
    """A finite number from 0."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise place.error(f"{shown(value)} stands where a number belongs")
    if not 0 <= value <= 1e300 or math.isnan(value):
        raise place.error(f"{shown(value)} is no price; right is a number from 0")
    return value


def whole_amount(value: Json, place: Place) -> int:
    """An amount in a token's smallest unit: an integer, or a text of decimal digits, up to 255 bits."""
    return _amount(value, place, 255)


def unsigned_amount(value: Json, place: Place) -> int:
    """An amount on a chain whose integers have no sign: up to 256 bits."""
    return _amount(value, place, 256)


def _amount(value: Json, place: Place, bits: int) -> int:
    if isinstance(value, str) and _DIGITS(value):
        number = int(value)
    elif isinstance(value, int) and not isinstance(value, bool):
        number = value
    elif isinstance(value, float):
        raise place.error(f"{shown(value)} is not exact; write it as a quoted integer of the token's smallest unit")
    else:
        wrong = f"{shown(value)} is no amount"
        raise place.error(f"{wrong}; right is an integer from 0, or its digits as a text, in the token's smallest unit")
    if number < 0:
        raise place.error(f"{shown(value)} is negative; an amount is at least 0")
    if number.bit_length() > bits:
        raise place.error(f"{shown(value)} has more than {bits} bits; an amount is at most 2^{bits} - 1")
    return number


def time_ms(value: Json, place: Place) -> int:
    """A time in milliseconds since 1970: that number, or an ISO 8601 text, in UTC where it names no zone."""
    if isinstance(value, int) and not isinstance(value, bool):
        number = value
    elif isinstance(value, str) and _ISO_8601(value):
        try:
            moment = datetime.fromisoformat(value)
            moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            number = (moment - _EPOCH) // timedelta(milliseconds=1)
        except (ValueError, OverflowError) as error:
            raise place.error(f"{shown(value)} is no time: {error}") from None
    else:
        right = '"2020-06-01T00:00:00Z" (ISO 8601), or an integer of milliseconds since 1970'
        raise place.error(f"{shown(value)} is no time; right is {right}")
    if not 0 <= number <= MAX_TIME_MS:
        raise place.error(f"{shown(value)} lies outside the years 1970 to 9999")
    return number
