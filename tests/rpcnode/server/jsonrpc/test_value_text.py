"""Values where texts belong, by the generation of the node.

Texts of arrays, objects and large numbers are those that neo-cli 2.12.2, 3.0.0-preview2 and 3.10.2 answered
`validateaddress` with, or in `Method not found`.
"""

import pytest

from rpcnode.primitives.json import Json
from rpcnode.server.jsonrpc.value_text import n2_text, n3_text, preview_text


@pytest.mark.parametrize(
    ("value", "n3", "preview", "n2"),
    [
        ("a", "a", "a", "a"),
        (True, "true", "true", "true"),
        (False, "false", "false", "false"),
        (1.5, "1.5", "1.5", "1.5"),
        (1e20, "1E+20", "1E+20", "1E+20"),
        (99999999999999999999.0, "1E+20", "1E+20", "1E+20"),
        (0.30000000000000004, "0.30000000000000004", "0.30000000000000004", "0.3"),
        (1234567890123456, "1234567890123456", "1234567890123456", "1.23456789012346E+15"),
        ([], "[]", "", ""),
        ([[]], "[[]]", "", ""),
        ([None], "[null]", "", ""),
        (["a", None, [1, True]], '["a",null,[1,true]]', "a,,1,true", "a,,1,true"),
        ({}, "{}", "{}", "[object Object]"),
        ({"a": 1}, '{"a":1}', '{"a":1}', "[object Object]"),
        ([{"a": 1}], '[{"a":1}]', '{"a":1}', "[object Object]"),
        ([1, 2], "[1,2]", "1,2", "1,2"),
        (["é"], r'["\u00E9"]', "é", "é"),
    ],
)
def test_each_generation_makes_its_own_text_of_a_value(value: Json, n3: str, preview: str, n2: str) -> None:
    assert (n3_text(value), preview_text(value), n2_text(value)) == (n3, preview, n2)
