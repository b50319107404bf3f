"""The native contracts of preview2, NEO and GAS, which are modelled throughout."""

from rpcnode.execution.contract_state import Code, ContractState, Model
from rpcnode.execution.native_hashes import NATIVE_TOKENS
from rpcnode.models.modelled import FUNGIBLE_ABI, modelled_manifest, modelled_nef

_DECIMALS = {"NEO": 0, "GAS": 8}


def preview_states() -> tuple[ContractState, ...]:
    """The two, from genesis on."""
    return tuple(
        ContractState(
            contract_id=contract_id,
            script_hash=script_hash,
            update_counter=0,
            code=Code(modelled_nef(), modelled_manifest(symbol, ("NEP-5",), FUNGIBLE_ABI)),
            deployed_at=0,
            model=Model.TOKEN,
            symbol=symbol.lower(),
            decimals=_DECIMALS[symbol],
        )
        for contract_id, (symbol, script_hash) in zip((-1, -2), NATIVE_TOKENS["n3-preview"].items(), strict=True)
    )
