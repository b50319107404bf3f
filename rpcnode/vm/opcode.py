"""The opcodes of N3: code, price and operand of each, in one table."""

from enum import IntEnum


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
        member.price = price
        member.operand_size = operand_size
        member.prefix_size = prefix_size
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
    PUSHM1 = 0x0F, 1
    PUSH0 = 0x10, 1
    PUSH1 = 0x11, 1
    PUSH2 = 0x12, 1
    PUSH3 = 0x13, 1
    PUSH4 = 0x14, 1
    PUSH5 = 0x15, 1
    PUSH6 = 0x16, 1
    PUSH7 = 0x17, 1
    PUSH8 = 0x18, 1
    PUSH9 = 0x19, 1
    PUSH10 = 0x1A, 1
    PUSH11 = 0x1B, 1
    PUSH12 = 0x1C, 1
    PUSH13 = 0x1D, 1
    PUSH14 = 0x1E, 1
    PUSH15 = 0x1F, 1
    PUSH16 = 0x20, 1
    # Flow control
    NOP = 0x21, 1
    JMP = 0x22, 1 << 1, 1
    JMP_L = 0x23, 1 << 1, 4
    JMPIF = 0x24, 1 << 1, 1
    JMPIF_L = 0x25, 1 << 1, 4
    JMPIFNOT = 0x26, 1 << 1, 1
    JMPIFNOT_L = 0x27, 1 << 1, 4
    JMPEQ = 0x28, 1 << 1, 1
    JMPEQ_L = 0x29, 1 << 1, 4
    JMPNE = 0x2A, 1 << 1, 1
    JMPNE_L = 0x2B, 1 << 1, 4
    JMPGT = 0x2C, 1 << 1, 1
    JMPGT_L = 0x2D, 1 << 1, 4
    JMPGE = 0x2E, 1 << 1, 1
    JMPGE_L = 0x2F, 1 << 1, 4
    JMPLT = 0x30, 1 << 1, 1
    JMPLT_L = 0x31, 1 << 1, 4
    JMPLE = 0x32, 1 << 1, 1
    JMPLE_L = 0x33, 1 << 1, 4
    CALL = 0x34, 1 << 9, 1
    CALL_L = 0x35, 1 << 9, 4
    CALLA = 0x36, 1 << 9
    CALLT = 0x37, 1 << 15, 2
    ABORT = 0x38, 0
    ASSERT = 0x39, 1
    THROW = 0x3A, 1 << 9
    TRY = 0x3B, 1 << 2, 2
    TRY_L = 0x3C, 1 << 2, 8
    ENDTRY = 0x3D, 1 << 2, 1
    ENDTRY_L = 0x3E, 1 << 2, 4
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
    LDSFLD0 = 0x58, 1 << 1
    LDSFLD1 = 0x59, 1 << 1
    LDSFLD2 = 0x5A, 1 << 1
    LDSFLD3 = 0x5B, 1 << 1
    LDSFLD4 = 0x5C, 1 << 1
    LDSFLD5 = 0x5D, 1 << 1
    LDSFLD6 = 0x5E, 1 << 1
    LDSFLD = 0x5F, 1 << 1, 1
    STSFLD0 = 0x60, 1 << 1
    STSFLD1 = 0x61, 1 << 1
    STSFLD2 = 0x62, 1 << 1
    STSFLD3 = 0x63, 1 << 1
    STSFLD4 = 0x64, 1 << 1
    STSFLD5 = 0x65, 1 << 1
    STSFLD6 = 0x66, 1 << 1
    STSFLD = 0x67, 1 << 1, 1
    LDLOC0 = 0x68, 1 << 1
    LDLOC1 = 0x69, 1 << 1
    LDLOC2 = 0x6A, 1 << 1
    LDLOC3 = 0x6B, 1 << 1
    LDLOC4 = 0x6C, 1 << 1
    LDLOC5 = 0x6D, 1 << 1
    LDLOC6 = 0x6E, 1 << 1
    LDLOC = 0x6F, 1 << 1, 1
    STLOC0 = 0x70, 1 << 1
    STLOC1 = 0x71, 1 << 1
    STLOC2 = 0x72, 1 << 1
    STLOC3 = 0x73, 1 << 1
    STLOC4 = 0x74, 1 << 1
    STLOC5 = 0x75, 1 << 1
    STLOC6 = 0x76, 1 << 1
    STLOC = 0x77, 1 << 1, 1
    LDARG0 = 0x78, 1 << 1
    LDARG1 = 0x79, 1 << 1
    LDARG2 = 0x7A, 1 << 1
    LDARG3 = 0x7B, 1 << 1
    LDARG4 = 0x7C, 1 << 1
    LDARG5 = 0x7D, 1 << 1
    LDARG6 = 0x7E, 1 << 1
    LDARG = 0x7F, 1 << 1, 1
    STARG0 = 0x80, 1 << 1
    STARG1 = 0x81, 1 << 1
    STARG2 = 0x82, 1 << 1
    STARG3 = 0x83, 1 << 1
    STARG4 = 0x84, 1 << 1
    STARG5 = 0x85, 1 << 1
    STARG6 = 0x86, 1 << 1
    STARG = 0x87, 1 << 1, 1
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
