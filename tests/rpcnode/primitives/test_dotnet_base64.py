"""Base64 as .NET decodes it."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rpcnode.primitives.dotnet_base64 import decode_base64, decode_base64_url


@pytest.mark.parametrize(
    ("text", "decoded"),
    [
        ("WzFd", b"[1]"),
        ("W zF\td\r\n", b"[1]"),
        ("YQ==", b"a"),
        ("Y Q = =", b"a"),
        ("1234", b"\xd7m\xf8"),
        ("[]", None),
        ("YQ=", None),
        ("YQ", None),
        ("YQ==YQ==", None),
        ("Y-_=", None),
        ("WzFd====", None),
        ("Y===", None),
        ("é===", None),
    ],
)
def test_base64_is_read_as_dotnet_reads_it(text: str, decoded: bytes | None) -> None:
    assert decode_base64(text) == decoded


@pytest.mark.parametrize(
    ("text", "decoded"),
    [
        # What StdLib.base64UrlDecode of neo-cli 3.10.2 took and refused.
        ("", b""),
        ("AA", b"\0"),
        ("_w=", b"\xff"),
        ("__8", b"\xff\xff"),
        ("AA==", b"\0"),
        ("A A A A", b"\0\0\0"),
        ("AA =\n=", b"\0"),
        ("\tAAAA", b"\0\0\0"),
        ("AAAAAA", b"\0\0\0\0"),
        ("A", None),
        ("====", None),
        ("AA===", None),
        ("A===", None),
        ("AC==", None),  # bits left over
        ("AAB=", None),
        ("AAAA\v", None),
        ("AA==x", None),
        ("AABhYmM==", None),  # room for one only
        ("AA%3D%3D", None),
        # Microsoft.IdentityModel.Tokens, Base64UrlEncoder: what is no Base64Url may be Base64, without further padding
        ("+/+/", b"\xfb\xff\xbf"),
        ("+w==", b"\xfb"),
        ("+w", None),
        ("+ w==", None),
        ("+-AA", None),
    ],
)
def test_base64_url_is_read_as_identity_model_reads_it(text: str, decoded: bytes | None) -> None:
    assert decode_base64_url(text) == decoded


@given(st.binary(), st.integers(0, 2))
def test_what_is_encoded_is_decoded_with_any_part_of_its_padding(data: bytes, cut: int) -> None:
    text = base64.urlsafe_b64encode(data).decode()
    padding = len(text) - len(text.rstrip("="))
    assert decode_base64_url(text[: len(text) - min(cut, padding)]) == data
    assert decode_base64(base64.b64encode(data).decode()) == data
