"""Commands that put real transactions into real blocks, in the words of fixtures and through the same code."""

from dataclasses import replace
from typing import Final, NamedTuple

from rpcnode.chain.declaration import DeclaredContract, DeclaredTransaction, PlayError
from rpcnode.chain.described.described import hash_deriver
from rpcnode.chain.ledger import Ledger
from rpcnode.chain.mempool import Work
from rpcnode.chain.miner import Miner
from rpcnode.dev.control.chain_names import names_of
from rpcnode.dev.control.method import DevFailed, dev_method
from rpcnode.dev.control.parameter_place import ParameterPlace, parameter, reading_parameters
from rpcnode.dev.fixture.balance_of import read_balance_of
from rpcnode.dev.fixture.blocks import BlockReader, check_deployed
from rpcnode.dev.fixture.contracts import is_compiled, read_contracts, rest_of
from rpcnode.dev.fixture.names import Names
from rpcnode.dev.fixture.rest import AssetIds
from rpcnode.dev.fixture.schema import ContractData, InvocationData, NotificationData, TransferData, check_name
from rpcnode.dev.fixture.tables import anything, flag, list_of, record
from rpcnode.dev.places.place import Place
from rpcnode.plugin.assets import Assets, unique_asset_id
from rpcnode.plugin.base import Fidelity
from rpcnode.primitives.errors import NodeError
from rpcnode.primitives.json import Json
from rpcnode.primitives.uint import UInt160

_read_transfer: Final = record(TransferData)
_read_notification: Final = record(NotificationData)
_read_invocation: Final = record(InvocationData)
_read_contract: Final = record(ContractData)
_PLACED_BY_THE_BLOCK: Final = ("deployed_at", "destroyed_at")


