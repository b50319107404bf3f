"""Fixtures that tests of more than one folder use."""

import gzip
import json
import os
from collections import Counter
from typing import Any

import pytest
from hypothesis import settings

from tests import PROJECT

collect_ignore = ["examples"]
"""A user's suite: test_examples.py runs it in a folder of its own."""

SHARED_DATA = PROJECT.parent / "shared" / "data"

# How long an example takes says nothing on a machine that does other work too.
settings.register_profile("rpcnode", deadline=None)
settings.load_profile("rpcnode")


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """A process more than there are cores: many tests wait for a process that they started."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Modules with many slow tests come first: so no process is left with a long one when the others are through."""
    slow = Counter(item.path for item in items if item.get_closest_marker("slow"))
    items.sort(key=lambda item: -slow[item.path])


@pytest.fixture(scope="session")
def recorded_chain() -> dict[str, Any]:
    """A private N3 network recorded from neo-go 0.120: blocks, application logs, contracts, answers of the trackers."""
    document: dict[str, Any] = json.loads(
        gzip.decompress((PROJECT / "fixtures/recorded-n3-chain.json.gz").read_bytes())
    )
    return document


@pytest.fixture(scope="session")
def neo_go_testchain() -> dict[str, Any]:
    """The chain of neo-go's own RPC tests, recorded in the same form; not part of the project."""
    path = SHARED_DATA / "neo-go-testchain.json"
    if not path.exists():
        pytest.skip(f"{path.name} is not beside this checkout")
    document: dict[str, Any] = json.loads(path.read_text())
    return document
