"""CryptoLib: hashes, signatures and BLS12-381, for contracts. It has no storage.

Source: neo 3.10.2, SmartContract/Native/CryptoLib.cs, CryptoLib.BLS12_381.cs.
"""

from rpcnode.execution.parameters import Byte, Interop, UInt32
from rpcnode.natives.crypto import digests, ecdsa, ed25519, secp256k1
from rpcnode.natives.native import Hardfork, NativeContract, Run, native_method
from rpcnode.primitives.hashes import ripemd160, sha256


class CryptoLib(NativeContract):
    """Functions of their arguments alone. Points of BLS12-381 are objects of the node in a contract's hands."""

    id = -3
    name = "CryptoLib"

    @native_method(cpu_fee=1 << 15, name="sha256")
    def sha_256(self, run: Run, data: bytes) -> bytes:
        """SHA-256."""
        return sha256(data)

    @native_method(cpu_fee=1 << 15, name="ripemd160")
    def ripemd_160(self, run: Run, data: bytes) -> bytes:
        """RIPEMD-160."""
        return ripemd160(data)

    @native_method(cpu_fee=1 << 13)
    def murmur32(self, run: Run, data: bytes, seed: UInt32) -> bytes:
        """MurmurHash3 of 32 bits."""
        return digests.murmur32(data, seed)

    @native_method(cpu_fee=1 << 15, active_in=Hardfork.Cockatrice)
    def keccak256(self, run: Run, data: bytes) -> bytes:
        """Keccak-256."""
        return digests.keccak256(data)

    @native_method(cpu_fee=1 << 15, name="verifyWithECDsa", deprecated_in=Hardfork.Cockatrice)
    def verify_of_first_curves(self, run: Run, message: bytes, pubkey: bytes, signature: bytes, curve: Byte) -> bool:
        """Whether a signature of the message's SHA-256 holds, on secp256k1 (22) or secp256r1 (23)."""
        return ecdsa.verify_of_first_curves(message, pubkey, signature, curve)

    @native_method(
        cpu_fee=1 << 15, name="verifyWithECDsa", active_in=Hardfork.Cockatrice, deprecated_in=Hardfork.Gorgon
    )
    def verify(self, run: Run, message: bytes, pubkey: bytes, signature: bytes, curve_hash: Byte) -> bool:
        """Whether a signature holds; 122 and 123 are the curves with Keccak-256."""
        return ecdsa.verify(message, pubkey, signature, curve_hash)

    @native_method(cpu_fee=1 << 15, name="verifyWithECDsa", active_in=Hardfork.Gorgon)
    def verify_sized(self, run: Run, message: bytes, pubkey: bytes, signature: bytes, curve_hash: Byte) -> bool:
        """Whether a signature holds; whatever is malformed fails."""
        return ecdsa.verify_sized(message, pubkey, signature, curve_hash)

    @native_method(cpu_fee=1 << 15, name="verifyWithEd25519", active_in=Hardfork.Echidna, deprecated_in=Hardfork.Gorgon)
    def verify_ed25519(self, run: Run, message: bytes, pubkey: bytes, signature: bytes) -> bool:
        """Whether a signature of Ed25519 holds."""
        return ed25519.verify(message, pubkey, signature)

    @native_method(cpu_fee=1 << 15, name="verifyWithEd25519", active_in=Hardfork.Gorgon)
    def verify_ed25519_strictly(self, run: Run, message: bytes, pubkey: bytes, signature: bytes) -> bool:
        """Whether a signature of Ed25519 holds; whatever is malformed fails."""
        return ed25519.verify_strictly(message, pubkey, signature)

    @native_method(cpu_fee=1 << 15, name="recoverSecp256K1", active_in=Hardfork.Echidna)
    def recover_secp256k1(self, run: Run, message_hash: bytes, signature: bytes) -> bytes | None:
        """The compressed key of secp256k1 that made a signature, or null."""
        return secp256k1.recover(message_hash, signature)

    @native_method(cpu_fee=1 << 19)
    def bls12381_serialize(self, run: Run, g: Interop) -> bytes:
        """The bytes of a point or of an element of the target group."""
        from rpcnode.natives.crypto.bls.elements import serialize

        return serialize(g.value)

    @native_method(cpu_fee=1 << 19)
    def bls12381_deserialize(self, run: Run, data: bytes) -> Interop:
        """The point or element of 48, 96 or 576 bytes."""
        from rpcnode.natives.crypto.bls.elements import deserialize

        return Interop(deserialize(data))

    @native_method(cpu_fee=1 << 5)
    def bls12381_equal(self, run: Run, x: Interop, y: Interop) -> bool:
        """Whether two points or elements are the same."""
        from rpcnode.natives.crypto.bls.elements import equal

        return equal(x.value, y.value)

    @native_method(cpu_fee=1 << 19)
    def bls12381_add(self, run: Run, x: Interop, y: Interop) -> Interop:
        """The sum of two points, the product of two elements."""
        from rpcnode.natives.crypto.bls.elements import add

        return Interop(add(x.value, y.value))

    @native_method(cpu_fee=1 << 21)
    def bls12381_mul(self, run: Run, x: Interop, mul: bytes, neg: bool) -> Interop:
        """The multiple of a point, the power of an element, by 32 bytes, the least significant first."""
        from rpcnode.natives.crypto.bls.elements import multiply

        return Interop(multiply(x.value, mul, negative=neg))

    @native_method(cpu_fee=1 << 23)
    def bls12381_pairing(self, run: Run, g1: Interop, g2: Interop) -> Interop:
        """The pairing of a point of G1 and one of G2."""
        from rpcnode.natives.crypto.bls.elements import pair

        return Interop(pair(g1.value, g2.value))


CRYPTO_LIB = CryptoLib()
