"""Hashes that were handed out, and the blocks that each may belong to."""

from hashlib import sha256

import pytest

from rpcnode.chain.db import handed_out
from rpcnode.chain.db.handed_out import PAGE, HandedOut


def hash_at(block_index: int) -> bytes:
    return sha256(b"%d" % block_index).digest()


@pytest.fixture(params=[2, handed_out.MOST_SINGLE], ids=["many handed out", "few"])
def known(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> HandedOut:
    monkeypatch.setattr(handed_out, "MOST_SINGLE", request.param)
    return HandedOut()


def test_a_hash_leads_to_its_block(known: HandedOut) -> None:
    indexes = [0, 1, 7, PAGE - 1, PAGE, PAGE + 1, PAGE + 2, 70 * PAGE + 5]
    for index in indexes:
        known.remember(index, hash_at(index))
    assert [list(known.candidates(hash_at(index))) for index in indexes] == [[index] for index in indexes]
    assert list(known.candidates(hash_at(2))) == []


def test_a_block_whose_hash_is_another_now_is_found_by_that(known: HandedOut) -> None:
    for index in range(5):
        known.remember(index, hash_at(index))
    known.remember(3, hash_at(1003))
    assert list(known.candidates(hash_at(1003))) == [3]


def test_a_hash_that_begins_in_the_middle_of_another_is_not_taken_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handed_out, "MOST_SINGLE", 0)
    known = HandedOut()
    known.remember(5, b"12345678" + bytes(24))
    known.remember(6, b"abcdefgh" + bytes(24))
    assert list(known.candidates(b"5678abcd" + bytes(24))) == []
