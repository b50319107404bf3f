"""Commands that write state past all scripts; `dev_info` tells of all of it."""

from base64 import b64decode
from typing import Annotated, Final, NamedTuple

from rpcnode.chain.injector import Injector
from rpcnode.chain.ledger import Ledger
from rpcnode.chain.miner import Miner
from rpcnode.dev.control.chain_names import names_of
from rpcnode.dev.control.method import dev_method
from rpcnode.dev.control.parameter_place import parameter, reading_parameters
from rpcnode.dev.fixture.names import Names
from rpcnode.dev.fixture.schema import reference
from rpcnode.dev.fixture.tables import anything, flag, record, text, whole_amount
from rpcnode.dev.places.errors import shown
from rpcnode.dev.places.place import Place
from rpcnode.plugin.base import Fidelity
from rpcnode.primitives.json import Json

_MAX_KEY_SIZE: Final = 64  # bytes, as the next
_MAX_VALUE_SIZE: Final = 65535


class BalanceData(NamedTuple):
    """What an account shall hold."""

    place: Place
    asset: Annotated[str, reference]
    account: Annotated[str, reference]
    amount: Annotated[int, whole_amount]
    with_transfer: Annotated[bool, flag] = False


class StorageData(NamedTuple):
    """A row of a contract."""

    place: Place
    contract: Annotated[str, reference]
    key: Annotated[Json, anything]
    value: Annotated[Json, anything] = None


class PlacedData(NamedTuple):
    """A contract, or another NEF or manifest of one."""

    place: Place
    contract: Annotated[str, reference]
    nef: Annotated[str | None, text] = None
    manifest: Annotated[Json, anything] = None


_read_balance: Final = record(BalanceData)
_read_storage: Final = record(StorageData)
_read_placed: Final = record(PlacedData)


class InjectionControl:
    """Writes in a block of its own, made at once whatever the mining mode is; what waits goes on waiting."""

    def __init__(self, ledger: Ledger, miner: Miner) -> None:
        self._ledger: Final = ledger
        self._miner: Final = miner

    @dev_method("dev_setBalance", fidelity=Fidelity.MODELLED)
    def set_balance(self, balance: Json) -> Json:
        """Has an account hold an amount of a token: {asset, account, amount, with_transfer?}; the block's index.

        Of any token with `balanceOf`: the one row of storage that sets what that answers, an error where it is not one.
        NEO pays what it has earned and moves its votes, GAS changes its supply. `with_transfer` shows a Transfer of the
        difference, from or to nobody, so that trackers follow; without, they do not know.
        """
        injector = self._injector()
        with reading_parameters():
            data, names = _read_balance(balance, parameter("balance")), self._names()
            asset = names.called(data.asset, data.place.member("asset"))
            account = names.account(data.account, data.place.member("account"))
        return injector.hold(asset, account, data.amount, with_transfer=data.with_transfer)

    @dev_method("dev_setStorage", fidelity=Fidelity.MODELLED)
    def set_storage(self, storage: Json) -> Json:
        """Writes a row of a contract's storage: {contract, key, value}, both Base64, null takes the row away.

        Gives the block's index. What native contracts store is changed by their methods only.
        """
        injector = self._injector()
        with reading_parameters():
            data, names = _read_storage(storage, parameter("storage")), self._names()
            assert isinstance(storage, dict)
            if "value" not in storage:
                raise data.place.member("value").error("is missing, and required; null takes the row away")
            contract = names.called(data.contract, data.place.member("contract"))
            key = _bytes(data.key, data.place.member("key"), _MAX_KEY_SIZE)
            value = None
            if data.value is not None:
                value = _bytes(data.value, data.place.member("value"), _MAX_VALUE_SIZE)
        return injector.write(contract, key, value)

    @dev_method("dev_setContract", fidelity=Fidelity.MODELLED)
    def set_contract(self, contract: Json) -> Json:
        """Puts a contract in place, or another NEF or manifest of one: {contract, nef?, manifest?}; the block's index.

        `contract` is a name or any script hash, `nef` Base64, `manifest` an object or its text. One that stands keeps
        its id, storage and name, and counts an update; where none stands both are needed. Its `_deploy` is not called.
        """
        injector = self._injector()
        with reading_parameters():
            data, names = _read_placed(contract, parameter("contract")), self._names()
            place = data.place
            script_hash = names.called(data.contract, place.member("contract"))
            if data.nef is None and data.manifest is None:
                raise place.member("nef").error("is missing, as is manifest; one of the two is what is put in place")
            # Loaded for who puts a contract in place only.
            from rpcnode.dev.fixture.compiled import CompiledReader

            profile = self._ledger.profile
            reader = CompiledReader(names, lambda: self._ledger.validators, profile, reads_files=False)
            nef = None if data.nef is None else reader.nef(data.nef, place.member("nef"))
            manifest = None if data.manifest is None else reader.manifest(data.manifest, place.member("manifest"))
        return injector.place(script_hash, nef, manifest)

    def _injector(self) -> Injector:
        return Injector(self._ledger, self._miner)

    def _names(self) -> Names:
        return names_of(self._ledger, self._miner.contracts)


def _bytes(written: Json, place: Place, most: int) -> bytes:
    if not isinstance(written, str):
        raise place.error(f"{shown(written)} stands where a text in Base64 belongs")
    try:
        content = b64decode(written, validate=True)
    except ValueError as error:
        raise place.error(f"{shown(written)} is not Base64: {error}") from None
    if len(content) > most:
        raise place.error(f"has {len(content)} bytes, a row's is of {most} at most")
    return content
