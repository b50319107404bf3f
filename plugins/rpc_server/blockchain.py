"""Blocks, transactions, contracts and their storage.

Source: neo-node 3.10, plugins/RpcServer: RpcServer.Blockchain; neo 2.12 and neo-plugins 3.0.0-preview2, RpcServer.
"""

import base64
from itertools import islice
from typing import TYPE_CHECKING

from rpcnode.plugin import (
    Base64Text,
    Constant,
    ContractRef,
    ContractState,
    Fidelity,
    HexBytes,
    Int32,
    Json,
    LateHexBytes,
    NodeView,
    PluginConfig,
    ProfileName,
    Result,
    Spliced,
    UInt160,
    UInt256,
    errors,
    rpc_method,
)
from rpcnode.plugin.native_names import NATIVES_OF_N3
from rpcnode.plugins.rpc_server.contract_json import CONTRACT_JSON
from rpcnode.plugins.rpc_server.group import MethodGroup
from rpcnode.plugins.rpc_server.native_names import comparison_key
from rpcnode.primitives.dotnet_uint import parse_uint

if TYPE_CHECKING:
    from rpcnode.plugin.runs import Contract

MS_PER_TICK: dict[ProfileName, int] = {"n3": 1, "n3-preview": 1, "n2": 1000}
"""Milliseconds in one unit of a block's time."""

SHOWS_VM_STATE: frozenset[ProfileName] = frozenset(("n3-preview",))
"""Profiles that print how a transaction's script ended beside the transaction."""

_FORMAT_EXCEPTION = -2146233033
_NOT_BASE64 = (
    "The input is not a valid Base-64 string as it contains a non-base 64 character, more than two padding characters,"
    " or an illegal character among the padding characters."
)
_FIRST = Int32(0)


