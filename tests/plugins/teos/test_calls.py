"""One call in many spellings, and calls that are none; every one over a real socket."""

from typing import Final
from urllib.parse import quote

import pytest

from tests import PROJECT
from tests.plugins.rest_node import RestNode, RestNodes
from tests.plugins.teos.teos_chain import CALL, ROOT, answer, ask, error, triples

SEED: Final = PROJECT / "fixtures" / "seed.yaml"
HOLDER: Final = "0x39e7394d6231aa09c097d02391d5d149f873f12b"
NOBODY: Final = "0x" + "99" * 20
DEMO: Final = "0x0fc6e610b23b09fae00e10001"
THREE: Final = "0x433f0891e80c107b9e630001"

ADDRESSES: Final = f"['{HOLDER}','{NOBODY}']"
IDS: Final = f"['{DEMO}','{THREE}']"
EXPECTED: Final = [
    (HOLDER, DEMO, "9990000000000000"),
    (HOLDER, THREE, "9999200000000000"),
    (NOBODY, DEMO, "0"),
    (NOBODY, THREE, "0"),
]
"""The amounts that the documentation page of getnep5balances shows for these two tokens."""

FOUR_LINES: Final = f"""(
    Addresses=['{HOLDER}', '{NOBODY}'],
    UniqueAssetIds=['{DEMO}', '{THREE}']
)"""
"""The form in which the documented example stands, in its letter case."""

PLAIN: Final = f"(addresses={ADDRESSES},uniqueAssetIds={IDS})"
IN_DOUBLE_QUOTES: Final = PLAIN.replace("'", '"')


def json_style(text: str) -> str:
    return text.replace("'", "%22")


@pytest.fixture(scope="module")
def node(serve: RestNodes) -> RestNode:
    return serve(SEED)


@pytest.mark.parametrize(
    "target",
    [
        CALL + PLAIN,
        "/Balances/GetAssetsBalances" + PLAIN,
        f"http://localhost{CALL}{PLAIN}",
        f"{ROOT}/Balances%2FGetAssetsBalances{PLAIN}",
        f"{ROOT}/{quote('Balances/GetAssetsBalances' + PLAIN, safe='')}",
        CALL + quote(PLAIN, safe=""),
        CALL + quote(PLAIN, safe="()[]',="),
        CALL + PLAIN.replace("'", "%27"),
        CALL + PLAIN.replace("[", "%5B").replace("]", "%5d"),
        CALL + PLAIN.replace("(", "%28").replace(")", "%29"),
        CALL + PLAIN.replace(",", "%2C").replace("=", "%3D"),
        CALL + "".join(f"%{ord(character):02X}" for character in PLAIN),
        CALL + IN_DOUBLE_QUOTES,
        CALL + quote(IN_DOUBLE_QUOTES),
        CALL + json_style(ADDRESSES).join(["(addresses=", f",uniqueAssetIds={IDS})"]),
        CALL + quote(FOUR_LINES),
        CALL + quote(FOUR_LINES, safe="()[]',="),
        CALL + quote(FOUR_LINES.replace("\n", "\r\n")),
        CALL + quote(FOUR_LINES.replace("    ", "\t")),
        CALL + quote(PLAIN.replace("[", " [ ").replace("]", " ] ").replace("=", " = ").replace("(", "( ")),
        CALL + f"(uniqueAssetIds={IDS},addresses={ADDRESSES})",
        CALL + f"(UNIQUEASSETIDS={IDS},ADDRESSES={ADDRESSES})",
        CALL + f"(uniqueassetids={IDS},aDDresses={ADDRESSES})",
        CALL + f"(addresses=@a,uniqueAssetIds=@u)?@a={ADDRESSES}&@u={IDS}",
        CALL + f"(addresses=%40a,uniqueAssetIds=%40u)?%40u={IDS}&%40a={ADDRESSES}",
        CALL + f"(addresses=@a,uniqueAssetIds=@u)?@a={json_style(ADDRESSES)}&@u={json_style(IDS)}",
        CALL + f"(addresses=@a,uniqueAssetIds={IDS})?$filter=nothing&@a={quote(ADDRESSES, safe='')}&$top=1&x",
        CALL + f"(addresses=@_long_1,uniqueAssetIds={IDS})?%40%5Flong_1={ADDRESSES.replace(',', ',+')}",
        CALL + f"?addresses={ADDRESSES}&uniqueAssetIds={IDS}",
        CALL + f"?UniqueAssetIds={IDS}&Addresses={json_style(ADDRESSES)}&addressless=1",
        CALL + f"()?addresses=+{ADDRESSES}+&uniqueAssetIds={IDS}",
        CALL + f"(addresses={ADDRESSES})?uniqueAssetIds={IDS}",
        CALL + PLAIN + "?",
        CALL + PLAIN + "?$top=1&$top=2&=&&%zz=%zz&@a=%ff",
    ],
)
def test_every_spelling_of_a_call_gets_the_same_answer(node: RestNode, target: str) -> None:
    assert triples(answer(node, target)) == EXPECTED


