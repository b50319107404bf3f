"""What Teos answers; loaded with the first request.

Source: the vendor's public pages, as far as they go; what is our decision stands in docs/teos.md.
"""

import json
import re
from collections.abc import Callable
from typing import Any, Final

from rpcnode.plugin import NodeView, UInt160
from rpcnode.plugin.assets import Asset
from rpcnode.plugin.rest import RestRequest, RestResponse
from rpcnode.plugins.teos.balances import BalanceRows, asked_addresses, asked_assets, asset_number, units_text
from rpcnode.plugins.teos.config import ROOT, TeosConfig
from rpcnode.plugins.teos.errors import (
    OTHER_STATUSES,
    Detail,
    MalformedCall,
    NoSuchAsset,
    NoSuchResource,
    NotAuthenticated,
    NotServed,
    TeosError,
    TooManyCombinations,
    WrongType,
    error_body,
)
from rpcnode.plugins.teos.metadata import METADATA, NAMESPACE, SERVICE_DOCUMENT
from rpcnode.plugins.teos.odata import Arguments, Call, Query, parse_call, percent_decoded
from rpcnode.primitives.json import Json

DEFAULT_TOKEN: Final = "demo-token"
PAGE_SIZE: Final = 50
"""How many rows `Balances/My` has at most; the vendor's pages of assets are that long."""

_VERSION_HEADER: Final = ("OData-Version", "4.0")
_CHALLENGE: Final = ("WWW-Authenticate", "Bearer")
_MOST_DIGITS: Final = 30  # of $skip; nobody has so many rows

_read_bearer = re.compile(r"[Bb][Ee][Aa][Rr][Ee][Rr] +(\S+) *").fullmatch
_FUNCTION: Final = "GetAssetsBalances"
_TOTAL: Final = "TotalAmount"
_TEMPLATES: Final = frozenset((f"/Balances/{_FUNCTION}", "/Balances", "/Assets", f"/Assets/{_TOTAL}"))
"""Paths of what takes arguments."""
_is_function = re.compile(rf"Balances/(?:{NAMESPACE}\.)?(?={_FUNCTION}(?:\(|\Z))").match
_is_number = re.compile(r"[0-9]+").fullmatch


