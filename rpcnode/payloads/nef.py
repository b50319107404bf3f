"""NEF files: a contract's code as its compiler hands it over."""

from base64 import b64encode
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from rpcnode.payloads.flags import CallFlags, flags_text
from rpcnode.payloads.payload import Payload
from rpcnode.primitives.binary import BinaryReader, BinaryWriter
from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.hashes import checksum4
from rpcnode.primitives.json import Json
from rpcnode.primitives.uint import UInt160

MAGIC = 0x3346454E  # "NEF3"
MAX_SIZE = 131_070  # of the file, and so of the script: the VM's largest item
COMPILER_SIZE = 64
MAX_SOURCE_SIZE = 256
MAX_TOKENS = 128
MAX_METHOD_SIZE = 32


@dataclass(frozen=True, slots=True)
class MethodToken(Payload):
    """A method of another contract that the code calls by number."""

    hash: UInt160
    method: str
    parameter_count: int
    has_return_value: bool
    call_flags: CallFlags

    def __post_init__(self) -> None:
        if len(self.method.encode()) > MAX_METHOD_SIZE:
            raise FormatError(f"a method token's name has at most {MAX_METHOD_SIZE} bytes: {self.method!r}")
        if self.method.startswith("_"):
            raise FormatError(f"a method token's name does not begin with an underscore: {self.method!r}")
        # As numbers: the complement of a flag value leaves out the bits without a name.
        unknown = int(self.call_flags) & ~int(CallFlags.All)
        if unknown:
            raise FormatError(f"unknown call flags {unknown:#04x}")

    @classmethod
    def read_from(cls, reader: BinaryReader) -> Self:
        return cls(
            reader.uint160(),
            reader.var_string(MAX_METHOD_SIZE),
            reader.u16(),
            reader.boolean(),
            CallFlags(reader.u8()),
        )

    def write_to(self, writer: BinaryWriter) -> None:
        writer.write(self.hash).var_string(self.method).u16(self.parameter_count)
        writer.boolean(self.has_return_value).u8(self.call_flags)

    def to_json(self) -> dict[str, Json]:
        return {
            "hash": str(self.hash),
            "method": self.method,
            "paramcount": self.parameter_count,
            "hasreturnvalue": self.has_return_value,
            "callflags": flags_text(self.call_flags),
        }


@dataclass(frozen=True)
class Nef(Payload):
    """A NEF3 file; its checksum is computed, so it is always right.

    Source: neo, Neo: SmartContract/NefFile.
    """

    compiler: str
    script: bytes
    source: str = ""
    tokens: tuple[MethodToken, ...] = ()

    def __post_init__(self) -> None:
        if len(self.compiler.encode()) > COMPILER_SIZE or "\0" in self.compiler:
            raise FormatError(f"a NEF's compiler has at most {COMPILER_SIZE} bytes, none of them 0: {self.compiler!r}")
        if len(self.source.encode()) > MAX_SOURCE_SIZE:
            raise FormatError(f"a NEF's source has at most {MAX_SOURCE_SIZE} bytes")
        if len(self.tokens) > MAX_TOKENS:
            raise FormatError(f"a NEF has at most {MAX_TOKENS} method tokens, got {len(self.tokens)}")
        if not self.script:
            raise FormatError("a NEF's script is not empty")
        if len(self.script) > MAX_SIZE:
            raise FormatError(f"a NEF's script has at most {MAX_SIZE} bytes, got {len(self.script)}")

    @cached_property
    def checksum(self) -> int:
        """The first four bytes, little-endian, of hash256 of all before the checksum."""
        return int.from_bytes(checksum4(self._content), "little")

    @cached_property
    def _content(self) -> bytes:
        """The file without its checksum."""
        writer = BinaryWriter()
        writer.u32(MAGIC).write(self.compiler.encode().ljust(COMPILER_SIZE, b"\0")).var_string(self.source).u8(0)
        writer.var_int(len(self.tokens)).array(self.tokens).u16(0).var_bytes(self.script)
        return writer.to_bytes()

    @classmethod
    def parse_unverified(cls, data: bytes) -> Self:
        """The file that `data` begins with, whatever its checksum is, as it is read from storage."""
        return cls._read(BinaryReader(data))

    @classmethod
    def read_from(cls, reader: BinaryReader) -> Self:
        start = reader.position
        nef = cls._read(reader)
        checksum = int.from_bytes(reader.since(reader.position - 4), "little")
        if checksum != nef.checksum:
            raise FormatError(f"the NEF's checksum is {checksum}, that of its content {nef.checksum}")
        if reader.position - start > MAX_SIZE:
            raise FormatError(f"a NEF has at most {MAX_SIZE} bytes, got {reader.position - start}")
        return nef

    @classmethod
    def _read(cls, reader: BinaryReader) -> Self:
        magic = reader.u32()
        if magic != MAGIC:
            raise FormatError(f"a NEF begins with {MAGIC:#010x}, got {magic:#010x}")
        compiler = _read_padded_text(reader, COMPILER_SIZE)
        source = reader.var_string(MAX_SOURCE_SIZE)
        _expect_reserved(reader, 1)
        tokens = reader.var_array(MethodToken.read_from, MAX_TOKENS)
        _expect_reserved(reader, 2)
        nef = cls(compiler, reader.var_bytes(MAX_SIZE), source, tokens)
        reader.u32()  # the checksum
        return nef

    def write_to(self, writer: BinaryWriter) -> None:
        writer.write(self._content).u32(self.checksum)

    def to_json(self) -> dict[str, Json]:
        return {
            "magic": MAGIC,
            "compiler": self.compiler,
            "source": self.source,
            "tokens": [token.to_json() for token in self.tokens],
            "script": b64encode(self.script).decode(),
            "checksum": self.checksum,
        }


def _read_padded_text(reader: BinaryReader, size: int) -> str:
    """Text in a field of fixed size, zeros after it."""
    text, _, padding = reader.read(size).partition(b"\0")
    if padding.strip(b"\0"):
        raise FormatError("text after the zero that ends it")
    try:
        return text.decode()
    except UnicodeDecodeError as error:
        raise FormatError(f"text that is not UTF-8: {error}") from None


def _expect_reserved(reader: BinaryReader, size: int) -> None:
    if any(reader.read(size)):
        raise FormatError(f"reserved bytes before offset {reader.position} are not zero")
