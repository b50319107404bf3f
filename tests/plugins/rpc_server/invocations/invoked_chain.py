"""What is called in the tests of invokefunction."""

from rpcnode.primitives.json import Json

ABSENT = "0x" + "ee" * 20


def account(script_hash: str) -> Json:
    return [{"type": "Hash160", "value": script_hash}]
