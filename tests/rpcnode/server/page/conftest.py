"""A browser, and a node for it: one of each for all tests of these pages."""

from collections.abc import Iterator
from typing import Any, Final

import pytest
from selenium import webdriver

from rpcnode.testing import LocalNode, start
from tests.rpcnode.server.page.browsers import Browser, chromium
from tests.rpcnode.server.page.pages import EVIL

SHOP: Final[dict[str, Any]] = {
    "accounts": {"alice": {"seed": "alice"}, "shop": {"seed": "shop"}},
    "contracts": {
        "coin": {"standard": "NEP-17", "symbol": "COIN", "decimals": 2},
        "evil": {"standard": "NEP-17", "name": EVIL, "symbol": EVIL, "decimals": 0},
    },
    "balances": [
        {"account": "alice", "asset": "coin", "amount": 10000, "block": 1},
        {"account": "alice", "asset": "evil", "amount": 7, "block": 2},
        {"account": "alice", "asset": "GAS", "amount": 10_000_000_000, "block": 2},
    ],
}


@pytest.fixture(scope="session")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    with chromium(tmp_path_factory.mktemp("chromium")) as found:
        yield found


@pytest.fixture(scope="session")
def started() -> Iterator[LocalNode]:
    with start(SHOP) as node:
        yield node


@pytest.fixture
def node(started: LocalNode) -> LocalNode:
    started.begin_anew()
    return started


@pytest.fixture
def browser(driver: webdriver.Chrome, node: LocalNode) -> Iterator[Browser]:
    """A window on a fresh chain; whatever a test does, the console stays empty."""
    found = Browser(driver, node.url)
    found.errors()
    yield found
    assert found.errors() == []
