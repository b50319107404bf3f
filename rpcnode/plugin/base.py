"""What a plugin author writes against: the base class and the decorators."""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeVar

from rpcnode.chain.blocks import AppliedBlock
from rpcnode.chain.db.migrations import Migrations
from rpcnode.chain.ledger import Ledger
from rpcnode.chain.relay import Relay
from rpcnode.execution.records import Execution
from rpcnode.plugin.assets import Assets
from rpcnode.plugin.config import PluginConfig
from rpcnode.plugin.http_settings import HttpSettings
from rpcnode.plugin.survived import Survived
from rpcnode.plugin.token_balances import TokenBalances
from rpcnode.primitives.address import address_of, script_hash_of
from rpcnode.primitives.errors import FormatError, ProfileName
from rpcnode.primitives.json import Json
from rpcnode.primitives.records import dataclass
from rpcnode.primitives.uint import UInt160

if TYPE_CHECKING:
    from rpcnode.chain.older_relay import OlderRelay
    from rpcnode.chain.wallets.wallet import Wallet
    from rpcnode.execution.test_invocation import ExecutionState

F = TypeVar("F", bound=Callable[..., object])

RPC_ATTRIBUTE = "__rpc_declaration__"


class Fidelity(StrEnum):
    """How near a method is to the real node's."""

    EXACT = "exact"
    MODELLED = "modelled"
    NOT_YET = "not yet"
    """It checks its parameters and says that it cannot do the rest, or answers as a node without a wallet."""


@dataclass(frozen=True, slots=True)
class RpcDeclaration:
    """What `@rpc_method` notes down. `profiles` None: every profile."""

    wire_name: str
    fidelity: Fidelity
    profiles: frozenset[ProfileName] | None
    of_chain: bool = False


def rpc_method(
    *,
    name: str | None = None,
    fidelity: Fidelity = Fidelity.EXACT,
    profiles: tuple[ProfileName, ...] | None = None,
    of_chain: bool = False,
) -> Callable[[F], F]:
    """Declares an RPC method. Its name on the wire is the function's without underscores, unless `name` says otherwise.

    `of_chain`: what it answers depends on its parameters and on the chain alone, the rows of plugins and what waits
    for a block, under the settings that the node was started with: not on the time, on chance, or on what was asked
    before. Such an answer is kept until one of these changes.

    The decorator only sets an attribute; the registry reads it once, when the plugin is loaded.
    """

    def declare(function: F) -> F:
        wire_name = name or function.__name__.replace("_", "")
        declared = RpcDeclaration(wire_name, fidelity, None if profiles is None else frozenset(profiles), of_chain)
        setattr(function, RPC_ATTRIBUTE, declared)
        return function

    return declare


class NodeView:
    """The node as plugins see it.

    `plugins` are those loaded so far, in dependency order. `balances` is the table of token balances, `survived` what
    would have stopped a real node, or its plugin, and was left out here, `assets` the chains and assets that REST faces
    show. `is_own`: it has the dev chain, or was started by a test, so that it may help where no real node does.
    `relay` takes in what clients send; it is there once the node is. On older profiles that is `older_relay`, for the
    transactions and blocks that `plugin.wire` reads for them. `wallet` is the one that is open, None for none; the node
    and plugins that open another set it.
    """

    relay: Relay
    older_relay: "OlderRelay[Any, Any]"

    __slots__ = (
        "_wallet",
        "assets",
        "balances",
        "is_own",
        "ledger",
        "older_relay",
        "plugins",
        "profile",
        "relay",
        "survived",
        "watch_wallet",
    )

    def __init__(
        self, profile: ProfileName, ledger: Ledger, plugins: "Sequence[Plugin]", *, is_own: bool = False
    ) -> None:
        self.profile: Final = profile
        self.is_own: Final = is_own
        self.ledger: Final = ledger
        self.plugins: Final = plugins
        self.balances: Final = TokenBalances(ledger.store.connection)
        self.survived: Final = Survived(ledger.store.connection)
        self.assets: Final = Assets(ledger, self.balances)
        self.watch_wallet: Callable[[], None] | None = None
        self._wallet: Wallet | None = None

    @property
    def wallet(self) -> "Wallet | None":
        """The open wallet; `watch_wallet` is called when one is opened or closed."""
        return self._wallet

    @wallet.setter
    def wallet(self, wallet: "Wallet | None") -> None:
        self._wallet = wallet
        if self.watch_wallet is not None:
            self.watch_wallet()

    @property
    def db(self) -> sqlite3.Connection:
        """The one connection.

        Reads at any time; writes only in `on_committing`, where the block's transaction is open.
        """
        return self.ledger.store.connection

    def execution_at(self, block_index: int | None = None) -> "ExecutionState | None":
        """What scripts run on after a block, the newest one unless it is named; None where that is not known."""
        return self.ledger.execution_at(block_index) if self.ledger.is_executed else None

    def address_of(self, script_hash: UInt160) -> str:
        """The address of an account on this network."""
        return address_of(script_hash, self.ledger.parameters.address_version)

    def is_address(self, text: str) -> bool:
        """Whether a text is an address of this network."""
        return self.script_hash_of(text) is not None

    def script_hash_of(self, address: str) -> UInt160 | None:
        """The account of an address of this network; None for any other text."""
        try:
            return script_hash_of(address, self.ledger.parameters.address_version)
        except FormatError:
            return None


