"""StdLib: numbers, texts and items as bytes and back, for contracts. It has no storage.

Source: neo 3.10.2, SmartContract/Native/StdLib.cs.
"""

from base64 import b64encode
from binascii import unhexlify
from typing import Annotated, Final, TypeAlias

from rpcnode.execution.parameters import Int32, MaxLength
from rpcnode.execution.serializers import binary
from rpcnode.execution.serializers.json_text import json_bytes
from rpcnode.natives.native import Hardfork, NativeContract, Run, native_method
from rpcnode.natives.std.base58_text import decode_base58, decode_base58_check, encode_base58, encode_base58_check
from rpcnode.natives.std.json_items import exact_integer, item_of_json, shortest_integer
from rpcnode.natives.std.numbers import integer_of_text, integer_text
from rpcnode.natives.std.text_elements import count_text_elements
from rpcnode.primitives.dotnet_base64 import decode_base64, decode_base64_url
from rpcnode.primitives.errors import VmFault
from rpcnode.vm.items import StackItem

_LIMIT: Final = MaxLength(1024)
Bytes: TypeAlias = Annotated[bytes, _LIMIT]
Text: TypeAlias = Annotated[str, _LIMIT]

_INTEGERS: Final = {False: exact_integer, True: shortest_integer}
"""What JSON numbers become, by whether Basilisk has come."""


