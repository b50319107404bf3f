"""Whatever a file holds, reading it gives a description or a FixtureError, and nothing else."""

import contextlib
import json
import tempfile
from pathlib import Path

import pytest
from fixture_mutations import VALID, edited, mutated
from hypothesis import given, settings

from rpcnode.chain.description import ChainDescription
from rpcnode.dev.fixture.reader import describe, read_fixture
from rpcnode.dev.places.errors import FixtureError
from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.json import Json

YAML = """\
network: {chain_id: "1", genesis_time: 2020-06-01}
accounts:
  holder: &holder NPvKVTGZapmFWABLsyvfreuqn73jCjJtN1
contracts:
  demo: {standard: NEP-17, decimals: 8}
balances:
  - {account: *holder, asset: demo, amount: "5", block: 5}
blocks:
  - index: 6
    transactions:
      - transfers: [{asset: demo, from: holder, amount: 5}]
      - notifications:
          - {contract: demo, event: a, state: [null, "5", 0x00, {type: String, value: "x"}]}
"""
TOML = """\
network = {chain_id = "1", genesis_time = 2020-06-01}
[accounts]
holder = 'NPvKVTGZapmFWABLsyvfreuqn73jCjJtN1' # him
[contracts.demo]
standard = "NEP-17"
[[balances]]
account = "holder"
asset = "demo"
amount = "5"
block = 5
[[blocks]]
index = 6
[[blocks.transactions]]
transfers = [
  {asset = "demo", from = "holder", amount = 5},
]
[[blocks.transactions]]
notifications = [{contract = "demo", event = \"\"\"a\"\"\", state = ["5", 0.5]}]
"""


@pytest.mark.parametrize("profile", ["n3", "n2"])
@settings(max_examples=300, deadline=None)
@given(data=mutated())
def test_a_fixture_with_a_random_fault_is_read_or_refused(profile: ProfileName, data: Json) -> None:
    with contextlib.suppress(FixtureError):
        assert isinstance(describe([(Path("inline.json"), data)], profile), ChainDescription)


def test_the_fixture_that_is_mutated_is_read_without_faults() -> None:
    assert describe([(Path("inline.json"), VALID)], "n3").height == 9


def read_text(suffix: str, text: str) -> None:
    """Reads a file with that text; returns also when it is refused, with one line that names the file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"a{suffix}"
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        try:
            read_fixture(path, profile="n3")
        except FixtureError as error:
            assert str(error).startswith(f"{path}:")
            assert len(str(error).splitlines()) == 1


@settings(max_examples=300, deadline=None)
@given(text=edited(YAML))
def test_a_yaml_text_with_random_edits_is_read_or_refused(text: str) -> None:
    read_text(".yaml", text)


@settings(max_examples=300, deadline=None)
@given(text=edited(TOML))
def test_a_toml_text_with_random_edits_is_read_or_refused(text: str) -> None:
    read_text(".toml", text)


@settings(max_examples=300, deadline=None)
@given(text=edited(json.dumps(VALID, indent=1)))
def test_a_json_text_with_random_edits_is_read_or_refused(text: str) -> None:
    read_text(".json", text)


@settings(max_examples=200, deadline=None)
@given(data=mutated())
def test_a_json_file_with_a_random_fault_is_read_or_refused(data: Json) -> None:
    read_text(".json", json.dumps(data))
