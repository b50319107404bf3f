"""What a store keeps of its chain beside blocks: the network's constants, and the keys of accounts."""

from functools import lru_cache
from typing import Final, NamedTuple

from rpcnode.chain.db.store import Store
from rpcnode.chain.native_states import native_states
from rpcnode.chain.network import NetworkParameters, parameters_from_text
from rpcnode.execution.contract_state import ContractState
from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.uint import UInt160

RECORDED: Final = "recorded"
"""The `kind` of a chain whose contracts are all recorded; those of a described chain have natives beside them."""


class KeptNetwork(NamedTuple):
    """The constants of a network, and the contracts that follow from them."""

    parameters: NetworkParameters
    constant_contracts: tuple[ContractState, ...]


def kept_network(store: Store, profile: ProfileName) -> KeptNetwork | None:
    """The network of the chain in a store, the same object for the same constants; None where there is no chain."""
    text = store.meta("parameters")
    return None if text is None else _network(profile, store.meta("kind"), text)


def kept_private_keys(store: Store) -> dict[UInt160, bytes]:
    """The private keys that the chain knows, by the script hash of their account."""
    rows = store.connection.execute("SELECT script_hash, private_key FROM chain_account WHERE private_key IS NOT NULL")
    return {UInt160(script_hash): private_key for script_hash, private_key in rows}


@lru_cache(maxsize=64)
def _network(profile: ProfileName, kind: str | None, text: str) -> KeptNetwork:
    parameters = parameters_from_text(text)
    return KeptNetwork(parameters, () if kind == RECORDED else native_states(profile))
