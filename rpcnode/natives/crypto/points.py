"""Points of secp256k1 and Ed25519 that can be added and multiplied; pycryptodome's, which the first call loads."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from Crypto.PublicKey._point import EccPoint


def library_point(x: int, y: int, curve: str) -> "EccPoint":
    """The point with these coordinates, which has to be on the curve."""
    from Crypto.PublicKey import ECC

    return ECC.EccPoint(x, y, curve=curve)  # type: ignore[attr-defined]  # imported there, not declared
