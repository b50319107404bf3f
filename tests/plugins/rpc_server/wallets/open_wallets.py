"""Nodes on the dev chain whose methods are all enabled, and wallets of its accounts."""

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Final

import pytest

from rpcnode.chain.wallets.new_file import write_wallet
from rpcnode.primitives.address import N3_VERSION
from rpcnode.primitives.keys import private_key_from_wif
from rpcnode.testing import LocalNode, RpcCallError, in_process

GAS: Final = "0xd2a4cff31913016155e38e474a2c06d08be276cf"
NEO: Final = "0xef4073a0f2b305a38ec4050e4d3d28bc40ea63f5"
STRANGER: Final = "NcLvvsPiLdueDftHRSY6L3FmXaBcsLPn8Z"
"""An account of nobody's here."""
NO_TRANSACTION: Final = "0x" + "00" * 32
PASSWORD: Final = "pass"


def running(**settings: object) -> AbstractContextManager[LocalNode]:
    """A node with these settings of RpcServer."""
    return in_process(
        settings={f"RpcServer.{key}": value for key, value in ({"DisabledMethods": []} | settings).items()}
    )


def keys_of(node: LocalNode, *names: str) -> list[bytes]:
    """The private keys of accounts of the dev chain."""
    return [private_key_from_wif(node.accounts[name].wif or "") for name in names]


def open_in(node: LocalNode, path: Path, *names: str) -> None:
    """Lets a node open a new wallet of some accounts of the dev chain."""
    write_wallet(path, zip(names, keys_of(node, *names), strict=True), PASSWORD, "n3", N3_VERSION)
    assert node.call("openwallet", str(path), PASSWORD) is True


def refusal(node: LocalNode, method: str, *params: Any) -> tuple[int, str]:
    """Code and message of an error."""
    with pytest.raises(RpcCallError) as refused:
        node.call(method, *params)
    return refused.value.code, refused.value.message
