"""Recorded rows of getnep5balances: what the chain's tokens answered, as far as a recording tells."""

from rpcnode.chain.recorded.recorded import RecordedRow, RecordedRows, Rows
from rpcnode.dev.places.errors import shown
from rpcnode.dev.places.place import Place
from rpcnode.dev.recording.members import (
    as_list,
    as_mapping,
    hash160_of,
    integer_member,
    list_member,
    mapping_member,
    text_member,
)
from rpcnode.primitives.address import script_hash_of
from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.json import Json
from rpcnode.primitives.uint import UInt160

_METHOD = "getnep5balances"


def read_rows(plain: dict[str, Json], whole: Place, address_version: int) -> RecordedRows:
    """The rows in `queries` and `balances_by_height`, either of which may be missing. Raises FixtureError."""
    at_end: dict[UInt160, Rows | None] = {}
    for address, answers, place in _by_address(plain, "queries", whole):
        asked = as_mapping(answers, place)
        if _METHOD in asked:
            answer = mapping_member(asked, _METHOD, place)
            inner = place.member(_METHOD)
            rows = None if "code" in answer else _rows(list_member(answer, "balance", inner), inner.member("balance"))
            at_end[_account(address, address_version, place)] = rows
    by_height: dict[UInt160, tuple[tuple[int, Rows], ...]] = {}
    for address, listed, place in _by_address(plain, "balances_by_height", whole):
        steps = [_step(step, place.item(position)) for position, step in enumerate(as_list(listed, place))]
        by_height[_account(address, address_version, place)] = tuple(sorted(steps, key=lambda step: step[0]))
    return RecordedRows(at_end, by_height)


def _by_address(plain: dict[str, Json], key: str, whole: Place) -> list[tuple[str, Json, Place]]:
    if key not in plain:
        return []
    place = whole.member(key)
    return [(address, value, place.member(address)) for address, value in mapping_member(plain, key, whole).items()]


def _step(step: Json, place: Place) -> tuple[int, Rows]:
    match step:
        case [int(height), list(rows)] if not isinstance(height, bool):
            return height, _rows(rows, place.item(1))
    raise place.error(f"{shown(step)} stands where [height, rows] belongs")


def _rows(listed: list[Json], place: Place) -> Rows:
    rows: dict[UInt160, RecordedRow] = {}
    for position, entry in enumerate(listed):
        inner = place.item(position)
        row = as_mapping(entry, inner)
        asset = hash160_of(text_member(row, "asset_hash", inner), inner.member("asset_hash"))
        try:
            amount = int(text_member(row, "amount", inner))
        except ValueError:
            raise inner.member("amount").error(f"{shown(row['amount'])} is no amount") from None
        rows[asset] = RecordedRow(amount, integer_member(row, "last_updated_block", inner))
    return rows


def _account(address: str, address_version: int, place: Place) -> UInt160:
    try:
        return script_hash_of(address, address_version)
    except FormatError as error:
        raise place.error(str(error)) from None
