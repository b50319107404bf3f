"""What a fixture may not say, and how it is told: `FILE:LINE: PATH: what is wrong; what would be right`."""

import pytest
from fixture_texts import WriteFile, write_fixture  # noqa: F401  (the pytest fixture `write`)

from rpcnode.dev.fixture_errors import FixtureError
from rpcnode.dev.fixture_reader import read_fixture
from rpcnode.primitives.errors import NodeError

YAML = """\
network:
  chain_id: "1"
accounts:
  holder: NPvKVTGZapmFWABLsyvfreuqn73jCjJtN1
contracts:
  demo:
    standard: NEP-17
    decimals: 8
blocks:
  - index: 3
    transactions:
      - transfers:
          - asset: demo
            to: holder
            amount: 5
"""
JSON = """\
{
  "network": {
    "chain_id": "1"},
  "accounts": {"holder": "NPvKVTGZapmFWABLsyvfreuqn73jCjJtN1"},
  "contracts": {
    "demo": {
      "standard": "NEP-17",
      "decimals": 8}},
  "blocks": [
    {"index": 3,
     "transactions": [
      {"transfers": [
        {"asset": "demo",
         "to": "holder",
         "amount": 5}]}]}]
}
"""
TOML = """\
[network]
chain_id = "1"
[accounts]
holder = "NPvKVTGZapmFWABLsyvfreuqn73jCjJtN1"
[contracts.demo]
standard = "NEP-17"
decimals = 8
[[blocks]]
index = 3
[[blocks.transactions]]
[[blocks.transactions.transfers]]
asset = "demo"
to = "holder"
amount = 5
"""

TYPO = "contracts.demo.decimal: unknown key; did you mean decimals?"
CHAIN_ID = 'network.chain_id: 1 is a number, a chain_id a text; write it in quotes: "1"'
STANDARD = 'contracts.demo.standard: "NEP-18" is none of NEP-5, NEP-17, NEP-11, none'
INDEX = "blocks[0].index: 0 is out of range; right is 1 to 4294967295"
MISSING = "blocks[0].transactions[0].transfers[0].amount: is missing, and required"
AMOUNT = (
    "blocks[0].transactions[0].transfers[0].amount: 0.5 is not exact; "
    "write it as a quoted integer of the token's smallest unit"
)
ACCOUNT = (
    'blocks[0].transactions[0].transfers[0].to: "holdr" is no account, address or 0x script hash; did you mean holder?'
)
ADDRESS = (
    "accounts.holder: 'NPvKVTGZapmFWABLsyvfreuqn73jCjJtN2' is no address: its checksum is wrong, so a character is; "
    "an account is an address, a WIF, a 0x script hash or {seed: any text}"
)


