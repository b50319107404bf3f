"""What a fixture says for the REST faces."""

import pytest
from fixture_texts import WriteFile, write_fixture  # noqa: F401  (the pytest fixture `write`)

from rpcnode.chain.description import ChainDescription
from rpcnode.dev.fixture.reader import read_fixture
from rpcnode.dev.fixture.rest import derived_asset_id
from rpcnode.dev.places.errors import FixtureError
from rpcnode.primitives.uint import UInt160

HOLDER = "0x39e7394d6231aa09c097d02391d5d149f873f12b"
ONE = "0x1111111111111111111111111111111111111111"
TWO = "0x2222222222222222222222222222222222222222"


def read(write: WriteFile, text: str) -> ChainDescription:
    description = read_fixture(write("a.yaml", text), profile="n3")
    assert isinstance(description, ChainDescription)
    return description


def test_other_chains_come_out_with_every_member_in_its_plain_form(write: WriteFile) -> None:
    text = f"""
accounts: {{holder: NPvKVTGZapmFWABLsyvfreuqn73jCjJtN1}}
other_chains:
  - chain_id: "56"
    assets:
      - {{contract_address: "{ONE.upper().replace("X", "x")}", name: One, symbol: O, decimals: 2}}
    balances:
      - {{address: holder, contract_address: "{ONE[2:]}", amount: "7"}}
  - chain_id: "9"
    name: third
    kind: neo2
    block: 12
    assets:
      - chain_id: "9"
        contract_address: "{TWO}"
        name: Two
        symbol: T
        decimals: 0
        total_supply: 100
        logos: [{{uri: u, width: 1, height: 2}}]
        urls: [{{name: n, url: u}}]
        current_usd_price: 1.5
        unique_asset_id: "0xABC"
        spark_factor: 3
    balances:
      - {{address: AKnDxCKvHQrxy9zk9Pw7JtkEtyKRsX6Pkh, contract_address: "{TWO}", amount: 0, last_updated_block: 5}}
"""
    assert read(write, text).other_chains == (
        {
            "chain_id": "56",
            "name": "56",
            "kind": "evm",
            "address_version": None,
            "block": 0,
            "assets": [
                {
                    "chain_id": "56",
                    "contract_address": ONE,
                    "name": "One",
                    "symbol": "O",
                    "decimals": 2,
                    "total_supply": "0",
                    "logos": [],
                    "urls": [],
                    "current_usd_price": 0,
                    "unique_asset_id": "0x111111111111111111110002",
                    "spark_factor": "100",
                }
            ],
            "balances": [
                {
                    "chain_id": "56",
                    "address": HOLDER,
                    "contract_address": ONE,
                    "amount": "7",
                    "last_updated_block": 0,
                }
            ],
        },
        {
            "chain_id": "9",
            "name": "third",
            "kind": "neo2",
            "address_version": 23,
            "block": 12,
            "assets": [
                {
                    "chain_id": "9",
                    "contract_address": TWO,
                    "name": "Two",
                    "symbol": "T",
                    "decimals": 0,
                    "total_supply": "100",
                    "logos": [{"uri": "u", "width": 1, "height": 2}],
                    "urls": [{"name": "n", "url": "u"}],
                    "current_usd_price": 1.5,
                    "unique_asset_id": "0xabc",
                    "spark_factor": "3",
                }
            ],
            "balances": [
                {
                    "chain_id": "9",
                    "address": HOLDER,
                    "contract_address": TWO,
                    "amount": "0",
                    "last_updated_block": 5,
                }
            ],
        },
    )


def test_a_unique_asset_id_is_derived_from_the_hash_and_the_position_of_the_chain() -> None:
    assert derived_asset_id(UInt160.parse(HOLDER), 1) == "0x39e7394d6231aa09c0970001"
    assert derived_asset_id(UInt160.parse(HOLDER), 26) == "0x39e7394d6231aa09c097001a"


