"""StateService: state roots, values and proofs of any state, on chains whose blocks are executed.

Source: neo-node 3.10, plugins/StateService: StatePlugin, Network/StateRoot.
"""

from base64 import b64encode
from collections.abc import Callable, Generator, Iterator, Mapping
from itertools import islice
from typing import ClassVar, Final

from rpcnode.plugin import (
    Answer,
    Base64Bytes,
    Base64Text,
    Int32,
    Json,
    NodeView,
    Plugin,
    PluginConfig,
    ProfileName,
    UInt32,
    UInt160,
    UInt256,
    errors,
    rpc_method,
)
from rpcnode.plugin.state_trie import (
    MOST_NIBBLES,
    MissingNode,
    StateTries,
    Trie,
    contract_id_in,
    proof_bytes,
    proven_value,
    storage_key,
)
from rpcnode.plugins.state_service.config import StateServiceConfig
from rpcnode.plugins.state_service.given_proof import ARGUMENT, FORMAT, key_and_nodes

_INVALID_OPERATION: Final = -2146233079
_KEY_NOT_FOUND: Final = -2146232969
_NO_PREFIX: Final = Base64Bytes(b"")
_ID_SIZE: Final = 4

_SEARCHED_AT_ONCE: Final = 32
"""Blocks whose roots are worked out for one answer before others are answered: some 5 ms."""


class StateService(Plugin):
    """The state trie: its roots, what it holds, and proofs.

    Nothing is stored and no block costs anything; what is asked is worked out of the chain, and kept in memory.
    """

    name = "StateService"
    profiles: ClassVar[tuple[ProfileName, ...]] = ("n3",)
    requires = ("RpcServer",)
    config_type = StateServiceConfig
    as_recorded: ClassVar[dict[str, Json]] = {"FullState": True}

    def __init__(self, node: NodeView, config: PluginConfig) -> None:
        super().__init__(node, config)
        assert isinstance(config, StateServiceConfig)
        self.config = config
        self._ledger = node.ledger
        self._tries = StateTries(node.ledger)

    @property
    def binding(self) -> str:
        return "n3-unannotated"

    def on_rewound(self) -> None:
        self._tries.forget()

    def at_a_glance(self) -> Mapping[str, Json]:
        """The root after the newest block, where blocks are executed."""
        if not self._ledger.is_executed:
            return {}
        return {"state_root": str(self._tries.root_hash(self._ledger.height))}

    @rpc_method(of_chain=True)
    def get_state_root(self, index: UInt32) -> Json:
        """The root after a block. No validator signs roots here, so there is no witness."""
        self._check_executed()
        if not self._ledger.base_height <= index <= self._ledger.height:
            raise errors.UnknownStateRoot
        return {"version": 0, "index": index, "roothash": str(self._tries.root_hash(index)), "witnesses": []}

    @rpc_method(of_chain=True)
    def get_state_height(self) -> Json:
        """The newest block with a root."""
        self._check_executed()
        return {"localrootindex": self._ledger.height, "validatedrootindex": None}

    @rpc_method(of_chain=True)
    def get_proof(self, root_hash: UInt256, script_hash: UInt160, key: Base64Text) -> Answer:
        """The nodes that show what is under a key of a contract, in the state of a root."""
        if key.data is None:
            raise errors.InvalidParams(f"Invalid key: {key.text}")
        data = key.data

        def answer(trie: Trie) -> Json:
            return self._proof(trie, storage_key(self._contract_id(trie, script_hash), data))

        return self._about(root_hash, answer)

    @rpc_method(of_chain=True)
    def verify_proof(self, root_hash: UInt256, proof: Base64Text) -> Json:
        """The value that a proof shows; for roots of other chains too."""
        if proof.data is None:
            raise errors.InvalidParams(f"Invalid proof: {proof.text}")
        key, nodes = key_and_nodes(proof.data)
        _check_length(key)
        try:
            value = proven_value(root_hash, key, nodes)
        except MissingNode:
            raise _unresolved() from None
        except errors.FormatError as wrong:
            raise errors.LeakedException(FORMAT, str(wrong)) from None
        return _base64(_found(value))

    @rpc_method(of_chain=True)
    def get_state(self, root_hash: UInt256, script_hash: UInt160, key: Base64Bytes) -> Answer:
        """The value under a key of a contract, in the state of a root."""

        def answer(trie: Trie) -> Json:
            place = storage_key(self._contract_id(trie, script_hash), key)
            _check_length(place)
            return _base64(_found(trie.get(place)))

        return self._about(root_hash, answer)

    @rpc_method(of_chain=True)
    def find_states(
        self,
        root_hash: UInt256,
        script_hash: UInt160,
        prefix: Base64Bytes,
        key: Base64Bytes = _NO_PREFIX,
        count: Int32 = Int32(0),  # noqa: B008 - a plain integer
    ) -> Answer:
        """Rows of a contract whose keys begin with a prefix and come after `key`, with proofs of the first and last.

        A `count` of 0 or less, or above MaxFindResultItems, is that.
        """
        most = self.config.max_find_result_items
        limit = min(count, most) if count > 0 else most

        def answer(trie: Trie) -> Json:
            contract_id = self._contract_id(trie, script_hash)
            after = storage_key(contract_id, key) if key else b""
            return self._found_states(trie, storage_key(contract_id, prefix), after, limit)

        return self._about(root_hash, answer)

    def _found_states(self, trie: Trie, prefix: bytes, after: bytes, limit: int) -> Json:
        rows = list(islice(_places(trie, prefix, after), limit + 1))
        shown = rows[:limit]
        answer: dict[str, Json] = {}
        if shown:
            answer["firstProof"] = self._proof(trie, shown[0][0])
        if len(shown) > 1:
            answer["lastProof"] = self._proof(trie, shown[-1][0])
        answer["truncated"] = len(rows) > limit
        answer["results"] = [{"key": _base64(place[_ID_SIZE:]), "value": _base64(value)} for place, value in shown]
        return answer

    def _check_executed(self) -> None:
        if not self._ledger.is_executed:
            raise errors.NotYet("this chain has no state root: its blocks are observed, not executed")

    def _about(self, root_hash: UInt256, answer: Callable[[Trie], Json]) -> Answer:
        """The answer about the state of a root that the configuration answers about.

        The roots of a long chain are searched in steps, so that others are answered meanwhile.
        """
        self._check_executed()
        if not self.config.full_state:
            current = self._tries.root_hash(self._ledger.height)
            if root_hash != current:
                raise errors.UnsupportedState(f"fullState:False,current:{current},rootHash:{root_hash}")
        search = self._tries.search(root_hash)
        for _ in islice(search, _SEARCHED_AT_ONCE):
            pass
        if self._tries.trie_of(root_hash) is None:
            return self._after_search(search, root_hash, answer)
        return answer(self._found_trie(root_hash))

    def _after_search(
        self, search: Iterator[None], root_hash: UInt256, answer: Callable[[Trie], Json]
    ) -> Generator[None, None, Json]:
        yield from search
        return answer(self._found_trie(root_hash))

    def _found_trie(self, root_hash: UInt256) -> Trie:
        trie = self._tries.trie_of(root_hash)
        if trie is None:
            raise _unresolved()
        return trie

    def _contract_id(self, trie: Trie, script_hash: UInt160) -> int:
        contract_id = contract_id_in(trie, script_hash)
        if contract_id is None:
            raise errors.UnknownContract
        return contract_id

    def _proof(self, trie: Trie, place: bytes) -> str:
        _check_length(place)
        nodes = trie.proof(place)
        if nodes is None:
            raise errors.UnknownStorageItem
        return _base64(proof_bytes(place, nodes))


