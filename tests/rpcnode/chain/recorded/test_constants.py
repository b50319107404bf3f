"""What a recording's contracts plainly say of themselves, where their scripts are not run."""

from base64 import b64encode

import pytest

from rpcnode.chain.recorded.contract_versions import contract_state
from rpcnode.chain.recorded.recorded import RecordedContract
from rpcnode.primitives.json import Json
from rpcnode.primitives.uint import UInt160

SYMBOL_OFFSET = 4


@pytest.mark.parametrize(
    ("script", "symbol", "decimals"),
    [
        # PUSH8 RET; PUSHDATA1 "COIN" RET, as opcodes are numbered in neo-vm's OpCode.cs
        ("1840000c04434f494e40", None, 8),
        ("184000000c04434f494e40", "COIN", 8),
        ("570001" + "18", None, None),
        ("57000018" + "570000" + "0c0143" + "40", "C", None),
        ("00124000" + "0c0143" + "9d40", None, 18),
        ("00ff4000" + "40", None, -1),
        ("0f400000" + "0c", None, -1),
        ("40", None, None),
    ],
    ids=[
        "symbol at a wrong offset",
        "both",
        "a push behind INITSLOT and no RET",
        "INITSLOT before a push",
        "an operation behind the push",
        "PUSHINT8 below zero",
        "a push that is cut off",
        "an offset behind the script",
    ],
)
def test_a_method_that_only_pushes_is_read_from_the_script(
    script: str, symbol: str | None, decimals: int | None
) -> None:
    methods: list[Json] = [
        {"name": name, "parameters": [], "offset": offset}
        for name, offset in (("decimals", 0), ("symbol", SYMBOL_OFFSET))
    ]
    state: dict[str, Json] = {
        "id": 1,
        "nef": {"script": b64encode(bytes.fromhex(script)).decode()},
        "manifest": {"name": "coin", "abi": {"methods": methods}},
    }
    contract = contract_state(UInt160(bytes(20)), RecordedContract(state, 0, None))
    assert (contract.symbol, contract.decimals) == (symbol, decimals)
