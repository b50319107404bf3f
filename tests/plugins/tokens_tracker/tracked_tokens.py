"""Tokens that TokensTracker follows, and what it says of them."""

from typing import Any

from rpcnode.node import Node
from rpcnode.options import PluginSetting
from rpcnode.primitives.json import Json
from tests.plugins.node_builder import TOKEN, chain_of, notifies, result

COIN = {"hash": TOKEN, "standard": "NEP-17", "name": "Coin of tests", "symbol": "COIN", "decimals": 4}
ART_HASH = "0x" + "66" * 20
ART = {"hash": ART_HASH, "standard": "NEP-11", "name": "Art", "symbol": "ART"}
SHARES = {"hash": ART_HASH, "standard": "NEP-11", "name": "Shares", "symbol": "SHR", "decimals": 2}
LATER = 2**42


def coin_chain(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    return chain_of(*blocks, contracts={"demo": COIN}, **more)


def setting(key: str, value: Json) -> PluginSetting:
    return PluginSetting("TokensTracker", key, value, "test")


def rows17(node: Node, account: str) -> list[tuple[str, int]]:
    answer = result(node, "getnep17balances", account)
    return [(row["amount"], row["lastupdatedblock"]) for row in answer["balance"]]


def history17(node: Node, account: str, *window: int) -> Any:
    return result(node, "getnep17transfers", account, *(window or (1, LATER)))


def nft(asset: str, sender: str | None, receiver: str | None, amount: int, token_id: str) -> dict[str, Any]:
    return {"transfers": [{"asset": asset, "from": sender, "to": receiver, "amount": amount, "token_id": token_id}]}


def raw(*items: Json, contract: str = "demo") -> dict[str, Any]:
    return notifies({"contract": contract, "event": "Transfer", "state": list(items)})
