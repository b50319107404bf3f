"""Notary, oracle, attributes, and signers of all scopes."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from rpcnode.execution.native_hashes import GAS, NOTARY, ORACLE, ROLE_MANAGEMENT
from rpcnode.payloads.account_scripts import ACCOUNT_SCRIPTS
from rpcnode.payloads.attribute import (
    Conflicts,
    HighPriority,
    NotaryAssisted,
    NotValidBefore,
    OracleResponse,
    OracleResponseCode,
)
from rpcnode.payloads.signer import Signer, WitnessScope
from rpcnode.payloads.witness import Witness
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
from rpcnode.primitives.hashes import hash160
from rpcnode.primitives.keys import sign
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.opcode import Opcode
from rpcnode.vm.script_builder import Pushable, ScriptBuilder
from tests.oracles.neogo.code import Code
from tests.oracles.neogo.people import Contracted, Draft, Key, Person, Together
from tests.oracles.neogo.storms import Deployed, call, deploy, fund
from tests.oracles.neogo.teller import Teller
from tests.oracles.neogo.votes import set_
from tests.oracles.neogo.weaving.contracts import random_contract, random_script

WITNESSES: Final = {"witness": 10, "call": 6, "recurse": 3, "flags": 2, "caller": 3}
ANYBODY: Final = Contracted(UInt160(hash160(b"\x11")), Witness(b"", b"\x11"))
"""The account that PUSH1 opens."""

_FINISH: Final = ScriptBuilder().call(ORACLE, "finish", []).to_bytes()


@dataclass(frozen=True)
class NotaryNode:
    """The account of the Notary contract, for whom a designated key signs."""

    key: Key
    account: UInt160 = NOTARY

    def witness(self, message: bytes) -> Witness:
        """Its signature, which Notary's verify takes."""
        return Witness(ACCOUNT_SCRIPTS["n3"].invocation((sign(self.key.private, message),)), b"")


def services(teller: Teller) -> None:
    """Deposits, notary-assisted transactions, oracle requests and responses, conflicts, scopes and rules."""
    teller.open()
    rng, owners = teller.rng, Deployed()
    keys = [*teller.keys.values()]
    notary, oracle = keys[1], Together(1, (keys[2],))
    set_(teller, ROLE_MANAGEMENT, "designateAsRole", [32, [notary.public]])
    set_(teller, ROLE_MANAGEMENT, "designateAsRole", [8, [keys[2].public]])
    deploy(teller, owners, "services", 6, WITNESSES)
    asking = _asking(teller)
    answered = set[int]()
    for _ in range(30):
        for _ in range(3):
            _signed_by_scope(teller, owners)
        _deposits(teller)
        _assisted(teller, NotaryNode(notary), owners)
        _attributes(teller)
        _request(teller, asking)
        _respond(teller, oracle, answered)
        call(teller, owners, WITNESSES)
        if rng.random() < 0.1:
            set_(teller, ROLE_MANAGEMENT, "designateAsRole", [8, [keys[2].public]])
        teller.settle()


# Who signs, and how far


def _rule(rng: Random, teller: Teller, owners: Sequence[UInt160], levels: int = 2) -> WitnessCondition:
    group = rng.choice(teller.users).public
    contract = rng.choice([*owners, GAS]) if owners else GAS
    choice = rng.randrange(9 if levels else 6)
    match choice:
        case 0:
            return BooleanCondition(rng.random() < 0.5)
        case 1:
            return ScriptHashCondition(contract)
        case 2:
            return GroupCondition(group)
        case 3:
            return CalledByEntryCondition()
        case 4:
            return CalledByContractCondition(contract)
        case 5:
            return CalledByGroupCondition(group)
        case 6:
            return NotCondition(_rule(rng, teller, owners, levels - 1))
        case _:
            kind = AndCondition if choice == 7 else OrCondition
            return kind(tuple(_rule(rng, teller, owners, levels - 1) for _ in range(rng.randrange(1, 4))))


