"""Proofs of Neo 2's state, and bytes of the older nodes that end too early."""

import pytest

from rpcnode.payloads.neo2.proof import empty_proof, proved_value
from rpcnode.payloads.older_readers import Neo2Reader, Preview2Reader
from rpcnode.primitives.errors import EndOfData, FormatError
from rpcnode.primitives.uint import UInt160, UInt256
from tests.recorded_answers import DATA, read

TOKEN = "70b3f7fc1f751e6915926540dfa10cdeeed15743"
KEY = "b723ae25a5cb1f1e88a180c22dd3cf61c2af0604"
ROOT = UInt256.parse("0x91e43bb441e786ada15f6520efd6f021935b33a49c3dd543677fed0a8bbc1188")


@pytest.fixture(scope="module")
def proof() -> bytes:
    """What neo-cli 2.12.2 answered to getproof for a row of a token."""
    calls = read(DATA / "neo2" / "answers.json.gz")["calls"]
    (answer,) = [call["answer"] for call in calls if call["params"] == [str(ROOT), TOKEN, KEY]]
    return bytes.fromhex(answer.partition('"proof":"')[2].partition('"')[0])


def test_a_proof_of_a_real_node_shows_the_row_that_getstorage_showed(proof: bytes) -> None:
    row = read(DATA / "neo2" / "chain.json.gz")["storages"][f"0x{TOKEN}"][KEY]
    value = proved_value(ROOT, Neo2Reader(proof))
    assert value is not None and value.hex() == row


def test_a_proof_shows_nothing_under_another_root_or_with_a_byte_changed(proof: bytes) -> None:
    assert proved_value(UInt256.ZERO, Neo2Reader(proof)) is None
    for at in (60, 400, len(proof) - 2):
        changed = proof[:at] + bytes((proof[at] ^ 1,)) + proof[at + 1 :]
        assert proved_value(ROOT, Neo2Reader(changed)) is None


def test_a_proof_that_says_more_nodes_than_it_has_ends_too_early(proof: bytes) -> None:
    without_nodes = empty_proof(UInt160.parse(TOKEN), bytes.fromhex(KEY))
    assert proof.startswith(without_nodes[:-1])
    with pytest.raises(EndOfData):
        proved_value(ROOT, Neo2Reader(without_nodes[:-1] + b"\xff" * 9))


def test_last_bytes_may_be_fewer_on_neo_2_and_a_hash_may_not() -> None:
    assert Neo2Reader(bytes.fromhex("05aabb")).var_bytes() == b"\xaa\xbb"
    for read_hash in (Neo2Reader.uint160, Neo2Reader.uint256):
        with pytest.raises(FormatError) as failed:
            read_hash(Neo2Reader(bytes(19)))
        assert not isinstance(failed.value, EndOfData)
    with pytest.raises(EndOfData):
        Neo2Reader(bytes(3)).u32()


def test_last_bytes_that_are_fewer_are_no_end_of_data_on_preview2() -> None:
    with pytest.raises(FormatError) as failed:
        Preview2Reader(bytes.fromhex("05aabb")).var_bytes()
    assert not isinstance(failed.value, EndOfData)
    with pytest.raises(EndOfData):
        Preview2Reader(bytes(19)).uint160()
