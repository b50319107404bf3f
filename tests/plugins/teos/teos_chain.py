"""A chain with what the Teos face has rules for, and requests to it."""

from typing import Any, Final

from tests.plugins.node_builder import HOLDER, OTHER, Document, block, transfers
from tests.plugins.rest_node import Answer, RestNode, request_bytes

ROOT: Final = "/odata/v1.0"
CALL: Final = f"{ROOT}/Balances/GetAssetsBalances"
TOKEN: Final = "demo-token"

COIN: Final = "0x11" + "00" * 18 + "ee"
COIN_ID: Final = "0x0abcdef0001"
"""The registry's spelling in lower case; the fixture has capitals."""

DERIVED: Final = "0x12345678901234567890" + "ab" * 10
DERIVED_ID: Final = "0x123456789012345678900001"
"""20 digits of the contract's hash, then the position of the chain."""

THIRDS: Final = "0x22" + "00" * 18 + "dd"
GONE: Final = "0x33" + "00" * 18 + "cc"
LATER: Final = "0x44" + "00" * 18 + "bb"
PICTURE: Final = "0x55" + "00" * 18 + "aa"
FAR: Final = "0x" + "fa" * 20
FAR_ID: Final = f"0x{'fa' * 10}0002"
OLD: Final = "0x" + "01" * 20
OLD_ID: Final = "0x01010101010101010101" + "0003"

MOST_OWN: Final = 2**255 - 1
MOST_LISTED: Final = 2**256 - 1
"""Amounts of a NEO token have a sign in their 256 bits, those of another chain have not."""

CHAIN: Final[Document] = {
    "node": {"height": 20},
    "contracts": {
        "coin": {
            "hash": COIN,
            "standard": "NEP-5",
            "name": "Some coin",
            "symbol": "SOME",
            "decimals": 3,
            "rest": {"unique_asset_id": "0x0ABCDEF0001"},
        },
        "derived": {"hash": DERIVED, "standard": "NEP-17", "decimals": 8},
        "thirds": {
            "hash": THIRDS,
            "standard": "NEP-17",
            "rest": {"unique_asset_id": "0x30001", "spark_factor": "3"},
        },
        "gone": {
            "hash": GONE,
            "standard": "NEP-17",
            "destroyed_at": 9,
            "rest": {"unique_asset_id": "0x40001"},
        },
        "later": {"hash": LATER, "standard": "NEP-17", "deployed_at": 21, "rest": {"unique_asset_id": "0x50001"}},
        "picture": {"hash": PICTURE, "standard": "NEP-11", "rest": {"unique_asset_id": "0x60001"}},
    },
    "blocks": [
        block(2, transfers((None, HOLDER, 1234), asset="coin"), transfers((None, HOLDER, MOST_OWN), asset="derived")),
        block(3, transfers((None, OTHER, 2), asset="thirds"), transfers((None, OTHER, 5), asset="gone")),
        block(4, transfers((None, OTHER, 7), asset="coin"), transfers((OTHER, HOLDER, 7), asset="coin")),
    ],
    "other_chains": [
        {
            "chain_id": "56",
            "kind": "evm",
            "assets": [{"contract_address": FAR, "name": "Far", "symbol": "FAR", "decimals": 18}],
            "balances": [{"address": HOLDER, "contract_address": FAR, "amount": str(MOST_LISTED)}],
        },
        {
            "chain_id": "old",
            "kind": "neo2",
            "assets": [{"contract_address": OLD, "name": "Old", "symbol": "OLD", "decimals": 0, "total_supply": "100"}],
            "balances": [
                {"address": HOLDER, "contract_address": OLD, "amount": "5"},
                {"address": OTHER, "contract_address": OLD, "amount": "0"},
            ],
        },
    ],
    "keys": {"teos": [{"token": TOKEN}, {"token": "holders", "accounts": [HOLDER, OTHER]}]},
}


def ask(node: RestNode, target: str, *, token: str = TOKEN, method: str = "GET") -> Answer:
    """The answer to a request of somebody who is let in."""
    return node.send(request_bytes(target, method, {"Authorization": f"Bearer {token}"}))


def answer(node: RestNode, target: str, *, token: str = TOKEN) -> Any:
    """The JSON of a good answer."""
    given = ask(node, target, token=token)
    assert (given.status, given.headers["content-type"]) == (200, "application/json"), given.body
    assert given.headers["odata-version"] == "4.0"
    return given.json


def error(given: Answer) -> Any:
    """The body of an error, which has the face's form; `code`s are texts."""
    body = given.json
    assert given.headers["content-type"] == "application/json"
    assert list(body) == ["code", "message", "target", "details", "clTraceId"]
    assert all(isinstance(body[key], str) for key in ("code", "message", "target", "clTraceId"))
    for detail in body["details"]:
        assert list(detail) == ["code", "message", "arguments"]
        assert all(isinstance(value, str) for value in detail["arguments"].values())
    return body


def call_of(addresses: list[str], asset_ids: list[str]) -> str:
    """The target of a plain call. The values need no encoding and hold no quote."""
    lists = (",".join(f"'{text}'" for text in texts) for texts in (addresses, asset_ids))
    return f"{CALL}(addresses=[{next(lists)}],uniqueAssetIds=[{next(lists)}])"


def triples(rows: list[dict[str, str]]) -> list[tuple[str, str, str]]:
    """Rows as tuples; their members are three, in this order."""
    assert all(list(row) == ["Address", "UniqueAssetId", "Amount"] for row in rows)
    return [(row["Address"], row["UniqueAssetId"], row["Amount"]) for row in rows]
