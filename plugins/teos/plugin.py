"""Teos: the TEOS OData service's balances and assets, over the node's ledger.

Source: the vendor's public pages, as far as they go; what is our decision stands in docs/teos.md.
"""

from functools import cached_property
from typing import TYPE_CHECKING

from rpcnode.plugin import NodeView, Plugin, PluginConfig
from rpcnode.plugin.rest import RestFace, RestRequest, RestResponse, rest_route
from rpcnode.plugins.teos.config import ROOT, TeosConfig

if TYPE_CHECKING:
    from rpcnode.plugins.teos.service import Service


class Teos(Plugin, RestFace):
    """The service's routes, below its root and without it."""

    name = "Teos"
    config_type = TeosConfig
    is_listed = False
    rest_roots = ("/odata", "/Balances", "/Assets", "/Ping")

    def __init__(self, node: NodeView, config: PluginConfig) -> None:
        super().__init__(node, config)
        assert isinstance(config, TeosConfig)
        self._config = config

    @cached_property
    def _service(self) -> "Service":
        from rpcnode.plugins.teos.service import Service

        return Service(self.node, self._config)

    @rest_route(ROOT, is_prefix=True)
    def below_root(self, request: RestRequest) -> RestResponse:
        """Everything under the service root."""
        return self._service.answer(request)

    @rest_route("/Balances", is_prefix=True)
    def balances(self, request: RestRequest) -> RestResponse:
        """The balances, for a base URL that leaves the root out."""
        return self._service.answer(request)

    @rest_route("/Assets", is_prefix=True)
    def assets(self, request: RestRequest) -> RestResponse:
        """The assets, for a base URL that leaves the root out."""
        return self._service.answer(request)

    @rest_route("/Ping")
    def ping(self, request: RestRequest) -> RestResponse:
        """Whether the token is good, for a base URL that leaves the root out."""
        return self._service.answer(request)

    def rest_name(self, path: str) -> str:
        return self._service.name_of(path)

    def rest_template(self, path: str) -> str | None:
        return self._service.template_of(path)

    def has_given_key(self, request: RestRequest) -> bool:
        return self._service.has_given_token(request)

    def rest_error(self, status: int, request: RestRequest) -> RestResponse:
        return self._service.error(status, request)
