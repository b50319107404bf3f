"""How many snapshots there may be, how much they take, and that each is whole."""

import random

import pytest

from rpcnode.dev.control import snapshots
from rpcnode.dev.control.method import DevFailed
from rpcnode.dev.control.snapshots import Snapshots

PAGE = 4096


def image(chance: random.Random, pages: int) -> bytes:
    return chance.randbytes(pages * PAGE)


def changed(chance: random.Random, before: bytes) -> bytes:
    """The same with one page changed, and now and then longer or shorter."""
    page = chance.randrange(len(before) // PAGE)
    after = before[: page * PAGE] + chance.randbytes(PAGE) + before[(page + 1) * PAGE :]
    return {0: after + chance.randbytes(PAGE), 1: after[:-PAGE]}.get(chance.randrange(5), after)


def test_each_is_what_was_kept_whatever_they_share() -> None:
    chance, kept = random.Random(1), Snapshots()
    known = {"0": image(chance, 20)}
    kept.keep("0", known["0"])
    for _ in range(200):
        name, start = str(chance.randrange(30)), chance.choice(list(known))
        before = kept.image(start)
        assert before == known[start]
        known[name] = changed(chance, before)
        kept.keep(name, known[name])
    assert {name: kept.image(name) for name in kept.names} == known


def test_many_of_a_large_chain_take_what_has_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    chance, kept = random.Random(2), Snapshots()
    # The chain has 50 pages, of which each snapshot has changed one: 50 + 99 pages.
    monkeypatch.setattr(snapshots, "MOST_BYTES", 149 * PAGE)
    one = image(chance, 50)
    for number in range(100):
        kept.keep(str(number), one)
        page = number % 50
        one = one[: page * PAGE] + chance.randbytes(PAGE) + one[(page + 1) * PAGE :]
    with pytest.raises(DevFailed, match="with this one they would take"):
        kept.keep("one more", one)
    assert len(kept.names) == 100


def test_one_that_takes_the_place_of_another_frees_what_that_took(monkeypatch: pytest.MonkeyPatch) -> None:
    chance, kept = random.Random(3), Snapshots()
    monkeypatch.setattr(snapshots, "MOST_BYTES", 25 * PAGE)
    kept.keep("other", image(chance, 10))
    for _ in range(20):
        kept.keep("same", one := image(chance, 12))
    assert kept.image("same") == one
    with pytest.raises(DevFailed, match="snapshots take 0 MB at most"):
        kept.keep("third", image(chance, 12))
    assert kept.image("same") == one
    kept.clear()
    kept.keep("larger than all may be", one := image(chance, 40))
    assert kept.image("larger than all may be") == one


def test_there_is_a_most_of_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "MOST", 3)
    kept = Snapshots()
    for name in "abc":
        kept.keep(name, bytes(PAGE))
    with pytest.raises(DevFailed, match="there are 3 snapshots, and no more are kept; a snapshot under the name of"):
        kept.keep("d", bytes(PAGE))
    kept.keep("b", bytes(2 * PAGE))
    assert kept.names == ["a", "b", "c"]
