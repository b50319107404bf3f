"""Random code that leaves the stack as it found it, for contracts and for entry scripts.

In a contract what comes out is stored, so that state roots tell of it; in an entry script it goes into the array that
the script leaves.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Final

from rpcnode.execution.native_hashes import CONTRACT_MANAGEMENT, GAS, LEDGER, NEO, POLICY, ROLE_MANAGEMENT, STD_LIB
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.opcode import Opcode
from tests.oracles.neogo.code import ALL_FLAGS, Code
from tests.oracles.neogo.people import Key

INTEGER, BYTES, BUFFER, ARRAY, STRUCT, MAP = 0x21, 0x28, 0x30, 0x40, 0x41, 0x48
EDGES: Final = (0, 1, -1, 2, 127, 128, 255, 256, -129, 2**31 - 1, 2**31, -(2**31), 2**63, -(2**63), 2**128, 2**255 - 1)
EVENTS: Final = (("Number", ("Integer",)), ("Pair", ("String", "Any")), ("Nothing", ()), ("List", ("Array",)))
METHODS: Final = tuple(f"m{number}" for number in range(5))
_GETTERS: Final = (
    *((POLICY, name) for name in ("getFeePerByte", "getExecFeeFactor", "getStoragePrice", "getMillisecondsPerBlock")),
    *((POLICY, name) for name in ("getMaxTraceableBlocks", "getMaxValidUntilBlockIncrement", "getExecPicoFeeFactor")),
    *((NEO, name) for name in ("totalSupply", "getGasPerBlock", "getRegisterPrice", "decimals", "symbol")),
    *((NEO, name) for name in ("getCommittee", "getNextBlockValidators", "getCandidates", "getCommitteeAddress")),
    *((GAS, name) for name in ("totalSupply", "decimals", "symbol")),
    *((LEDGER, name) for name in ("currentIndex", "currentHash")),
)
_PAIRS: Final = (Opcode.ADD, Opcode.SUB, Opcode.MUL, Opcode.DIV, Opcode.MOD, Opcode.MIN, Opcode.MAX, Opcode.AND)
_MORE_PAIRS: Final = (Opcode.OR, Opcode.XOR, Opcode.LT, Opcode.GE, Opcode.NUMEQUAL, Opcode.EQUAL, Opcode.BOOLOR)
_SINGLES: Final = (Opcode.SIGN, Opcode.ABS, Opcode.NEGATE, Opcode.INC, Opcode.DEC, Opcode.NOT, Opcode.NZ, Opcode.INVERT)


@dataclass
class Weaver:
    """Writes snippets into `code`. `stored`: whether it is a contract's, which has storage and its depth as argument 0.

    Local 0 is the array of an entry script, 1 to 3 are anybody's for a moment.
    """

    rng: Random
    code: Code
    users: Sequence[Key]
    targets: Sequence[UInt160] = ()
    stored: bool = True
    weights: Mapping[str, float] = field(default_factory=dict)
    level: int = 0

    @property
    def local(self) -> float:
        """How likely the services of Faun are taken for storage."""
        return self.weights.get("local", 0.3)

    def snippets(self, count: int) -> None:
        """So many of them, some within a TRY."""
        names = [*_SNIPPETS] if self.stored else [name for name in _SNIPPETS if name not in _STORED]
        weights = [self.weights.get(name, 1.0) for name in names]
        for name in self.rng.choices(names, weights, k=count):
            if self.level < 3 and self.rng.random() < 0.2:
                self._attempt(name)
            else:
                _SNIPPETS[name](self)

    def sink(self, kind: int = BYTES) -> None:
        """Takes the item on top of the stack: a compound one is serialized before it is stored."""
        if not self.stored:
            self.code.op(Opcode.LDLOC0, Opcode.SWAP, Opcode.APPEND)
            return
        if kind in (ARRAY, STRUCT, MAP):
            self.code.contract(STD_LIB, "serialize", 1)
        self._put(self._key())

    def _put(self, key: bytes) -> None:
        self.code.push(key)
        if self.rng.random() < self.local:
            self.code.syscall("System.Storage.Local.Put")
        else:
            self.code.syscall("System.Storage.GetContext").syscall("System.Storage.Put")

    def _get(self, key: bytes) -> None:
        self.code.push(key)
        if self.rng.random() < self.local:
            self.code.syscall("System.Storage.Local.Get")
        else:
            context = self.rng.choice(("GetContext", "GetReadOnlyContext"))
            self.code.syscall(f"System.Storage.{context}").syscall("System.Storage.Get")

    def _key(self) -> bytes:
        key = self.rng.choice((b"a", b"b", b"ab", b"abc", b"b\x00", b"b\xff", b"", b"n", b"k" * 63))
        return key + bytes(self.rng.choices(b"012", k=self.rng.randrange(2)))

    def _bytes(self) -> bytes:
        size = self.rng.choice((0, 1, 1, 3, 8, 20, 32, 33, 60, 300))
        return self.rng.randbytes(size)

    def _integer(self) -> int:
        if self.rng.random() < 0.25:
            return self.rng.choice(EDGES)
        return self.rng.randrange(-(10 ** self.rng.randrange(1, 30)), 10 ** self.rng.randrange(1, 30)) or 1

    def _depth(self) -> None:
        if self.stored:
            self.code.op(Opcode.LDARG0)
        else:
            self.code.push(self.rng.randrange(4))

    # What may fail, and who catches it

    def _attempt(self, name: str) -> None:
        code, catch, last, end = self.code, self.code.name(), self.code.name(), self.code.name()
        with_catch = self.rng.random() < 0.9
        with_last = not with_catch or self.rng.random() < 0.5
        self.level += 1
        code.attempt(catch if with_catch else "", last if with_last else "")
        _SNIPPETS[name](self)
        if self.rng.random() < (0.4 if with_catch else 0.1):
            code.push("thrown").op(Opcode.THROW)
        else:
            code.jump(Opcode.ENDTRY_L, end)
        if with_catch:
            code.label(catch).op(Opcode.DROP)
            if self.rng.random() < 0.5:
                self.snippets(1)
            code.jump(Opcode.ENDTRY_L, end)
        if with_last:
            code.label(last)
            if self.rng.random() < 0.7:
                self.snippets(1)
            code.op(Opcode.ENDFINALLY)
        code.label(end)
        self.level -= 1

    def throw(self) -> None:
        """THROW, ABORT or a failed ASSERT, now and then; else only on the way down."""
        code, chance = self.code, self.rng.random()
        if chance < 0.03:
            code.op(Opcode.ABORT)
        elif chance < 0.06:
            code.op(Opcode.PUSHF, Opcode.ASSERT)
        elif chance < 0.15:
            code.push(self._bytes()).op(Opcode.THROW)
        else:
            over = code.name()
            self._depth()
            code.push(self.rng.randrange(1, 4)).jump(Opcode.JMPNE_L, over).push("deep").op(Opcode.THROW).label(over)

    def out_of_range(self) -> None:
        """PICKITEM and SETITEM that throw, DIV that faults."""
        code = self.code
        match self.rng.randrange(4):
            case 0:
                code.value([1, 2, 3]).push(self.rng.choice((0, 1, 1, 2, 2, 3, -1))).op(Opcode.PICKITEM, Opcode.DROP)
            case 1:
                code.value([1, 2]).push(self.rng.choice((0, 0, 0, 2))).push(7).op(Opcode.SETITEM)
            case 2:
                code.value({b"k": 1}).push(self.rng.choice(("k", "k", "k", "l"))).op(Opcode.PICKITEM, Opcode.DROP)
            case _:
                code.push(5).push(self.rng.choice((0, 1, 2, 3, 4, 5, 6))).op(Opcode.DIV, Opcode.DROP)

    # Storage

    def put(self) -> None:
        """A value of any simple kind under a key."""
        self.code.push(self._bytes() if self.rng.random() < 0.6 else self._integer())
        self._put(self._key() if self.rng.random() < 0.98 else b"k" * 65)

    def delete(self) -> None:
        """Of a key that may be there."""
        self.code.push(self._key())
        if self.rng.random() < self.local:
            self.code.syscall("System.Storage.Local.Delete")
        else:
            self.code.syscall("System.Storage.GetContext").syscall("System.Storage.Delete")

    def copy(self) -> None:
        """One row to another; Null becomes an empty value."""
        code, over = self.code, self.code.name()
        self._get(self._key())
        code.op(Opcode.DUP, Opcode.ISNULL).jump(Opcode.JMPIFNOT_L, over).op(Opcode.DROP).push(b"").label(over)
        self._put(self._key())

    def count(self) -> None:
        """A counter goes up."""
        code, over = self.code, self.code.name()
        self._get(b"count")
        code.op(Opcode.DUP, Opcode.ISNULL).jump(Opcode.JMPIFNOT_L, over).op(Opcode.DROP).push(0).label(over)
        code.convert(INTEGER).op(Opcode.INC)
        self._put(b"count")

    def find(self) -> None:
        """Walks rows; while it does, it may write. What it wrote is left out: the nodes differ in what is seen then."""
        code, again, done = self.code, self.code.name(), self.code.name()
        options = self.rng.choice((0, 0, 1, 2, 3, 4, 128, 129, 130, 132))
        if self.rng.random() < 0.04:
            options = self.rng.choice((5, 8 | 4, 16 | 8))
        code.push(options).push(self.rng.choice((b"", b"a", b"b", b"k", b"zz")))
        if self.rng.random() < self.local:
            code.syscall("System.Storage.Local.Find")
        else:
            code.syscall("System.Storage.GetReadOnlyContext").syscall("System.Storage.Find")
        code.op(Opcode.STLOC1).push(0).op(Opcode.STLOC2)
        code.label(again).op(Opcode.LDLOC1).syscall("System.Iterator.Next").jump(Opcode.JMPIFNOT_L, done)
        code.op(Opcode.LDLOC1).syscall("System.Iterator.Value").op(Opcode.DUP, Opcode.ISNULL, Opcode.DROP)
        if self.rng.random() < 0.5 and not options & 7:
            # key and value: the key decides
            code.push(0).op(Opcode.PICKITEM)
        code.op(Opcode.DROP, Opcode.LDLOC2, Opcode.INC, Opcode.DUP, Opcode.STLOC2)
        if self.rng.random() < 0.5:
            code.op(Opcode.LDLOC2).push(f"w{self.rng.randrange(3)}")
            code.syscall("System.Storage.GetContext").syscall("System.Storage.Put")
        code.push(self.rng.randrange(2, 6)).jump(Opcode.JMPLT_L, again)
        code.label(done).op(Opcode.LDLOC2)
        self.sink(INTEGER)

    # What the run is told about itself

    def runtime(self) -> None:
        """One of the questions without arguments."""
        name, kind = self.rng.choice(
            (
                *(("GasLeft", INTEGER), ("GetRandom", INTEGER), ("GetTime", INTEGER), ("GetTrigger", INTEGER)),
                *(("GetInvocationCounter", INTEGER), ("GetExecutingScriptHash", BYTES), ("GetNetwork", INTEGER)),
                *(("GetEntryScriptHash", BYTES), ("GetScriptContainer", ARRAY), ("CurrentSigners", ARRAY)),
                ("Platform", BYTES),
            )
        )
        self.code.syscall(f"System.Runtime.{name}")
        self.sink(kind)

    def flags(self) -> None:
        """The call flags."""
        self.code.syscall("System.Contract.GetCallFlags")
        self.sink(INTEGER)

    def caller(self) -> None:
        """Whether somebody called, and who."""
        if self.stored:
            self.code.syscall("System.Runtime.GetCallingScriptHash")
            self.sink()

    def notified(self) -> None:
        """How many notifications there were."""
        self.code.op(Opcode.PUSHNULL).syscall("System.Runtime.GetNotifications").op(Opcode.SIZE)
        self.sink(INTEGER)

    def witness(self) -> None:
        """Whether somebody signed."""
        user = self.rng.choice(self.users)
        self.code.push(self.rng.choice((user.account, user.public))).syscall("System.Runtime.CheckWitness")
        if self.rng.random() < 0.05:
            self.code.op(Opcode.ASSERT)
        else:
            self.sink()

    def burn(self) -> None:
        """A little GAS."""
        self.code.push(self.rng.choice((1, 1000, 100_000, 10_000_000))).syscall("System.Runtime.BurnGas")

    def account(self) -> None:
        """Accounts of keys."""
        keys = [user.public for user in self.rng.sample([*self.users], 2)]
        if self.rng.random() < 0.5:
            self.code.push(keys[0]).syscall("System.Contract.CreateStandardAccount")
        else:
            self.code.value(keys).push(self.rng.choice((1, 1, 2, 2, 2, 2, 3))).syscall(
                "System.Contract.CreateMultisigAccount"
            )
        self.sink()

    def loaded(self) -> None:
        """A script that is made on the spot."""
        inner = Code().push(self._integer()).syscall("System.Contract.GetCallFlags").op(Opcode.ADD)
        self.code.op(Opcode.NEWARRAY0).push(self.rng.choice((0, 1, 5, 15))).push(inner.to_bytes())
        self.code.syscall("System.Runtime.LoadScript")
        self.sink(INTEGER)

    # Notifications

    def notify(self) -> None:
        """One event, or many; now and then one that the manifest does not have."""
        code, chance = self.code, self.rng.random()
        if chance < 0.02:
            code.value([1]).push(self.rng.choice(("Missing", "Pair", "Nothing"))).syscall("System.Runtime.Notify")
        elif chance < 0.04:
            code.value(["text"]).push("Number").syscall("System.Runtime.Notify")
        elif chance < 0.12:
            again, times = code.name(), self.rng.choice((20, 100, 300))
            code.push(times).op(Opcode.STLOC3).label(again).op(Opcode.LDLOC3, Opcode.PUSH1, Opcode.PACK)
            code.push("Number").syscall("System.Runtime.Notify")
            code.op(Opcode.LDLOC3, Opcode.DEC, Opcode.DUP, Opcode.STLOC3).jump(Opcode.JMPIF_L, again)
        else:
            event, args = self.rng.choice(
                (
                    ("Number", [self._integer()]),
                    ("Pair", ["left", self.rng.choice((None, 5, b"\xff\xfe", [1, [2, b"x"]]))]),
                    ("Nothing", []),
                    ("List", [[1, b"two", [None, True]]]),
                    ("Pair", ["big", b"x" * self.rng.choice((900, 950, 1000, 1100))]),
                )
            )
            code.value(args).push(event).syscall("System.Runtime.Notify")

    def log(self) -> None:
        """A line for the node's log."""
        self.code.push(self.rng.choice(("line", "x" * 1024, "x" * 1025) if self.rng.random() < 0.1 else ("line",)))
        self.code.syscall("System.Runtime.Log")

    # Calls

    def call(self) -> None:
        """Another contract, one level less deep; what it gives is kept."""
        if not self.targets:
            return
        code, over, end = self.code, self.code.name(), self.code.name()
        self._depth()
        code.push(0).jump(Opcode.JMPLE_L, over)
        self._depth()
        code.op(Opcode.DEC)
        flags = ALL_FLAGS if self.rng.random() < 0.93 else self.rng.choice((5, 7, 13, 1, 0, 16))
        method = self.rng.choice(METHODS) if self.rng.random() < 0.98 else "missing"
        code.contract(self.rng.choice(self.targets), method, 1, flags)
        self.sink()
        code.label(over).label(end)

    def recurse(self) -> None:
        """The same contract once more."""
        if self.stored:
            code, over = self.code, self.code.name()
            code.op(Opcode.LDARG0).push(0).jump(Opcode.JMPLE_L, over).op(Opcode.LDARG0, Opcode.DEC)
            code.push(1).op(Opcode.PACK).push(ALL_FLAGS).push(self.rng.choice(METHODS))
            code.syscall("System.Runtime.GetExecutingScriptHash").syscall("System.Contract.Call").op(Opcode.DROP)
            code.label(over)

    # Natives

    def getter(self) -> None:
        """Something that a native knows."""
        contract, method = self.rng.choice(_GETTERS)
        self.code.invoke(contract, method)
        self.sink(ARRAY if method in ("getCommittee", "getNextBlockValidators", "getCandidates") else BYTES)

    def role(self) -> None:
        """Who has a role."""
        self.code.invoke(LEDGER, "currentIndex").push(self.rng.choice((4, 8, 16, 32)))
        self.code.contract(ROLE_MANAGEMENT, "getDesignatedByRole", 2)
        self.sink(ARRAY)

    def balance(self) -> None:
        """Of somebody, in a native token."""
        account = self.rng.choice((*(user.account for user in self.users), *self.targets))
        self.code.invoke(self.rng.choice((NEO, GAS)), "balanceOf", [account])
        self.sink(INTEGER)

    def neo_state(self) -> None:
        """An account's state, as it is stored."""
        self.code.invoke(NEO, "getAccountState", [self.rng.choice(self.users).account])
        self.sink(STRUCT)

    def transfer(self) -> None:
        """From this contract, or from a signer, to anybody; contracts get a call of onNEP17Payment."""
        code, token = self.code, self.rng.choice((NEO, GAS, GAS))
        to = self.rng.choice((*(user.account for user in self.users), *self.targets, *self.targets))
        amount = self.rng.choice((0, 1, 1, 5, 1000, 10**6, -1, 10**18))
        code.push(self.rng.choice((b"", b"data"))).push(amount).push(to)
        if self.stored and self.rng.random() < 0.6:
            code.syscall("System.Runtime.GetExecutingScriptHash")
        else:
            code.push(self.rng.choice(self.users).account)
        code.contract(token, "transfer", 4)
        self.sink()

    def vote(self) -> None:
        """This contract's vote, or a signer's."""
        key = self.rng.choice((*(user.public for user in self.users), None))
        self.code.push(key) if key else self.code.op(Opcode.PUSHNULL)
        if self.stored and self.rng.random() < 0.7:
            self.code.syscall("System.Runtime.GetExecutingScriptHash")
        else:
            self.code.push(self.rng.choice(self.users).account)
        self.code.contract(NEO, "vote", 2)
        self.sink()

    def management(self) -> None:
        """What is known of a contract, if there is one."""
        code, target = self.code, self.rng.choice((*self.targets, GAS, self.users[0].account))
        match self.rng.randrange(3):
            case 0:
                code.invoke(CONTRACT_MANAGEMENT, "getContract", [target]).op(Opcode.ISNULL)
            case 1:
                code.invoke(CONTRACT_MANAGEMENT, "hasMethod", [target, self.rng.choice((*METHODS, "symbol")), 1])
            case _:
                code.invoke(CONTRACT_MANAGEMENT, "isContract", [target])
        self.sink()

    def std(self) -> None:
        """StdLib, where both nodes are known to agree."""
        from tests.oracles.neogo.library_calls import std_call

        std_call(self.rng, self.code)
        self.sink()

    def crypto(self) -> None:
        """CryptoLib."""
        from tests.oracles.neogo.library_calls import crypto_call

        crypto_call(self.rng, self.code, self.users)
        self.sink()

    def ledger(self) -> None:
        """A block that was, in parts."""
        code = self.code
        match self.rng.randrange(3):
            case 0:
                code.invoke(LEDGER, "getBlock", [self.rng.choice((0, 1, 2, 5, 100000))])
                over = code.name()
                code.op(Opcode.DUP, Opcode.ISNULL).jump(Opcode.JMPIF_L, over).push(0).op(Opcode.PICKITEM).label(over)
                code.op(Opcode.ISNULL)
            case 1:
                code.push(0).invoke(LEDGER, "currentIndex")
                code.contract(LEDGER, "getTransactionFromBlock", 2).op(Opcode.ISNULL)
            case _:
                code.push(self.rng.randbytes(32)).contract(LEDGER, "getTransactionHeight", 1)
        self.sink()

    # The machine alone

    def arithmetic(self) -> None:
        """Integers at the edges."""
        self.code.push(self._integer()).push(self._integer())
        self.code.op(self.rng.choice((*_PAIRS, *_MORE_PAIRS)))
        if self.rng.random() < 0.5:
            self.code.op(self.rng.choice(_SINGLES))
        self.sink(INTEGER)

    def powers(self) -> None:
        """SHL, SHR, POW, SQRT, MODMUL, MODPOW."""
        code = self.code
        match self.rng.randrange(4):
            case 0:
                code.push(self._integer()).push(self.rng.choice((1, 8, 20, 100, 256, 257)))
                code.op(self.rng.choice((Opcode.SHL, Opcode.SHR)))
            case 1:
                code.push(self.rng.choice((2, -3, 10))).push(self.rng.choice((0, 3, 50, 70, 255))).op(Opcode.POW)
            case 2:
                code.push(abs(self._integer())).op(Opcode.SQRT)
            case _:
                code.push(self._integer()).push(self._integer()).push(self.rng.choice((7, 2**61 - 1, -5, 10**30, 0)))
                code.op(Opcode.MODMUL)
        self.sink(INTEGER)

    def compound(self) -> None:
        """An array, a struct or a map that is changed in several ways."""
        code = self.code
        code.value([self._integer(), self._bytes(), [1, 2], {b"k": 1, b"l": [3]}])
        if self.rng.random() < 0.3:
            code.convert(STRUCT)
        for _ in range(self.rng.randrange(4)):
            match self.rng.randrange(5):
                case 0:
                    code.op(Opcode.DUP).push(self._integer()).op(Opcode.APPEND)
                case 1:
                    code.op(Opcode.DUP, Opcode.REVERSEITEMS)
                case 2:
                    code.op(Opcode.DUP).push(self.rng.choice((0, 1, 2, 2, 6))).op(Opcode.REMOVE)
                case 3:
                    code.op(Opcode.DUP).push(self.rng.choice((0, 0, 1, 3))).push(b"new").op(Opcode.SETITEM)
                case _:
                    code.op(Opcode.DUP, Opcode.SIZE).push(2).op(Opcode.GT, Opcode.ASSERT)
        self.sink(ARRAY)

    def text(self) -> None:
        """CAT, SUBSTR, LEFT, RIGHT, and a Buffer in between."""
        code = self.code
        code.push(self._bytes()).push(self._bytes()).op(Opcode.CAT)
        if self.rng.random() < 0.6:
            code.push(self.rng.choice((0, 0, 1, 5))).op(self.rng.choice((Opcode.LEFT, Opcode.RIGHT)))
        code.convert(BYTES)
        self.sink()


Snippet = Callable[[Weaver], None]
_STORED: Final = ("put", "delete", "copy", "count", "find", "caller", "recurse", "notify")
_SNIPPETS: Final[Mapping[str, Snippet]] = {
    name: getattr(Weaver, name)
    for name in (
        *("throw", "out_of_range", *_STORED, "runtime", "flags", "notified", "witness", "burn", "account", "loaded"),
        *(
            "log",
            "call",
            "getter",
            "role",
            "balance",
            "neo_state",
            "transfer",
            "vote",
            "management",
            "std",
            "crypto",
            "ledger",
        ),
        *("arithmetic", "powers", "compound", "text"),
    )
}
