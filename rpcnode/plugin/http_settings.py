"""How the HTTP server is set up; a plugin that configures it returns one of these."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HttpSettings:
    """The server's settings, in neo-cli's units: seconds and bytes.

    `max_concurrent_connections` above which the longest-idle connection makes room; `allow_origins` empty: any origin.
    """

    bind_address: str = "127.0.0.1"
    port: int = 10332
    rpc_user: str = ""
    rpc_pass: str = ""
    enable_cors: bool = True
    allow_origins: tuple[str, ...] = ()
    keep_alive_timeout: int = 60
    request_headers_timeout: int = 15
    max_concurrent_connections: int = 512
    max_request_body_size: int = 5 * 1024 * 1024
    disabled_methods: tuple[str, ...] = ("openwallet",)