class StdLib(NativeContract):
    """Functions of their arguments alone. Texts and bytes may be of 1,024 bytes, but for what is serialized."""

    id = -2
    name = "StdLib"

    @native_method(cpu_fee=1 << 12)
    def serialize(self, run: Run, item: StackItem) -> bytes:
        """The bytes of an item, as BinarySerializer writes them."""
        return binary.serialize(item)

    @native_method(cpu_fee=1 << 14)
    def deserialize(self, run: Run, data: bytes) -> StackItem:
        """The item that bytes begin with."""
        return binary.deserialize(data)

    @native_method(cpu_fee=1 << 12)
    def json_serialize(self, run: Run, item: StackItem) -> bytes:
        """The JSON of an item."""
        return json_bytes(item)

    @native_method(cpu_fee=1 << 14)
    def json_deserialize(self, run: Run, json: bytes) -> StackItem:
        """The item of a JSON text."""
        return item_of_json(json, _INTEGERS[run.is_enabled(Hardfork.Basilisk)])

    @native_method(cpu_fee=1 << 12, name="itoa")
    def itoa_10(self, run: Run, value: int) -> str:
        """The decimal digits of a number."""
        return integer_text(value, 10)

    @native_method(cpu_fee=1 << 12)
    def itoa(self, run: Run, value: int, base: Int32) -> str:
        """The digits of a number in base 10 or 16."""
        return integer_text(value, base)

    @native_method(cpu_fee=1 << 6, name="atoi")
    def atoi_10(self, run: Run, value: Text) -> int:
        """The number of decimal digits."""
        return integer_of_text(value, 10)

    @native_method(cpu_fee=1 << 6)
    def atoi(self, run: Run, value: Text, base: Int32) -> int:
        """The number of digits in base 10 or 16."""
        return integer_of_text(value, base)

    @native_method(cpu_fee=1 << 5)
    def base64_encode(self, run: Run, data: Bytes) -> str:
        """Base64, with padding."""
        return b64encode(data).decode()

    @native_method(cpu_fee=1 << 5)
    def base64_decode(self, run: Run, s: Text) -> bytes:
        """The bytes of Base64 with padding."""
        data = decode_base64(s)
        if data is None:
            raise VmFault(
                "The input is not a valid Base-64 string as it contains a non-base 64 character, "
                "more than two padding characters, or an illegal character among the padding characters."
            )
        return data

    @native_method(cpu_fee=1 << 5, active_in=Hardfork.Echidna)
    def base64_url_encode(self, run: Run, data: Text) -> str:
        """Base64 of a text with `-` and `_`, without padding."""
        return b64encode(data.encode(), b"-_").rstrip(b"=").decode()

    @native_method(cpu_fee=1 << 5, active_in=Hardfork.Echidna)
    def base64_url_decode(self, run: Run, s: Text) -> str:
        """The text of Base64 with `-` and `_`; bytes that are no UTF-8 become U+FFFD."""
        data = decode_base64_url(s)
        if data is None:
            hidden = "[PII of type 'System.String' is hidden. For more details, see https://aka.ms/IdentityModel/PII.]"
            raise VmFault(f"IDX10400: Unable to decode: '{hidden}' as Base64url encoded string.")
        return data.decode(errors="replace")

    @native_method(cpu_fee=1 << 13)
    def base58_encode(self, run: Run, data: Bytes) -> str:
        """Base58."""
        return encode_base58(data)

    @native_method(cpu_fee=1 << 10)
    def base58_decode(self, run: Run, s: Text) -> bytes:
        """The bytes of Base58."""
        return decode_base58(s)

    @native_method(cpu_fee=1 << 16)
    def base58_check_encode(self, run: Run, data: Bytes) -> str:
        """Base58 with a checksum."""
        return encode_base58_check(data)

    @native_method(cpu_fee=1 << 16)
    def base58_check_decode(self, run: Run, s: Text) -> bytes:
        """The bytes of Base58 with a checksum."""
        return decode_base58_check(s)

    @native_method(cpu_fee=1 << 5, active_in=Hardfork.Faun)
    def hex_encode(self, run: Run, bytes_: Bytes) -> str:
        """Hex digits, in small letters."""
        return bytes_.hex()

    @native_method(cpu_fee=1 << 5, active_in=Hardfork.Faun)
    def hex_decode(self, run: Run, str_: Text) -> bytes:
        """The bytes of hex digits in small or capital letters."""
        try:
            return unhexlify(str_)
        except ValueError:
            raise _no_hex(str_) from None

    @native_method(cpu_fee=1 << 5)
    def memory_compare(self, run: Run, str1: Bytes, str2: Bytes) -> int:
        """-1, 0 or 1, by the first byte that differs or, without one, by length."""
        return (str1 > str2) - (str1 < str2)

    @native_method(cpu_fee=1 << 6, name="memorySearch")
    def memory_search_from_start(self, run: Run, mem: Bytes, value: bytes) -> int:
        """Where the bytes are found first; -1 for nowhere."""
        return mem.find(value)

    @native_method(cpu_fee=1 << 6, name="memorySearch")
    def memory_search_forward(self, run: Run, mem: Bytes, value: bytes, start: Int32) -> int:
        """Where the bytes are found first from a place on; -1 for nowhere."""
        return _search(mem, value, start, is_backward=False)

    @native_method(cpu_fee=1 << 6)
    def memory_search(self, run: Run, mem: Bytes, value: bytes, start: Int32, backward: bool) -> int:
        """Where the bytes are found first from a place on, or last before it; -1 for nowhere."""
        return _search(mem, value, start, backward)

    @native_method(cpu_fee=1 << 8, name="stringSplit")
    def string_split_all(self, run: Run, str_: Text, separator: str) -> list[str]:
        """The parts of a text between separators."""
        return _split(str_, separator)

    @native_method(cpu_fee=1 << 8)
    def string_split(self, run: Run, str_: Text, separator: str, remove_empty_entries: bool) -> list[str]:
        """The parts of a text between separators, or those that are not empty."""
        return [part for part in _split(str_, separator) if part or not remove_empty_entries]

    @native_method(cpu_fee=1 << 8)
    def str_len(self, run: Run, str_: Text) -> int:
        """How many text elements a text has."""
        return count_text_elements(str_)


def _no_hex(text: str) -> VmFault:
    length = _utf16_length(text)
    wrong = "its length is not a multiple of 2" if length % 2 else "it contains a non-hex character"
    written = f"Input: '{text}'" if length <= 100 else f"Input length: {length} characters"
    return VmFault(
        f"The input is not a valid hex string as {wrong}.",
        logged="Failed to convert hex string to bytes: The input contains invalid hexadecimal characters. "
        f"{written}. Valid hex characters are 0-9, A-F, and a-f.",
    )


def _utf16_length(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def _search(mem: bytes, value: bytes, start: int, is_backward: bool) -> int:
    if not 0 <= start <= len(mem):
        raise VmFault("Specified argument was out of the range of valid values.")
    return mem.rfind(value, 0, start) if is_backward else mem.find(value, start)


def _split(text: str, separator: str) -> list[str]:
    """The parts; the text itself where the separator is empty."""
    return text.split(separator) if separator else [text]


STD_LIB: Final = StdLib()
