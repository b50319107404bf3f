"""A network's parameters as execution takes them."""

from functools import lru_cache

from rpcnode.chain.network import NetworkParameters
from rpcnode.execution.hardforks import Hardfork
from rpcnode.execution.settings import ProtocolSettings


@lru_cache(maxsize=32)
def protocol_settings(parameters: NetworkParameters) -> ProtocolSettings:
    """The settings that scripts see; names of hardforks are taken with `HF_` before them or without."""
    return ProtocolSettings(
        network=parameters.magic,
        address_version=parameters.address_version,
        ms_per_block=parameters.ms_per_block,
        max_traceable_blocks=parameters.max_traceable_blocks,
        max_valid_until_block_increment=parameters.max_valid_until_block_increment,
        max_transactions_per_block=parameters.max_transactions_per_block,
        initial_gas=parameters.initial_gas,
        standby_committee=parameters.standby_committee,
        validators_count=parameters.validators_count,
        hardforks={Hardfork[name.removeprefix("HF_")]: height for name, height in parameters.hardforks},
    )
