"""A wallet file for keys that everybody has: it opens at once, and hides nothing."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from rpcnode.payloads.account_scripts import ACCOUNT_SCRIPTS
from rpcnode.payloads.wallet.nep2 import QUICK, encrypted_key
from rpcnode.payloads.wallet.nep6 import WalletAccount, WalletFile
from rpcnode.primitives.address import address_of
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.errors import ProfileName
from rpcnode.primitives.files import make_private
from rpcnode.primitives.keys import public_key_of


def write_wallet(
    path: Path, keys: Iterable[tuple[str, bytes]], password: str, profile: ProfileName, address_version: int
) -> None:
    """Writes a file that does not exist yet, with labelled private keys of 32 bytes; the first is the default account.

    Raises OSError where it cannot.
    """
    scripts = ACCOUNT_SCRIPTS[profile]

    def address(public_key: ECPoint) -> str:
        return address_of(scripts.account(public_key), address_version)

    accounts = [
        WalletAccount.of_key(
            public_key_of(private_key), encrypted_key(private_key, password, QUICK, address), scripts, label
        )
        for label, private_key in keys
    ]
    accounts[:1] = [replace(first, is_default=True) for first in accounts[:1]]
    with make_private(path) as file:
        file.write(WalletFile(QUICK, tuple(accounts), path.stem).to_bytes(address_version))
