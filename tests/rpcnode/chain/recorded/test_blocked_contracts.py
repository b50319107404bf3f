"""Contracts that PolicyContract blocked in a recorded chain of neo-cli 3.10.2, and unblocked again."""

import base64
from collections.abc import Iterator
from typing import Any

import pytest

from rpcnode.chain.ledger import Ledger
from rpcnode.node import Node
from rpcnode.options import NodeOptions
from rpcnode.primitives.uint import UInt160
from tests.recorded_answers import DATA, read

CHAIN = DATA / "csharp-trackers/chain.json.gz"
POLICY, POLICY_ID = "0xcc5e4edd9f5f8dba8bb65734541df7a1c081c67b", -7
BLOCKED_ACCOUNT = b"\x0f"
UNBLOCKED = UInt160.parse("0x83c10051d4590a83438c52aeb72fc9c15bc98a5a")
"""`unblocked` of the recording's names: blocked in block 79, unblocked in block 82."""


@pytest.fixture(scope="module")
def recording() -> dict[str, Any]:
    document: dict[str, Any] = read(CHAIN)
    return document


@pytest.fixture(scope="module")
def ledger() -> Iterator[Ledger]:
    node = Node(NodeOptions(fixtures=(CHAIN,)))
    yield node.ledger
    node.close()


def test_the_rows_of_blocked_accounts_are_those_of_the_real_node(ledger: Ledger, recording: dict[str, Any]) -> None:
    """Of contracts that were blocked, and of those that were destroyed, which blocks them as well."""
    rows = {base64.b64decode(key): base64.b64decode(value) for key, value in recording["storages"][POLICY].items()}
    of_accounts = {key: value for key, value in rows.items() if key.startswith(BLOCKED_ACCOUNT)}
    assert dict(ledger.state().storage_find(POLICY_ID, BLOCKED_ACCOUNT)) == of_accounts
    assert len(of_accounts) == 4


def test_no_method_of_a_blocked_contract_can_be_called(ledger: Ledger) -> None:
    """The words are neo's: ApplicationEngine.CallContractInternal."""
    invocation = ledger.state_at(79).call(UNBLOCKED, "symbol", ())
    assert (invocation.vm_state, invocation.exception) == ("FAULT", f"The contract {UNBLOCKED} has been blocked.")


@pytest.mark.parametrize("block_index", [78, 82])
def test_before_it_is_blocked_and_after_it_is_unblocked_a_contract_answers(ledger: Ledger, block_index: int) -> None:
    """The recorded answers of getnep17balances show its symbol after block 82."""
    assert ledger.state_at(block_index).call(UNBLOCKED, "symbol", ()).stack == (b"UNBLOCKED",)