@pytest.mark.parametrize(
    ("name", "text", "change", "error"),
    [
        ("a.yaml", YAML, ("decimals: 8", "decimal: 8"), f"a.yaml:8: {TYPO}"),
        ("a.json", JSON, ('"decimals": 8', '"decimal": 8'), f"a.json:8: {TYPO}"),
        ("a.toml", TOML, ("decimals = 8", "decimal = 8"), f"a.toml:7: {TYPO}"),
        ("a.yaml", YAML, ('"1"', "1"), f"a.yaml:2: {CHAIN_ID}"),
        ("a.json", JSON, ('"1"', "1"), f"a.json:3: {CHAIN_ID}"),
        ("a.toml", TOML, ('"1"', "1"), f"a.toml:2: {CHAIN_ID}"),
        ("a.yaml", YAML, ("NEP-17", "NEP-18"), f"a.yaml:7: {STANDARD}"),
        ("a.json", JSON, ("NEP-17", "NEP-18"), f"a.json:7: {STANDARD}"),
        ("a.toml", TOML, ("NEP-17", "NEP-18"), f"a.toml:6: {STANDARD}"),
        ("a.yaml", YAML, ("index: 3", "index: 0"), f"a.yaml:10: {INDEX}"),
        ("a.json", JSON, ('"index": 3', '"index": 0'), f"a.json:10: {INDEX}"),
        ("a.toml", TOML, ("index = 3", "index = 0"), f"a.toml:9: {INDEX}"),
        ("a.yaml", YAML, ("\n            amount: 5", ""), f"a.yaml:13: {MISSING}"),
        ("a.json", JSON, (',\n         "amount": 5', ""), f"a.json:13: {MISSING}"),
        ("a.toml", TOML, ("\namount = 5", ""), f"a.toml:11: {MISSING}"),
        ("a.yaml", YAML, ("amount: 5", "amount: 0.5"), f"a.yaml:15: {AMOUNT}"),
        ("a.json", JSON, ('"amount": 5', '"amount": 0.5'), f"a.json:15: {AMOUNT}"),
        ("a.toml", TOML, ("amount = 5", "amount = 0.5"), f"a.toml:14: {AMOUNT}"),
        ("a.yaml", YAML, ("to: holder", "to: holdr"), f"a.yaml:14: {ACCOUNT}"),
        ("a.json", JSON, ('"to": "holder"', '"to": "holdr"'), f"a.json:14: {ACCOUNT}"),
        ("a.toml", TOML, ('to = "holder"', 'to = "holdr"'), f"a.toml:13: {ACCOUNT}"),
        ("a.yaml", YAML, ("jCjJtN1", "jCjJtN2"), f"a.yaml:4: {ADDRESS}"),
        ("a.json", JSON, ("jCjJtN1", "jCjJtN2"), f"a.json:4: {ADDRESS}"),
        ("a.toml", TOML, ("jCjJtN1", "jCjJtN2"), f"a.toml:4: {ADDRESS}"),
    ],
)
def test_an_error_names_file_line_and_path_in_every_format(
    write: WriteFile, name: str, text: str, change: tuple[str, str], error: str
) -> None:
    path = write(name, text)
    read_fixture(path, profile="n3")
    write(name, text.replace(*change))
    with pytest.raises(FixtureError) as caught:
        read_fixture(path, profile="n3")
    assert str(caught.value) == error


def test_an_error_has_its_parts_and_is_one_for_the_operator(write: WriteFile) -> None:
    with pytest.raises(NodeError) as caught:
        read_fixture(write("a.yaml", YAML.replace("decimals: 8", "decimals: 256")), profile="n3")
    assert isinstance(caught.value, FixtureError)
    assert (caught.value.file.name, caught.value.line, caught.value.path) == ("a.yaml", 8, "contracts.demo.decimals")
    assert caught.value.message == "256 is out of range; right is 0 to 255"


TRANSFER = "blocks: [{index: 5, transactions: [{transfers: [{%s}]}]}]"
TRANSFER_PATH = "blocks[0].transactions[0].transfers[0]"
NOTIFICATION = "blocks: [{index: 5, transactions: [{notifications: [{%s}]}]}]"
NOTIFICATION_PATH = "blocks[0].transactions[0].notifications[0]"
BALANCE = "balances: [{account: holder, asset: demo, amount: 5, block: 5}, {%s}]"
DECLARED = """\
accounts: {holder: NPvKVTGZapmFWABLsyvfreuqn73jCjJtN1}
contracts:
  demo: {hash: "0x8d06bc235c2585c9d27ede8ed7085b3e13fc0c36", standard: NEP-17, deployed_at: 4, destroyed_at: 9}
  card: {standard: NEP-11}
  plain: {standard: none}
"""
HASH = "0x8d06bc235c2585c9d27ede8ed7085b3e13fc0c36"
OVER_255_BITS = 2**255
MOST = 2**255 - 1
SIZE = "right is an integer from 0, or its digits as a text, in the token's smallest unit"
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


