"""Witnesses: who is one, by scope, by rule, of a block and of an oracle's response."""

from dataclasses import dataclass, field

import pytest

from rpcnode.execution.context import Context
from rpcnode.execution.contract import Contract
from rpcnode.execution.ledger_view import LedgerView
from rpcnode.execution.serializers.binary import serialize
from rpcnode.execution.snapshot import Snapshot
from rpcnode.execution.witnesses import NULL_REFERENCE, ORACLE_ID, is_witness
from rpcnode.payloads.attribute import OracleResponse, OracleResponseCode, TransactionAttribute
from rpcnode.payloads.block import Block
from rpcnode.payloads.header import Header
from rpcnode.payloads.manifest import Group, Manifest, Method
from rpcnode.payloads.nef import Nef
from rpcnode.payloads.signer import Signer, WitnessScope
from rpcnode.payloads.transaction import Transaction
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
from rpcnode.primitives.errors import VmFault
from rpcnode.primitives.uint import UInt160, UInt256
from rpcnode.vm.items import Array
from tests.oracles.world import Blocks, Rows

ACCOUNT, ENTRY, FIRST, SECOND = (UInt160(bytes((number,)) * 20) for number in range(1, 5))
KEY = ECPoint.parse("02103a7f7dd016558597f7960d27c516a4394fd968b9e65155eb4b013e4040406e")
OTHER_KEY = ECPoint.parse("03b209fd4f53a7170ea4444e0cb0a6bb6a53c2bd016926989cf85f9b0fba17a70c")
WORLD = Snapshot(Rows({}))

MANIFEST = Manifest("Any", (), (Method("main", (), "Void", 0, False),), groups=(Group(KEY, bytes(64)),))
CONTRACTS = {FIRST: Contract(1, 0, FIRST, Nef("test", b"\x40"), MANIFEST)}
"""The first contract belongs to the group of KEY; the second is none."""


def contexts() -> tuple[Context, Context, Context]:
    """The entry script, which called the first contract, which called the second."""
    entry = Context(ENTRY, None, 15, None, WORLD)
    first = Context(FIRST, None, 15, entry, entry)
    return entry, first, Context(SECOND, None, 15, first, first)


@dataclass
class Run:
    """What witnesses see of the engine."""

    container: object
    context: Context
    ledger: LedgerView = field(default_factory=lambda: Blocks([]))
    storage: Snapshot = WORLD
    may_read: bool = True

    @property
    def calling_script_hash(self) -> UInt160 | None:
        return None if self.context.calling is None else self.context.calling.script_hash

    def contract(self, script_hash: UInt160) -> Contract | None:
        return CONTRACTS.get(script_hash)

    def require(self, flags: int) -> None:
        if not self.may_read:
            raise VmFault("flags")


def transaction(*signers: Signer, attributes: tuple[TransactionAttribute, ...] = ()) -> Transaction:
    return Transaction(0, 0, 0, 0, signers, attributes, b"\x40")


def answers(signer: Signer) -> tuple[bool, ...]:
    """Whether the account agrees in the entry script, in the first contract and in the second."""
    return tuple(is_witness(Run(transaction(signer), context), ACCOUNT) for context in contexts())


@pytest.mark.parametrize(
    ("signer", "expected"),
    [
        (Signer(ACCOUNT, WitnessScope.None_), (False, False, False)),
        (Signer(ACCOUNT, WitnessScope.Global), (True, True, True)),
        (Signer(ACCOUNT, WitnessScope.CalledByEntry), (True, True, False)),
        (Signer(ACCOUNT, WitnessScope.CustomContracts, (SECOND, ENTRY)), (True, False, True)),
        (Signer(ACCOUNT, WitnessScope.CustomGroups, (), (OTHER_KEY, KEY)), (False, True, False)),
        (Signer(FIRST, WitnessScope.Global), (False, False, False)),
    ],
    ids=["none", "global", "called by entry", "contracts", "groups", "another account"],
)
def test_a_signature_counts_where_its_scopes_say(signer: Signer, expected: tuple[bool, ...]) -> None:
    assert answers(signer) == expected


ENTRY_ONLY = CalledByEntryCondition()


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (BooleanCondition(True), (True, True, True)),
        (NotCondition(BooleanCondition(True)), (False, False, False)),
        (AndCondition((ENTRY_ONLY, ScriptHashCondition(FIRST))), (False, True, False)),
        (OrCondition((ScriptHashCondition(SECOND), ScriptHashCondition(ENTRY))), (True, False, True)),
        (GroupCondition(KEY), (False, True, False)),
        (CalledByContractCondition(ENTRY), (False, True, False)),
        (CalledByGroupCondition(KEY), (False, False, True)),
        (CalledByGroupCondition(OTHER_KEY), (False, False, False)),
    ],
    ids=["boolean", "not", "and", "or", "group", "called by contract", "called by group", "called by another group"],
)
def test_a_rule_allows_where_its_condition_holds(condition: WitnessCondition, expected: tuple[bool, ...]) -> None:
    rule = WitnessRule(WitnessRuleAction.Allow, condition)
    assert answers(Signer(ACCOUNT, WitnessScope.WitnessRules, rules=(rule,))) == expected


def test_the_first_rule_that_matches_decides() -> None:
    deny = WitnessRule(WitnessRuleAction.Deny, ScriptHashCondition(FIRST))
    allow = WitnessRule(WitnessRuleAction.Allow, BooleanCondition(True))
    assert answers(Signer(ACCOUNT, WitnessScope.WitnessRules, rules=(deny, allow))) == (True, False, True)


def test_the_caller_is_a_witness() -> None:
    assert is_witness(Run(None, contexts()[1]), ENTRY)


def test_groups_cannot_be_asked_for_without_the_right_to_read() -> None:
    signer = Signer(ACCOUNT, WitnessScope.CustomGroups, (), (KEY,))
    with pytest.raises(VmFault, match="flags"):
        is_witness(Run(transaction(signer), contexts()[0], may_read=False), ACCOUNT)


def header(previous_hash: UInt256, index: int = 1) -> Header:
    return Header(previous_hash, UInt256.ZERO, 0, 0, index, 0, ACCOUNT)


def test_a_block_is_witnessed_by_the_account_that_the_one_before_it_names() -> None:
    genesis = Block(header(UInt256.ZERO, 0), ())
    run = Run(Block(header(genesis.hash), ()), contexts()[0], Blocks([genesis]))
    assert (is_witness(run, ACCOUNT), is_witness(run, FIRST)) == (True, False)
    run.may_read = False
    with pytest.raises(VmFault, match="flags"):
        is_witness(run, ACCOUNT)


def test_without_a_container_nobody_agrees() -> None:
    assert not is_witness(Run(None, contexts()[0], may_read=False), ACCOUNT)


def test_an_oracles_response_has_the_signers_of_the_request() -> None:
    asked = transaction(Signer(ACCOUNT, WitnessScope.Global))
    response = OracleResponse(3, OracleResponseCode.Success, b"")
    answered = transaction(Signer(FIRST, WitnessScope.Global), attributes=(response,))
    row = serialize(Array((bytes(asked.hash), 10_000_000, b"url")))
    run = Run(answered, contexts()[0], Blocks([Block(header(UInt256.ZERO, 0), (asked,))]))
    with pytest.raises(VmFault, match=NULL_REFERENCE):
        is_witness(run, ACCOUNT)
    run.storage = Snapshot(Rows({(ORACLE_ID, b"\x07" + (3).to_bytes(8, "big")): row}))
    assert (is_witness(run, ACCOUNT), is_witness(run, FIRST)) == (True, False)
