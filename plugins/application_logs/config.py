"""What ApplicationLogs can be told. Defaults stand in config.json, as neo-cli ships them."""

from typing import Annotated

from rpcnode.plugin import NetworkConfig, Policy, UsualPolicy
from rpcnode.primitives.records import dataclass


@dataclass(frozen=True, slots=True)
class ApplicationLogsConfig(NetworkConfig):
    """`max_stack_size` in characters of JSON. Only neo-cli reads `path`: the log is the chain's own.

    `debug` gives every execution its `logs`, which are empty: no message of a running script is kept.
    """

    unhandled_exception_policy: UsualPolicy = Policy.STOP_PLUGIN
    path: str = "ApplicationLogs_{0}"
    max_stack_size: Annotated[int, range(1, 2**31)] = 65535
    debug: bool = False
