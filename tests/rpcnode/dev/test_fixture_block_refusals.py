"""What a fixture may not say of its blocks and balances, and what it may."""

import pytest
from fixture_texts import WriteFile, write_fixture  # noqa: F401  (the pytest fixture `write`)
from refused_fixtures import DECLARED, HASH, assert_refused

from rpcnode.dev.fixture.reader import read_fixture

TRANSFER = "blocks: [{index: 5, transactions: [{transfers: [{%s}]}]}]"
TRANSFER_PATH = "blocks[0].transactions[0].transfers[0]"
NOTIFICATION = "blocks: [{index: 5, transactions: [{notifications: [{%s}]}]}]"
NOTIFICATION_PATH = "blocks[0].transactions[0].notifications[0]"
BALANCE = "balances: [{account: holder, asset: demo, amount: 5, block: 5}, {%s}]"
OVER_255_BITS = 2**255
MOST = 2**255 - 1
SIZE = "right is an integer from 0, or its digits as a text, in the token's smallest unit"


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
