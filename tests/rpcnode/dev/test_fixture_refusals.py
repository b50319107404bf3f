"""What a fixture may not say of its network, its accounts and its contracts."""

import pytest
from fixture_texts import WriteFile, write_fixture  # noqa: F401  (the pytest fixture `write`)
from refused_fixtures import DECLARED, assert_refused

OVER_255_BITS = 2**255
TIME = 'right is "2020-06-01T00:00:00Z" (ISO 8601), or an integer of milliseconds since 1970'
NAME = "a name begins with a letter or _, then letters, digits, _ and -, 64 at most"
ACCOUNT_FORMS = "an account is an address, a WIF, a 0x script hash or {seed: any text}"


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("[]", "holds no mapping at its top; a fixture is one, with network, node, accounts"),
        ("", "holds no mapping at its top"),
        ("just text", "holds no mapping at its top"),
        (
            "network: 5",
            "1: network: 5 stands where a mapping with magic, chain_id, ms_per_block, genesis_time, hardforks belongs",
        ),
        ("block: []", "1: block: unknown key; did you mean blocks?"),
        ("Network: {}", "1: Network: unknown key; did you mean network?"),
        (
            "zzz: {}",
            "1: zzz: unknown key; known are network, node, accounts, contracts, blocks, balances, other_chains, keys",
        ),
        ("network: {magic: -1}", "1: network.magic: -1 is out of range; right is 0 to 4294967295"),
        ("network: {magic: '5'}", '1: network.magic: "5" stands where an integer belongs'),
        ("network: {magic: true}", "1: network.magic: true stands where an integer belongs"),
        ("network: {magic: 5.0}", "1: network.magic: 5.0 stands where an integer belongs"),
        ("network: {chain_id: ''}", "1: network.chain_id: the text is empty"),
        ("network: {chain_id: []}", "1: network.chain_id: a list stands where a text belongs"),
        ("network: {ms_per_block: 0}", "1: network.ms_per_block: 0 is out of range; right is 1 to 86400000"),
        ("network: {genesis_time: yesterday}", f'1: network.genesis_time: "yesterday" is no time; {TIME}'),
        (
            "network: {genesis_time: 2020-06-31}",
            '1: network.genesis_time: "2020-06-31" is no time: day is out of range',
        ),
        ("network: {genesis_time: 1.5}", f"1: network.genesis_time: 1.5 is no time; {TIME}"),
        ("network: {genesis_time: -1}", "1: network.genesis_time: -1 lies outside the years 1970 to 9999"),
        ("network: {genesis_time: 1969-12-31}", '1: network.genesis_time: "1969-12-31" lies outside the years 1970'),
        ("node: {height: 4294967296}", "1: node.height: 4294967296 is out of range; right is 0 to 4294967295"),
        (
            "node: {height: 5, header_height: 4}",
            "1: node.header_height: 4 is below the height, 5; headers come first",
        ),
        ("blocks: [{index: 9}]\nnode: {header_height: 8}", "2: node.header_height: 8 is below the height, 9"),
    ],
)
def test_network_and_node_are_checked(write: WriteFile, text: str, error: str) -> None:
    assert_refused(write, text, error)


@pytest.mark.parametrize(
    ("value", "error"),
    [
        ("5", "5 is a number where a name, an address or a hash belongs; quote it"),
        ("null", "null stands where a text belongs"),
        ("[]", "a list stands where a text belongs"),
        ("nobody", "'nobody' is no address: it holds 5 bytes, an address 25; an account is"),
        ("AKnDxCKvHQrxy9zk9Pw7JtkEtyKRsX6Pkh", "is of address version 0x17, this network has 0x35; an account is an"),
        ("NPvKVTGZapmFWABLsyvfreuqn73jCjJtNO", "is no address: 'O' at 33 is not a Base58 character"),
        ("0x39e7394d6231aa09c097d02391d5d149f873f1zz", "UInt160 takes hex digits only"),
        (
            "L3tgppXLgdaeqSGSFw1Go3skBiy8vQAM7YMXvTHsKQtE16PBncST",
            f"the WIF's checksum is wrong, so a character is; {ACCOUNT_FORMS}",
        ),
        ("{}", "seed: is missing, and required"),
        ("{seed: 5}", "seed: 5 stands where a text belongs; write it in quotes"),
        ("{sed: a}", "sed: unknown key; did you mean seed?"),
    ],
)
def test_what_is_no_account_is_refused(write: WriteFile, value: str, error: str) -> None:
    assert_refused(write, f"accounts:\n  a: {value}", error, line=2, path="accounts.a")


def test_a_secret_that_was_mistyped_is_not_repeated(write: WriteFile) -> None:
    mistyped = "L3tgppXLgdaeqSGSFw1Go3skBiy8vQAM7YMXvTHsKQtE16PBncST"
    assert mistyped not in assert_refused(write, f"accounts: {{a: {mistyped}}}", "checksum")


