"""Wallet files: NEP-6, as the nodes read and write them.

Source: NEP-6; neo 3.10.2, Wallets/NEP6: NEP6Wallet, NEP6Account, NEP6Contract, ScryptParameters.
"""

import json
import re
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, Self

from rpcnode.payloads.account_scripts import AccountScripts
from rpcnode.payloads.parameter_types import PARAMETER_TYPE_CODES
from rpcnode.payloads.wallet.nep2 import Scrypt
from rpcnode.primitives.address import address_of, script_hash_of
from rpcnode.primitives.dotnet_base64 import decode_base64
from rpcnode.primitives.dotnet_json import read_json
from rpcnode.primitives.dotnet_json_reader import JsonValue
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.errors import FormatError
from rpcnode.primitives.json import Json
from rpcnode.primitives.uint import UInt160

MAX_FILE_SIZE: Final = 4 * 1024 * 1024
"""Bytes of a wallet file at most; an account has some 500."""

_VERSION: Final = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9}){1,3}").fullmatch
_FORMAT, _ARGUMENT, _CAST, _POINTER = -2146233033, -2147024809, -2147467262, -2147467261
_NO_CAST: Final = (_CAST, "Specified cast is not valid.")
_NULL_REFERENCE: Final = (_POINTER, "Object reference not set to an instance of an object.")
_NULL_LIST: Final = (_POINTER, "Value cannot be null. (Parameter 'source')")
_NO_VERSION: Final = (_ARGUMENT, "Version string portion was too short or too long. (Parameter 'input')")
_NO_BASE64: Final = (
    _FORMAT,
    "The input is not a valid Base-64 string as it contains a non-base 64 character, more than two padding"
    " characters, or an illegal character among the padding characters.",
)
_JSON_CLASSES: Final[dict[type, str]] = {
    bool: "JBoolean",
    int: "JNumber",
    float: "JNumber",
    str: "JString",
    list: "JArray",
    dict: "JObject",
}


class BadWallet(FormatError):
    """What is read is no wallet; `leaked` are HResult and message of the exception that neo-cli 3.10 has then."""

    def __init__(self, message: str, leaked: tuple[int, str]) -> None:
        super().__init__(message)
        self.leaked: Final = leaked

    @property
    def is_gap(self) -> bool:
        """Whether that is a NullReferenceException."""
        return self.leaked == _NULL_REFERENCE


@dataclass(frozen=True, slots=True)
class WalletContract:
    """What opens an account: its verification script, and name and type of each parameter of that.

    `is_deployed`: the account is a contract of the chain.
    """

    script: bytes
    parameters: tuple[tuple[str, str], ...]
    is_deployed: bool = False

    def to_json(self) -> Json:
        return {
            "script": b64encode(self.script).decode(),
            "parameters": [{"name": name, "type": kind} for name, kind in self.parameters],
            "deployed": self.is_deployed,
        }


@dataclass(frozen=True, slots=True)
class WalletAccount:
    """An account as it is kept: `nep2` is its encrypted key, None where the wallet only watches, or has no key."""

    script_hash: UInt160
    nep2: str | None
    contract: WalletContract | None
    label: str | None = None
    is_default: bool = False
    is_locked: bool = False
    extra: Json = None

    @classmethod
    def of_key(cls, public_key: ECPoint, nep2: str, scripts: AccountScripts, label: str | None = None) -> Self:
        """The account that one key opens."""
        contract = WalletContract(scripts.single_key(public_key), (("signature", "Signature"),))
        return cls(scripts.account(public_key), nep2, contract, label)

    def to_json(self, address_version: int) -> Json:
        return {
            "address": address_of(self.script_hash, address_version),
            "label": self.label,
            "isDefault": self.is_default,
            "lock": self.is_locked,
            "key": self.nep2,
            "contract": None if self.contract is None else self.contract.to_json(),
            "extra": self.extra,
        }


@dataclass(frozen=True, slots=True)
class WalletFile:
    """The content of a wallet file; no account is there twice."""

    scrypt: Scrypt
    accounts: tuple[WalletAccount, ...] = ()
    name: str | None = None
    version: str = "1.0"
    extra: Json = None

    @classmethod
    def parse(cls, data: bytes, address_version: int) -> Self:
        """Reads a file's bytes; raises BadWallet for what is no wallet of networks with that address version."""
        try:
            document = read_json(data)
        except FormatError as error:
            raise BadWallet(f"it is no JSON: {error}", (_FORMAT, str(error))) from None
        reader = _Reader(document, "")
        version = reader.text("version")
        if _VERSION(version) is None:
            raise BadWallet(f"version is {version[:80]!r}, not as 1.0", _NO_VERSION)
        name = reader.optional_text("name")
        scrypt = _scrypt(reader.inner("scrypt"))
        accounts = tuple(_account(each, address_version) for each in reader.list("accounts"))
        found: set[UInt160] = set()
        for account in accounts:
            if account.script_hash in found:
                leaked = f"An item with the same key has already been added. Key: {account.script_hash}"
                raise BadWallet(f"{account.script_hash} is there twice", (_ARGUMENT, leaked))
            found.add(account.script_hash)
        return cls(scrypt, accounts, name, version, _whole(reader.value("extra")))

    def with_account(self, account: WalletAccount) -> Self:
        """The same with an account more, or with another key of one that is there, whose label and marks stay."""
        old = next((each for each in self.accounts if each.script_hash == account.script_hash), None)
        if old is None:
            return replace(self, accounts=(*self.accounts, account))
        contract = account.contract or old.contract
        if account.contract is not None and old.contract is not None:
            names = [name for name, _ in old.contract.parameters]
            kinds = [kind for _, kind in account.contract.parameters]
            parameters = tuple(zip(names, kinds, strict=False))
            contract = replace(account.contract, parameters=parameters, is_deployed=old.contract.is_deployed)
        merged = replace(old, nep2=account.nep2, contract=contract)
        return replace(self, accounts=tuple(merged if each is old else each for each in self.accounts))

    def to_bytes(self, address_version: int) -> bytes:
        """The file, as a node writes it."""
        scrypt = self.scrypt
        document = {
            "name": self.name,
            "version": self.version,
            "scrypt": {"n": scrypt.n, "r": scrypt.r, "p": scrypt.p},
            "accounts": [account.to_json(address_version) for account in self.accounts],
            "extra": self.extra,
        }
        return json.dumps(document, separators=(",", ":")).encode()


