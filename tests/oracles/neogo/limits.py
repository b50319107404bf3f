"""What is undone when a called contract throws, natives' changes among it, and what a run may reach at most."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from rpcnode.execution.native_hashes import CONTRACT_MANAGEMENT, CRYPTO_LIB, GAS, NEO, NOTARY, POLICY, STD_LIB
from rpcnode.payloads.flags import CallFlags
from rpcnode.payloads.nef import MethodToken
from rpcnode.payloads.signer import WitnessScope
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.opcode import Opcode
from rpcnode.vm.script_builder import Pushable, ScriptBuilder
from tests.oracles.neogo.code import ALL_FLAGS, Built, Code, built
from tests.oracles.neogo.people import Key
from tests.oracles.neogo.teller import ONE_GAS, Teller
from tests.oracles.neogo.votes import Action, committee_action, register
from tests.oracles.neogo.weaving.contracts import random_contract

CALL: Final = ("Hash160", "String", "Array", "Integer")
_TOKENS: Final = (
    MethodToken(STD_LIB, "itoa", 1, True, CallFlags.All),
    MethodToken(CRYPTO_LIB, "sha256", 1, True, CallFlags.None_),
    MethodToken(GAS, "transfer", 4, True, CallFlags.All),
    MethodToken(NEO, "missing", 0, False, CallFlags.All),
    MethodToken(STD_LIB, "itoa", 2, False, CallFlags.All),
)


@dataclass(frozen=True)
class Pair:
    """One contract that does what it is told and may then throw, and one that calls it and catches."""

    doer: UInt160
    trier: UInt160

    def script(self, contract: UInt160, method: str, args: Sequence[Pushable], then: int) -> bytes:
        """Calls a method by way of both; `then` 1: throw; 2: fail an assertion; else nothing."""
        given: list[Pushable] = [self.doer, contract, method, args, then]
        return ScriptBuilder().call(self.trier, "tries", given).to_bytes()


def rollbacks(teller: Teller) -> None:
    """Native contracts and random ones are changed by calls that are undone."""
    teller.open(neo=6_000_000)
    rng, owner = teller.rng, teller.users[0]
    pair = Pair(*(_deployed(teller, made, owner) for made in (_doer(), _trier())))
    edge = _deployed(teller, _edges(), owner)
    _set(teller, (NEO, "setRegisterPrice", [20 * ONE_GAS]))
    blockable = [user.account for user in teller.users]
    for user in teller.users[:4]:
        register(teller, user, user)
    teller.settle()
    here: list[UInt160] = []
    for round_number in range(32):
        for number in range(4):
            people = rng.sample([*teller.users], 3)
            script = b"".join(
                pair.script(*_act(teller, people, here, f"{round_number}.{number}.{more}"), rng.choice((0, 1, 1, 1, 3)))
                for more in range(rng.randrange(1, 4))
            )
            if rng.random() < 0.1:
                script += pair.script(NEO, "vote", [people[0].account, None], 2)
            script += _looked_at(rng, teller.users)
            teller.send(script, [*people, teller.committee], fee=60, network_fee=2, label="undone")
        if round_number % 4 == 0:
            made = random_contract(rng, f"here{round_number}", teller.users, [*here], {"transfer": 4})
            here.append(_deployed(teller, made, owner))
        for _ in range(3):
            _at_the_edge(teller, edge)
        teller.settle()
        _set(teller, *((POLICY, "unblockAccount", [account]) for account in (*blockable, edge, pair.doer, pair.trier)))


def _set(teller: Teller, *actions: Action) -> None:
    """Lets the committee do these, whoever is blocked."""
    builder = ScriptBuilder()
    for contract, method, args in actions:
        builder.call(contract, method, args)
    people = [teller.bank, teller.committee]
    teller.send(builder.to_bytes(), people, fee=5, scope=WitnessScope.Global, label="committee")
    teller.settle()


def _deployed(teller: Teller, made: Built, owner: Key) -> UInt160:
    teller.send(made.deployment(), [owner], fee=25, network_fee=2, label="deploy")
    teller.settle()
    return made.hash_of(owner.account)


def _act(teller: Teller, people: Sequence[Key], here: Sequence[UInt160], name: str) -> Action:
    """Something that changes the state. `people` sign: registerCandidate of neo-go takes a key that has not signed."""
    rng = teller.rng
    user, other = rng.choice(people), rng.choice(teller.users)
    chance = rng.random()
    if chance < 0.25:
        return committee_action(rng, [*teller.keys.values()], teller.users, here)
    if chance < 0.35:
        return NEO, "vote", [user.account, rng.choice((other.public, None))]
    if chance < 0.45:
        return NEO, rng.choice(("registerCandidate", "unregisterCandidate")), [user.public]
    if chance < 0.6:
        to = rng.choice((other.account, *here))
        return rng.choice((NEO, GAS)), "transfer", [user.account, to, rng.choice((0, 1, 1000, 10**6)), None]
    if chance < 0.68:
        till = teller.node.height + rng.choice((5, 30))
        return GAS, "transfer", [user.account, NOTARY, rng.choice((1, 30)) * 10_000_000, [None, till]]
    if chance < 0.74:
        if rng.random() < 0.5:
            return NOTARY, "withdraw", [user.account, rng.choice((None, other.account))]
        return NOTARY, "lockDepositUntil", [user.account, rng.choice((1, 100, 200))]
    if chance < 0.86 or not here:
        made = random_contract(rng, f"made{name}", teller.users, [*here], size=1)
        return CONTRACT_MANAGEMENT, "deploy", [made.nef.serialize(), made.manifest_text, None]
    if chance < 0.92:
        return rng.choice([*here]), "destroy", []
    return rng.choice([*here]), rng.choice(("m0", "m1", "m2")), [rng.randrange(3)]


def _looked_at(rng: Random, users: Sequence[Key]) -> bytes:
    """What natives say afterwards: their caches are undone too."""
    user = rng.choice(users)
    builder = ScriptBuilder()
    for contract, method, args in (
        *((POLICY, name, []) for name in ("getFeePerByte", "getExecPicoFeeFactor", "getStoragePrice")),
        *((NEO, name, []) for name in ("getGasPerBlock", "getRegisterPrice")),
        (POLICY, "isBlocked", [user.account]),
        (NEO, "getAccountState", [user.account]),
        (GAS, "balanceOf", [user.account]),
        (NOTARY, "expirationOf", [user.account]),
        (CONTRACT_MANAGEMENT, "getMinimumDeploymentFee", []),
    ):
        builder.call(contract, method, args)
    return builder.to_bytes()


def _doer() -> Built:
    """`does(contract, method, args, then)`."""
    code = Code().label("does").slots(arguments=4)
    code.push("before").push("state").syscall("System.Storage.GetContext").syscall("System.Storage.Put")
    code.op(Opcode.LDARG2).push(ALL_FLAGS).op(Opcode.LDARG1, Opcode.LDARG0).syscall("System.Contract.Call")
    code.op(Opcode.DROP).value([7]).push("Done").syscall("System.Runtime.Notify")
    code.op(Opcode.LDARG3).push(1).jump(Opcode.JMPNE_L, "no throw").push("undo").op(Opcode.THROW).label("no throw")
    code.op(Opcode.LDARG3).push(2).op(Opcode.NUMNOTEQUAL, Opcode.ASSERT)
    code.push("after").push("state").syscall("System.Storage.GetContext").syscall("System.Storage.Put").op(Opcode.RET)
    return built("doer", code, [("does", "does", CALL, "Void")], events=[("Done", ("Integer",))])


def _trier() -> Built:
    """`tries(doer, contract, method, args, then)`; 3: throws too, and catches that."""
    code = Code().label("tries").slots(arguments=5, variables=1).attempt("outer", "last").attempt("inner")
    code.op(Opcode.LDARG4, Opcode.LDARG3, Opcode.LDARG2, Opcode.LDARG1).push(4).op(Opcode.PACK).push(ALL_FLAGS)
    code.push("does").op(Opcode.LDARG0).syscall("System.Contract.Call").op(Opcode.DROP)
    code.op(Opcode.LDARG4).push(3).jump(Opcode.JMPNE_L, "fine").push("mine").op(Opcode.THROW).label("fine")
    code.jump(Opcode.ENDTRY_L, "done").label("inner").op(Opcode.DROP)
    code.value([1]).push("Caught").syscall("System.Runtime.Notify")
    code.op(Opcode.LDARG2).push("last").syscall("System.Storage.GetContext").syscall("System.Storage.Put")
    code.push("again").op(Opcode.THROW)
    code.label("done").jump(Opcode.ENDTRY_L, "end")
    code.label("outer").op(Opcode.STLOC0).jump(Opcode.ENDTRY_L, "end")
    code.label("last").op(Opcode.PUSHNULL).syscall("System.Runtime.GetNotifications").op(Opcode.SIZE)
    code.push("events").syscall("System.Storage.GetContext").syscall("System.Storage.Put").op(Opcode.ENDFINALLY)
    code.label("end").op(Opcode.RET)
    methods = [("tries", "tries", ("Hash160", *CALL), "Void")]
    return built("trier", code, methods, events=[("Caught", ("Integer",))])


# The edges


def _edges() -> Built:
    """Methods that go as far as they are told."""
    code = Code()
    code.label("deep").slots(arguments=1).op(Opcode.LDARG0).push(0).jump(Opcode.JMPLE_L, "deepest")
    code.op(Opcode.LDARG0, Opcode.DEC).push(1).op(Opcode.PACK).push(ALL_FLAGS).push("deep")
    code.syscall("System.Runtime.GetExecutingScriptHash").syscall("System.Contract.Call").op(Opcode.INC, Opcode.RET)
    code.label("deepest").op(Opcode.PUSH0, Opcode.RET)
    code.label("many").slots(arguments=1).label("again").op(Opcode.LDARG0, Opcode.PUSH1, Opcode.PACK).push("Number")
    code.syscall("System.Runtime.Notify").op(Opcode.LDARG0, Opcode.DEC, Opcode.DUP, Opcode.STARG0)
    code.jump(Opcode.JMPIF_L, "again").op(Opcode.PUSH0, Opcode.RET)
    code.label("large").slots(arguments=1).op(Opcode.LDARG0, Opcode.NEWBUFFER).convert(0x28).push("large")
    code.syscall("System.Storage.GetContext").syscall("System.Storage.Put").op(Opcode.PUSH0, Opcode.RET)
    code.label("wide").slots(arguments=1).op(Opcode.LDARG0, Opcode.NEWARRAY, Opcode.DUP, Opcode.VALUES)
    code.op(Opcode.SIZE, Opcode.NIP, Opcode.RET)
    code.label("inner").slots(arguments=1).op(Opcode.LDARG0).label("call").op(Opcode.DEC, Opcode.DUP)
    code.jump(Opcode.JMPIFNOT_L, "called").call("call").label("called").op(Opcode.RET)
    code.label("tokens").slots(arguments=1)
    for number in range(len(_TOKENS)):
        code.op(Opcode.LDARG0).push(number).jump(Opcode.JMPNE_L, f"not {number}")
        for value in (("data", 1, GAS, NEO) if number == 2 else (10, 255))[-(_TOKENS[number].parameter_count or 1) :]:
            code.value(value)
        code.token(number).op(Opcode.RET).label(f"not {number}")
    code.op(Opcode.PUSH0, Opcode.RET)
    methods = [(name, name, ("Integer",), "Any") for name in ("deep", "many", "large", "wide", "inner", "tokens")]
    return built("edges", code, methods, tokens=_TOKENS, events=[("Number", ("Integer",))])


def _at_the_edge(teller: Teller, edge: UInt160) -> None:
    # Not 65,535 bytes: neo-go 0.120 hashes such a row with a length of five bytes (PutVarUint), neo-cli of three.
    rng = teller.rng
    method, number = rng.choice(
        (
            *(("deep", depth) for depth in (10, 300, 1021, 1022, 1023, 1024)),
            *(("many", count) for count in (1, 500, 511, 512, 513)),
            *(("large", size) for size in (0, 1000, 65534, 65536, 131070, 131071)),
            *(("wide", size) for size in (0, 500, 1000, 1010, 1020, 2000, 2048, 2049)),
            *(("inner", depth) for depth in (5, 1022, 1023, 1024)),
            *(("tokens", number) for number in range(len(_TOKENS) + 1)),
        )
    )
    script = ScriptBuilder().call(edge, method, [number]).to_bytes()
    teller.send(script, [rng.choice(teller.users)], fee=70, label=f"edge {method}")
