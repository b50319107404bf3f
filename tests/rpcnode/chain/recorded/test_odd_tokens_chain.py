"""A chain of odd tokens, recorded from neo-go 0.120 (tests/data/README.md): our answers beside that node's.

They are the same but for the rows listed here, where neo-cli has another rule than neo-go. neo-go answers with what
`balanceOf` says when it is asked; neo-cli with what it said after the block of the last Transfer event.
"""

import gzip
import json
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import pytest

from rpcnode.node import Node
from rpcnode.options import NodeOptions
from rpcnode.primitives.json import document_of
from tests import PROJECT

RECORDING: Final = PROJECT / "tests" / "data" / "odd-tokens-chain.json.gz"
FROM_THE_FIRST_BLOCK: Final = (1, 10**15)

Row = tuple[object, ...]
Answer = dict[str, Any]


class Odd(NamedTuple):
    """A node over the recording, and the recording."""

    node: Node
    recorded: Answer

    def names(self) -> dict[str, str]:
        """The names of accounts by address, of contracts by hash."""
        contracts = {
            script_hash: state["manifest"]["name"] for script_hash, state in self.recorded["contracts"].items()
        }
        return {**self.recorded["accounts"], **contracts}

    def ask(self, method: str, account: str) -> Answer:
        """Our answer for an account by its name."""
        address = next(address for address, name in self.recorded["accounts"].items() if name == account)
        times = FROM_THE_FIRST_BLOCK if method.endswith("transfers") else ()
        answer = document_of(self.node.methods[method]([address, *times]))
        assert isinstance(answer, dict)
        return answer

    def rows(self, answer: Answer) -> Counter[Row]:
        """The rows of a tracker's answer, with names, without what is neo-go's own: rows of no transaction."""
        names, found = self.names(), Counter[Row]()
        fees = {block["verbose"]["hash"] for block in self.recorded["blocks"]}
        for entry in answer.get("balance", ()):
            asset = names.get(entry["assethash"])
            for held in entry.get("tokens", [entry]):
                token = () if held is entry else (held["tokenid"],)
                found["balance", asset, *token, held["amount"], held["lastupdatedblock"]] += 1
        for side in ("sent", "received"):
            for entry in answer.get(side, ()):
                if entry["txhash"] not in fees:
                    other = names.get(entry.get("transferaddress") or "", "nobody")
                    token = (entry["tokenid"],) if "tokenid" in entry else ()
                    found[side, names.get(entry["assethash"]), *token, entry["amount"], other, entry["blockindex"]] += 1
        return found


@pytest.fixture(scope="module")
def odd() -> Iterator[Odd]:
    """The node, loaded once: no test changes it."""
    node = Node(NodeOptions(fixtures=(RECORDING,)))
    yield Odd(node, json.loads(gzip.decompress(RECORDING.read_bytes())))
    node.close()


NEGATIVE = "neo-go turns a negative amount around: its receiver has sent it"
ZERO = "neo-go lists a zero amount under sent for both sides"
BOOLEAN = "neo-cli takes an amount that is a ByteString or an Integer, neo-go also a Boolean"
STANDARD = "neo-cli asks for the standard in the manifest as it is after the block, neo-go for none"
INTEGER_ID = "neo-cli takes a token id that is a ByteString, neo-go also an Integer"
SILENT = "neo-go asks every contract, so it sees a balance that no event announced, with 0 as its block"
WRITES = "neo-go asks balanceOf with leave to read only, neo-cli with all call flags"
BELIEVED = "neo-cli believes the event of an indivisible token, neo-go asks tokensOf"
KEPT = "neo-cli keeps the row of a divisible token that was spent"

