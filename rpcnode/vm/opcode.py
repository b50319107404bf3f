"""The opcodes of N3: code, price and operand of each, in one table."""

from enum import IntEnum
from typing import TypeAlias

Row: TypeAlias = tuple[int, ...]


def _series(first: int, count: int, price: int) -> tuple[Row, ...]:
    """Opcodes that differ in what they hold only."""
    return tuple((code, price) for code in range(first, first + count))


def _short_and_long(code: int, price: int, operand_size: int = 1) -> tuple[Row, Row]:
    """An opcode with offsets of 1 byte each and its like with offsets of 4."""
    return (code, price, operand_size), (code + 1, price, 4 * operand_size)


def _slots(first: int) -> tuple[Row, ...]:
    """Opcodes of the indices 0 to 6, and the one whose index is its operand."""
    return *_series(first, 7, 1 << 1), (first + 7, 1 << 1, 1)


class Opcode(IntEnum):
    """An instruction's first byte; each row is code, price, bytes of operand, bytes that say how long the operand is.

    The price counts in units of the chain's execution fee factor, which is in datoshi.
    Source: neo-vm, OpCode; neo, SmartContract/ApplicationEngine.OpCodePrices.
    """

    price: int
    operand_size: int
    prefix_size: int

    def __new__(cls, code: int, price: int = 0, operand_size: int = 0, prefix_size: int = 0) -> "Opcode":
        member = int.__new__(cls, code)
        member._value_ = code
        member.price, member.operand_size, member.prefix_size = price, operand_size, prefix_size
        return member

    # Constants
    PUSHINT8 = 0x00, 1, 1
    PUSHINT16 = 0x01, 1, 2
    PUSHINT32 = 0x02, 1, 4
    PUSHINT64 = 0x03, 1, 8
    PUSHINT128 = 0x04, 1 << 2, 16
    PUSHINT256 = 0x05, 1 << 2, 32
    PUSHT = 0x08, 1
    PUSHF = 0x09, 1
    PUSHA = 0x0A, 1 << 2, 4
    PUSHNULL = 0x0B, 1
    PUSHDATA1 = 0x0C, 1 << 3, 0, 1
    PUSHDATA2 = 0x0D, 1 << 9, 0, 2
    PUSHDATA4 = 0x0E, 1 << 12, 0, 4
    PUSHM1, PUSH0, PUSH1, PUSH2, PUSH3, PUSH4, PUSH5, PUSH6, PUSH7 = _series(0x0F, 9, 1)
    PUSH8, PUSH9, PUSH10, PUSH11, PUSH12, PUSH13, PUSH14, PUSH15, PUSH16 = _series(0x18, 9, 1)
    # Flow control
    NOP = 0x21, 1
    JMP, JMP_L = _short_and_long(0x22, 1 << 1)
    JMPIF, JMPIF_L = _short_and_long(0x24, 1 << 1)
    JMPIFNOT, JMPIFNOT_L = _short_and_long(0x26, 1 << 1)
    JMPEQ, JMPEQ_L = _short_and_long(0x28, 1 << 1)
    JMPNE, JMPNE_L = _short_and_long(0x2A, 1 << 1)
    JMPGT, JMPGT_L = _short_and_long(0x2C, 1 << 1)
    JMPGE, JMPGE_L = _short_and_long(0x2E, 1 << 1)
    JMPLT, JMPLT_L = _short_and_long(0x30, 1 << 1)
    JMPLE, JMPLE_L = _short_and_long(0x32, 1 << 1)
    CALL, CALL_L = _short_and_long(0x34, 1 << 9)
    CALLA = 0x36, 1 << 9
    CALLT = 0x37, 1 << 15, 2
    ABORT = 0x38, 0
    ASSERT = 0x39, 1
    THROW = 0x3A, 1 << 9
    TRY, TRY_L = _short_and_long(0x3B, 1 << 2, 2)
    ENDTRY, ENDTRY_L = _short_and_long(0x3D, 1 << 2)
    ENDFINALLY = 0x3F, 1 << 2
    RET = 0x40, 0
    SYSCALL = 0x41, 0, 4
    # Stack
    DEPTH = 0x43, 1 << 1
    DROP = 0x45, 1 << 1
    NIP = 0x46, 1 << 1
    XDROP = 0x48, 1 << 4
    CLEAR = 0x49, 1 << 4
    DUP = 0x4A, 1 << 1
    OVER = 0x4B, 1 << 1
    PICK = 0x4D, 1 << 1
    TUCK = 0x4E, 1 << 1
    SWAP = 0x50, 1 << 1
    ROT = 0x51, 1 << 1
    ROLL = 0x52, 1 << 4
    REVERSE3 = 0x53, 1 << 1
    REVERSE4 = 0x54, 1 << 1
    REVERSEN = 0x55, 1 << 4
    # Slot
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
    CAT = 0x8B, 1 << 11
    SUBSTR = 0x8C, 1 << 11
    LEFT = 0x8D, 1 << 11
    RIGHT = 0x8E, 1 << 11
    # Bitwise logic
    INVERT = 0x90, 1 << 2
    AND = 0x91, 1 << 3
    OR = 0x92, 1 << 3
    XOR = 0x93, 1 << 3
    EQUAL = 0x97, 1 << 5
    NOTEQUAL = 0x98, 1 << 5
    # Arithmetic
    SIGN = 0x99, 1 << 2
    ABS = 0x9A, 1 << 2
    NEGATE = 0x9B, 1 << 2
    INC = 0x9C, 1 << 2
    DEC = 0x9D, 1 << 2
    ADD = 0x9E, 1 << 3
    SUB = 0x9F, 1 << 3
    MUL = 0xA0, 1 << 3
    DIV = 0xA1, 1 << 3
    MOD = 0xA2, 1 << 3
    POW = 0xA3, 1 << 6
    SQRT = 0xA4, 1 << 6
    MODMUL = 0xA5, 1 << 5
    MODPOW = 0xA6, 1 << 11
    SHL = 0xA8, 1 << 3
    SHR = 0xA9, 1 << 3
    NOT = 0xAA, 1 << 2
    BOOLAND = 0xAB, 1 << 3
    BOOLOR = 0xAC, 1 << 3
    NZ = 0xB1, 1 << 2
    NUMEQUAL = 0xB3, 1 << 3
    NUMNOTEQUAL = 0xB4, 1 << 3
    LT = 0xB5, 1 << 3
    LE = 0xB6, 1 << 3
    GT = 0xB7, 1 << 3
    GE = 0xB8, 1 << 3
    MIN = 0xB9, 1 << 3
    MAX = 0xBA, 1 << 3
    WITHIN = 0xBB, 1 << 3
    # Compound-type
    PACKMAP = 0xBE, 1 << 11
    PACKSTRUCT = 0xBF, 1 << 11
    PACK = 0xC0, 1 << 11
    UNPACK = 0xC1, 1 << 11
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
    APPEND = 0xCF, 1 << 13
    SETITEM = 0xD0, 1 << 13
    REVERSEITEMS = 0xD1, 1 << 13
    REMOVE = 0xD2, 1 << 4
    CLEARITEMS = 0xD3, 1 << 4
    POPITEM = 0xD4, 1 << 4
    # Types
    ISNULL = 0xD8, 1 << 1
    ISTYPE = 0xD9, 1 << 1, 1
    CONVERT = 0xDB, 1 << 13, 1
    # Extensions
    ABORTMSG = 0xE0, 0
    ASSERTMSG = 0xE1, 1