@pytest.mark.parametrize("accept", ["application/json", "application/xml", "application/json;odata.metadata=full"])
def test_the_answer_is_a_bare_array_whatever_is_accepted(node: RestNode, accept: str) -> None:
    found = node.get(CALL + PLAIN, authorization="Bearer demo-token", accept=accept)
    assert (found.headers["content-type"], triples(found.json)) == ("application/json", EXPECTED)


# What stands inside quotes


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("'a%2Fb'", "a/b"),
        ("'a/b'", "a/b"),
        ("'a%252Fb'", "a%2Fb"),
        ("'%2527'", "%27"),
        ("'%00'", "\0"),
        ("'O''Neill'", "O'Neill"),
        ("''''", "'"),
        ("''", ""),
        ("%27%27%27%27%27%27", "''"),
        ('"O\'Neill"', "O'Neill"),
        ("\"''\"", "''"),
        ("'say%20\"no\"'", 'say "no"'),
        ('"back\\slash"', "back\\slash"),
        ("'a],uniqueAssetIds=[),(@;:'", "a],uniqueAssetIds=[),(@;:"),
        ("'a+b'", "a+b"),
        ("'%3F%23%26'", "?#&"),
        ("'%0D%0A%20%09'", "\r\n \t"),
        ("'%C3%A9%F0%9F%98%80'", "é😀"),
        ("'" + "x" * 100_000 + "'", "x" * 100_000),
    ],
)
def test_a_literal_is_decoded_once_and_read_up_to_its_quote(node: RestNode, sent: str, read: str) -> None:
    rows = answer(node, f"{CALL}(addresses=[{sent}],uniqueAssetIds=['{DEMO}'])")
    assert triples(rows) == [(read, DEMO, "0")]


# What is no call


def case(target: str, code: str, message: str, position: int, option: str | None = None) -> object:
    """A malformed call; `target` stands behind the function's name of 17 letters, so `(` is at 18."""
    return pytest.param(target, code, message, position, option, id=target[:60] or "nothing")