DIFFERENCES: Final[dict[tuple[str, str], tuple[dict[Row, str], dict[Row, str]]]] = {
    ("getnep17balances", "carol"): ({("balance", "BalanceWrites", "8", 32): WRITES}, {}),
    ("getnep17balances", "eve"): ({}, {("balance", "Rebasing", "75", 0): SILENT}),
    ("getnep11balances", "carol"): (
        {("balance", "Divisible", "6431", "0", 30): KEPT, ("balance", "Indivisible", "7432", "1", 30): BELIEVED},
        {},
    ),
    ("getnep17transfers", "carol"): (
        {("sent", "Serialized", "-4", "dave", 33): NEGATIVE},
        {
            ("received", "Serialized", "4", "dave", 33): NEGATIVE,
            ("sent", "Serialized", "1", "dave", 33): BOOLEAN,
            ("received", "NoStandard", "9", "nobody", 32): STANDARD,
        },
    ),
    ("getnep17transfers", "dave"): (
        {
            ("received", "Serialized", "-4", "carol", 33): NEGATIVE,
            ("received", "Serialized", "0", "carol", 33): ZERO,
        },
        {
            ("sent", "Serialized", "4", "carol", 33): NEGATIVE,
            ("sent", "Serialized", "0", "carol", 33): ZERO,
            ("received", "Serialized", "1", "carol", 33): BOOLEAN,
            ("received", "Updatable", "1", "alice", 55): STANDARD,
            ("received", "Updatable", "1", "alice", 56): STANDARD,
        },
    ),
    ("getnep17transfers", "eve"): ({}, {("received", "Updatable", "99", "nobody", 55): STANDARD}),
    ("getnep11transfers", "dave"): ({}, {("received", "Indivisible", "4d", "1", "nobody", 30): INTEGER_ID}),
}
"""By method and account: rows of ours alone and of neo-go's alone, each with the rule that makes it."""


@pytest.mark.parametrize("account", ["carol", "dave", "eve", "validators"])
@pytest.mark.parametrize("method", ["getnep17balances", "getnep17transfers", "getnep11balances", "getnep11transfers"])
def test_answers_differ_from_neo_gos_in_the_rows_where_neo_cli_has_another_rule(
    odd: Odd, method: str, account: str
) -> None:
    address = next(address for address, name in odd.recorded["accounts"].items() if name == account)
    ours, theirs = odd.rows(odd.ask(method, account)), odd.rows(odd.recorded["queries"][address][method])
    expected_ours, expected_theirs = DIFFERENCES.get((method, account), ({}, {}))
    assert set(ours - theirs) == set(expected_ours)
    assert set(theirs - ours) == set(expected_theirs)


@pytest.mark.parametrize(
    ("account", "asset", "amount", "block_index"),
    [
        # alice: minted 1000; of 100 sent to bob, 100 to herself and 7 to dave nine tenths arrive: 1000 - 207 + 90 = 883
        ("alice", "FeeOnTransfer", "883", 27),
        ("bob", "FeeOnTransfer", "590", 27),  # 500 minted, 90 of 100 received
        ("alice", "Rebasing", "777", 10),  # minted by _deploy, before the multiplier rose to 150 %
        ("bob", "Rebasing", "75", 28),  # 50 shares at 150 %
        ("carol", "Rebasing", "15", 34),  # 10 shares, written after the event of a transfer to herself
        ("carol", "Serialized", "31", 33),  # a struct that StdLib serialized
        ("alice", "Buffers", "5", 31),  # its events have Buffers, which a notification holds as ByteStrings
        ("alice", "Updatable", "22", 57),  # 11, which balanceOf doubles since the update
        ("bob", "Made", "3", 58),  # minted in the _deploy of a contract that another contract deployed
        ("dave", "Serialized", "-4", 33),
    ],
)
def test_a_balance_is_what_the_script_answered_after_the_block_of_the_last_event(
    odd: Odd, account: str, asset: str, amount: str, block_index: int
) -> None:
    assert ("balance", asset, amount, block_index) in odd.rows(odd.ask("getnep17balances", account))


