"""Two hundred invocations: what wallets, tokens and tests do, with good arguments and bad ones."""

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

from rpcnode.execution.native_hashes import (
    CONTRACT_MANAGEMENT,
    CRYPTO_LIB,
    GAS,
    LEDGER,
    NEO,
    NOTARY,
    ORACLE,
    POLICY,
    ROLE_MANAGEMENT,
    STD_LIB,
)
from rpcnode.payloads.attribute import Conflicts, HighPriority, NotValidBefore, TransactionAttribute
from rpcnode.payloads.signer import Signer, WitnessScope
from rpcnode.payloads.witness import Witness
from rpcnode.payloads.witness_rule import CalledByEntryCondition, NotCondition, WitnessRule, WitnessRuleAction
from rpcnode.primitives.hashes import hash160
from rpcnode.primitives.uint import UInt160, UInt256
from rpcnode.vm.opcode import Opcode
from rpcnode.vm.script_builder import Pushable, ScriptBuilder
from tests.oracles.neogo.code import Built, Code, built
from tests.oracles.neogo.people import Contracted, Person, Together
from tests.oracles.neogo.teller import ONE_GAS, Teller

COUNT: Final = 200
_BATCH: Final = 20
_PUSH1: Final = b"\x11"
_ANYBODY: Final = Contracted(UInt160(hash160(_PUSH1)), Witness(b"", _PUSH1))


class Invocation(NamedTuple):
    """A transaction in the making."""

    label: str
    script: bytes
    people: Sequence[Person]
    fee: float = 1
    signers: Sequence[Signer] | None = None
    attributes: Sequence[TransactionAttribute] = ()


def shop() -> Built:
    """A contract that stores, tells, asks who signs, throws, catches, calls itself and others, and can be paid."""
    code = Code()
    methods: list[tuple[str, str, Sequence[str], str]] = []

    def method(name: str, types: Sequence[str], returned: str) -> Code:
        methods.append((name, name, types, returned))
        code.label(name)
        return code.slots(arguments=len(types), variables=2) if types else code

    method("put", ("Any", "Any"), "Void").op(Opcode.LDARG1, Opcode.LDARG0).syscall("System.Storage.GetContext")
    code.syscall("System.Storage.Put").op(Opcode.LDARG1, Opcode.LDARG0, Opcode.PUSH2, Opcode.PACK).push("Stored")
    code.syscall("System.Runtime.Notify").op(Opcode.RET)
    method("get", ("Any",), "Any").op(Opcode.LDARG0).syscall("System.Storage.GetContext")
    code.syscall("System.Storage.Get").op(Opcode.RET)
    method("erase", ("Any",), "Void").op(Opcode.LDARG0).syscall("System.Storage.GetContext")
    code.syscall("System.Storage.Delete").op(Opcode.RET)
    method("who", ("Any",), "Boolean").op(Opcode.LDARG0).syscall("System.Runtime.CheckWitness").op(Opcode.RET)
    method("thrown", ("Any",), "Any").attempt("caught").op(Opcode.LDARG0, Opcode.THROW).label("caught")
    code.op(Opcode.STLOC0).jump(Opcode.ENDTRY_L, "over").label("over").op(Opcode.LDLOC0, Opcode.RET)
    method("throws", ("Any",), "Void").op(Opcode.LDARG0, Opcode.THROW)
    method("aborts", ("Any",), "Void").op(Opcode.LDARG0, Opcode.ABORTMSG)
    method("burns", ("Integer",), "Integer").op(Opcode.LDARG0).syscall("System.Runtime.BurnGas")
    code.syscall("System.Runtime.GasLeft").op(Opcode.RET)
    method("log", ("Any",), "Void").op(Opcode.LDARG0).syscall("System.Runtime.Log").op(Opcode.RET)
    method("passes", ("Hash160", "String", "Array"), "Any").op(Opcode.LDARG2).push(15)
    code.op(Opcode.LDARG1, Opcode.LDARG0).syscall("System.Contract.Call").op(Opcode.RET)
    method("tries", ("Hash160", "String", "Array"), "Any").attempt("failed").op(Opcode.LDARG2).push(15)
    code.op(Opcode.LDARG1, Opcode.LDARG0).syscall("System.Contract.Call").op(Opcode.STLOC0)
    code.jump(Opcode.ENDTRY_L, "done").label("failed").op(Opcode.STLOC0).jump(Opcode.ENDTRY_L, "done")
    code.label("done").op(Opcode.LDLOC0, Opcode.RET)
    method("loops", ("Integer",), "Integer").label("again").op(Opcode.LDARG0, Opcode.DEC, Opcode.STARG0, Opcode.LDARG0)
    code.jump(Opcode.JMPIF_L, "again").op(Opcode.LDARG0, Opcode.RET)
    method("seen", (), "Any").syscall("System.Runtime.GetTrigger").syscall("System.Contract.GetCallFlags")
    code.syscall("System.Runtime.GetInvocationCounter").syscall("System.Runtime.GetCallingScriptHash")
    code.syscall("System.Runtime.GetExecutingScriptHash").syscall("System.Runtime.GetEntryScriptHash")
    code.syscall("System.Runtime.GetNetwork").syscall("System.Runtime.GetAddressVersion").push(8).op(
        Opcode.PACK, Opcode.RET
    )
    method("random", (), "Any").syscall("System.Runtime.GetRandom").syscall("System.Runtime.GetRandom").push(2)
    code.op(Opcode.PACK, Opcode.RET)
    method("rows", ("Any", "Integer"), "Any").op(Opcode.NEWARRAY0, Opcode.STLOC1, Opcode.LDARG1, Opcode.LDARG0)
    code.syscall("System.Storage.GetContext").syscall("System.Storage.Find").op(Opcode.STLOC0).label("next")
    code.op(Opcode.LDLOC0).syscall("System.Iterator.Next").jump(Opcode.JMPIFNOT_L, "no more").op(Opcode.LDLOC1)
    code.op(Opcode.LDLOC0).syscall("System.Iterator.Value").op(Opcode.APPEND).jump(Opcode.JMP_L, "next")
    code.label("no more").op(Opcode.LDLOC1, Opcode.RET)
    method("update", ("Any", "Any", "Any"), "Void").op(Opcode.LDARG2, Opcode.LDARG1, Opcode.LDARG0)
    code.contract(CONTRACT_MANAGEMENT, "update", 3).op(Opcode.DROP, Opcode.RET)
    method("onNEP17Payment", ("Hash160", "Integer", "Any"), "Void").op(Opcode.LDARG2)
    code.op(Opcode.ISNULL).jump(Opcode.JMPIF_L, "taken").op(Opcode.LDARG2).push("refuse").op(Opcode.EQUAL, Opcode.NOT)
    code.op(Opcode.ASSERT).label("taken").op(Opcode.LDARG1, Opcode.LDARG0, Opcode.PUSH2, Opcode.PACK).push("Paid")
    code.syscall("System.Runtime.Notify").op(Opcode.RET)
    events = [("Stored", ("Any", "Any")), ("Paid", ("Any", "Integer"))]
    return built("shop", code, methods, events=events)


