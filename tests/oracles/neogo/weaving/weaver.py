"""Random code that leaves the stack as it found it, for contracts and for entry scripts.

In a contract what comes out is stored, so that state roots tell of it; in an entry script it goes into the array that
the script leaves.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from rpcnode.vm.opcode import Opcode
from tests.oracles.neogo.code import ALL_FLAGS, Code
from tests.oracles.neogo.weaving.loom import ARRAY, BYTES, INTEGER
from tests.oracles.neogo.weaving.machine_snippets import MachineSnippets
from tests.oracles.neogo.weaving.native_snippets import METHODS, NativeSnippets

EVENTS: Final = (("Number", ("Integer",)), ("Pair", ("String", "Any")), ("Nothing", ()), ("List", ("Array",)))
_NOTIFIED: Final[tuple[tuple[str, Any], ...]] = (
    ("Pair", ["left", None]),
    ("Pair", ["left", 5]),
    ("Pair", ["left", b"\xff\xfe"]),
    ("Pair", ["left", [1, [2, b"x"]]]),
    ("Nothing", []),
    ("List", [[1, b"two", [None, True]]]),
    *(("Pair", ["big", b"x" * size]) for size in (900, 950, 1000, 1100)),
)


class Weaver(NativeSnippets, MachineSnippets):
    """Writes snippets."""

    def snippets(self, count: int) -> None:
        """So many of them, some within a TRY."""
        names = [*_SNIPPETS] if self.stored else [name for name in _SNIPPETS if name not in _STORED]
        weights = [self.weights.get(name, 1.0) for name in names]
        for name in self.rng.choices(names, weights, k=count):
            if self.level < 3 and self.rng.random() < 0.2:
                self._attempt(name)
            else:
                _SNIPPETS[name](self)

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
            code.push(self.some_bytes()).op(Opcode.THROW)
        else:
            over = code.name()
            self.push_depth()
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
        self.code.push(self.some_bytes() if self.rng.random() < 0.6 else self.an_integer())
        self.put_row(self.a_key() if self.rng.random() < 0.98 else b"k" * 65)

    def delete(self) -> None:
        """Of a key that may be there."""
        self.code.push(self.a_key())
        if self.rng.random() < self.local:
            self.code.syscall("System.Storage.Local.Delete")
        else:
            self.code.syscall("System.Storage.GetContext").syscall("System.Storage.Delete")

    def copy(self) -> None:
        """One row to another; Null becomes an empty value."""
        code, over = self.code, self.code.name()
        self.get_row(self.a_key())
        code.op(Opcode.DUP, Opcode.ISNULL).jump(Opcode.JMPIFNOT_L, over).op(Opcode.DROP).push(b"").label(over)
        self.put_row(self.a_key())

    def count(self) -> None:
        """A counter goes up."""
        code, over = self.code, self.code.name()
        self.get_row(b"count")
        code.op(Opcode.DUP, Opcode.ISNULL).jump(Opcode.JMPIFNOT_L, over).op(Opcode.DROP).push(0).label(over)
        code.convert(INTEGER).op(Opcode.INC)
        self.put_row(b"count")

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
        inner = Code().push(self.an_integer()).syscall("System.Contract.GetCallFlags").op(Opcode.ADD)
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
            event, args = self.rng.choice((("Number", [self.an_integer()]), *_NOTIFIED))
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
        self.push_depth()
        code.push(0).jump(Opcode.JMPLE_L, over)
        self.push_depth()
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


Snippet = Callable[[Weaver], None]
_STORED: Final = ("put", "delete", "copy", "count", "find", "caller", "recurse", "notify")
_SNIPPETS: Final[Mapping[str, Snippet]] = {
    name: getattr(Weaver, name)
    for name in (
        *("throw", "out_of_range", *_STORED, "runtime", "flags", "notified", "witness", "burn", "account", "loaded"),
        *("log", "call", "getter", "role", "balance", "neo_state", "transfer", "vote", "management", "std", "crypto"),
        *("ledger", "arithmetic", "powers", "compound", "text"),
    )
}
