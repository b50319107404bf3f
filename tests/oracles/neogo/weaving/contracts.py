"""Random contracts, and scripts that call them."""

from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any, Final

from rpcnode.execution.native_hashes import CONTRACT_MANAGEMENT
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.opcode import Opcode
from tests.oracles.neogo.code import Built, Code, built
from tests.oracles.neogo.people import Key
from tests.oracles.neogo.weaving.native_snippets import METHODS
from tests.oracles.neogo.weaving.weaver import EVENTS, Weaver

Extra = Callable[[Code], list[tuple[str, str, Sequence[str], str]]]
"""Appends more methods to a contract's code, and tells their rows."""

_PAID: Final = ("Hash160", "Integer", "Any")


def random_contract(
    rng: Random,
    name: str,
    users: Sequence[Key],
    targets: Sequence[UInt160],
    weights: Mapping[str, float] | None = None,
    size: int = 3,
    permissions: Any = None,
    extra: "Extra | None" = None,
) -> Built:
    """A contract of METHODS, each of one integer, its depth; it can be paid, updated, destroyed and asked to verify."""
    code = Code()
    methods: list[tuple[str, str, Sequence[str], str]] = []
    for method in METHODS:
        code.label(method).slots(arguments=1, variables=4)
        Weaver(rng, code, users, targets, weights=weights or {}).snippets(rng.randrange(1, size + 1))
        code.op(Opcode.LDARG0, Opcode.RET)
        methods.append((method, method, ("Integer",), "Integer"))
    code.label("onNEP17Payment").slots(arguments=3, variables=4)
    _paid(rng, code, users)
    code.op(Opcode.RET)
    methods.append(("onNEP17Payment", "onNEP17Payment", _PAID, "Void"))
    code.label("_deploy").slots(arguments=2, variables=4)
    if rng.random() < 0.5:
        code.push("deployed").op(Opcode.LDARG1).push("u").syscall("System.Storage.GetContext")
        code.syscall("System.Storage.Put").op(Opcode.DROP)
    code.op(Opcode.RET)
    methods.append(("_deploy", "_deploy", ("Any", "Boolean"), "Void"))
    for method, count in (("update", 3), ("destroy", 0)):
        code.label(method)
        if count:
            code.slots(arguments=count).op(Opcode.LDARG2, Opcode.LDARG1, Opcode.LDARG0)
        code.contract(CONTRACT_MANAGEMENT, method, count)
        if rng.random() < 0.8:
            code.op(Opcode.DROP)
        else:
            code.op(Opcode.DROP).push(b"late").push(b"late").syscall("System.Storage.GetContext")
            code.syscall("System.Storage.Put")
        code.op(Opcode.RET)
        methods.append((method, method, ("Any",) * count, "Void"))
    code.label("verify").push(rng.random() < 0.9).op(Opcode.RET)
    methods.append(("verify", "verify", (), "Boolean"))
    if extra is not None:
        methods += extra(code)
    allowed = _permissions(rng, targets) if permissions is None else permissions
    return built(name, code, methods, events=EVENTS, permissions=allowed, safe=_safe(rng))


def _paid(rng: Random, code: Code, users: Sequence[Key]) -> None:
    chance = rng.random()
    if chance < 0.08:
        code.op(Opcode.ABORT)
    elif chance < 0.16:
        code.push("no, thanks").op(Opcode.THROW)
    elif chance < 0.7:
        code.op(Opcode.LDARG1).push("paid").syscall("System.Storage.GetContext").syscall("System.Storage.Put")
        Weaver(rng, code, users, weights={"transfer": 0, "call": 0, "recurse": 0}).snippets(1)


def _permissions(rng: Random, targets: Sequence[UInt160]) -> Any:
    if rng.random() < 0.95 or not targets:
        return [{"contract": "*", "methods": "*"}]
    chosen = rng.sample([*targets], min(2, len(targets)))
    natives: Any = [{"contract": str(CONTRACT_MANAGEMENT), "methods": ["update", "destroy"]}]
    return natives + [{"contract": str(target), "methods": rng.choice(("*", ["m0", "m1"]))} for target in chosen]


def _safe(rng: Random) -> Sequence[str]:
    return [method for method in METHODS if rng.random() < 0.03]


def random_script(
    rng: Random,
    users: Sequence[Key],
    targets: Sequence[UInt160],
    calls: int = 2,
    snippets: int = 2,
    weights: Mapping[str, float] | None = None,
) -> bytes:
    """An entry script: calls of contracts, snippets, and the array of what came out."""
    code = Code().slots(arguments=0, variables=4).op(Opcode.NEWARRAY0, Opcode.STLOC0)
    weaver = Weaver(rng, code, users, targets, stored=False, weights=weights or {})
    for _ in range(calls if targets else 0):
        code.push(rng.randrange(5)).contract(rng.choice([*targets]), rng.choice(METHODS), 1)
        weaver.sink()
    weaver.snippets(rng.randrange(snippets + 1))
    return code.op(Opcode.LDLOC0).to_bytes()
