"""The published JSON Schema says what the reader says, as far as a schema can."""

import json
from pathlib import Path
from typing import Any

import pytest
from fixture_texts import WriteFile, write_fixture  # noqa: F401  (the pytest fixture `write`)
from jsonschema import Draft202012Validator  # type: ignore[import-untyped, unused-ignore]

from rpcnode.dev.fixture import schema as fixture_schema
from rpcnode.dev.fixture.reader import describe, read_fixture
from rpcnode.dev.fixture.records import members_of
from rpcnode.dev.fixture.schema import FixtureData
from rpcnode.dev.places.errors import FixtureError
from rpcnode.dev.places.file import read_plain
from rpcnode.primitives.json import Json

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures"
SCHEMA: dict[str, Any] = json.loads((FIXTURES / "fixture.schema.json").read_text("utf-8"))
SHIPPED = sorted(
    path for path in FIXTURES.iterdir() if path.suffix in (".yaml", ".json") and path.name != "fixture.schema.json"
)


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_a_shipped_fixture_is_valid(path: Path) -> None:
    Draft202012Validator(SCHEMA).validate(read_plain(path))


TABLES = {
    "network": fixture_schema.NetworkData,
    "node": fixture_schema.NodeData,
    "seed": fixture_schema.SeedData,
    "logo": fixture_schema.LogoData,
    "url": fixture_schema.UrlData,
    "rest": fixture_schema.RestData,
    "contract": fixture_schema.ContractData,
    "transfer": fixture_schema.TransferData,
    "notification": fixture_schema.NotificationData,
    "transaction": fixture_schema.TransactionData,
    "block": fixture_schema.BlockData,
    "balance": fixture_schema.BalanceData,
    "other_asset": fixture_schema.OtherAssetData,
    "other_balance": fixture_schema.OtherBalanceData,
    "other_chain": fixture_schema.OtherChainData,
    "chainbase_key": fixture_schema.ChainbaseKeyData,
    "teos_key": fixture_schema.TeosKeyData,
    "keys": fixture_schema.KeysData,
}


@pytest.mark.parametrize(("definition", "table"), TABLES.items(), ids=TABLES)
def test_the_schema_has_the_members_of_the_reader(definition: str, table: type[Any]) -> None:
    members = members_of(table)
    described = SCHEMA["$defs"][definition]
    assert set(described["properties"]) == set(members)
    assert set(described.get("required", ())) == {key for key, member in members.items() if member.is_required}
    assert described["additionalProperties"] is False


def test_the_schema_has_the_sections_of_the_reader() -> None:
    assert set(SCHEMA["properties"]) == set(members_of(FixtureData))


HASH = "0x8d06bc235c2585c9d27ede8ed7085b3e13fc0c36"
TRANSFER: dict[str, Json] = {"asset": "demo", "to": "holder", "amount": 1}
EVENT: dict[str, Json] = {"contract": "demo", "event": "Transfer", "state": []}
ASSET: dict[str, Json] = {"contract_address": HASH, "name": "a", "symbol": "b", "decimals": 1}


def with_names(sections: dict[str, Json]) -> Json:
    named: dict[str, Json] = {
        "accounts": {"holder": "NPvKVTGZapmFWABLsyvfreuqn73jCjJtN1"},
        "contracts": {"demo": {"standard": "NEP-17", "hash": HASH}},
    }
    return named | sections


def block(transaction: Json) -> dict[str, Json]:
    return {"blocks": [{"index": 1, "transactions": [transaction]}]}


def item(state: Json) -> dict[str, Json]:
    return block({"notifications": [EVENT | {"state": [state]}]})


