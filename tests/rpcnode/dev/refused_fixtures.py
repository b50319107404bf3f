"""Declarations that refused fixtures begin with, and how a refusal is held to its words."""

import pytest
from fixture_texts import WriteFile

from rpcnode.dev.fixture.reader import read_fixture
from rpcnode.dev.places.errors import FixtureError

HASH = "0x8d06bc235c2585c9d27ede8ed7085b3e13fc0c36"
DECLARED = """\
accounts: {holder: NPvKVTGZapmFWABLsyvfreuqn73jCjJtN1}
contracts:
  demo: {hash: "0x8d06bc235c2585c9d27ede8ed7085b3e13fc0c36", standard: NEP-17, deployed_at: 4, destroyed_at: 9}
  card: {standard: NEP-11}
  plain: {standard: none}
"""


def assert_refused(write: WriteFile, text: str, error: str, *, line: int | None = None, path: str | None = None) -> str:
    """Asserts that a YAML fixture is refused with a text that holds `error`, at that line and path; returns it."""
    with pytest.raises(FixtureError) as caught:
        read_fixture(write("a.yaml", text), profile="n3")
    told = str(caught.value)
    assert error in told
    assert told.startswith(f"a.yaml:{line}: {path}" if line is not None else "a.yaml:")
    assert "\n" not in told
    return told
