r"""JSON text as neo 2.x writes it.

The answers to ids are neo-cli 2.12.2's own; `\/` was seen in the encoder that it ships.
"""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rpcnode.plugin.http_settings import HttpSettings
from rpcnode.primitives.json import Json
from rpcnode.server.jsonrpc.access import AccessRules, Authorization
from rpcnode.server.jsonrpc.envelope import Envelope
from rpcnode.server.jsonrpc.n2_writer import write_n2_json
from rpcnode.server.jsonrpc.reply import Method
from tests.rpcnode.server.jsonrpc.envelopes import post

PLAIN_TEXT = st.text(
    st.characters(codec="ascii", exclude_characters="\"'\\/<>&+`", min_codepoint=32, max_codepoint=126)
)
PLAIN_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15) + 1, 10**15 - 1) | PLAIN_TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(PLAIN_TEXT, inner),
    max_leaves=20,
)


@pytest.mark.parametrize(
    ("request_id", "echoed"),
    [
        ("123456789012345", "123456789012345"),
        ("1234567890123456", "1.23456789012346E+15"),
        ("1700000000000123", "1.70000000000012E+15"),
        ("123456789012345680000", "1.23456789012346E+20"),
        ("12345678901234567890", "1.23456789012346E+19"),
        ("0.30000000000000004", "0.3"),
        ("0.0000001", "1E-07"),
        ("-0", "0"),
        ('{"a\\"b":1}', '{"a"b":1}'),
        ('{"é":1}', '{"é":1}'),
        ('"\\/"', r'"\/"'),
        ('"<>&\'+/`"', r'"\u003C\u003E\u0026\u0027\u002B\/\u0060"'),
        ('{"k/":["/",{"a":-0}]}', r'{"k/":["\/",{"a":0}]}'),
    ],
)
def test_an_id_comes_back_in_neo_2_s_own_hand(request_id: str, echoed: str) -> None:
    reply = post("n2", f'{{"id":{request_id},"method":"null","params":[]}}')
    assert reply.body.decode() == f'{{"jsonrpc":"2.0","id":{echoed},"result":null}}'


def test_results_and_errors_are_written_like_ids_but_for_dev_methods() -> None:
    value: Json = {"n": 1234567890123456, "f": 14.99876544, "g": 0.00056, "path": "a/b"}
    exact = {"n": 1234567890123456, "f": 14.99876544, "g": 0.00056, "path": "a/b"}
    methods: dict[str, Method] = {"ours": lambda _: value, "dev_ours": lambda _: value}
    envelope = Envelope("n2", methods, AccessRules("n2", HttpSettings()))

    def answer(method: str) -> str:
        body = f'{{"id":1,"method":"{method}","params":[]}}'.encode()
        return envelope.answer_post(body, Authorization.GRANTED).body.decode()

    assert r'"result":{"n":1.23456789012346E+15,"f":14.99876544,"g":0.00056,"path":"a\/b"}}' in answer("ours")
    assert json.loads(answer("dev_ours"))["result"] == exact


def test_preview2_and_n3_keep_all_digits() -> None:
    for profile in ("n3-preview", "n3"):
        assert b'"id":1234567890123456,' in post(profile, '{"id":1234567890123456,"method":"null","params":[]}').body


@pytest.mark.parametrize("value", [float("nan"), float("inf"), [1.5, float("-inf")]])
def test_no_number_that_is_not_finite_is_written(value: Json) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_n2_json(value)


@given(PLAIN_VALUES)
def test_plain_values_are_written_as_any_writer_writes_them(value: Json) -> None:
    assert write_n2_json(value) == json.dumps(value, separators=(",", ":"))
