"""What a request says: in the query string of a GET, as ASP.NET and the node read it, or in a body."""

from rpcnode.primitives.dotnet_base64 import decode_base64
from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.json import Json
from rpcnode.server.jsonrpc.dialect import HttpDialect
from rpcnode.server.jsonrpc.dotnet import decode_text, unescape_query
from rpcnode.server.jsonrpc.failures import NodeCrashError


def request_of_query(query: str, dialect: HttpDialect) -> dict[str, Json] | None:
    """The request object in a query string; None when id, method or params is missing or empty.

    `params` is Base64 of JSON text, or where it is not valid Base64 the text itself. When that is not JSON: FormatError
    or NodeCrashError.
    """
    values = _query_values(query)
    params_text = values.get("params")
    if not values.get("id") or not values.get("method") or not params_text:
        return None
    decoded = decode_base64(params_text)
    if decoded is not None:
        params_text = decoded.decode("utf-8", "replace")
    request: dict[str, Json] = {key: values[key] for key in ("jsonrpc", "id", "method") if values.get(key)}
    request["params"] = dialect.parse(params_text, dialect.max_depth)
    return request


def document_of(dialect: HttpDialect, source: bytes | str) -> Json:
    """The document in a body or a query string, with its methods named as they are called; None where none is."""
    try:
        if isinstance(source, str):
            return request_of_query(source, dialect)
        document = dialect.parse(decode_text(source), dialect.max_depth)
    except (FormatError, NodeCrashError):
        return None
    for request in document if isinstance(document, list) else [document]:
        if isinstance(request, dict) and request.get("method") is not None:
            request["method"] = dialect.text_of(request["method"])
    return document


def names_method(query: str) -> bool:
    """Whether a query string has the key `method`, in any case, so that a GET of any path is a request."""
    return any(unescape_query(pair.partition("=")[0]).lower() == "method" for pair in query.split("&"))


def _query_values(query: str) -> dict[str, str]:
    """The values by key; ASP.NET's keys know no case, and a key given again adds to its value after a comma."""
    values: dict[str, list[str]] = {}
    for pair in query.split("&"):
        key, _, value = pair.partition("=")
        values.setdefault(unescape_query(key).lower(), []).append(unescape_query(value))
    return {key: ",".join(given) for key, given in values.items()}