@pytest.mark.parametrize(
    "sections",
    [
        {},
        {"network": None, "node": None, "blocks": None, "balances": None, "other_chains": None, "keys": None},
        {"network": {"magic": None, "chain_id": None, "ms_per_block": 1, "genesis_time": 0}},
        {"network": {"genesis_time": "2020-06-01 12:00"}},
        {"accounts": {"a": {"seed": "x"}, "b": HASH}},
        {"contracts": {"demo": {"standard": "none", "decimals": None, "destroyed_at": None, "rest": None}}},
        {"contracts": {"GAS": {"rest": {"current_usd_price": 0.5, "spark_factor": "10"}}}},
        {"blocks": [{"index": 1}, {"index": 2, "timestamp": None, "transactions": []}]},
        block({"transfers": [TRANSFER | {"from": None}]}),
        block({"transfers": [], "notifications": [EVENT], "faults": True}),
        item([None, True, 5, "5", "holder", [], {"type": "Any"}, {"type": "Any", "value": None}]),
        item({"type": "Map", "value": [{"key": 1, "value": [2]}]}),
        item({"type": "Struct", "value": [{"type": "Buffer", "value": ""}]}),
        {"balances": [{"account": "holder", "asset": "demo", "amount": "0", "block": 1, "token_id": None}]},
        {"other_chains": [{"chain_id": "5", "assets": [ASSET], "kind": "neo3", "address_version": 5}]},
        {"keys": {"chainbase": [{"key": "a", "chains": ["1"]}], "teos": [{"token": "b", "accounts": ["holder"]}]}},
    ],
    ids=lambda sections: json.dumps(sections)[:60],
)
def test_what_the_schema_takes_the_reader_takes(sections: dict[str, Json]) -> None:
    fixture = with_names(sections)
    Draft202012Validator(SCHEMA).validate(fixture)
    describe([(Path("inline.json"), fixture)], "n3")


