"""Every statement that blocks and calls run finds its rows by an index, in the order that it wants them in.

SQLite's plans do not depend on how many rows there are, so a small chain tells what a large one would do.
"""

import re
from contextlib import closing, suppress
from typing import Final

import pytest

from rpcnode.node import Node
from rpcnode.options import NodeOptions
from rpcnode.plugin.rest import RestRequest
from rpcnode.primitives.errors import NodeError, ProfileName, RpcError
from rpcnode.primitives.json import Json

PLANNED: Final = ("SELECT", "UPDATE", "DELETE", "INSERT", "WITH")
SLOW: Final = re.compile(r"SCAN (?!CONSTANT ROW)|TEMP B-TREE")
LITERAL: Final = re.compile(r"[xX]?'[^']*'|-?\b\d+\b")

SMALL: Final = (
    "chain_account",  # a row an account with a name
    "chain_contract",  # all of it is in memory as well
    "plugin_progress",  # a row a plugin
    "plugin_survived",  # a thing that would have stopped a real node, once a contract
    "sqlite_master",
    "sqlite_temp_master",
    "row_journal",  # bounded
    "row_journal_since",
)
WHOLE: Final = (
    # a tracker that begins anew lets go of all its rows
    "UPDATE token_balance SET seen_",
    # the first state trie is made of all storage; an older one, of what blocks since have overwritten
    "SELECT contract_id, key, value FROM chain_storage",
    "SELECT contract_id, key, value, min(block_index) FROM chain_undo",
    # what is marked is told to the operator, the first of it
    "SELECT script_hash, min(block_index) AS first FROM chain_mark",
    # the columns of a table
    "SELECT name, pk FROM pragma_table_info",
    # of Neo 2: coins of one account, all of which are in the answer, in an order of the answer's own
    "SELECT transaction_hash, position, asset, value, account, block_index, spent_at, claimed_at FROM chain_coin",
    "SELECT asset, value, block_index, spent_at, id FROM chain_coin WHERE account = ?",
)
"""Statements that take so long as what they are about is large, and why that is so."""

EMPTIED: Final = re.compile(r"DELETE FROM \w+$")
"""What a tracker does with its own tables when it begins anew."""

LEFT_OUT: Final = ("dev_reset", "dev_loadState", "dev_dumpState")  # they take all rows, or put others in their place


class Statements:
    """The statements that a node runs while this is open, each once."""

    def __init__(self, node: Node) -> None:
        self._connection = node.store.connection
        self._texts: dict[str, None] = {}

    def __enter__(self) -> "Statements":
        self._connection.set_trace_callback(self._note)
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.set_trace_callback(None)

    def __len__(self) -> int:
        return len(self._texts)

    def _note(self, statement: str) -> None:
        if statement.lstrip().startswith(PLANNED):
            self._texts[LITERAL.sub("?", " ".join(statement.split()))] = None

    def slow(self) -> dict[str, list[str]]:
        """Those whose plan goes through a table or sorts, with these steps."""
        found = {}
        for text in self._texts:
            plan = self._connection.execute(f"EXPLAIN QUERY PLAN {text}", (None,) * text.count("?")).fetchall()
            steps = [step for *_, step in plan if SLOW.search(step) and not step.endswith(SMALL)]
            if steps and not text.startswith(WHOLE) and not EMPTIED.match(text):
                found[text] = steps
        return found


def use(node: Node) -> None:
    """Makes blocks, takes one back, and calls everything with what may be a parameter of it."""
    account, other = (node.view.address_of(account.script_hash) for account in node.accounts[:2])
    transaction = node.methods["dev_transfer"]([{"asset": "GAS", "from": account, "to": other, "amount": "5"}])
    node.methods["dev_mine"]([3])
    height = node.ledger.height
    parameters: list[list[Json]] = [[], [account], [height - 3], [height - 3, 1], [account, 0, 10**15]]
    assert isinstance(transaction, str)
    parameters.append([transaction])
    for name in sorted(node.methods.keys() - set(LEFT_OUT)):
        for given in parameters:
            with suppress(RpcError, NodeError):
                node.methods[name](given)
    for route in node.registry.rest_routes:
        for query in (
            f"chain_id=1&address={account}",
            f"chain_id=1&address={account}&page=2&include_zero_balance=true",
        ):
            with suppress(RpcError):
                route.answer(RestRequest("GET", route.path, query, {"x-api-key": "demo"}))
    node.methods["dev_mine"]([1])
    node.methods["dev_rewind"]([node.ledger.height - 2])


@pytest.mark.slow
@pytest.mark.parametrize("profile", ["n3", "n3-preview", "n2"])
def test_no_statement_goes_through_a_table_or_sorts(profile: ProfileName) -> None:
    with closing(Node(NodeOptions(profile=profile, dev=True))) as node:
        with Statements(node) as statements:
            use(node)
        assert len(statements) > 60
        assert statements.slow() == {}


def test_a_scan_and_a_sort_are_seen() -> None:
    with closing(Node(NodeOptions())) as node:
        with Statements(node) as statements:
            node.store.connection.execute(
                "SELECT hash FROM chain_transaction WHERE unsigned = x'00' ORDER BY witnesses"
            )
        ((steps),) = statements.slow().values()
        assert steps == ["SCAN chain_transaction", "USE TEMP B-TREE FOR ORDER BY"]
