"""Fixture files to descriptions: what a right file means."""

from pathlib import Path

import pytest
from fixture_texts import WriteFile, write_fixture  # noqa: F401  (the pytest fixture `write`)

from rpcnode.chain.description import (
    Account,
    Block,
    ChainDescription,
    Contract,
    Network,
    Notification,
    RestAsset,
    Transfer,
)
from rpcnode.dev.fixture.reader import describe, read_fixture
from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.uint import UInt160

HOLDER = UInt160.parse("0x39e7394d6231aa09c097d02391d5d149f873f12b")  # NPvK..., decoded
OTHER = UInt160.parse("0x9c41f803d389070554e08988514cf49f0cbdc71b")
DEMO = UInt160.parse("0x8d06bc235c2585c9d27ede8ed7085b3e13fc0c36")
SEED_PAGE = Path(__file__).resolve().parents[3] / "fixtures" / "seed.yaml"

ACCOUNTS = "accounts: {holder: NPvKVTGZapmFWABLsyvfreuqn73jCjJtN1, other: NNSri1QcdtidykMxryz1xpmzSFwEXeYohH}\n"
DEMO_CONTRACT = 'contracts: {demo: {hash: "0x8d06bc235c2585c9d27ede8ed7085b3e13fc0c36", standard: NEP-17}}\n'


def description(path: Path, profile: ProfileName = "n3") -> ChainDescription:
    read = read_fixture(path, profile=profile)
    assert isinstance(read, ChainDescription)
    return read


@pytest.mark.parametrize("profile", ["n3", "n3-preview"])
def test_the_seed_page_fixture_reads_as_the_page_shows_it(profile: ProfileName) -> None:
    read = description(SEED_PAGE, profile)
    hashes = {contract.key: str(contract.script_hash) for contract in read.contracts}
    # The table of the getnep5balances page: hash, amount, block of the last change.
    assert sorted(
        (hashes[transfer.asset], transfer.amount, block.index)
        for block in read.blocks
        for transaction in block.transactions
        for transfer in transaction.transfers
        if transfer.receiver == HOLDER and transfer.sender is None
    ) == [
        ("0x433f0891e80c107b9e63d5f5b7cddf1fc35eb0b9", 9999200000000000, 19810),
        ("0x8c23f196d8a1bfd103a9dcb1f9ccf0c611377d3b", 1002531616708175, 54499),
        ("0x8d06bc235c2585c9d27ede8ed7085b3e13fc0c36", 9990000000000000, 17418),
        ("0x9bde8f209c88dd0e7ca3bf0af0f476cdd8207789", 9999785, 54496),
        ("0x9c33bbf2f5afbbc8fe271dd37508acd93573cffc", 9995000000000000, 17145),
    ]
    assert (read.height, read.header_height) == (70010, 70010)
    assert read.network == Network(None, "1", 15000, 1590969600000)  # 2020-06-01T00:00:00Z


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("empty.json", "{}"),
        ("empty.toml", ""),
        ("empty.yaml", "network:\nnode:\naccounts:\ncontracts:\nblocks:\nbalances:\nother_chains:\nkeys:\n"),
    ],
)
def test_a_file_that_declares_nothing_is_an_empty_chain(write: WriteFile, name: str, text: str) -> None:
    read = description(write(name, text))
    assert (read.height, read.header_height, read.contracts, read.blocks) == (0, 0, (), ())
    assert read.network == Network()


@pytest.mark.parametrize(
    ("written", "genesis_time_ms"),
    [
        ("1590969600000", 1590969600000),
        ("2020-06-01T00:00:00Z", 1590969600000),
        ('"2020-06-01T02:00:00+02:00"', 1590969600000),
        ("2020-06-01 00:00:00", 1590969600000),
        ("2020-06-01", 1590969600000),
        ("2020-06-01T00:00:00.0019Z", 1590969600001),
        ("1970-01-01T00:00:00Z", 0),
    ],
)
def test_a_time_is_iso_8601_or_milliseconds(write: WriteFile, written: str, genesis_time_ms: int) -> None:
    read = description(write("a.yaml", f"network: {{genesis_time: {written}}}"))
    assert read.network.genesis_time_ms == genesis_time_ms


