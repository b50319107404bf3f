"""getblock, getblockheader and their like on two recorded chains, against what the recorded node answered."""

from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Any, Final

import pytest

from rpcnode.node import Node
from tests.plugins.node_builder import Document, NodeBuilder, result
from tests.plugins.recorded_chains import recording_of

# Blocks and transactions of the recordings.
COUNTS: Final = {"private network": (88, 167), "neo-go's test chain": (24, 28)}


@dataclass(frozen=True)
class Recorded:
    """A node over a recorded chain, its blocks as the recorded node answered them, and the recording."""

    node: Node
    verbose: list[dict[str, Any]]
    raw: list[str]
    document: Document


@pytest.fixture(scope="module", params=COUNTS)
def recorded(
    request: pytest.FixtureRequest, build_once: NodeBuilder, tmp_path_factory: pytest.TempPathFactory
) -> Recorded:
    file, document = recording_of(request.param, tmp_path_factory.mktemp("recorded"))
    blocks = document["blocks"]
    verbose = [entry["verbose"] for entry in blocks]
    assert (len(blocks), sum(len(block["tx"]) for block in verbose)) == COUNTS[request.param]
    return Recorded(build_once(file, "n3"), verbose, [entry["raw"] for entry in blocks], document)


def raw_header(verbose: dict[str, Any], raw: str) -> bytes:
    """The header's bytes: the block's without the transactions and the count before them."""
    transactions = sum(transaction["size"] for transaction in verbose["tx"])
    assert len(verbose["tx"]) < 0xFD
    return b64decode(raw)[: -(transactions + 1)]


def at_the_recorded_height(recorded: Recorded) -> list[dict[str, Any]]:
    """The recorded answers as the node gave them at the recording's last block.

    The private network went on making blocks while it was asked: `height`, a count of blocks, is what it had when the
    recording began, and confirmations grow with the number of blocks made since.
    """
    last = len(recorded.verbose) - 1
    made_since = [verbose["confirmations"] + verbose["index"] - 1 - last for verbose in recorded.verbose]
    assert made_since == sorted(made_since)
    assert made_since[0] == 0
    answers = []
    for verbose, blocks in zip(recorded.verbose, made_since, strict=True):
        answer = {**verbose, "confirmations": verbose["confirmations"] - blocks}
        if verbose["index"] == last and blocks > 0:
            del answer["nextblockhash"]
        answers.append(answer)
    return answers


def test_getblock_equals_the_recorded_answers_by_index_and_by_hash(recorded: Recorded) -> None:
    for index, (verbose, raw) in enumerate(zip(at_the_recorded_height(recorded), recorded.raw, strict=True)):
        for name in (index, str(index), verbose["hash"], verbose["hash"][2:]):
            assert result(recorded.node, "getblock", name, True) == verbose
            assert result(recorded.node, "getblock", name) == raw


def test_getblockheader_equals_the_recorded_answers_by_index_and_by_hash(recorded: Recorded) -> None:
    """As the block, without its transactions; the size is the header's own."""
    for index, (verbose, raw) in enumerate(zip(at_the_recorded_height(recorded), recorded.raw, strict=True)):
        header = raw_header(verbose, raw)
        expected = {key: value for key, value in verbose.items() if key != "tx"} | {"size": len(header)}
        for name in (index, verbose["hash"]):
            assert result(recorded.node, "getblockheader", name, True) == expected
            assert result(recorded.node, "getblockheader", name) == b64encode(header).decode()


def test_members_of_blocks_and_headers_stand_in_neo_clis_order(recorded: Recorded) -> None:
    """Source: neo 3.10, Neo: Network/P2P/Payloads: Header.ToJson, Block.ToJson; neo-go's order is its own."""
    header = [
        "hash",
        "size",
        "version",
        "previousblockhash",
        "merkleroot",
        "time",
        "nonce",
        "index",
        "primary",
        "nextconsensus",
        "witnesses",
    ]
    place = ["confirmations", "nextblockhash"]
    tip = len(recorded.verbose) - 1
    for index in (0, 1, tip):
        following = place[:1] if index == tip else place
        assert list(result(recorded.node, "getblock", index, True)) == [*header, "tx", *following]
        assert list(result(recorded.node, "getblockheader", index, True)) == [*header, *following]


def test_counts_and_hashes_equal_the_recorded_ones(recorded: Recorded) -> None:
    assert result(recorded.node, "getblockcount") == recorded.document["height"] == len(recorded.verbose)
    assert result(recorded.node, "getbestblockhash") == recorded.verbose[-1]["hash"]
    for index, verbose in enumerate(recorded.verbose):
        assert result(recorded.node, "getblockhash", index) == verbose["hash"]


def test_getversion_tells_the_recorded_networks_constants(recorded: Recorded) -> None:
    """Of neo-go's own members, `p2psigextensions` and a null seed list are not neo-cli's."""
    recorded_version = recorded.document["version"]
    version = result(recorded.node, "getversion")
    protocol = {key: value for key, value in recorded_version["protocol"].items() if key != "p2psigextensions"}
    assert version["protocol"] == {**protocol, "seedlist": protocol["seedlist"] or []}
    assert (version["useragent"], version["nonce"]) == (recorded_version["useragent"], recorded_version["nonce"])
