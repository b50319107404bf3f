"""A chain of one transfer under each profile, and what its nodes answer to a parameter that is not there."""

from typing import Final

from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.json import Json
from tests.plugins.node_builder import HOLDER, block, chain_of, transfers

CHAIN: Final = chain_of(block(1, transfers((None, HOLDER, 5))), height=10)

NULL_REFERENCE: Final[dict[str, Json]] = {
    "code": -2147467261,
    "message": "Object reference not set to an instance of an object.",
}
_OUT_OF_RANGE: Final = "Index was out of range. Must be non-negative and less than the size of the collection."
INDEX: Final[dict[ProfileName, dict[str, Json]]] = {
    "n3-preview": {"code": -2146233086, "message": _OUT_OF_RANGE + " (Parameter 'index')"},
    "n2": {"code": -2146233086, "message": _OUT_OF_RANGE + "\nParameter name: index"},
}


def missing(name: str) -> dict[str, Json]:
    return {"code": -2147024809, "message": f"Required parameter '{name}' is missing"}
