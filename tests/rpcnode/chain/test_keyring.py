"""Witnesses of the validators, whose keys a node may know in part."""

from dataclasses import replace

import pytest

from rpcnode.chain.format.layouts import layout_of
from rpcnode.chain.keyring import Keyring, validators_address
from rpcnode.chain.network import network_defaults
from rpcnode.payloads.account_scripts import ACCOUNT_SCRIPTS
from rpcnode.payloads.witness import Witness
from rpcnode.primitives.keys import derive_private_key, public_key_of

PRIVATE_KEYS = tuple(derive_private_key("keyring", number) for number in range(4))
SCRIPTS = ACCOUNT_SCRIPTS["n3"]
SIGNATURE_PUSHED = 66  # bytes


@pytest.mark.parametrize(("known", "signatures"), [(4, 3), (3, 3), (2, 0)])
def test_a_header_has_as_many_signatures_as_it_needs_or_none(known: int, signatures: int) -> None:
    committee = tuple(map(public_key_of, PRIVATE_KEYS))
    parameters = replace(network_defaults("n3"), standby_committee=committee, validators_count=4)
    keys = {SCRIPTS.account(public_key_of(key)): key for key in PRIVATE_KEYS[:known]}
    keyring = Keyring(layout_of("n3", parameters.magic), parameters, keys)
    witness = keyring.witness(validators_address(SCRIPTS, parameters), b"unsigned")
    assert isinstance(witness, Witness)
    assert len(witness.invocation) == signatures * SIGNATURE_PUSHED
    assert witness.verification == (SCRIPTS.bft(committee) if signatures else b"")
