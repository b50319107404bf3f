"""The errors that a client of Teos sees, and their body.

Codes are texts. Source: the vendor's error page, as far as a code stands there; other statuses repeat themselves.
"""

import json
from collections.abc import Mapping
from typing import ClassVar, Final

from rpcnode.primitives.json import Json
from rpcnode.primitives.records import dataclass

_MAX_SHOWN_TARGET: Final = 1000  # characters


@dataclass(frozen=True, slots=True)
class Detail:
    """One fault; `arguments` are the values in its message."""

    code: str
    message: str
    arguments: Mapping[str, str]

    def to_json(self) -> Json:
        return {"code": self.code, "message": self.message, "arguments": dict(self.arguments)}


class TeosError(Exception):
    """The request is not answered as it was meant."""

    status: ClassVar[int]
    code: ClassVar[str]
    message: ClassVar[str]

    def __init__(self, *details: Detail) -> None:
        super().__init__(*(detail.message for detail in details))
        self.details = details


class NotAuthenticated(TeosError):
    """The Authorization header is missing, of another scheme than Bearer, or holds no token that the fixture lists."""

    status, code, message = 401, "11001", "User id was not found in authentication data"


class CallError(TeosError):
    """A fault at a place of the request.

    `position` counts characters from 1: from the name of what is called, as the call reads once decoded, or in the
    value of the query option; where the text cannot be decoded, in the path below the service root as it was sent.
    """

    status = 400

    def __init__(self, reason: str, position: int, option: str | None = None) -> None:
        place = {"position": str(position)} | ({} if option is None else {"option": option})
        super().__init__(Detail(self.code, reason, place))


class MalformedCall(CallError):
    """The call is no OData, or a parameter is missing, repeated or not the function's."""

    code, message = "12001", "The call is not valid OData"


class WrongType(CallError):
    """The call is well-formed, a parameter's value is not of its type."""

    code, message = "12002", "A parameter's value is of the wrong type"


class TooManyCombinations(TeosError):
    """The addresses and assets of a request make more rows than the configuration allows."""

    status, code, message = 400, "400", "Too many combinations of addresses and assets"

    def __init__(self, addresses: int, assets: int, most: int) -> None:
        reason = f"{addresses} addresses and {assets} assets; Teos.MaxCombinations allows {most} combinations"
        super().__init__(Detail(self.code, reason, {"most": str(most)}))


class NoSuchResource(TeosError):
    """The service has nothing at this path."""

    status, code, message = 404, "404", "No such resource"


class NoSuchAsset(NoSuchResource):
    """No asset has this unique id. The detail's code is the vendor's."""

    def __init__(self, asset_id: str) -> None:
        super().__init__(Detail("1001", "Asset does not exist", {"id": asset_id}))


class NotServed(TeosError):
    """The vendor's service has this query option, this one has not. OData asks for a refusal then."""

    status, code, message = 501, "501", "This query option is not served"

    def __init__(self, option: str) -> None:
        super().__init__(Detail(self.code, f"{option} is not served", {"option": option}))


OTHER_STATUSES: Final[dict[int, tuple[str, str]]] = {
    NotAuthenticated.status: (NotAuthenticated.code, NotAuthenticated.message),
    403: ("403", "Access is denied"),
    NoSuchResource.status: (NoSuchResource.code, NoSuchResource.message),
    405: ("405", "The resource does not have this method"),
    429: ("13000", "The quota is used up"),
    500: ("500", "The service failed"),
}
"""Code and message by status, where only that is known."""


def error_body(code: str, message: str, target: str, details: tuple[Detail, ...], request_text: str) -> bytes:
    """The body. Its clTraceId is made of `request_text`: the same request, the same id."""
    import uuid

    shown = target if len(target) <= _MAX_SHOWN_TARGET else target[:_MAX_SHOWN_TARGET] + "…"
    trace_id = uuid.uuid5(uuid.NAMESPACE_URL, request_text)
    body: Json = {
        "code": code,
        "message": message,
        "target": shown,
        "details": [detail.to_json() for detail in details],
        "clTraceId": str(trace_id),
    }
    return json.dumps(body, separators=(",", ":")).encode()
