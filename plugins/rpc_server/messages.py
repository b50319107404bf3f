"""Signed messages.

Source: neo-node 3.10, plugins/RpcServer: RpcServer.Wallet.VerifyMsg; neo 3.10, Neo: Cryptography/ECC/ECPoint,
ECFieldElement, Crypto.VerifySignature.
"""

from rpcnode.plugin import Json, errors, rpc_method
from rpcnode.plugin.wire import account_of
from rpcnode.plugins.rpc_server.group import MethodGroup
from rpcnode.primitives.binary import BinaryWriter
from rpcnode.primitives.ecpoint import FIELD_SIZE, ECPoint
from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.hashes import hash256
from rpcnode.primitives.keys import verify

_HEADER = bytes.fromhex("010001f0")
_SIGNATURE_SIZE = 64


class MessageMethods(MethodGroup):
    """The methods of the C# node's Wallet group that need no wallet: what others signed."""

    @rpc_method(profiles=("n3",))
    def verify_msg(
        self, message: str, signature: str, public_key: str, salt: str, avoid_signature_replay: bool = False
    ) -> Json:
        """Whether a signature is that of a message and a salt; with `avoidSignatureReplay`, of this network's too."""
        key = _key(public_key)
        signature_bytes = _hex(signature)
        if signature_bytes is None:
            raise errors.InvalidParams("Invalid signature format (must be hex string)")
        if not salt:
            raise errors.InvalidParams("Salt cannot be empty")
        if len(signature_bytes) != _SIGNATURE_SIZE:
            raise errors.LeakedException(-2146233033, "Signature size should be 64 bytes.")
        lowered = _lowered(salt)
        signed = _payload(lowered + message)
        if avoid_signature_replay:
            signed = self._ledger.parameters.magic.to_bytes(4, "little") + hash256(signed)
        return {
            "address": self._address(account_of(key)),
            "publickey": str(key),
            "signature": signature,
            "salt": lowered,
            "status": "Valid" if verify(key, signed, signature_bytes) else "Invalid",
        }


def _payload(text: str) -> bytes:
    """What is signed: a script of no use, so that no signature of a message is one of a transaction."""
    return _HEADER + BinaryWriter().var_bytes(text.encode()).to_bytes() + bytes(2)


def _lowered(text: str) -> str:
    """`ToLowerInvariant`: letter by letter, where the lower case is one letter too."""
    if text.isascii():
        return text.lower()
    return "".join(lower if len(lower := letter.lower()) == 1 else letter for letter in text)


def _hex(text: str) -> bytes | None:
    """The bytes that hex digits say, and nothing but hex digits."""
    try:
        data = bytes.fromhex(text)
    except ValueError:
        return None
    return data if 2 * len(data) == len(text) else None


def _key(text: str) -> ECPoint:
    """A public key; the C# node catches one kind only of what may be wrong with it.

    Three numbers that are no point are refused in the words for two; there the node's words are those of its system's
    library.
    """
    data = _hex(text)
    if data == b"":
        raise errors.LeakedException(-2146233080, "Index was outside the bounds of the array.")
    if data is None or (data[0], len(data)) not in ((2, 33), (3, 33), (4, 65)):
        raise errors.InvalidParams("Invalid public key format")
    for start in range(1, len(data), 32):
        element = int.from_bytes(data[start : start + 32], "big")
        if element >= FIELD_SIZE:
            message = (
                f"Invalid field element value: {element}."
                f" The value must be less than the curve's prime field size {FIELD_SIZE}."
            )
            raise errors.LeakedException(-2147024809, message)
    try:
        return ECPoint.decode_point(data)
    except FormatError:
        message = (
            "Failed to decompress ECPoint: the provided X coordinate does not correspond to a valid point on the curve."
            " The point compression is invalid."
        )
        raise errors.LeakedException(-2147024362, message) from None