def test_keys_are_those_that_the_file_names(write: WriteFile) -> None:
    text = """
network: {chain_id: "7"}
accounts: {holder: NPvKVTGZapmFWABLsyvfreuqn73jCjJtN1}
other_chains: [{chain_id: "56"}]
keys:
  chainbase: [{key: demo}, {key: small, chains: ["56", "7"]}]
  teos: [{token: demo-token}, {token: other, accounts: [holder]}]
"""
    assert read(write, text).keys == {
        "chainbase": [{"key": "demo"}, {"key": "small", "chains": ["56", "7"]}],
        "teos": [{"token": "demo-token", "accounts": []}, {"token": "other", "accounts": [HOLDER]}],
    }


def test_an_empty_list_of_keys_is_kept_apart_from_none(write: WriteFile) -> None:
    assert read(write, "keys: {teos: []}").keys == {"teos": []}
    assert read(write, "{}").keys == {}


CHAIN = f"""\
contracts:
  gold: {{hash: "{HOLDER}", standard: NEP-17, rest: {{unique_asset_id: "0x5"}}}}
other_chains:
  - chain_id: "56"
    kind: neo3
    assets:
      - {{contract_address: "{ONE}", name: One, symbol: O, decimals: 2}}
    balances:
      - {{address: "{HOLDER}", contract_address: "{ONE}", amount: 7}}
"""


