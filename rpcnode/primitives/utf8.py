"""UTF-8 as .NET reads it strictly, with its words for bytes that are none."""

from rpcnode.primitives.errors import FormatError


def strict_text(data: bytes | bytearray) -> str:
    """The text of UTF-8 bytes. Raises FormatError with .NET's words, which name the first bytes that are no UTF-8."""
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        bad = "".join(f"[{byte:02X}]" for byte in data[error.start : error.end])
        words = f"Unable to translate bytes {bad} at index {error.start} from specified code page to Unicode."
        raise FormatError(words) from None
