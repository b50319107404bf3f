"""The composition root: builds a node from options, owns it, starts and stops it."""

from collections.abc import Mapping
from contextlib import closing, nullcontext
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from rpcnode.chain.chain_meta import RECORDED
from rpcnode.chain.db.store import Store, content_errors, file_errors
from rpcnode.chain.miner import Miner
from rpcnode.chain.relay import Relay
from rpcnode.chain.relays import OLDER_RELAYS
from rpcnode.dev.accounts import accounts_of
from rpcnode.dev.control.dev_control import DevControl
from rpcnode.dev.dev_chain_image import packaged_image
from rpcnode.loading import (
    Source,
    check_dev_chain_options,
    check_is_empty,
    is_loaded,
    open_ledger,
    play,
    read_source,
    read_state,
)
from rpcnode.options import NodeOptions
from rpcnode.plugin.base import NodeView
from rpcnode.plugin.config import check_network
from rpcnode.plugin.followers import Followers
from rpcnode.plugin.http_settings import HttpSettings
from rpcnode.plugin.registry import Registry
from rpcnode.plugin_set import PluginSet, plugin_set
from rpcnode.primitives.errors import NodeError
from rpcnode.server.jsonrpc.loopback import is_loopback
from rpcnode.server.parameters.binding import Method, bind
from rpcnode.server.traffic.meter import CallMeter
from rpcnode.server.traffic.traffic import Traffic

if TYPE_CHECKING:
    from rpcnode.chain.db.reading_store import ReadingStore
    from rpcnode.chain.wallets.wallet import Wallet
    from rpcnode.server.jsonrpc.cassette_methods import CassetteMethods


