"""The reader of JSON that says where and why a text is no JSON, in the words of .NET's System.Text.Json.

Source: .NET 10, System.Text.Json: Utf8JsonReader, JsonReaderHelper.Unescaping.
"""

import re
from typing import Final, TypeAlias

from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.utf8 import strict_text

JsonValue: TypeAlias = "bool | float | str | list[JsonValue] | dict[str, JsonValue] | None"
"""A JSON value whose numbers all went through a double."""

_SPACES: Final = re.compile(rb"[ \t\r\n]*")
_STRING: Final = re.compile(rb'"[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})[^"\\\x00-\x1f]*)*"')
_NUMBER: Final = re.compile(rb"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?(?=[,}\] \n\r\t/]|\Z)")
_DIGITS: Final = re.compile(rb"[0-9]*")
_LINE_END: Final = re.compile(rb"[\r\n]|\xe2\x80[\xa8\xa9]")
_HEX_DIGITS: Final = b"0123456789abcdefABCDEF"
_ESCAPED: Final = {b"n"[0]: b"\n", b"r"[0]: b"\r", b"t"[0]: b"\t", b"b"[0]: b"\b", b"f"[0]: b"\f"}
_LITERALS: Final[dict[int, tuple[bytes, bool | None]]] = {
    b"t"[0]: (b"true", True),
    b"f"[0]: (b"false", False),
    b"n"[0]: (b"null", None),
}
_NO_TEXT: Final = "Cannot transcode invalid UTF-8 JSON text to UTF-16 string."
_NO_START_OF_VALUE: Final = "{} is an invalid start of a value."
_NO_END_OF_NUMBER: Final = "{} is an invalid end of a number. Expected a delimiter."
_NO_DIGIT_AFTER_SIGN: Final = (
    "{} is invalid within a number, immediately after a sign character ('+' or '-'). Expected a digit ('0'-'9')."
)
_NO_DIGIT_AT_END: Final = "Expected a digit ('0'-'9'), but instead reached end of data."
_NO_VALUE_AT_END: Final = "Expected start of a property name or value, but instead reached end of data."
_BAD_STRING: Final = "{} within a JSON string. The string should be correctly escaped."
_TRAILING_COMMA: Final = (
    "The JSON {} contains a trailing comma at the end which is not supported in this mode. Change the reader options."
)