@pytest.mark.parametrize(
    ("members", "path", "error"),
    [
        ("asset: demo, amount: 1", "", "from and to are both null; null is from for a mint, to for a burn"),
        ("asset: demo, from: null, to: null, amount: 1", "", "from and to are both null"),
        ("asset: demo, to: holder", ".amount", "is missing, and required"),
        ("to: holder, amount: 1", ".asset", "is missing, and required"),
        ("asset: demo, to: holder, amount: -1", ".amount", "-1 is negative; an amount is at least 0"),
        ("asset: demo, to: holder, amount: '-1'", ".amount", f'"-1" is no amount; {SIZE}'),
        ("asset: demo, to: holder, amount: 1e3", ".amount", "1000.0 is not exact; write it as a quoted integer"),
        ("asset: demo, to: holder, amount: 1_000", ".amount", f'"1_000" is no amount; {SIZE}'),
        ("asset: demo, to: holder, amount: '\uff11'", ".amount", f'"\uff11" is no amount; {SIZE}'),
        ("asset: demo, to: holder, amount: true", ".amount", f"true is no amount; {SIZE}"),
        (f"asset: demo, to: holder, amount: '{OVER_255_BITS}'", ".amount", "has more than 255 bits"),
        ("asset: dem, to: holder, amount: 1", ".asset", '"dem" is no declared contract; did you mean demo?'),
        (
            "asset: holder, to: holder, amount: 1",
            ".asset",
            '"holder" is no declared contract; known are demo, card, plain, NEO',
        ),
        (
            "asset: '0x1111111111111111111111111111111111111111', to: holder, amount: 1",
            ".asset",
            "is no declared contract",
        ),
        (
            "asset: 5, to: holder, amount: 1",
            ".asset",
            "5 is a number where a name, an address or a hash belongs; quote it",
        ),
        ("asset: demo, to: 5, amount: 1", ".to", "5 is a number where a name, an address or a hash belongs; quote it"),
        (
            "asset: demo, to: card, amount: 1",
            ".to",
            "card is a contract without a hash; give it one to use it as an account",
        ),
        (
            "asset: demo, to: AKnDxCKvHQrxy9zk9Pw7JtkEtyKRsX6Pkh, amount: 1",
            ".to",
            "is of address version 0x17, this network has",
        ),
        ("asset: demo, to: holder, amount: 1, token_id: a", ".token_id", "demo is NEP-17; only NEP-11 tokens have ids"),
        ("asset: card, to: holder, amount: 1", ".token_id", "is missing, and required, since card is NEP-11"),
        (
            "asset: card, to: holder, amount: 2, token_id: a",
            ".amount",
            "2 is too much of a token that is not divisible; right is 1 or 0",
        ),
        (
            "asset: card, to: holder, amount: 1, token_id: 5",
            ".token_id",
            "5 stands where a text belongs; write it in quotes",
        ),
        (
            "asset: card, to: holder, amount: 1, token_id: '0x123'",
            ".token_id",
            '"0x123" is no token id; right is a text, or 0x',
        ),
        (
            f"asset: card, to: holder, amount: 1, token_id: {'a' * 65}",
            ".token_id",
            "a token id of 65 bytes; right is 1 to 64",
        ),
    ],
)
def test_a_transfer_that_cannot_be_is_refused(write: WriteFile, members: str, path: str, error: str) -> None:
    assert_refused(write, DECLARED + TRANSFER % members, error, line=6, path=TRANSFER_PATH + path)


@pytest.mark.parametrize(
    ("index", "error"),
    [
        (3, "demo is deployed at block 4 only, this is block 3"),
        (9, "demo is destroyed at block 9, this is block 9"),
        (10, "demo is destroyed at block 9, this is block 10"),
    ],
)
def test_a_token_moves_only_between_its_deployment_and_its_end(write: WriteFile, index: int, error: str) -> None:
    transfer = TRANSFER % "asset: demo, to: holder, amount: 1"
    text = DECLARED + transfer.replace("index: 5", f"index: {index}")
    assert_refused(write, text, error, line=6, path=f"{TRANSFER_PATH}.asset")
    balance = f"balances: [{{account: holder, asset: demo, amount: 1, block: {index}}}]"
    assert_refused(write, DECLARED + balance, error, line=6, path="balances[0].block")


@pytest.mark.parametrize("index", [3, 4, 8, 9])
def test_an_event_may_come_from_a_contract_that_does_not_stand(write: WriteFile, index: int) -> None:
    event = NOTIFICATION % "contract: demo, event: Transfer, state: []"
    read_fixture(write("a.yaml", DECLARED + event.replace("index: 5", f"index: {index}")), profile="n3")


