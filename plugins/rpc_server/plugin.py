"""RpcServer: what a node answers about its chain and itself.

Source: neo-node 3.10, plugins/RpcServer: RpcServer.Blockchain, RpcServer.Node, RpcServer.Utilities; neo-plugins
3.0.0-preview2, RpcServer, the same names; neo 2.12, Neo: Network/RPC/RpcServer.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar

from rpcnode.plugin import (
    BlockRef,
    HttpSettings,
    Json,
    ProfileName,
    Result,
    Spliced,
    UInt32,
    errors,
    rpc_method,
)
from rpcnode.plugins.rpc_server.blockchain import BlockchainMethods
from rpcnode.plugins.rpc_server.config import RpcServerConfig
from rpcnode.plugins.rpc_server.governance import GovernanceMethods
from rpcnode.plugins.rpc_server.messages import MessageMethods
from rpcnode.plugins.rpc_server.neo2 import Neo2Methods
from rpcnode.plugins.rpc_server.preview2_wallet import Preview2WalletMethods
from rpcnode.plugins.rpc_server.relay import RelayMethods
from rpcnode.plugins.rpc_server.signing import SigningMethods
from rpcnode.plugins.rpc_server.smart_contract import SmartContractMethods
from rpcnode.plugins.rpc_server.version import version_json
from rpcnode.plugins.rpc_server.wallet import WalletMethods

STORES_HEADERS: frozenset[ProfileName] = frozenset(("n3-preview", "n2"))
"""Profiles that keep headers with their blocks, and list them from the moment they come.

N3 has those above its height in memory, and tells nothing of them but how many there are. Source: neo 2.12 and
3.0.0-preview2, Neo: Ledger/Blockchain.GetHeader, GetNextBlockHash; neo 3.10, Neo: Ledger/HeaderCache.
"""

STORES: dict[ProfileName, dict[str, tuple[str, tuple[str, ...]]]] = {
    "n3": {},
    "n3-preview": {"LevelDBStore": ("3.0.0.0", ("IStoragePlugin",))},
    "n2": {},
}
"""What listplugins names besides: preview2's tracker needs a store that is a plugin; this node takes its part."""


class RpcServer(
    BlockchainMethods,
    GovernanceMethods,
    MessageMethods,
    RelayMethods,
    SigningMethods,
    SmartContractMethods,
    WalletMethods,
    Preview2WalletMethods,
    Neo2Methods,
):
    """The methods about blocks, the node and its plugins, and those of every group."""

    name = "RpcServer"
    config_type = RpcServerConfig
    listed_as: ClassVar[dict[ProfileName, str | None]] = {"n3-preview": "RpcServerPlugin", "n2": None}
    version: ClassVar[dict[ProfileName, str]] = {"n3": "3.10.2.0", "n3-preview": "3.0.0.0", "n2": "2.12.2.0"}

    def http_settings(self) -> HttpSettings:
        return self.config.http_settings(self.node.profile)

    @rpc_method(of_chain=True)
    def get_block_count(self) -> Json:
        """The number of blocks: the height of the newest one, plus one."""
        return self._ledger.height + 1

    @rpc_method(of_chain=True)
    def get_best_block_hash(self) -> Json:
        """The hash of the newest block."""
        return str(self._ledger.block_hash(self._ledger.height))

    @rpc_method(of_chain=True)
    def get_block_hash(self, height: UInt32) -> Json:
        """The hash of the block at an index; Unknown height above the newest block."""
        if height > self._ledger.height:
            raise errors.UnknownHeight
        return str(self._ledger.block_hash(height))

    @rpc_method(of_chain=True)
    def get_block(self, block_hash_or_index: BlockRef, verbose: bool = False) -> Result:
        """A block as wire bytes, or verbose as an object with its transactions."""
        index = self._index_of(block_hash_or_index, self._ledger.height)
        if not verbose:
            return self._raw_text(self._ledger.block(index).serialize())
        version = self._ledger.parameters.address_version
        return self._placed("block", lambda: self._ledger.block(index).to_json(version), index)

    @rpc_method(of_chain=True)
    def get_block_header(self, block_hash_or_index: BlockRef, verbose: bool = False) -> Result:
        """A header as wire bytes, or verbose as an object; on the older nodes also one whose block is yet to come."""
        index = self._index_of(block_hash_or_index, self._newest_header)
        if not verbose:
            return self._raw_text(self._ledger.header(index).serialize())
        version = self._ledger.parameters.address_version
        return self._placed("header", lambda: self._ledger.header(index).to_json(version), index)

    @rpc_method(of_chain=True)
    def get_connection_count(self) -> Json:
        """The number of peers: none, this node stands alone."""
        return 0

    @rpc_method(of_chain=True)
    def get_peers(self) -> Json:
        """The peers of a node that stands alone."""
        return {"unconnected": [], "bad": [], "connected": []}

    @rpc_method(of_chain=True)
    def get_version(self) -> Json:
        """The node, its limits and its network's constants, of which PolicyContract has changed some."""
        parameters = self._ledger.parameters
        state = self.node.execution_at()
        if state is not None:
            from rpcnode.plugin.runs import max_traceable_blocks, max_valid_until_block_increment, ms_per_block

            storage, settings = state.storage, state.settings
            parameters = replace(
                parameters,
                ms_per_block=ms_per_block(storage, settings),
                max_traceable_blocks=max_traceable_blocks(storage, settings),
                max_valid_until_block_increment=max_valid_until_block_increment(storage, settings),
            )
        return version_json(self.node.profile, parameters, self.config)

    @rpc_method(of_chain=True)
    def list_plugins(self) -> Json:
        """The loaded plugins, by name."""
        profile = self.node.profile
        listed = {
            name: (plugin.version[profile], plugin.interfaces.get(profile, ()))
            for plugin in self.node.plugins
            if plugin.is_listed and (name := plugin.listed_as.get(profile, plugin.name)) is not None
        }
        listed |= STORES[profile]
        return [
            {"name": name, "version": version, "interfaces": list(interfaces)}
            for name, (version, interfaces) in sorted(listed.items())
        ]

    @rpc_method(of_chain=True)
    def validate_address(self, address: str) -> Json:
        """Whether a text is an address of this network. A script hash is none."""
        return {"address": address, "isvalid": self.node.is_address(address)}

    @property
    def _newest_header(self) -> int:
        ledger = self._ledger
        return ledger.header_height if self.node.profile in STORES_HEADERS else ledger.height

    def _index_of(self, block: BlockRef, newest: int) -> int:
        index = block.index
        if index is None and block.hash is not None:
            index = self._ledger.block_index(block.hash)
        if index is None or index > newest:
            raise errors.UnknownBlock
        return index

    def _placed(self, kind: str, make: Callable[[], dict[str, Json]], index: int) -> Result:
        """The object of a block or header, with its place in the chain."""
        # An unsigned number in the source: those of a header above the height wrap round.
        place: dict[str, Json] = {"confirmations": (self._ledger.height - index + 1) % 2**32}
        if index < self._newest_header:
            place["nextblockhash"] = str(self._ledger.block_hash(index + 1))
        return Spliced((kind, self._ledger.block_hash(index), self._ledger.times_back), make, place)
