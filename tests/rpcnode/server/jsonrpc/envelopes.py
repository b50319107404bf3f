"""Envelopes over a few methods, and the replies that tests expect of them."""

from typing import Final

from rpcnode.plugin.http_settings import HttpSettings
from rpcnode.primitives.errors import InvalidParams, LeakedException, ProfileName, UnknownBlock
from rpcnode.primitives.json import Json
from rpcnode.server.jsonrpc.access import AccessRules, Authorization
from rpcnode.server.jsonrpc.envelope import Envelope
from rpcnode.server.jsonrpc.reply import Method, Reply

ALL: Final[tuple[ProfileName, ...]] = ("n3", "n3-preview", "n2")
LEGACY: Final[tuple[ProfileName, ...]] = ("n3-preview", "n2")
PARSE_ERROR: Final = {"n3": "Bad request", "n3-preview": "Parse error", "n2": "Parse error"}
INVALID_REQUEST: Final = {"n3": "Invalid request", "n3-preview": "Invalid Request", "n2": "Invalid Request"}


def fail(error: Exception) -> Method:
    """A method that raises."""

    def method(_: list[Json]) -> Json:
        raise error

    return method


def envelope(profile: ProfileName, calls: list[Json] | None = None, **settings: object) -> Envelope:
    """An envelope over a few methods; `echo` notes its params in `calls`."""

    def echo(params: list[Json]) -> Json:
        if calls is not None:
            calls.append(params)
        return params

    methods: dict[str, Method] = {
        "echo": echo,
        "null": lambda _: None,
        "5": lambda _: "five",
        "openwallet": lambda _: True,
        "refuse": fail(InvalidParams("DETAIL", data="DETAIL")),
        "unknownblock": fail(UnknownBlock()),
        "leak": fail(LeakedException(-2147024809, "Required parameter 'x' is missing")),
        "bug": fail(ZeroDivisionError("1/0")),
        "notjson": lambda _: object(),  # type: ignore[dict-item,return-value]
    }
    return Envelope(profile, methods, AccessRules(profile, HttpSettings(**settings)))  # type: ignore[arg-type]


def post(profile: ProfileName, body: str | bytes) -> Reply:
    """The reply to a POST."""
    return envelope(profile).answer_post(body.encode() if isinstance(body, str) else body, Authorization.GRANTED)


def ok(result: str, request_id: str = "1") -> bytes:
    """The body of a success."""
    return f'{{"jsonrpc":"2.0","id":{request_id},"result":{result}}}'.encode()


def error(code: int, message: str, request_id: str = "1", data: str | None = None) -> bytes:
    """The body of an error."""
    tail = "" if data is None else f',"data":"{data}"'
    return f'{{"jsonrpc":"2.0","id":{request_id},"error":{{"code":{code},"message":"{message}"{tail}}}}}'.encode()


EMPTY: Final = Reply(200, b"")
CRASH: Final = Reply(500, b"")
