"""StdLib and CryptoLib: what they answer depends on their arguments alone.

Left out are BLS12-381, Ed25519, the recovery of keys, signatures over another curve or hash than P-256 and SHA-256, and
JSON that .NET would write in another way than Python. Source: neo 3.9, Neo: SmartContract/Native/StdLib, CryptoLib.
"""

import base64
import binascii
from collections.abc import Callable, Sequence
from struct import unpack
from typing import Final

import base58

from rpcnode.execution.engine import NotModelled
from rpcnode.execution.native_hashes import CRYPTO_LIB, STD_LIB
from rpcnode.execution.serializers.binary import deserialize, serialize
from rpcnode.execution.serializers.json_text import json_bytes
from rpcnode.natives.std.json_items import item_of_json, shortest_integer
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.errors import FormatError, VmFault
from rpcnode.primitives.hashes import checksum4, ripemd160, sha256
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.conversions import to_boolean, to_bytes, to_int32, to_integer, to_text
from rpcnode.vm.items import MAX_INTEGER, MIN_INTEGER, Array, StackItem

_MAX_INPUT: Final = 1024
_SECP256R1_SHA256: Final = 23
_HEX_DIGITS: Final = frozenset("0123456789abcdefABCDEF")

Function = Callable[[Sequence[StackItem]], StackItem]


def pure_answer(native: UInt160, method: str, args: Sequence[StackItem]) -> StackItem:
    """What a method of one of the two answers. Raises VmFault where it fails, NotModelled where it is not built."""
    function = _FUNCTIONS.get((native, method))
    if function is None:
        raise NotModelled(f"{method} of the native contract {native}")
    try:
        return function(args)
    except (FormatError, ValueError) as error:
        raise VmFault(str(error)) from None


def _itoa(args: Sequence[StackItem]) -> StackItem:
    value, base = to_integer(args[0]), to_integer(args[1]) if len(args) > 1 else 10
    if base == 10:
        return str(value).encode()
    if base != 16:
        raise VmFault(f"Invalid base: {base}")
    # .NET prints two's complement: a digit more where the first would have the other sign.
    digits = 1
    while not -(1 << 4 * digits - 1) <= value < 1 << 4 * digits - 1:
        digits += 1
    return f"{value & (1 << 4 * digits) - 1:0{digits}x}".encode()


def _atoi(args: Sequence[StackItem]) -> StackItem:
    text, base = _short_text(args[0]), to_integer(args[1]) if len(args) > 1 else 10
    if base == 10:
        digits = text[1:] if text[:1] in ("+", "-") else text
        if not (digits.isascii() and digits.isdecimal()):
            raise VmFault("The value could not be parsed.")
        number = int(text)
    elif base == 16:
        if not text or not _HEX_DIGITS.issuperset(text):
            raise VmFault("The value could not be parsed.")
        number = int(text, 16)
        if int(text[0], 16) >= 8:
            number -= 1 << 4 * len(text)
    else:
        raise VmFault(f"Invalid base: {base}")
    if not MIN_INTEGER <= number <= MAX_INTEGER:
        raise VmFault("The integer is too large.")
    return number


def _base64_decode(args: Sequence[StackItem]) -> StackItem:
    text = "".join(_short_text(args[0]).split())
    return base64.b64decode(text, validate=True)


def _base64_url_encode(args: Sequence[StackItem]) -> StackItem:
    return base64.urlsafe_b64encode(_short_text(args[0]).encode()).rstrip(b"=")


def _base64_url_decode(args: Sequence[StackItem]) -> StackItem:
    text = _short_text(args[0]).rstrip("=")
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True).decode().encode()


def _base58_decode(args: Sequence[StackItem]) -> StackItem:
    return base58.b58decode(_short_text(args[0]))


def _base58_check_encode(args: Sequence[StackItem]) -> StackItem:
    data = _short(args[0])
    return base58.b58encode(data + checksum4(data))


def _base58_check_decode(args: Sequence[StackItem]) -> StackItem:
    data = base58.b58decode(_short_text(args[0]))
    if len(data) < 4 or checksum4(data[:-4]) != data[-4:]:
        raise VmFault("the checksum is wrong")
    return data[:-4]


def _memory_compare(args: Sequence[StackItem]) -> StackItem:
    left, right = _short(args[0]), _short(args[1])
    return (left > right) - (left < right)


def _memory_search(args: Sequence[StackItem]) -> StackItem:
    memory, value = _short(args[0]), bytes(to_bytes(args[1]))
    start = to_int32(args[2]) if len(args) > 2 else 0
    if not 0 <= start <= len(memory):
        raise VmFault("Specified argument was out of the range of valid values.")
    is_backward = len(args) > 3 and to_boolean(args[3])
    return memory[:start].rfind(value) if is_backward else memory.find(value, start)