def _signer(rng: Random, teller: Teller, account: UInt160, owners: Sequence[UInt160]) -> Signer:
    if rng.random() < 0.15:
        return Signer(account, rng.choice((WitnessScope.Global, WitnessScope.None_)))
    scopes = WitnessScope.None_
    contracts: tuple[UInt160, ...] = ()
    groups: Any = ()
    rules: tuple[WitnessRule, ...] = ()
    if rng.random() < 0.4:
        scopes |= WitnessScope.CalledByEntry
    if rng.random() < 0.4 and owners:
        scopes |= WitnessScope.CustomContracts
        contracts = tuple(rng.sample([*owners], min(2, len(owners))))
    if rng.random() < 0.4:
        scopes |= WitnessScope.CustomGroups
        groups = tuple(user.public for user in rng.sample([*teller.users], 2))
    if rng.random() < 0.5:
        scopes |= WitnessScope.WitnessRules
        actions = (WitnessRuleAction.Allow, WitnessRuleAction.Allow, WitnessRuleAction.Deny)
        rules = tuple(WitnessRule(rng.choice(actions), _rule(rng, teller, owners)) for _ in range(rng.randrange(1, 4)))
    return Signer(account, scopes, contracts, groups, rules)


def _signed_by_scope(teller: Teller, owners: Deployed) -> None:
    rng = teller.rng
    people: list[Person] = [*rng.sample([*teller.users], rng.randrange(1, 5))]
    if rng.random() < 0.3:
        people.append(ANYBODY)
    if owners and rng.random() < 0.3:
        people.append(Contracted(rng.choice([*owners])))
    if rng.random() < 0.3:
        people.append(teller.committee)
    signers = [_signer(rng, teller, person.account, [*owners]) for person in people]
    script = random_script(rng, teller.users, [*owners], calls=2, snippets=3, weights=WITNESSES)
    teller.send(script, people, signers=signers, fee=rng.choice((0.5, 2)), network_fee=3, label="scopes")


# Notary


def _deposits(teller: Teller) -> None:
    rng = teller.rng
    user, other = rng.choice(teller.users), rng.choice(teller.users)
    height = teller.node.height
    builder = ScriptBuilder()
    match rng.randrange(5):
        case 0 | 1:
            to = rng.choice((None, other.account, user.account))
            till = height + rng.choice((1, 5, 20, 20, 50, 400))
            amount = rng.choice((1, 2, 10, 50, 200)) * 10_000_000
            builder.call(GAS, "transfer", [user.account, NOTARY, amount, [to, till]])
        case 2:
            builder.call(NOTARY, "lockDepositUntil", [user.account, height + rng.choice((-5, 3, 60))])
        case 3:
            builder.call(NOTARY, "withdraw", [user.account, rng.choice((None, other.account))])
        case _:
            builder.call(NOTARY, "balanceOf", [user.account]).call(NOTARY, "expirationOf", [user.account])
            builder.call(NOTARY, "getMaxNotValidBeforeDelta", [])
    teller.send(builder.to_bytes(), [user], fee=1, label="deposit")


def _assisted(teller: Teller, notary: NotaryNode, owners: Deployed) -> None:
    """Paid by the user, or out of the user's deposit."""
    rng = teller.rng
    user = rng.choice(teller.users)
    script = random_script(rng, teller.users, [*owners], calls=1, snippets=1)
    people: list[Any] = [user, notary] if rng.random() < 0.5 else [notary, user]
    signers = [
        Signer(person.account, WitnessScope.None_ if person is notary else WitnessScope.CalledByEntry)
        for person in people
    ]
    attributes = [NotaryAssisted(rng.randrange(3))]
    teller.send(script, people, signers=signers, attributes=attributes, fee=0.05, network_fee=0.5, label="assisted")


# Attributes


def _attributes(teller: Teller) -> None:
    rng = teller.rng
    user = rng.choice(teller.users)
    script = random_script(rng, teller.users, [], snippets=2)
    match rng.randrange(4):
        case 0:
            teller.send(script, [user, teller.committee], attributes=[HighPriority()], label="high priority")
        case 1:
            before = NotValidBefore(teller.node.height + rng.choice((0, 0, 3)))
            teller.send(script, [user], attributes=[before], label="not valid before")
        case _:
            first = teller.draft(script, [user], label="outbid")
            made = teller.signed(first)
            hurried = rng.random() < 0.6
            if hurried:
                teller.send_draft(first, made)
            rival = teller.draft(b"\x11", [user], attributes=[Conflicts(made.hash)], network_fee=2, label="conflicts")
            teller.send_draft(rival)
            if not hurried:
                teller.settle()
                teller.send_draft(first, made)


# Oracle