class JsonReader:
    """Reads one document from front to back."""

    __slots__ = ("_at", "_data", "_depth", "_max_depth", "_returns")

    def __init__(self, data: bytes, max_depth: int) -> None:
        self._data = data
        self._at = 0
        self._depth = 0
        self._max_depth = max_depth
        self._returns: list[int] = []  # where comments ended with a carriage return alone: a line, too

    def document(self) -> JsonValue:
        """The value of the whole document. Raises FormatError for what is none."""
        marker = self._next()
        if marker is None:
            raise self._error(
                "The input does not contain any JSON tokens. Expected the input to start with a valid JSON token, "
                "when isFinalBlock is true."
            )
        value = self._value(marker)
        marker = self._next()
        if marker is not None:
            raise self._error("{} is invalid after a single JSON value. Expected end of data.", marker)
        return value

    def _next(self) -> int | None:
        """The byte that the next token begins with, behind spaces and comments; None at the end of the document."""
        found = self._peek()
        if found is None and self._depth:
            raise self._error(
                "Expected depth to be zero at the end of the JSON payload. "
                "There is an open JSON object or array that should be closed."
            )
        return found

    def _peek(self) -> int | None:
        data = self._data
        while True:
            match = _SPACES.match(data, self._at)
            assert match
            self._at = match.end()
            if self._at >= len(data):
                return None
            if data[self._at] != 0x2F:
                return data[self._at]
            self._skip_comment()

    def _skip_comment(self) -> None:
        data, start = self._data, self._at
        kind = data[start + 1 : start + 2]
        if kind == b"/":
            match = _LINE_END.search(data, start + 2)
            if match is None:
                self._at = len(data)
            elif len(match[0]) > 1:
                raise self._error("Found invalid line or paragraph separator character while reading a comment.")
            else:
                self._at = match.end()
                if match[0] == b"\r":
                    if data[self._at : self._at + 1] == b"\n":
                        self._at += 1
                    else:
                        self._returns.append(self._at)
        elif kind == b"*":
            end = data.find(b"*/", start + 2)
            if end < 0:
                raise self._error("Expected end of comment, but instead reached end of data.")
            self._at = end + 2
        else:
            raise self._error(_NO_START_OF_VALUE, 0x2F)

    def _value(self, marker: int) -> JsonValue:
        if marker == 0x22:
            return self._text()
        if marker == 0x7B:
            self._open("object")
            return self._object()
        if marker == 0x5B:
            self._open("array")
            return self._array()
        if 0x30 <= marker <= 0x39 or marker == 0x2D:
            return self._number()
        literal = _LITERALS.get(marker)
        if literal is None:
            raise self._error(_NO_START_OF_VALUE, marker)
        word, value = literal
        if not self._data.startswith(word, self._at):
            raise self._bad_literal(word)
        self._at += len(word)
        return value

    def _open(self, what: str) -> None:
        if self._depth >= self._max_depth:
            words = (
                f"The maximum configured depth of {self._max_depth} has been exceeded. Cannot read next JSON {what}."
            )
            raise self._error(words)
        self._depth += 1
        self._at += 1

    def _close(self) -> None:
        self._depth -= 1
        self._at += 1

    def _array(self) -> list[JsonValue]:
        items: list[JsonValue] = []
        marker = self._next()
        if marker == 0x5D:
            self._close()
            return items
        assert marker is not None
        while True:
            items.append(self._value(marker))
            marker = self._next()
            if marker == 0x5D:
                self._close()
                return items
            marker = self._after_comma(marker, 0x7D)
            if marker == 0x5D:
                raise self._error(_TRAILING_COMMA.format("array"))

    def _object(self) -> dict[str, JsonValue]:
        members: dict[str, JsonValue] = {}
        marker = self._next()
        if marker == 0x7D:
            self._close()
            return members
        while True:
            assert marker is not None
            if marker != 0x22:
                raise self._error("{} is an invalid start of a property name. Expected a '\"'.", marker)
            name = self._name()
            if name in members:
                raise FormatError(f"Duplicate property name: {name}")
            marker = self._next()
            assert marker is not None
            members[name] = self._value(marker)
            marker = self._next()
            if marker == 0x7D:
                self._close()
                return members
            marker = self._after_comma(marker, 0x5D)
            if marker == 0x7D:
                raise self._error(_TRAILING_COMMA.format("object"))

    def _after_comma(self, marker: int | None, wrong_end: int) -> int:
        """The byte behind the comma that has to come here."""
        assert marker is not None
        if marker == wrong_end:
            raise self._error("{} is invalid without a matching open.", marker)
        if marker != 0x2C:
            raise self._error("{} is invalid after a value. Expected either ',', '}}', or ']'.", marker)
        if self._at + 1 == len(self._data):
            raise self._error(_NO_VALUE_AT_END)
        self._at += 1
        found = self._peek()
        if found is None:
            raise self._error(_NO_VALUE_AT_END)
        return found

    def _name(self) -> str:
        """The name of a member; its colon is read before its escapes are looked at."""
        raw = self._raw_text()
        match = _SPACES.match(self._data, self._at)
        assert match
        self._at = match.end()
        if self._at >= len(self._data):
            raise self._error("Expected a value, but instead reached end of data.")
        if self._data[self._at] != 0x3A:
            raise self._error("{} is invalid after a property name. Expected a ':'.", self._data[self._at])
        self._at += 1
        return _text_of(raw)

    def _text(self) -> str:
        return _text_of(self._raw_text())

    def _raw_text(self) -> bytes:
        match = _STRING.match(self._data, self._at)
        if match is None:
            raise self._bad_string()
        self._at = match.end()
        return match[0][1:-1]

    def _number(self) -> float:
        match = _NUMBER.match(self._data, self._at)
        if match is None:
            raise self._bad_number()
        self._at = match.end()
        if self._depth and self._at == len(self._data):
            raise self._error(_NO_END_OF_NUMBER, self._data[-1])
        number = float(match[0])
        if number - number != 0:
            raise FormatError(f"value is not finite: {'-' if number < 0 else ''}Infinity")
        return number

    def _bad_literal(self, word: bytes) -> FormatError:
        rest = self._data[self._at :]
        length = next((at for at in range(1, len(word)) if rest[at : at + 1] != word[at : at + 1]), 1)
        self._at += length
        found = rest.decode(errors="replace")
        return self._error(f"'{found}' is an invalid JSON literal. Expected the literal '{word.decode()}'.")

    def _bad_string(self) -> FormatError:
        data = self._data
        at = self._at + 1
        while at < len(data):
            byte = data[at]
            if byte == 0x5C:
                at += 1
                if at == len(data):
                    break
                if data[at] not in b'"nrt/ubf\\':
                    self._at = at
                    return self._error(_BAD_STRING.format("{} is an invalid escapable character"), data[at])
                if data[at] == 0x75:
                    digits = data[at + 1 : at + 5]
                    good = len(digits) - len(digits.lstrip(_HEX_DIGITS))
                    at += good
                    if good < len(digits):
                        self._at = at + 1
                        words = r"{} is not a hex digit following '\u'"
                        return self._error(_BAD_STRING.format(words), data[at + 1])
            elif byte < 0x20:
                self._at = at
                return self._error(_BAD_STRING.format("{} is invalid"), byte)
            at += 1
        self._at = len(data)
        return self._error("Expected end of string, but instead reached end of data.")

    def _bad_number(self) -> FormatError:
        data, size = self._data, len(self._data)
        if data[self._at] == 0x2D:
            self._at += 1
            if self._at == size:
                return self._error(_NO_DIGIT_AT_END)
            if not 0x30 <= data[self._at] <= 0x39:
                return self._error(_NO_DIGIT_AFTER_SIGN, data[self._at])
        if data[self._at] == 0x30:
            self._at += 1
            if 0x30 <= data[self._at] <= 0x39:
                return self._error("Invalid leading zero before {}.", data[self._at])
        else:
            self._skip_digits()
        if data[self._at] not in b".eE":
            return self._error(_NO_END_OF_NUMBER, data[self._at])
        if data[self._at] == 0x2E:
            self._at += 1
            if self._at == size:
                return self._error(_NO_DIGIT_AT_END)
            if not 0x30 <= data[self._at] <= 0x39:
                return self._error(
                    "{} is invalid within a number, immediately after a decimal point ('.'). "
                    "Expected a digit ('0'-'9').",
                    data[self._at],
                )
            self._skip_digits()
            if data[self._at] not in b"eE":
                return self._error("{} is an invalid end of a number. Expected 'E' or 'e'.", data[self._at])
        self._at += 1
        if self._at < size and data[self._at] in b"+-":
            self._at += 1
        if self._at == size:
            return self._error(_NO_DIGIT_AT_END)
        if not 0x30 <= data[self._at] <= 0x39:
            return self._error(_NO_DIGIT_AFTER_SIGN, data[self._at])
        self._skip_digits()
        return self._error(_NO_END_OF_NUMBER, data[self._at])

    def _skip_digits(self) -> None:
        match = _DIGITS.match(self._data, self._at)
        assert match
        self._at = match.end()

    def _error(self, words: str, byte: int | None = None) -> FormatError:
        """The words, with the byte where they have braces, and the place at which the reader stands."""
        if byte is not None:
            words = words.format(f"'{chr(byte)}'" if 0x20 <= byte < 0x7F else f"'0x{byte:02X}'")
        line = self._data.count(b"\n", 0, self._at) + len(self._returns)
        start = max(self._data.rfind(b"\n", 0, self._at) + 1, *self._returns[-1:], 0)
        return FormatError(f"{words} LineNumber: {line} | BytePositionInLine: {self._at - start}.")


