"""Name, symbol and decimals of an asset, as they are read at the time of the question."""

from typing import Final

from rpcnode.plugin import MethodCall, State, UInt160, errors
from rpcnode.plugin.items import to_bytes, to_integer
from rpcnode.plugin.steps import Steps
from rpcnode.primitives.records import dataclass

ASK_GAS: Final = 2_000_000_000
"""What a script that asks at the time of the question may use, in datoshi."""

_BOTH: Final = 2


@dataclass(frozen=True, slots=True)
class Metadata:
    """The name from the manifest, the rest from the contract's own methods. A symbol may be Null, decimals may not."""

    name: str
    symbol: str | None
    decimals: int


def metadata_of(state: State, asset: UInt160) -> Steps[Metadata | None]:
    """The metadata of an asset, or None where the contract is gone or one of its methods fails.

    One script asks for both. Source: neo 3.10.2, AssetDescriptor.
    """
    contract = state.contract(asset)
    if contract is None:
        return None
    execution = yield from state.run_in_steps((MethodCall(asset, "decimals"), MethodCall(asset, "symbol")), ASK_GAS)
    if not execution.halted or len(execution.stack) != _BOTH:
        return None
    decimals, symbol = execution.stack
    try:
        text = None if symbol is None else to_bytes(symbol).decode()
        return Metadata(contract.name, text, to_integer(decimals))
    except (errors.VmFault, UnicodeDecodeError):
        return None
