"""Rows of declared NEP-11 tokens as their scripts write and read them, for whoever writes them without the scripts.

The others are those of models/token.py and models/nft.py.
"""

from collections.abc import Mapping

from rpcnode.execution.serializers.binary import serialize
from rpcnode.models.declared.parts import OWNERS
from rpcnode.vm.items import Map


def properties_row(properties: Mapping[str, str]) -> bytes:
    """What stands under PROPERTIES and a token's id: a Map in the form of StdLib's serialize."""
    return serialize(Map((name.encode(), value.encode()) for name, value in properties.items()))


def owners_key(token_id: bytes, account: bytes = b"") -> bytes:
    """The key of the row that an account holds some of a divisible token; without one, what these keys begin with.

    The row's value is True, as bytes: 01. It is there as long as the one under HELD is.
    """
    return OWNERS + bytes((len(token_id),)) + token_id + account
