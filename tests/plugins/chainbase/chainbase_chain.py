"""A chain with what the Chainbase face has rules for, and requests to it."""

from typing import Any, Final

from tests.plugins.node_builder import HOLDER, OTHER, Document, block, transfers
from tests.plugins.rest_node import Answer, RestNode, target_of

TOKENS: Final = "/v1/account/tokens"
BALANCE: Final = "/v1/account/balance"
METADATA: Final = "/v1/token/metadata"

MANY: Final = "0x" + "25" * 20
"""An account that ever received 25 tokens: number n's amount is n."""

SPENDER: Final = "0x" + "5e" * 20
"""Received all three of SPENT, KEPT and GONE, and sent all of SPENT on to OTHER."""

UNKNOWN: Final = "0x" + "99" * 20
"""An account, or a contract, that nobody ever heard of."""

KEPT: Final = "0x11" + "00" * 18 + "ee"
SPENT: Final = "0x22" + "00" * 18 + "dd"
GONE: Final = "0x33" + "00" * 18 + "cc"
PICTURE: Final = "0x44" + "00" * 18 + "bb"
LATER: Final = "0x55" + "00" * 18 + "aa"
BIG: Final = "0x66" + "00" * 18 + "99"
FAR: Final = "0x" + "fa" * 20
"""The token of chain 56, of which HOLDER has 2^256 - 1, SPENDER nothing left."""

GAS: Final = "0xd2a4cff31913016155e38e474a2c06d08be276cf"
"""Of N3."""

MOST: Final = 2**255 - 1
"""The largest amount of a NEO token; one of another chain may be 2^256 - 1."""


def numbered(number: int) -> str:
    """The contract of one of the 25 tokens: in the order of numbers as displayed, in the other in storage."""
    return f"0xc0{number:02x}" + "00" * 17 + f"{255 - number:02x}"


CHAIN: Final[Document] = {
    "node": {"height": 20},
    "contracts": {
        "kept": {
            "hash": KEPT,
            "standard": "NEP-17",
            "name": "Kept coin",
            "symbol": "KEPT",
            "decimals": 3,
            "total_supply": "77",
            "rest": {
                "logos": [{"uri": "https://x.example/a.png", "width": 1, "height": 2}],
                "urls": [{"name": "site", "url": "https://x.example/"}],
                "current_usd_price": 0.5,
            },
        },
        "spent": {"hash": SPENT, "standard": "NEP-5", "symbol": "SPENT"},
        "gone": {"hash": GONE, "standard": "NEP-17", "symbol": "GONE", "destroyed_at": 9},
        "picture": {"hash": PICTURE, "standard": "NEP-11"},
        "later": {"hash": LATER, "standard": "NEP-17", "deployed_at": 21},
        "big": {"hash": BIG, "standard": "NEP-17", "symbol": "BIG"},
        **{
            f"n{number}": {"hash": numbered(number), "standard": "NEP-17" if number % 2 else "NEP-5"}
            for number in range(1, 26)
        },
    },
    "blocks": [
        block(
            1,
            # From the last to the first: the order of arrival is not the answer's.
            *(transfers((None, MANY, number), asset=f"n{number}") for number in range(25, 0, -1)),
        ),
        block(2, *(transfers((None, SPENDER, 5), asset=asset) for asset in ("spent", "kept", "gone"))),
        block(3, transfers((SPENDER, OTHER, 5), asset="spent"), transfers((None, HOLDER, MOST), asset="big")),
        block(4, transfers((None, HOLDER, 12), asset="GAS")),
        block(6, transfers((None, HOLDER, 8), asset="GAS")),
    ],
    "other_chains": [
        {
            "chain_id": "56",
            "name": "second",
            "kind": "evm",
            "assets": [{"contract_address": FAR, "name": "Far", "symbol": "FAR", "decimals": 18}],
            "balances": [
                {"address": HOLDER, "contract_address": FAR, "amount": str(2**256 - 1)},
                {"address": SPENDER, "contract_address": FAR, "amount": "0"},
            ],
        },
        {"chain_id": "a b&c=d/é", "name": "odd", "kind": "evm", "assets": [], "balances": []},
    ],
    "keys": {"chainbase": [{"key": "demo"}, {"key": "only-56", "chains": ["56"]}, {"key": "nowhere", "chains": []}]},
}


def ask(node: RestNode, path: str = TOKENS, *, key: str = "demo", **parameters: Any) -> Answer:
    """The answer to a request; chain_id is 1 unless it is given."""
    return node.get(target_of(path, **{"chain_id": "1", **parameters}), x_api_key=key)


def answer(node: RestNode, path: str = TOKENS, **parameters: Any) -> Any:
    """The JSON of a good answer."""
    given = ask(node, path, **parameters)
    assert (given.status, given.headers["content-type"]) == (200, "application/json"), given.body
    return given.json


def rows(node: RestNode, **parameters: Any) -> list[tuple[str, str]]:
    """Contract and balance of each row of a page."""
    return [(row["contract_address"], row["balance"]) for row in answer(node, **parameters)["data"]]
