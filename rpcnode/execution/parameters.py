"""Stack items as the arguments of services and native methods, by the types of their parameters.

Source: neo 3.10.2, SmartContract/InteropParameterDescriptor.cs, ApplicationEngine.Convert; .NET's BigInteger.
"""

from collections.abc import Callable
from types import NoneType, UnionType
from typing import Annotated, Any, Final, TypeAlias, Union, get_args, get_origin

from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.errors import VmFault
from rpcnode.primitives.records import dataclass
from rpcnode.primitives.uint import UInt160, UInt256
from rpcnode.vm.conversions import pop, to_boolean, to_bytes, to_int32, to_integer, to_text
from rpcnode.vm.faults import OVERFLOW
from rpcnode.vm.items import Array, Buffer, Compound, InteropInterface, Map, Pointer, StackItem, type_of
from rpcnode.vm.limits import DEFAULT_LIMITS
from rpcnode.vm.machine import Frame

INVALID_STATE: Final = "Operation is not valid due to the current state of the object."

Converter: TypeAlias = Callable[[Frame, StackItem], Any]
"""Makes an argument of an item; an array may be given as a count of items, which are popped from the frame's stack."""


@dataclass(frozen=True, slots=True)
class Width:
    """The .NET integer type of a number: its name in messages, and whether it is signed."""

    name: str
    bits: int
    is_signed: bool


@dataclass(frozen=True, slots=True)
class MaxLength:
    """The most bytes that an argument may have."""

    size: int


Byte: TypeAlias = Annotated[int, Width("Int32", 8, False)]
UInt16: TypeAlias = Annotated[int, Width("Int32", 16, False)]
Int32: TypeAlias = Annotated[int, Width("Int32", 32, True)]
UInt32: TypeAlias = Annotated[int, Width("UInt32", 32, False)]
Int64: TypeAlias = Annotated[int, Width("Int64", 64, True)]
UInt64: TypeAlias = Annotated[int, Width("UInt64", 64, False)]
Interop: TypeAlias = InteropInterface


def to_width(item: StackItem, width: Width) -> int:
    """The number as a .NET integer of that type. Raises VmFault in .NET's words for one that is out of its range."""
    number = to_integer(item)
    low = -(1 << (width.bits - 1)) if width.is_signed else 0
    high = low + (1 << width.bits) - 1
    if low <= number <= high:
        return number
    if width.bits <= 32 and width.name == "Int32":
        to_int32(number)
        raise VmFault(OVERFLOW)
    if not width.is_signed and -(1 << 31) <= number < 0:
        raise VmFault(OVERFLOW)
    raise VmFault(f"Value was either too large or too small for {'an' if width.name[0] == 'I' else 'a'} {width.name}.")


def to_uint160(item: StackItem) -> UInt160:
    """A hash of 20 bytes."""
    data = to_bytes(item)
    if len(data) != 20:
        raise VmFault(_wrong_size("UInt160", 20, len(data)))
    return UInt160(data)


def to_uint256(item: StackItem) -> UInt256:
    """A hash of 32 bytes."""
    data = to_bytes(item)
    if len(data) != 32:
        raise VmFault(_wrong_size("UInt256", 32, len(data)))
    return UInt256(data)


def to_point(item: StackItem) -> ECPoint:
    """A public key."""
    from rpcnode.execution.signatures import decode_point

    return decode_point(bytes(to_bytes(item)))


def _wrong_size(kind: str, size: int, got: int) -> str:
    expected = f"expected {size} bytes, but got {got} bytes"
    return f"Invalid {kind} length: {expected}. {kind} values must be exactly {size} bytes long."


def _same(item: StackItem) -> StackItem:
    return item


