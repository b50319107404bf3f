"""Open wallets of the older profiles and the texts of JSON values there, for plugins that answer for them."""

import json
from collections.abc import Callable
from typing import Final

from rpcnode.chain.client_block import earned_until
from rpcnode.chain.wallets import neo2_payments, preview2_payments
from rpcnode.chain.wallets.neo2_coins import Neo2Coins
from rpcnode.chain.wallets.older_amounts import amount_of, decimal_text, fixed8_of
from rpcnode.chain.wallets.older_balances import decimals_of, held_together
from rpcnode.chain.wallets.older_signing import added, key_of
from rpcnode.payloads.neo2.transaction import Neo2Transaction
from rpcnode.payloads.preview2.transaction import Preview2Transaction
from rpcnode.primitives.dotnet_text import double_text_of_15_digits, double_text_of_net_8
from rpcnode.primitives.errors import LeakedException, ProfileName
from rpcnode.primitives.json import Json

__all__ = [
    "Neo2Coins",
    "Neo2Transaction",
    "Preview2Transaction",
    "added",
    "amount_of",
    "decimal_text",
    "decimals_of",
    "earned_until",
    "fixed8_of",
    "held_together",
    "key_of",
    "neo2_payments",
    "preview2_payments",
    "text_of",
]

NULL_REFERENCE: Final = (-2147467261, "Object reference not set to an instance of an object.")

_NUMBERS: Final[dict[ProfileName, Callable[[float], str]]] = {
    "n2": double_text_of_15_digits,
    "n3-preview": double_text_of_net_8,
}


def text_of(profile: ProfileName, value: Json) -> str:
    """What an older node reads of a value that should be a text. Raises LeakedException for null."""
    match value:
        case None:
            raise LeakedException(*NULL_REFERENCE)
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int() | float():
            return _NUMBERS[profile](float(value))
        case list():
            return ",".join("" if item is None else text_of(profile, item) for item in value)
    return json.dumps(value)