@pytest.mark.parametrize(
    ("target", "code", "message", "position", "option"),
    [
        # The parentheses. `(addresses=[],uniqueAssetIds=[])` is 32 characters long, from 18 to 49.
        case("", "12001", "addresses is missing", 17),
        case("(", "12001", "the call is not closed", 19),
        case("()", "12001", "addresses is missing", 19),
        case("(%20)", "12001", "addresses is missing", 20),
        case("(addresses=[])", "12001", "uniqueAssetIds is missing", 31),
        case("(addresses=[],uniqueAssetIds=[]", "12001", "the call is not closed", 49),
        case("(addresses=[],uniqueAssetIds=[])x", "12001", "something stands behind the call", 50),
        case("(addresses=[],uniqueAssetIds=[])%0A", "12001", "something stands behind the call", 50),
        case("(addresses=[],uniqueAssetIds=[]))", "12001", "something stands behind the call", 50),
        # Parameters.
        case("(,)", "12001", "the name of a parameter is expected", 19),
        case("(addresses=[],)", "12001", "the name of a parameter is expected", 32),
        case("(addresses=[],", "12001", "the call is not closed", 32),
        case("(1=[])", "12001", "the name of a parameter is expected", 19),
        case("(addresses)", "12001", "'=' is expected after addresses", 28),
        case("(addresses:[])", "12001", "'=' is expected after addresses", 28),
        case("(addresses=[]%20uniqueAssetIds=[])", "12001", "',' or ')' is expected", 32),
        case("(addresses=[];uniqueAssetIds=[])", "12001", "',' or ')' is expected", 31),
        case("([],[])", "12001", "the name of a parameter is expected", 19),
        case(
            "(address=[],uniqueAssetIds=[])",
            "12001",
            "address is no parameter here; there is addresses and uniqueAssetIds",
            19,
        ),
        case(
            "(addresses=[],uniqueAssetIds=[],x=5)",
            "12001",
            "x is no parameter here; there is addresses and uniqueAssetIds",
            50,
        ),
        case("(addresses=[],Addresses=[],uniqueAssetIds=[])", "12001", "addresses stands there twice", 32),
        # Values.
        case("(addresses=", "12001", "a list, a string in quotes or an alias is expected", 29),
        case("(addresses=,uniqueAssetIds=[])", "12001", "a list, a string in quotes or an alias is expected", 29),
        case("(addresses=0xab,uniqueAssetIds=[])", "12001", "a list, a string in quotes or an alias is expected", 29),
        case("(addresses=nullx,uniqueAssetIds=[])", "12001", "a list, a string in quotes or an alias is expected", 29),
        case("(addresses=@,uniqueAssetIds=[])", "12001", "the name of an alias is expected", 30),
        case("(addresses=@1,uniqueAssetIds=[])", "12001", "the name of an alias is expected", 30),
        # Lists.
        case("(addresses=[)", "12001", "list is not closed", 30),
        case("(addresses=[", "12001", "list is not closed", 30),
        case("(addresses=['a'", "12001", "list is not closed", 33),
        case("(addresses=['a',", "12001", "list is not closed", 34),
        case("(addresses=['a',],uniqueAssetIds=[])", "12001", "a string in quotes is expected", 34),
        case("(addresses=[,'a'],uniqueAssetIds=[])", "12001", "a string in quotes is expected", 30),
        case("(addresses=['a''b'%20'c'],uniqueAssetIds=[])", "12001", "',' or ']' is expected", 37),
        case("(addresses=['a';'b'],uniqueAssetIds=[])", "12001", "',' or ']' is expected", 33),
        case("(addresses=[0xabc],uniqueAssetIds=[])", "12001", "a string in quotes is expected", 30),
        case(f"(addresses=[{HOLDER}],uniqueAssetIds=[])", "12001", "a string in quotes is expected", 30),
        case("(addresses=[['a']],uniqueAssetIds=[])", "12001", "a string in quotes is expected", 30),
        case("(addresses=" + "[" * 10_000 + ",uniqueAssetIds=[])", "12001", "a string in quotes is expected", 30),
        case("(" * 10_000, "12001", "the name of a parameter is expected", 19),
        case("(addresses={'a'},uniqueAssetIds=[])", "12001", "a list, a string in quotes or an alias is expected", 29),
        # Strings.
        case("(addresses=['a],uniqueAssetIds=[])", "12001", "string is not closed", 30),
        case("(addresses=['a''],uniqueAssetIds=[])", "12001", "string is not closed", 30),
        case("(addresses=[\"a'],uniqueAssetIds=[])", "12001", "string is not closed", 30),
        case("(addresses=['" + "x" * 200_000, "12001", "string is not closed", 30),
        case("(addresses=['a?b'],uniqueAssetIds=[])", "12001", "string is not closed", 30),
        # Encoding; here positions are in the path below the root, as it was sent: `(` is at 27.
        case("(addresses=['%'],uniqueAssetIds=[])", "12001", "% is not followed by two hex digits", 40),
        case("(addresses=['%4'],uniqueAssetIds=[])", "12001", "% is not followed by two hex digits", 40),
        case("(addresses=['%25%g0'],uniqueAssetIds=[])", "12001", "% is not followed by two hex digits", 43),
        case("(addresses=['%FF'],uniqueAssetIds=[])", "12001", "the bytes are no UTF-8", 40),
        case("(addresses=['%41%C3%A9%C3'],uniqueAssetIds=[])", "12001", "the bytes are no UTF-8", 49),
        case("(addresses=['%ED%A0%80'],uniqueAssetIds=[])", "12001", "the bytes are no UTF-8", 40),
        # The query.
        case(
            "(addresses=@a,uniqueAssetIds=[])?@a=",
            "12001",
            "a list, a string in quotes or an alias is expected",
            1,
            "@a",
        ),
        case("(addresses=@a,uniqueAssetIds=[])?@a=['x'", "12001", "list is not closed", 5, "@a"),
        case("(addresses=@a,uniqueAssetIds=[])?@a=[]x", "12001", "something stands behind the value", 3, "@a"),
        case("(addresses=@a,uniqueAssetIds=[])?@a=['x'];", "12001", "something stands behind the value", 6, "@a"),
        case("(addresses=@a,uniqueAssetIds=[])?@a=[]&%40a=[]", "12001", "@a stands in the query twice", 1, "@a"),
        case("(addresses=@a,uniqueAssetIds=[])?@a=['%zz']", "12001", "% is not followed by two hex digits", 3, "@a"),
        case("(addresses=@a,uniqueAssetIds=[])?@a=['%FF']", "12001", "the bytes are no UTF-8", 3, "@a"),
        case("?addresses=[]", "12001", "uniqueAssetIds is missing", 17),
        case("?addresses=[x]&uniqueAssetIds=[]", "12001", "a string in quotes is expected", 2, "addresses"),
        case("?addresses=[]&Addresses=[]", "12001", "addresses stands in the query twice", 1, "addresses"),
        case(
            "(addresses=[],uniqueAssetIds=[])?addresses=[]",
            "12001",
            "addresses stands in the query and between the parentheses",
            1,
            "addresses",
        ),
        # Well-formed, of the wrong type.
        case("(addresses='a',uniqueAssetIds=[])", "12002", "addresses takes a list of strings, not a string", 29),
        case("(addresses=[],uniqueAssetIds=null)", "12002", "uniqueAssetIds takes a list of strings, not null", 47),
        case("(addresses=-1.5e3,uniqueAssetIds=[])", "12002", "addresses takes a list of strings, not -1.5e3", 29),
        case(
            "(addresses=['a',%205,true],uniqueAssetIds=[])",
            "12002",
            "addresses takes a list of strings, not a list with 5 in it",
            29,
        ),
        case(
            "(addresses=@a,uniqueAssetIds=[])",
            "12002",
            "addresses takes a list of strings, not an alias @a that the query does not have",
            29,
        ),
        case(
            "(addresses=@a,uniqueAssetIds=[])?@A=[]&a=[]",
            "12002",
            "addresses takes a list of strings, not an alias @a that the query does not have",
            29,
        ),
        case(
            "(addresses=@a,uniqueAssetIds=[])?@a=@b&@b=[]",
            "12002",
            "addresses takes a list of strings, not an alias of an alias",
            1,
            "@a",
        ),
        case(
            "(addresses=@a,uniqueAssetIds=[])?@a='x'",
            "12002",
            "addresses takes a list of strings, not a string",
            1,
            "@a",
        ),
        case("?addresses=5&uniqueAssetIds=[]", "12002", "addresses takes a list of strings, not 5", 1, "addresses"),
        # What is malformed is told before what is of the wrong type.
        case("(addresses='a',uniqueAssetIds=[)", "12001", "list is not closed", 49),
        case("(addresses='a')", "12001", "uniqueAssetIds is missing", 32),
    ],
)
def test_a_call_that_is_none_is_refused_with_its_fault_and_place(
    node: RestNode, target: str, code: str, message: str, position: int, option: str | None
) -> None:
    found = ask(node, CALL + target)
    body = error(found)
    assert (found.status, body["code"]) == (400, code)
    place = {"position": str(position)} | ({} if option is None else {"option": option})
    assert body["details"] == [{"code": code, "message": message, "arguments": place}]


