"""What the groups of RpcServer's methods share."""

import base64
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, cast

from rpcnode.plugin import ContractState, Json, NodeView, Plugin, PluginConfig, ProfileName, UInt160, errors
from rpcnode.plugins.rpc_server.config import RpcServerConfig

if TYPE_CHECKING:
    from random import Random

    from rpcnode.plugin.wallets import Wallet

RAW_TEXT: dict[ProfileName, Callable[[bytes], str]] = {
    "n3": lambda data: base64.b64encode(data).decode(),
    "n3-preview": bytes.hex,
    "n2": bytes.hex,
}
"""How a profile prints wire bytes and scripts."""

DATOSHI = 100_000_000
NO_LIMIT = 2**62

NOT_BUILT = "is not built in this version of rpcnode"

NOT_EXECUTED = "needs a chain that is executed, and of this one the transactions are only known from a recording"


class MethodGroup(Plugin):
    """A part of RpcServer; the plugin itself derives from every group."""

    def __init__(self, node: NodeView, config: PluginConfig) -> None:
        super().__init__(node, config)
        self.config = cast(RpcServerConfig, config)
        self._ledger = node.ledger
        self._raw_text = RAW_TEXT[node.profile]
        self._max_gas = int(Decimal(str(self.config.max_gas_invoke)) * DATOSHI)
        self._max_fee = int(Decimal(str(self.config.max_fee)) * DATOSHI)
        self._most = self.config.max_response_body_size or NO_LIMIT
        self._random_of_wallet: Random | None = None
        expands = self.config.expand_iterators
        self._expands_iterators = node.is_own if expands is None else expands

    @property
    def _open_wallet(self) -> "Wallet":
        """The wallet that is open; raises NoOpenedWallet."""
        if self.node.wallet is None:
            raise errors.NoOpenedWallet
        return self.node.wallet

    def _drawn(self) -> "Random":
        """What nonces, salts and keys are drawn from: the same calls on the same chain draw the same.

        After another start on a chain that has gone on, others are drawn.
        """
        if self._random_of_wallet is None:
            from random import Random

            ledger = self._ledger
            drawn = ledger.parameters.nonce, ledger.height, len(ledger.mempool)
            self._random_of_wallet = Random("/".join(map(str, drawn)))
        return self._random_of_wallet

    def _contract(self, script_hash: UInt160) -> ContractState:
        """The contract that stands with a hash; raises UnknownContract."""
        contract = self._ledger.state().contract(script_hash)
        if contract is None:
            raise errors.UnknownContract
        return contract

    def _address(self, script_hash: UInt160) -> Json:
        return self.node.address_of(script_hash)
