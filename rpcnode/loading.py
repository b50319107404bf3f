"""The chain that a node starts with: where it comes from, and how it gets into the database."""

import json
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

from rpcnode.chain.chain_meta import RECORDED, kept_network, kept_private_keys
from rpcnode.chain.db.migrations import Migrations
from rpcnode.chain.db.store import Store
from rpcnode.chain.ledger import Ledger
from rpcnode.chain.network import NetworkParameters, parameters_text
from rpcnode.options import NodeOptions
from rpcnode.plugin.assets import REST_META
from rpcnode.primitives.errors import NodeError

if TYPE_CHECKING:
    from rpcnode.chain.declaration import DeclaredChain
    from rpcnode.chain.recorded.recorded import Recording

Source: TypeAlias = "DeclaredChain | Recording"

log = logging.getLogger("rpcnode")

_LOADED = "loaded"
"""The `chain_meta` key of a chain that was played to its end."""


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
    from rpcnode.chain.declaration import DeclaredChain, PlayError

    try:
        if isinstance(source, DeclaredChain):
            from rpcnode.chain.described.played import described_chain

            described_chain(ledger, source).play()
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
