"""The composition root: builds a node from options, owns it, starts and stops it."""

import json
import logging
from collections.abc import Sequence
from contextlib import closing, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from rpcnode.chain.chain_meta import RECORDED, kept_network, kept_private_keys
from rpcnode.chain.db.migrations import Migrations
from rpcnode.chain.db.store import Store, content_errors, file_errors
from rpcnode.chain.ledger import Ledger
from rpcnode.chain.miner import Miner
from rpcnode.chain.network import NetworkParameters, parameters_text
from rpcnode.chain.relay import Relay
from rpcnode.dev.accounts import accounts_of
from rpcnode.dev.control.dev_control import DevControl
from rpcnode.dev.dev_chain_image import packaged_image
from rpcnode.options import NodeOptions
from rpcnode.plugin.assets import REST_META
from rpcnode.plugin.base import NodeView
from rpcnode.plugin.config import check_network
from rpcnode.plugin.followers import Followers
from rpcnode.plugin.http_settings import HttpSettings
from rpcnode.plugin.registry import Registry
from rpcnode.plugin_set import PluginSet, plugin_set
from rpcnode.primitives.errors import NodeError
from rpcnode.server.jsonrpc.loopback import is_loopback
from rpcnode.server.parameters.binding import Method, bind
from rpcnode.server.traffic.traffic import Traffic

if TYPE_CHECKING:
    from rpcnode.chain.declaration import DeclaredChain
    from rpcnode.chain.recorded.recorded import Recording

Source: TypeAlias = "DeclaredChain | Recording"

log = logging.getLogger("rpcnode")

_LOADED = "loaded"
"""The `chain_meta` key of a chain that was played to its end."""


