"""A node on a port."""

from rpcnode.node import Node
from rpcnode.server.access import AccessRules
from rpcnode.server.http import RpcHttpServer
from rpcnode.server.jsonrpc import AnswersRequests, Envelope


class Endpoint:
    """The HTTP server of one node; the node stays its owner's."""

    def __init__(self, node: Node) -> None:
        settings = node.http_settings
        access = AccessRules(node.options.profile, settings)
        answers: AnswersRequests
        if node.options.jsonrpc == "strict":
            from rpcnode.server.strict import StrictEnvelope

            answers = StrictEnvelope(node.options.profile, node.methods, access)
        else:
            answers = Envelope(node.options.profile, node.methods, access)
        self._host = settings.bind_address
        self._server = RpcHttpServer(settings, node.options.profile, answers)
        self.port = 0

    @property
    def url(self) -> str:
        """Where it listens, once started."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self.port}"

    async def start(self) -> None:
        """Listens. Raises NodeError when the port cannot be had."""
        self.port = await self._server.start()

    async def stop(self) -> None:
        """Finishes what is being answered and stops listening, within a second."""
        await self._server.stop()
