"""The native contracts of a described chain, by profile."""

from collections.abc import Callable
from functools import lru_cache
from typing import Final

from rpcnode.execution.contract_state import ContractState
from rpcnode.natives.states import Hardforks, n3_states
from rpcnode.primitives.errors import ProfileName


def _preview_states(hardforks: Hardforks) -> tuple[ContractState, ...]:
    from rpcnode.models.preview_natives import preview_states

    return preview_states()


_STATES: Final[dict[ProfileName, Callable[[Hardforks], tuple[ContractState, ...]]]] = {
    "n3": n3_states,
    "n3-preview": _preview_states,
    "n2": lambda hardforks: (),
}


@lru_cache
def native_states(profile: ProfileName, hardforks: Hardforks) -> tuple[ContractState, ...]:
    """The native contracts of a described chain, each from genesis or its hardfork on."""
    return _STATES[profile](hardforks)