def test_a_toml_time_without_quotes_is_a_time(write: WriteFile) -> None:
    read = description(write("a.toml", "network = {genesis_time = 2020-06-01T00:00:00Z}"))
    assert read.network.genesis_time_ms == 1590969600000


# The key pair of the Neo 2 documentation: WIF, and its addresses under the rules of each generation.
WIF = "L3tgppXLgdaeqSGSFw1Go3skBiy8vQAM7YMXvTHsKQtE16PBncSU"
PRIVATE_KEY = bytes.fromhex("c7134d6fd8e73d819e82755c64c93788d8db0961929e025a53363c4cc02a6962")


@pytest.mark.parametrize(
    ("profile", "written", "account"),
    [
        ("n3", "NPvKVTGZapmFWABLsyvfreuqn73jCjJtN1", Account("a", HOLDER)),
        ("n3-preview", "NPvKVTGZapmFWABLsyvfreuqn73jCjJtN1", Account("a", HOLDER)),
        ("n2", "AKnDxCKvHQrxy9zk9Pw7JtkEtyKRsX6Pkh", Account("a", HOLDER)),
        ("n3", "0x39E7394d6231aa09c097d02391d5d149f873f12b", Account("a", HOLDER)),
        ("n3", "39e7394d6231aa09c097d02391d5d149f873f12b", Account("a", HOLDER)),
    ],
)
def test_an_account_is_an_address_or_a_hash(
    write: WriteFile, profile: ProfileName, written: str, account: Account
) -> None:
    assert description(write("a.yaml", f"accounts: {{a: {written}}}"), profile).accounts == (account,)


def test_an_account_from_a_wif_has_its_key_and_the_address_of_its_generation(write: WriteFile) -> None:
    (account,) = description(write("a.yaml", f"accounts: {{a: {WIF}}}"), "n2").accounts
    address = description(write("b.yaml", "accounts: {a: AXaXZjZGA3qhQRTCsyG5uFKr9HeShgVhTF}"), "n2").accounts
    assert account.private_key == PRIVATE_KEY
    assert account.script_hash == address[0].script_hash


def test_an_account_from_a_seed_is_the_same_everywhere(write: WriteFile) -> None:
    (account,) = description(write("a.yaml", "accounts: {a: {seed: some text}}")).accounts
    # printf 'rpcnode/some text/0' | sha256sum
    assert account.private_key == bytes.fromhex("64048ecf5a151b5999e7f24322b4de3337da05fa2fb960acaf01945d2610882b")


def test_what_a_contract_leaves_out_follows_from_its_key_and_standard(write: WriteFile) -> None:
    text = """
contracts:
  gold: {standard: NEP-17}
  old: {standard: NEP-5, decimals: 0}
  card: {standard: NEP-11, deployed_at: 7, destroyed_at: 9}
  share: {standard: NEP-11, decimals: 2, divisible: true}
  bare: {standard: none, name: A contract, symbol: B, total_supply: "5", deployed_at: 7}
"""
    rest = RestAsset()
    assert description(write("a.yaml", text)).contracts == (
        Contract("gold", None, "NEP-17", "gold", "GOLD", 8, 0, None, None, rest, "contracts.gold"),
        Contract("old", None, "NEP-5", "old", "OLD", 0, 0, None, None, rest, "contracts.old"),
        Contract("share", None, "NEP-11", "share", "SHARE", 2, 0, None, None, rest, "contracts.share"),
        Contract("card", None, "NEP-11", "card", "CARD", 0, 7, 9, None, rest, "contracts.card"),
        Contract("bare", None, "none", "A contract", "B", 0, 7, None, 5, rest, "contracts.bare"),
    )


def test_the_rest_part_of_a_contract_is_kept(write: WriteFile) -> None:
    text = """
contracts:
  gold:
    standard: NEP-17
    rest:
      logos: [{uri: "https://a.example/a.png", width: 1, height: 2}]
      urls: [{name: website, url: "https://a.example/"}]
      current_usd_price: 1.25
      unique_asset_id: "0x0FC6e610b23b09fae00e10001"
      spark_factor: "100"
"""
    (contract,) = description(write("a.yaml", text)).contracts
    assert contract.rest == RestAsset(
        logos=({"uri": "https://a.example/a.png", "width": 1, "height": 2},),
        urls=({"name": "website", "url": "https://a.example/"},),
        current_usd_price=1.25,
        unique_asset_id="0x0fc6e610b23b09fae00e10001",
        spark_factor=100,
    )