class Node:
    """A chain, its plugins and their methods; `rpcnode.server` puts it on a port."""

    def __init__(
        self, options: NodeOptions, source: "Source | None" = None, *, shared_file: Path | None = None
    ) -> None:
        """Builds the node and brings chain and plugins to their height; the chain is `source`, or what the options say.

        With a `shared_file` it is kept there, for nodes of `reader_of` in other processes.

        Raises NodeError with one line for the operator, FILE:LINE: PATH: WHAT for what is wrong with a fixture.
        """
        plugins = plugin_set(options)
        state = None if options.load_state is None else read_state(options, plugins.migrations)
        if source is None:
            source = read_source(options)
        migrations = plugins.migrations
        start = None
        if options.db is None and source is None and state is None:
            start = packaged_image(options.profile, options.seed, options.accounts, migrations)
        if shared_file is not None:
            if start is not None:
                shared_file.write_bytes(start)
            store = Store.in_file(shared_file, migrations, is_shared=True)
        elif start is not None:
            store = Store.from_image(start)
        else:
            store = Store.in_memory(migrations) if options.db is None else Store.in_file(options.db, migrations)
        self._open(options, plugins, store, source, state)

    @classmethod
    def reader_of(cls, options: NodeOptions, store: "ReadingStore") -> "Node":
        """A node of the same options that only reads a chain, which a node of another process writes.

        It takes no transactions and blocks, has no wallet, dev methods and faults, and shows what its store shows.

        Raises NodeError.
        """
        node = cls.__new__(cls)
        options = replace(options.of_a_copy(), db=options.db, block_time=None)
        node._open(options, plugin_set(options), store, None, None, only_reads=True)
        return node

    @classmethod
    def from_template(cls, template: "Node", image: bytes | None = None) -> "Node":
        """A node in memory of the same configuration, on the chain of another one, or on an image of such a chain.

        It is the cheapest way to a fresh chain: nothing is read, discovered or played. Raises NodeError where the
        chain does not go with the plugins.
        """
        node = cls.__new__(cls)
        options = replace(template.options.of_a_copy(), block_time=None)
        start = template.store.image() if image is None else image
        node._open(options, template.plugins, Store.from_image(start), None, None)
        node._start_image = start
        return node

    def _open(
        self,
        options: NodeOptions,
        plugins: PluginSet,
        store: Store,
        source: "Source | None",
        state: bytes | None,
        *,
        only_reads: bool = False,
    ) -> None:
        self.options = options
        self.plugins = plugins
        self.store = store
        self._cassette: CassetteMethods | None = None
        self._start_image = state
        kept = None if store.is_new else store.path
        try:
            with file_errors(options.db), nullcontext() if kept is None else content_errors(kept):
                if state is not None:
                    check_is_empty(store)
                    store.restore(state)
                check_dev_chain_options(store, options)
                if source is None and not is_loaded(self.store):
                    from rpcnode.dev.fixture.dev_chain import dev_chain

                    source = dev_chain(options.profile, options.seed, options.accounts)
                self.ledger = open_ledger(self.store, options, source)
                self.registry = Registry()
                is_own = options.is_test or (not options.fixtures and store.meta("kind") != RECORDED)
                self.view = NodeView(options.profile, self.ledger, self.registry.plugins, is_own=is_own)
                for kind in plugins.kinds:
                    check_network(kind.name, plugins.configs[kind.name], self.ledger.parameters.magic)
                    self.registry.add(kind(self.view, plugins.configs[kind.name]))
                self.followers = Followers(self.view)
                self.followers.load(catches_up=not only_reads)
                with nullcontext() if self.followers.hear_commits else self.store.batch():
                    play(self.ledger, options, source)
                self.accounts = accounts_of(self.store.connection, () if source is None else source.accounts)
            self.methods: dict[str, Method] = {
                name: bind(method, self.ledger.parameters.address_version)
                for name, method in self.registry.methods.items()
            }
            if not self.http_settings.keep_answers:
                self.ledger.kept_calls = None
            self.miner = Miner(self.ledger)
            self._take_in(only_reads=only_reads)
            if options.wallet is not None:
                self.view.wallet = self._wallet_at_start(options.wallet)
            if options.block_time is not None:
                self.miner.set_block_time(options.block_time)
            self.dev = DevControl(self) if self.is_commanded and not only_reads else None
            self.meter = CallMeter(self.methods)
            self.traffic = Traffic(lambda: self.ledger.clock.now_ms, options.seed) if self.is_commanded else None
            if self.dev is not None:
                self.methods.update(self.dev.methods)
        except NodeError:
            # What failed while it was being made is of no use; what was cut off goes on at the next start.
            if self.store.is_new:
                self.store.discard()
            else:
                self.store.close()
            raise
        except BaseException:
            self.store.close()
            raise

    def _take_in(self, *, only_reads: bool) -> None:
        """From now on clients' transactions and blocks come in, unless the node only reads."""
        if only_reads:
            return
        older_relay = OLDER_RELAYS.get(self.options.profile)
        if older_relay is None:
            self.view.relay = Relay(self.ledger, self.miner)
        else:
            self.view.older_relay = older_relay(self.ledger, self.miner)

    def _wallet_at_start(self, path: Path) -> "Wallet":
        from rpcnode.dev.wallet_at_start import wallet_at_start

        options, version = self.options, self.ledger.parameters.address_version
        is_dev_chain = not options.fixtures and self.store.meta("kind") != RECORDED
        accounts = self.accounts if is_dev_chain else None
        return wallet_at_start(path, options.wallet_password, options.profile, version, accounts)

    @property
    def of_chain(self) -> frozenset[str]:
        """The methods whose answers depend on the chain alone; none where a cassette has answers of another node."""
        if self.options.cassette is not None:
            return frozenset()
        return frozenset(name for name, method in self.registry.methods.items() if method.declaration.of_chain)

    @property
    def http_settings(self) -> HttpSettings:
        """The server's settings: from the plugin that configures it, with `--host` and `--port` over them."""
        configured = [settings for plugin in self.registry if (settings := plugin.http_settings()) is not None]
        settings = configured[0] if configured else HttpSettings()
        for plugin in self.registry:
            settings = plugin.adjusted(settings)
        if self.options.host is not None:
            settings = replace(settings, bind_address=self.options.host)
        if self.options.port is not None:
            settings = replace(settings, port=self.options.port)
        return settings

    @cached_property
    def answered(self) -> Mapping[str, Method]:
        """The methods that clients reach: the node's own, or a cassette's. Raises NodeError for a broken cassette."""
        wished = self.options.cassette
        if wished is None:
            return self.methods
        from rpcnode.server.jsonrpc.cassette_methods import CassetteMethods

        secrets = {name: method.secret_positions for name, method in self.registry.methods.items()}
        asks_chain = wished.miss == "chain"
        self._cassette = CassetteMethods(self.methods, wished.path, secrets, wished.upstream, asks_chain=asks_chain)
        return self._cassette

    @property
    def is_commanded(self) -> bool:
        """Whether there are dev methods: as the options say, else where only this machine can reach the node."""
        if self.options.dev is not None:
            return self.options.dev
        return is_loopback(self.http_settings.bind_address.lower())

    def fresh_image(self, fixtures: tuple[Path, ...] = (), source: "Source | None" = None) -> bytes:
        """The image of a chain as it is when a node of this configuration starts: its own, or of other fixtures.

        Raises NodeError for fixtures that cannot be played, and where the node's own start is not known.
        """
        if fixtures or source is not None:
            return self._image_of_start(replace(self.options, fixtures=fixtures), source)
        if self._start_image is None:
            self._start_image = self._image_of_start(self.options, None)
            if self.store.path is not None and not self.options.fixtures:
                self._check_start(self._start_image)
        return self._start_image

    def state_image(self, state: str) -> bytes:
        """The image of the chain that the text of a state tells, with the rows of plugins that it lacks.

        Raises NodeError for a text that is no state for this node.
        """
        from rpcnode.dev.dump import load_state

        with closing(load_state(state, self.options.profile, self.plugins.migrations)) as store:
            image = store.image()
        with closing(Node.from_template(self, image)) as node:
            return node.store.image()

    def take_over(self, image: bytes) -> None:
        """Puts another chain, of this network and these plugins, in the place of this one."""
        self.store.restore(image)
        self.ledger.reload()
        self.miner.schedule()
        if self._cassette is not None:
            self._cassette.rewind()
        accounts = accounts_of(self.store.connection)
        if {account.name: account for account in accounts} != {account.name: account for account in self.accounts}:
            self.accounts = accounts

    def _image_of_start(self, options: NodeOptions, source: "Source | None") -> bytes:
        options = replace(options.of_a_copy(), dev=False)
        with closing(Node(options, source)) as node:
            return node.store.image()

    def _check_start(self, image: bytes) -> None:
        with closing(Store.from_image(image)) as start:
            if start.meta("digest") == self.store.meta("digest"):
                return
        self._start_image = None
        raise NodeError(
            f"how the chain in {self.options.db} started is not known; give the fixture, or go back to a snapshot"
        )

    def close(self) -> None:
        """Stops the plugins and lets go of the database."""
        if self._cassette is not None:
            self._cassette.close()
        try:
            self.followers.close()
        finally:
            self.store.close()
