"""Chains of several spans: which hashes are found, and where the links are derived."""

import pytest
from described_ledgers import (
    EMPTY_ROOTS,
    HASHES,
    PROFILES,
    LedgerMaker,
    hashed_part,
    make_fixture,  # noqa: F401  (the pytest fixture `make`)
)

from rpcnode.chain import searched_hashes
from rpcnode.chain.blocks import NewBlock
from rpcnode.chain.headers import header_nonce
from rpcnode.chain.ledger import BlockRefused, Ledger
from rpcnode.chain.searched_hashes import SPAN
from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.uint import UInt256

HIGH = 3 * SPAN + 10

pytestmark = pytest.mark.parametrize("profile", PROFILES)


def hash_at(ledger: Ledger, block_index: int) -> UInt256:
    """The hash by the profile's own rule, of the header as it is on the wire."""
    return UInt256(HASHES[ledger.profile](hashed_part(ledger, block_index)))


def previous_at(ledger: Ledger, block_index: int) -> UInt256:
    return UInt256(hashed_part(ledger, block_index)[4:36])


MIDDLE = (SPAN + 1, SPAN + 5, SPAN + 600, 2 * SPAN + 3)
"""Blocks of spans that no search goes through."""


@pytest.mark.parametrize("declared", [[], [SPAN + 5]], ids=["derived", "one declared"])
def test_the_hash_of_a_block_that_was_read_by_its_index_is_found(
    make: LedgerMaker, profile: ProfileName, declared: list[int]
) -> None:
    ledger = make(profile, HIGH, declared)
    read = {index: ledger.block(index).hash for index in MIDDLE}
    assert {index: ledger.block_index(block_hash) for index, block_hash in read.items()} == {i: i for i in MIDDLE}


def test_the_hash_of_a_header_that_was_read_by_its_index_is_found(make: LedgerMaker, profile: ProfileName) -> None:
    ledger = make(profile, HIGH, [])
    for index in MIDDLE:
        assert ledger.block_index(ledger.header(index).hash) == index


def test_the_hashes_that_a_block_names_are_found(make: LedgerMaker, profile: ProfileName) -> None:
    ledger = make(profile, HIGH, [SPAN + 5])
    for index in MIDDLE:
        following = ledger.block_hash(index + 1)
        assert following is not None
        assert ledger.block_index(previous_at(ledger, index)) == index - 1
        assert ledger.block_index(following) == index + 1


def test_a_hash_is_found_long_after_it_was_handed_out(
    make: LedgerMaker, profile: ProfileName, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searched_hashes, "MOST_SINGLE", 50)
    monkeypatch.setattr("rpcnode.chain.headers._MOST_RECENT", 20)
    ledger = make(profile, HIGH, [])
    indexes = range(SPAN, SPAN + 400, 2)
    hashes = [ledger.block(index).hash for index in indexes]
    assert [ledger.block_index(block_hash) for block_hash in hashes] == list(indexes)
    assert [hash_at(ledger, index) for index in indexes] == hashes


def test_the_transaction_that_a_block_of_neo_2_has_of_its_own_is_found(make: LedgerMaker, profile: ProfileName) -> None:
    ledger = make(profile, HIGH, [SPAN + 5])
    for index in MIDDLE:
        own_hash = UInt256(EMPTY_ROOTS["n2"](header_nonce(index)))
        own = ledger.block(index).transactions[:1]
        found = ledger.transaction(own_hash)
        assert [transaction.hash for transaction in own] == ([own_hash] if profile == "n2" else [])
        assert found == ((own[0], index) if profile == "n2" else None)


@pytest.mark.slow
def test_of_hashes_that_another_node_handed_out_the_newest_span_and_the_oldest_are_searched(
    make: LedgerMaker, profile: ProfileName
) -> None:
    other, ledger = make(profile, HIGH, []), make(profile, HIGH, [])
    assert ledger.block_index(hash_at(other, 1)) == 1
    assert ledger.block_index(hash_at(other, HIGH)) == HIGH
    assert ledger.block_index(hash_at(other, SPAN + 5)) is None
    assert ledger.block_index(hash_at(ledger, SPAN + 5)) == SPAN + 5


@pytest.mark.slow
@pytest.mark.parametrize(
    "declared", [[SPAN], [SPAN - 1], [SPAN - 1, SPAN]], ids=["on the multiple", "below it", "on both sides"]
)
def test_declared_blocks_are_linked_to_both_their_neighbours(
    make: LedgerMaker, profile: ProfileName, declared: list[int]
) -> None:
    ledger = make(profile, HIGH, declared)
    for index in (SPAN - 1, SPAN, SPAN + 1):
        assert previous_at(ledger, index) == hash_at(ledger, index - 1)
        assert ledger.block_hash(index) == hash_at(ledger, index)


@pytest.mark.slow
def test_a_declared_block_that_other_spans_build_on_has_one_hash(make: LedgerMaker, profile: ProfileName) -> None:
    upwards, downwards = make(profile, HIGH, [SPAN, 2 * SPAN]), make(profile, HIGH, [SPAN, 2 * SPAN])
    indexes = [SPAN - 1, SPAN, 2 * SPAN - 1, 2 * SPAN, 2 * SPAN + 1]
    hashes = [upwards.block_hash(index) for index in indexes]
    assert [downwards.block_hash(index) for index in reversed(indexes)] == hashes[::-1]
    assert previous_at(upwards, 2 * SPAN) == hash_at(downwards, 2 * SPAN - 1)


@pytest.mark.slow
def test_a_block_that_comes_at_a_multiple_of_the_span_is_linked(make: LedgerMaker, profile: ProfileName) -> None:
    ledger = make(profile, SPAN - 3, [])
    root = ledger.headers.merkle_root(SPAN, [])
    time_ms = ledger.timestamp_ms(SPAN)
    ledger.apply_block(NewBlock(SPAN, time_ms, root, (), (), ledger.new_storage()))
    assert previous_at(ledger, SPAN) == hash_at(ledger, SPAN - 1) == ledger.headers.hash_of(SPAN - 1)


@pytest.mark.slow
def test_the_first_of_a_span_names_a_hash_that_leads_to_the_block_below(
    make: LedgerMaker, profile: ProfileName
) -> None:
    ledger = make(profile, HIGH, [])
    for edge in (SPAN, 2 * SPAN, 3 * SPAN):
        named = previous_at(ledger, edge)
        # Modelled: the first of a span is not linked to the last of the one before.
        assert named != hash_at(ledger, edge - 1)
        assert ledger.block_index(named) == edge - 1
        assert previous_at(ledger, edge + 1) == hash_at(ledger, edge)
    lower = make(profile, SPAN - 1, [])
    assert lower.block_index(previous_at(ledger, SPAN)) is None


def test_a_block_that_was_refused_leaves_no_hash_behind(make: LedgerMaker, profile: ProfileName) -> None:
    ledger = make(profile, 5, [])
    ledger.headers.hash_of(7)  # what block 8 would name
    with pytest.raises(BlockRefused):
        ledger.apply_block(NewBlock(8, 0, UInt256.ZERO, (), (), ledger.new_storage()))
    root = ledger.headers.merkle_root(6, [UInt256(b"\x01" * 32)])
    ledger.apply_block(NewBlock(6, ledger.timestamp_ms(5) + 1, root, (), (), ledger.new_storage()))
    ledger.advance(7)
    assert ledger.block_hash(7) == hash_at(ledger, 7)
    assert previous_at(ledger, 7) == hash_at(ledger, 6)
