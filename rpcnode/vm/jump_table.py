"""Which function each opcode is, now and before earlier hardforks.

The function of NAME is `op_name`; opcodes that differ in the size of their operand only, or hold what others have as an
operand, share one.
"""

from collections.abc import Mapping
from types import ModuleType
from typing import Final

from rpcnode.vm import (
    hardforks,
    ops_bitwise,
    ops_compound,
    ops_flow,
    ops_items,
    ops_numeric,
    ops_push,
    ops_slot,
    ops_splice,
    ops_stack,
    ops_types,
)
from rpcnode.vm.code import JumpTable, Operation
from rpcnode.vm.opcode import Opcode
from rpcnode.vm.script import opcodes

MODULES: Final[tuple[ModuleType, ...]] = (
    ops_push,
    ops_flow,
    ops_stack,
    ops_slot,
    ops_splice,
    ops_bitwise,
    ops_numeric,
    ops_compound,
    ops_items,
    ops_types,
)

SHARED: Final[dict[Opcode, str]] = {
    **dict.fromkeys(opcodes(Opcode.PUSHINT8, Opcode.PUSHF), "push"),
    Opcode.PUSHNULL: "push",
    **dict.fromkeys(opcodes(Opcode.PUSHDATA1, Opcode.PUSHDATA4), "pushdata"),
    **dict.fromkeys(opcodes(Opcode.PUSHM1, Opcode.PUSH16), "push"),
    **{opcode: opcode.name.lower().removesuffix("_l") for opcode in Opcode if opcode.name.endswith("_L")},
    **dict.fromkeys(opcodes(Opcode.LDSFLD0, Opcode.LDSFLD), "ldsfld"),
    **dict.fromkeys(opcodes(Opcode.STSFLD0, Opcode.STSFLD), "stsfld"),
    **dict.fromkeys(opcodes(Opcode.LDLOC0, Opcode.LDLOC), "ldloc"),
    **dict.fromkeys(opcodes(Opcode.STLOC0, Opcode.STLOC), "stloc"),
    **dict.fromkeys(opcodes(Opcode.LDARG0, Opcode.LDARG), "ldarg"),
    **dict.fromkeys(opcodes(Opcode.STARG0, Opcode.STARG), "starg"),
}
"""The name of the function of each opcode that shares one."""


def _table(changes: Mapping[Opcode, Operation]) -> JumpTable:
    functions = {name: function for module in MODULES for name, function in vars(module).items()}
    table: list[Operation | None] = [None] * 256
    for opcode in Opcode:
        table[opcode] = changes.get(opcode) or functions[f"op_{SHARED.get(opcode, opcode.name.lower())}"]
    return tuple(table)


LATEST: Final = _table({})
BEFORE_GORGON: Final = _table(hardforks.BEFORE_GORGON)

JUMP_TABLES: Final[dict[str, JumpTable]] = {"": BEFORE_GORGON, "HF_Gorgon": LATEST}
"""The table that holds from each hardfork on; SUBSTR before HF_Echidna differs in how it fails, not in when."""
