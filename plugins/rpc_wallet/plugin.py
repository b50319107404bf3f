"""RpcWallet: the wallet methods of Neo 2. No wallet can be opened: that is what they say, their parameters in form.

Source: neo-modules 2.12.2, RpcWallet: RpcWallet.OnProcess, which reads the parameters before it looks for a wallet.
"""

import re
from typing import ClassVar, Final

from rpcnode.plugin import (
    NOT_GIVEN,
    Fidelity,
    Json,
    Plugin,
    ProfileName,
    RawJson,
    UInt160,
    UInt256,
    errors,
    rpc_method,
)

_FIXED8: Final = re.compile(r"\s*[+-]?(?:[0-9][0-9,]*(?:\.[0-9]*)?|\.[0-9]+)\s*", re.ASCII).fullmatch
_JSON_CLASSES: Final[dict[type, str]] = {
    bool: "JBoolean",
    int: "JNumber",
    float: "JNumber",
    str: "JString",
    dict: "JObject",
}
_INVALID_CAST: Final = -2147467262
_OUT_OF_RANGE: Final = (
    -2146233086,
    "Index was out of range. Must be non-negative and less than the size of the collection.\nParameter name: index",
)


class RpcWallet(Plugin):
    """RpcWallet's methods on a node that has no wallet open."""

    name = "RpcWallet"
    requires = ("RpcServer",)
    profiles: ClassVar[tuple[ProfileName, ...]] = ("n2",)
    interfaces: ClassVar[dict[ProfileName, tuple[str, ...]]] = {"n2": ("IRpcPlugin",)}

    @rpc_method(profiles=("n2",), fidelity=Fidelity.NOT_YET)
    def claim_gas(self, to: str | None = None) -> Json:
        """Claims the GAS that the open wallet's NEO has earned."""
        if to is not None:
            self._check_address(to)
        raise errors.NoOpenedWallet

    @rpc_method(profiles=("n2",), fidelity=Fidelity.NOT_YET)
    def dump_priv_key(self, address: str) -> Json:
        """The private key of an account of the open wallet, as a WIF."""
        self._check_address(address)
        raise errors.NoOpenedWallet

    @rpc_method(profiles=("n2",), fidelity=Fidelity.NOT_YET)
    def get_balance(self, asset_id: str) -> Json:
        """What the open wallet holds of an asset."""
        _check_asset(asset_id)
        raise errors.NoOpenedWallet

    @rpc_method(profiles=("n2",), fidelity=Fidelity.NOT_YET)
    def get_new_address(self) -> Json:
        """Makes an account in the open wallet."""
        raise errors.NoOpenedWallet

    @rpc_method(profiles=("n2",), fidelity=Fidelity.NOT_YET)
    def get_unclaimed_gas(self) -> Json:
        """The GAS that the open wallet can claim."""
        raise errors.NoOpenedWallet

    @rpc_method(profiles=("n2",), fidelity=Fidelity.NOT_YET)
    def get_wallet_height(self) -> Json:
        """The block up to which the open wallet knows the chain."""
        raise errors.NoOpenedWallet

    @rpc_method(profiles=("n2",), fidelity=Fidelity.NOT_YET)
    def import_priv_key(self, privkey: str) -> Json:
        """Adds an account to the open wallet."""
        raise errors.NoOpenedWallet

    @rpc_method(profiles=("n2",), fidelity=Fidelity.NOT_YET)
    def list_address(self) -> Json:
        """The accounts of the open wallet."""
        raise errors.NoOpenedWallet

    @rpc_method(profiles=("n2",), fidelity=Fidelity.NOT_YET)
    def send_from(
        self, asset_id: str, from_: str, to: str, value: str, fee: str = "0", change_address: str | None = None
    ) -> Json:
        """Sends an asset from an account of the open wallet."""
        _check_asset(asset_id)
        self._check_address(from_)
        self._check_address(to)
        self._check_fee_and_change(fee, change_address)
        raise errors.NoOpenedWallet

    @rpc_method(profiles=("n2",), fidelity=Fidelity.NOT_YET)
    def send_to_address(
        self, asset_id: str, address: str, value: str, fee: str = "0", change_address: str | None = None
    ) -> Json:
        """Sends an asset from the open wallet."""
        _check_asset(asset_id)
        self._check_address(address)
        self._check_fee_and_change(fee, change_address)
        raise errors.NoOpenedWallet

    @rpc_method(profiles=("n2",), fidelity=Fidelity.NOT_YET)
    def send_many(
        self,
        from_or_outputs: RawJson,
        outputs_or_fee: RawJson = NOT_GIVEN,
        fee_or_change_address: RawJson = NOT_GIVEN,
        change_address: RawJson = NOT_GIVEN,
    ) -> Json:
        """Sends to many accounts from the open wallet, or from the account that stands before the outputs."""
        listed = (from_or_outputs, outputs_or_fee, fee_or_change_address, change_address)
        given = [raw.value for raw in listed if raw is not NOT_GIVEN]
        if isinstance(given[0], str):
            self._check_address(given[0])
            given = given[1:]
        if not given:
            raise errors.LeakedException(*_OUT_OF_RANGE)
        outputs, *options = given
        if outputs is not None and not isinstance(outputs, list):
            kind = _JSON_CLASSES[type(outputs)]
            cast = f"Unable to cast object of type 'Neo.IO.Json.{kind}' to type 'Neo.IO.Json.JArray'."
            raise errors.LeakedException(_INVALID_CAST, cast)
        texts = [_text_of(option) for option in options[:2]]
        self._check_fee_and_change(texts[0] if texts else "0", texts[1] if len(texts) > 1 else None)
        raise errors.NoOpenedWallet

    def _check_fee_and_change(self, fee: str, change_address: str | None) -> None:
        if _FIXED8(fee) is None:
            raise errors.InvalidParams
        if change_address is not None:
            self._check_address(change_address)

    def _check_address(self, text: str) -> None:
        if not self.node.is_address(text):
            raise errors.InvalidParams


def _check_asset(text: str) -> None:
    """An asset is a global one, by the hash of its transaction, or a contract."""
    for kind in (UInt256, UInt160):
        try:
            kind.parse(text)
        except errors.FormatError:
            continue
        return
    raise errors.InvalidParams


def _text_of(value: Json) -> str:
    if value is None:
        raise errors.LeakedException(-2147467261, "Object reference not set to an instance of an object.")
    return value if isinstance(value, str) else str(value)
