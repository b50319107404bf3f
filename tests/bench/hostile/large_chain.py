"""A chain whose blocks, transactions, events, histories and lists are as large as a real network has them or larger."""

from base64 import b64encode
from collections.abc import Iterator
from typing import Any, Final

from tests.bench.hostile.request import BATCH, Hostile, batch, call, get, post
from tests.node_process import RunningNode

_FULL_BLOCK: Final = 500  # transactions: N3 and preview2 allow 512, Neo 2 500
_MANY: Final = 4_000
_LATE: Final = 20
_KEY: Final = "03b209fd4f53a7170ea4444e0cb0a6bb6a53c2bd016926989cf85f9b0fba17a70c"
_ARGUMENTS: Final = {
    "Integer": "1",
    "PublicKey": _KEY,
    "Array": [],
    "Map": [{"key": {"type": "Integer", "value": 1}, "value": {"type": "Integer", "value": 1}}],
    "String": "x\u00e9",
    "ByteArray": "AAAA",
}


def large_chain(profile: str) -> dict[str, Any]:
    """The fixture."""

    def transfers(asset: str, amount: int, times: int) -> dict[str, Any]:
        return {"transfers": [{"asset": asset, "from": "alice", "to": "bob", "amount": amount}] * times}

    contracts: dict[str, Any] = {"coin": {"standard": "NEP-5" if profile != "n3" else "NEP-17", "symbol": "COIN"}}
    events = [{"contract": "coin", "event": "E", "state": [1] * 400}] * 10
    blocks = [
        {"index": 5, "transactions": [transfers("coin", 1, 1)] * _FULL_BLOCK},
        {"index": 6, "transactions": [transfers("coin", 1, 300)] * 20},
        {"index": 7, "transactions": [{"notifications": events}] * 10},
    ]
    if profile != "n2":
        tokens = [f"t{number}" for number in range(_MANY)]
        contracts["art"] = {"standard": "NEP-11", "tokens": {token: {"name": "n" * 200} for token in tokens}}
        mint = {"asset": "art", "from": None, "to": "bob", "amount": 1}
        minted = [[{**mint, "token_id": token} for token in tokens[at : at + 200]] for at in range(0, _MANY, 200)]
        blocks.append({"index": 8, "transactions": [{"transfers": some} for some in minted]})
    holders = [
        {"account": f"0x{number + 1:040x}", "asset": "coin", "amount": 1, "block": _LATE + number // _FULL_BLOCK}
        for number in range(_MANY)
    ]
    return {
        "node": {"height": 200},
        "accounts": {"alice": {"seed": "alice"}, "bob": {"seed": "bob"}},
        "contracts": contracts,
        "balances": [{"account": "alice", "asset": "coin", "amount": 10**9, "block": 1}, *holders],
        "blocks": blocks,
    }


def large_requests(node: RunningNode) -> Iterator[Hostile]:
    """Each of what is long there alone and a thousand times, and calls with long arguments."""
    info = node.call("dev_info")
    accounts = {account["name"]: account["address"] for account in info["accounts"]}
    contracts = {contract["name"]: contract["script_hash"] for contract in info["contracts"]}
    methods = {method["name"] for method in node.call("rpc.discover")["methods"]}
    for method, *params in _costly(node, accounts, contracts):
        if method in methods:
            name = " ".join([method, *(str(param)[:24] for param in params)])
            yield Hostile(name, post(call(method, *params)))
            yield Hostile(f"{BATCH} x {name}", post(batch(method, *params)))
    for address in accounts.values():
        yield Hostile("TEOS holdings", get(f"/Balances/GetAssetsBalances(addresses=[%27{address}%27])"))
        yield Hostile("Chainbase holdings", get(f"/v1/account/tokens?chain_id=1&limit=100&address={address}"))
    for kind, value in _ARGUMENTS.items():
        argument = {"type": kind, "value": value}
        for number in (20_000, 4_000):
            many = [argument] * number
            for name, given in {"arguments": many, "items": [{"type": "Array", "value": many}]}.items():
                body = call("invokefunction", contracts["coin"], "symbol", given)
                yield Hostile(f"{number} {name} of {kind}", post(body[: 1024 * 1024]))
    yield Hostile("the page for browsers", b"GET / HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\n\r\n")
    manual = (call("dev_setBlockTime", "manual"),)
    moved = {"asset": "coin", "from": "alice", "to": "bob", "amount": 1}
    yield Hostile(f"{BATCH} x dev_transfer that waits", post(batch("dev_transfer", moved)), manual)
    yield Hostile(f"{BATCH} x getrawmempool of these", post(batch("getrawmempool", True)))
    yield Hostile("dev_mine of these", post(call("dev_mine")))


def _costly(node: RunningNode, accounts: dict[str, str], contracts: dict[str, str]) -> Iterator[tuple[Any, ...]]:
    for index in (5, 6, 7, 8, _LATE):
        block = node.call("getblock", index, 1)
        for verbose in (0, 1):
            yield "getblock", index, verbose
        yield "getapplicationlog", block["hash"]
        if block["tx"]:
            transaction = block["tx"][-1]
            transaction_id = transaction.get("hash") or transaction["txid"]
            yield "getapplicationlog", transaction_id
            yield "getrawtransaction", transaction_id, 1
    for address in accounts.values():
        for standard in ("nep17", "nep11", "nep5"):
            yield f"get{standard}transfers", address, 0
            yield f"get{standard}balances", address
        for method in ("getunspents", "getclaimable", "getunclaimed", "getaccountstate", "getutxotransfers"):
            yield method, address
    for start in (0, _MANY):
        yield "findstorage", contracts["coin"], "", start
    if "art" in contracts:
        yield "findstorage", contracts["art"], "", _MANY
        yield "invokefunction", contracts["art"], "tokens", []
        yield "invokefunction", contracts["art"], "tokensOf", [{"type": "Hash160", "value": accounts["bob"]}]
        yield "getnep11properties", contracts["art"], b"t1".hex()
    yield "verifymsg", "x", "00" * 64, _KEY, "ab"
    for method in ("sendrawtransaction", "submitblock", "calculatenetworkfee", "invokescript"):
        yield method, b64encode(bytes(700_000)).decode()
        yield method, bytes(500_000).hex()
        yield method, b64encode(bytes(600)).decode()
