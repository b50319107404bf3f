"""What is kept of one HTTP request while it is answered."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from rpcnode.primitives.json import Json
from rpcnode.server.jsonrpc.access import Authorization
from rpcnode.server.jsonrpc.reply import Room
from rpcnode.server.traffic.journal import weight_of

if TYPE_CHECKING:
    from rpcnode.server.traffic.faults import Strike
    from rpcnode.server.traffic.journal import Client


class Exchange:
    """One HTTP request on its way through."""

    __slots__ = (
        "authorization",
        "client",
        "headers",
        "intercept",
        "is_batch",
        "is_challenged",
        "is_dev_call",
        "is_local",
        "kept",
        "room",
        "share",
        "source",
        "status",
        "strike",
        "strikes",
    )

    def __init__(
        self,
        authorization: Authorization,
        source: bytes | str,
        headers: Mapping[str, str] | None,
        room: Room,
        *,
        is_local: bool,
        client: "Client | None" = None,
    ) -> None:
        """`headers` None: it came by GET. `client`: who sent it, where that is known."""
        self.client = client
        self.is_local = is_local
        self.authorization = authorization
        self.room = room
        self.headers = headers
        self.source: bytes | str | None = source
        self.share = weight_of(source)  # of it, for each request in it
        self.is_batch = False
        self.is_challenged = False
        self.is_dev_call = False  # the request that is being answered
        self.kept = ""  # the method whose result is kept
        self.status = 200  # of the answer
        self.strike: Strike | None = None  # on the exchange
        self.strikes: Sequence[Strike | None] = ()  # on each request in it
        # Given the id, method and params of what is to be executed now, may answer in its place.
        self.intercept: Callable[[str, str, list[Json]], str | None] | None = None
