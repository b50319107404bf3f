"""Dev methods that put the chain back, or another state in its place."""

import json
from contextlib import closing
from pathlib import Path
from typing import Final

from rpcnode.chain.db.store import Store
from rpcnode.chain.declaration import DeclaredChain
from rpcnode.chain.described.described import hash_deriver
from rpcnode.chain.recorded.recorded import Recording
from rpcnode.dev.control.arguments import integer, shown, text
from rpcnode.dev.control.commanded_node import CommandedNode
from rpcnode.dev.control.method import BadArgument, DevFailed, dev_method
from rpcnode.dev.control.snapshots import Snapshots
from rpcnode.dev.dump import dump_state
from rpcnode.primitives.errors import NodeError
from rpcnode.primitives.json import Json

_LISTED: Final = 10  # snapshots, in an error

_INLINE: Final = Path("fixture")
"""What errors call a fixture that came as a parameter."""


class StateControl:
    """Snapshots, and other ways to another state. Journal and faults are no part of it: they go on.

    A snapshot is an image of the whole database: chain, clock, waiting transactions, every plugin's rows. It stays in
    memory, under its name, until the node stops, and can be gone back to any number of times. How many there may be
    and how much they take is bounded (snapshots.py).
    """

    def __init__(self, node: CommandedNode) -> None:
        self._node = node
        self._snapshots = Snapshots()

    @dev_method("dev_snapshot")
    def snapshot(self, name: Json = None) -> Json:
        """Keeps the state under a name, which it gives back; what had that name before is forgotten."""
        chosen = self._free_name() if name is None else text(name, "name")
        self._snapshots.keep(chosen, self._node.ledger.store.image())
        return chosen

    @dev_method("dev_revert")
    def revert(self, name: Json) -> Json:
        """Goes back to a snapshot, which stays, as do all others; gives its name."""
        chosen = text(name, "name")
        image = self._snapshots.image(chosen)
        if image is None:
            names = self._snapshots.names
            known = ", ".join(map(shown, names[:_LISTED])) or "none yet"
            if len(names) > _LISTED:
                known = f"{known} and {len(names) - _LISTED} more"
            raise BadArgument(f"name: there is no snapshot {shown(chosen)}; there are: {known}")
        self._node.take_over(image)
        return chosen

    @dev_method("dev_snapshots")
    def snapshots(self) -> Json:
        """The names of the snapshots, in the order in which the names came up."""
        return list(self._snapshots.names)

    def forget_snapshots(self) -> None:
        """Forgets all of them, for a test that begins where another one ended."""
        self._snapshots.clear()

    @dev_method("dev_reset")
    def reset(self, fixture: Json = None) -> Json:
        """Goes back to the start, or to that of another fixture of the same network; gives the height.

        `fixture` is the path of a file, or an object with what such a file holds. Snapshots stay.
        """
        try:
            if fixture is None:
                image = self._node.fresh_image()
            elif isinstance(fixture, dict):
                image = self._node.fresh_image(source=self._read(fixture))
            elif isinstance(fixture, str):
                image = self._node.fresh_image(fixtures=(Path(text(fixture, "fixture", most=4096)),))
            else:
                raise BadArgument(f"fixture: {shown(fixture)} is neither the path of a fixture nor an object like one")
        except (NodeError, ValueError) as error:
            raise DevFailed(str(error)) from None
        return self._take_over(image)

    @dev_method("dev_rewind")
    def rewind(self, index: Json) -> Json:
        """Makes a block the newest again, and gives its index: what came after it is gone, the clock stands after it.

        Trackers follow. Transactions that wait go on waiting; those of the blocks that are gone do not come back.
        """
        ledger = self._node.ledger
        ledger.rewind(integer(index, "index", ledger.base_height, ledger.height))
        return ledger.height

    @dev_method("dev_dumpState")
    def dump(self) -> Json:
        """The whole state as text: JSON, one row a line, in stable order. The keys of accounts are in it."""
        return dump_state(self._node.ledger.store)

    @dev_method("dev_loadState")
    def load(self, state: Json) -> Json:
        """Puts the state that a text of dev_dumpState tells in the place of this one; gives the height.

        It is of this profile and this network. The object that the text is the JSON of will do as well.
        """
        if isinstance(state, dict):
            state = json.dumps(state)
        if not isinstance(state, str):
            raise BadArgument(f"state: {shown(state)} is no text of dev_dumpState")
        try:
            image = self._node.state_image(state)
        except NodeError as error:
            raise BadArgument(f"state: {error}") from None
        return self._take_over(image)

    def _free_name(self) -> str:
        number = 1
        names = set(self._snapshots.names)
        while f"snapshot-{number}" in names:
            number += 1
        return f"snapshot-{number}"

    def _read(self, fixture: dict[str, Json]) -> DeclaredChain | Recording:
        """The chain of a fixture that came as a parameter. Raises NodeError, as for a file."""
        from rpcnode.dev.fixture.reader import RECORDING_KEYS, describe
        from rpcnode.dev.places.place import Place
        from rpcnode.dev.recording.kinds import read_recording

        profile = self._node.ledger.profile
        if fixture.keys() >= RECORDING_KEYS:
            return read_recording(fixture, Place(_INLINE), profile)
        return describe([(_INLINE, fixture)], profile, derive_hash=hash_deriver(profile))

    def _take_over(self, image: bytes) -> int:
        ledger = self._node.ledger
        with closing(Store.from_image(image)) as store:
            parameters = json.loads(store.meta("parameters") or "{}")
        for key, what, own in (
            ("magic", "network", ledger.parameters.magic),
            ("address_version", "address version", ledger.parameters.address_version),
        ):
            if parameters.get(key) != own:
                raise DevFailed(f"that chain is of {what} {parameters.get(key)}, this node's is {own}")
        self._node.take_over(image)
        return ledger.height
