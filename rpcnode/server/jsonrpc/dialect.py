"""What differs between the emulated nodes' RPC servers, HTTP and envelope: one row a profile."""

from collections.abc import Callable
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from rpcnode.primitives.errors import InvalidRequest, LeakedException, ProfileName, RpcError
from rpcnode.primitives.json import Json
from rpcnode.primitives.records import dataclass
from rpcnode.server.jsonrpc.json_text import parse_json, write_double, write_double_of_net_8, write_json
from rpcnode.server.jsonrpc.value_text import TextOf, n2_text, n3_text, preview_text

NULL_REFERENCE: Final = (-2147467261, "Object reference not set to an instance of an object.")
"""NullReferenceException: its HResult and message."""

DEFAULT_MAX_BODY_SIZE: Final = 1024 * 1024
"""Bytes of a request that are taken unless the settings say otherwise: what 3.10 takes.

neo-cli 2.12 and 3.0.0-preview2 take 30,000,000, which cannot be parsed in 100 MB of memory.
"""


@dataclass(frozen=True, slots=True)
class HttpDialect:
    """One node's server, as far as it differs from the others'."""

    content_type: str
    parse: Callable[[str, int], Json]  # text and the deepest nesting taken
    max_depth: int
    write: Callable[[Json], str]  # of results and errors
    echo: Callable[[Json], str]  # of what a request said
    text_of: TextOf
    own_cors_headers: bool  # the node's own four headers in every answer, instead of the CORS middleware
    # Authentication
    challenges_every_call: bool  # WWW-Authenticate once a call got as far as its access rules; else in the 401 only
    missing_credentials_status: int
    splits_at_first_colon: bool  # else at every colon, empty parts dropped, and parts 0 and 1 count
    # The request object
    params_may_be_missing: bool  # or null: read as []
    null_method: Callable[[], RpcError]  # "method": null
    names_unknown_method: bool
    refuses_scalars: bool  # HTTP 500 for a request that is no object and for []; else dropped, as having no id
    null_in_batch_crashes: bool  # HTTP 500; else -32600 in its place


def _parse_n2(text: str, max_depth: int) -> Json:
    from rpcnode.server.jsonrpc.n2_reader import parse_n2_json  # slow to load, and of one profile

    return parse_n2_json(text, max_depth)


def _write_n2(value: Json) -> str:
    from rpcnode.server.jsonrpc.n2_writer import write_n2_json

    return write_n2_json(value)


_PREVIEW: Final = HttpDialect(
    content_type="application/json",
    parse=parse_json,
    max_depth=100,
    write=write_json,
    echo=write_double_of_net_8,
    text_of=preview_text,
    own_cors_headers=True,
    challenges_every_call=True,
    missing_credentials_status=200,
    splits_at_first_colon=False,
    params_may_be_missing=False,
    null_method=lambda: LeakedException(*NULL_REFERENCE),
    names_unknown_method=False,
    refuses_scalars=False,
    null_in_batch_crashes=True,
)

_N2: Final = replace(
    _PREVIEW,
    content_type="application/json-rpc",
    parse=_parse_n2,
    write=_write_n2,
    echo=_write_n2,
    text_of=n2_text,
)

_N3: Final = HttpDialect(
    content_type="application/json",
    parse=parse_json,
    max_depth=32,
    write=write_json,
    echo=write_double,
    text_of=n3_text,
    own_cors_headers=False,
    challenges_every_call=False,
    missing_credentials_status=401,
    splits_at_first_colon=True,
    params_may_be_missing=True,
    null_method=InvalidRequest,
    names_unknown_method=True,
    refuses_scalars=True,
    null_in_batch_crashes=False,
)

DIALECTS: Final = MappingProxyType[ProfileName, HttpDialect]({"n3": _N3, "n3-preview": _PREVIEW, "n2": _N2})
"""neo-cli 3.10, neo-cli 3.0.0-preview2 and neo-cli 2.12."""
