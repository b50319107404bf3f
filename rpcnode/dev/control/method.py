"""Declares `dev_*` methods, and reads their parameters.

Parameters are those of JSON, nothing is converted: a wrong one is named, with what would be right, and nothing has
happened yet. Surplus ones are refused too; null stands for the default of an optional one.
"""

import inspect
from collections.abc import Callable, Generator, Iterable, Iterator
from typing import NamedTuple, TypeVar

from rpcnode.plugin.base import Fidelity
from rpcnode.primitives.errors import InvalidParams, NodeError, ProfileName, RpcError
from rpcnode.primitives.json import Answer, Json, Result
from rpcnode.primitives.steps import Steps

F = TypeVar("F", bound=Callable[..., object])
DevFunction = Callable[[list[Json]], Answer]

_ATTRIBUTE = "__dev_declaration__"
_MOST_CHARACTERS = 1000


class DevDeclaration(NamedTuple):
    """What `@dev_method` notes down."""

    name: str
    fidelity: Fidelity


class DevMethod(NamedTuple):
    """A declared method, bound to its control object; its parameters are Json."""

    name: str
    fidelity: Fidelity
    function: Callable[..., object]


class BadArgument(RpcError):
    """A parameter of a dev method is not what it takes: the same words under every profile."""

    def error_object(self, profile: ProfileName) -> dict[str, int | str]:
        code, message = InvalidParams.n3
        return {"code": code, "message": f"{message} - {_bounded(self.detail)}"}


class DevFailed(RpcError):
    """A dev method cannot do what it was asked; nothing has changed."""

    def error_object(self, profile: ProfileName) -> dict[str, int | str]:
        return {"code": -32000, "message": _bounded(self.detail)}


def _bounded(detail: str | None) -> str:
    """What is told of a fault, cut short: names and paths in it may be as long as a request."""
    told = str(detail)
    return told if len(told) <= _MOST_CHARACTERS else f"{told[: _MOST_CHARACTERS - 1]}…"


def dev_method(name: str, *, fidelity: Fidelity = Fidelity.EXACT) -> Callable[[F], F]:
    """Declares a method of a control object as a `dev_*` method; its parameters are Json."""

    def note(function: F) -> F:
        setattr(function, _ATTRIBUTE, DevDeclaration(name, fidelity))
        return function

    return note


def dev_methods_of(controls: Iterable[object]) -> dict[str, DevFunction]:
    """Wire name to function of a parameter array, of every declared method of some control objects."""
    return {method.name: _bound(method.function) for control in controls for method in declared_methods(control)}


def declared_methods(control: object) -> Iterator[DevMethod]:
    """The declared methods of a control object."""
    for name in dir(type(control)):
        declaration = getattr(getattr(type(control), name, None), _ATTRIBUTE, None)
        if isinstance(declaration, DevDeclaration):
            yield DevMethod(declaration.name, declaration.fidelity, getattr(control, name))


def _told(steps: Steps[Result]) -> Steps[Result]:
    try:
        return (yield from steps)
    except NodeError as error:
        raise DevFailed(str(error)) from error


def _bound(function: Callable[..., object]) -> DevFunction:
    parameters = list(inspect.signature(function).parameters.values())

    def call(values: list[Json]) -> Answer:
        if len(values) > len(parameters):
            takes = ", ".join(parameter.name for parameter in parameters) or "none"
            raise BadArgument(f"{len(values)} parameters given; right are: {takes}")
        arguments: list[object] = []
        for position, parameter in enumerate(parameters):
            value = values[position] if position < len(values) else None
            if value is None and parameter.default is inspect.Parameter.empty:
                raise BadArgument(f"{parameter.name} is missing")
            arguments.append(parameter.default if value is None else value)
        try:
            answer = function(*arguments)
        except NodeError as error:
            raise DevFailed(str(error)) from error
        return _told(answer) if isinstance(answer, Generator) else answer  # type: ignore[return-value]

    return call
