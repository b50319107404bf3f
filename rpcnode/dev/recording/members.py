"""Members of a recording's JSON, each of the type that belongs there; every function raises FixtureError otherwise."""

from rpcnode.dev.places.errors import shown
from rpcnode.dev.places.place import Place
from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.json import Json
from rpcnode.primitives.uint import UInt160


def hash160_of(written: str, place: Place) -> UInt160:
    """The script hash that a text is."""
    try:
        return UInt160.parse(written)
    except FormatError as error:
        raise place.error(str(error)) from None


def as_mapping(value: Json, place: Place) -> dict[str, Json]:
    """A value that is an object."""
    if not isinstance(value, dict):
        raise place.error(f"{shown(value)} stands where an object belongs")
    return value


def as_list(value: Json, place: Place) -> list[Json]:
    """A value that is an array."""
    if not isinstance(value, list):
        raise place.error(f"{shown(value)} stands where an array belongs")
    return value


def mapping_member(members: dict[str, Json], key: str, place: Place) -> dict[str, Json]:
    """The object under a key of the object at `place`."""
    return as_mapping(_member(members, key, place), place.member(key))


def list_member(members: dict[str, Json], key: str, place: Place) -> list[Json]:
    """The array under a key."""
    return as_list(_member(members, key, place), place.member(key))


def text_member(members: dict[str, Json], key: str, place: Place) -> str:
    """The text under a key."""
    value = _member(members, key, place)
    if not isinstance(value, str):
        raise place.member(key).error(f"{shown(value)} stands where a text belongs")
    return value


def integer_member(members: dict[str, Json], key: str, place: Place) -> int:
    """The integer under a key."""
    value = _member(members, key, place)
    if not isinstance(value, int) or isinstance(value, bool):
        raise place.member(key).error(f"{shown(value)} stands where an integer belongs")
    return value


def _member(members: dict[str, Json], key: str, place: Place) -> Json:
    if key not in members:
        raise place.member(key).error("is missing, and required")
    return members[key]
