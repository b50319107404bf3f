"""Records compare, hash and print as the standard library's do."""

import dataclasses
from dataclasses import field, replace

import pytest

from rpcnode.primitives.records import dataclass


@dataclass(frozen=True, slots=True)
class Point:
    """A record."""

    x: int
    y: int = 0
    seen: list[int] = field(default_factory=list, compare=False, repr=False)


@dataclasses.dataclass(frozen=True, slots=True)
class Library:
    """The same by the standard library."""

    x: int
    y: int = 0
    seen: list[int] = field(default_factory=list, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Empty:
    """A record of nothing."""


@dataclass(frozen=True, slots=True)
class Named:
    """A record that prints in its own way."""

    name: str

    def __repr__(self) -> str:
        return self.name


def test_equal_values_are_equal_and_hash_alike() -> None:
    assert Point(1, 2) == Point(1, 2, [3])
    assert hash(Point(1, 2)) == hash(Library(1, 2)) == hash(Point(1, 2, [3]))
    assert Point(1, 2) != Point(2, 1)
    assert (Empty(), hash(Empty())) == (Empty(), hash(Empty()))


def test_a_record_of_another_class_is_another() -> None:
    others: list[object] = [Library(1, 2), Empty(), (1, 2), None]
    assert Point(1, 2) not in others


def test_a_record_prints_as_the_librarys() -> None:
    assert repr(Point(1, 2)).replace("Point", "Library") == repr(Library(1, 2))
    assert (repr(Named("a")), repr(Empty())) == ("a", "Empty()")


def test_a_copy_differs_in_what_is_said() -> None:
    assert replace(Point(1, 2), y=5) == Point(1, 5)
    assert [each.name for each in dataclasses.fields(Point)] == ["x", "y", "seen"]


def test_a_record_has_slots_alone() -> None:
    with pytest.raises(AttributeError):
        object.__setattr__(Point(1), "z", 3)