class Invocations:
    """Makes them on a teller's chain."""

    def __init__(self, teller: Teller) -> None:
        self._teller: Final = teller
        self._made: Final = shop()
        self._shop: Final = self._made.hash_of(teller.users[0].account)

    def send(self, count: int = COUNT) -> None:
        """Deploys the shop and sends so many."""
        teller, rng = self._teller, self._teller.rng
        teller.send(self._made.deployment(b"data"), [teller.users[0]], fee=25, network_fee=2, label="deploy")
        teller.settle()
        kinds: tuple[Callable[[], Invocation], ...] = (
            self._payment,
            self._payment,
            self._many_payments,
            self._stored,
            self._stored,
            self._called,
            self._called,
            self._of_library,
            self._of_library,
            self._of_chain,
            self._governance,
            self._scope,
            self._plain,
            self._deployment,
            self._attribute,
            self._asked,
        )
        for number in range(count):
            made = kinds[number % len(kinds)]() if number < 5 * len(kinds) else rng.choice(kinds)()
            teller.send(
                made.script, made.people, fee=made.fee, signers=made.signers, attributes=made.attributes,
                label=made.label, scope=WitnessScope.CalledByEntry,
            )  # fmt: skip
            if number % _BATCH == _BATCH - 1:
                teller.settle()
        teller.settle()

    def _someone(self) -> Any:
        return self._teller.rng.choice(self._teller.users)

    def _payment(self) -> Invocation:
        rng, sender, receiver = self._teller.rng, self._someone(), self._someone()
        token, amount = (
            rng.choice((GAS, NEO)),
            rng.choice((0, 1, 7, 10**8, 10**12, 10**17, -1, None, "5", b"\x00" * 33)),
        )
        to = rng.choice((receiver.account, self._shop, UInt160.ZERO, POLICY, None, b"x"))
        given: tuple[Pushable, ...] = (None, "refuse", 5, [1, "two"])
        data = rng.choice(given)
        script = ScriptBuilder().call(token, "transfer", [sender.account, to, amount, data])
        if rng.random() < 0.5:
            script.op(Opcode.ASSERT)
        signer = sender if rng.random() < 0.85 else self._someone()
        return Invocation("payment", script.to_bytes(), [signer])

    def _many_payments(self) -> Invocation:
        rng, sender = self._teller.rng, self._someone()
        builder = ScriptBuilder()
        for _ in range(rng.randrange(2, 12)):
            builder.call(GAS, "transfer", [sender.account, self._someone().account, rng.randrange(1000), None])
            builder.op(Opcode.ASSERT)
        return Invocation("many payments", builder.to_bytes(), [sender], 3)

    def _stored(self) -> Invocation:
        rng = self._teller.rng
        key: Pushable = rng.choice((b"a", b"b", "text", 5, b"k" * 64, b"k" * 65, b"", True, None))
        value: Pushable = rng.choice((b"", b"v" * 100, "v", -1, 2**255 - 1, None, [1], b"z" * 5000))
        builder = ScriptBuilder()
        builder.call(self._shop, "put", [key, value]).call(self._shop, "get", [rng.choice((key, b"a"))])
        if rng.random() < 0.4:
            builder.call(self._shop, "erase", [b"b"])
        builder.call(self._shop, "rows", [rng.choice((b"", b"a", b"k")), rng.choice((0, 1, 2, 4, 5, 3, 8, 64))])
        return Invocation("stored", builder.to_bytes(), [self._someone()], 8)

    def _called(self) -> Invocation:
        rng, user = self._teller.rng, self._someone()
        inner: list[Pushable] = [user.account, self._someone().account, 3, None]
        things: tuple[Pushable, ...] = ([1, "x"], None, 5, b"\xff")
        calls: Sequence[tuple[str, Sequence[Pushable]]] = (
            ("who", [user.account]),
            ("who", [bytes(user.public)]),
            ("who", [b"short"]),
            ("thrown", [rng.choice(things)]),
            ("throws", ["a reason"]),
            ("aborts", ["a reason"]),
            ("burns", [rng.choice((1, 0, -1, 10**7, 10**12))]),
            ("log", [rng.choice(("said", b"\xff\xfe", "m" * 1024, "m" * 1025))]),
            ("passes", [GAS, "transfer", inner]),
            ("tries", [GAS, "transfer", inner]),
            ("tries", [self._shop, "throws", [rng.choice(things)]]),
            ("tries", [self._shop, "missing", []]),
            ("loops", [rng.choice((1, 100, 3000))]),
            ("seen", []),
            ("random", []),
            ("nothing", []),
            ("put", [1]),
            ("_deploy", [None, False]),
        )
        builder = ScriptBuilder()
        for method, args in rng.sample(calls, rng.randrange(1, 3)):
            builder.call(self._shop, method, args, rng.choice((15, 15, 15, 5, 1)))
        return Invocation("called", builder.to_bytes(), [user], rng.choice((0.01, 1, 2)))

    def _of_library(self) -> Invocation:
        rng = self._teller.rng
        user = self._someone()
        written: tuple[Pushable, ...] = ([1, "a", None, True], "plain", 2**53 - 1)
        calls: Sequence[tuple[UInt160, str, Sequence[Pushable]]] = (
            (STD_LIB, "itoa", [rng.choice((0, -255, 2**200)), rng.choice((10, 16, 2))]),
            (STD_LIB, "atoi", [rng.choice(("12", "-7", "ff", "0x1", "")), rng.choice((10, 16))]),
            (STD_LIB, "base64Encode", [b"\x00\xffdata"]),
            (STD_LIB, "base64Decode", [rng.choice(("AAEC", "A", "****"))]),
            (STD_LIB, "base58Encode", [b"\x00\x01data"]),
            (STD_LIB, "base58Decode", [rng.choice(("2g", "1111", "0OIl"))]),
            (STD_LIB, "jsonSerialize", [rng.choice(written)]),
            (STD_LIB, "jsonDeserialize", [rng.choice(('{"a":[1,null,"b"]}', "[", "5", '"x"'))]),
            (STD_LIB, "serialize", [[1, b"x", [None, True]]]),
            (STD_LIB, "deserialize", [rng.choice((b"\x40\x01\x21\x01\x05", b"\x00", b"\xff"))]),
            (STD_LIB, "memoryCompare", [b"a", b"b"]),
            (STD_LIB, "memorySearch", [b"abcabc", b"c", rng.choice((0, 3, 7))]),
            (STD_LIB, "stringSplit", ["a,b,,c", ",", rng.choice((True, False))]),
            (STD_LIB, "strLen", ["plain text"]),
            (STD_LIB, "hexEncode", [b"\x01\xab"]),
            (CRYPTO_LIB, "sha256", [b"data"]),
            (CRYPTO_LIB, "ripemd160", [b"data"]),
            (CRYPTO_LIB, "keccak256", [b"data"]),
            (CRYPTO_LIB, "murmur32", [b"data", 7]),
            (CRYPTO_LIB, "verifyWithECDsa", [b"m", bytes(user.public), bytes(64), rng.choice((22, 23, 122))]),
        )
        builder = ScriptBuilder()
        chosen = rng.sample(calls, rng.randrange(1, 4))
        for contract, method, args in chosen:
            builder.call(contract, method, args)
        label = "atoi of nothing" if any(args[:1] == [""] for _, _, args in chosen) else "library"
        return Invocation(label, builder.to_bytes(), [user], 2)

    def _of_chain(self) -> Invocation:
        rng, teller = self._teller.rng, self._teller
        block = teller.node.ask("getblock", rng.randrange(1, max(2, teller.node.height)), 1)
        block_hash = UInt256.parse(block["hash"])
        calls: Sequence[tuple[UInt160, str, Sequence[Pushable]]] = (
            (LEDGER, "currentIndex", []),
            (LEDGER, "currentHash", []),
            (LEDGER, "getBlock", [rng.choice((block_hash, 1, 10**6))]),
            (LEDGER, "getTransaction", [rng.choice((bytes(32), block_hash))]),
            (LEDGER, "getTransactionHeight", [bytes(32)]),
            (GAS, "balanceOf", [self._someone().account]),
            (GAS, "totalSupply", []),
            (NEO, "getCommittee", []),
            (NEO, "getNextBlockValidators", []),
            (NEO, "getAccountState", [self._someone().account]),
            (NEO, "getGasPerBlock", []),
            (NEO, "getRegisterPrice", []),
            (POLICY, "getFeePerByte", []),
            (POLICY, "getExecFeeFactor", []),
            (POLICY, "getStoragePrice", []),
            (POLICY, "isBlocked", [self._someone().account]),
            (POLICY, "getAttributeFee", [rng.choice((1, 0x21, 0x22))]),
            (ROLE_MANAGEMENT, "getDesignatedByRole", [rng.choice((4, 8, 16, 32)), 1]),
            (CONTRACT_MANAGEMENT, "getContract", [rng.choice((self._shop, GAS, UInt160.ZERO))]),
            (CONTRACT_MANAGEMENT, "hasMethod", [self._shop, rng.choice(("put", "none")), rng.choice((1, 2, -1))]),
            (CONTRACT_MANAGEMENT, "getMinimumDeploymentFee", []),
            (ORACLE, "getPrice", []),
            (NOTARY, "balanceOf", [self._someone().account]),
        )
        builder = ScriptBuilder()
        for contract, method, args in rng.sample(calls, rng.randrange(1, 5)):
            builder.call(contract, method, args)
        return Invocation("chain", builder.to_bytes(), [self._someone()], 2)

    def _governance(self) -> Invocation:
        rng, user, teller = self._teller.rng, self._someone(), self._teller
        key = rng.choice((user.public, teller.keys[str(teller.node.ask("getcommittee")[0])].public, None))
        actions: Sequence[tuple[UInt160, str, Sequence[Pushable]]] = (
            (NEO, "registerCandidate", [user.public]),
            (NEO, "unregisterCandidate", [user.public]),
            (NEO, "vote", [user.account, key]),
            (POLICY, "setFeePerByte", [rng.choice((1000, 1001, -1))]),
            (POLICY, "setStoragePrice", [rng.choice((100_000, 100_001, 0))]),
            (POLICY, "setAttributeFee", [0x21, rng.choice((0, 1000, 10**10))]),
            (NEO, "setRegisterPrice", [rng.choice((1000, 30)) * ONE_GAS]),
            (CONTRACT_MANAGEMENT, "setMinimumDeploymentFee", [10 * ONE_GAS]),
        )
        contract, method, args = rng.choice(actions)
        script = ScriptBuilder().call(contract, method, args).to_bytes()
        people: list[Person] = [user]
        if rng.random() < 0.7:
            people.append(teller.committee)
        return Invocation("governance", script, people, rng.choice((1, 1010)))

    def _scope(self) -> Invocation:
        rng, user, other = self._teller.rng, *self._teller.rng.sample([*self._teller.users], 2)
        account = user.account
        deny_inside = WitnessRule(WitnessRuleAction.Allow, NotCondition(CalledByEntryCondition()))
        signers = (
            Signer(account, WitnessScope.None_),
            Signer(account, WitnessScope.Global),
            Signer(account, WitnessScope.CustomContracts, (rng.choice((GAS, self._shop)),)),
            Signer(account, WitnessScope.CustomGroups, (), (other.public,)),
            Signer(account, WitnessScope.WitnessRules, (), (), (deny_inside,)),
            Signer(account, WitnessScope.CalledByEntry | WitnessScope.CustomContracts, (self._shop,)),
        )
        inner: list[Pushable] = [account, other.account, 2, None]
        builder = ScriptBuilder().call(GAS, "transfer", inner).call(self._shop, "passes", [GAS, "transfer", inner])
        builder.call(self._shop, "who", [account]).call(self._shop, "passes", [self._shop, "who", [account]])
        return Invocation("scope", builder.to_bytes(), [user], 2, [rng.choice(signers)])

    def _plain(self) -> Invocation:
        rng = self._teller.rng
        scripts = (
            Code().push(5).push(7).op(Opcode.MUL),
            Code().push(1).push(0).op(Opcode.DIV),
            Code().op(Opcode.ADD),
            Code().value({b"k": [1, 2], 5: True}),
            Code().value([1, [2, [3, [b"x"]]]]),
            Code().push(2**255 - 1).op(Opcode.INC),
            Code().push("thrown").op(Opcode.THROW),
            Code().op(Opcode.ABORT),
            Code().push(0).op(Opcode.ASSERT),
            Code().label("loop").jump(Opcode.JMP_L, "loop"),
            Code().push(b"\x01" * 300).op(Opcode.DUP, Opcode.CAT, Opcode.SIZE),
            Code().syscall("System.Runtime.GetScriptContainer"),
            Code().syscall("System.Runtime.GetTime").syscall("System.Runtime.GasLeft"),
            Code().syscall("System.Runtime.CurrentSigners"),
            Code().push(2048).op(Opcode.NEWARRAY),
            Code().push(1).op(Opcode.NEWBUFFER),
            Code().raw(b"\x0a\x00\x00\x00\x00"),
        )
        return Invocation("plain", rng.choice(scripts).to_bytes(), [self._someone()], rng.choice((0.02, 1)))

    def _deployment(self) -> Invocation:
        rng, user = self._teller.rng, self._someone()
        code = Code().label("main").push(rng.randrange(3)).op(Opcode.RET)
        made = built(f"small{rng.randrange(6)}", code, [("main", "main", (), "Integer")])
        nef, manifest = made.nef.serialize(), made.manifest_text
        choice = rng.randrange(6)
        if choice == 0:
            nef = nef[:-1] + bytes((nef[-1] ^ 1,))
        elif choice == 1:
            manifest = manifest.replace("main", "")
        script = ScriptBuilder().call(CONTRACT_MANAGEMENT, "deploy", [nef, manifest, None])
        if choice == 2:
            script.call(made.hash_of(user.account), "main", [])
        elif choice == 3:
            script = ScriptBuilder().call(self._shop, "update", [None, self._made.manifest_text, None])
        return Invocation("deployment", script.to_bytes(), [user], rng.choice((11, 12, 9)))

    def _attribute(self) -> Invocation:
        rng, teller, user = self._teller.rng, self._teller, self._someone()
        script = Code().push(rng.getrandbits(30)).to_bytes()
        match rng.randrange(4):
            case 0:
                return Invocation("high priority", script, [user, teller.committee], attributes=[HighPriority()])
            case 1:
                return Invocation("not before", script, [user], attributes=[NotValidBefore(teller.node.height)])
            case 2:
                return Invocation("conflicts", script, [user], attributes=[Conflicts(UInt256(rng.randbytes(32)))])
        together = Together(2, tuple(teller.users[:3]))
        script = ScriptBuilder().call(GAS, "balanceOf", [together.account]).to_bytes()
        return Invocation("together", script, [user, together, _ANYBODY])

    def _asked(self) -> Invocation:
        rng, user = self._teller.rng, self._someone()
        till = self._teller.node.height + rng.choice((10, 100))
        deposit = rng.choice((1, 2, 10)) * 10_000_000
        builder = ScriptBuilder()
        builder.call(GAS, "transfer", [user.account, NOTARY, deposit, [rng.choice((None, user.account)), till]])
        builder.call(NOTARY, "balanceOf", [user.account]).call(NOTARY, "expirationOf", [user.account])
        return Invocation("deposit", builder.to_bytes(), [user])
