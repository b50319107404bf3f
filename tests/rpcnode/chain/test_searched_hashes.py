"""From a hash back to an index: what is remembered, what is searched, and how often."""

from collections.abc import Iterator
from hashlib import sha256

import pytest

from rpcnode.chain import searched_hashes
from rpcnode.chain.searched_hashes import SPAN, SearchedHashes

HIGH = 3 * SPAN + 100


def hash_at(index: int) -> bytes:
    return sha256(b"block %d" % index).digest()


class Walked:
    """The hashes of a chain; `walks` are those that a search asked for."""

    def __init__(self) -> None:
        self.walks: list[tuple[int, int]] = []
        self.hashes = SearchedHashes(self._walk, hash_at)

    def _walk(self, start: int, stop: int) -> Iterator[tuple[int, bytes]]:
        self.walks.append((start, stop))
        return ((index, hash_at(index)) for index in range(start, stop + 1))


@pytest.fixture
def chain() -> Walked:
    return Walked()


def test_a_hash_that_was_handed_out_is_found_without_a_search(chain: Walked) -> None:
    chain.hashes.remember(SPAN + 5, hash_at(SPAN + 5))
    assert chain.hashes.index_of(hash_at(SPAN + 5), HIGH) == SPAN + 5
    assert chain.walks == []


@pytest.mark.slow
def test_the_newest_span_is_searched_then_the_oldest_and_each_block_once(chain: Walked) -> None:
    assert chain.hashes.index_of(hash_at(HIGH), HIGH) == HIGH
    assert chain.walks == [(3 * SPAN, HIGH)]
    assert chain.hashes.index_of(hash_at(3), HIGH) == 3
    assert chain.hashes.index_of(bytes(32), HIGH) is None
    assert chain.hashes.index_of(hash_at(SPAN + 5), HIGH) is None
    assert chain.walks == [(3 * SPAN, HIGH), (0, SPAN - 1)]
    assert chain.hashes.index_of(hash_at(HIGH + 2), HIGH + 2) == HIGH + 2
    assert chain.walks[2:] == [(HIGH + 1, HIGH + 2)]


def test_a_chain_without_blocks_has_no_hash(chain: Walked) -> None:
    assert chain.hashes.index_of(hash_at(0), -1) is None
    assert chain.walks == []


def test_a_hash_above_the_height_is_not_found(chain: Walked) -> None:
    assert chain.hashes.index_of(hash_at(9), 9) == 9
    assert chain.hashes.index_of(hash_at(9), 8) is None


def test_a_span_that_handed_out_many_hashes_is_searched_in_their_place(
    chain: Walked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searched_hashes, "MOST_SINGLE", 10)
    handed_out = range(SPAN + 2, SPAN + 102, 3)
    for index in handed_out:
        chain.hashes.remember(index, hash_at(index))
    # After the 11th, 22nd and 33rd: SPAN + 2 + 3 * 10, 3 * 21, 3 * 32.
    assert chain.walks == [(SPAN, SPAN + 32), (SPAN + 33, SPAN + 65), (SPAN + 66, SPAN + 98)]
    assert [chain.hashes.index_of(hash_at(index), HIGH) for index in handed_out] == list(handed_out)
    assert len(chain.walks) == 3


def test_the_beginning_of_a_hash_is_not_the_hash(chain: Walked) -> None:
    assert chain.hashes.index_of(hash_at(4), 9) == 4
    assert chain.hashes.index_of(hash_at(4)[:8] + bytes(24), 9) is None


def test_where_one_hash_ends_and_the_next_begins_matters() -> None:
    first, second = bytes(range(32)), bytes(range(100, 132))
    # The search keeps the first eight bytes of each: 0 to 7, then 100 to 107.
    across = bytes([4, 5, 6, 7, 100, 101, 102, 103]) + bytes(24)
    hashes = SearchedHashes(lambda start, stop: iter([(0, first), (1, second)]), [first, second].__getitem__)
    assert hashes.index_of(across, 1) is None
    assert hashes.index_of(second, 1) == 1


@pytest.mark.parametrize("searched", [True, False])
def test_hashes_at_or_above_a_block_that_changed_are_forgotten(chain: Walked, searched: bool) -> None:
    for index in (5, 20, SPAN + 3):
        chain.hashes.remember(index, hash_at(index))
    if searched:
        assert chain.hashes.index_of(hash_at(30), 30) == 30
    chain.hashes.forget_from(20)
    chain.walks.clear()
    assert chain.hashes.index_of(hash_at(5), 19) == 5
    assert chain.hashes.index_of(hash_at(30), 30) == 30
    assert chain.walks == [(20 if searched else 0, 30)]
    assert chain.hashes.index_of(hash_at(SPAN + 3), 30) is None
