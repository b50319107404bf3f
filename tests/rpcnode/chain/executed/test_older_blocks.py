"""A chain that begins above genesis knows the blocks before it, as far as LedgerContract's rows tell of them."""

import gzip
import json
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import pytest

from rpcnode.chain.chain_ledger import ChainLedger
from rpcnode.chain.executed.ledger_view import ChainView
from rpcnode.natives import ledger_rows
from rpcnode.node import Node
from rpcnode.options import NodeOptions
from rpcnode.primitives.uint import UInt256
from tests import PROJECT

RECORDING: Final = PROJECT / "fixtures" / "recorded-n3-chain.json.gz"
LEDGER_CONTRACT: Final = "0xda65b600f7124ce6c79950c1772a36403104f2be"
CUT: Final = 30


@pytest.fixture(scope="module")
def recording() -> dict[str, Any]:
    recorded: dict[str, Any] = json.loads(gzip.decompress(RECORDING.read_bytes()))
    return recorded


def node_of(folder: Path, recording: dict[str, Any]) -> Node:
    path = folder / "chain.json"
    path.write_text(json.dumps(recording))
    return Node(NodeOptions(fixtures=(path,)))


@pytest.fixture(scope="module")
def view(recording: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChainView]:
    folder = tmp_path_factory.mktemp("older")
    first = {**recording, "blocks": recording["blocks"][:CUT], "height": CUT}
    rows: dict[str, dict[str, str]] = {}
    with closing(node_of(folder, first)) as node:
        names = {contract.contract_id: str(contract.script_hash) for contract in node.ledger.contracts()}
        stored = node.store.connection.execute("SELECT contract_id, key, value FROM chain_storage").fetchall()
        told = [(names[contract_id], key, value) for contract_id, key, value in stored]
        told += [(LEDGER_CONTRACT, *row) for row in ledger_rows.find(ChainLedger(node.ledger), b"")]
        for name, key, value in told:
            rows.setdefault(name, {})[b64encode(key).decode()] = b64encode(value).decode()
    later = {**recording, "blocks": recording["blocks"][CUT:], "storages_before": rows}
    with closing(node_of(folder, later)) as node:
        yield ChainView(node.store.connection, node.ledger.headers, node.ledger.height)


@pytest.mark.parametrize("block_index", [0, 1, CUT - 1, CUT, 87])
def test_every_block_is_known(view: ChainView, recording: dict[str, Any], block_index: int) -> None:
    verbose = recording["blocks"][block_index]["verbose"]
    block_hash = view.hash_of(block_index)
    header = view.header(block_index)
    assert str(block_hash) == verbose["hash"]
    assert view.index_of(UInt256.parse(verbose["hash"])) == block_index
    assert header is not None
    assert (header.hash, header.index, header.timestamp_ms) == (block_hash, block_index, verbose["time"])
    assert [str(known) for known in view.transaction_hashes(block_index)] == [each["hash"] for each in verbose["tx"]]


def test_every_transaction_is_known_with_its_block(view: ChainView, recording: dict[str, Any]) -> None:
    for block_index, block in enumerate(recording["blocks"]):
        for told in block["verbose"]["tx"]:
            found = view.transaction(UInt256.parse(told["hash"]))
            assert found is not None
            assert (found[0], str(found[1].hash)) == (block_index, told["hash"])


def test_what_is_not_there_is_not_known(view: ChainView) -> None:
    assert view.hash_of(-1) is None
    assert view.hash_of(88) is None
    assert view.header(88) is None
    assert view.index_of(UInt256.ZERO) is None
    assert view.transaction(UInt256.ZERO) is None
    assert view.transaction_hashes(-1) == ()
