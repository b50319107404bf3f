"""Opens wallets, and asks for answers that may come in steps."""

from collections.abc import Generator
from pathlib import Path
from typing import TypeVar

from rpcnode.chain.wallets.wallet import opened
from rpcnode.node import Node
from rpcnode.primitives.json import Json, Pause
from tests.plugins.node_builder import result

T = TypeVar("T")


def ended(steps: Generator[Pause, None, T]) -> T:
    """What steps end with."""
    try:
        while True:
            next(steps)
    except StopIteration as end:
        value: T = end.value
        return value


def open_wallet(node: Node, path: Path, password: str) -> None:
    """Opens a wallet as `--wallet` does."""
    version = node.ledger.parameters.address_version
    node.view.wallet = ended(opened(path, password, node.options.profile, version))


def finished(node: Node, method: str, *params: Json) -> Json:
    """The result of a method, be it in steps."""
    answer: Json = result(node, method, *params)
    return ended(answer) if isinstance(answer, Generator) else answer