@pytest.mark.parametrize(
    ("added", "error"),
    [
        (
            f'      - {{address: "{HOLDER}", contract_address: "{TWO}", amount: 7}}',
            f"10: other_chains[0].balances[1].contract_address: {TWO} is no asset of this chain",
        ),
        (
            f'      - {{address: "{HOLDER}", contract_address: "{HOLDER}", amount: 7}}',
            f"10: other_chains[0].balances[1].contract_address: {HOLDER} is no asset of this chain",
        ),
        (
            f'      - {{address: "{TWO}", contract_address: "{ONE}", amount: -7}}',
            "10: other_chains[0].balances[1].amount: -7 is negative; an amount is at least 0",
        ),
        (
            f'      - {{address: "{TWO}", contract_address: "{ONE}", amount: 0.5}}',
            "10: other_chains[0].balances[1].amount: 0.5 is not exact; write it as a quoted integer",
        ),
        (
            f'      - {{address: AKnDxCKvHQrxy9zk9Pw7JtkEtyKRsX6Pkh, contract_address: "{ONE}", amount: 7}}',
            "10: other_chains[0].balances[1].address: 'AKnDxCKvHQrxy9zk9Pw7JtkEtyKRsX6Pkh' is of address version 0x17",
        ),
        (
            f'      - {{address: NPvKVTGZapmFWABLsyvfreuqn73jCjJtN1, contract_address: "{ONE}", amount: 7}}',
            f"10: other_chains[0].balances[1]: the balance of {HOLDER} in {ONE} stands twice",
        ),
        (
            f'      - {{address: "{TWO}", contract_address: gold, amount: 7}}',
            "10: other_chains[0].balances[1].contract_address: UInt160 takes 40 hex digits",
        ),
        (
            f'      - {{address: "{TWO}", contract_address: "{ONE}", amount: 7, chain_id: "1"}}',
            '10: other_chains[0].balances[1].chain_id: "1" is not the chain this stands under; leave it out',
        ),
        ('  - {chain_id: "56"}', '10: other_chains[1].chain_id: "56" is another chain already'),
        ('  - {chain_id: "1"}', '10: other_chains[1].chain_id: "1" is another chain already'),
        ("  - {chain_id: 57}", "10: other_chains[1].chain_id: 57 is a number, a chain_id a text"),
        ("  - {}", "10: other_chains[1].chain_id: is missing, and required"),
        ('  - {chain_id: "57", kind: neo}', '10: other_chains[1].kind: "neo" is none of evm, neo3, neo2'),
        (
            '  - {chain_id: "57", address_version: 53}',
            "10: other_chains[1].address_version: an evm chain has none; leave it out, or give another kind",
        ),
        (
            f'  - {{chain_id: "57", assets: [{{contract_address: "{ONE}", name: a, symbol: b}}]}}',
            "10: other_chains[1].assets[0].decimals: is missing, and required",
        ),
        (
            f'  - {{chain_id: "57", assets: [{{contract_address: "{ONE}", name: a, symbol: b, decimals: 1, '
            'unique_asset_id: "0005"}]}',
            "10: other_chains[1].assets[0].unique_asset_id: the unique asset id 0005 is that of gold already",
        ),
        (
            f'  - {{chain_id: "57", assets: [{{contract_address: "{TWO}", name: a, symbol: b, decimals: 1, '
            'unique_asset_id: "111111111111111111110002"}]}',
            "the unique asset id 111111111111111111110002 is that of O of chain 56 already; give it another",
        ),
        (
            f'  - chain_id: "57"\n    assets: [&a {{contract_address: "{ONE}", name: a, symbol: b, decimals: 1}}, *a]',
            f"11: other_chains[1].assets[1]: {ONE} stands twice among the assets of this chain",
        ),
        (
            f'  - {{chain_id: "57", assets: [{{contract_address: "{ONE}", name: a, symbol: b, decimals: 1}}], '
            f'balances: [{{address: NPvKVTGZapmFWABLsyvfreuqn73jCjJtN1, contract_address: "{ONE}", amount: 1}}]}}',
            "other_chains[1].balances[0].address: UInt160 takes 40 hex digits",
        ),
        ("keys: {chainbase: [{key: a}, {key: a}]}", '10: keys.chainbase[1].key: "a" stands here twice'),
        ("keys: {teos: [{token: a}, {token: a}]}", '10: keys.teos[1].token: "a" stands here twice'),
        ("keys: {chainbase: [{key: ''}]}", "10: keys.chainbase[0].key: the text is empty"),
        ("keys: {chainbase: [{key: a, chains: ['65']}]}", '10: keys.chainbase[0].chains[0]: "65" is no chain of this'),
        ("keys: {teos: [{token: a, accounts: [b]}]}", '10: keys.teos[0].accounts[0]: "b" is no account, address or 0x'),
        ("keys: {teos: [{key: a}]}", "10: keys.teos[0].key: unknown key"),
        ("keys: {chainbse: []}", "10: keys.chainbse: unknown key; did you mean chainbase?"),
    ],
)
def test_what_the_rest_faces_cannot_serve_is_refused(write: WriteFile, added: str, error: str) -> None:
    read(write, CHAIN)
    with pytest.raises(FixtureError) as caught:
        read(write, CHAIN + added)
    assert error in str(caught.value)


def test_two_contracts_of_the_main_chain_have_two_unique_asset_ids(write: WriteFile) -> None:
    text = """\
contracts:
  a: {standard: none, rest: {unique_asset_id: "0x0AB"}}
  b: {standard: none, rest: {unique_asset_id: "ab"}}
"""
    with pytest.raises(FixtureError, match=r"a.yaml:3: contracts.b.rest.unique_asset_id: .* that of a already"):
        read(write, text)


def test_contracts_whose_hashes_begin_alike_have_derived_ids_of_their_own(write: WriteFile) -> None:
    # the first 20 digits are the same: the second id is made from all 40
    text = """
contracts:
  a: {hash: "0x0000000000000000000000000000000000000001", standard: NEP-17}
  b: {hash: "0x0000000000000000000000000000000000000002", standard: NEP-17}
"""
    ids = {contract.key: contract.rest.unique_asset_id for contract in read(write, text).contracts}
    assert ids == {"a": "0x000000000000000000000001", "b": "0x00000000000000000000000000000000000000020001"}
