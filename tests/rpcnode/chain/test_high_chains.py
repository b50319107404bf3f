"""Chains of several spans: which hashes are found, and where the links are derived."""

import pytest

from rpcnode.chain.blocks import NewBlock
from rpcnode.chain.db import handed_out
from rpcnode.chain.headers import SPAN, header_nonce
from rpcnode.chain.ledger import BlockRefused, Ledger
from rpcnode.chain.links import MOST_LINKED, Links
from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.uint import UInt256
from tests.rpcnode.chain.described_ledgers import EMPTY_ROOTS, HASHES, PROFILES, LedgerMaker, hashed_part, hashed_parts

EDGE = MOST_LINKED + 4 * SPAN
"""A multiple of the span with more blocks on both its sides than are linked at once."""

HIGH = 2 * EDGE + 10

pytestmark = pytest.mark.parametrize("profile", PROFILES)


def hash_at(ledger: Ledger, block_index: int) -> UInt256:
    """The hash by the profile's own rule, of the header as it is on the wire."""
    return UInt256(HASHES[ledger.profile](hashed_part(ledger, block_index)))


def previous_at(ledger: Ledger, block_index: int) -> UInt256:
    return UInt256(hashed_part(ledger, block_index)[4:36])


MIDDLE = (EDGE + 1, EDGE + 5, EDGE + 600, EDGE + 2 * SPAN + 3)
"""Blocks that no search goes through."""


@pytest.mark.parametrize("declared", [[], [EDGE + 5]], ids=["derived", "one declared"])
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
    ledger = make(profile, HIGH, [EDGE + 5])
    for index in MIDDLE:
        following = ledger.block_hash(index + 1)
        assert following is not None
        assert ledger.block_index(previous_at(ledger, index)) == index - 1
        assert ledger.block_index(following) == index + 1


def test_a_hash_is_found_long_after_it_was_handed_out(
    make: LedgerMaker, profile: ProfileName, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handed_out, "MOST_SINGLE", 50)
    monkeypatch.setattr("rpcnode.chain.headers._MOST_RECENT", 20)
    ledger = make(profile, HIGH, [])
    indexes = range(EDGE, EDGE + 400, 2)
    hashes = [ledger.block(index).hash for index in indexes]
    assert [ledger.block_index(block_hash) for block_hash in hashes] == list(indexes)
    assert [hash_at(ledger, index) for index in indexes] == hashes


def test_the_transaction_that_a_block_of_neo_2_has_of_its_own_is_found(make: LedgerMaker, profile: ProfileName) -> None:
    ledger = make(profile, HIGH, [EDGE + 5])
    for index in MIDDLE:
        own_hash = UInt256(EMPTY_ROOTS["n2"](header_nonce(index)))
        own = ledger.block(index).transactions[:1]
        found = ledger.transaction(own_hash)
        assert [transaction.hash for transaction in own] == ([own_hash] if profile == "n2" else [])
        assert found == ((own[0], index) if profile == "n2" else None)


def test_of_hashes_that_another_node_handed_out_the_newest_and_the_oldest_are_searched(
    make: LedgerMaker, profile: ProfileName
) -> None:
    other, ledger = make(profile, HIGH, []), make(profile, HIGH, [])
    assert ledger.block_index(hash_at(other, 1)) == 1
    assert ledger.block_index(hash_at(other, HIGH)) == HIGH
    assert ledger.block_index(hash_at(other, EDGE + 5)) is None
    assert ledger.block_index(hash_at(ledger, EDGE + 5)) == EDGE + 5


@pytest.mark.parametrize(
    "declared", [[EDGE], [EDGE - 1], [EDGE - 1, EDGE]], ids=["on the multiple", "below it", "on both sides"]
)
def test_declared_blocks_are_linked_to_both_their_neighbours(
    make: LedgerMaker, profile: ProfileName, declared: list[int]
) -> None:
    ledger = make(profile, HIGH, declared)
    for index in (EDGE - 1, EDGE, EDGE + 1):
        assert previous_at(ledger, index) == hash_at(ledger, index - 1)
        assert ledger.block_hash(index) == hash_at(ledger, index)


def test_a_declared_block_that_other_spans_build_on_has_one_hash(make: LedgerMaker, profile: ProfileName) -> None:
    upwards, downwards = make(profile, HIGH, [EDGE, EDGE + SPAN]), make(profile, HIGH, [EDGE, EDGE + SPAN])
    indexes = [EDGE - 1, EDGE, EDGE + SPAN - 1, EDGE + SPAN, EDGE + SPAN + 1]
    hashes = [upwards.block_hash(index) for index in indexes]
    assert [downwards.block_hash(index) for index in reversed(indexes)] == hashes[::-1]
    assert previous_at(upwards, EDGE + SPAN) == hash_at(downwards, EDGE + SPAN - 1)


def test_a_block_that_comes_at_a_multiple_of_the_span_is_linked(make: LedgerMaker, profile: ProfileName) -> None:
    ledger = make(profile, EDGE - 3, [])
    root = ledger.headers.merkle_root(EDGE, [])
    time_ms = ledger.timestamp_ms(EDGE)
    ledger.apply_block(NewBlock(EDGE, time_ms, root, (), (), ledger.new_storage()))
    assert previous_at(ledger, EDGE) == hash_at(ledger, EDGE - 1) == ledger.headers.hash_of(EDGE - 1)


