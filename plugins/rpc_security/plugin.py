"""RpcSecurity: the names under which Neo 2 is told of a user, a password and disabled methods.

What is set here goes over RpcServer's settings of the same names, which do the same.
Source: neo-modules 2.12.2, RpcSecurity: RpcSecurity, Settings.
"""

from dataclasses import replace
from typing import ClassVar

from rpcnode.plugin import HttpSettings, NodeView, Plugin, PluginConfig, ProfileName
from rpcnode.primitives.records import dataclass


@dataclass(frozen=True, slots=True)
class RpcSecurityConfig(PluginConfig):
    """Without a user everybody may call what is not disabled."""

    rpc_user: str = ""
    rpc_pass: str = ""
    disabled_methods: tuple[str, ...] = ()


class RpcSecurity(Plugin):
    """Credentials, and methods that answer `Access denied`."""

    name = "RpcSecurity"
    requires = ("RpcServer",)
    profiles: ClassVar[tuple[ProfileName, ...]] = ("n2",)
    config_type = RpcSecurityConfig
    interfaces: ClassVar[dict[ProfileName, tuple[str, ...]]] = {"n2": ("IRpcPlugin",)}

    def __init__(self, node: NodeView, config: PluginConfig) -> None:
        super().__init__(node, config)
        assert isinstance(config, RpcSecurityConfig)
        self.config = config

    def adjusted(self, settings: HttpSettings) -> HttpSettings:
        if self.config.rpc_user:
            settings = replace(settings, rpc_user=self.config.rpc_user, rpc_pass=self.config.rpc_pass)
        if self.config.disabled_methods:
            disabled = (*settings.disabled_methods, *self.config.disabled_methods)
            settings = replace(settings, disabled_methods=disabled)
        return settings
