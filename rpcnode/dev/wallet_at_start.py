"""The wallet that a node opens when it starts: `serve --wallet FILE`."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rpcnode.chain.wallets.new_file import write_wallet
from rpcnode.chain.wallets.wallet import opened
from rpcnode.dev.accounts import DevAccount
from rpcnode.payloads.wallet.nep2 import WrongPassword
from rpcnode.primitives.errors import FormatError, NodeError, ProfileName
from rpcnode.primitives.json import wait_for

if TYPE_CHECKING:
    from rpcnode.chain.wallets.wallet import Wallet

PASSWORD_VARIABLE: Final = "RPCNODE_WALLET_PASSWORD"
DEFAULT_PASSWORD: Final = "rpcnode"


def wallet_at_start(
    path: Path,
    password: str | None,
    profile: ProfileName,
    address_version: int,
    accounts: Sequence[DevAccount] | None,
) -> "Wallet":
    """The wallet in a file; one that does not exist is written first, with `accounts`, where these are given.

    `password` None: `rpcnode`. Raises NodeError with one line for what cannot be opened.
    """
    known = DEFAULT_PASSWORD if password is None else password
    try:
        if accounts is not None and not path.exists():
            keys = [(account.name, account.private_key) for account in accounts]
            write_wallet(path, keys, known, profile, address_version)
        steps = opened(path, known, profile, address_version)
        while True:
            try:
                wait_for(next(steps))
            except StopIteration as end:
                return end.value  # type: ignore[no-any-return]
    except WrongPassword:
        told = (
            f"what {PASSWORD_VARIABLE} says" if password is not None else f"{known!r}; {PASSWORD_VARIABLE} says another"
        )
        raise NodeError(f"--wallet {path}: its password is not {told}") from None
    except FormatError as error:
        raise NodeError(f"--wallet {path}: is no wallet: {error}") from None
    except OSError as error:
        raise NodeError(f"--wallet {path}: {_cause(path, error)}") from None


def _cause(path: Path, error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        if path.parent.is_dir():
            return "there is no such file, and only the dev chain has accounts to write one with"
        return f"there is no folder {path.parent}"
    return f"cannot be opened: {error.strerror}"
