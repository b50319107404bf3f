"""Hashes that one process has handed out and another finds."""

import sys
import tempfile
from hashlib import sha256
from typing import NoReturn

import pytest

from rpcnode.chain.db.handed_out import HandedOut
from rpcnode.workers import hash_notes
from rpcnode.workers.hash_notes import HashNotes


def hash_at(block_index: int) -> bytes:
    return sha256(b"%d" % block_index).digest()


def never_full() -> None:
    raise AssertionError("there is room")


def test_what_a_reader_hands_out_the_writer_finds() -> None:
    notes = HashNotes.new()
    reader, writer = (HandedOut(), HandedOut()), (HandedOut(), HandedOut())
    HashNotes(notes.descriptor).write_those_of(reader, never_full)
    reader[0].remember(70_000, hash_at(70_000))
    reader[1].remember(5, hash_at(5))
    assert list(writer[0].candidates(hash_at(70_000))) == []
    notes.add_to(writer)
    assert list(writer[0].candidates(hash_at(70_000))) == [70_000]
    assert list(writer[1].candidates(hash_at(5))) == [5]
    assert list(writer[1].candidates(hash_at(70_000))) == []
    reader[0].remember(80_000, hash_at(80_000))
    for each in writer:
        each.look = lambda: notes.add_to(writer)
    assert list(writer[0].candidates(hash_at(80_000))) == [80_000]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no memory of this kind")
def test_notes_need_no_room_on_a_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> NoReturn:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryFile", fail)
    notes, reader, writer = HashNotes.new(), HandedOut(), HandedOut()
    HashNotes(notes.descriptor).write_those_of([reader], never_full)
    reader.remember(7, hash_at(7))
    notes.add_to([writer])
    assert list(writer.candidates(hash_at(7))) == [7]


def test_what_was_known_before_is_told_again_and_nothing_twice() -> None:
    told: list[int] = []
    known = HandedOut()
    known.remember(3, hash_at(3))
    HashNotes(HashNotes.new().descriptor).write_those_of([known], never_full)
    known.tell = lambda index, _: told.append(index)
    for index in (3, 4, 3, 4):
        known.remember(index, hash_at(index))
    assert told == [3, 4]


def test_once_the_notes_are_full_nothing_more_is_handed_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hash_notes, "_SIZE", 41 * 3)

    class FullError(Exception):
        pass

    def full() -> None:
        raise FullError

    notes, reader, writer = HashNotes.new(), HandedOut(), HandedOut()
    HashNotes(notes.descriptor).write_those_of([reader], full)
    for index in (1, 2):
        reader.remember(index, hash_at(index))
    with pytest.raises(FullError):
        reader.remember(3, hash_at(3))
    assert list(reader.candidates(hash_at(3))) == []
    notes.add_to([writer])
    assert [list(writer.candidates(hash_at(index))) for index in (1, 2, 3)] == [[1], [2], []]
