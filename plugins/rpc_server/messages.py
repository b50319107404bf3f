"""Signed messages.

Source: neo-node 3.10, plugins/RpcServer: RpcServer.Wallet: SignMsg, VerifyMsg; neo 3.10, Neo: Cryptography/ECC/ECPoint,
ECFieldElement, Crypto.VerifySignature.
"""

from rpcnode.plugin import Answer, Json, Result, errors, rpc_method
from rpcnode.plugin.steps import Steps, answer_of_steps
from rpcnode.plugin.wire import account_of
from rpcnode.plugins.rpc_server.group import MethodGroup
from rpcnode.plugins.rpc_server.wallet import key_failure
from rpcnode.primitives.binary import BinaryWriter
from rpcnode.primitives.ecpoint import FIELD_SIZE, ECPoint
from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.hashes import hash256
from rpcnode.primitives.keys import public_key_of, sign, verify

_HEADER = bytes.fromhex("010001f0")
_SIGNATURE_SIZE = 64
_SALT_SIZE = 16


class MessageMethods(MethodGroup):
    """The methods of the C# node's Wallet group about texts that are signed."""

    @rpc_method(profiles=("n3",))
    def sign_msg(self, message: str, avoid_signature_replay: bool = False) -> Answer:
        """The signatures of a message and a salt, one of each key of the open wallet.

        With `avoidSignatureReplay` they hold on this network alone.
        """
        wallet = self._open_wallet
        salt = self._drawn().randbytes(_SALT_SIZE).hex()
        payload = _payload(salt + message)
        signed = self._of_network(payload) if avoid_signature_replay else payload
        from rpcnode.plugin.wallets import multisig_of

        mode = "Sign(SHA256(network || Hash256(payload)))" if avoid_signature_replay else "Sign(payload)"

        def steps() -> Steps[Result]:
            signatures: list[Json] = []
            for account in wallet.accounts:
                yield None
                if account.contract is None or multisig_of(account.contract.script) is not None:
                    continue
                try:
                    private_key = yield from wallet.key_of(account)
                except FormatError as error:
                    raise key_failure(error) from None
                if private_key is None:
                    continue
                signatures.append(
                    {
                        "address": self._address(account.script_hash),
                        "publickey": str(public_key_of(private_key)),
                        "signature": sign(private_key, signed).hex(),
                        "salt": salt,
                    }
                )
            return {
                "curve": "secp256r1",
                "algorithm": "payload = 010001f0 + VarBytes(Salt + Message) + 0000",
                "mode": mode,
                "payload": payload.hex(),
                "signatures": signatures,
            }

        return answer_of_steps(steps())

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
            signed = self._of_network(signed)
        return {
            "address": self._address(account_of(key)),
            "publickey": str(key),
            "signature": signature,
            "salt": lowered,
            "status": "Valid" if verify(key, signed, signature_bytes) else "Invalid",
        }

    def _of_network(self, payload: bytes) -> bytes:
        """What is signed where a signature shall hold on this network alone."""
        return self._ledger.parameters.magic.to_bytes(4, "little") + hash256(payload)


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
