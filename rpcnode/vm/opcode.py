"""The opcodes of N3: code, price and operand of each, in one table."""

from enum import IntEnum
from typing import TypeAlias

Row: TypeAlias = tuple[int, ...]


def _series(first: int, count: int, price: int) -> tuple[Row, ...]:
    """Opcodes that follow each other, have the same price and no operand."""
    return tuple((code, price) for code in range(first, first + count))


def _slots(first: int) -> tuple[Row, ...]:
    """Opcodes of the indices 0 to 6, and the one whose index is its operand."""
    return *_series(first, 7, 1 << 1), (first + 7, 1 << 1, 1)


def _offsets(first: int, price: int, count: int = 1, names: int = 1) -> tuple[Row, ...]:
    """Opcodes with so many offsets of 1 byte each, and behind each one its like with offsets of 4."""
    codes = range(first, first + 2 * names)
    return tuple((code, price, count * (4 if (code - first) % 2 else 1), 0, count) for code in codes)


class Opcode(IntEnum):
    """An instruction's first byte.

    Each row is code, price, bytes of operand, bytes that say how long the operand is, offsets in the operand. The price
    counts in units of the chain's execution fee factor, which is in datoshi.
    Source: neo-vm, OpCode; neo, SmartContract/ApplicationEngine.OpCodePrices.
    """

    price: int
    operand_size: int
    prefix_size: int
    offsets: int

    def __new__(cls, code: int, price: int = 0, operand: int = 0, prefix: int = 0, offsets: int = 0) -> "Opcode":
        member = int.__new__(cls, code)
        member._value_ = code
        member.price, member.operand_size, member.prefix_size, member.offsets = price, operand, prefix, offsets
        return member

    # Constants
    PUSHINT8 = 0x00, 1, 1
    PUSHINT16 = 0x01, 1, 2
    PUSHINT32 = 0x02, 1, 4
    PUSHINT64 = 0x03, 1, 8
    PUSHINT128 = 0x04, 1 << 2, 16
    PUSHINT256 = 0x05, 1 << 2, 32
    PUSHT, PUSHF = _series(0x08, 2, 1)
    PUSHA = 0x0A, 1 << 2, 4, 0, 1
    PUSHNULL = 0x0B, 1
    PUSHDATA1 = 0x0C, 1 << 3, 0, 1
    PUSHDATA2 = 0x0D, 1 << 9, 0, 2
    PUSHDATA4 = 0x0E, 1 << 12, 0, 4
    PUSHM1, PUSH0, PUSH1, PUSH2, PUSH3, PUSH4, PUSH5, PUSH6, PUSH7 = _series(0x0F, 9, 1)
    PUSH8, PUSH9, PUSH10, PUSH11, PUSH12, PUSH13, PUSH14, PUSH15, PUSH16 = _series(0x18, 9, 1)
    # Flow control
    NOP = 0x21, 1
    JMP, JMP_L, JMPIF, JMPIF_L, JMPIFNOT, JMPIFNOT_L = _offsets(0x22, 1 << 1, names=3)
    JMPEQ, JMPEQ_L, JMPNE, JMPNE_L, JMPGT, JMPGT_L = _offsets(0x28, 1 << 1, names=3)
    JMPGE, JMPGE_L, JMPLT, JMPLT_L, JMPLE, JMPLE_L = _offsets(0x2E, 1 << 1, names=3)
    CALL, CALL_L = _offsets(0x34, 1 << 9)
    CALLA = 0x36, 1 << 9
    CALLT = 0x37, 1 << 15, 2
    ABORT = 0x38, 0
    ASSERT = 0x39, 1
    THROW = 0x3A, 1 << 9
    TRY, TRY_L = _offsets(0x3B, 1 << 2, 2)
    ENDTRY, ENDTRY_L = _offsets(0x3D, 1 << 2)
    ENDFINALLY = 0x3F, 1 << 2
    RET = 0x40, 0
    SYSCALL = 0x41, 0, 4
    # Stack
    DEPTH = 0x43, 1 << 1
    DROP, NIP = _series(0x45, 2, 1 << 1)
    XDROP, CLEAR = _series(0x48, 2, 1 << 4)
    DUP, OVER = _series(0x4A, 2, 1 << 1)
    PICK, TUCK = _series(0x4D, 2, 1 << 1)
    SWAP, ROT = _series(0x50, 2, 1 << 1)
    ROLL = 0x52, 1 << 4
    REVERSE3, REVERSE4 = _series(0x53, 2, 1 << 1)
    REVERSEN = 0x55, 1 << 4
    # Slots
    INITSSLOT = 0x56, 1 << 4, 1
    INITSLOT = 0x57, 1 << 6, 2
    LDSFLD0, LDSFLD1, LDSFLD2, LDSFLD3, LDSFLD4, LDSFLD5, LDSFLD6, LDSFLD = _slots(0x58)
    STSFLD0, STSFLD1, STSFLD2, STSFLD3, STSFLD4, STSFLD5, STSFLD6, STSFLD = _slots(0x60)
    LDLOC0, LDLOC1, LDLOC2, LDLOC3, LDLOC4, LDLOC5, LDLOC6, LDLOC = _slots(0x68)
    STLOC0, STLOC1, STLOC2, STLOC3, STLOC4, STLOC5, STLOC6, STLOC = _slots(0x70)
    LDARG0, LDARG1, LDARG2, LDARG3, LDARG4, LDARG5, LDARG6, LDARG = _slots(0x78)
    STARG0, STARG1, STARG2, STARG3, STARG4, STARG5, STARG6, STARG = _slots(0x80)
    # Splice
    NEWBUFFER = 0x88, 1 << 8
    MEMCPY = 0x89, 1 << 11
    CAT, SUBSTR, LEFT, RIGHT = _series(0x8B, 4, 1 << 11)
    # Bitwise logic
    INVERT = 0x90, 1 << 2
    AND, OR, XOR = _series(0x91, 3, 1 << 3)
    EQUAL, NOTEQUAL = _series(0x97, 2, 1 << 5)
    # Arithmetic
    SIGN, ABS, NEGATE, INC, DEC = _series(0x99, 5, 1 << 2)
    ADD, SUB, MUL, DIV, MOD = _series(0x9E, 5, 1 << 3)
    POW, SQRT = _series(0xA3, 2, 1 << 6)
    MODMUL = 0xA5, 1 << 5
    MODPOW = 0xA6, 1 << 11
    SHL, SHR = _series(0xA8, 2, 1 << 3)
    NOT = 0xAA, 1 << 2
    BOOLAND, BOOLOR = _series(0xAB, 2, 1 << 3)
    NZ = 0xB1, 1 << 2
    NUMEQUAL, NUMNOTEQUAL, LT, LE, GT, GE, MIN, MAX, WITHIN = _series(0xB3, 9, 1 << 3)
    # Compound types
    PACKMAP, PACKSTRUCT, PACK, UNPACK = _series(0xBE, 4, 1 << 11)
    NEWARRAY0 = 0xC2, 1 << 4
    NEWARRAY = 0xC3, 1 << 9
    NEWARRAY_T = 0xC4, 1 << 9, 1
    NEWSTRUCT0 = 0xC5, 1 << 4
    NEWSTRUCT = 0xC6, 1 << 9
    NEWMAP = 0xC8, 1 << 3
    SIZE = 0xCA, 1 << 2
    HASKEY = 0xCB, 1 << 6
    KEYS = 0xCC, 1 << 4
    VALUES = 0xCD, 1 << 13
    PICKITEM = 0xCE, 1 << 6
    APPEND, SETITEM, REVERSEITEMS = _series(0xCF, 3, 1 << 13)
    REMOVE, CLEARITEMS, POPITEM = _series(0xD2, 3, 1 << 4)
    # Types
    ISNULL = 0xD8, 1 << 1
    ISTYPE = 0xD9, 1 << 1, 1
    CONVERT = 0xDB, 1 << 13, 1
    # Extensions
    ABORTMSG = 0xE0, 0
    ASSERTMSG = 0xE1, 1


def opcodes(first: Opcode, last: Opcode) -> tuple[Opcode, ...]:
    """The opcodes of a range, both ends included."""
    return tuple(opcode for opcode in Opcode if first <= opcode <= last)