def _places(trie: Trie, prefix: bytes, after: bytes) -> Iterator[tuple[bytes, bytes]]:
    if after and not after.startswith(prefix):
        raise errors.LeakedException(_INVALID_OPERATION, "invalid from key")
    lengths = 2 * len(prefix), 2 * len(after)
    if max(lengths) > MOST_NIBBLES:
        raise errors.LeakedException(
            ARGUMENT,
            f"Key length exceeds the maximum allowed length of {MOST_NIBBLES} nibbles."
            f" Path length: {lengths[0]}, from length: {lengths[1]}.",
        )
    return trie.find(prefix, after)


def _check_length(place: bytes) -> None:
    if not place:
        raise errors.LeakedException(
            ARGUMENT, "The key cannot be empty. A valid key must contain at least one nibble. (Parameter 'key')"
        )
    length = 2 * len(place)
    if length > MOST_NIBBLES:
        raise errors.LeakedException(
            ARGUMENT,
            f"Key length {length} exceeds the maximum allowed length of {MOST_NIBBLES} nibbles. (Parameter 'key')",
        )


def _found(value: bytes | None) -> bytes:
    if value is None:
        raise errors.LeakedException(_KEY_NOT_FOUND, "The given key was not present in the dictionary.")
    return value


def _unresolved() -> errors.LeakedException:
    return errors.LeakedException(_INVALID_OPERATION, "Internal error, can't resolve hash when mpt get")


def _base64(data: bytes) -> str:
    return b64encode(data).decode()
