"""Text as .NET reads it."""

import pytest

from rpcnode.server.jsonrpc.dotnet import decode_text


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"plain", "plain"),
        (b"", ""),
        ("naïve".encode(), "naïve"),
        (b"\xef\xbb\xbf{}", "{}"),
        (b"\xff\xfe{\x00}\x00", "{}"),
        (b"\xfe\xff\x00{\x00}", "{}"),
        (b"a\xffb", "a�b"),
        (b"\xff", "�"),
    ],
    ids=["ascii", "empty", "utf-8", "utf-8 mark", "utf-16 mark", "utf-16 big-endian mark", "bad byte", "half a mark"],
)
def test_a_body_is_text_by_its_byte_order_mark_or_utf8(body: bytes, text: str) -> None:
    assert decode_text(body) == text