@pytest.mark.parametrize(
    ("members", "path", "error"),
    [
        ("contract: demo, state: []", ".event", "is missing, and required; it is the event's name, such as Transfer"),
        ("contract: demo, event: Transfer", ".state", "is missing, and required"),
        ("contract: demo, event: Transfer, state: {}", ".state", "a mapping stands where a list belongs"),
        ("contract: dmo, event: Transfer, state: []", ".contract", '"dmo" is no declared contract; did you mean demo?'),
        ("contract: demo, event: 5, state: []", ".event", "5 stands where a text belongs; write it in quotes"),
        ("contract: demo, name: a, state: []", ".name", "unknown key; known are contract, state, event"),
    ],
)
def test_a_notification_that_cannot_be_is_refused(write: WriteFile, members: str, path: str, error: str) -> None:
    assert_refused(write, DECLARED + NOTIFICATION % members, error, line=6, path=NOTIFICATION_PATH + path)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("blocks: {}", "1: blocks: a mapping stands where a list belongs"),
        ("blocks: [5]", "1: blocks[0]: 5 stands where a mapping with index, timestamp, transactions belongs"),
        ("blocks: [{}]", "1: blocks[0].index: is missing, and required"),
        (
            "blocks: [{index: 1, transactions: [{}]}]",
            "transactions[0]: a transaction without transfers and notifications does nothing",
        ),
        ("blocks: [{index: 1, transactions: [{faults: true}]}]", "transactions[0]: a transaction without transfers"),
        ("blocks: [{index: 1, transactions: [{faults: yes}]}]", 'faults: "yes" stands where true or false belongs'),
        (
            "blocks: [{index: 1, transactions: [{sender: a}]}]",
            "transactions[0].sender: unknown key; known are transfers, notifications, faults",
        ),
    ],
)
def test_a_block_that_cannot_be_is_refused(write: WriteFile, text: str, error: str) -> None:
    assert_refused(write, text, error)


# Genesis at 1000 ms and 100 ms a block: block 5 is due at 1500, block 4 at 1400.
TIMED = "network: {genesis_time: 1000, ms_per_block: 100}\nblocks:\n"


@pytest.mark.parametrize(
    ("blocks", "line", "error"),
    [
        ("  - {index: 5, timestamp: 1400}", 3, "blocks[0].timestamp: 1400 is not after 1400, the time of block 4"),
        ("  - {index: 1, timestamp: 1000}", 3, "blocks[0].timestamp: 1000 is not after 1000, the time of block 0"),
        (
            "  - {index: 9, timestamp: 3300}\n  - {index: 5, timestamp: 3000}",
            3,
            "blocks[0].timestamp: 3300 is not after 3300, the time of block 8; "
            "timestamps rise strictly; set a later one, or a smaller network.ms_per_block",
        ),
        (
            "  - {index: 5, timestamp: 2000}\n  - {index: 6}\n  - {index: 7, timestamp: 2100}",
            5,
            "blocks[2].timestamp: 2100 is not after 2100, the time of block 6",
        ),
        (
            "  - {index: 5, timestamp: 2000}\n  - {index: 5, timestamp: 2001}",
            4,
            "blocks[1].timestamp: 2001 here, but blocks[0] says 2000 of the same block; leave one of the two out",
        ),
    ],
)
def test_timestamps_rise_from_block_to_block(write: WriteFile, blocks: str, line: int, error: str) -> None:
    assert_refused(write, TIMED + blocks, f"{line}: {error}")


@pytest.mark.parametrize(
    "blocks",
    [
        "  - {index: 5, timestamp: 1401}",
        "  - {index: 9, timestamp: 3301}\n  - {index: 5, timestamp: 3000}",
        "  - {index: 5, timestamp: 2000}\n  - {index: 6}\n  - {index: 7, timestamp: 2101}",
        "  - {index: 5, timestamp: 2000}\n  - {index: 5}\n  - {index: 5, timestamp: 2000}",
    ],
)
def test_a_timestamp_may_lie_anywhere_after_the_block_before(write: WriteFile, blocks: str) -> None:
    read_fixture(write("a.yaml", TIMED + blocks), profile="n3")