@pytest.mark.parametrize(
    "sections",
    [
        {"block": []},
        {"network": []},
        {"network": {"magic": "5"}},
        {"network": {"magic": -1}},
        {"network": {"chain_id": 1}},
        {"network": {"chain_id": ""}},
        {"network": {"ms_per_block": 0}},
        {"network": {"genesis_time": "yesterday"}},
        {"network": {"genesis_time": 1.5}},
        {"network": {"magick": 5}},
        {"node": {"height": 2**32}},
        {"node": {"heigth": 2}},
        {"accounts": []},
        {"accounts": {"a": 5}},
        {"accounts": {"a": None}},
        {"accounts": {"a": {}}},
        {"accounts": {"a": {"seed": ""}}},
        {"accounts": {"a.b": {"seed": "x"}}},
        {"accounts": {"5": {"seed": "x"}}},
        {"accounts": {"NPvKVTGZapmFWABLsyvfreuqn73jCjJtN1": {"seed": "x"}}},
        {"contracts": {HASH[2:].replace("8", "a", 1): {"standard": "none"}}},
        {"contracts": {"a": None}},
        {"contracts": {"a": {"standard": "NEP-18"}}},
        {"contracts": {"a": {"standard": "none", "hash": 5}}},
        {"contracts": {"a": {"standard": "none", "decimals": 256}}},
        {"contracts": {"a": {"standard": "none", "deployed_at": None}}},
        {"contracts": {"a": {"standard": "none", "divisible": 1}}},
        {"contracts": {"a": {"standard": "none", "total_supply": -1}}},
        {"contracts": {"a": {"standard": "none", "total_supply": 2**255}}},
        {"contracts": {"a": {"standard": "none", "total_supply": "1e3"}}},
        {"contracts": {"a": {"standard": "none", "rest": {"logos": [{"uri": "u", "width": 1}]}}}},
        {"contracts": {"a": {"standard": "none", "rest": {"urls": [{"name": "n", "url": ""}]}}}},
        {"contracts": {"a": {"standard": "none", "rest": {"current_usd_price": "1"}}}},
        {"contracts": {"a": {"standard": "none", "rest": {"current_usd_price": -1}}}},
        {"contracts": {"a": {"standard": "none", "rest": {"unique_asset_id": "xyz"}}}},
        {"contracts": {"a": {"standard": "none", "rest": {"spark_factor": 0}}}},
        {"contracts": {"a": {"standard": "none", "rest": {"spark_factor": "00"}}}},
        {"blocks": {}},
        {"blocks": [{}]},
        {"blocks": [{"index": 0}]},
        {"blocks": [{"index": "1"}]},
        {"blocks": [{"index": 1, "timestamp": True}]},
        {"blocks": [{"index": 1, "transactions": None}]},
        block({}),
        block({"faults": True}),
        block({"transfers": []}),
        block({"transfers": [TRANSFER], "faults": "yes"}),
        block({"transfers": [TRANSFER], "sender": "holder"}),
        block({"transfers": [{"asset": "demo", "amount": 1}]}),
        block({"transfers": [{"asset": "demo", "amount": 1, "from": None, "to": None}]}),
        block({"transfers": [{"asset": "demo", "to": "holder"}]}),
        block({"transfers": [{"to": "holder", "amount": 1}]}),
        block({"transfers": [TRANSFER | {"amount": 1.5}]}),
        block({"transfers": [TRANSFER | {"amount": None}]}),
        block({"transfers": [TRANSFER | {"to": 5}]}),
        block({"transfers": [TRANSFER | {"token_id": 5}]}),
        block({"transfers": [TRANSFER | {"value": 5}]}),
        block({"notifications": [{"contract": "demo", "event": "a"}]}),
        block({"notifications": [EVENT | {"event": ""}]}),
        block({"notifications": [EVENT | {"state": {}}]}),
        item(1.5),
        item(""),
        item({}),
        item({"value": 1}),
        item({"type": "Text", "value": ""}),
        item({"type": "Any", "value": 1}),
        item({"type": "Boolean"}),
        item({"type": "Boolean", "value": "true"}),
        item({"type": "Integer", "value": "0x1"}),
        item({"type": "String", "value": 5}),
        item({"type": "Array", "value": [1.5]}),
        item({"type": "Map", "value": [{"key": 1}]}),
        item({"type": "Map", "value": {"key": 1, "value": 1}}),
        item({"type": "Pointer", "value": -1}),
        item({"type": "Integer", "value": 1, "extra": 1}),
        {"balances": [{"account": "holder", "asset": "demo", "amount": 1}]},
        {"balances": [{"account": "holder", "asset": "demo", "block": 1}]},
        {"balances": [{"account": "holder", "amount": 1, "block": 1}]},
        {"balances": [{"asset": "demo", "amount": 1, "block": 1}]},
        {"balances": [{"account": "holder", "asset": "demo", "amount": 1, "block": 0}]},
        {"other_chains": [{}]},
        {"other_chains": [{"chain_id": 5}]},
        {"other_chains": [{"chain_id": "5", "kind": "neo"}]},
        {"other_chains": [{"chain_id": "5", "address_version": 256}]},
        {"other_chains": [{"chain_id": "5", "block": -1}]},
        {"other_chains": [{"chain_id": "5", "assets": [{"name": "a", "symbol": "b", "decimals": 1}]}]},
        {"other_chains": [{"chain_id": "5", "assets": [ASSET | {"decimals": "1"}]}]},
        {"other_chains": [{"chain_id": "5", "assets": [ASSET], "balances": [{"address": HASH, "amount": 1}]}]},
        {"keys": []},
        {"keys": {"chainbase": [{}]}},
        {"keys": {"chainbase": [{"key": 5}]}},
        {"keys": {"teos": [{"token": "a", "accounts": [5]}]}},
        {"keys": {"other": []}},
    ],
    ids=lambda sections: json.dumps(sections)[:80],
)
def test_what_the_schema_refuses_the_reader_refuses(sections: dict[str, Json]) -> None:
    fixture = with_names(sections)
    assert not Draft202012Validator(SCHEMA).is_valid(fixture)
    with pytest.raises(FixtureError):
        describe([(Path("inline.json"), fixture)], "n3")


def test_every_type_of_an_item_is_in_the_schema(write: WriteFile) -> None:
    known = SCHEMA["$defs"]["typed_item"]["properties"]["type"]["enum"]
    path = write("a.json", json.dumps(with_names(item({"type": "?"}))))
    with pytest.raises(FixtureError, match=f"known are {', '.join(known)}"):
        read_fixture(path, profile="n3")
