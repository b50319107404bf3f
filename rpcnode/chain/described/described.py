"""What follows from a description before it is played: the network's constants, and the hashes of contracts."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial
from typing import Any

from rpcnode.chain import declaration as described
from rpcnode.chain.keyring import validators_address
from rpcnode.chain.network import NetworkParameters, network_defaults
from rpcnode.models.declared.contracts import declared_contract
from rpcnode.models.modelled import (
    modelled_hash,
)
from rpcnode.payloads.account_scripts import ACCOUNT_SCRIPTS
from rpcnode.payloads.verification import contract_hash
from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.uint import UInt160


def parameters_of(profile: ProfileName, network: described.Network) -> NetworkParameters:
    """The profile's constants, with what the description overrides."""
    said = {
        "magic": network.magic,
        "chain_id": network.chain_id,
        "ms_per_block": network.ms_per_block,
        "genesis_time_ms": network.genesis_time_ms,
        "hardforks": network.hardforks if profile == "n3" else None,
        "standby_committee": network.committee,
        "validators_count": network.validators_count,
        "initial_gas": network.initial_gas,
        "max_traceable_blocks": network.max_traceable_blocks,
        "max_valid_until_block_increment": network.max_valid_until_block_increment,
        "max_transactions_per_block": network.max_transactions_per_block,
        "memory_pool_max_transactions": network.memory_pool_max_transactions,
    }
    overridden: dict[str, Any] = {key: value for key, value in said.items() if value is not None}
    return replace(network_defaults(profile), **overridden)


def derived_hash(contract: described.DeclaredContract, profile: ProfileName = "n3") -> UInt160:
    """The script hash of a contract that was given none: what N3 gives it when the dev validator deploys it.

    On older profiles it is that of a contract of the same name, which has no script there.
    """
    owner = dev_validators()
    if profile != "n3":
        return modelled_hash(owner, contract.name)
    nef, _ = declared_contract(contract.standard, contract.name, contract.symbol, contract.decimals, owner)
    return contract_hash(owner, nef.checksum, contract.name)


@cache
def dev_validators() -> UInt160:
    """The account of the validators of a chain that was given none."""
    return validators_address(ACCOUNT_SCRIPTS["n3"], network_defaults("n3"))


def hash_deriver(profile: ProfileName) -> Callable[[described.DeclaredContract], UInt160]:
    """What derives the script hash of a declared contract on a profile."""
    return partial(derived_hash, profile=profile)
