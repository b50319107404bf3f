"""Several fixture files at once."""

import pytest
from fixture_texts import WriteFile, write_fixture  # noqa: F401  (the pytest fixture `write`)

from rpcnode.chain.description import ChainDescription
from rpcnode.dev.fixture.reader import read_fixture, read_fixtures
from rpcnode.dev.places.errors import FixtureError

HOLDER = "NPvKVTGZapmFWABLsyvfreuqn73jCjJtN1"
OTHER = "NNSri1QcdtidykMxryz1xpmzSFwEXeYohH"

FIRST = f"""\
network: {{magic: 7, chain_id: "5", ms_per_block: 1000}}
node: {{height: 9}}
accounts: {{holder: {HOLDER}}}
contracts: {{gold: {{standard: NEP-17}}}}
balances: [{{account: holder, asset: gold, amount: 1, block: 3}}]
keys: {{chainbase: [{{key: a}}]}}
"""
SECOND = f"""\
network = {{ms_per_block = 2000}}
balances = [{{account = "other", asset = "gold", amount = 2, block = 3}}]
[accounts]
other = "{OTHER}"
holder = "{HOLDER}"
[[blocks]]
index = 4
transactions = [{{transfers = [{{asset = "gold", from = "holder", amount = 1}}]}}]
[[keys.chainbase]]
key = "b"
"""


def merged(write: WriteFile, first: str, second: str) -> ChainDescription:
    description = read_fixtures([write("a.yaml", first), write("b.toml", second)], "n3")
    assert isinstance(description, ChainDescription)
    return description


def test_later_files_add_to_earlier_ones_and_override_constants(write: WriteFile) -> None:
    read = merged(write, FIRST, SECOND)
    assert (read.network.magic, read.network.chain_id, read.network.ms_per_block) == (7, "5", 2000)
    assert read.height == 9
    assert [account.name for account in read.accounts] == ["holder", "other"]
    assert [(block.index, len(block.transactions)) for block in read.blocks] == [(3, 2), (4, 1)]
    assert read.keys == {"chainbase": [{"key": "a"}, {"key": "b"}]}


def test_a_place_in_one_of_several_files_names_its_file(write: WriteFile) -> None:
    read = merged(write, FIRST, SECOND)
    assert [transaction.where for block in read.blocks for transaction in block.transactions] == [
        "a.yaml: balances[0]",
        "b.toml: balances[0]",
        "b.toml: blocks[0].transactions[0]",
    ]


def test_several_files_are_the_chain_that_one_file_with_all_of_it_is(write: WriteFile) -> None:
    whole = f"""\
network: {{magic: 7, chain_id: "5", ms_per_block: 2000}}
node: {{height: 9}}
accounts: {{holder: {HOLDER}, other: {OTHER}}}
contracts: {{gold: {{standard: NEP-17}}}}
balances:
  - {{account: holder, asset: gold, amount: 1, block: 3}}
  - {{account: other, asset: gold, amount: 2, block: 3}}
blocks: [{{index: 4, transactions: [{{transfers: [{{asset: gold, from: holder, amount: 1}}]}}]}}]
keys: {{chainbase: [{{key: a}}, {{key: b}}]}}
"""
    single = read_fixture(write("c.yaml", whole), profile="n3")
    assert merged(write, FIRST, SECOND).digest == single.digest


def test_a_null_overrides_nothing(write: WriteFile) -> None:
    read = read_fixtures([write("a.yaml", FIRST), write("b.yaml", "network: {magic: null}\nnode:\n")], "n3")
    assert isinstance(read, ChainDescription)
    assert (read.network.magic, read.height) == (7, 9)


@pytest.mark.parametrize(
    ("second", "error"),
    [
        (
            f'[accounts]\nholder = "{OTHER}"',
            "b.toml:2: accounts.holder: differs from what a.yaml:3 gives that name; give one of the two another name",
        ),
        (
            '[contracts.gold]\nstandard = "NEP-17"\ndecimals = 8',
            "b.toml:1: contracts.gold: differs from what a.yaml:4 gives that name; give one of the two another name",
        ),
        (
            '[[balances]]\naccount = "holder"\nasset = "gold"\namount = 1\nblock = 1',
            "b.toml:1: balances[0]: this account's balance of gold stands in a.yaml: balances[0] already",
        ),
        (f'[accounts]\ngold = "{OTHER}"', "b.toml:2: accounts.gold: gold is the contract a.yaml: contracts.gold too"),
        ('[[keys.chainbase]]\nkey = "a"', 'b.toml:2: keys.chainbase[0].key: "a" stands here twice'),
        ("node = {header_height = 8}", "b.toml:1: node.header_height: 8 is below the height, 9; headers come first"),
        ("[nod]", "b.toml:1: nod: unknown key; did you mean node?"),
    ],
)
def test_what_two_files_say_against_each_other_is_refused(write: WriteFile, second: str, error: str) -> None:
    with pytest.raises(FixtureError) as caught:
        merged(write, FIRST, second)
    assert error in str(caught.value)


def test_a_recorded_chain_goes_with_no_other_file(write: WriteFile) -> None:
    recording = write("r.json", '{"version": {}, "blocks": [], "application_logs": {}}')
    with pytest.raises(FixtureError, match=r"^r\.json: a recorded chain goes with no other fixture"):
        read_fixtures([write("a.yaml", FIRST), recording], "n3")
