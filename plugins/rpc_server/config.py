"""What RpcServer can be told. Defaults stand in config.json, as neo-cli ships them."""

from dataclasses import dataclass

from rpcnode.plugin import HttpSettings, PluginConfig, Policy, ProfileName

DISABLED_METHODS: dict[ProfileName, tuple[str, ...]] = {"n3": ("openwallet",), "n3-preview": ("openwallet",), "n2": ()}
"""What each node ships. Source: neo-rpc.md, section 1.4."""


@dataclass(frozen=True, slots=True)
class RpcServerConfig(PluginConfig):
    """Times in seconds, sizes in bytes. `network` is read by neo-cli only: this node has one network.

    `max_request_body_size` and `disabled_methods` None: what the profile's node ships.
    """

    unhandled_exception_policy: Policy = Policy.IGNORE
    network: int = 860833102
    bind_address: str = "127.0.0.1"
    port: int = 10332
    rpc_user: str = ""
    rpc_pass: str = ""
    enable_cors: bool = True
    allow_origins: tuple[str, ...] = ()
    keep_alive_timeout: int = 60
    request_headers_timeout: int = 15
    max_concurrent_connections: int = 512
    max_request_body_size: int | None = None
    max_iterator_result_items: int = 100
    session_enabled: bool = False
    find_storage_page_size: int = 50
    disabled_methods: tuple[str, ...] | None = None

    def http_settings(self, profile: ProfileName) -> HttpSettings:
        """The part that sets up the HTTP server."""
        return HttpSettings(
            bind_address=self.bind_address,
            port=self.port,
            rpc_user=self.rpc_user,
            rpc_pass=self.rpc_pass,
            enable_cors=self.enable_cors,
            allow_origins=self.allow_origins,
            keep_alive_timeout=self.keep_alive_timeout,
            request_headers_timeout=self.request_headers_timeout,
            max_concurrent_connections=self.max_concurrent_connections,
            max_request_body_size=self.max_request_body_size,
            disabled_methods=DISABLED_METHODS[profile] if self.disabled_methods is None else self.disabled_methods,
        )