def _text_of(raw: bytes) -> str:
    """The text between the quotes of a string, its escapes well formed. Raises FormatError for half a character."""
    try:
        return strict_text(_unescaped(raw) if b"\\" in raw else raw)
    except FormatError as error:
        error.logged = _NO_TEXT
        raise


def _unescaped(raw: bytes) -> bytes:
    parts: list[bytes] = []
    done = 0
    while (at := raw.find(b"\\", done)) >= 0:
        parts.append(raw[done:at])
        kind = raw[at + 1]
        done = at + 2
        if kind != 0x75:
            parts.append(_ESCAPED.get(kind) or bytes((kind,)))
            continue
        unit = int(raw[done : done + 4], 16)
        done += 4
        if 0xD800 <= unit < 0xE000:
            unit = _whole_character(unit, raw, done)
            done += 6
        parts.append(chr(unit).encode())
    parts.append(raw[done:])
    return b"".join(parts)


def _whole_character(high: int, raw: bytes, at: int) -> int:
    """The character of a surrogate and of the one that has to be escaped behind it."""
    invalid = "Cannot read invalid UTF-16 JSON text as string. Invalid surrogate value: '0x{:02X}'."
    if high >= 0xDC00:
        raise FormatError(invalid.format(high))
    if raw[at : at + 2] != b"\\u":
        raise FormatError("Cannot read incomplete UTF-16 JSON text as string with missing low surrogate.")
    low = int(raw[at + 2 : at + 6], 16)
    if not 0xDC00 <= low < 0xE000:
        raise FormatError(invalid.format(low))
    return 0x10000 + ((high - 0xD800) << 10) + low - 0xDC00
