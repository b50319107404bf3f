"""The native tokens that a fixture may use without declaring them."""

from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.uint import UInt160

NATIVE_TOKENS: dict[ProfileName, dict[str, UInt160]] = {
    "n3": {
        "NEO": UInt160.parse("0xef4073a0f2b305a38ec4050e4d3d28bc40ea63f5"),
        "GAS": UInt160.parse("0xd2a4cff31913016155e38e474a2c06d08be276cf"),
    },
    "n3-preview": {
        "NEO": UInt160.parse("0x9bde8f209c88dd0e7ca3bf0af0f476cdd8207789"),
        "GAS": UInt160.parse("0x8c23f196d8a1bfd103a9dcb1f9ccf0c611377d3b"),
    },
    "n2": {},  # NEO and GAS are no contracts there, but UTXO assets
}
"""Name and script hash, in the order in which they were deployed.

Source: neo 3.9 and 3.0.0-preview2, Neo: SmartContract/Native.
"""

_METADATA: dict[UInt160, tuple[bytes, int]] = {
    NATIVE_TOKENS["n3"]["NEO"]: (b"NEO", 0),
    NATIVE_TOKENS["n3"]["GAS"]: (b"GAS", 8),
}


def native_metadata(script_hash: UInt160) -> tuple[bytes, int] | None:
    """Symbol and decimals of N3's native tokens, whose scripts hold neither."""
    return _METADATA.get(script_hash)
