"""A contract that shows where the two nodes are known to differ, and leaves the same storage on both."""

from typing import Final

from rpcnode.vm.opcode import Opcode
from tests.oracles.neogo.code import Built, Code, built

_KEYS_WITHOUT_PREFIX: Final = 1 | 2


def seeing() -> Built:
    """`early` and `late` write between Find and the first Next, or behind that; `caught` gives the text of a fault.

    Each gives what it saw. On neo-go an iterator sees what was there at Find, on neo-cli what was there at the first
    Next; the words of what is caught are each node's own.
    """
    code = Code()
    for name in ("early", "late"):
        code.label(name).slots(arguments=1, variables=2).op(Opcode.NEWARRAY0, Opcode.STLOC1)
        _write(code, b"w1").push(_KEYS_WITHOUT_PREFIX).push(b"w").syscall("System.Storage.GetReadOnlyContext")
        code.syscall("System.Storage.Find").op(Opcode.STLOC0)
        if name == "late":
            code.op(Opcode.LDLOC0).syscall("System.Iterator.Next").op(Opcode.DROP)
        for key in (b"w0", b"w2"):
            _write(code, key)
        _erase(code, b"w1").label(f"{name} next").op(Opcode.LDLOC0).syscall("System.Iterator.Next")
        code.jump(Opcode.JMPIFNOT_L, f"{name} done").op(Opcode.LDLOC1, Opcode.LDLOC0).syscall("System.Iterator.Value")
        code.op(Opcode.APPEND).jump(Opcode.JMP_L, f"{name} next").label(f"{name} done")
        for key in (b"w0", b"w1", b"w2"):
            _erase(code, key)
        code.op(Opcode.LDLOC1, Opcode.RET)
    code.label("caught").slots(arguments=1).attempt("text").value([1, 2]).op(Opcode.LDARG0).push(2)
    code.op(Opcode.ADD, Opcode.PICKITEM, Opcode.DROP).jump(Opcode.ENDTRY_L, "none").label("text")
    code.jump(Opcode.ENDTRY_L, "end").label("none").op(Opcode.PUSHNULL).label("end").op(Opcode.RET)
    return built("seeing", code, [(name, name, ("Integer",), "Any") for name in ("early", "late", "caught")])


def _write(code: Code, key: bytes) -> Code:
    return code.push(b"x").push(key).syscall("System.Storage.GetContext").syscall("System.Storage.Put")


def _erase(code: Code, key: bytes) -> Code:
    return code.push(key).syscall("System.Storage.GetContext").syscall("System.Storage.Delete")