class BlockchainMethods(MethodGroup):
    """The methods of the C# node's Blockchain group that read transactions, contracts and storage."""

    def __init__(self, node: NodeView, config: PluginConfig) -> None:
        super().__init__(node, config)
        self._active: tuple[list[Contract], Constant] | None = None  # the same of a chain whose storage is known
        self._natives: tuple[list[ContractState], Constant] | None = None  # those of the last answer, and the answer

    @rpc_method(profiles=("n3",), of_chain=True)
    def get_block_header_count(self) -> Json:
        """The number of headers: the height of the newest one, plus one."""
        return self._ledger.header_height + 1

    @rpc_method()
    def get_raw_mem_pool(self, should_get_unverified: bool = False) -> Json:
        """The verified transactions that wait for a block, in the order in which they came.

        With the unverified ones: each in the order in which blocks take them in.
        """
        pool = self._ledger.mempool
        if not should_get_unverified:
            return [str(waiting.hash) for waiting in pool.verified()]
        unverified = [waiting for waiting in pool.of_clients() if waiting.hash in pool.unverified]
        return {
            "height": self._ledger.height,
            "verified": [str(waiting.hash) for waiting in pool.ready()],
            "unverified": [str(waiting.hash) for waiting in pool.by_turn(unverified)] if unverified else [],
        }

    @rpc_method(of_chain=True)
    def get_transaction_height(self, hash: UInt256) -> Json:  # noqa: A002 - the wire's name
        """The index of the block that holds a transaction."""
        found = self._ledger.transaction(hash)
        if found is None:
            raise errors.UnknownTransaction
        return found[1]

    @rpc_method(of_chain=True)
    def get_raw_transaction(self, hash: UInt256, verbose: bool = False) -> Result:  # noqa: A002 - the wire's name
        """A transaction as wire bytes, or verbose as an object with its place in the chain, if it has one yet."""
        waiting = self._ledger.waiting_transaction(hash)
        found = self._ledger.transaction(hash) if waiting is None else None
        transaction = waiting if found is None else found[0]
        if transaction is None:
            raise errors.UnknownTransaction
        if not verbose:
            return self._raw_text(transaction.serialize())
        version = self._ledger.parameters.address_version
        if found is None:
            return transaction.to_json(version)
        block_index = found[1]
        place: dict[str, Json] = {
            "blockhash": str(self._ledger.block_hash(block_index)),
            "confirmations": self._ledger.height - block_index + 1,
            "blocktime": self._ledger.timestamp_ms(block_index) // MS_PER_TICK[self.node.profile],
        }
        if self.node.profile in SHOWS_VM_STATE:
            runs = self._ledger.executions_of(hash, block_index)
            place["vm_state"] = runs[0].vm_state if runs else "NONE"
        key = ("transaction", hash, block_index, self._ledger.times_back)
        return Spliced(key, lambda: transaction.to_json(version), place)

    # Contracts

    @rpc_method(profiles=("n3",), of_chain=True)
    def get_contract_state(self, contract_name_or_hash_or_id: ContractRef) -> Json:
        """A contract's id, NEF and manifest, by its hash, its id or a native contract's name in any case."""
        ref = contract_name_or_hash_or_id
        if ref.contract_id is not None:
            contract = self._by_id(ref.contract_id)
            if contract is None:
                raise errors.UnknownContract
        else:
            contract = self._contract(self._hash_of(ref))
        return CONTRACT_JSON["n3"](contract)

    @rpc_method(name="getcontractstate", profiles=("n3-preview", "n2"), fidelity=Fidelity.MODELLED, of_chain=True)
    def get_modelled_contract_state(self, script_hash: UInt160) -> Json:
        """A contract in the older node's form; what the model does not hold, such as an author, is empty."""
        return CONTRACT_JSON[self.node.profile](self._contract(script_hash))

    @rpc_method(profiles=("n3",), of_chain=True)
    def get_native_contracts(self) -> Constant:
        """The native contracts that are active at this height, from the first to the newest."""
        state = self.node.execution_at()
        if state is not None:
            from rpcnode.plugin.runs import contract_of

            found = [contract_of(state.storage, script_hash) for script_hash in state.natives.by_hash]
            active = [contract for contract in found if contract is not None]
            if self._active is None or self._active[0] != active:
                self._active = active, Constant([contract.to_json() for contract in active])
            return self._active[1]
        natives = [contract for contract in self._standing() if contract.contract_id < 0]
        if self._natives is None or self._natives[0] != natives:
            by_age = sorted(natives, key=lambda native: -native.contract_id)
            self._natives = natives, Constant([CONTRACT_JSON["n3"](native) for native in by_age])
        return self._natives[1]

    # Storage

    @rpc_method(profiles=("n3",), of_chain=True)
    def get_storage(self, contract_name_or_hash_or_id: ContractRef, base64_key: Base64Text) -> Json:
        """The value under a key. Modelled contracts keep balances and supplies as plain integers, unlike real ones."""
        contract_id = self._id_of(contract_name_or_hash_or_id)
        if base64_key.data is None:
            raise errors.LeakedException(_FORMAT_EXCEPTION, _NOT_BASE64)
        from rpcnode.plugin.contract_storage import storage_get  # loaded by the first call

        value = storage_get(self._ledger, contract_id, base64_key.data)
        if value is None:
            raise errors.UnknownStorageItem
        return base64.b64encode(value).decode()

    @rpc_method(profiles=("n3",), of_chain=True)
    def find_storage(
        self, contract_name_or_hash_or_id: ContractRef, base64_key_prefix: Base64Text, start: Int32 = _FIRST
    ) -> Json:
        """A page of the keys under a prefix, in storage order, from the `start`-th on; `next` begins the next page."""
        contract_id = self._id_of(contract_name_or_hash_or_id)
        prefix = base64_key_prefix.data
        if prefix is None:
            raise errors.InvalidParams(f"Invalid Base64 string: {base64_key_prefix.text}")
        from rpcnode.plugin.contract_storage import storage_find

        page_size = self.config.find_storage_page_size
        found = storage_find(self._ledger, contract_id, prefix, max(start, 0))
        # One more than the page tells whether there is a next one.
        page = list(islice(found, page_size + 1))
        shown = page[:page_size]
        return {
            "truncated": len(page) > page_size,
            "next": start + len(shown),
            "results": [
                {"key": base64.b64encode(key).decode(), "value": base64.b64encode(value).decode()}
                for key, value in shown
            ],
        }

    @rpc_method(name="getstorage", profiles=("n3-preview",), fidelity=Fidelity.MODELLED, of_chain=True)
    def get_storage_of_preview2(self, contract: ContractRef, key: LateHexBytes) -> Json:
        """The value under a key, by a contract's id or hash; null where there is no such contract or key.

        Source: neo-plugins 3.0.0-preview2, RpcServer.Blockchain.cs: GetStorage.
        """
        contract_id = contract.contract_id
        if contract_id is None:
            assert contract.hash is not None
            # The node answers here, before it reads a key; whether an id is anybody's it does not ask.
            deployed = self._ledger.state().contract(contract.hash)
            if deployed is None:
                return None
            contract_id = deployed.contract_id
        from rpcnode.plugin.preview2 import stored_value  # of an older profile, and slow to load

        value = stored_value(self._ledger.state(), contract_id, key.read())
        return None if value is None else value.hex()

    @rpc_method(name="getstorage", profiles=("n2",), fidelity=Fidelity.MODELLED, of_chain=True)
    def get_storage_of_neo2(self, script_hash: UInt160, key: HexBytes) -> Json:
        """The value under a key; null where there is no such contract or key."""
        state = self._ledger.state()
        contract = state.contract(script_hash)
        value = None if contract is None else state.storage_get(contract.contract_id, key)
        return None if value is None else value.hex()

    def _standing(self) -> list[ContractState]:
        height = self._ledger.height
        return [contract for contract in self._ledger.contracts() if contract.exists_at(height)]

    def _by_id(self, contract_id: int) -> ContractState | None:
        return next((contract for contract in self._standing() if contract.contract_id == contract_id), None)

    def _hash_of(self, ref: ContractRef) -> UInt160:
        """The hash that a reference gives, or that a native contract of that name has, active or not."""
        if ref.hash is not None:
            return ref.hash
        name = ref.name or ""
        key = comparison_key(name)
        for native, script_hash in NATIVES_OF_N3.items() if self.node.profile == "n3" else ():
            if comparison_key(native) == key:
                return script_hash
        for contract in self._ledger.contracts():
            if contract.contract_id < 0 and comparison_key(contract.name) == key:
                return contract.script_hash
        # neo-cli quirk: what is neither is parsed as a hash once more, where nothing catches the failure.
        try:
            return parse_uint(UInt160, name)
        except errors.FormatError as error:
            raise errors.LeakedException(_FORMAT_EXCEPTION, str(error)) from None

    def _id_of(self, ref: ContractRef) -> int:
        """The id under which a contract's storage stands; one that is given is taken as it is."""
        return self._contract(self._hash_of(ref)).contract_id if ref.contract_id is None else ref.contract_id
