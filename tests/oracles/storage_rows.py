"""Asks a node what neo-cli was asked of storage: getstorage and findstorage over RPC, on the recorded rows.

The node has the recorded chain, whose rows are put in the place of its own: what is tried are the methods, and
LedgerContract's rows, which are nobody's to put. `python -m tests.oracles.storage_rows` counts.
"""

import json
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from rpcnode.node import Node
from rpcnode.options import NodeOptions
from rpcnode.testing.chain_source import chain_source
from rpcnode.testing.host import CallersHost
from rpcnode.testing.template import template
from tests.oracles.recorded import ORACLES, SHARED, chain, read
from tests.oracles.world import ids_of, rows_of

METHODS: Final = ("getstorage", "findstorage")


class Asked(NamedTuple):
    """One call: the text of the recorded result, or the recorded error, and the body of our answer."""

    method: str
    params: Any
    result: str | None
    error: Any
    ours: str

    @property
    def is_exact(self) -> bool:
        """Whether the result is the same text, or the error the same object."""
        if self.result is not None:
            return self.ours == f'{{"jsonrpc":"2.0","id":1,"result":{self.result}}}'
        return bool(json.loads(self.ours).get("error") == self.error)


def asked() -> Iterator[Asked]:
    """All recorded calls of storage, with our answers."""
    host = CallersHost(lambda: template(chain_source(SHARED / "csharp-chain.json.gz"), NodeOptions()).copy())
    try:
        host.run(_put_rows)
        for method, params, result, error in read(ORACLES / "state.json.gz")["cases"]:
            if method in METHODS:
                body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()
                yield Asked(method, params, result, error, host.post(body).body.decode())
    finally:
        host.close()


def _put_rows(node: Node) -> None:
    rows = rows_of(chain()["storages"], ids_of(chain()["contracts"]))
    connection = node.ledger.store.connection
    with node.ledger.store.transaction():
        connection.execute("DELETE FROM chain_storage")
        connection.executemany(
            "INSERT INTO chain_storage (contract_id, key, value) VALUES (?, ?, ?)",
            ((*place, value) for place, value in rows.items() if place[0] != -4),
        )


def main() -> int:
    """Counts exact answers, shows the others, and gives their number."""
    answers = list(asked())
    wrong = [answer for answer in answers if not answer.is_exact]
    for each in wrong:
        print(each.method, each.params, "\n  right", (each.result or each.error)[:300], "\n  ours ", each.ours[:300])
    print(f"storage over RPC: {len(answers) - len(wrong)} of {len(answers)} exact")
    return len(wrong)


if __name__ == "__main__":
    main()
