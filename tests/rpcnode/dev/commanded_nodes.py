"""A node per test that a test commands, cloned from one chain, and what is in its tables."""

from typing import Any

from rpcnode.node import Node
from rpcnode.primitives.json import Json, document_of

Tables = dict[str, list[tuple[Any, ...]]]


def call(node: Node, method: str, *params: Json) -> Any:
    """What a method answers."""
    return document_of(node.methods[method](list(params)))


def transfer(node: Node, amount: int = 5, asset: str = "nep17") -> str:
    """A transfer from the first account to the second; its hash."""
    return str(call(node, "dev_transfer", {"asset": asset, "from": "account1", "to": "account2", "amount": amount}))


def balance(node: Node, name: str = "account2", tracker: str = "getnep17balances") -> dict[str, tuple[str, int]]:
    """Amount and last block of what an account holds, by the asset's hash."""
    address = next(node.view.address_of(account.script_hash) for account in node.accounts if account.name == name)
    rows = call(node, tracker, address)["balance"]
    key, updated = (
        ("assethash", "lastupdatedblock") if tracker == "getnep17balances" else ("asset_hash", "last_updated_block")
    )
    return {row[key]: (row["amount"], row[updated]) for row in rows}


def tables_of(node: Node) -> Tables:
    """Every row of every table."""
    connection = node.store.connection
    listed = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
    return {name: connection.execute(f"SELECT * FROM {name}").fetchall() for (name,) in listed}


def seen(node: Node) -> tuple[Any, ...]:
    """What clients see of where a node stands."""
    ledger = node.ledger
    return (
        call(node, "getblockcount"),
        call(node, "getblockheadercount"),
        call(node, "getbestblockhash"),
        ledger.clock.now_ms,
        [balance(node, account.name) for account in node.accounts],
        [balance(node, account.name, "getnep5balances") for account in node.accounts],
    )