class ChainControl:
    """Makes transactions; a block takes them in as the mining mode has it. Each answers the transaction's id."""

    def __init__(self, ledger: Ledger, miner: Miner, assets: Assets) -> None:
        self._ledger = ledger
        self._miner = miner
        self._assets = assets

    @dev_method("dev_transfer")
    def transfer(self, transfer: Json) -> Json:
        """Moves a token: {asset, from, to, amount, token_id?}. `from` null mints, `to` null burns.

        The sender signs where its key is known. Who has too little gets an error, and nothing is mined.
        """
        place = parameter("transfer")
        with reading_parameters():
            return self._submit_transfer(_read_transfer(transfer, place))

    @dev_method("dev_mint")
    def mint(self, mint: Json) -> Json:
        """Mints a token: {asset, to, amount, token_id?}."""
        place = parameter("mint")
        with reading_parameters():
            data = _read_transfer(mint, place)
            if data.sender is not None:
                raise place.member("from").error("nobody is minted from; dev_transfer moves tokens")
            if data.receiver is None:
                raise place.member("to").error("is missing, and required")
            return self._submit_transfer(data)

    @dev_method("dev_deploy", fidelity=Fidelity.MODELLED)
    def deploy(self, contract: Json) -> Json:
        """Deploys a contract: {key?, nef, manifest, data?, deployer?, signers?, rest?} or {key?, hash?, standard,
        name?, symbol?, decimals?, total_supply?, tokens?, balance_of?, rest?}.

        As one of a fixture's contracts, with `key` for the name that stands before it there, the contract's own name
        where that is left out. The script hash is the one that N3 derives, unless it is given. `nef` is Base64,
        `manifest` an object or its text. The first of `signers` sends and pays the deployment, as `deployer` does.
        """
        place = parameter("contract")
        with reading_parameters():
            declared = self._read_deployment(contract, place)
        return self._submit(Work(DeclaredTransaction((), (), False, place.where), declared))

    @dev_method("dev_invoke")
    def invoke(self, invocation: Json) -> Json:
        """Calls a contract: {contract, method, args?, signers?, faults?}.

        The first of the signers sends and pays the transaction, if it has the GAS for it, else the validators' account
        does. A call that fails gets an error, and nothing is mined; with `faults` it is mined, and has to fail.
        """
        place = parameter("invocation")
        with reading_parameters():
            faults, invocation = _faults(invocation, place)
            data = _read_invocation(invocation, place)
            read = self._chain().reader.invocation(data, self._ledger.height + 1)
        payer = read.signers[0].account if read.signers else None
        return self._submit(Work(DeclaredTransaction((), (), faults, place.where, invocations=(read,), payer=payer)))

    @dev_method("dev_notify")
    def notify(self, notification: Json) -> Json:
        """Makes a contract's event: {contract, event, state, faults?}. It moves nothing.

        With `faults` the transaction is executed and fails, and its event does not count.
        """
        place = parameter("notification")
        with reading_parameters():
            faults, notification = _faults(notification, place)
            data = _read_notification(notification, place)
            chain = self._chain()
            event = chain.reader.notification(data)
            contract = chain.names.asset(event.contract, place.member("contract"))
            check_deployed(contract, self._ledger.height + 1, place.member("contract"))
            asset = chain.hash_text(event.contract, place.member("contract"))
        return self._submit(Work(DeclaredTransaction((), (replace(event, contract=asset),), faults, place.where)))

    def _submit_transfer(self, data: TransferData) -> Json:
        chain = self._chain()
        transfer = chain.reader.transfer(data, self._ledger.height + 1)
        asset = transfer.asset if transfer.is_coin else chain.hash_text(transfer.asset, data.place)
        return self._submit(Work(DeclaredTransaction((replace(transfer, asset=asset),), (), False, transfer.where)))

    def _submit(self, work: Work) -> Json:
        try:
            return str(self._miner.submit(work))
        except PlayError as error:
            raise DevFailed(error.message) from error
        except NodeError as error:
            raise DevFailed(str(error)) from error

    def _chain(self) -> "_Chain":
        names = names_of(self._ledger, self._miner.contracts)
        return _Chain(names, BlockReader(names, self._ledger.profile))

    def _read_deployment(self, written: Json, place: ParameterPlace) -> DeclaredContract:
        key: Json = None
        signers: Json = None
        if isinstance(written, dict):
            for member in _PLACED_BY_THE_BLOCK:
                if member in written:
                    raise place.member(member).error("comes from the block; leave it out")
            key = written.get("key")
            if key is None:
                key = written.get("name")
            signers = written.get("signers")
            written = {member: value for member, value in written.items() if member not in ("key", "signers")}
        data = _read_contract(written, place)
        if is_compiled(data):
            return self._read_compiled(key, data, signers, place)
        if signers is not None:
            raise place.member("signers").error(
                "goes with nef; what a fixture declares the validators' account deploys"
            )
        key = _checked_key(key, place)
        contract = read_contracts({key: data}, self._ledger.profile, hash_deriver(self._ledger.profile)).declared[key]
        self._check_free(key, contract, place)
        asset_id = self._asset_ids(contract).of_contract(contract, place)
        names = names_of(self._ledger, self._miner.contracts)
        balance_of = read_balance_of(contract, data, names, self._ledger.profile)
        rest = replace(contract.rest, unique_asset_id=asset_id)
        return replace(contract, rest=rest, balance_of=balance_of)

    def _read_compiled(
        self, key: Json, data: ContractData, written_signers: Json, place: ParameterPlace
    ) -> DeclaredContract:
        # Loaded for who has one only.
        from rpcnode.dev.fixture.compiled import CompiledReader
        from rpcnode.dev.fixture.invocations import InvocationReader

        names, inner = self._chain().names, place.member("signers")
        invocations = InvocationReader(names, self._ledger.profile)
        signers = (
            () if written_signers is None else invocations.signers(list_of(anything)(written_signers, inner), inner)
        )
        if signers and data.deployer is not None:
            raise place.member("deployer").error("the first of signers deploys; leave one of the two out")
        reader = CompiledReader(names, lambda: self._ledger.validators, self._ledger.profile, reads_files=False)
        contract = reader.read("", data, signers)
        contract = replace(contract, key=_checked_key(contract.name if key is None else key, place))
        self._check_free(contract.key, contract, place)
        assert contract.compiled is not None
        compiled = replace(contract.compiled, data=invocations.argument(data.data, place.member("data")))
        rest = replace(rest_of(data.rest), unique_asset_id=self._asset_ids(contract).of_contract(contract, place))
        return replace(contract, compiled=compiled, rest=rest)

    def _asset_ids(self, contract: DeclaredContract) -> AssetIds:
        """The unique asset ids of all tokens but those that stood under the contract's hash before."""
        _, *others = self._assets.chains.values()
        listed = [asset for chain in others for asset in chain.assets()]
        known = [(other, label) for other, label in self._miner.contracts if other.script_hash != contract.script_hash]
        return AssetIds(
            [(int(unique_asset_id(other, label), 16), label.key or other.name) for other, label in known]
            + [(int(asset.unique_asset_id, 16), f"{asset.symbol} of chain {asset.chain_id}") for asset in listed]
        )

    def _check_free(self, key: str, contract: DeclaredContract, place: ParameterPlace) -> None:
        """Raises FixtureError for a name that is taken, or a hash under which a contract stands or will stand."""
        after = self._ledger.height + 1
        for other, label in self._miner.contracts:
            if other.destroyed_at is not None and other.destroyed_at <= after:
                continue
            if label.key == key:
                raise place.member("key").error(f"there is a contract {key} already, {other.script_hash}")
            if other.script_hash == contract.script_hash:
                hint = "give it another hash or name"
                raise place.member("hash").error(f"there is a contract {other.script_hash} already; {hint}")
        if self._chain().names.named_account(key, place) is not None:
            raise place.member("key").error(f"{key} is the name of an account; take another one")


def _faults(written: Json, place: ParameterPlace) -> tuple[bool, Json]:
    """Whether something has to fail, and what is written without that."""
    if not isinstance(written, dict) or "faults" not in written:
        return False, written
    faults = flag(written["faults"], place.member("faults"))
    return faults, {key: value for key, value in written.items() if key != "faults"}


def _checked_key(key: Json, place: ParameterPlace) -> str:
    if not isinstance(key, str):
        hint = "is missing, and required where there is no name; it is what the contract is called here"
        raise place.member("key").error(hint)
    check_name(key, place.member("key"))
    return key


class _Chain(NamedTuple):
    """The chain's names, and what reads movements and events with them."""

    names: Names
    reader: BlockReader

    def hash_text(self, key: str, place: Place) -> str:
        """The script hash of the contract with a name, as a waiting transaction names it."""
        script_hash = self.names.asset(key, place).script_hash
        assert isinstance(script_hash, UInt160)
        return str(script_hash)
