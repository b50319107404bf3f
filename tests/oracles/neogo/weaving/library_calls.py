"""Random calls of StdLib and CryptoLib that leave one simple item."""

from collections.abc import Sequence
from random import Random
from typing import Final

from rpcnode.execution.native_hashes import CRYPTO_LIB, STD_LIB
from rpcnode.primitives.keys import sign
from rpcnode.vm.opcode import Opcode
from tests.oracles.neogo.code import Code, Value
from tests.oracles.neogo.people import Key

G1: Final = bytes.fromhex(
    "97f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb"
)
G2: Final = bytes.fromhex(
    "93e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e"
    "024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8"
)
ED25519: Final = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
_SIGNED: Final = bytes.fromhex(
    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
    "d25bf5f0595bbe24655141438e7a100b"
)
"""Of the empty message. Source: RFC 8032, 7.1, test 1."""

_TEXTS: Final = ("", "a", "abc", "hello world", "1", "-17", "00ff", "Zm9v", "3yZe7d", "x" * 60, "1" * 40)
_ITEMS: Final[tuple[Value, ...]] = (
    *(0, -5, 2**40, True, None, b"", b"bytes", [1, [2, [3]], b"x"], [], {b"a": 1, b"b": [True, None]}),
)


def std_call(rng: Random, code: Code) -> None:
    """One of StdLib's."""
    text, number = rng.choice(_TEXTS), rng.choice((0, 5, -5, 2**40, -(2**70)))
    calls: tuple[tuple[str, list[Value]], ...] = (
        *(("itoa", [number]), ("itoa", [number, rng.choice((10, 16, 8))])),
        *(("atoi", [text]), ("atoi", [text, 16]), ("base64Encode", [text]), ("base64Decode", [text])),
        *(("base58Encode", [text]), ("base58Decode", [text or "1"]), ("base58CheckEncode", [text])),
        *(("base58CheckDecode", [rng.choice(("3QJmnh1", "jpUz5f99p1R", "1"))]), ("memoryCompare", [text, "abc"])),
        *(("memorySearch", [text, "b"]), ("memorySearch", [text, "l", 3]), ("strLen", [text])),
        *(("memorySearch", ["hello", "l", 5, True]), ("hexEncode", [text]), ("hexDecode", [text])),
        *(("serialize", [rng.choice(_ITEMS)]), ("jsonSerialize", [rng.choice(_ITEMS)])),
    )
    method, args = rng.choice(calls)
    if rng.random() < 0.2:
        code.invoke(STD_LIB, "serialize", [rng.choice(_ITEMS)]).contract(STD_LIB, "deserialize", 1)
        code.contract(STD_LIB, "jsonSerialize", 1)
    elif rng.random() < 0.15:
        parsed = rng.choice(('{"a":[1,2,{"b":null}],"c":"d"}', "[]", "17", '"t"', "true", '{"a":', "[1.5]"))
        code.invoke(STD_LIB, "jsonDeserialize", [parsed]).contract(STD_LIB, "serialize", 1)
    elif rng.random() < 0.1:
        code.invoke(STD_LIB, "stringSplit", ["a,b,,c", ",", rng.random() < 0.5]).contract(STD_LIB, "serialize", 1)
    elif method == "base58CheckEncode":
        # Of a constant, neo-go 0.120 writes the checksum over the instructions behind it (base58.CheckEncode appends in
        # place), and every later run of the contract meets them.
        code.push(text).push(b"").op(Opcode.CAT).contract(STD_LIB, method, 1)
    else:
        code.invoke(STD_LIB, method, args)


def crypto_call(rng: Random, code: Code, users: Sequence[Key]) -> None:
    """One of CryptoLib's."""
    message, user = rng.randbytes(rng.choice((0, rng.randrange(40)))), rng.choice(users)
    chance = rng.random()
    if chance < 0.5:
        method = rng.choice(("sha256", "ripemd160", "keccak256", "murmur32"))
        code.invoke(CRYPTO_LIB, method, [message, rng.randrange(2**32)] if method == "murmur32" else [message])
    elif chance < 0.8:
        signature = sign(user.private, message)
        changed = rng.random()
        if changed < 0.3:
            signature = signature[:-1] + bytes((signature[-1] ^ 1,))
        elif changed < 0.33:
            signature = signature[:-1]
        curve = rng.choice((23, 23, 23, 23, 23, 123, 123, 123, 22, 122, 0))
        code.invoke(CRYPTO_LIB, "verifyWithECDsa", [message, user.public, signature, curve])
    elif chance < 0.85:
        code.invoke(CRYPTO_LIB, "recoverSecp256K1", [rng.randbytes(32), rng.randbytes(64) + b"\x1b"])
        code.op(Opcode.ISNULL)
    elif chance < 0.9:
        # A key that is no point: a fault since Gorgon on neo-cli, false on neo-go. So this is one.
        code.invoke(CRYPTO_LIB, "verifyWithEd25519", [message, ED25519, rng.choice((_SIGNED, rng.randbytes(64)))])
    else:
        _points(rng, code)


def _points(rng: Random, code: Code) -> None:
    """BLS12-381: a sum, a product or a pairing of known points, serialized."""
    point = rng.choice((G1, G2))
    deserialized = Code().invoke(CRYPTO_LIB, "bls12381Deserialize", [point]).to_bytes()
    match rng.randrange(3):
        case 0:
            code.raw(deserialized + deserialized).contract(CRYPTO_LIB, "bls12381Add", 2)
        case 1:
            scalar = rng.randrange(2**250).to_bytes(32, "little")
            code.value(rng.random() < 0.5).value(scalar).raw(deserialized).contract(CRYPTO_LIB, "bls12381Mul", 3)
        case _:
            code.invoke(CRYPTO_LIB, "bls12381Deserialize", [G2]).invoke(CRYPTO_LIB, "bls12381Deserialize", [G1])
            code.contract(CRYPTO_LIB, "bls12381Pairing", 2)
    code.contract(CRYPTO_LIB, "bls12381Serialize", 1)
