"""Where an application log says something else of a failure than RPC does. The texts are those of neo-cli 3.10.2."""

import pytest

from rpcnode.execution.records import Trigger
from rpcnode.natives.crypto_lib import CRYPTO_LIB
from rpcnode.natives.native import NativeContract
from rpcnode.natives.std_lib import STD_LIB
from rpcnode.primitives.errors import VmFault
from rpcnode.vm.script_builder import Pushable, ScriptBuilder
from tests.rpcnode.natives.native_world import NativeWorld, transaction

OFF_CURVE = b"\x04" + bytes(63) + b"\x01"
NOT_ON_CURVE = "error:0800006B:elliptic curve routines::point is not on curve"
NO_HEX = "Failed to convert hex string to bytes: The input contains invalid hexadecimal characters."
HEX_DIGITS = "Valid hex characters are 0-9, A-F, and a-f."


@pytest.fixture(scope="module")
def world() -> NativeWorld:
    return NativeWorld()


@pytest.mark.parametrize(
    ("native", "method", "args", "shown", "logged"),
    [
        (
            STD_LIB,
            "hexDecode",
            ("0",),
            "The input is not a valid hex string as its length is not a multiple of 2.",
            f"{NO_HEX} Input: '0'. {HEX_DIGITS}",
        ),
        (
            STD_LIB,
            "hexDecode",
            ("z" * 102,),
            "The input is not a valid hex string as it contains a non-hex character.",
            f"{NO_HEX} Input length: 102 characters. {HEX_DIGITS}",
        ),
        (
            STD_LIB,
            "jsonDeserialize",
            (b'"\xff"',),
            "Unable to translate bytes [FF] at index 0 from specified code page to Unicode.",
            "Cannot transcode invalid UTF-8 JSON text to UTF-16 string.",
        ),
        (
            CRYPTO_LIB,
            "verifyWithECDsa",
            (b"", OFF_CURVE, bytes(64), 23),
            NOT_ON_CURVE,
            f"{NOT_ON_CURVE} (Parameter 'pubkey')",
        ),
        (STD_LIB, "atoi", ("x",), "The value could not be parsed.", "The value could not be parsed."),
    ],
    ids=["odd digits", "long text", "no UTF-8", "off the curve", "one text"],
)
def test_a_log_has_the_text_of_the_outer_exception(
    world: NativeWorld, native: NativeContract, method: str, args: tuple[Pushable, ...], shown: str, logged: str
) -> None:
    script = ScriptBuilder().call(native.hash, method, args).to_bytes()
    engine = world.engine(Trigger.APPLICATION, transaction(script, ()), world.block(1), world.storage.child())
    engine.load_entry(script)
    engine.execute()
    assert engine.execution().exception == shown
    assert engine.execution(as_logged=True).exception == logged


def test_a_fault_says_the_same_everywhere_unless_told_otherwise() -> None:
    assert VmFault("text").logged is None