class _Reader:
    """The members of one object, with the place of each for messages. Raises BadWallet."""

    def __init__(self, value: JsonValue, place: str) -> None:
        self._place = place
        if value is None:
            raise BadWallet(f"{place or 'it'} is missing", _NULL_REFERENCE)
        if not isinstance(value, dict):
            raise BadWallet(f"{place or 'it'} is no object", _cast(value, "JObject"))
        self._members = value

    def value(self, name: str) -> JsonValue:
        """A member; None where it is missing."""
        return self._members.get(name)

    def place(self, name: str) -> str:
        return f"{self._place}.{name}" if self._place else name

    def inner(self, name: str) -> "_Reader":
        return _Reader(self.value(name), self.place(name))

    def list(self, name: str) -> "list[_Reader]":
        value = self.value(name)
        if value is None:
            raise BadWallet(f"{self.place(name)} is missing", _NULL_LIST)
        if not isinstance(value, list):
            raise BadWallet(f"{self.place(name)} is no list", _cast(value, "JArray"))
        return [_Reader(each, f"{self.place(name)}[{at}]") for at, each in enumerate(value)]

    def text(self, name: str) -> str:
        value = self._required(name)
        if not isinstance(value, str):
            raise BadWallet(f"{self.place(name)} is no text", _NO_CAST)
        return value

    def optional_text(self, name: str) -> str | None:
        return None if self.value(name) is None else self.text(name)

    def flag(self, name: str) -> bool:
        value = self._required(name)
        if not isinstance(value, bool):
            raise BadWallet(f"{self.place(name)} is not true or false", _NO_CAST)
        return value

    def whole_number(self, name: str) -> int:
        value = self._required(name)
        if isinstance(value, bool) or not isinstance(value, int | float) or not -(2**31) <= value < 2**31:
            raise BadWallet(f"{self.place(name)} is no number of 32 bits", _NO_CAST)
        return int(value)

    def _required(self, name: str) -> JsonValue:
        value = self.value(name)
        if value is None:
            raise BadWallet(f"{self.place(name)} is missing", _NULL_REFERENCE)
        return value


def _scrypt(reader: _Reader) -> Scrypt:
    try:
        return Scrypt(reader.whole_number("n"), reader.whole_number("r"), reader.whole_number("p"))
    except BadWallet:
        raise
    except FormatError as error:
        raise BadWallet(str(error), (_ARGUMENT, str(error))) from None


def _account(reader: _Reader, address_version: int) -> WalletAccount:
    address = reader.text("address")
    try:
        script_hash = script_hash_of(address, address_version)
    except FormatError as error:
        raise BadWallet(f"{reader.place('address')}: {error}", (_FORMAT, str(error))) from None
    nep2, label = reader.optional_text("key"), reader.optional_text("label")
    is_default, is_locked = reader.flag("isDefault"), reader.flag("lock")
    contract = None if reader.value("contract") is None else _contract(reader.inner("contract"))
    return WalletAccount(script_hash, nep2, contract, label, is_default, is_locked, _whole(reader.value("extra")))


def _contract(reader: _Reader) -> WalletContract:
    text = reader.text("script")
    script = decode_base64(text)
    if script is None:
        raise BadWallet(f"{reader.place('script')} is no Base64", _NO_BASE64)
    return WalletContract(script, tuple(_parameters(reader.list("parameters"))), reader.flag("deployed"))


def _parameters(readers: Iterable[_Reader]) -> Iterable[tuple[str, str]]:
    for reader in readers:
        name, kind = reader.text("name"), reader.text("type")
        if kind not in PARAMETER_TYPE_CODES:
            leaked = f"Requested value '{kind}' was not found."
            raise BadWallet(f"{reader.place('type')} is {kind[:80]!r}, no type of a parameter", (_ARGUMENT, leaked))
        yield name, kind


def _cast(value: JsonValue, wanted: str) -> tuple[int, str]:
    return _CAST, f"Unable to cast object of type 'Neo.Json.{_JSON_CLASSES[type(value)]}' to type 'Neo.Json.{wanted}'."


def _whole(value: JsonValue) -> Json:
    """What a file has besides, numbers as they are written again: a whole one without a point."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_whole(each) for each in value]
    if isinstance(value, dict):
        return {name: _whole(each) for name, each in value.items()}
    return value
