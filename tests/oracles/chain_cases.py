"""What was asked about the chains of csharp-chains: `python -m tests.oracles.chain_cases [NAME...] [--show N]`.

A node plays each chain, with sessions, and answers the methods that run scripts or read native contracts and storage.
"""

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from copy import deepcopy
from pathlib import Path
from typing import Any, Final, NamedTuple

from rpcnode.endpoint import envelope_of
from rpcnode.node import Node
from rpcnode.options import NodeOptions, PluginSetting
from rpcnode.server.jsonrpc.access import Authorization
from tests.oracles.recorded import SHARED, read

CHAINS: Final = ("gorgon", "hardforks", "committee", "empty")
METHODS: Final = (
    *("invokefunction", "invokescript", "invokecontractverify", "traverseiterator", "terminatesession"),
    *("getcandidates", "getcommittee", "getnextblockvalidators", "getunclaimedgas", "getversion"),
    *("getnativecontracts", "getcontractstate", "getstorage", "findstorage"),
    *("calculatenetworkfee", "sendrawtransaction", "submitblock", "getrawmempool"),
)
MASKED: Final = "(masked)"
ROWS_AT_ONCE: Final = 100


class Difference(NamedTuple):
    """A case that is answered otherwise than recorded; None where it is not."""

    method: str
    case: str
    recorded: str
    ours: str


def answers(name: str, *, with_heavy: bool = False) -> Iterator[tuple[str, Difference | None]]:
    """Each case's method, and how our answer differs. Heavy ones run until 20 GAS are gone."""
    path = SHARED / "csharp-chains" / f"{name}.json.gz"
    recorded = read(path)
    settings = (PluginSetting("RpcServer", "SessionEnabled", True, "test"),)
    with closing(Node(NodeOptions(fixtures=(Path(path),), dev=False, settings=settings, block_time="manual"))) as node:
        envelope = envelope_of(node)

        def ask(method: str, params: Any) -> Any:
            body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()
            return json.loads(envelope.answer_post(body, Authorization.GRANTED).body)

        for case in recorded["cases"]:
            if case["method"] in METHODS and (with_heavy or "heavy" not in (case.get("tags") or ())):
                yield case["method"], _difference(case, ask)


def _difference(case: Any, ask: Any) -> Difference | None:
    method = case["method"]
    answer = ask(method, case["params"])
    ours = {key: answer[key] for key in ("result", "error") if key in answer}
    theirs = deepcopy({"error": case["error"]} if "error" in case else {"result": case["want"]})
    for item in _iterators(ours.get("result")):
        rows: list[Any] = []
        while more := ask("traverseiterator", [ours["result"]["session"], item["id"], ROWS_AT_ONCE])["result"]:
            rows += more
        item["rows"] = rows
    for part in (ours, theirs):
        _mask(part)
        for path in case.get("volatile") or ():
            _set(part, path, MASKED)
        if method == "getversion":
            part["result"].update(nonce=0, tcpport=0, useragent="")
    first, second = json.dumps(theirs), json.dumps(ours)
    return None if first == second else Difference(method, case["id"], first, second)


def _iterators(result: Any) -> Iterator[Any]:
    for item in result.get("stack", ()) if isinstance(result, dict) else ():
        if isinstance(item, dict) and item.get("interface") == "IIterator":
            yield item


def _mask(part: Any) -> None:
    if isinstance(part, dict):
        for key, value in part.items():
            if key in ("id", "session") and isinstance(value, str):
                part[key] = MASKED
            else:
                _mask(value)
    elif isinstance(part, list):
        for value in part:
            _mask(value)


def _set(part: Any, path: str, value: Any) -> None:
    """Puts a value where a path like `result.stack[0].value` leads, if it leads anywhere."""
    *steps, last = re.findall(r"\w+", path)
    try:
        for step in steps:
            part = part[int(step)] if isinstance(part, list) else part[step]
        part[int(last) if isinstance(part, list) else last] = value
    except (KeyError, IndexError, TypeError):
        return


def main() -> None:
    """Counts exact answers, and shows some that are not."""
    parser = argparse.ArgumentParser()
    parser.add_argument("chains", nargs="*", default=CHAINS)
    parser.add_argument("--show", type=int, default=3)
    parser.add_argument("--heavy", action="store_true")
    options = parser.parse_args()
    for name in options.chains:
        exact: Counter[str] = Counter()
        wrong: Counter[str] = Counter()
        for method, difference in answers(name, with_heavy=options.heavy):
            exact[method] += difference is None
            if difference is not None:
                wrong[method] += 1
                if wrong.total() <= options.show:
                    print(f"--- {difference.case}\n{difference.recorded[:2000]}\n{difference.ours[:2000]}")
        print(f"{name}: {exact.total()} of {exact.total() + wrong.total()} exact; wrong: {dict(wrong)}", flush=True)


if __name__ == "__main__":
    main()
