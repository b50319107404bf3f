"""What StateService can be told. Defaults stand in config.json, as neo-cli ships them."""

from typing import Annotated

from rpcnode.plugin import NetworkConfig, Policy, UsualPolicy
from rpcnode.primitives.records import dataclass


@dataclass(frozen=True, slots=True)
class StateServiceConfig(NetworkConfig):
    """Without `full_state` only the newest state is answered about. `max_find_result_items`: rows of one findstates.

    Only neo-cli reads `path` and `auto_verify`: tries are worked out of the chain, and no wallet here signs roots.
    """

    unhandled_exception_policy: UsualPolicy = Policy.STOP_PLUGIN
    path: str = "Data_MPT_{0}"
    full_state: bool = False
    auto_verify: bool = False
    max_find_result_items: Annotated[int, range(1, 2**31)] = 100
