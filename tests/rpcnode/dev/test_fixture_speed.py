"""Large fixtures."""

import json
import time
from pathlib import Path

import pytest

from rpcnode.chain.description import ChainDescription
from rpcnode.dev.fixture.reader import read_fixture

ROWS = [
    {"account": f"0x{number:040x}", "asset": "demo", "amount": str(number * 1000), "block": number % 100 + 1}
    for number in range(10_000)
]


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".yaml", ".json"])
def test_ten_thousand_balances_are_read_in_under_two_seconds(tmp_path: Path, suffix: str) -> None:
    # 0.26 s as YAML and 0.15 s as JSON on a busy machine of two cores; the bound is for busier ones.
    path = tmp_path / f"a{suffix}"
    path.write_text(json.dumps({"contracts": {"demo": {"standard": "NEP-17"}}, "balances": ROWS}))
    start = time.perf_counter()
    read = read_fixture(path, profile="n3")
    assert time.perf_counter() - start < 2
    assert isinstance(read, ChainDescription)
    assert sum(len(block.transactions) for block in read.blocks) == 10_000
