"""Starts nodes for tests."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Final, TypedDict, Unpack, get_args

from rpcnode.chain.block_time import read_block_time
from rpcnode.dev.accounts import DEFAULT_SEED
from rpcnode.node import Node
from rpcnode.options import CassetteOptions, Envelope, NodeOptions, PluginSetting
from rpcnode.primitives.errors import NodeError, ProfileName
from rpcnode.testing.chain_source import Fixture, chain_source
from rpcnode.testing.host import CallersHost, ThreadHost
from rpcnode.testing.local_node import LocalNode
from rpcnode.testing.template import template

DEFAULT_ACCOUNTS: Final = 10
MOST_ACCOUNTS: Final = 1000
"""As on the command line."""


class Starting:
    """A node that `with` and `async with` start, and end; each time they do it is another, on a chain of its own."""

    def __init__(
        self, fixture: Fixture | Sequence[Fixture] | None, options: NodeOptions, *, has_thread: bool, listens: bool
    ) -> None:
        self._fixture = fixture
        self._options = options
        self._has_thread = has_thread
        self._listens = listens
        self._running: list[CallersHost | ThreadHost] = []

    def __enter__(self) -> LocalNode:
        host = self._host()
        if isinstance(host, ThreadHost):
            try:
                host.started.result()
            except BaseException:
                self._end(host)
                raise
        return self._node_on(host)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._end(self._running.pop())

    async def __aenter__(self) -> LocalNode:
        host = self._host()
        if isinstance(host, ThreadHost):
            try:
                await asyncio.wrap_future(host.started)
            except BaseException:
                self._end(host)
                raise
        else:
            host.mine_by(asyncio.get_running_loop())
        return self._node_on(host)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        host = self._running.pop()
        if isinstance(host, ThreadHost):
            # Other tasks of this loop may hold connections to the node, which it waits for.
            try:
                await asyncio.wrap_future(host.end())
            finally:
                host.join()
        else:
            host.close()

    def _host(self) -> CallersHost | ThreadHost:
        fixture, options = self._fixture, self._options

        def make() -> Node:
            return template(chain_source(fixture), options).copy()

        return ThreadHost(make, listens=self._listens) if self._has_thread else CallersHost(make)

    def _node_on(self, host: CallersHost | ThreadHost) -> LocalNode:
        self._running.append(host)
        return LocalNode(host)

    def _end(self, host: CallersHost | ThreadHost) -> None:
        if isinstance(host, CallersHost):
            host.close()
            return
        try:
            host.end().result()
        finally:
            host.join()


class NodeArguments(TypedDict, total=False):
    """What every way of starting a node takes."""

    profile: ProfileName
    block_time: str | float
    """"instant", the default, "manual", or so many seconds."""

    settings: Mapping[str, Any]
    """Of plugins, as {"TokensTracker.MaxResults": 10}."""

    plugins_dirs: Sequence[str | Path]
    accounts: int
    """How many funded accounts the dev chain has; goes with no fixture."""

    seed: str
    jsonrpc: Envelope
    cassette: str | Path
    """A file of calls with their answers, which answers in the place of the chain."""

    upstream: str
    """The URL of a real node. Where the file of `cassette` does not exist, calls go there and are kept in it."""


def start(
    fixture: Fixture | Sequence[Fixture] | None = None,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    server: bool = True,
    **arguments: Unpack[NodeArguments],
) -> Starting:
    """A node on a thread of its own, which answers HTTP at `url`; `port` 0 takes a free one.

    `fixture` is the path of a fixture file, its text, its data, or several of these, of which later ones add to earlier
    ones; without any the node has the dev chain. `server=False` is `in_process`. Nothing is read from the environment.

    Entering it raises NodeError, in one line, for a fixture or setting that is wrong and for a port that is taken.
    """
    return Starting(fixture, _options(fixture, host, port, **arguments), has_thread=server, listens=server)


def in_process(fixture: Fixture | Sequence[Fixture] | None = None, **arguments: Unpack[NodeArguments]) -> Starting:
    """A node on the thread that uses it, without a socket: a call goes in as bytes, and comes out as the same bytes.

    The fastest there is, for tests that need no URL. `fixture` is as for `start`.
    """
    return start(fixture, server=False, **arguments)


def on_demand(fixture: Fixture | Sequence[Fixture] | None = None, **arguments: Unpack[NodeArguments]) -> Starting:
    """As `start`, but it listens from the moment on at which somebody asks for its URL."""
    return Starting(fixture, _options(fixture, "127.0.0.1", 0, **arguments), has_thread=True, listens=False)


def _options(
    fixture: Fixture | Sequence[Fixture] | None,
    host: str,
    port: int,
    *,
    profile: ProfileName = "n3",
    block_time: str | float = "instant",
    settings: Mapping[str, Any] | None = None,
    plugins_dirs: Sequence[str | Path] = (),
    accounts: int | None = None,
    seed: str = DEFAULT_SEED,
    jsonrpc: Envelope = "neo",
    cassette: str | Path | None = None,
    upstream: str | None = None,
) -> NodeOptions:
    if profile not in get_args(ProfileName):
        raise NodeError(f"there is no profile {profile!r}; there are {', '.join(get_args(ProfileName))}")
    if jsonrpc not in get_args(Envelope):
        raise NodeError(f"jsonrpc: {jsonrpc!r} is not {' or '.join(get_args(Envelope))}")
    _check_number("port", port, 65535)
    if accounts is not None and fixture is not None:
        raise NodeError("accounts are those of the dev chain, and there is a fixture; leave one of the two out")
    accounts = DEFAULT_ACCOUNTS if accounts is None else accounts
    _check_number("accounts", accounts, MOST_ACCOUNTS)
    if upstream is not None and cassette is None:
        raise NodeError("upstream is the node whose answers a cassette keeps, and there is no cassette")
    try:
        mode = read_block_time(block_time)
    except ValueError as error:
        raise NodeError(f"block_time: {error}") from None
    return NodeOptions(
        host=host,
        port=port,
        profile=profile,
        plugins_dirs=tuple(map(Path, plugins_dirs)),
        settings=tuple(_setting(key, value) for key, value in (settings or {}).items()),
        accounts=accounts,
        seed=seed,
        jsonrpc=jsonrpc,
        dev=True,
        cassette=None if cassette is None else _cassette(Path(cassette), upstream),
        block_time=mode,
        is_test=True,
    )


def _cassette(path: Path, upstream: str | None) -> CassetteOptions:
    """One that is there answers; one that is not is recorded."""
    return CassetteOptions(path, None if path.exists() else upstream)


def _check_number(name: str, value: object, most: int) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise NodeError(f"{name}: {value!r} is no integer of 0 to {most}")


def _setting(name: str, value: Any) -> PluginSetting:
    plugin, dot, key = name.partition(".")
    if not dot:
        raise NodeError(f"settings: {name!r} names no plugin; right is Plugin.Key")
    return PluginSetting(plugin, key, value, f"settings[{name!r}]")
