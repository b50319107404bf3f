"""The fixtures of the pytest plugin, and what it adds to the report of a test that fails."""

from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from rpcnode.testing import LocalNode

SECTION = "rpcnode calls"
"""The heading of the journal in the report of a test."""

_NODE: "pytest.StashKey[LocalNode]" = pytest.StashKey()
_CALLS: "pytest.StashKey[str]" = pytest.StashKey()
"""The calls that a node had seen when it ended."""


@pytest.fixture
def rpcnode(request: pytest.FixtureRequest, _rpcnode_shared: "_SharedNodes") -> "Iterator[LocalNode]":
    """A NEO node on a chain of its own, which the marker `rpcnode` describes; its `url` answers HTTP.

    Where it does not start, the test fails in one line that says why.
    """
    from rpcnode.primitives.errors import NodeError

    arguments = _arguments(request.node)
    with ExitStack() as stack:
        is_shared = arguments.pop("shared", False)
        reason = ""
        try:
            node = _rpcnode_shared.node(arguments) if is_shared else _start(stack, arguments)
        except NodeError as error:
            reason = _rpcnode_shared.told(str(error), request.node.nodeid)
        if reason:  # outside of the except, or the report has a traceback as well
            pytest.fail(f"rpcnode does not start: {reason}", pytrace=False)
        request.node.stash[_NODE] = node
        try:
            yield node
        finally:
            # It ends before the report of the teardown is made, which may be about a fixture that used it.
            request.node.stash[_CALLS] = _calls(node)
            del request.node.stash[_NODE]


@pytest.fixture
def rpcnode_url(rpcnode: "LocalNode") -> str:
    """The URL at which the test's NEO node answers HTTP."""
    return rpcnode.url


@pytest.fixture(scope="session")
def _rpcnode_shared() -> "Iterator[_SharedNodes]":
    """The nodes that tests of this process share."""
    with ExitStack() as stack:
        yield _SharedNodes(stack)


class _SharedNodes:
    """Nodes by the arguments that they were started with; each runs until the stack ends."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._nodes: dict[str, LocalNode] = {}
        self._reasons: dict[str, str] = {}

    def told(self, reason: str, test: str) -> str:
        """Why a node does not start, the first time; then the test that was told so."""
        first = self._reasons.setdefault(reason, test)
        return reason if first == test else f"as in {first}"

    def node(self, arguments: Mapping[str, Any]) -> "LocalNode":
        """The node of some arguments, as it was when it started."""
        key = repr(sorted(arguments.items()))
        node = self._nodes.get(key)
        if node is None:
            node = self._nodes[key] = _start(self._stack, arguments)
        else:
            node.begin_anew()
        return node


def _start(stack: ExitStack, arguments: Mapping[str, Any]) -> "LocalNode":
    """A node that runs until the stack ends. Raises NodeError."""
    from rpcnode.testing.starting import on_demand

    return stack.enter_context(on_demand(**arguments))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Adds the calls that the test's node has seen to the report of a failure."""
    report = yield
    if report.failed:
        node = item.stash.get(_NODE, None)
        text = item.stash.get(_CALLS, "") if node is None else _calls(node)
        if text:
            report.sections.append((SECTION, text))
    return report


def _calls(node: "LocalNode") -> str:
    from rpcnode.testing.journal import journal_text

    return journal_text(node.journal())


def _arguments(item: pytest.Item) -> dict[str, Any]:
    """What the test's markers ask for, the nearest first, over the configuration of pytest."""
    config = item.config
    arguments: dict[str, Any] = {"profile": config.getini("rpcnode_profile")}
    named = config.getini("rpcnode_fixture")
    if named:
        arguments["fixture"] = config.rootpath / named
    for marker in reversed(list(item.iter_markers("rpcnode"))):
        if marker.args:
            pytest.fail(f"the marker rpcnode takes arguments by name, and not {marker.args!r}", pytrace=False)
        _check_known(marker.kwargs)
        arguments.update(marker.kwargs)
        if "fixture" in marker.kwargs:
            arguments["fixture"] = _found(marker.kwargs["fixture"], item)
        if "cassette" in marker.kwargs:
            arguments["cassette"] = item.path.parent / marker.kwargs["cassette"]
    return arguments


def _check_known(given: Mapping[str, Any]) -> None:
    """Fails the test for an argument that no node takes."""
    from difflib import get_close_matches

    from rpcnode.testing.starting import NodeArguments

    known = ["fixture", "shared", *NodeArguments.__annotations__]
    for name in given:
        if name not in known:
            nearest = get_close_matches(name, known, 1, 0.6)
            hint = f"did you mean {nearest[0]}?" if nearest else f"there are {', '.join(known)}"
            pytest.fail(f"the marker rpcnode has no argument {name!r}; {hint}", pytrace=False)


def _found(fixture: Any, item: pytest.Item) -> Any:
    """A fixture, with paths beside the file of the test, or where they are from the root of the tests on."""
    from rpcnode.testing.chain_source import is_path

    if isinstance(fixture, Sequence) and not isinstance(fixture, str):
        return [_found(part, item) for part in fixture]
    if not is_path(fixture):
        return fixture
    beside = item.path.parent / fixture
    return beside if beside.exists() else item.config.rootpath / fixture
