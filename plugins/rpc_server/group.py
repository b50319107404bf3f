"""What the groups of RpcServer's methods share."""

import base64
from collections.abc import Callable
from decimal import Decimal
from typing import cast

from rpcnode.plugin import ContractState, Json, NodeView, Plugin, PluginConfig, ProfileName, UInt160, errors
from rpcnode.plugins.rpc_server.config import RpcServerConfig

RAW_TEXT: dict[ProfileName, Callable[[bytes], str]] = {
    "n3": lambda data: base64.b64encode(data).decode(),
    "n3-preview": bytes.hex,
    "n2": bytes.hex,
}
"""How a profile prints wire bytes and scripts."""

DATOSHI = 100_000_000
NO_LIMIT = 2**62

NOT_BUILT = "is not built in this version of rpcnode"


class MethodGroup(Plugin):
    """A part of RpcServer; the plugin itself derives from every group."""

    def __init__(self, node: NodeView, config: PluginConfig) -> None:
        super().__init__(node, config)
        self.config = cast(RpcServerConfig, config)
        self._ledger = node.ledger
        self._raw_text = RAW_TEXT[node.profile]
        self._max_gas = int(Decimal(str(self.config.max_gas_invoke)) * DATOSHI)
        self._most = self.config.max_response_body_size or NO_LIMIT
        expands = self.config.expand_iterators
        self._expands_iterators = node.is_own if expands is None else expands

    def _contract(self, script_hash: UInt160) -> ContractState:
        """The contract that stands with a hash; raises UnknownContract."""
        contract = self._ledger.state().contract(script_hash)
        if contract is None:
            raise errors.UnknownContract
        return contract

    def _address(self, script_hash: UInt160) -> Json:
        return self.node.address_of(script_hash)