_PLAIN: Final[dict[Any, Callable[[StackItem], Any]]] = {
    int: to_integer,
    bool: to_boolean,
    bytes: lambda item: bytes(to_bytes(item)),
    str: to_text,
    UInt160: to_uint160,
    UInt256: to_uint256,
    ECPoint: to_point,
    Array: _same,  # what is none is refused when all arguments are converted: `check_array`
    InteropInterface: _same,
}
_MANIFEST_TYPES: Final[dict[Any, str]] = {
    int: "Integer",
    bool: "Boolean",
    bytes: "ByteArray",
    str: "String",
    UInt160: "Hash160",
    UInt256: "Hash256",
    ECPoint: "PublicKey",
    Array: "Array",
    Map: "Map",
    InteropInterface: "InteropInterface",
    NoneType: "Void",
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: its .NET name, its type in a manifest, and what makes it of an item."""

    name: str
    type: str
    convert: Converter
    is_array: bool = False
    is_interop: bool = False


def parameter_of(name: str, annotation: Any) -> Parameter:
    """The parameter of that name whose Python annotation this is."""
    kind, is_nullable, marks = _taken_apart(annotation)
    manifest_type = manifest_type_of(kind)
    if kind in (StackItem, Any, object):
        return Parameter(name, manifest_type, lambda frame, item: item)
    convert = _list_converter(name, kind) if get_origin(kind) is list else _converter(kind, marks)
    for mark in marks:
        if isinstance(mark, MaxLength):
            convert = _limited(convert, mark.size)
    return Parameter(
        name,
        manifest_type,
        _checked(name, convert, is_nullable),
        is_array=kind is Array,
        is_interop=kind is InteropInterface,
    )


def manifest_type_of(annotation: Any) -> str:
    """The type in a manifest that a Python annotation means."""
    kind, _, _ = _taken_apart(annotation)
    if kind in _MANIFEST_TYPES:
        return _MANIFEST_TYPES[kind]
    if get_origin(kind) in (list, tuple) or hasattr(kind, "to_item"):
        return "Array"
    return "Any" if kind in (StackItem, Any, object) else "InteropInterface"


def check_kinds(parameters: tuple[Parameter, ...], args: list[Any]) -> None:
    """Raises VmFault, as .NET does when it calls a method, for an argument that is no Array or no interop interface."""
    for parameter, arg in zip(parameters, args, strict=True):
        if (parameter.is_array and not isinstance(arg, Array)) or (
            parameter.is_interop and not isinstance(arg, InteropInterface)
        ):
            wanted = "Array" if parameter.is_array else "InteropInterface"
            raise VmFault(
                f"Object of type 'Neo.VM.Types.{dotnet_name(arg)}' cannot be converted to type 'Neo.VM.Types.{wanted}'."
            )


def dotnet_name(item: StackItem) -> str:
    """The name of an item's class in neo-vm."""
    return "Null" if item is None else type_of(item).name


def _taken_apart(annotation: Any) -> tuple[Any, bool, tuple[Any, ...]]:
    """The type itself, whether None may stand for it, and what it is annotated with."""
    marks: tuple[Any, ...] = ()
    is_nullable = False
    if annotation == StackItem:
        return StackItem, True, ()
    while True:
        origin = get_origin(annotation)
        if origin is Annotated:
            annotation, *more = get_args(annotation)
            marks += tuple(more)
        elif origin in (Union, UnionType):
            rest = [arg for arg in get_args(annotation) if arg is not NoneType]
            is_nullable = True
            if len(rest) != 1:
                raise TypeError(f"no parameter has the type {annotation}")
            annotation = rest[0]
        else:
            return annotation, is_nullable, marks


def _converter(kind: Any, marks: tuple[Any, ...]) -> Converter:
    for mark in marks:
        if isinstance(mark, Width):
            if mark.bits == 32 and mark.is_signed:
                return lambda frame, item: to_int32(item)
            return lambda frame, item: to_width(item, mark)
    plain = _PLAIN[kind]
    return lambda frame, item: plain(item)


def _checked(name: str, convert: Converter, is_nullable: bool) -> Converter:
    def checked(frame: Frame, item: StackItem) -> Any:
        if item is None:
            if is_nullable:
                return None
            raise VmFault(f"The argument `{name}` can't be null.")
        return convert(frame, item)

    return checked


def _limited(convert: Converter, size: int) -> Converter:
    def limited(frame: Frame, item: StackItem) -> Any:
        if isinstance(item, int | bytes | Buffer) and len(to_bytes(item)) > size:
            raise VmFault("The input exceeds the maximum length.")
        return convert(frame, item)

    return limited


def _list_converter(name: str, kind: Any) -> Converter:
    """Source: neo, ApplicationEngine.Convert, its part for arrays."""
    element_kind, is_nullable, marks = _taken_apart(get_args(kind)[0])
    convert = _converter(element_kind, marks)

    def element(frame: Frame, item: StackItem) -> Any:
        if item is None and not is_nullable:
            raise VmFault(f"The element of `{name}` can't be null.")
        return convert(frame, item)

    def converted(frame: Frame, item: StackItem) -> Any:
        if isinstance(item, Array):
            return [element(frame, given) for given in item.items]
        count = to_int32(item)
        if count > DEFAULT_LIMITS.max_stack_size:
            raise VmFault(INVALID_STATE)
        if count < 0:
            text = f"length ('{count}') must be a non-negative value. (Parameter 'length')"
            raise VmFault(f"{text}\nActual value was {count}.")
        return [element(frame, pop(frame)) for _ in range(count)]

    return converted


def item_of(value: Any) -> StackItem:
    """The item that a result becomes. Source: neo, ApplicationEngine.Convert(object)."""
    if value is None or value is True or value is False or type(value) in (int, bytes):
        return value  # type: ignore[no-any-return]
    if isinstance(value, int):
        return int(value)
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, bytes):
        return bytes(value)  # a hash or a key
    if isinstance(value, Compound | Buffer | InteropInterface | Pointer):
        return value
    if isinstance(value, list | tuple):
        return Array(map(item_of, value))
    if hasattr(value, "to_item"):
        return value.to_item()  # type: ignore[no-any-return]
    return InteropInterface(value)
