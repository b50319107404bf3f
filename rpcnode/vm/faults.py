"""How a script fails. The texts are those of neo-vm, and of .NET where neo-vm leaves the text to it."""

from typing import Final

from rpcnode.primitives.errors import VmFault

INVALID_CAST: Final = "Specified cast is not valid."
DIVIDE_BY_ZERO: Final = "Attempted to divide by zero."
OVERFLOW: Final = "Arithmetic operation resulted in an overflow."
INT32_MAX: Final = 2**31 - 1
UINT32_MAX: Final = 2**32 - 1


class Catchable(VmFault):
    """A fault that a TRY block may catch; the script sees its text as a ByteString."""


class BadScript(VmFault):
    """The bytes are no script: an unknown opcode, a cut operand or, in strict mode, a jump to no instruction."""


def underflow(depth: int, size: int) -> VmFault:
    """What a pop raises that reaches `depth` items deep into a stack of `size`."""
    return VmFault(f"Out of stack bounds: {depth}/{size} (Parameter 'index')")


def too_many_items(count: int, most: int) -> VmFault:
    """What an instruction raises after which more items are held than may be."""
    return VmFault(f"MaxStackSize exceed: {count}/{most}")


def out_of_range(argument: str) -> VmFault:
    """What .NET's ArgumentOutOfRangeException says of an argument."""
    return VmFault(f"Specified argument was out of the range of valid values. (Parameter '{argument}')")


def bad_argument(name: str, value: int, rule: str) -> VmFault:
    """What .NET's ArgumentOutOfRangeException says of an argument's value, and what it must be."""
    return VmFault(f"{name} ('{value}') must be {rule}. (Parameter '{name}')\nActual value was {value}.")


def wrong_type(wanted: str) -> VmFault:
    """What a pop of a certain type raises on any other."""
    return VmFault(f"The item can't be casted to type Neo.VM.Types.{wanted}")


def invalid_for(opcode: str, type_name: str) -> VmFault:
    """What an operation raises on a type that it does not take."""
    return VmFault(f"Invalid type for {opcode}: {type_name}")
