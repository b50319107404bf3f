"""The script hashes of native contracts. Source: neo 3.10.2 and 3.0.0-preview2, Neo: SmartContract/Native."""

from typing import Final

from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.uint import UInt160

CONTRACT_MANAGEMENT: Final = UInt160.parse("0xfffdc93764dbaddd97c48f252a53ea4643faa3fd")
STD_LIB: Final = UInt160.parse("0xacce6fd80d44e1796aa0c2c625e9e4e0ce39efc0")
CRYPTO_LIB: Final = UInt160.parse("0x726cb6e0cd8628a1350a611384688911ab75f51b")
LEDGER: Final = UInt160.parse("0xda65b600f7124ce6c79950c1772a36403104f2be")
NEO: Final = UInt160.parse("0xef4073a0f2b305a38ec4050e4d3d28bc40ea63f5")
GAS: Final = UInt160.parse("0xd2a4cff31913016155e38e474a2c06d08be276cf")
POLICY: Final = UInt160.parse("0xcc5e4edd9f5f8dba8bb65734541df7a1c081c67b")
ROLE_MANAGEMENT: Final = UInt160.parse("0x49cf4e5378ffcd4dec034fd98a174c5491e395e2")
ORACLE: Final = UInt160.parse("0xfe924b7cfe89ddd271abaf7210a80a7e11178758")
NOTARY: Final = UInt160.parse("0xc1e14f19c3e60d0b9244d06dd7ba9b113135ec3b")
TREASURY: Final = UInt160.parse("0x156326f25b1b5d839a4d326aeaa75383c9563ac1")

NATIVES_OF_N3: Final = {
    "ContractManagement": CONTRACT_MANAGEMENT,
    "StdLib": STD_LIB,
    "CryptoLib": CRYPTO_LIB,
    "LedgerContract": LEDGER,
    "NeoToken": NEO,
    "GasToken": GAS,
    "PolicyContract": POLICY,
    "RoleManagement": ROLE_MANAGEMENT,
    "OracleContract": ORACLE,
    "Notary": NOTARY,
    "Treasury": TREASURY,
}
"""N3's native contracts by name, whether their hardfork has come or not."""

NATIVE_HASHES_OF_N3: Final = frozenset(NATIVES_OF_N3.values())

NATIVE_TOKENS: dict[ProfileName, dict[str, UInt160]] = {
    "n3": {"NEO": NEO, "GAS": GAS},
    "n3-preview": {
        "NEO": UInt160.parse("0x9bde8f209c88dd0e7ca3bf0af0f476cdd8207789"),
        "GAS": UInt160.parse("0x8c23f196d8a1bfd103a9dcb1f9ccf0c611377d3b"),
    },
    "n2": {},  # NEO and GAS are no contracts there, but UTXO assets
}
"""The tokens that a fixture may use without declaring them: name and script hash, in the order of their deployment."""

_METADATA: dict[UInt160, tuple[bytes, int]] = {
    NEO: (b"NEO", 0),
    GAS: (b"GAS", 8),
}


def native_metadata(script_hash: UInt160) -> tuple[bytes, int] | None:
    """Symbol and decimals of N3's native tokens, whose scripts hold neither."""
    return _METADATA.get(script_hash)