@pytest.mark.parametrize(
    ("members", "path", "error"),
    [
        (
            "account: holder, asset: demo, amount: 6, block: 6",
            "",
            "this account's balance of demo stands in balances[0] already",
        ),
        (
            "account: '0x39e7394d6231aa09c097d02391d5d149f873f12b', asset: '8d06bc235c2585c9d27ede8ed7085b3e13fc0c36', "
            "amount: 6, block: 6",
            "",
            "this account's balance of demo stands in balances[0] already",
        ),
        ("asset: demo, amount: 6, block: 6", ".account", "is missing, and required"),
        ("account: holder, asset: demo, amount: 6", ".block", "is missing, and required"),
        ("account: holder, asset: demo, amount: 6, block: 0", ".block", "0 is out of range; right is 1 to 4294967295"),
        ("account: null, asset: demo, amount: 6, block: 6", ".account", "null stands where a text belongs"),
        (
            "account: holder, asset: card, amount: 1, block: 6",
            ".token_id",
            "is missing, and required, since card is NEP-11",
        ),
    ],
)
def test_a_balance_that_cannot_be_is_refused(write: WriteFile, members: str, path: str, error: str) -> None:
    assert_refused(write, DECLARED + BALANCE % members, error, line=6, path="balances[1]" + path)


def test_balances_of_two_ids_of_one_nep11_token_are_two(write: WriteFile) -> None:
    rows = ", ".join(f"{{account: holder, asset: card, amount: 1, block: 1, token_id: {name}}}" for name in "ab")
    read_fixture(write("a.yaml", f"{DECLARED}balances: [{rows}]"), profile="n3")


@pytest.mark.parametrize(
    ("supply", "blocks", "error"),
    [
        (9, "", "3: contracts.gold.total_supply: 9 is less than the 10 that are minted"),
        (
            11,
            "blocks: [{index: 2, transactions: [{transfers: [{asset: gold, to: holder, amount: 2}]}]}]",
            "3: contracts.gold.total_supply: 11 is less than the 12 that are minted",
        ),
        (
            "null",
            f"blocks: [{{index: 2, transactions: [{{transfers: [{{asset: gold, to: holder, amount: '{MOST}'}}]}}]}}]",
            "are minted of gold, more than 255 bits hold",
        ),
        (
            "null",
            f"blocks: [{{index: 2, transactions: [{{transfers: [&t {{asset: NEO, to: gold, amount: {MOST}}}, *t]}}]}}]",
            "are minted of NEO, more than 255 bits hold",
        ),
    ],
    ids=["balances", "balances and blocks", "255 bits", "255 bits of a native token"],
)
def test_more_than_the_total_supply_cannot_be_minted(write: WriteFile, supply: object, blocks: str, error: str) -> None:
    text = f"""\
accounts: {{holder: NPvKVTGZapmFWABLsyvfreuqn73jCjJtN1}}
contracts:
  gold: {{standard: NEP-17, hash: "{HASH}", total_supply: {supply}}}
balances: [{{account: holder, asset: gold, amount: 10, block: 1}}]
"""
    assert_refused(write, text + blocks, error)


def test_what_is_burned_or_fails_does_not_count_as_supply(write: WriteFile) -> None:
    text = """\
accounts: {holder: NPvKVTGZapmFWABLsyvfreuqn73jCjJtN1}
contracts: {gold: {standard: NEP-17, total_supply: 9}}
balances: [{account: holder, asset: gold, amount: 10, block: 1}]
blocks:
  - index: 2
    transactions:
      - transfers: [{asset: gold, from: holder, amount: 1}]
      - {faults: true, transfers: [{asset: gold, to: holder, amount: 100}]}
"""
    read_fixture(write("a.yaml", text), profile="n3")


def assert_refused(write: WriteFile, text: str, error: str, *, line: int | None = None, path: str | None = None) -> str:
    """Asserts that a YAML fixture is refused with a text that holds `error`, at that line and path; returns it."""
    with pytest.raises(FixtureError) as caught:
        read_fixture(write("a.yaml", text), profile="n3")
    told = str(caught.value)
    assert error in told
    assert told.startswith(f"a.yaml:{line}: {path}" if line is not None else "a.yaml:")
    assert "\n" not in told
    return told