@pytest.mark.parametrize("section", ["accounts", "contracts"])
@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("'5'", f'"5" is no name; {NAME}'),
        ("a.b", f'"a.b" is no name; {NAME}'),
        ("''", f'"" is no name; {NAME}'),
        ("a b", f'"a b" is no name; {NAME}'),
        ("a" * 65, "is no name"),
        ("NPvKVTGZapmFWABLsyvfreuqn73jCjJtN1", "reads as an address or a hash; give it another name"),
        ("AKnDxCKvHQrxy9zk9Pw7JtkEtyKRsX6Pkh", "reads as an address or a hash; give it another name"),
        ("abcdef0123456789abcdef0123456789abcdef01", "reads as an address or a hash; give it another name"),
        ("0x8d06bc235c2585c9d27ede8ed7085b3e13fc0c36", "is no name"),
    ],
)
def test_what_is_no_name_is_refused(write: WriteFile, section: str, name: str, error: str) -> None:
    assert_refused(write, f"{section}:\n  {name}: {{}}", error, line=2, path=section)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("contracts: {a: {}}", "a.standard: is missing, and required; it is NEP-5, NEP-17, NEP-11 or none"),
        ("contracts: {a: {standard: null}}", "a.standard: is missing, and required"),
        ("contracts: {a: {standard: 17}}", "a.standard: 17 is none of NEP-5, NEP-17, NEP-11, none"),
        ("contracts: {a: {hash: 5}}", "a.hash: 5 is a number where a name, an address or a hash belongs; quote it"),
        (
            "contracts: {a: {hash: '0x12', standard: none}}",
            "a.hash: UInt160 takes 40 hex digits, got 2: '0x12'; right is 0x and 40",
        ),
        ("contracts: {a: {standard: none, decimals: -1}}", "a.decimals: -1 is out of range; right is 0 to 255"),
        (
            "contracts: {a: {standard: NEP-17, divisible: true}}",
            "a.divisible: only an NEP-11 token is divisible or not",
        ),
        ("contracts: {a: {standard: NEP-11, divisible: true}}", "a.divisible: true does not go with 0 decimals"),
        ("contracts: {a: {standard: NEP-11, decimals: 2, divisible: false}}", "a.divisible: false does not go with 2"),
        ("contracts: {a: {standard: NEP-11, divisible: 1}}", "a.divisible: 1 stands where true or false belongs"),
        (
            "contracts: {a: {standard: none, deployed_at: 5, destroyed_at: 5}}",
            "a.destroyed_at: 5 is not after deployed_at; right is null or more than 5",
        ),
        (
            "contracts: {a: {standard: none, total_supply: -1}}",
            "a.total_supply: -1 is negative; an amount is at least 0",
        ),
        (
            "contracts: {a: {standard: none, total_supply: 1.0}}",
            "a.total_supply: 1.0 is not exact; write it as a quoted integer",
        ),
        (
            f"contracts: {{a: {{standard: none, total_supply: {OVER_255_BITS}}}}}",
            "has more than 255 bits; an amount is at most 2^255 - 1",
        ),
        ("contracts: {a: {standard: none, rest: {logos: {}}}}", "a.rest.logos: a mapping stands where a list belongs"),
        ("contracts: {a: {standard: none, rest: {logos: [{uri: x, width: 1}]}}}", "a.rest.logos[0].height: is missing"),
        (
            "contracts: {a: {standard: none, rest: {urls: [{name: x, uri: x}]}}}",
            "a.rest.urls[0].uri: unknown key; did you mean url?",
        ),
        ("contracts: {a: {standard: none, rest: {current_usd_price: -1}}}", "a.rest.current_usd_price: -1 is no price"),
        (
            "contracts: {a: {standard: none, rest: {current_usd_price: '1'}}}",
            'current_usd_price: "1" stands where a number belongs',
        ),
        (
            "contracts: {a: {standard: none, rest: {unique_asset_id: 0xfg}}}",
            'unique_asset_id: "0xfg" is not a unique asset id; right are hex digits, such as',
        ),
        (
            "contracts: {a: {standard: none, rest: {spark_factor: 0}}}",
            "a.rest.spark_factor: 0 stands where an integer from 1 belongs",
        ),
        ("contracts: {NEO: {decimals: 8}}", "NEO.decimals: 8 is not true of a native token; right is 0"),
        (
            "contracts: {GAS: {standard: NEP-5}}",
            'GAS.standard: "NEP-5" is not true of a native token; right is "NEP-17"',
        ),
        ("contracts: {GAS: {destroyed_at: 7}}", "GAS.destroyed_at: 7 is not true of a native token; leave it out"),
        (
            "contracts: {NEO: {standard: none, hash: '0x8d06bc235c2585c9d27ede8ed7085b3e13fc0c36'}}",
            "NEO.hash: NEO is the native token 0xef4073a0f2b305a38ec4050e4d3d28bc40ea63f5; leave the hash out",
        ),
        (
            "contracts: {NEO: {}, b: {hash: '0xef4073a0f2b305a38ec4050e4d3d28bc40ea63f5'}}",
            "b: has the hash of NEO, 0xef4073a0",
        ),
        (
            DECLARED + "  twin: {hash: '8D06bc235c2585c9d27ede8ed7085b3e13fc0c36', standard: none}",
            "6: contracts.twin: has the hash of demo, 0x8d06",
        ),
        (
            "accounts: {a: {seed: x}}\ncontracts: {a: {standard: none}}",
            "1: accounts.a: a is the contract contracts.a too; give one of the two",
        ),
        ("accounts: {NEO: {seed: x}}", "1: accounts.NEO: NEO is the name of a native token; give the account another"),
    ],
)
def test_a_contract_that_cannot_be_is_refused(write: WriteFile, text: str, error: str) -> None:
    assert_refused(write, text, error)
