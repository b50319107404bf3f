"""Name, symbol and decimals of an asset, as they are read at the time of the question."""

from dataclasses import dataclass

from rpcnode.plugin import State, UInt160, errors
from rpcnode.plugin.items import StackItem, to_bytes, to_integer


@dataclass(frozen=True, slots=True)
class Metadata:
    """The name from the manifest, the rest from the contract's own methods. A symbol may be Null, decimals may not."""

    name: str
    symbol: str | None
    decimals: int


def metadata_of(state: State, asset: UInt160) -> Metadata | None:
    """The metadata of an asset, or None where the contract is gone or one of its methods fails."""
    contract = state.contract(asset)
    if contract is None:
        return None
    try:
        symbol = _answer(state, asset, "symbol")
        text = None if symbol is None else to_bytes(symbol).decode()
        return Metadata(contract.name, text, to_integer(_answer(state, asset, "decimals")))
    except (errors.VmFault, UnicodeDecodeError):
        return None


def _answer(state: State, asset: UInt160, method: str) -> StackItem:
    execution = state.call(asset, method, ())
    if not execution.halted or not execution.stack:
        raise errors.VmFault(execution.exception or f"{method} returned nothing")
    return execution.stack[-1]
