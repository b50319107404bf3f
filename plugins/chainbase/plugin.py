"""Chainbase: `/v1/account/tokens`, `/v1/account/balance`, `/v1/token/metadata`, and the document that describes them.

Source: the documentation of Chainbase's Web3 API, Get ERC20 token balances; answers and clients seen in public.
"""

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Final, TypeVar

from rpcnode.plugin import Json, NodeView, Plugin, PluginConfig, UInt160
from rpcnode.plugin.assets import Asset, AssetChain
from rpcnode.plugin.rest import RestFace, RestRequest, RestResponse, rest_route
from rpcnode.plugins.chainbase.answers import OK, Refused, body_of
from rpcnode.plugins.chainbase.config import ChainbaseConfig, ZeroRows
from rpcnode.plugins.chainbase.keys import RateLimit, key_of, known_keys
from rpcnode.plugins.chainbase.query import Query
from rpcnode.primitives.records import dataclass

Q = TypeVar("Q")

DOCUMENT_PATH: Final = "/v1/openapi.json"

_MESSAGES: Final = {
    401: "the node asks for its user and password",
    403: "this path is disabled",
    404: f"no such path; {DOCUMENT_PATH} lists those there are",
    405: "this method is not served here, GET is",
    429: "too many requests",
    500: "the node failed at this request",
}


@dataclass(frozen=True, slots=True)
class TokensQuery:
    """What `/v1/account/tokens` is asked; `contracts` None: all that the account ever received."""

    account: UInt160
    contracts: list[UInt160] | None
    limit: int
    page: int

    @classmethod
    def read(cls, query: Query) -> "TokensQuery":
        """The query by its rules; raises Refused."""
        return cls(query.address(), query.contracts(), query.limit(), query.page())


@dataclass(frozen=True, slots=True)
class BalanceQuery:
    """What `/v1/account/balance` is asked; `to_block` None: as of now."""

    account: UInt160
    to_block: int | None

    @classmethod
    def read(cls, query: Query) -> "BalanceQuery":
        """The query by its rules; raises Refused."""
        return cls(query.address(), query.to_block())


class Chainbase(Plugin, RestFace):
    """The face; its rows are the node's own."""

    name = "Chainbase"
    is_listed = False
    config_type = ChainbaseConfig
    rest_roots = ("/v1",)
    rest_documents = (("OpenAPI: Chainbase's Web3 API", DOCUMENT_PATH),)

    def __init__(self, node: NodeView, config: PluginConfig) -> None:
        super().__init__(node, config)
        assert isinstance(config, ChainbaseConfig)
        self.config = config
        self._with_zero = config.zero_rows is ZeroRows.INCLUDE
        self._rate_limit = RateLimit(config.rate_limit)

    def rest_error(self, status: int, request: RestRequest) -> RestResponse:
        return Refused(status, _MESSAGES.get(status, "this status was asked for")).response

    # Paths

    @rest_route("/v1/account/tokens")
    def account_tokens(self, request: RestRequest) -> RestResponse:
        """A page of the tokens that an account ever received, by their contracts' hashes.

        Named contracts are all there, received or not, unless nobody registered them.
        """
        return self._answered(request, TokensQuery.read, self._tokens)

    @rest_route("/v1/account/balance")
    def account_balance(self, request: RestRequest) -> RestResponse:
        """What an account holds of the chain's native token, GAS on a NEO chain, now or after a block."""
        return self._answered(request, BalanceQuery.read, self._balance)

    @rest_route("/v1/token/metadata")
    def token_metadata(self, request: RestRequest) -> RestResponse:
        """What is known of one token; 404 for a contract that is not registered."""
        return self._answered(request, lambda query: query.address("contract_address"), self._metadata)

    @rest_route(DOCUMENT_PATH)
    def openapi_document(self, request: RestRequest) -> RestResponse:
        """The OpenAPI document of these paths; it asks for no key."""
        return RestResponse(200, self._document)

    @cached_property
    def _document(self) -> bytes:
        return Path(__file__).with_name("openapi.json").read_bytes()

    # What is common to them

    def _answered(
        self,
        request: RestRequest,
        read: Callable[[Query], Q],
        answer: Callable[[AssetChain, Q], dict[str, Json]],
    ) -> RestResponse:
        """The answer, or the error of the first check that fails; the order of checks is our decision."""
        try:
            key = key_of(request.headers, known_keys(self.config.keys, self.node.assets.keys("chainbase")))
            query = Query(request.query)
            chain_id, asked = query.chain_id(), read(query)
            chain = self.node.assets.chains.get(chain_id)
            if chain is None:
                raise Refused(404, f"there is no chain {chain_id[:100]!r}")
            key.check_chain(chain_id)
            self._rate_limit.admit(key)
            return RestResponse(200, body_of({**OK, **answer(chain, asked)}))
        except Refused as refused:
            return refused.response

    # Answers

    def _tokens(self, chain: AssetChain, asked: TokensQuery) -> dict[str, Json]:
        start = (asked.page - 1) * asked.limit
        if asked.contracts is not None:
            named = self._named(chain, asked.account, asked.contracts)
            count, held = len(named), named[start : start + asked.limit]
        else:
            count = chain.count(asked.account, with_zero=self._with_zero)
            # A page far beyond the last has an offset that SQLite cannot count to.
            held = chain.holdings(asked.account, start, asked.limit, with_zero=self._with_zero) if start < count else []
        rows: list[Json] = [self._row(asset, amount) for asset, amount in held]
        more: dict[str, Json] = {"next_page": asked.page + 1} if start + asked.limit < count else {}
        return {"data": rows, **more, "count": count}

    def _named(self, chain: AssetChain, account: UInt160, contracts: list[UInt160]) -> list[tuple[Asset, int]]:
        """The named assets that are registered, in the order of their displayed hashes, with what is held of each."""
        amounts = chain.amounts(account, contracts)
        assets = [asset for contract in sorted(contracts, key=str) if (asset := chain.asset(contract)) is not None]
        named = [(asset, amounts.get(asset.contract, 0)) for asset in assets]
        return [(asset, amount) for asset, amount in named if amount or self._with_zero]

    def _balance(self, chain: AssetChain, asked: BalanceQuery) -> dict[str, Json]:
        return {"data": self.config.balances.text_of(chain.native_amount(asked.account, asked.to_block))}

    def _metadata(self, chain: AssetChain, contract: UInt160) -> dict[str, Json]:
        asset = chain.asset(contract)
        if asset is None:
            raise Refused(404, f"there is no token {contract} on chain {chain.chain_id!r}")
        return {"data": _asset_json(asset)}

    def _row(self, asset: Asset, amount: int) -> Json:
        return _asset_json(asset, balance=self.config.balances.text_of(amount))


def _asset_json(asset: Asset, **held: Json) -> dict[str, Json]:
    return {
        "contract_address": str(asset.contract),
        "decimals": asset.decimals,
        "name": asset.name,
        "symbol": asset.symbol,
        **held,
        "total_supply": str(asset.total_supply),
        "logos": asset.logos,
        "urls": asset.urls,
        "current_usd_price": asset.current_usd_price,
    }
