"""The native contracts that a chain has before its first block."""

from rpcnode.chain.native_states import native_states


def test_preview2_has_modelled_neo_and_gas_and_the_others_no_native_contract() -> None:
    assert [(state.contract_id, state.symbol) for state in native_states("n3-preview")] == [(-1, "neo"), (-2, "gas")]
    assert native_states("n2") == native_states("n3") == ()
