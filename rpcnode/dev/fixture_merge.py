"""Several fixture files to one: later ones add to earlier ones, and override `network` and `node` member by member."""

from collections.abc import Sequence
from typing import NamedTuple, TypeVar

from rpcnode.dev.fixture_schema import FixtureData, KeysData, NetworkData, NodeData
from rpcnode.dev.place import Place
from rpcnode.dev.positions import locate
from rpcnode.primitives.json import Json

_OVERRIDDEN = ("network", "node")
_NAMED = ("accounts", "contracts")
_LISTED = ("blocks", "balances", "other_chains")

T = TypeVar("T")
Constants = TypeVar("Constants", NetworkData, NodeData)


class Document(NamedTuple):
    """A file as plain data, and as the record that was read from it."""

    plain: dict[str, Json]
    data: FixtureData


def merge(documents: Sequence[Document]) -> Document:
    """One document that says what all of them say.

    Raises FixtureError where two of them give one name to accounts or contracts that differ.
    """
    if len(documents) == 1:
        return Document(_without_empty(documents[0].plain), documents[0].data)
    plain: dict[str, Json] = {}
    for document in documents:
        _add_plain(plain, document, documents)
    every = [document.data for document in documents]
    merged = FixtureData(
        place=every[-1].place,
        network=_overridden([data.network for data in every]),
        node=_overridden([data.node for data in every]),
        accounts=_united([data.accounts for data in every]),
        contracts=_united([data.contracts for data in every]),
        blocks=_joined([data.blocks for data in every]),
        balances=_joined([data.balances for data in every]),
        other_chains=_joined([data.other_chains for data in every]),
        keys=_joined_keys([data.keys for data in every if data.keys is not None]),
    )
    return Document(plain, merged)


def _add_plain(plain: dict[str, Json], document: Document, documents: Sequence[Document]) -> None:
    for section, value in _without_empty(document.plain).items():
        merged = plain.get(section)
        if isinstance(value, list):
            plain[section] = [*(merged if isinstance(merged, list) else ()), *value]
        elif isinstance(value, dict):
            before = merged if isinstance(merged, dict) else {}
            if section in _NAMED:
                for name, content in value.items():
                    if name in before and before[name] != content:
                        raise _differs(section, name, document, documents)
            plain[section] = before | _rows_joined(section, before, value)


def _rows_joined(section: str, before: dict[str, Json], value: dict[str, Json]) -> dict[str, Json]:
    """The members of a section in a later file, which for `keys` are lists that go on from the earlier ones."""
    if section in _OVERRIDDEN:
        return {key: member for key, member in value.items() if member is not None}
    if section != "keys":
        return value
    joined: dict[str, Json] = {}
    for face, rows in value.items():
        earlier = before.get(face)
        joined[face] = [*(earlier if isinstance(earlier, list) else ()), *(rows if isinstance(rows, list) else ())]
    return joined


def _differs(section: str, name: str, document: Document, documents: Sequence[Document]) -> Exception:
    def place_in(other: Document) -> Place:
        return other.data.place.member(section).member(name)

    first = next(other for other in documents if name in (getattr(other.data, section) or ()))
    there = place_in(first)
    line = locate(there.file, there.path)
    position = str(there.file) if line is None else f"{there.file}:{line}"
    return place_in(document).error(f"differs from what {position} gives that name; give one of the two another name")


def _without_empty(plain: dict[str, Json]) -> dict[str, Json]:
    return {section: value for section, value in plain.items() if value not in (None, [], {})}


def _overridden(given: Sequence[Constants | None]) -> Constants | None:
    said = [constants for constants in given if constants is not None]
    if not said:
        return None
    result = said[0]
    for constants in said[1:]:
        result = result._replace(
            place=constants.place,
            **{key: value for key, value in constants._asdict().items() if key != "place" and value is not None},
        )
    return result


def _united(given: Sequence[dict[str, T] | None]) -> dict[str, T]:
    united: dict[str, T] = {}
    for members in given:
        for name, member in (members or {}).items():
            united.setdefault(name, member)
    return united


def _joined(given: Sequence[tuple[T, ...] | None]) -> tuple[T, ...]:
    return tuple([row for rows in given for row in rows or ()])


def _joined_keys(given: Sequence[KeysData]) -> KeysData | None:
    if not given:
        return None
    chainbase = None if all(keys.chainbase is None for keys in given) else _joined([keys.chainbase for keys in given])
    teos = None if all(keys.teos is None for keys in given) else _joined([keys.teos for keys in given])
    return KeysData(given[-1].place, chainbase, teos)
