"""The names that parameters of dev methods may use: those of the chain's accounts and contracts."""

from collections.abc import Iterable

from rpcnode.chain.db.contract_rows import Label
from rpcnode.chain.declaration import DeclaredAccount, DeclaredContract, RestAsset, Standard
from rpcnode.chain.ledger import Ledger
from rpcnode.dev.fixture.contracts import Contracts, coins_of
from rpcnode.dev.fixture.names import Names
from rpcnode.execution.contract_state import ContractState, Model
from rpcnode.execution.native_hashes import NATIVE_TOKENS
from rpcnode.primitives.uint import UInt160

_STANDARDS: dict[Model | None, Standard] = {
    Model.TOKEN: "NEP-17",
    Model.OBSERVED_TOKEN: "NEP-17",
    Model.TOLD_TOKEN: "NEP-5",
    Model.NFT: "NEP-11",
    Model.OBSERVED_NFT: "NEP-11",
}
_CLAIMED: tuple[Standard, ...] = ("NEP-11", "NEP-17", "NEP-5")


def names_of(ledger: Ledger, contracts: Iterable[tuple[ContractState, Label]]) -> Names:
    """The names of a chain's accounts, of some contracts, and of the native tokens.

    A contract that no fixture named goes by its hash, a native one by its own name. Of two with one name, the later
    has it.
    """
    known: dict[str, DeclaredContract] = coins_of(ledger.profile)
    for contract, label in sorted(contracts, key=lambda each: each[0].deployed_at):
        described = _described(contract, label)
        known[described.key] = described
    key_of_hash = {described.script_hash: key for key, described in known.items()}
    key_of_native = {
        name: key_of_hash[script_hash]
        for name, script_hash in NATIVE_TOKENS[ledger.profile].items()
        if script_hash in key_of_hash
    }
    rows = ledger.store.connection.execute("SELECT name, script_hash FROM chain_account")
    accounts = {name: DeclaredAccount(name, UInt160(script_hash)) for name, script_hash in rows}
    return Names(accounts, Contracts({}, known, key_of_native), ledger.profile, ledger.parameters.address_version)


def contract_names(ledger: Ledger) -> dict[UInt160, str]:
    """The names of the contracts that stand, native tokens under those that fixtures use."""
    natives = {script_hash: name for name, script_hash in NATIVE_TOKENS[ledger.profile].items()}
    named: dict[UInt160, str] = {}
    for contract in ledger.contracts():
        name = natives.get(contract.script_hash, ledger.label_of(contract).key or contract.name)
        if name and contract.exists_at(ledger.height):
            named[contract.script_hash] = name
    return named


def _standard_of(contract: ContractState) -> Standard:
    """The standard of a contract: that of its model, else the first of these that it claims."""
    if contract.model is not None:
        return _STANDARDS.get(contract.model, "none")
    claimed = contract.supported_standards
    return next((standard for standard in _CLAIMED if standard in claimed), "none")


def _described(contract: ContractState, label: Label) -> DeclaredContract:
    return DeclaredContract(
        key=label.key or (contract.name if contract.contract_id < 0 else str(contract.script_hash)),
        script_hash=contract.script_hash,
        standard=_standard_of(contract),
        name=contract.name,
        symbol=contract.symbol or "",
        # Of a contract with a script it is known only whether it can be held in parts.
        decimals=contract.decimals or int(contract.is_divisible),
        deployed_at=contract.deployed_at,
        destroyed_at=contract.destroyed_at,
        total_supply=None,
        rest=RestAsset(),
        where="",
    )
