"""The native contracts that a chain has before its first block, by profile: N3's come with it."""

from functools import lru_cache

from rpcnode.execution.contract_state import ContractState
from rpcnode.primitives.errors import ProfileName


@lru_cache
def native_states(profile: ProfileName) -> tuple[ContractState, ...]:
    """The native contracts of a described chain that is modelled."""
    if profile != "n3-preview":
        return ()
    from rpcnode.models.preview_natives import preview_states

    return preview_states()
