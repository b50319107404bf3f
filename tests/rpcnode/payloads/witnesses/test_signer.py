import pytest
from hypothesis import given

from rpcnode.payloads.signer import Signer, WitnessScope
from rpcnode.payloads.witness_rule import CalledByEntryCondition, WitnessRule, WitnessRuleAction
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.errors import EndOfData, FormatError
from rpcnode.primitives.uint import UInt160
from tests.rpcnode.payloads.payload_strategies import signers

KEY = "02103a7f7dd016558597f7960d27c516a4394fd968b9e65155eb4b013e4040406e"
ACCOUNT = UInt160(b"\xaa" * 20)
CONTRACT = UInt160(bytes(range(20)))
DISPLAYED = "0x" + bytes(range(19, -1, -1)).hex()
RULE = WitnessRule(WitnessRuleAction.Allow, CalledByEntryCondition())


@pytest.mark.parametrize(
    ("signer", "data", "json"),
    [
        # account, scopes, then a count and entries for each of 0x10, 0x20, 0x40 that is set.
        (Signer(ACCOUNT, WitnessScope.None_), "aa" * 20 + "00", {"scopes": "None"}),
        (Signer(ACCOUNT), "aa" * 20 + "01", {"scopes": "CalledByEntry"}),
        (Signer(ACCOUNT, WitnessScope.Global), "aa" * 20 + "80", {"scopes": "Global"}),
        (
            Signer(ACCOUNT, WitnessScope(0x11), allowed_contracts=(CONTRACT,)),
            "aa" * 20 + "11" + "01" + bytes(range(20)).hex(),
            {"scopes": "CalledByEntry, CustomContracts", "allowedcontracts": [DISPLAYED]},
        ),
        (
            Signer(ACCOUNT, WitnessScope(0x20), allowed_groups=(ECPoint.parse(KEY),)),
            "aa" * 20 + "20" + "01" + KEY,
            {"scopes": "CustomGroups", "allowedgroups": [KEY]},
        ),
        (
            Signer(ACCOUNT, WitnessScope(0x40), rules=(RULE,)),
            "aa" * 20 + "40" + "01" + "0120",
            {"scopes": "WitnessRules", "rules": [{"action": "Allow", "condition": {"type": "CalledByEntry"}}]},
        ),
        (
            Signer(ACCOUNT, WitnessScope(0x70), (CONTRACT,), (ECPoint.parse(KEY),), (RULE,)),
            "aa" * 20 + "70" + "01" + bytes(range(20)).hex() + "01" + KEY + "01" + "0120",
            {
                "scopes": "CustomContracts, CustomGroups, WitnessRules",
                "allowedcontracts": [DISPLAYED],
                "allowedgroups": [KEY],
                "rules": [{"action": "Allow", "condition": {"type": "CalledByEntry"}}],
            },
        ),
        (
            Signer(ACCOUNT, WitnessScope(0x10)),
            "aa" * 20 + "10" + "00",
            {"scopes": "CustomContracts", "allowedcontracts": []},
        ),
    ],
)
def test_signers_have_neos_bytes_and_json(signer: Signer, data: str, json: dict[str, object]) -> None:
    expected = {"account": "0x" + "aa" * 20, **json}
    assert signer.serialize().hex() == data
    assert Signer.parse(bytes.fromhex(data)) == signer
    assert signer.to_json() == expected
    assert list(signer.to_json()) == list(expected)


@given(signers())
def test_every_signer_comes_back_from_its_bytes(signer: Signer) -> None:
    assert Signer.parse(signer.serialize()) == signer


@pytest.mark.parametrize("scopes", [0x81, 0x90, 0xC0, 0xF1])
def test_global_stands_alone(scopes: int) -> None:
    with pytest.raises(FormatError, match=f"Global stands alone, got {scopes:#04x}"):
        Signer.parse(b"\xaa" * 20 + bytes([scopes]) + bytes(4))


@pytest.mark.parametrize("scopes", [0x02, 0x04, 0x08])
def test_an_unknown_scope_is_refused(scopes: int) -> None:
    with pytest.raises(FormatError, match=f"unknown witness scopes {scopes:#04x}"):
        Signer.parse(b"\xaa" * 20 + bytes([scopes]))


@pytest.mark.parametrize(("scope", "entry"), [("10", "bb" * 20), ("20", KEY), ("40", "0120")])
def test_a_scope_takes_sixteen_entries(scope: str, entry: str) -> None:
    assert Signer.parse(bytes.fromhex("aa" * 20 + scope + "10" + entry * 16)).scopes == int(scope, 16)
    with pytest.raises(FormatError, match=r"VarInt value is greater than max: \d+/16"):
        Signer.parse(bytes.fromhex("aa" * 20 + scope + "11" + entry * 17))


def test_a_signer_with_seventeen_entries_cannot_be_made() -> None:
    with pytest.raises(FormatError, match="CustomContracts takes at most 16 entries, got 17"):
        Signer(ACCOUNT, WitnessScope.CustomContracts, (CONTRACT,) * 17)


def test_entries_without_their_scope_cannot_be_made() -> None:
    with pytest.raises(FormatError, match="CustomContracts is not set, its list has 1 entries"):
        Signer(ACCOUNT, WitnessScope.CalledByEntry, (CONTRACT,))


@pytest.mark.parametrize("data", ["aa" * 20, "aa" * 20 + "10", "aa" * 20 + "1002" + "bb" * 39])
def test_a_cut_off_signer_is_the_end_of_data(data: str) -> None:
    with pytest.raises(EndOfData):
        Signer.parse(bytes.fromhex(data))