NATIVES = {
    "n3": ("0xef4073a0f2b305a38ec4050e4d3d28bc40ea63f5", "0xd2a4cff31913016155e38e474a2c06d08be276cf"),
    "n3-preview": ("0x9bde8f209c88dd0e7ca3bf0af0f476cdd8207789", "0x8c23f196d8a1bfd103a9dcb1f9ccf0c611377d3b"),
}


@pytest.mark.parametrize("profile", ["n3", "n3-preview"])
def test_native_tokens_are_known_by_name_and_hash_without_a_declaration(write: WriteFile, profile: ProfileName) -> None:
    neo, gas = NATIVES[profile]
    text = f"""
balances:
  - {{account: "{HOLDER}", asset: NEO, amount: 5, block: 1}}
  - {{account: "{HOLDER}", asset: "{gas}", amount: 6, block: 1}}
  - {{account: "{OTHER}", asset: "{neo[2:]}", amount: 7, block: 1}}
"""
    read = description(write("a.yaml", text), profile)
    assert [transaction.transfers[0].asset for transaction in read.blocks[0].transactions] == ["NEO", "GAS", "NEO"]
    assert read.contracts == ()


def test_a_native_token_may_be_declared_under_another_name(write: WriteFile) -> None:
    text = f"""
contracts: {{coin: {{hash: "{NATIVES["n3"][1]}", rest: {{current_usd_price: 4}}}}}}
balances: [{{account: coin, asset: GAS, amount: 5, block: 1}}]
"""
    read = description(write("a.yaml", text))
    assert [(c.key, c.standard, c.name, c.symbol, c.decimals) for c in read.contracts] == [
        ("coin", "NEP-17", "GasToken", "GAS", 8)
    ]
    assert read.blocks[0].transactions[0].transfers[0].asset == "coin"


BLOCKS = (
    ACCOUNTS
    + DEMO_CONTRACT
    + """
balances:
  - {account: holder, asset: demo, amount: "10", block: 5}
  - {account: other, asset: "0x8D06bc235c2585c9d27ede8ed7085b3e13fc0c36", amount: 0, block: 3}
blocks:
  - index: 9
    timestamp: 1600000000000
    transactions:
      - {faults: true, notifications: [{contract: demo, event: Transfer, state: [null, holder, "5"]}]}
  - index: 5
    transactions:
      - transfers:
          - {asset: demo, from: holder, to: demo, amount: 4}
          - {asset: demo, from: NPvKVTGZapmFWABLsyvfreuqn73jCjJtN1, amount: 1}
  - {index: 9, transactions: [{transfers: [{asset: demo, to: other, amount: 0}]}]}
"""
)


def test_blocks_and_balances_become_blocks_in_order_of_their_index(write: WriteFile) -> None:
    read = description(write("a.yaml", BLOCKS))
    assert [(block.index, block.timestamp_ms, len(block.transactions)) for block in read.blocks] == [
        (3, None, 1),
        (5, None, 2),
        (9, 1600000000000, 2),
    ]
    assert read.height == 9


def test_a_balance_of_zero_was_received_and_spent_again(write: WriteFile) -> None:
    (transaction,) = description(write("a.yaml", BLOCKS)).blocks[0].transactions
    assert transaction.transfers == (
        Transfer("demo", None, OTHER, 1, None, "balances[1]"),
        Transfer("demo", OTHER, None, 1, None, "balances[1]"),
    )


def test_the_balances_of_a_block_come_before_its_own_transactions(write: WriteFile) -> None:
    balance, declared = description(write("a.yaml", BLOCKS)).blocks[1].transactions
    where = "blocks[1].transactions[0]"
    assert balance.transfers == (Transfer("demo", None, HOLDER, 10, None, "balances[0]"),)
    assert declared.transfers == (
        Transfer("demo", HOLDER, DEMO, 4, None, f"{where}.transfers[0]"),
        Transfer("demo", HOLDER, None, 1, None, f"{where}.transfers[1]"),
    )
    assert (declared.where, declared.faults) == (where, False)


def test_a_raw_notification_is_kept_as_it_is(write: WriteFile) -> None:
    transaction = description(write("a.yaml", BLOCKS)).blocks[2].transactions[0]
    assert transaction.faults
    assert transaction.notifications == (
        Notification(
            "demo",
            "Transfer",
            (None, bytes(HOLDER), 5),
            "blocks[0].transactions[0].notifications[0]",
        ),
    )


