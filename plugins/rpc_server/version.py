"""getversion, in each profile's shape.

Source: neo-node 3.10, plugins/RpcServer: RpcServer.Node.GetVersion; neo-plugins 3.0.0-preview2, RpcServer:
RpcServer.Node; neo 2.12, Neo: Network/RPC/RpcServer.
"""

from collections.abc import Callable

from rpcnode.plugin import Json, NetworkParameters, ProfileName
from rpcnode.plugins.rpc_server.config import RpcServerConfig

Version = Callable[[NetworkParameters, RpcServerConfig], Json]

_P2P_PORT = 10333
_WEBSOCKET_PORT = 10334


def _n3(network: NetworkParameters, config: RpcServerConfig) -> Json:
    return {
        "tcpport": _P2P_PORT,
        "nonce": network.nonce,
        "useragent": network.user_agent,
        "rpc": {
            "maxiteratorresultitems": config.max_iterator_result_items,
            "sessionenabled": config.session_enabled,
        },
        "protocol": {
            "addressversion": network.address_version,
            "network": network.magic,
            "validatorscount": network.validators_count,
            "msperblock": network.ms_per_block,
            "maxtraceableblocks": network.max_traceable_blocks,
            "maxvaliduntilblockincrement": network.max_valid_until_block_increment,
            "maxtransactionsperblock": network.max_transactions_per_block,
            "memorypoolmaxtransactions": network.memory_pool_max_transactions,
            "initialgasdistribution": network.initial_gas,
            "hardforks": [{"name": name, "blockheight": height} for name, height in network.hardforks],
            "standbycommittee": [str(point) for point in network.standby_committee],
            "seedlist": list(network.seed_list),
        },
    }


def _preview(network: NetworkParameters, config: RpcServerConfig) -> Json:
    return {
        "tcp_port": _P2P_PORT,
        "ws_port": _WEBSOCKET_PORT,
        "nonce": network.nonce,
        "user_agent": network.user_agent,
    }


def _n2(network: NetworkParameters, config: RpcServerConfig) -> Json:
    return {"port": _P2P_PORT, "nonce": network.nonce, "useragent": network.user_agent}


_VERSIONS: dict[ProfileName, Version] = {"n3": _n3, "n3-preview": _preview, "n2": _n2}


def version_json(profile: ProfileName, network: NetworkParameters, config: RpcServerConfig) -> Json:
    """What getversion answers. The P2P ports are the convention's: nothing listens there."""
    return _VERSIONS[profile](network, config)
