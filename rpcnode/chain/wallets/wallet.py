"""A wallet that is open: its accounts, its keys, and its file. The same on every profile.

Source: neo 3.10.2, Wallets/NEP6/NEP6Wallet.cs.
"""

import os
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from rpcnode.payloads.account_scripts import ACCOUNT_SCRIPTS
from rpcnode.payloads.wallet.nep2 import decrypted_key, encrypted_key
from rpcnode.payloads.wallet.nep6 import MAX_FILE_SIZE, BadWallet, WalletAccount, WalletFile
from rpcnode.primitives.address import address_of
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.errors import FormatError, ProfileName
from rpcnode.primitives.files import make_private, open_regular
from rpcnode.primitives.keys import public_key_of
from rpcnode.primitives.threads import in_thread
from rpcnode.primitives.uint import UInt160

if TYPE_CHECKING:
    from collections.abc import Generator

    from rpcnode.primitives.json import Pause

T = TypeVar("T")

_FORMAT: Final = -2146233033
_FEW_ACCOUNTS: Final = 100
_SHORT_FILE: Final = 50_000  # bytes


class Wallet:
    """The accounts of a wallet file that was opened with its password.

    What needs a key that was not used yet goes in steps, since deriving it takes half a second by the usual scrypt.
    """

    def __init__(self, path: Path, file: WalletFile, password: str, profile: ProfileName, address_version: int) -> None:
        """As `opened` and `written` do; the password is not looked at."""
        self.path: Final = path
        self._file = file
        self._by_hash = {account.script_hash: account for account in file.accounts}
        self._password: Final = password
        self._scripts: Final = ACCOUNT_SCRIPTS[profile]
        self._address_version: Final = address_version
        self._keys: Final[dict[UInt160, bytes]] = {}

    @property
    def accounts(self) -> tuple[WalletAccount, ...]:
        """All accounts, in the order of the file; those that are added come last."""
        return self._file.accounts

    @property
    def major_version(self) -> int:
        """The first number of the file's version."""
        return int(self._file.version.split(".")[0])

    def account(self, script_hash: UInt160) -> WalletAccount | None:
        """The account with a script hash."""
        return self._by_hash.get(script_hash)

    def account_of(self, public_key: ECPoint) -> WalletAccount | None:
        """The account that one key opens."""
        return self.account(self._scripts.account(public_key))

    def account_of_key(self, private_key: bytes) -> WalletAccount | None:
        """The account that a private key of 32 bytes opens."""
        return self.account_of(public_key_of(private_key))

    def script_of(self, script_hash: UInt160) -> bytes | None:
        """The verification script of an account, None for one that is not there, or has none."""
        account = self._by_hash.get(script_hash)
        return None if account is None or account.contract is None else account.contract.script

    def key_of(self, account: WalletAccount) -> "Generator[Pause, None, bytes | None]":
        """The private key of an account, None where the wallet has none.

        Raises FormatError for a key that is broken, WrongPassword for one that another password encrypts.
        """
        known = self._keys.get(account.script_hash)
        if known is not None or account.nep2 is None:
            return known
        nep2 = account.nep2
        found = yield from self._derived(
            lambda: decrypted_key(nep2, self._password, self._file.scrypt, self._address_of)
        )
        self._keys[account.script_hash] = found
        return found

    def add_key(self, private_key: bytes) -> "Generator[Pause, None, WalletAccount]":
        """The account of a private key of 32 bytes, which the file has from now on; one that it had keeps its label.

        Raises OSError where the file cannot be written, the account being in the wallet all the same, and FormatError
        for an account too many.
        """
        nep2 = yield from self._derived(
            lambda: encrypted_key(private_key, self._password, self._file.scrypt, self._address_of)
        )
        added = WalletAccount.of_key(public_key_of(private_key), nep2, self._scripts)
        base = None
        while base is not self._file:  # another account may come in meanwhile
            base = self._file
            file = base.with_account(added)
            data = yield from self._long(partial(file.to_bytes, self._address_version))
        if len(data) > MAX_FILE_SIZE:
            raise FormatError(f"a wallet file has at most {MAX_FILE_SIZE} bytes, and has no room for another account")
        self._file = file
        self._by_hash = {account.script_hash: account for account in file.accounts}
        self._keys[added.script_hash] = private_key
        self._save(data)
        return self._by_hash[added.script_hash]

    def _long(self, work: Callable[[], T]) -> "Generator[Pause, None, T]":
        """Work on the whole file: where it is long, nobody else waits for it."""
        return work() if len(self._file.accounts) <= _FEW_ACCOUNTS else (yield from in_thread(work))

    def _derived(self, work: Callable[[], T]) -> "Generator[Pause, None, T]":
        return work() if self._file.scrypt.is_quick else (yield from in_thread(work))

    def _address_of(self, public_key: ECPoint) -> str:
        return address_of(self._scripts.account(public_key), self._address_version)

    def _save(self, data: bytes) -> None:
        """Writes the file anew, whole or not at all; it stays as private as it was."""
        path = self.path.resolve()
        unfinished = path.with_name(f"{path.name}.{os.getpid()}.partial")
        try:
            with make_private(unfinished) as file:
                file.write(data)
            with suppress(FileNotFoundError):
                unfinished.chmod(path.stat().st_mode & 0o777)
            unfinished.replace(path)
        except OSError:
            with suppress(OSError):
                unfinished.unlink()
            raise


def opened(path: Path, password: str, profile: ProfileName, address_version: int) -> "Generator[Pause, None, Wallet]":
    """The wallet in a file. The password is tried on the first key; a wallet without keys opens with any.

    Raises OSError for what cannot be read, BadWallet for what is no wallet or is too long, WrongPassword, and
    FormatError where the first key is none.
    """
    with open_regular(path) as file:
        data = file.read(MAX_FILE_SIZE + 1)
    if len(data) > MAX_FILE_SIZE:
        message = f"a wallet file has at most {MAX_FILE_SIZE} bytes"
        raise BadWallet(message, (_FORMAT, message))

    def read() -> WalletFile:
        return WalletFile.parse(data, address_version)

    file_read = read() if len(data) <= _SHORT_FILE else (yield from in_thread(read))
    wallet = Wallet(path, file_read, password, profile, address_version)
    first = next((account for account in wallet.accounts if account.nep2 is not None), None)
    if first is not None:
        yield from wallet.key_of(first)
    return wallet
