"""What the engine remembers so that a loop is not dear, and that it forgets it in time."""

from collections import Counter

import pytest

from rpcnode.vm import equality
from rpcnode.vm.conversions import to_text
from rpcnode.vm.engine import Engine, VmState
from rpcnode.vm.items import Map, StackItem, key_of, primitive_of
from rpcnode.vm.script import Script
from tests.rpcnode.vm.script_text import assemble

TWO_STRUCTS = "20 NEWSTRUCT STSFLD0 20 NEWSTRUCT STSFLD1 "
COMPARE = "LDSFLD0 LDSFLD1 EQUAL "


def executed(words: str) -> Engine:
    engine = Engine()
    engine.load_script(Script(assemble(f"INITSSLOT 0x04 {words}")))
    engine.execute()
    return engine


def results(words: str) -> list[StackItem]:
    engine = executed(words)
    assert engine.state is VmState.HALT, engine.fault
    return engine.results


def test_two_structs_are_looked_at_once_however_often_they_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at = Counter[str]()
    compare = equality._equal

    def counted(left: StackItem, right: StackItem) -> bool:
        looked_at["fields"] += 1
        return compare(left, right)

    monkeypatch.setattr(equality, "_equal", counted)
    structs = "600 NEWSTRUCT STSFLD0 600 NEWSTRUCT STSFLD1 "
    assert results(structs + "LDSFLD0 LDSFLD1 EQUAL ASSERT " * 100) == []
    assert looked_at["fields"] == 600


@pytest.mark.parametrize(
    "change",
    [
        "LDSFLD0 3 7 SETITEM",
        "LDSFLD0 7 APPEND",
        "LDSFLD0 3 REMOVE",
        "LDSFLD0 CLEARITEMS",
        "LDSFLD0 POPITEM DROP",
        "LDSFLD1 3 7 SETITEM",
    ],
)
def test_structs_that_were_equal_are_not_once_one_has_changed(change: str) -> None:
    assert results(f"{TWO_STRUCTS} {COMPARE} {COMPARE} {change} {COMPARE} {COMPARE}") == [True, True, False, False]


def test_structs_that_were_not_equal_are_once_they_have_become_so() -> None:
    first, last = "LDSFLD0 0 7 SETITEM", "LDSFLD1 0 7 SETITEM"
    assert results(f"{TWO_STRUCTS} {first} {COMPARE} {COMPARE} {last} {COMPARE}") == [False, False, True]
    turned = "LDSFLD0 19 8 SETITEM LDSFLD0 REVERSEITEMS LDSFLD1 0 8 SETITEM LDSFLD1 19 7 SETITEM"
    assert results(f"{TWO_STRUCTS} {first} {last} {COMPARE} {turned} {COMPARE}") == [True, True]


def test_a_change_within_a_struct_in_a_struct_is_seen() -> None:
    nested = "20 NEWSTRUCT DUP STSFLD2 1 PACKSTRUCT STSFLD0 20 NEWSTRUCT 1 PACKSTRUCT STSFLD1"
    assert results(f"{nested} {COMPARE} LDSFLD2 0 7 SETITEM {COMPARE}") == [True, False]


@pytest.mark.parametrize("before", ["", "LDSFLD2 LDSFLD3 EQUAL DROP"])
def test_what_is_known_of_nested_structs_counts_against_the_limit_all_the_same(before: str) -> None:
    def holding(times: int, slot: int, inner: int) -> str:
        return f"45 NEWSTRUCT DUP STSFLD{inner} " + "DUP " * (times - 1) + f"{times} PACKSTRUCT STSFLD{slot} "

    # The outer structs, and 46 for each of the inner: 44 times that is 2025, 45 times 2071.
    assert results(f"{holding(44, 0, 2)} {holding(44, 1, 3)} {before} {COMPARE}") == [True]
    fault = executed(f"{holding(45, 0, 2)} {holding(45, 1, 3)} {before} {COMPARE}").fault
    assert str(fault) == "Too many struct items to compare in struct comparison."