@pytest.mark.parametrize("profile", ["n3-preview", "n2"])
def test_an_event_needs_no_name_before_n3(write: WriteFile, profile: ProfileName) -> None:
    text = DEMO_CONTRACT + "blocks: [{index: 1, transactions: [{notifications: [{contract: demo, state: []}]}]}]"
    (block,) = description(write("a.yaml", text), profile).blocks
    assert block.transactions[0].notifications[0].event_name is None


@pytest.mark.parametrize(
    ("written", "token_id"),
    [("card 1", b"card 1"), ('"0x00ff"', b"\x00\xff"), ("ü", b"\xc3\xbc"), (f'"0x{"00" * 64}"', bytes(64))],
)
def test_a_token_id_is_a_text_or_hex_bytes(write: WriteFile, written: str, token_id: bytes) -> None:
    text = f"""
contracts: {{card: {{standard: NEP-11}}}}
balances: [{{account: "{HOLDER}", asset: card, amount: 1, block: 1, token_id: {written}}}]
"""
    assert description(write("a.yaml", text)).blocks[0].transactions[0].transfers[0].token_id == token_id


@pytest.mark.parametrize(
    ("written", "amount"),
    [("7", 7), ('"007"', 7), ("0", 0), (f'"{2**255 - 1}"', 2**255 - 1), (str(2**255 - 1), 2**255 - 1)],
)
def test_an_amount_is_an_integer_or_its_digits(write: WriteFile, written: str, amount: int) -> None:
    text = DEMO_CONTRACT + (
        f'blocks: [{{index: 1, transactions: [{{transfers: [{{asset: demo, to: "{HOLDER}", amount: {written}}}]}}]}}]'
    )
    assert description(write("a.yaml", text)).blocks[0].transactions[0].transfers[0].amount == amount


@pytest.mark.parametrize(
    ("written", "heights"),
    [
        ("", (9, 9)),
        ("node: {height: 20}", (20, 20)),
        ("node: {height: 4}", (4, 4)),
        ("node: {height: 0, header_height: 12}", (0, 12)),
        ("node: {header_height: 9}", (9, 9)),
    ],
)
def test_the_height_is_that_of_the_highest_block_unless_said(
    write: WriteFile, written: str, heights: tuple[int, int]
) -> None:
    read = description(write("a.yaml", f"blocks: [{{index: 9}}]\n{written}"))
    assert (read.height, read.header_height) == heights
    assert read.blocks == (Block(9, None, (), "blocks[0]"),)


def test_missing_hashes_are_derived_by_the_function_given(write: WriteFile) -> None:
    text = "contracts: {gold: {standard: NEP-17}}\nbalances: [{account: gold, asset: gold, amount: 1, block: 1}]"
    read = read_fixture(write("a.yaml", text), profile="n3", derive_hash=lambda contract: OTHER)
    assert isinstance(read, ChainDescription)
    assert read.contracts[0].script_hash == OTHER
    assert read.blocks[0].transactions[0].transfers[0].receiver == OTHER


def test_one_structure_in_three_formats_has_one_digest(write: WriteFile) -> None:
    texts = {
        "a.yaml": "node: {height: 3}\nblocks:\n  - {index: 2, transactions: []}\nkeys: {teos: [{token: 'a'}]}\n",
        "a.json": '{"keys": {"teos": [{"token": "a"}]}, "node": {"height": 3},'
        ' "blocks": [{"transactions": [], "index": 2}]}',
        "a.toml": 'node = {height = 3}\nkeys = {teos = [{token = "a"}]}\n[[blocks]]\nindex = 2\ntransactions = []\n',
    }
    assert len({description(write(name, text)).digest for name, text in texts.items()}) == 1


def test_other_data_and_other_profiles_have_other_digests(write: WriteFile) -> None:
    one, two = write("a.yaml", "node: {height: 3}"), write("b.yaml", "node: {height: 4}")
    assert len({description(one).digest, description(two).digest, description(one, "n2").digest}) == 3


def test_plain_data_need_not_come_from_a_file() -> None:
    assert describe([(Path("inline"), {"node": {"height": 3}})], "n3").height == 3
