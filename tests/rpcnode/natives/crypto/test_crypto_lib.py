import subprocess
import sys

import pytest

from rpcnode.execution.hardforks import Hardfork
from rpcnode.natives.crypto_lib import CRYPTO_LIB

FIRST = {
    "bls12381Add": ["x", "y"],
    "bls12381Deserialize": ["data"],
    "bls12381Equal": ["x", "y"],
    "bls12381Mul": ["x", "mul", "neg"],
    "bls12381Pairing": ["g1", "g2"],
    "bls12381Serialize": ["g"],
    "murmur32": ["data", "seed"],
    "ripemd160": ["data"],
    "sha256": ["data"],
    "verifyWithECDsa": ["message", "pubkey", "signature", "curve"],
}
COCKATRICE = {"keccak256": ["data"], "verifyWithECDsa": ["message", "pubkey", "signature", "curveHash"]}
ECHIDNA = {"recoverSecp256K1": ["messageHash", "signature"], "verifyWithEd25519": ["message", "pubkey", "signature"]}


# The manifests of a neo-cli 3.10.2 node under each set of hardforks.
@pytest.mark.parametrize(
    ("newest", "methods"),
    [
        (None, FIRST),
        (Hardfork.Basilisk, FIRST),
        (Hardfork.Cockatrice, FIRST | COCKATRICE),
        (Hardfork.Domovoi, FIRST | COCKATRICE),
        (Hardfork.Echidna, FIRST | COCKATRICE | ECHIDNA),
        (Hardfork.Gorgon, FIRST | COCKATRICE | ECHIDNA),
    ],
)
def test_each_hardfork_has_its_methods(newest: Hardfork | None, methods: dict[str, list[str]]) -> None:
    enabled = frozenset(hardfork for hardfork in Hardfork if newest is not None and hardfork <= newest)
    manifest = CRYPTO_LIB.layout(enabled).contract.manifest
    assert {method.name: [parameter.name for parameter in method.parameters] for method in manifest.methods} == methods


def test_three_hardforks_update_it() -> None:
    assert CRYPTO_LIB.used_hardforks() == {Hardfork.Cockatrice, Hardfork.Echidna, Hardfork.Gorgon}


def test_no_library_is_loaded_before_it_is_needed() -> None:
    program = (
        "import sys, rpcnode.natives.crypto_lib\n"
        "print([name for name in ('Crypto', 'cryptography', 'mmh3', 'rpcnode.natives.crypto.bls.elements')"
        " if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
