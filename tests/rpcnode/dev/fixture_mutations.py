"""Fixtures with random faults in them."""

from typing import Any

from hypothesis import strategies as st

from rpcnode.primitives.json import Json

HASH = "0x8d06bc235c2585c9d27ede8ed7085b3e13fc0c36"

VALID: dict[str, Json] = {
    "network": {"magic": 5, "chain_id": "1", "ms_per_block": 1000, "genesis_time": "2020-06-01T00:00:00Z"},
    "node": {"height": 9, "header_height": 10},
    "accounts": {"holder": "NPvKVTGZapmFWABLsyvfreuqn73jCjJtN1", "other": HASH.replace("8d", "8e")},
    "contracts": {
        "demo": {"hash": HASH, "standard": "NEP-17", "decimals": 8, "deployed_at": 1, "total_supply": "1000"},
        "card": {"standard": "NEP-11", "rest": {"logos": [{"uri": "u", "width": 1, "height": 1}], "urls": []}},
    },
    "blocks": [
        {
            "index": 5,
            "timestamp": 1600000000000,
            "transactions": [
                {"transfers": [{"asset": "demo", "from": None, "to": "holder", "amount": 5}]},
                {
                    "notifications": [
                        {
                            "contract": "demo",
                            "event": "Transfer",
                            "state": [None, "holder", 5, [True, {"type": "Map", "value": [{"key": 1, "value": "0x"}]}]],
                        }
                    ],
                    "faults": True,
                },
            ],
        }
    ],
    "balances": [{"account": "holder", "asset": "card", "amount": 1, "block": 2, "token_id": "a"}],
    "other_chains": [
        {
            "chain_id": "56",
            "assets": [{"contract_address": HASH, "name": "a", "symbol": "b", "decimals": 1}],
            "balances": [{"address": HASH, "contract_address": HASH, "amount": "5"}],
        }
    ],
    "keys": {"chainbase": [{"key": "demo", "chains": ["56"]}], "teos": [{"token": "t", "accounts": ["holder"]}]},
}

TELLING_VALUES: st.SearchStrategy[Json] = st.sampled_from(
    [
        *(None, True, False, 0, 1, -1, 2**32, 2**255, -(2**255), 2**64, 0.5, -0.0, 1e308, "", "0", "-1", "0x", "0x1"),
        *(
            "holder",
            "demo",
            "card",
            "NEO",
            "GAS",
            "none",
            "NEP-11",
            HASH,
            HASH[2:],
            "5" * 100,
            "5" * 101,
            "\ud83d",
            "é",
        ),
        *("NPvKVTGZapmFWABLsyvfreuqn73jCjJtN2", "K" * 52, "2020-06-31", "9999-12-31T23:59:59.999999-23:59", "\uff11"),
        *([], {}, [[]], {"type": "Array", "value": [{}]}, {"seed": "x"}, {"type": "Integer", "value": "5" * 100}),
    ]
)
ANY_VALUE = TELLING_VALUES | st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@st.composite
def mutated(draw: st.DrawFn, value: Any = VALID) -> Any:
    """`value` with one member or item replaced, left out, doubled or renamed, somewhere inside it."""
    if not value or not isinstance(value, dict | list) or draw(st.integers(0, 9)) == 0:
        return draw(ANY_VALUE)
    if isinstance(value, list):
        position = draw(st.integers(0, len(value) - 1))
        before, chosen, after = value[:position], value[position], value[position + 1 :]
        change = draw(st.sampled_from(("inside", "inside", "left out", "doubled")))
        if change == "inside":
            return [*before, draw(mutated(chosen)), *after]
        return before + ([chosen, chosen] if change == "doubled" else []) + after
    key = draw(st.sampled_from(sorted(value)))
    change = draw(st.sampled_from(("inside", "inside", "inside", "left out", "renamed")))
    if change == "inside":
        return value | {key: draw(mutated(value[key]))}
    rest = {other: member for other, member in value.items() if other != key}
    return rest | ({draw(st.text(max_size=8)): value[key]} if change == "renamed" else {})


@st.composite
def edited(draw: st.DrawFn, text: str) -> str:
    """`text` with a few pieces cut out, and others put in."""
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.sampled_from((0, 0, 1, 1, 2, 5, 40))))
        pieces = (
            "",
            "\n",
            " ",
            "\t",
            ":",
            "- ",
            "{",
            "}",
            "[",
            "]",
            '"',
            "'",
            "#",
            "&a ",
            "*a",
            "!!x ",
            "null",
            "0",
            "\0",
        )
        text = text[:start] + draw(st.sampled_from(pieces) | st.text(max_size=3)) + text[end:]
    return text
