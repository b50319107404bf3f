"""The pytest plugin: the fixtures `rpcnode` and `rpcnode_url`, and the marker that says on which chain.

Every run of pytest loads this module, those that use no node too: it imports nothing, and what it takes over is in
`pytest_fixtures`, which `rpcnode = off` in the configuration of pytest keeps out.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

MARKER = (
    "rpcnode(fixture=None, profile='n3', shared=False, ...): the chain of the fixtures rpcnode and rpcnode_url, in the"
    " arguments of rpcnode.testing.in_process. With shared=True all tests that say the same use one node, at one URL,"
    " whose chain begins anew for each."
)


def pytest_addoption(parser: "pytest.Parser") -> None:
    """The keys in the configuration of pytest."""
    parser.addini("rpcnode", "whether there are the fixtures and the marker of rpcnode", type="bool", default=True)
    parser.addini("rpcnode_fixture", "fixture file of every node, from the root of the tests on", default="")
    parser.addini("rpcnode_profile", "profile of every node: n3, n3-preview or n2", default="n3")


def pytest_configure(config: "pytest.Config") -> None:
    """Brings in the fixtures, unless they are switched off."""
    if config.getini("rpcnode"):
        from rpcnode.testing import pytest_fixtures

        config.addinivalue_line("markers", MARKER)
        config.pluginmanager.register(pytest_fixtures, "rpcnode-fixtures")
