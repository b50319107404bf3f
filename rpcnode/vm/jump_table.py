"""Which function each opcode is, now and before earlier hardforks.

The function of NAME is `op_name`; opcodes that differ in the size of their operand only, or hold what others have as an
operand, share one.
"""

from collections.abc import Mapping
from typing import Final

from rpcnode.vm import (
    hardforks,
    ops_compound,
    ops_flow,
    ops_items,
    ops_numeric,
    ops_slot,
    ops_splice,
    ops_stack,
    ops_values,
)
from rpcnode.vm.code import JumpTable, Operation
from rpcnode.vm.opcode import Opcode
from rpcnode.vm.script import opcodes

MODULES: Final = (
    *(ops_values, ops_flow, ops_stack, ops_slot),
    *(ops_splice, ops_numeric, ops_compound, ops_items),
)

SHARED: Final[dict[Opcode, str]] = {
    **dict.fromkeys(opcodes(Opcode.PUSHINT8, Opcode.PUSHF), "push"),
    **dict.fromkeys(opcodes(Opcode.PUSHM1, Opcode.PUSH16), "push"),
    Opcode.PUSHNULL: "push",
    **dict.fromkeys(opcodes(Opcode.PUSHDATA1, Opcode.PUSHDATA4), "pushdata"),
    **{Opcode.NIP: "xdrop", Opcode.OVER: "pick", Opcode.ROT: "roll"},
    **dict.fromkeys((Opcode.REVERSE3, Opcode.REVERSE4, Opcode.REVERSEN), "reverse"),
    **{opcode: opcode.name.lower().removesuffix("_l") for opcode in Opcode if opcode.name.endswith("_L")},
    **{opcode: opcode.name.lower().rstrip("0123456") for opcode in opcodes(Opcode.LDSFLD0, Opcode.STARG)},
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
