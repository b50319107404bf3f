"""The state that a modelled contract shows: a NEF and a manifest, and the hash and id that go with them."""

from collections.abc import Sequence

from rpcnode.payloads.nef import Nef
from rpcnode.payloads.verification import contract_hash
from rpcnode.primitives.json import Json
from rpcnode.primitives.uint import UInt160

COMPILER = "rpcnode-model"
"""Stands in the NEF's compiler field, so that a reader of getcontractstate sees that there is no script behind it."""

_RET = b"\x40"


def modelled_nef() -> Nef:
    """The NEF of every modelled contract: its script is a single RET."""
    return Nef(compiler=COMPILER, source="", tokens=(), script=_RET)


def modelled_hash(sender: UInt160, name: str) -> UInt160:
    """The hash that N3 gives a contract of that name deployed by `sender`."""
    return contract_hash(sender, modelled_nef().checksum, name)


def _method(name: str, parameters: Sequence[tuple[str, str]], returns: str, safe: bool) -> dict[str, Json]:
    listed: list[Json] = [{"name": parameter, "type": kind} for parameter, kind in parameters]
    return {"name": name, "parameters": listed, "returntype": returns, "offset": 0, "safe": safe}


_AMOUNT = ("amount", "Integer")
_TOKEN_METHODS: tuple[dict[str, Json], ...] = (
    _method("symbol", (), "String", True),
    _method("decimals", (), "Integer", True),
    _method("totalSupply", (), "Integer", True),
    _method("balanceOf", (("account", "Hash160"),), "Integer", True),
    _method("transfer", (("from", "Hash160"), ("to", "Hash160"), _AMOUNT, ("data", "Any")), "Boolean", False),
    _method("mint", (("to", "Hash160"), _AMOUNT), "Void", False),
    _method("burn", (("from", "Hash160"), _AMOUNT), "Void", False),
)
_PLAIN_METHODS = (_method("main", (), "Void", False),)
_TRANSFER_EVENT: dict[str, Json] = {
    "name": "Transfer",
    "parameters": [
        {"name": "from", "type": "Hash160"},
        {"name": "to", "type": "Hash160"},
        {"name": "amount", "type": "Integer"},
    ],
}


def modelled_manifest(name: str, standards: Sequence[str], is_token: bool) -> dict[str, Json]:
    """The manifest of a modelled contract, in the form of getcontractstate."""
    return {
        "name": name,
        "groups": [],
        "features": {},
        "supportedstandards": list(standards),
        "abi": {
            "methods": list(_TOKEN_METHODS if is_token else _PLAIN_METHODS),
            "events": [_TRANSFER_EVENT] if is_token else [],
        },
        "permissions": [{"contract": "*", "methods": "*"}],
        "trusts": [],
        "extra": None,
    }
