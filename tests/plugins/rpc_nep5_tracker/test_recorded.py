"""Balances and transfers of every address of two recorded chains, against what the recorded node answered.

The node was neo-go 0.120, whose getnep17balances and getnep17transfers differ from the tracker's by these rules, and by
nothing else here:

- members are named differently, and balances have the token's name, symbol and decimals too;
- it lists transfers of a block's own runs (fees burned, GAS minted), with the block's hash for a transaction's;
- it lists a transfer of nothing as sent by its receiver too;
- its rows come newest first, the tracker's oldest first;
- it gives no counterparty of a mint or burn, the tracker the address of the zero hash;
- its notify index is always 0.
"""

from base64 import b64decode
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import pytest

from rpcnode.node import Node
from rpcnode.primitives.json import Json
from tests.plugins.node_builder import ZERO_ADDRESS, Document, NodeBuilder, address, hash_of, result
from tests.plugins.recorded_chains import recording_of

NEP17: Final[dict[str, Json]] = {"TrackedStandards": ["NEP-17"]}
UNTIL: Final = 2**53 - 1
NEO_GO_LIMIT: Final = 1000
GAS: Final = "0xd2a4cff31913016155e38e474a2c06d08be276cf"
NEO: Final = "0xef4073a0f2b305a38ec4050e4d3d28bc40ea63f5"

Row = tuple[int, str, str, str, int, str]
"""Time, asset, counterparty, amount, block, transaction."""


@dataclass(frozen=True)
class Recorded:
    """A node over a recorded chain, and the recording."""

    node: Node
    document: Document
    counts: tuple[int, int, int, int]

    @property
    def queries(self) -> dict[str, Any]:
        """Address to the recorded answers about it."""
        queries: dict[str, Any] = self.document["queries"]
        return queries

    def transfer_events(self) -> Iterator[tuple[str | None, str, str | None, str | None, int]]:
        """Transaction (None: a block's own run), asset, sender, receiver and amount of every transfer in the logs."""
        for log in self.document["application_logs"].values():
            for execution in log["executions"]:
                for event in execution["notifications"]:
                    items = event["state"]["value"]
                    if event["eventname"] != "Transfer" or execution["vmstate"] != "HALT" or len(items) != 3:
                        continue
                    sender, receiver, amount = items
                    if _is_side(sender) and _is_side(receiver):
                        sides = (_account(sender), _account(receiver))
                        yield log.get("txid"), event["contract"], *sides, int(amount["value"])


def _is_side(item: dict[str, str]) -> bool:
    return item["type"] == "Any" or (item["type"] == "ByteString" and len(b64decode(item["value"])) == 20)


def _account(item: dict[str, str]) -> str | None:
    return None if item["type"] == "Any" else address("n3", b64decode(item["value"])[::-1].hex())


# Addresses, balance rows, rows sent and received as the node listed them, without those of a block's own runs.
COUNTS: Final = {"private network": (54, 104, 210, 219), "neo-go's test chain": (25, 16, 9, 12)}


@pytest.fixture(scope="module", params=COUNTS)
def recorded(
    request: pytest.FixtureRequest, build_once: NodeBuilder, tmp_path_factory: pytest.TempPathFactory
) -> Recorded:
    file, document = recording_of(request.param, tmp_path_factory.mktemp("recorded"))
    return Recorded(build_once(file, "n3", NEP17), document, COUNTS[request.param])


def test_balances_of_every_address_equal_the_nodes(recorded: Recorded) -> None:
    rows = 0
    for account, answers in recorded.queries.items():
        answer = result(recorded.node, "getnep5balances", account)
        assert answer["address"] == answers["getnep17balances"]["address"] == account
        listed = [(row["asset_hash"], row["amount"], row["last_updated_block"]) for row in answer["balance"]]
        assert listed == [
            (row["assethash"], row["amount"], row["lastupdatedblock"]) for row in answers["getnep17balances"]["balance"]
        ]
        rows += len(listed)
    assert (len(recorded.queries), rows) == recorded.counts[:2]


def test_balances_are_the_same_asked_for_by_script_hash(recorded: Recorded) -> None:
    state = recorded.node.ledger.state()
    contracts = {str(contract.script_hash) for contract in recorded.node.ledger.contracts()}
    for account in recorded.queries:
        script_hash = hash_of("n3", account)
        if script_hash not in contracts:
            by_hash = result(recorded.node, "getnep5balances", script_hash)
            assert by_hash == result(recorded.node, "getnep5balances", account)
    assert state.block_index == recorded.document["height"] - 1


def test_the_address_whose_answers_moved_while_recorded_has_what_the_logs_gave_it(recorded: Recorded) -> None:
    """It was paid in every block while the recording asked, so no answer about it was kept: there is none to equal."""
    for account in recorded.document["moving"]:
        assert account not in recorded.queries
        held: Counter[str] = Counter()
        for _, asset, sender, receiver, amount in recorded.transfer_events():
            held[asset] += amount * ((receiver == account) - (sender == account))
        answer = result(recorded.node, "getnep5balances", account)
        assert {row["asset_hash"]: int(row["amount"]) for row in answer["balance"]} == {
            asset: amount for asset, amount in held.items() if amount
        }
        assert held[GAS] > 0
        # Its GAS was last touched by the reward of the newest block.
        heights = {row["asset_hash"]: row["last_updated_block"] for row in answer["balance"]}
        assert heights[GAS] == recorded.document["height"] - 1