def _asking(teller: Teller) -> UInt160:
    """A contract that asks the oracle and takes the answer in several ways."""
    rng, owner = teller.rng, teller.users[0]

    def more(code: Code) -> list[tuple[str, str, Sequence[str], str]]:
        code.label("ask").slots(arguments=5).op(Opcode.LDARG4, Opcode.LDARG3, Opcode.LDARG2, Opcode.LDARG1)
        code.op(Opcode.LDARG0).contract(ORACLE, "request", 5).op(Opcode.DROP, Opcode.RET)
        rows: list[tuple[str, str, Sequence[str], str]] = [
            ("ask", "ask", ("String", "Any", "String", "Any", "Integer"), "Void")
        ]
        taking = ("String", "Any", "Integer", "ByteArray")
        code.label("kept").slots(arguments=4).op(Opcode.LDARG3).push("result").syscall("System.Storage.GetContext")
        code.syscall("System.Storage.Put").op(Opcode.LDARG2).push("code").syscall("System.Storage.GetContext")
        code.syscall("System.Storage.Put").op(Opcode.LDARG1, Opcode.PUSH1, Opcode.PACK).push("List")
        code.op(Opcode.DROP, Opcode.DROP, Opcode.RET)
        code.label("thrown").slots(arguments=4).push("no").op(Opcode.THROW)
        code.label("again").slots(arguments=4).push(10_000_000).op(Opcode.PUSHNULL).push("kept").op(Opcode.PUSHNULL)
        code.op(Opcode.LDARG0).contract(ORACLE, "request", 5).op(Opcode.DROP, Opcode.RET)
        return rows + [(name, name, taking, "Void") for name in ("kept", "thrown", "again")]

    made = random_contract(
        rng, "asking", teller.users, [], size=1, extra=more, permissions=[{"contract": "*", "methods": "*"}]
    )
    teller.send(made.deployment(), [owner], fee=25, network_fee=2, label="deploy")
    teller.settle()
    fund(teller, made.hash_of(owner.account))
    return made.hash_of(owner.account)


def _request(teller: Teller, asking: UInt160) -> None:
    rng = teller.rng
    callback = "_deploy" if rng.random() < 0.05 else rng.choice(("kept", "kept", "thrown", "again", "nothing"))
    url = rng.choice(("https://example.org", "neofs:x", "", "u" * 256, "u" * 257 if rng.random() < 0.1 else "u"))
    given: tuple[Pushable, ...] = (None, 5, b"x", [1, b"y"])
    data = b"z" * 600 if rng.random() < 0.05 else rng.choice(given)
    gas = 9_999_999 if rng.random() < 0.05 else rng.choice((10_000_000, 20_000_000, 100_000_000))
    pattern = "f" * 129 if rng.random() < 0.05 else rng.choice((None, "$.a", "f" * 128))
    builder = ScriptBuilder()
    for _ in range(rng.randrange(1, 3)):
        builder.call(asking, "ask", [url, pattern, callback, data, gas])
    teller.send(builder.to_bytes(), [rng.choice(teller.users)], fee=5, label="ask the oracle")


def _respond(teller: Teller, oracle: Together, answered: set[int]) -> None:
    """Answers requests that are open, by the events of the last blocks; also one that is not."""
    rng = teller.rng
    for number, gas in _requests(teller).items():
        if number in answered or rng.random() < 0.3:
            continue
        answered.add(number)
        code = rng.choice((OracleResponseCode.Success, *OracleResponseCode))
        result = rng.randbytes(rng.randrange(50)) if code is OracleResponseCode.Success else b""
        signers = (Signer(ORACLE, WitnessScope.None_), Signer(oracle.account, WitnessScope.None_))
        network_fee = 5_000_000
        draft = Draft(
            _FINISH,
            signers,
            (Contracted(ORACLE), oracle),
            gas - network_fee,
            network_fee,
            (OracleResponse(number, code, result),),
            "oracle response",
        )
        teller.send_draft(draft)


def _requests(teller: Teller) -> dict[int, int]:
    """Open requests: id and GAS for the response, from Oracle's storage."""
    from base64 import b64decode

    from rpcnode.execution.serializers.binary import deserialize
    from rpcnode.vm.items import Array

    root = teller.node.ask("getstateroot", teller.node.height - 1)["roothash"]
    page = teller.node.ask("findstates", root, str(ORACLE), "Bw==")
    found = {}
    for row in page["results"]:
        fields = deserialize(b64decode(row["value"]))
        assert isinstance(fields, Array)
        gas = fields.items[1]
        assert isinstance(gas, int)
        found[int.from_bytes(b64decode(row["key"])[1:], "big")] = gas
    return found