@pytest.mark.parametrize("before", ["", "LDSFLD2 LDSFLD3 EQUAL DROP"])
def test_bytes_that_are_known_to_be_equal_count_against_the_limit_all_the_same(before: str) -> None:
    def holding(size: int, slot: int, inner: int) -> str:
        struct = f"{size} NEWBUFFER CONVERT 0x28 " + "PUSHNULL " * 19 + f"20 PACKSTRUCT DUP STSFLD{inner}"
        return f"{struct} DUP 2 PACKSTRUCT STSFLD{slot} "

    # The outer pair and both inner ones take 1 each, every Null too: 65,536 leave twice 32,747 with one over.
    assert results(f"{holding(32747, 0, 2)} {holding(32747, 1, 3)} {before} {COMPARE}") == [True]
    assert executed(f"{holding(32748, 0, 2)} {holding(32748, 1, 3)} {before} {COMPARE}").state is VmState.FAULT


@pytest.mark.parametrize(
    "change",
    [
        "LDSFLD0 5 255 SETITEM",
        "LDSFLD0 5 PUSHDATA1 0x01ff 0 1 MEMCPY",
        "LDSFLD0 REVERSEITEMS",
    ],
)
def test_a_buffer_that_was_text_is_read_again_once_it_has_changed(change: str) -> None:
    # Two bytes that are a character in this order only.
    text = "64 NEWBUFFER DUP 0 PUSHDATA1 0x02c3a9 0 2 MEMCPY STSFLD0"
    check = "PUSHT LDSFLD0 ASSERTMSG"
    assert results(f"{text} {check} {check}") == []
    fault = executed(f"{text} {check} {check} {change} {check}").fault
    assert "Unable to translate bytes" in str(fault)


def test_a_text_is_decoded_once_however_often_it_is_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    decoded = Counter[str]()

    def counted(item: StackItem) -> str:
        decoded["texts"] += 1
        return to_text(item)

    monkeypatch.setattr("rpcnode.vm.ops_flow.to_text", counted)
    assert results("1000 NEWBUFFER CONVERT 0x28 STSFLD0 " + "PUSHT LDSFLD0 ASSERTMSG " * 100) == []
    assert decoded["texts"] == 1


@pytest.mark.parametrize(
    ("change", "keys"),
    [
        ("LDSFLD0 8 1 SETITEM", [7, 8]),
        ("LDSFLD0 7 1 SETITEM", [7]),
        ("LDSFLD0 7 REMOVE", []),
        ("LDSFLD0 9 REMOVE", [7]),
        ("LDSFLD0 CLEARITEMS", []),
        ("LDSFLD0 KEYS 5 APPEND", [7]),
    ],
)
def test_keys_are_those_of_now(change: str, keys: list[StackItem]) -> None:
    engine = executed(f"1 7 1 PACKMAP STSFLD0 LDSFLD0 KEYS DROP {change} LDSFLD0 KEYS UNPACK DROP")
    assert engine.results[::-1] == keys


def test_large_numbers_are_keys_like_any_other() -> None:
    large = 2**61 - 1
    held = f"5 {large} 6 0 2 PACKMAP STSFLD0"
    assert results(f"{held} LDSFLD0 {large} PICKITEM LDSFLD0 0 PICKITEM LDSFLD0 SIZE") == [5, 6, 2]
    assert results(f"{held} LDSFLD0 {large} 7 SETITEM LDSFLD0 {large} PICKITEM LDSFLD0 SIZE") == [7, 2]
    assert results(f"{held} LDSFLD0 {large} REMOVE LDSFLD0 {large} HASKEY LDSFLD0 0 HASKEY") == [False, True]
    assert results(f"{held} LDSFLD0 KEYS 1 PICKITEM") == [large]
    assert results(f"TRY 0x1000 NEWMAP {large} PICKITEM RET NOP NOP NOP ENDTRY 0x02") == [
        b"Key %d not found in Map." % large
    ]


def test_no_script_can_choose_keys_that_share_a_hash() -> None:
    # Python's hash of a number is its remainder by 2**61 - 1: all of these had the hash 1.
    numbers = [1 + turn * (2**61 - 1) for turn in range(1, 101)]
    assert len({hash(key_of(number)) for number in numbers}) == 100
    assert [primitive_of(key_of(number)) for number in numbers] == numbers
    assert [key for key, _ in Map((number, None) for number in numbers).pairs()] == numbers


@pytest.mark.parametrize("count", range(8))
def test_the_top_items_are_reversed_and_none_below_them(count: int) -> None:
    items: list[StackItem] = [1, 2, 3, 4, 5, 6, 7]
    expected = items[: 7 - count] + items[7 - count :][::-1]
    assert results(f"1 2 3 4 5 6 7 {count} REVERSEN") == expected