def test_transfers_of_every_address_equal_the_nodes(recorded: Recorded) -> None:
    rows: Counter[str] = Counter()
    for account in recorded.queries:
        answer = result(recorded.node, "getnep5transfers", account, 0, UNTIL)
        for side, expected in expected_rows(recorded, account, rows).items():
            listed: list[Row] = [
                (
                    row["timestamp"],
                    row["asset_hash"],
                    row["transfer_address"],
                    row["amount"],
                    row["block_index"],
                    row["tx_hash"],
                )
                for row in answer[side]
            ]
            assert sorted(listed) == sorted(expected), (account, side)
            assert [row[0] for row in listed] == sorted(row[0] for row in listed)
    assert (rows["sent"], rows["received"]) == recorded.counts[2:]


def expected_rows(recorded: Recorded, account: str, counted: Counter[str]) -> dict[str, list[Row]]:
    """The recorded transfers of an account as the tracker is to list them, in no order; `counted` by their own side."""
    block_hashes = {entry["verbose"]["hash"] for entry in recorded.document["blocks"]}
    sent_nothing = Counter(
        (transaction, asset, receiver)
        for transaction, asset, sender, receiver, amount in recorded.transfer_events()
        if sender == account and amount == 0
    )
    expected: dict[str, list[Row]] = {"sent": [], "received": []}
    for side in ("sent", "received"):
        listed = recorded.queries[account]["getnep17transfers"][side]
        assert len(listed) < NEO_GO_LIMIT
        for row in listed:
            if row["txhash"] in block_hashes:
                continue
            counted[side] += 1
            rightful = side
            if row["amount"] == "0":
                movement = (row["txhash"], row["assethash"], row.get("transferaddress"))
                rightful = "sent" if sent_nothing[movement] > 0 else "received"
                sent_nothing[movement] -= 1
            counterparty = row.get("transferaddress", ZERO_ADDRESS["n3"])
            expected[rightful].append(
                (row["timestamp"], row["assethash"], counterparty, row["amount"], row["blockindex"], row["txhash"])
            )
    return expected


def test_what_a_blocks_own_runs_moved_is_listed_by_neo_go_alone(recorded: Recorded) -> None:
    """With the block's hash in the transaction's place, and GAS and NEO only."""
    block_hashes = {entry["verbose"]["hash"] for entry in recorded.document["blocks"]}
    own_runs = {
        (row["txhash"], row["assethash"])
        for answers in recorded.queries.values()
        for side in ("sent", "received")
        for row in answers["getnep17transfers"][side]
        if row["txhash"] in block_hashes
    }
    assert own_runs
    assert {asset for _, asset in own_runs} <= {GAS, NEO}
    ours = {
        row["tx_hash"]
        for account in recorded.queries
        for side in ("sent", "received")
        for row in result(recorded.node, "getnep5transfers", account, 0, UNTIL)[side]
    }
    assert not ours & block_hashes


def test_the_notify_index_numbers_the_transfers_of_a_blocks_transactions(recorded: Recorded) -> None:
    index_of: dict[str, list[tuple[str, int]]] = {}
    standards = {
        contract["hash"]: contract["manifest"]["supportedstandards"]
        for contract in (*recorded.document["native_contracts"], *recorded.document["contracts"].values())
    }
    block_of = {
        transaction["hash"]: entry["verbose"]["index"]
        for entry in recorded.document["blocks"]
        for transaction in entry["verbose"]["tx"]
    }
    position_of = {
        transaction["hash"]: position
        for entry in recorded.document["blocks"]
        for position, transaction in enumerate(entry["verbose"]["tx"])
    }
    counted: Counter[int] = Counter()
    events = [
        (block_of[transaction], position_of[transaction], number, transaction, sender, receiver)
        for number, (transaction, asset, sender, receiver, _) in enumerate(recorded.transfer_events())
        if transaction is not None and "NEP-17" in standards[asset] and (sender or receiver)
    ]
    for block_index, _, _, transaction, sender, receiver in sorted(events, key=lambda event: event[:3]):
        for account, side in ((sender, "sent"), (receiver, "received")):
            if account is not None:
                index_of.setdefault(account, []).append((f"{side} {transaction}", counted[block_index]))
        counted[block_index] += 1
    for account in recorded.queries:
        answer = result(recorded.node, "getnep5transfers", account, 0, UNTIL)
        listed = [
            (f"{side} {row['tx_hash']}", row["transfer_notify_index"])
            for side in ("sent", "received")
            for row in answer[side]
        ]
        assert sorted(listed) == sorted(index_of.get(account, []))
