"""Tries: one root for the same rows however they came to be, what they hold, and what proofs show."""

import gzip
import json
from base64 import b64decode
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rpcnode.chain.trie.proof import MissingNode, proven_value
from rpcnode.chain.trie.state_tries import storage_key
from rpcnode.chain.trie.trie import Trie
from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.hashes import hash256
from rpcnode.primitives.uint import UInt256
from tests import PROJECT

CHAIN: Final = PROJECT / "tests" / "data" / "csharp-rpc" / "chain.json.gz"
LEDGER_CONTRACT: Final = "0xda65b600f7124ce6c79950c1772a36403104f2be"

# Few different bytes, so that keys begin alike, end inside others, and meet in every kind of node.
KEYS: Final = st.text("\0\1\x10\x11\xff", min_size=1, max_size=4).map(lambda text: text.encode("latin-1"))
VALUES: Final = st.binary(max_size=3)
ROWS: Final = st.dictionaries(KEYS, VALUES, max_size=24)


@pytest.fixture(scope="module")
def recorded() -> Any:
    with gzip.open(CHAIN) as file:
        return json.load(file)


def leaf(value: bytes) -> bytes:
    return b"\x02" + bytes((len(value),)) + value


def linked(node: bytes) -> bytes:
    return b"\x03" + hash256(node)


def branch(children: Mapping[int, bytes]) -> bytes:
    return b"\x00" + b"".join(linked(children[at]) if at in children else b"\x04" for at in range(17))


def extension(key: bytes, child: bytes) -> bytes:
    return b"\x01" + bytes((len(key),)) + key + linked(child)


@pytest.mark.parametrize(
    ("rows", "root"),
    [
        ({}, b"\x04"),
        ({b"\xa1": b"v"}, extension(b"\x0a\x01", leaf(b"v"))),
        ({b"\xa1": b""}, extension(b"\x0a\x01", leaf(b""))),
        (
            {b"\xa1": b"v", b"\xa2": b"w"},
            extension(b"\x0a", branch({1: leaf(b"v"), 2: leaf(b"w")})),
        ),
        (
            {b"\xa1": b"v", b"\xa1\x23": b"w"},
            extension(b"\x0a\x01", branch({2: extension(b"\x03", leaf(b"w")), 16: leaf(b"v")})),
        ),
        (
            {b"\x0a": b"v", b"\xa0": b"w"},
            branch({0: extension(b"\x0a", leaf(b"v")), 10: extension(b"\x00", leaf(b"w"))}),
        ),
    ],
    ids=["nothing", "one row", "empty value", "a nibble apart", "one key inside another", "no nibble in common"],
)
def test_the_root_is_the_hash_of_the_first_node(rows: dict[bytes, bytes], root: bytes) -> None:
    assert Trie.of(rows.items()).root_hash == UInt256(hash256(root))


def test_the_storage_of_a_recorded_chain_has_the_root_that_the_node_told(recorded: Any) -> None:
    rows = [
        (storage_key(recorded["contracts"][contract]["id"], b64decode(key)), b64decode(value))
        for contract, stored in recorded["storages"].items()
        if contract != LEDGER_CONTRACT
        for key, value in stored.items()
    ]
    assert len(rows) > 300
    assert str(Trie.of(rows).root_hash) == recorded["state_roots"][-1]
    assert str(Trie().changed(rows).root_hash) == recorded["state_roots"][-1]


@given(ROWS, st.lists(st.tuples(KEYS, st.none() | VALUES), max_size=24))
def test_changes_lead_to_the_trie_of_the_rows_that_are_left(
    rows: dict[bytes, bytes], changes: Sequence[tuple[bytes, bytes | None]]
) -> None:
    before = Trie.of(rows.items())
    root_before = before.root_hash
    left: dict[bytes, bytes | None] = {**rows, **dict(changes)}
    after = before.changed(changes)
    assert after.root_hash == Trie.of((key, value) for key, value in left.items() if value is not None).root_hash
    assert {key: after.get(key) for key in left} == left
    assert before.root_hash == root_before and {key: before.get(key) for key in rows} == rows


@given(ROWS, KEYS, st.binary(max_size=2))
def test_rows_are_found_in_order_after_a_key(rows: dict[bytes, bytes], after: bytes, prefix: bytes) -> None:
    trie = Trie.of(rows.items())
    under = [(key, value) for key, value in sorted(rows.items()) if key.startswith(prefix)]
    assert list(trie.find(prefix)) == under
    assert list(trie.find(prefix, after)) == [(key, value) for key, value in under if key > after]


@given(ROWS, KEYS)
def test_a_proof_shows_the_value_of_its_key_and_there_is_none_for_another(rows: dict[bytes, bytes], key: bytes) -> None:
    trie = Trie.of(rows.items())
    proof = trie.proof(key)
    assert (proof is not None) == (key in rows)
    if proof is not None:
        assert proven_value(trie.root_hash, key, proof) == rows[key]


def test_a_proof_may_show_that_a_key_is_not_there() -> None:
    trie = Trie.of([(b"\x11\x11", b"v"), (b"\x21\x33", b"x")])
    proof = trie.proof(b"\x11\x11")
    assert proof is not None
    for key in (b"\x11\x12", b"\x31\x11", b"\x11", b"\x11\x11\x11"):
        assert proven_value(trie.root_hash, key, proof) is None


def test_a_proof_without_one_of_its_nodes_shows_nothing() -> None:
    trie = Trie.of([(b"\x11\x11", b"v"), (b"\x11\x22", b"w"), (b"\x21\x33", b"x")])
    proof = trie.proof(b"\x11\x11")
    assert proof is not None and len(proof) == 5  # branch, extension, branch, extension, leaf
    for missing in range(len(proof)):
        with pytest.raises(MissingNode):
            proven_value(trie.root_hash, b"\x11\x11", proof[:missing] + proof[missing + 1 :])


def test_a_node_may_stand_inside_another_in_place_of_its_hash() -> None:
    # each inner node with the number of its uses behind it, as a node that is stored has it
    inside = b"\x01\x02\x01\x01" + leaf(b"v") + b"\x01"
    assert proven_value(UInt256(hash256(inside)), b"\x11", [inside]) == b"v"


@pytest.mark.parametrize(
    ("node", "words"),
    [
        (b"\x05", "Deserialize"),
        (b"\x02\x05v", "Position 2 + Wanted 5 is exceeded boundary(4)"),
        (b"\x01\x00" * 140, "MPT node nesting depth exceeds the maximum allowed limit."),
    ],
    ids=["unknown kind", "too short", "too deep"],
)
def test_what_is_no_node_is_refused_in_the_nodes_words(node: bytes, words: str) -> None:
    with pytest.raises(FormatError) as refused:
        proven_value(UInt256(hash256(node)), b"\x11", [node])
    assert str(refused.value) == words
