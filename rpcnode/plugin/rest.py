"""What a plugin needs to answer REST requests: the route decorator, requests, responses."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import TypeVar
from urllib.parse import unquote

from rpcnode.primitives.records import dataclass

F = TypeVar("F", bound=Callable[..., object])

REST_ATTRIBUTE = "__rest_declaration__"


@dataclass(frozen=True, slots=True)
class RestDeclaration:
    """What `@rest_route` notes down."""

    path: str
    method: str
    is_prefix: bool


def rest_route(path: str, *, method: str = "GET", is_prefix: bool = False) -> Callable[[F], F]:
    """Declares a function of a plugin, RestRequest -> RestResponse, as the answer to a path.

    `is_prefix`: to every path that begins so, for a face that reads paths itself; the longest such path wins, and an
    exact one before it.
    """

    def note(function: F) -> F:
        setattr(function, REST_ATTRIBUTE, RestDeclaration(path, method, is_prefix))
        return function

    return note


@dataclass(frozen=True, slots=True)
class RestRequest:
    """One request. `path` and `query` are as the client wrote them: nothing in them is decoded."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RestResponse:
    """One answer; `headers` besides Content-Type, Content-Length, Date, Server and the CORS ones."""

    status: int
    body: bytes
    content_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()


class RestFace(ABC):
    """What a plugin with REST routes answers where no route of its does; a mixin for Plugin.

    `rest_roots`: the paths below which nothing but this face answers. `rest_documents`: title and path of each document
    that describes the face; the page for browsers links to them.
    """

    rest_roots: tuple[str, ...] = ()
    rest_documents: tuple[tuple[str, str], ...] = ()

    def rest_name(self, path: str) -> str:
        """The one name of what a path leads to, however it is written: what `DisabledMethods` is compared by."""
        return unquote(path)

    def rest_template(self, path: str) -> str | None:
        """The name under which metrics count requests to a path, one of a few; None: that of its route."""
        return None

    def has_given_key(self, request: RestRequest) -> bool:
        """Whether the Authorization header bears a key of this face that the operator has given out.

        It stands for the node's user and password then: in one header there is no room for both. A key that is public
        is none of these.
        """
        return False

    @abstractmethod
    def rest_error(self, status: int, request: RestRequest) -> RestResponse:
        """The face's own form of 401, 403, 404, 405 and 500, and whatever status a fault injects."""


@dataclass(frozen=True, slots=True)
class RestRoute:
    """A declared route, bound to its plugin."""

    path: str
    method: str
    is_prefix: bool
    face: RestFace
    answer: Callable[[RestRequest], RestResponse]