class Node:
    """A chain, its plugins and their methods; `rpcnode.server` puts it on a port."""

    def __init__(self, options: NodeOptions, source: "Source | None" = None) -> None:
        """Builds the node and brings chain and plugins to their height; the chain is `source`, or what the options say.

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
        if start is not None:
            store = Store.from_image(start)
        else:
            store = Store.in_memory(migrations) if options.db is None else Store.in_file(options.db, migrations)
        self._open(options, plugins, store, source, state)

    @classmethod
    def from_template(cls, template: "Node", image: bytes | None = None) -> "Node":
        """A node in memory of the same configuration, on the chain of another one, or on an image of such a chain.

        It is the cheapest way to a fresh chain: nothing is read, discovered or played. Raises NodeError where the
        chain does not go with the plugins.
        """
        node = cls.__new__(cls)
        options = replace(template.options, db=None, load_state=None, block_time=None, dev_chain_options=())
        start = template.store.image() if image is None else image
        node._open(options, template.plugins, Store.from_image(start), None, None)
        node._start_image = start
        return node

    def _open(
        self, options: NodeOptions, plugins: PluginSet, store: Store, source: "Source | None", state: bytes | None
    ) -> None:
        self.options = options
        self.plugins = plugins
        self.store = store
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
                self.followers.load()
                play(self.ledger, options, source)
                self.accounts = accounts_of(self.store.connection, () if source is None else source.accounts)
            self.methods: dict[str, Method] = {
                name: bind(method, self.ledger.parameters.address_version)
                for name, method in self.registry.methods.items()
            }
            if not self.http_settings.keep_answers:
                self.ledger.kept_calls = None
            self.miner = Miner(self.ledger)
            self.view.relay = Relay(self.ledger, self.miner)
            if options.block_time is not None:
                self.miner.set_block_time(options.block_time)
            self.dev = DevControl(self) if self.is_commanded else None
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

    @property
    def of_chain(self) -> frozenset[str]:
        """The methods whose answers depend on the chain alone."""
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
        accounts = accounts_of(self.store.connection)
        if {account.name: account for account in accounts} != {account.name: account for account in self.accounts}:
            self.accounts = accounts

    def _image_of_start(self, options: NodeOptions, source: "Source | None") -> bytes:
        options = replace(options, db=None, load_state=None, dev=False, dev_chain_options=())
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
        try:
            self.followers.close()
        finally:
            self.store.close()


def read_state(options: NodeOptions, migrations: Sequence[Migrations]) -> bytes:
    """The image of the chain that `--load-state` names. Raises NodeError."""
    assert options.load_state is not None
    if options.fixtures:
        raise NodeError(f"--load-state {options.load_state}: holds a whole chain, it goes with no --fixture")
    from rpcnode.dev.dump import read_state_file

    return read_state_file(options.load_state, options.profile, migrations)


def check_is_empty(store: Store) -> None:
    """Raises NodeError for a database that a state would overwrite."""
    if store.meta("height") is not None:
        raise NodeError(f"{store.path}: holds a chain already; --load-state needs a file that does not exist yet")


def check_dev_chain_options(store: Store, options: NodeOptions) -> None:
    """Sees to it that accounts and seed of the dev chain are not ignored without a word where the chain is another.

    Raises NodeError if they were given for this start; else the log says so.
    """
    if not options.dev_chain_options:
        return
    if options.load_state is not None:
        elsewhere = str(options.load_state)
    elif options.fixtures:
        elsewhere = ", ".join(map(str, options.fixtures))
    elif is_loaded(store) and options.db is not None:
        from rpcnode.dev.fixture.dev_chain import dev_chain

        if store.meta("digest") == dev_chain(options.profile, options.seed, options.accounts).digest:
            return
        elsewhere = str(options.db)
    else:
        return
    for option in options.dev_chain_options:
        message = f"{option.source} is for a new dev chain, and the chain comes from {elsewhere}"
        if option.is_for_this_start:
            raise NodeError(f"{message}; leave it out")
        log.warning("%s: it is not used", message)


def read_source(options: NodeOptions) -> "Source | None":
    """The chain that the fixtures say; None without any."""
    if not options.fixtures:
        return None
    from rpcnode.chain.described.described import hash_deriver
    from rpcnode.dev.fixture.reader import read_fixtures

    return read_fixtures(options.fixtures, options.profile, derive_hash=hash_deriver(options.profile))


def is_loaded(store: Store) -> bool:
    """Whether the store holds a chain that was played to its end, so that it needs no source any more."""
    return store.meta(_LOADED) is not None


def open_ledger(store: Store, options: NodeOptions, source: "Source | None") -> Ledger:
    """The ledger over a store, at the height where the store stands.

    A store that holds a chain goes on with it; that chain must be the source's, if there is one. `source` may be None
    for a store that is loaded.
    """
    if store.meta("height") is not None and store.meta("parameters") is not None:
        _check_kept(store, options, source)
    else:
        assert source is not None
        _keep(store, options, source, _parameters(options, source))
    kept = kept_network(store, options.profile)
    assert kept is not None
    return Ledger(
        store,
        options.profile,
        kept.parameters,
        constant_contracts=kept.constant_contracts,
        private_keys=kept_private_keys(store),
    )


def play(ledger: Ledger, options: NodeOptions, source: "Source | None") -> None:
    """Brings a ledger to the height that its source says, and notes that it is loaded.

    Raises NodeError, with the place in its file, where the source reads well but cannot be played.
    """
    if source is None or is_loaded(ledger.store):
        return
    from rpcnode.chain.declaration import DeclaredChain
    from rpcnode.chain.described.transactions import PlayError

    try:
        if isinstance(source, DeclaredChain) and ledger.profile == "n3":
            from rpcnode.chain.described.executed_chain import ExecutedChain

            ExecutedChain(ledger, source).play()
        elif isinstance(source, DeclaredChain):
            from rpcnode.chain.described.described import DescribedChain

            DescribedChain(ledger, source).play()
        else:
            _play_recording(ledger, options, source)
    except PlayError as error:
        if not options.fixtures:
            raise
        from rpcnode.dev.places.place import error_at

        # The file is to blame, and the place in it is all that there is to know.
        raise error_at(options.fixtures, error.where, error.message) from None
    ledger.store.set_meta(_LOADED, "yes")


def _play_recording(ledger: Ledger, options: NodeOptions, recording: "Recording") -> None:
    from rpcnode.chain.recorded.recorded import OlderRecording

    if isinstance(recording, OlderRecording):
        from rpcnode.chain.recorded.older_replay import OlderReplay

        OlderReplay(ledger, recording).play()
    else:
        from rpcnode.chain.recorded.executed_replay import ExecutedReplay, NotExecuted
        from rpcnode.chain.recorded.replay import Replay

        try:
            (ExecutedReplay if recording.is_executed else Replay)(ledger, recording).play()
        except NotExecuted as error:
            raise NodeError(": ".join((*map(str, options.fixtures[-1:]), str(error)))) from error


def _parameters(options: NodeOptions, source: Source) -> NetworkParameters:
    from rpcnode.chain.declaration import DeclaredChain

    if isinstance(source, DeclaredChain):
        from rpcnode.chain.described.described import parameters_of

        return parameters_of(options.profile, source.network)
    return source.parameters


def _check_kept(store: Store, options: NodeOptions, source: "Source | None") -> None:
    profile = store.meta("profile")
    if profile != options.profile:
        raise NodeError(f"{options.db}: holds a chain of profile {profile}; --profile says {options.profile}")
    if source is None or store.meta("digest") == source.digest:
        return
    if is_loaded(store):
        raise NodeError(
            f"{options.db}: holds another chain than the fixture; give --db a file that does not exist yet,"
            " or leave --fixture out"
        )
    raise NodeError(
        f"{options.db}: holds a part of another chain, whose loading was cut off;"
        " give the fixture it is made from, or give --db a file that does not exist yet"
    )


def _keep(store: Store, options: NodeOptions, source: Source, parameters: NetworkParameters) -> None:
    from rpcnode.chain.declaration import DeclaredChain

    accounts = source.accounts
    with store.transaction():
        store.connection.execute("DELETE FROM chain_account")
        store.connection.executemany(
            "INSERT INTO chain_account (name, script_hash, private_key) VALUES (?, ?, ?)",
            [(account.name, account.script_hash, account.private_key) for account in accounts],
        )
        store.set_meta("kind", "described" if isinstance(source, DeclaredChain) else RECORDED)
        store.set_meta("profile", options.profile)
        store.set_meta("parameters", parameters_text(parameters))
        store.set_meta("digest", source.digest)
        if isinstance(source, DeclaredChain):
            store.set_meta(REST_META, rest_text(source))


def rest_text(source: "DeclaredChain") -> str:
    """What only REST faces read of a description, besides what stands at its contracts, as it is kept."""
    return json.dumps({"other_chains": list(source.other_chains), "keys": source.keys})