class Service:
    """The service, below its root and without it; a bearer token is asked for before anything is read."""

    def __init__(self, node: NodeView, config: TeosConfig) -> None:
        self.node = node
        self._config = config
        self._resources: dict[str, Callable[[Query, tuple[UInt160, ...]], RestResponse]] = {
            "": lambda query, accounts: _reply(SERVICE_DOCUMENT),
            "$metadata": lambda query, accounts: _reply(METADATA, "application/xml"),
            "Ping": lambda query, accounts: _reply(b"", "text/plain"),
            "Balances/My": self._own_balances,
        }

    def answer(self, request: RestRequest) -> RestResponse:
        """What a path below the root, or without it, is answered."""
        try:
            accounts = self._accounts_of(request)
            return self._resource(_below_root(request.path), Query(request.query), accounts)
        except TeosError as error:
            return _error_reply(error.status, error.code, error.message, error.details, request)

    def error(self, status: int, request: RestRequest) -> RestResponse:
        """The service's own form of a status."""
        code, message = OTHER_STATUSES.get(status, (str(status), "The request failed"))
        return _error_reply(status, code, message, (), request)

    def name_of(self, path: str) -> str:
        """The path of a resource without the root, the namespace and what its parentheses hold."""
        try:
            below = percent_decoded(_below_root(path))
        except MalformedCall:
            return path
        function = _is_function(below)
        if function is not None:
            return f"/Balances/{_FUNCTION}"
        name, _, call = below.partition("(")
        return f"/{name}/{_TOTAL}" if call.endswith(f")/{_TOTAL}") else f"/{name}"

    def template_of(self, path: str) -> str | None:
        """The path of a resource that exists, without its arguments; None for any other."""
        name = self.name_of(path)
        return f"{ROOT}{name}" if name in _TEMPLATES or name.removeprefix("/") in self._resources else None

    def has_given_token(self, request: RestRequest) -> bool:
        """Whether a request bears a token that the fixture lists, other than the public one."""
        user = self._user_of(request)
        return user is not None and user["token"] != DEFAULT_TOKEN

    def _accounts_of(self, request: RestRequest) -> tuple[UInt160, ...]:
        """The accounts of the token's user. Raises NotAuthenticated."""
        user = self._user_of(request)
        if user is None:
            raise NotAuthenticated
        return tuple(UInt160.parse(account) for account in user["accounts"])

    def _user_of(self, request: RestRequest) -> dict[str, Any] | None:
        bearer = _read_bearer(request.headers.get("Authorization") or "")
        if bearer is None:
            return None
        listed = self.node.assets.keys("teos")
        users = [{"token": DEFAULT_TOKEN, "accounts": []}] if listed is None else listed
        return next((user for user in users if user["token"] == bearer[1]), None)

    def _resource(self, sent: str, query: Query, accounts: tuple[UInt160, ...]) -> RestResponse:
        path = percent_decoded(sent)
        plain = self._resources.get(path)
        if plain is not None:
            return plain(query, accounts)
        function = _is_function(path)
        if function is not None:
            return self._assets_balances(path[function.end() :], query)
        if path.startswith("Balances("):
            return self._balance(parse_call(path, len("Balances")), query)
        if path.startswith("Assets("):
            return self._asset(parse_call(path, len("Assets")), query)
        raise NoSuchResource

    def _assets_balances(self, text: str, query: Query) -> RestResponse:
        name_end = len(_FUNCTION)
        call = parse_call(text, name_end) if len(text) > name_end else Call((), name_end, "")
        _check_rest(call)
        arguments = Arguments(call, ("addresses", "uniqueAssetIds"), query, in_query=True)
        addresses, asset_ids = arguments.strings("addresses"), arguments.strings("uniqueAssetIds")
        most = self._config.max_combinations
        if most and max(len(addresses), 1) * max(len(asset_ids), 1) > most:
            raise TooManyCombinations(len(addresses), len(asset_ids), most)
        assets = self.node.assets
        rows = BalanceRows(assets, self._config)
        return _reply(rows.of_combinations(asked_addresses(addresses, assets), asked_assets(asset_ids, assets)))

    def _balance(self, call: Call, query: Query) -> RestResponse:
        _check_rest(call)
        arguments = Arguments(call, ("address", "uniqueAssetId"), query)
        address, asset_id = arguments.string("address"), arguments.string("uniqueAssetId")
        assets = self.node.assets
        rows = BalanceRows(assets, self._config)
        return _reply(rows.row(asked_addresses([address], assets)[0], asked_assets([asset_id], assets)[0]))

    def _own_balances(self, query: Query, accounts: tuple[UInt160, ...]) -> RestResponse:
        if query.value("$filter") is not None:
            raise NotServed("$filter")
        skip = query.value("$skip") or "0"
        if not _is_number(skip):
            raise WrongType("$skip takes a number of rows", 1, "$skip")
        if len(skip) > _MOST_DIGITS:
            return _reply(b"[]")
        return _reply(BalanceRows(self.node.assets, self._config).of_accounts(accounts, int(skip), PAGE_SIZE))

    def _asset(self, call: Call, query: Query) -> RestResponse:
        if call.rest != f"/{_TOTAL}":
            _check_rest(call)
        asset_id = Arguments(call, ("id",), query).string("id")
        number = asset_number(asset_id)
        found = None if number is None else self.node.assets.by_unique_id({number}).get(number)
        if found is None:
            raise NoSuchAsset(asset_id)
        return _json_reply(_total_json(found[1]) if call.rest else _asset_json(found[1]))


def _below_root(path: str) -> str:
    """What stands behind the service root, or behind the / of a path that leaves it out, as it was sent."""
    return path[len(ROOT) + 1 :] if path == ROOT or path.startswith(f"{ROOT}/") else path[1:]


def _check_rest(call: Call) -> None:
    """Raises NoSuchResource for a path below what a call answers, MalformedCall for anything else behind it."""
    if call.rest.startswith("/"):
        raise NoSuchResource
    if call.rest:
        raise MalformedCall("something stands behind the call", call.end + 1)


def _asset_json(asset: Asset) -> Json:
    # The ledger knows neither author nor description.
    return {
        "Id": asset.unique_asset_id,
        "Author": "",
        "Name": asset.name,
        "Symbol": asset.symbol,
        "Description": "",
        "SparkFactor": str(asset.spark_factor),
    }


def _total_json(asset: Asset) -> Json:
    sparks = max(asset.total_supply, 0)
    return {"TotalSparks": str(sparks), "TotalUnits": units_text(sparks, asset.spark_factor)}


def _json_reply(content: Json) -> RestResponse:
    return _reply(json.dumps(content, separators=(",", ":")).encode())


def _reply(body: bytes, content_type: str = "application/json") -> RestResponse:
    return RestResponse(200, body, content_type, (_VERSION_HEADER,))


def _error_reply(
    status: int, code: str, message: str, details: tuple[Detail, ...], request: RestRequest
) -> RestResponse:
    target = _below_root(request.path)
    try:
        target = percent_decoded(target)
    except MalformedCall:
        target = target.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    sent = f"{request.method} {request.path}?{request.query}".encode("utf-8", "surrogateescape")
    body = error_body(code, message, target, details, sent.decode("utf-8", "replace"))
    headers = (_VERSION_HEADER, _CHALLENGE) if status == NotAuthenticated.status else (_VERSION_HEADER,)
    return RestResponse(status, body, headers=headers)
