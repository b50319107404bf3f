"""Ids of NEP-11 tokens, as fixtures write them."""

import re
from typing import Final

from rpcnode.dev.fixture_errors import shown
from rpcnode.dev.place import Place

MAX_TOKEN_ID_SIZE: Final = 64
"""Bytes. Source: NEP-11."""

_is_hex_bytes = re.compile(r"0x(?:[0-9a-fA-F]{2})+").fullmatch


def read_token_id(written: str, place: Place) -> bytes:
    """The bytes of a token id: those of a text, or what hex digits after 0x stand for. Raises FixtureError."""
    token_id = _bytes_of(written, place)
    if not 0 < len(token_id) <= MAX_TOKEN_ID_SIZE:
        raise place.error(f"a token id of {len(token_id)} bytes; right is 1 to {MAX_TOKEN_ID_SIZE}")
    return token_id


def _bytes_of(written: str, place: Place) -> bytes:
    if not written.startswith("0x"):
        return written.encode()
    if not _is_hex_bytes(written):
        raise place.error(f"{shown(written)} is no token id; right is a text, or 0x and bytes as hex digits")
    return bytes.fromhex(written[2:])
