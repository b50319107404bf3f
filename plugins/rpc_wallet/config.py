"""What RpcWallet can be told. Defaults stand in config.json, as the node ships them."""

from rpcnode.plugin import PluginConfig
from rpcnode.primitives.records import dataclass


@dataclass(frozen=True, slots=True)
class RpcWalletConfig(PluginConfig):
    """`max_fee`: the greatest network fee that the open wallet pays for a transaction, in GAS."""

    max_fee: float = 0.1
