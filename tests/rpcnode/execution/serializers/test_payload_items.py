"""Blocks, transactions, signers and rules as stack items."""

import json

import pytest

from rpcnode.execution.serializers.item_json import item_to_json
from rpcnode.execution.serializers.payload_items import signer_item
from rpcnode.payloads.signer import Signer, WitnessScope
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
    WitnessRule,
    WitnessRuleAction,
)
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.uint import UInt160

ACCOUNT = UInt160.parse("0x899bf42a7a259f2ddea1d16861f58920470c7b57")
CONTRACT = UInt160.parse("0xcfeab53ca9606708edcebbf00fad335fffe40275")
GROUP = ECPoint.parse("02b49a36fbca62392865f627f373e08eb5ec3ba999a3b3349a155d57aa792e560d")
ALLOW, DENY = WitnessRuleAction.Allow, WitnessRuleAction.Deny

ACCOUNT_TEXT, CONTRACT_TEXT = "V3sMRyCJ9WFo0aHeLZ8leir0m4k=", "dQLk/18zrQ/wu87tCGdgqTy16s8="
GROUP_TEXT = "ArSaNvvKYjkoZfYn83PgjrXsO6mZo7M0mhVdV6p5LlYN"


def ruled(*rules: WitnessRule) -> Signer:
    return Signer(ACCOUNT, WitnessScope.WitnessRules, rules=rules)


# What System.Runtime.CurrentSigners gave on neo-cli 3.10.2, network 42, block 163; see `shortened` for the form.
@pytest.mark.parametrize(
    ("signer", "recorded"),
    [
        (Signer(UInt160.ZERO, WitnessScope.None_), ["AAAAAAAAAAAAAAAAAAAAAAAAAAA=", 0, [], [], []]),
        (Signer(ACCOUNT, WitnessScope.Global), [ACCOUNT_TEXT, 128, [], [], []]),
        (
            Signer(ACCOUNT, WitnessScope.CustomContracts | WitnessScope.CalledByEntry, allowed_contracts=(CONTRACT,)),
            [ACCOUNT_TEXT, 17, [CONTRACT_TEXT], [], []],
        ),
        (
            Signer(ACCOUNT, WitnessScope.CustomGroups, allowed_groups=(GROUP,)),
            [ACCOUNT_TEXT, 32, [], [GROUP_TEXT], []],
        ),
        (ruled(WitnessRule(ALLOW, CalledByEntryCondition())), [ACCOUNT_TEXT, 64, [], [], [[1, [32]]]]),
        (
            ruled(WitnessRule(DENY, ScriptHashCondition(CONTRACT)), WitnessRule(ALLOW, BooleanCondition(True))),
            [ACCOUNT_TEXT, 64, [], [], [[0, [24, CONTRACT_TEXT]], [1, [0, True]]]],
        ),
        (
            ruled(WitnessRule(ALLOW, CalledByContractCondition(CONTRACT))),
            [ACCOUNT_TEXT, 64, [], [], [[1, [40, CONTRACT_TEXT]]]],
        ),
        (
            ruled(WitnessRule(ALLOW, OrCondition((GroupCondition(GROUP), CalledByGroupCondition(GROUP))))),
            [ACCOUNT_TEXT, 64, [], [], [[1, [3, [[25, GROUP_TEXT], [41, GROUP_TEXT]]]]]],
        ),
        (
            ruled(WitnessRule(ALLOW, NotCondition(AndCondition((CalledByEntryCondition(), BooleanCondition(True)))))),
            [ACCOUNT_TEXT, 64, [], [], [[1, [1, [2, [[32], [0, True]]]]]]],
        ),
    ],
    ids=["none", "global", "contracts", "groups", "entry", "two rules", "contract", "or", "not and"],
)
def test_a_signer_is_the_item_that_neo_cli_gives(signer: Signer, recorded: object) -> None:
    assert shortened(item_to_json(signer_item(signer))) == recorded


def shortened(item: object) -> object:
    """An item's JSON without the names of types: lists, numbers, Base64."""
    read = json.loads(json.dumps(item))
    value = read["value"]
    if read["type"] == "Array":
        return [shortened(element) for element in value]
    return int(value) if read["type"] == "Integer" else value
