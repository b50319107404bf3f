"""How a fixture's errors are told: `FILE:LINE: PATH: what is wrong; what would be right`."""

import pytest
from fixture_texts import WriteFile, write_fixture  # noqa: F401  (the pytest fixture `write`)

from rpcnode.dev.fixture.reader import read_fixture
from rpcnode.dev.places.errors import FixtureError
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
STANDARD = 'contracts.demo.standard: "NEP-18" is none of NEP-5, NEP-17, NEP-11, none; did you mean NEP-17 or NEP-11?'
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