def _string_split(args: Sequence[StackItem]) -> StackItem:
    text, separator = _short_text(args[0]), to_text(args[1])
    parts = text.split(separator) if separator else [text]
    if len(args) > 2 and to_boolean(args[2]):
        parts = [part for part in parts if part]
    return Array([part.encode() for part in parts])


def _str_len(args: Sequence[StackItem]) -> StackItem:
    text = _short_text(args[0])
    if not text.isascii() or "\r\n" in text:
        raise NotModelled("the number of a text's grapheme clusters")
    return len(text)


def _json_serialize(args: Sequence[StackItem]) -> StackItem:
    return json_bytes(args[0])


def _json_deserialize(args: Sequence[StackItem]) -> StackItem:
    return item_of_json(bytes(to_bytes(args[0])), shortest_integer)


def _murmur32(args: Sequence[StackItem]) -> StackItem:
    data, mixed = bytes(to_bytes(args[0])), to_integer(args[1])
    if not 0 <= mixed < 1 << 32:
        raise VmFault("Value was either too large or too small for a UInt32.")
    whole = len(data) - len(data) % 4
    for block in unpack(f"<{whole // 4}I", data[:whole]):
        mixed ^= _scrambled(block)
        mixed = ((mixed << 13 | mixed >> 19) * 5 + 0xE6546B64) & 0xFFFFFFFF
    mixed ^= _scrambled(int.from_bytes(data[whole:], "little")) ^ len(data)
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        mixed = (mixed ^ mixed >> shift) * factor & 0xFFFFFFFF
    return (mixed ^ mixed >> 16).to_bytes(4, "little")


def _scrambled(block: int) -> int:
    block = block * 0xCC9E2D51 & 0xFFFFFFFF
    return (block << 15 | block >> 17) * 0x1B873593 & 0xFFFFFFFF


def _keccak256(args: Sequence[StackItem]) -> StackItem:
    from Crypto.Hash import keccak

    return keccak.new(digest_bits=256, data=bytes(to_bytes(args[0]))).digest()


def _verify(args: Sequence[StackItem]) -> StackItem:
    from rpcnode.primitives.keys import verify

    message, key, signature = (bytes(to_bytes(arg)) for arg in args[:3])
    if to_integer(args[3]) != _SECP256R1_SHA256 or len(signature) != 64:
        raise NotModelled("a signature over another curve or hash")
    return verify(ECPoint(key), message, signature)


def _short(value: StackItem) -> bytes:
    data = bytes(to_bytes(value))
    if len(data) > _MAX_INPUT:
        raise VmFault(f"The input exceeds the maximum length of {_MAX_INPUT}.")
    return data


def _short_text(value: StackItem) -> str:
    return to_text(_short(value))


def _hex_decode(args: Sequence[StackItem]) -> StackItem:
    return binascii.unhexlify(_short(args[0]))


_FUNCTIONS: Final[dict[tuple[UInt160, str], Function]] = {
    (STD_LIB, "serialize"): lambda args: serialize(args[0]),
    (STD_LIB, "deserialize"): lambda args: deserialize(bytes(to_bytes(args[0]))),
    (STD_LIB, "jsonSerialize"): _json_serialize,
    (STD_LIB, "jsonDeserialize"): _json_deserialize,
    (STD_LIB, "itoa"): _itoa,
    (STD_LIB, "atoi"): _atoi,
    (STD_LIB, "base64Encode"): lambda args: base64.b64encode(_short(args[0])),
    (STD_LIB, "base64Decode"): _base64_decode,
    (STD_LIB, "base64UrlEncode"): _base64_url_encode,
    (STD_LIB, "base64UrlDecode"): _base64_url_decode,
    (STD_LIB, "base58Encode"): lambda args: base58.b58encode(_short(args[0])),
    (STD_LIB, "base58Decode"): _base58_decode,
    (STD_LIB, "base58CheckEncode"): _base58_check_encode,
    (STD_LIB, "base58CheckDecode"): _base58_check_decode,
    (STD_LIB, "hexEncode"): lambda args: _short(args[0]).hex().encode(),
    (STD_LIB, "hexDecode"): _hex_decode,
    (STD_LIB, "memoryCompare"): _memory_compare,
    (STD_LIB, "memorySearch"): _memory_search,
    (STD_LIB, "stringSplit"): _string_split,
    (STD_LIB, "strLen"): _str_len,
    (CRYPTO_LIB, "sha256"): lambda args: sha256(bytes(to_bytes(args[0]))),
    (CRYPTO_LIB, "ripemd160"): lambda args: ripemd160(bytes(to_bytes(args[0]))),
    (CRYPTO_LIB, "keccak256"): _keccak256,
    (CRYPTO_LIB, "murmur32"): _murmur32,
    (CRYPTO_LIB, "verifyWithECDsa"): _verify,
}