class Plugin:
    """A plugin: its methods, its tables, its hooks.

    `as_recorded` are the settings under which it answers as the node it stands in for, where the defaults do not.

    A subclass sets `name`, and whatever else differs from the defaults; `config_type` is a frozen dataclass derived
    from PluginConfig. One that is no plugin of the node it stands in for, `is_listed` False, is not among those that
    listplugins names. `listed_as` is another name there than its own, or None for none, on some profiles.
    """

    name: ClassVar[str]
    version: ClassVar[dict[ProfileName, str]] = {"n3": "3.10.2.0", "n3-preview": "3.0.0.0", "n2": "2.12.2.0"}
    interfaces: ClassVar[dict[ProfileName, tuple[str, ...]]] = {}
    profiles: ClassVar[tuple[ProfileName, ...]] = ("n3", "n3-preview", "n2")
    requires: ClassVar[tuple[str, ...]] = ()
    is_listed: ClassVar[bool] = True
    listed_as: ClassVar[Mapping[ProfileName, str | None]] = {}
    config_type: ClassVar[type[PluginConfig]] = PluginConfig
    as_recorded: ClassVar[Mapping[str, Json]] = {}
    migrations: ClassVar[Migrations | None] = None

    def __init__(self, node: NodeView, config: PluginConfig) -> None:
        self.node = node
        self.db = node.db
        self.plugin_config = config

    @property
    def binding(self) -> str:
        """Whose rules bind parameters: the profile's, or `documented`, which leaks no error codes of a runtime."""
        return self.node.profile

    def serves(self, wire_name: str) -> bool:
        """Whether a declared method is registered under this configuration."""
        return True

    def http_settings(self) -> HttpSettings | None:
        """How the HTTP server is set up, from the plugin that configures it."""
        return None

    def adjusted(self, settings: HttpSettings) -> HttpSettings:
        """The settings of the HTTP server with what this plugin is told of them."""
        return settings

    def at_a_glance(self) -> Mapping[str, Json]:
        """Members that the plugin adds to the answer of `dev_info`."""
        return {}

    @property
    def index_settings(self) -> str:
        """The settings that the plugin's rows depend on; rows made with others are made again."""
        return ""

    def on_reset(self) -> None:
        """The plugin's rows are out of date: it empties its tables, and is then fed every block again.

        Also where blocks are taken back.
        """

    def on_loaded(self) -> None:
        """All plugins are there; the plugin has caught up with the chain."""

    def on_committing(self, block: AppliedBlock, executions: tuple[Execution, ...]) -> None:
        """A block is about to be committed: writes are part of its transaction.

        What happens when it raises is the plugin's policy.
        """

    def on_committed(self, block: AppliedBlock) -> None:
        """A block stands."""

    def on_rewound(self) -> None:
        """Blocks were taken back, or the whole chain is another; rows are right, what is kept in memory may not be."""

    def on_closing(self) -> None:
        """The node stops."""
