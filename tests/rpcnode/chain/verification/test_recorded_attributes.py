"""Transactions of oracle and notary nodes, made for a chain of neo-cli 3.10.2, are taken in again and do the same."""

import gzip
import json
from collections.abc import Iterator
from typing import Any, Final

import pytest

from rpcnode.testing import LocalNode, in_process
from tests.recorded_answers import DATA

pytestmark = pytest.mark.slow

CHAIN: Final = DATA / "csharp-rpc/chain.json.gz"
ORACLE: Final = (65, 66, 67, 143, 144, 145, 146)
NOTARY: Final = 59
"""A block with two of them: Notary sends one, and signs another."""


@pytest.fixture(scope="module")
def recorded() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(gzip.decompress(CHAIN.read_bytes()))
    return read


@pytest.fixture(scope="module")
def node() -> Iterator[LocalNode]:
    with in_process(CHAIN) as started:
        yield started


def sent_again(node: LocalNode, recorded: dict[str, Any], block_index: int, attribute: str) -> list[tuple[Any, Any]]:
    """What a block's transactions with an attribute do when they are sent above the block before, and what they did."""
    block = recorded["blocks"][block_index]["verbose"]
    assert block["index"] == block_index
    outcomes = []
    with node.snapshot():
        sent = {
            transaction["hash"]: node.call("getrawtransaction", transaction["hash"])
            for transaction in block["tx"]
            if attribute in [each["type"] for each in transaction["attributes"]]
        }
        for transaction_hash, raw in sent.items():
            node.rewind(block_index - 1)
            assert node.call("sendrawtransaction", raw) == {"hash": transaction_hash}
            assert node.call("getblock", node.height, 1)["tx"][0]["hash"] == transaction_hash
            outcomes.append(
                (node.call("getapplicationlog", transaction_hash), recorded["application_logs"][transaction_hash])
            )
    return outcomes


@pytest.mark.parametrize("block_index", ORACLE)
def test_a_response_of_oracle_nodes_is_taken_in_and_mined(
    node: LocalNode, recorded: dict[str, Any], block_index: int
) -> None:
    ((log, recorded_log),) = sent_again(node, recorded, block_index, "OracleResponse")
    assert log == recorded_log


def test_what_notary_nodes_assist_is_taken_in_and_mined(node: LocalNode, recorded: dict[str, Any]) -> None:
    outcomes = sent_again(node, recorded, NOTARY, "NotaryAssisted")
    assert len(outcomes) == 2
    assert [log for log, _ in outcomes] == [recorded_log for _, recorded_log in outcomes]