@pytest.mark.parametrize(
    ("target", "code", "message", "position"),
    [
        # `Balances(` is 9 characters, `Assets(` 7.
        ("/Balances(", "12001", "the call is not closed", 10),
        ("/Balances('a','b')", "12001", "the name of a parameter is expected", 10),
        ("/Balances(address='a')", "12001", "uniqueAssetId is missing", 21),
        ("/Balances(address=['a'],uniqueAssetId='b')", "12002", "address takes a string, not a list", 18),
        ("/Assets()", "12001", "id is missing", 8),
        ("/Assets(5)", "12001", "the name of a parameter is expected", 8),
        ("/Assets(id=5)", "12002", "id takes a string, not 5", 11),
        ("/Assets(['a'])", "12002", "id takes a string, not a list", 8),
        ("/Assets('a','a')", "12001", "id stands there twice", 12),
        ("/Assets(@a)?a='1'", "12002", "id takes a string, not an alias @a that the query does not have", 8),
    ],
)
def test_the_keys_of_balances_and_assets_are_read_by_the_same_rules(
    node: RestNode, target: str, code: str, message: str, position: int
) -> None:
    found = ask(node, target)
    body = error(found)
    assert (found.status, body["code"], body["details"][0]["message"]) == (400, code, message)
    assert body["details"][0]["arguments"] == {"position": str(position)}


def test_a_call_of_200_kilobytes_is_read(node: RestNode) -> None:
    addresses = ",".join(f"%270x{number:040x}%27" for number in range(4000))
    target = f"{CALL}(addresses=[{addresses}],uniqueAssetIds=['{DEMO}'])"
    assert 190_000 < len(target) < 220_000
    assert len(answer(node, target)) == 4000


def test_a_call_that_no_server_would_read_is_414(node: RestNode) -> None:
    assert ask(node, f"{CALL}(addresses=['{'x' * 300_000}'])").status == 414


@pytest.mark.parametrize(
    "target",
    [f"{CALL}(addresses=['a b'])", f"{CALL}(\n)", f"{CALL}(\x00)", f"{CALL}(é)", "http://[x/Balances"],
)
def test_what_is_no_request_line_is_refused_by_the_server(node: RestNode, target: str) -> None:
    assert ask(node, target).status == 400
