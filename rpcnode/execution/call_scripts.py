"""The entry scripts of invocations, as each profile's node writes them, and what they cost.

Source: neo 3.10.2, Neo: Extensions/VM/ScriptBuilderExtensions; neo 3.0.0-preview2 and 2.12, Neo: VM/Helper.EmitAppCall;
of each, SmartContract/ApplicationEngine.OpCodePrices.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from rpcnode.primitives import push_neo2
from rpcnode.primitives.errors import FormatError, ProfileName
from rpcnode.primitives.records import dataclass
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.items import Array, Buffer, StackItem, type_of
from rpcnode.vm.script_builder import ScriptBuilder

_PUSH0, _PUSH1 = 0x10, 0x11
_PUSHDATA1, _PUSHDATA2, _PUSHDATA4 = 0x0C, 0x0D, 0x0E
_PUSHINT128, _PUSHINT256 = 0x04, 0x05
_PACKMAP, _PACK, _NEWARRAY0, _NEWMAP = 0xBE, 0xC0, 0xC2, 0xC8
_SYSCALL = 0x41
_PREVIEW_NEWARRAY = 0xC3
_NEO2_PACK, _NEO2_APPCALL, _NEO2_PUSHF, _NEO2_PUSHT = b"\xc1", b"\x67", b"\x00", b"\x51"

CallScript = Callable[[UInt160, str, Sequence[StackItem] | None], bytes]
"""(contract, method, arguments); None: there is no list of them, which older wallets write unlike an empty one."""


def _n3(contract: UInt160, method: str, args: Sequence[StackItem] | None) -> bytes:
    return ScriptBuilder().call(contract, method, args or ()).to_bytes()


def _text(text: str) -> bytes:
    """UTF-8; half a surrogate pair, which has none, becomes a question mark."""
    return text.encode("utf-8", "replace")


def _preview_push(builder: ScriptBuilder, item: StackItem) -> None:
    # Preview2 pushes truth values as numbers, and arguments hold no Map there.
    match item:
        case bool():
            builder.op(_PUSH1 if item else _PUSH0)
        case Array():
            for element in reversed(item.items):
                _preview_push(builder, element)
            builder.push(len(item.items)).op(_PACK)
        case _:
            builder.push(item)


def _preview(contract: UInt160, method: str, args: Sequence[StackItem] | None) -> bytes:
    builder = ScriptBuilder()
    if args is None:
        builder.op(_PUSH0).op(_PREVIEW_NEWARRAY)
    else:
        _preview_push(builder, Array(args))
    return builder.push(_text(method)).push(contract).syscall("System.Contract.Call").to_bytes()


def _neo2_push(item: StackItem) -> bytes:
    match item:
        case bool():
            return _NEO2_PUSHT if item else push_neo2.push_integer(0)
        case int():
            return push_neo2.push_integer(item)
        case bytes() | Buffer():
            return push_neo2.push_data(bytes(item))
        case Array():
            pushed = b"".join(_neo2_push(element) for element in reversed(item.items))
            return pushed + push_neo2.push_integer(len(item.items)) + _NEO2_PACK
    raise FormatError(f"{type_of(item).name} cannot be pushed by a script of Neo 2")


def _n2(contract: UInt160, method: str, args: Sequence[StackItem] | None) -> bytes:
    pushed = _NEO2_PUSHF if args is None else _neo2_push(Array(args))
    return pushed + push_neo2.push_data(_text(method)) + _NEO2_APPCALL + contract


CALL_SCRIPTS: Final[dict[ProfileName, CallScript]] = {"n3": _n3, "n3-preview": _preview, "n2": _n2}
"""The script that calls a method, by profile. Raises FormatError for an argument that cannot be pushed there."""

# What it costs


@dataclass(frozen=True, slots=True)
class Prices:
    """Datoshi an instruction; `push`: of every one not listed, `storage_read`: of a method that reads."""

    push: int
    opcodes: Mapping[int, int]
    call: int
    method: int
    storage_read: int


def _prices(unit: int) -> dict[int, int]:
    """N3's, in units of the execution fee factor."""
    return {
        _PUSHINT128: 4 * unit,
        _PUSHINT256: 4 * unit,
        _PUSHDATA1: 8 * unit,
        _PUSHDATA2: 512 * unit,
        _PUSHDATA4: 4096 * unit,
        _PACKMAP: 2048 * unit,
        _PACK: 2048 * unit,
        _NEWARRAY0: 16 * unit,
        _NEWMAP: 8 * unit,
    }


_PREVIEW_PRICES: Final = {
    _PUSHINT128: 120,
    _PUSHINT256: 120,
    _PUSHDATA1: 180,
    _PUSHDATA2: 13_000,
    _PUSHDATA4: 110_000,
    _PACK: 7_000,
}
_PRICES: Final[dict[ProfileName, Prices]] = {
    # A native contract's script pushes one constant and calls its code.
    "n3": Prices(push=30, opcodes=_prices(30), call=983_040, method=30, storage_read=983_040),
    "n3-preview": Prices(push=30, opcodes=_PREVIEW_PRICES, call=1_000_000, method=0, storage_read=1_000_000),
}
_NEO2_GAS: Final = 1_100_000  # PACK and APPCALL: pushes are free there
_WITHOUT_STORAGE: Final = frozenset(("name", "symbol", "decimals"))
_PREVIEW_METHODS: Final = {**dict.fromkeys(_WITHOUT_STORAGE, 0), "transfer": 8_000_000}
"""What native tokens of preview2 take for a method, in datoshi; for all others, what a read costs."""

_LENGTH_SIZES: Final = {_PUSHDATA1: 1, _PUSHDATA2: 2, _PUSHDATA4: 4}


def call_gas(profile: ProfileName, script: bytes, method: str | None) -> int:
    """What running a call script costs, in datoshi; `method` None: the call failed before the contract ran.

    Exact for the native tokens of N3 and preview2, and the model of every other token. Of Neo 2 only the entry script
    counts.
    """
    prices = _PRICES.get(profile)
    if prices is None:
        return _NEO2_GAS
    gas = _entry_gas(prices, script)
    if method is None:
        return gas
    return gas + prices.method + (0 if method in _WITHOUT_STORAGE else prices.storage_read)


def calls_gas(profile: ProfileName, script: bytes, methods: Sequence[str]) -> int:
    """What running a script costs, in datoshi, that calls these methods and does nothing else, on an older profile.

    Exact for the native tokens of preview2, and the model of every other token; of Neo 2 only the entry script counts.
    """
    prices = _PRICES.get(profile)
    if prices is None:
        return _NEO2_GAS * len(methods)
    return _entry_gas(prices, script) + sum(_PREVIEW_METHODS.get(method, prices.storage_read) for method in methods)


def _entry_gas(prices: Prices, script: bytes) -> int:
    gas = position = 0
    while position < len(script):
        opcode = script[position]
        gas += prices.call if opcode == _SYSCALL else prices.opcodes.get(opcode, prices.push)
        position += 1 + _operand_size(script, position + 1, opcode)
    return gas


def push_gas(profile: ProfileName, opcode: int) -> int:
    """What an instruction that pushes costs, in datoshi: nothing on Neo 2."""
    prices = _PRICES.get(profile)
    return 0 if prices is None else prices.opcodes.get(opcode, prices.push)


def _operand_size(script: bytes, position: int, opcode: int) -> int:
    if opcode <= _PUSHINT256:
        return 1 << opcode
    size = _LENGTH_SIZES.get(opcode)
    if size is not None:
        return size + int.from_bytes(script[position : position + size], "little")
    return 4 if opcode == _SYSCALL else 0
