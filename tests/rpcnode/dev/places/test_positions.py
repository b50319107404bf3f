"""From the path of a value to its line."""

import gzip
from pathlib import Path

import pytest

from rpcnode.dev.places.lines import locate
from rpcnode.dev.places.path import member_path, steps_of
from rpcnode.dev.places.place import error_at
from tests.rpcnode.dev.fixture_texts import WriteFile

YAML = """\
# a comment
network: {magic: 1, chain_id: "1"}
contracts:
  demo:
    standard: NEP-17
    "odd key": 1
blocks:
  - index: 3
    transactions:
      - transfers:
          - {asset: demo, to: a, amount: 1}
          - asset: demo

            amount: &many 2
      - {notifications: [
          {contract: demo, state: [1,
            two]}]}
  - index: 4
    transactions: []
text: |
  index: 5
balances: [*many, x]
"""

JSON = """\
{
 "network": {"magic": 1, "text": "{\\"[,\\n"},
 "contracts": {
  "demo": {"standard": "NEP-17",
   "odd key": 1}},
 "blocks": [
  {"index": 3,
   "transactions": [{"transfers": [{"asset": "demo"}, {
      "amount": 2}]},
    {}]}, {

  "index": 4}]
}
"""

TOML = """\
# [network]
network.magic = 1 # a = [
text = \"\"\"
index = 1
[blocks]\"\"\"

[contracts.demo]
standard = 'NEP-17' # it's a comment
"odd key" = 1
decimals.'x' = 1.5

[[blocks]]
index = 3
transactions = [
  {transfers = [{asset = "demo"},
    {amount = 2}]}, # {

  {faults = true, x = [
    1]}
]

[[blocks]]
index = 4
[[blocks.transactions]]
faults = false
[[blocks.transactions]]
faults = true
transfers = []
"""


@pytest.mark.parametrize(
    ("name", "text", "where", "line"),
    [
        ("a.yaml", YAML, "network", 2),
        ("a.yaml", YAML, "network.chain_id", 2),
        ("a.yaml", YAML, "contracts.demo.standard", 5),
        ("a.yaml", YAML, 'contracts.demo["odd key"]', 6),
        ("a.yaml", YAML, "contracts.demo.missing", 4),
        ("a.yaml", YAML, "blocks[0]", 8),
        ("a.yaml", YAML, "blocks[0].transactions[0].transfers[0].amount", 11),
        ("a.yaml", YAML, "blocks[0].transactions[0].transfers[1].amount", 14),
        ("a.yaml", YAML, "blocks[0].transactions[1]", 15),
        ("a.yaml", YAML, "blocks[0].transactions[1].notifications[0].contract", 16),
        ("a.yaml", YAML, "blocks[0].transactions[1].notifications[0].state[1]", 17),
        ("a.yaml", YAML, "blocks[1].index", 18),
        ("a.yaml", YAML, "blocks[1].transactions[7]", 19),
        ("a.yaml", YAML, "text", 20),
        ("a.yaml", YAML, "balances[1]", 22),
        ("a.yaml", YAML, "missing", None),
        ("a.yaml", YAML, "", None),
        ("a.json", JSON, "network.text", 2),
        ("a.json", JSON, "contracts.demo", 4),
        ("a.json", JSON, 'contracts.demo["odd key"]', 5),
        ("a.json", JSON, "blocks[0].index", 7),
        ("a.json", JSON, "blocks[0].transactions[0].transfers[0].asset", 8),
        ("a.json", JSON, "blocks[0].transactions[0].transfers[1].amount", 9),
        ("a.json", JSON, "blocks[0].transactions[1].missing", 10),
        ("a.json", JSON, "blocks[1]", 10),
        ("a.json", JSON, "blocks[1].index", 12),
        ("a.toml", TOML, "network.magic", 2),
        ("a.toml", TOML, "text", 3),
        ("a.toml", TOML, "contracts.demo", 7),
        ("a.toml", TOML, "contracts.demo.standard", 8),
        ("a.toml", TOML, 'contracts.demo["odd key"]', 9),
        ("a.toml", TOML, "contracts.demo.decimals.x", 10),
        ("a.toml", TOML, "blocks[0]", 12),
        ("a.toml", TOML, "blocks[0].index", 13),
        ("a.toml", TOML, "blocks[0].transactions[0].transfers[0].asset", 15),
        ("a.toml", TOML, "blocks[0].transactions[0].transfers[1].amount", 16),
        ("a.toml", TOML, "blocks[0].transactions[1].faults", 18),
        ("a.toml", TOML, "blocks[0].transactions[1].x", 18),
        ("a.toml", TOML, "blocks[0].transactions[1].x[0]", 19),
        ("a.toml", TOML, "blocks[1]", 22),
        ("a.toml", TOML, "blocks[1].index", 23),
        ("a.toml", TOML, "blocks[1].transactions[0].faults", 25),
        ("a.toml", TOML, "blocks[1].transactions[1].faults", 27),
        ("a.toml", TOML, "blocks[1].transactions[1].transfers[0]", 28),
    ],
)
def test_a_value_is_found_on_its_line(write: WriteFile, name: str, text: str, where: str, line: int | None) -> None:
    assert locate(write(name, text), where) == line


def test_lines_of_a_compressed_file_are_those_of_its_text(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml.gz"
    path.write_bytes(gzip.compress(YAML.encode()))
    assert locate(path, "blocks[1].index") == 18


def test_a_file_that_is_gone_has_no_lines(tmp_path: Path) -> None:
    assert locate(tmp_path / "gone.yaml", "blocks") is None


@pytest.mark.parametrize(
    ("path", "steps"),
    [
        ("", ()),
        ("a", ("a",)),
        ("a.b-c[2][0].d", ("a", "b-c", 2, 0, "d")),
        ('a["x.y"].b', ("a", "x.y", "b")),
        ('["]\\""]', (']"',)),
        ('contracts[""]', ("contracts", "")),
    ],
)
def test_a_path_is_the_text_of_its_steps(path: str, steps: tuple[str | int, ...]) -> None:
    assert steps_of(path) == steps


@pytest.mark.parametrize("key", ["demo", "x.y", "", "a b", 'q"', "0x1", "ключ", "new\nline"])
def test_any_key_can_be_written_in_a_path(key: str) -> None:
    assert steps_of(member_path("contracts", key)) == ("contracts", key)


def test_an_error_of_playing_names_file_and_line_of_one_file(write: WriteFile) -> None:
    path = write("a.yaml", YAML)
    error = error_at([path], "blocks[0].transactions[0]", "nothing to move")
    assert str(error) == "a.yaml:10: blocks[0].transactions[0]: nothing to move"


def test_an_error_of_playing_names_the_right_one_of_several_files(write: WriteFile) -> None:
    first, second = write("a.yaml", YAML), write("b.toml", TOML)
    error = error_at([first, second], "b.toml: blocks[1].index", "too late")
    assert str(error) == "b.toml:23: blocks[1].index: too late"
