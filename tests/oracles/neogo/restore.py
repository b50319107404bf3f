"""Chains that are made here restore in neo-go with equal state roots: `python -m tests.oracles.neogo.restore`."""

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, Final

from rpcnode.commands.export import Source, export
from rpcnode.primitives.keys import wif_of
from rpcnode.testing import LocalNode, RpcCallError, start
from tests.oracles.neogo.live import LiveNode, RefusedError
from tests.oracles.neogo.people import Key, keys_of
from tests.oracles.neogo.sends.both import own_chain
from tests.oracles.neogo.sends.invocations import COUNT, Invocations
from tests.oracles.neogo.stories import TO_FAUN
from tests.oracles.neogo.teller import Teller

MS_PER_BLOCK: Final = 1000


class Own:
    """This node, asked as a live one is."""

    def __init__(self, node: LocalNode) -> None:
        self._node: Final = node

    def ask(self, method: str, *params: Any) -> Any:
        """The result of a call; RefusedError for an error."""
        try:
            return self._node.call(method, *params)
        except RpcCallError as error:
            raise RefusedError(method, {"code": error.code, "message": error.message}) from None

    @property
    def height(self) -> int:
        """The index of the last block."""
        return self._node.height


def restored(binary: Path, directory: Path, seed: str, hardforks: Mapping[str, int], count: int = COUNT) -> list[str]:
    """Makes a chain by dev methods and signed transactions, has neo-go restore it, and tells what differs."""
    keys, users = keys_of(f"restore/{seed}/key", 1), keys_of(f"restore/{seed}/user", 6)
    fixture = dict(own_chain(keys, hardforks, MS_PER_BLOCK))
    fixture["accounts"] = {"validator": wif_of(keys[0].private)} | {
        f"user{number}": wif_of(user.private) for number, user in enumerate(users)
    }
    chain = directory / "chain.acc"
    with start(fixture) as node:
        _make(node, keys, users, seed, count)
        export(Source(None, (), node.url), chain, "n3", is_watched=False)
        ours = [node.call("getstateroot", index)["roothash"] for index in range(node.height + 1)]
        restoring = LiveNode(binary, directory, keys, keys, hardforks, MS_PER_BLOCK, only_takes=True, chain=chain)
        with restoring as other:
            if other.height != node.height:
                return [f"neo-go is at block {other.height}, this node at {node.height}"]
            theirs = [other.ask("getstateroot", index)["roothash"] for index in range(node.height + 1)]
    print(f"{len(ours)} blocks restored, {sum(map(str.__eq__, ours, theirs))} state roots equal")
    return [
        f"the root of block {index} differs"
        for index, pair in enumerate(zip(ours, theirs, strict=True))
        if pair[0] != pair[1]
    ]


def _make(node: LocalNode, keys: Sequence[Key], users: Sequence[Key], seed: str, count: int) -> None:
    teller = Teller(Own(node), Random(f"restore/{seed}"), keys, users)
    teller.open()
    node.call("dev_setBlockTime", "manual")
    for asset, amount in (("GAS", 5), ("NEO", 7)):
        node.call("dev_transfer", {"asset": asset, "from": "user0", "to": "user1", "amount": amount})
    node.call("dev_mine", 3, 777)
    node.call("dev_setBlockTime", "instant")
    node.call("dev_deploy", {"key": "coin", "standard": "NEP-17", "name": "coin", "symbol": "COIN", "decimals": 2})
    node.call("dev_mint", {"asset": "coin", "to": "user2", "amount": 1000})
    node.call("dev_transfer", {"asset": "coin", "from": "user2", "to": "user3", "amount": 5})
    call = {"contract": "coin", "method": "balanceOf", "args": [{"type": "Hash160", "value": "user3"}]}
    node.call("dev_invoke", call | {"signers": ["user4"]})
    node.call("dev_mine", 20)
    Invocations(teller).send(count)
    if teller.refused:
        raise AssertionError(f"this node refuses {dict(teller.refused)}")


def main() -> int:
    """1 where something differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", type=Path, required=True, help="neo-go's")
    parser.add_argument("--seed", default="1")
    options = parser.parse_args()
    rising = {name: 9 * (place + 1) for place, name in enumerate(TO_FAUN)}
    wrong: list[str] = []
    for hardforks in (TO_FAUN, rising):
        with TemporaryDirectory() as directory:
            wrong += restored(options.binary, Path(directory), options.seed, hardforks)
    print("\n".join(wrong) or "nothing differs")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
