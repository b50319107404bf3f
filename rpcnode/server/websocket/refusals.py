"""What `subscribe` and `unsubscribe` answer where they refuse, in neo-go's words on every profile.

Source: neo-go 0.120, pkg/neorpc/errors.go; the texts of Go's encoding/json.
"""

from rpcnode.primitives.errors import InternalError, InvalidParams, ProfileName
from rpcnode.primitives.json import Json


class BadSubscription(InvalidParams):
    """A stream, a filter or a subscription that there is not; `data` says what is wrong."""

    def __init__(self, data: str = "Invalid params") -> None:
        super().__init__(data=data)

    def error_object(self, profile: ProfileName) -> dict[str, int | str]:
        return {"code": -32602, "message": "Invalid params", "data": str(self.data)}


class NoRoomForSubscription(InternalError):
    """The client has as many subscriptions as one may have."""

    def error_object(self, profile: ProfileName) -> dict[str, int | str]:
        return {"code": -32603, "message": "Internal error", "data": "maximum number of subscriptions is reached"}


def kind_of(value: Json) -> str:
    """What JSON a value is, in Go's words."""
    match value:
        case bool():
            return "bool"
        case int() | float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
        case dict():
            return "object"
    return "null"


def no_such_field(name: str) -> BadSubscription:
    """A filter has a member that its stream does not know."""
    return BadSubscription(f'json: unknown field "{name[:100]}"')


def is_no(go_type: str, value: Json, place: str | None = None) -> BadSubscription:
    """A value is not what its place takes: a member `STRUCT.FIELD`, or the whole filter, where there is none."""
    kind = kind_of(value)
    if kind == "number" and go_type.startswith(("uint", "int")):
        kind = f"number {value}"
    where = f"Go value of type {go_type}" if place is None else f"Go struct field {place} of type {go_type}"
    return BadSubscription(f"json: cannot unmarshal {kind} into {where}")


def breaks_rule(rule: str) -> BadSubscription:
    """A filter is well formed and breaks a rule."""
    return BadSubscription(f"invalid subscription filter: {rule}")
