"""What a reader answers by itself: methods whose answers depend on the chain alone."""

from collections.abc import Generator, Iterator, Mapping

from rpcnode.node import Node
from rpcnode.primitives.json import Answer, Json, Pause, Result
from rpcnode.server.jsonrpc.reply import Method
from rpcnode.server.jsonrpc.result_texts import lasts


class AskWriter(BaseException):
    """The writer is to answer the whole request. Not an Exception, so that nothing takes it for a method's failure."""


class OwnMethods(Mapping[str, Method]):
    """The methods that depend on the chain alone; any other name raises AskWriter.

    So does a call that ends in an error, which may depend on what one process alone was asked before, and one whose
    result would differ the next time: it depends on the time or on chance, or opens a session.
    """

    def __init__(self, node: Node) -> None:
        self._methods = {name: _answered_alone(node.methods[name]) for name in node.of_chain}
        node.ledger.watch_derived = ask_writer

    def __getitem__(self, name: str) -> Method:
        found = self._methods.get(name)
        if found is None:
            raise AskWriter
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._methods)

    def __len__(self) -> int:
        return len(self._methods)


def ask_writer() -> None:
    """Raises AskWriter."""
    raise AskWriter


def _answered_alone(method: Method) -> Method:
    def call(params: list[Json]) -> Answer:
        try:
            answer = method(params)
        except Exception:
            raise AskWriter from None
        return _in_steps(answer) if isinstance(answer, Generator) else _lasting(answer)

    return call


def _in_steps(steps: Generator[Pause, None, Result]) -> Generator[Pause, None, Result]:
    try:
        result = yield from steps
    except Exception:
        raise AskWriter from None
    return _lasting(result)


def _lasting(result: Result) -> Result:
    if not lasts(result):
        raise AskWriter
    return result
