"""The node as its control objects see it."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from rpcnode.chain.ledger import Ledger
from rpcnode.chain.miner import Miner
from rpcnode.dev.accounts import DevAccount
from rpcnode.plugin.base import NodeView
from rpcnode.plugin.followers import Followers
from rpcnode.plugin.http_settings import HttpSettings
from rpcnode.plugin.registry import Registry
from rpcnode.server.traffic.traffic import Traffic

if TYPE_CHECKING:
    from rpcnode.chain.declaration import DeclaredChain
    from rpcnode.chain.recorded.recorded import Recording


class CommandedNode(Protocol):
    """A node that is commanded."""

    @property
    def ledger(self) -> Ledger: ...
    @property
    def registry(self) -> Registry: ...
    @property
    def followers(self) -> Followers: ...
    @property
    def view(self) -> NodeView: ...
    @property
    def miner(self) -> Miner: ...
    @property
    def accounts(self) -> Sequence[DevAccount]: ...
    @property
    def http_settings(self) -> HttpSettings: ...
    @property
    def traffic(self) -> Traffic | None: ...
    def fresh_image(
        self, fixtures: tuple[Path, ...] = (), source: "DeclaredChain | Recording | None" = None
    ) -> bytes: ...
    def state_image(self, state: str) -> bytes: ...
    def take_over(self, image: bytes) -> None: ...
