"""The native contracts of a described chain, by profile and hardfork."""

import pytest

from rpcnode.chain.native_states import native_states
from rpcnode.chain.network import network_defaults
from rpcnode.execution.contract_state import Model
from rpcnode.natives.states import Hardforks

UP_TO_DOMOVOI: Hardforks = (("Aspidochelone", 0), ("Basilisk", 0), ("Cockatrice", 0), ("Domovoi", 0))


@pytest.mark.parametrize(
    ("hardforks", "notary", "treasury"),
    [
        (network_defaults("n3").hardforks, 0, 0),
        ((*UP_TO_DOMOVOI, ("Echidna", 7_300_000), ("Faun", 8_800_000)), 7_300_000, 8_800_000),  # the main network's
        ((*UP_TO_DOMOVOI, ("Echidna", 5)), 5, None),
        (UP_TO_DOMOVOI, None, None),
    ],
)
def test_a_native_contract_is_active_from_its_hardfork_on(
    hardforks: Hardforks, notary: int | None, treasury: int | None
) -> None:
    heights = {state.name: state.deployed_at for state in native_states("n3", hardforks)}
    assert (heights.pop("Notary", None), heights.pop("Treasury", None)) == (notary, treasury)
    assert set(heights.values()) == {0}
    assert len(heights) == 9


def test_neo_and_gas_move_as_tokens_and_no_other_native_does() -> None:
    states = native_states("n3", network_defaults("n3").hardforks)
    assert {state.name: (state.symbol, state.decimals) for state in states if state.model is Model.TOKEN} == {
        "NeoToken": ("NEO", 0),
        "GasToken": ("GAS", 8),
    }


def test_preview2_has_modelled_neo_and_gas_and_neo_2_no_native_contract() -> None:
    assert [(state.contract_id, state.symbol) for state in native_states("n3-preview", ())] == [
        (-1, "neo"),
        (-2, "gas"),
    ]
    assert native_states("n2", ()) == ()
