"""What ApplicationLogs can be told. Defaults stand in config.json, as neo-cli ships them."""

from dataclasses import dataclass

from rpcnode.plugin import PluginConfig, Policy


@dataclass(frozen=True, slots=True)
class ApplicationLogsConfig(PluginConfig):
    """`max_stack_size` in characters of JSON. Only neo-cli reads `path` and `network`: the log is the chain's own.

    `debug` gives every execution its `logs`, which are empty: no message of a running script is kept.
    """

    unhandled_exception_policy: Policy = Policy.STOP_PLUGIN
    path: str = "ApplicationLogs_{0}"
    network: int = 860833102
    max_stack_size: int = 65535
    debug: bool = False