def test_the_first_of_a_span_names_a_hash_that_leads_to_the_block_below(
    make: LedgerMaker, profile: ProfileName
) -> None:
    ledger = make(profile, HIGH, [])
    for edge in (EDGE, EDGE + SPAN, EDGE + 2 * SPAN):
        named = previous_at(ledger, edge)
        # Modelled: the first of a span is not linked to the last of the one before.
        assert named != hash_at(ledger, edge - 1)
        assert ledger.block_index(named) == edge - 1
        assert previous_at(ledger, edge + 1) == hash_at(ledger, edge)
    lower = make(profile, EDGE - 1, [])
    assert lower.block_index(previous_at(ledger, EDGE)) is None


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


def hashes_of(ledger: Ledger) -> list[UInt256 | None]:
    return [ledger.block_hash(index) for index in range(ledger.header_height + 1)]


def test_a_chain_that_grows_in_small_steps_is_linked_throughout(make: LedgerMaker, profile: ProfileName) -> None:
    ledger = make(profile, SPAN - 3, [])
    for height in (SPAN - 2, SPAN - 1, SPAN, SPAN + 1, 2 * SPAN, 4 * SPAN - 1, 6 * SPAN + 5):
        ledger.advance(height)
    for index in range(SPAN, 6 * SPAN + 1, SPAN):
        assert previous_at(ledger, index) == hash_at(ledger, index - 1)
    assert hashes_of(make(profile, 6 * SPAN + 5, [])) == hashes_of(ledger)


def test_a_chain_of_as_many_blocks_as_are_linked_is_linked_throughout(make: LedgerMaker, profile: ProfileName) -> None:
    ledger = make(profile, MOST_LINKED, [])
    previous = bytes(32)
    for part in hashed_parts(ledger, MOST_LINKED + 1):
        assert part[4:36] == previous
        previous = HASHES[profile](part)


def test_blocks_with_times_of_their_own_are_linked_throughout(make: LedgerMaker, profile: ProfileName) -> None:
    ledger = make(profile, 5, [])
    ledger.append_empty([ledger.timestamp_ms(5) + 7000 * number for number in range(1, 3 * SPAN)])
    other = make(profile, 5, [])
    other.store.restore(ledger.store.image())
    other.reload()
    assert [other.block_hash(index) for index in range(3 * SPAN, -1, -7)] == [
        ledger.block_hash(index) for index in range(3 * SPAN, -1, -7)
    ]
    parts = list(hashed_parts(ledger, 3 * SPAN + 4))
    assert [part[4:36] for part in parts] == [bytes(32), *map(HASHES[profile], parts[:-1])]


def test_declared_blocks_are_found_by_the_hashes_that_another_node_handed_out(
    make: LedgerMaker, profile: ProfileName
) -> None:
    declared = [EDGE - 700, EDGE, EDGE + 1, EDGE + 777]
    other, ledger = make(profile, HIGH, declared), make(profile, HIGH, declared)
    assert [ledger.block_index(hash_at(other, index)) for index in declared] == declared


@pytest.mark.parametrize("low", [5, EDGE - 3, EDGE + 2 * SPAN + 7])
def test_a_node_that_was_put_below_its_headers_gets_the_same_ones_again(
    make: LedgerMaker, profile: ProfileName, low: int
) -> None:
    ledger = make(profile, HIGH, [EDGE + 5])
    sample = [*range(low, HIGH, 97), EDGE - 1, EDGE, EDGE + 5, EDGE + 6, EDGE + SPAN, HIGH]
    before = [ledger.block_hash(index) for index in sample]
    ledger.stand(low, low)
    for height in (low + 1, low + 2, low + SPAN, low + SPAN + 3, HIGH):
        ledger.advance(height)
    ledger.headers.forget_from(0)
    assert [ledger.block_hash(index) for index in sample] == before


def test_what_was_handed_out_is_found_after_the_chain_went_back_and_forth(
    make: LedgerMaker, profile: ProfileName
) -> None:
    ledger = make(profile, HIGH, [EDGE + 5])
    image = ledger.store.image()
    before = {index: hash_at(ledger, index) for index in MIDDLE}
    root = ledger.headers.merkle_root(HIGH + 1, [UInt256(b"\x01" * 32)])
    ledger.apply_block(NewBlock(HIGH + 1, ledger.timestamp_ms(HIGH) + 1, root, (), (), ledger.new_storage()))
    mined = hash_at(ledger, HIGH + 1)
    after = ledger.store.image()
    ledger.store.restore(image)
    ledger.reload()
    assert {index: ledger.block_index(known) for index, known in before.items()} == {index: index for index in MIDDLE}
    assert ledger.block_index(mined) is None
    ledger.store.restore(after)
    ledger.reload()
    assert ledger.block_index(mined) == HIGH + 1


def test_a_database_without_stored_links_gets_them(make: LedgerMaker, profile: ProfileName) -> None:
    ledger = make(profile, HIGH, [EDGE - 700, EDGE + 5])
    sample = [EDGE - 700, EDGE - 1, EDGE, EDGE + 5, EDGE + 6, HIGH]
    before = [ledger.block_hash(index) for index in sample]
    with ledger.store.transaction():
        ledger.store.connection.execute("DELETE FROM chain_link")
        ledger.headers.forget_from(0)
        Links(ledger.store.connection, ledger.headers).complete(HIGH)
    assert [ledger.block_hash(index) for index in sample] == before
