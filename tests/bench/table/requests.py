"""What the servers are asked: one row of the table each."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from tests.bench.table.servers import Server

NEO: Final = "0xef4073a0f2b305a38ec4050e4d3d28bc40ea63f5"
HOLDER: Final = "NLC2i2cQDNuDaRzTDZ1p2AVGo7MMF73okj"
"""The account of the recorded chain that holds three assets."""

BATCH: Final = 100
_LOOKED_AT: Final = 100  # blocks in which a transaction is looked for
PLAIN: Final = "getblockcount"


@dataclass(frozen=True, slots=True)
class Row:
    """One request; `target` is how many times neo-go's calls a CPU second ours are to be, None for no such aim.

    `calls` are in one request, and `ids_run_on`: no two requests are the same.
    """

    name: str
    short: str
    method: str
    params: tuple[Any, ...] = ()
    target: float | None = None
    calls: int = 1
    ids_run_on: bool = False

    def bodies(self, count: int, first: int = 1) -> Sequence[bytes]:
        """So many requests; where ids run on, from that one on."""
        if not self.ids_run_on:
            return [self._body(1)] * count
        return [self._body(number) for number in range(first, first + count)]

    def _body(self, request_id: int) -> bytes:
        one = {"jsonrpc": "2.0", "id": request_id, "method": self.method, "params": self.params}
        return json.dumps(one if self.calls == 1 else [one] * self.calls).encode()


def rows_of(server: Server, holder: str = HOLDER) -> list[Row]:
    """The rows for one chain, with an account that holds assets.

    The block is the newest that holds a transaction or, where none is near, the first one.
    """
    height = server.ask("getblockcount") - 1
    newest = range(height, max(height - _LOOKED_AT, -1), -1)
    block = next((index for index in newest if server.ask("getblock", index, True)["tx"]), 0)
    return [
        Row("getnep17balances", "balances", "getnep17balances", (holder,), 3),
        Row(PLAIN, "count", "getblockcount", (), 1.5),
        Row("getblock verbose", "block", "getblock", (block, True), 3),
        Row("invokefunction symbol of NEO", "symbol", "invokefunction", (NEO, "symbol"), 1.5),
        Row(f"batch of {BATCH} getnep17balances, a call", "batch", "getnep17balances", (holder,), 5, BATCH),
        Row("getnep17balances, ids run on", "balances, ids", "getnep17balances", (holder,), ids_run_on=True),
        Row("getblockcount, ids run on", "count, ids", "getblockcount", ids_run_on=True),
    ]
