import pytest
from hypothesis import given

from rpcnode.payloads.witness_rule import (
    AndCondition,
    BooleanCondition,
    CalledByContractCondition,
    CalledByEntryCondition,
    CalledByGroupCondition,
    GroupCondition,
    NotCondition,
    OrCondition,
    ScriptHashCondition,
    WitnessCondition,
    WitnessRule,
    WitnessRuleAction,
)
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.errors import EndOfData, FormatError
from rpcnode.primitives.json import Json
from rpcnode.primitives.uint import UInt160
from tests.rpcnode.payloads.payload_strategies import rules

KEY = "02103a7f7dd016558597f7960d27c516a4394fd968b9e65155eb4b013e4040406e"
GROUP = ECPoint.parse(KEY)
HASH = UInt160(bytes(range(20)))
STORED, DISPLAYED = bytes(range(20)).hex(), "0x" + bytes(range(19, -1, -1)).hex()
TRUE = BooleanCondition(True)


@pytest.mark.parametrize(
    ("condition", "data", "json"),
    [
        # type byte, then: a boolean; a condition; a count and conditions; 20 bytes; 33 bytes; nothing.
        (TRUE, "0001", {"type": "Boolean", "expression": True}),
        (BooleanCondition(False), "0000", {"type": "Boolean", "expression": False}),
        (
            NotCondition(TRUE),
            "010001",
            {"type": "Not", "expression": {"type": "Boolean", "expression": True}},
        ),
        (
            AndCondition((TRUE, CalledByEntryCondition())),
            "0202000120",
            {"type": "And", "expressions": [{"type": "Boolean", "expression": True}, {"type": "CalledByEntry"}]},
        ),
        (
            OrCondition((CalledByEntryCondition(),)),
            "030120",
            {"type": "Or", "expressions": [{"type": "CalledByEntry"}]},
        ),
        (ScriptHashCondition(HASH), "18" + STORED, {"type": "ScriptHash", "hash": DISPLAYED}),
        (GroupCondition(GROUP), "19" + KEY, {"type": "Group", "group": KEY}),
        (CalledByEntryCondition(), "20", {"type": "CalledByEntry"}),
        (CalledByContractCondition(HASH), "28" + STORED, {"type": "CalledByContract", "hash": DISPLAYED}),
        (CalledByGroupCondition(GROUP), "29" + KEY, {"type": "CalledByGroup", "group": KEY}),
    ],
    ids=lambda value: type(value).__name__,
)
def test_conditions_have_neos_bytes_and_json(condition: WitnessCondition, data: str, json: Json) -> None:
    assert condition.serialize().hex() == data
    assert WitnessCondition.parse(bytes.fromhex(data)) == condition
    assert condition.to_json() == json


def test_a_rule_is_an_action_and_a_condition() -> None:
    rule = WitnessRule(WitnessRuleAction.Allow, CalledByEntryCondition())
    assert rule.serialize().hex() == "0120"
    assert WitnessRule.parse(b"\x00\x20").action == WitnessRuleAction.Deny
    assert rule.to_json() == {"action": "Allow", "condition": {"type": "CalledByEntry"}}


@given(rules)
def test_every_rule_comes_back_from_its_bytes(rule: WitnessRule) -> None:
    assert WitnessRule.parse(rule.serialize()) == rule


@pytest.mark.parametrize("data", ["010120", "0201030120", "0102010001"])
def test_conditions_nest_three_levels_deep(data: str) -> None:
    condition = WitnessCondition.parse(bytes.fromhex(data))
    assert condition.nesting == 3
    assert condition.serialize().hex() == data


@pytest.mark.parametrize("data", ["01010120", "020103010120", "01" * 100_000], ids=["not", "and, or, not", "endless"])
def test_a_fourth_level_is_refused(data: str) -> None:
    with pytest.raises(FormatError, match="nest at most 3 levels deep"):
        WitnessCondition.parse(bytes.fromhex(data))


def test_a_rule_of_four_levels_cannot_be_made() -> None:
    with pytest.raises(FormatError, match="nest at most 3 levels deep, got 4"):
        WitnessRule(WitnessRuleAction.Deny, NotCondition(NotCondition(NotCondition(TRUE))))


def test_and_takes_sixteen_conditions() -> None:
    assert WitnessCondition.parse(bytes.fromhex("0210" + "20" * 16)) == AndCondition((CalledByEntryCondition(),) * 16)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("0211" + "20" * 17, r"VarInt value is greater than max: \d+/16"),
        ("0200", "And takes 1 to 16 conditions, got 0"),
        ("0300", "Or takes 1 to 16 conditions, got 0"),
        ("04", "no witness condition has type 0x04"),
        ("0002", "Invalid boolean value: 2"),
        ("19" + "04" + KEY[2:], "begins with 02 or 03"),
    ],
)
def test_a_wrong_condition_is_refused(data: str, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        WitnessCondition.parse(bytes.fromhex(data))


@pytest.mark.parametrize("data", ["", "01", "020220", "18" + STORED[2:], "29" + KEY[2:]])
def test_a_cut_off_condition_is_the_end_of_data(data: str) -> None:
    with pytest.raises(EndOfData):
        WitnessCondition.parse(bytes.fromhex(data))


def test_an_action_is_allow_or_deny() -> None:
    with pytest.raises(FormatError, match=r"0 \(deny\) or 1 \(allow\), got 2"):
        WitnessRule.parse(b"\x02\x20")
