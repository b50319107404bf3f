"""What the operator can set about the HTTP server; a plugin that configures it returns one of these."""

from rpcnode.primitives.records import dataclass


@dataclass(frozen=True, slots=True)
class HttpSettings:
    """neo-cli's RpcServer settings, without those about gas, sessions, certificates; three of ours, two of neo-go's.

    Source: neo-node 3.10, plugins/RpcServer: RcpServerSettings; neo 2.12, neo-cli Settings.
    """

    bind_address: str = "127.0.0.1"
    port: int = 10332  # 0: any free port
    rpc_user: str = ""  # empty: no authentication
    rpc_pass: str = ""
    enable_cors: bool = True  # N3 3.10 only: the others always send their CORS headers
    allow_origins: tuple[str, ...] = ()  # empty: every origin, without credentials
    keep_alive_timeout: float = 60.0  # seconds; -1: none
    request_headers_timeout: float = 15.0  # seconds
    max_concurrent_connections: int = 512  # neo-cli ships 40 (2.x: 10); a test suite opens more
    max_request_body_size: int | None = None  # bytes; None: what the emulated node takes
    max_batch_size: int = 1000  # requests; 0: any number
    max_response_body_size: int = 16 * 1024 * 1024  # bytes; 0: any number
    max_websocket_clients: int = 64  # neo-go's setting; 0: there is no websocket
    max_websocket_feeds: int = 16  # subscriptions of one client
    keep_answers: bool = True  # until something changes
    disabled_methods: tuple[str, ...] = ("openwallet",)