@pytest.mark.parametrize(
    ("asset", "why"),
    [
        ("BalanceAborts", "its balanceOf aborts"),
        ("BalanceNull", "its balanceOf answers Null"),
        ("Arity2", "its Transfer has two items"),
        ("Arity4", "its Transfer has four items, and it claims NEP-17"),
    ],
)
def test_no_balance_is_listed(odd: Odd, asset: str, why: str) -> None:
    assert [row for row in odd.rows(odd.ask("getnep17balances", "alice")) if row[1] == asset] == [], why


def test_a_destroyed_token_has_history_but_no_balance(odd: Odd) -> None:
    """neo-go answers neither: 'invalid transfer log: key not found'. The last event was in the block of the end."""
    rows = odd.rows(odd.ask("getnep17transfers", "alice"))
    assert {row for row in rows if row[1] is None} == {
        ("received", None, "12", "nobody", 29),
        ("sent", None, "2", "bob", 29),
    }
    assert [row for row in odd.rows(odd.ask("getnep17balances", "alice")) if row[1] is None] == []


def test_an_update_changes_symbol_and_decimals(odd: Odd) -> None:
    rows = {row["name"]: (row["symbol"], row["decimals"]) for row in odd.ask("getnep17balances", "alice")["balance"]}
    assert rows["Updatable"] == ("NEW", "4")


def test_notify_indexes_count_the_transfers_of_a_block_where_neo_go_has_0(odd: Odd) -> None:
    address = next(address for address, name in odd.recorded["accounts"].items() if name == "eve")
    theirs = odd.recorded["queries"][address]["getnep17transfers"]["received"]
    ours = odd.ask("getnep17transfers", "eve")["received"]
    assert {row["transfernotifyindex"] for row in theirs} == {0}
    # Block 8 funds five accounts in one transaction, first each with GAS; eve is the last of them.
    assert next(row["transfernotifyindex"] for row in ours if row["blockindex"] == 8) == 4


def test_blocks_have_only_transactions_in_their_history(odd: Odd) -> None:
    """neo-go lists burned fees and the reward of a block under the block's hash; neo-cli lists transactions alone."""
    address = next(address for address, name in odd.recorded["accounts"].items() if name == "eve")
    blocks = {block["verbose"]["hash"] for block in odd.recorded["blocks"]}
    theirs = odd.recorded["queries"][address]["getnep17transfers"]
    ours = odd.ask("getnep17transfers", "eve")
    assert any(row["txhash"] in blocks for row in theirs["sent"])
    assert not any(row["txhash"] in blocks for row in ours["sent"] + ours["received"])


def test_storage_is_what_the_scripts_wrote(odd: Odd) -> None:
    fee = next(contract for contract in odd.node.ledger.contracts() if contract.name == "FeeOnTransfer")
    alice = bytes.fromhex("401e14c90fd3ff9798e4acae91a22631ab6d19bf")
    storage = odd.node.ledger.new_storage()
    assert storage.get(fee.contract_id, b"b" + alice) == (883).to_bytes(2, "little")


@pytest.mark.parametrize(
    ("method", "args", "item"),
    [
        ("symbol", [], {"type": "ByteString", "value": "UkVC"}),  # REB
        ("decimals", [], {"type": "Integer", "value": "0"}),
        # 777 shares at 150 %, rounded down
        ("balanceOf", [{"type": "Hash160", "value": "0xbf196dab3126a291aeace49897ffd30fc9141e40"}], "1165"),
    ],
)
def test_invokefunction_runs_the_script(odd: Odd, method: str, args: list[Any], item: Any) -> None:
    rebasing = next(script_hash for script_hash, name in odd.names().items() if name == "Rebasing")
    answer = document_of(odd.node.methods["invokefunction"]([rebasing, method, args]))
    assert isinstance(answer, dict)
    expected = {"type": "Integer", "value": item} if isinstance(item, str) else item
    assert (answer["state"], answer["stack"]) == ("HALT", [expected])
