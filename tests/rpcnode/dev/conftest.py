"""Files that a test writes, and nodes that it commands."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rpcnode.node import Node
from rpcnode.options import NodeOptions
from tests.rpcnode.dev.fixture_texts import WriteFile


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WriteFile:
    """Writes files to the working directory, a fresh one."""
    monkeypatch.chdir(tmp_path)

    def write_file(name: str, text: str) -> Path:
        Path(name).write_text(text, "utf-8")
        return Path(name)

    return write_file


@pytest.fixture(scope="session")
def template() -> Iterator[Node]:
    """The dev chain, with three accounts."""
    node = Node(NodeOptions(accounts=3))
    yield node
    node.close()


@pytest.fixture
def node(template: Node) -> Iterator[Node]:
    """A chain of one's own."""
    node = Node.from_template(template)
    yield node
    node.close()
