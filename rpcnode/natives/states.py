"""The native contracts of a described chain of N3.

They are as a real node reports them with every hardfork up to Faun active (natives_n3.json, from getnativecontracts of
neo-go 0.120); NEO and GAS move as modelled tokens.
"""

from rpcnode.execution.contract_state import ContractState, Model
from rpcnode.execution.native_hashes import NATIVE_TOKENS
from rpcnode.primitives.json import packaged_json
from rpcnode.primitives.uint import UInt160

_DECIMALS = {"NEO": 0, "GAS": 8}


HARDFORK_OF_NATIVE = {"Notary": "Echidna", "Treasury": "Faun"}
"""The natives that came after the genesis block. Source: neo 3.10.2, SmartContract/Native."""

Hardforks = tuple[tuple[str, int], ...]
"""Name and height of each hardfork that a network has."""


def n3_states(hardforks: Hardforks) -> tuple[ContractState, ...]:
    """The native contracts of N3, each from genesis or its hardfork on."""
    heights = dict(hardforks)
    tokens = {script_hash: symbol for symbol, script_hash in NATIVE_TOKENS["n3"].items()}
    listed = packaged_json("rpcnode.natives", "natives_n3.json")
    states = []
    for native in listed:
        hardfork = HARDFORK_OF_NATIVE.get(native["manifest"]["name"])
        if hardfork is not None and hardfork not in heights:
            continue
        script_hash = UInt160.parse(native["hash"])
        symbol = tokens.get(script_hash)
        states.append(
            ContractState(
                contract_id=native["id"],
                script_hash=script_hash,
                update_counter=native["updatecounter"],
                nef=native["nef"],
                manifest=native["manifest"],
                deployed_at=0 if hardfork is None else heights[hardfork],
                model=None if symbol is None else Model.TOKEN,
                symbol=symbol,
                decimals=None if symbol is None else _DECIMALS[symbol],
            )
        )
    return tuple(states)
