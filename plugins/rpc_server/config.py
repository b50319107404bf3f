"""What RpcServer can be told. Defaults stand in config.json, as neo-cli ships them."""

from typing import Annotated, Literal

from rpcnode.plugin import HttpSettings, NetworkConfig, Policy, ProfileName, UsualPolicy
from rpcnode.primitives.records import dataclass

DISABLED_METHODS: dict[ProfileName, tuple[str, ...]] = {"n3": ("openwallet",), "n3-preview": ("openwallet",), "n2": ()}
"""What each node ships.

Source: neo-node 3.10, plugins/RpcServer: RpcServer.json; neo-plugins 3.0.0-preview2, RpcServer: config.json;
neo-plugins 2.12, RpcSecurity: config.json.
"""


@dataclass(frozen=True, slots=True)
class RpcServerConfig(NetworkConfig):
    """Times in seconds, sizes in bytes; a keep-alive timeout of -1 is none, nor is a bound of 0 on batch or response.

    Of 0 websocket clients there is no websocket.

    `max_request_body_size` and `disabled_methods` None: what the profile's node ships. `expand_iterators` None: on for
    the dev chain and in tests. `max_gas_invoke` is in GAS. The last four are neo-cli's own: its configuration file is
    taken as it is, but for a certificate, which nothing here could serve.
    """

    unhandled_exception_policy: UsualPolicy = Policy.IGNORE
    bind_address: str = "127.0.0.1"
    port: Annotated[int, range(2**16)] = 10332
    rpc_user: str = ""
    rpc_pass: str = ""
    enable_cors: bool = True
    allow_origins: tuple[str, ...] = ()
    keep_alive_timeout: Annotated[int, range(-1, 2**31)] = 60
    request_headers_timeout: Annotated[int, range(1, 2**31)] = 15
    max_concurrent_connections: Annotated[int, range(2**31)] = 512
    max_request_body_size: Annotated[int, range(1, 2**31)] | None = None
    max_batch_size: Annotated[int, range(2**31)] = 1000
    max_response_body_size: Annotated[int, range(2**31)] = 16_777_216
    max_web_socket_clients: Annotated[int, range(2**16)] = 64
    max_web_socket_feeds: Annotated[int, range(1, 2**10)] = 16
    keep_answers: bool = True
    max_iterator_result_items: Annotated[int, range(1, 2**31)] = 100
    session_enabled: bool = False
    session_expiration_time: Annotated[int, range(1, 2**31)] = 60
    expand_iterators: bool | None = None
    max_gas_invoke: float = 20
    max_stack_size: Annotated[int, range(1, 2**31)] = 65535
    find_storage_page_size: Annotated[int, range(1, 2**31)] = 50
    disabled_methods: tuple[str, ...] | None = None
    ssl_cert: Literal[""] = ""
    ssl_cert_password: str = ""
    trusted_authorities: tuple[str, ...] = ()
    max_fee: float = 0.1

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
            max_batch_size=self.max_batch_size,
            max_response_body_size=self.max_response_body_size,
            max_websocket_clients=self.max_web_socket_clients,
            max_websocket_feeds=self.max_web_socket_feeds,
            keep_answers=self.keep_answers,
            disabled_methods=DISABLED_METHODS[profile] if self.disabled_methods is None else self.disabled_methods,
        )
