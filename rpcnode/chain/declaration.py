"""A chain as its user describes it: what fixture files are read into, and what the ledger is built from.

Everything is resolved here: names have become script hashes, amounts integers, texts stack items. `where` is the path
of a value in its file (`blocks[3].transactions[0]`), for errors that only show when the chain is played.
"""

from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import Any, Final, Literal

from rpcnode.chain.db.contract_rows import Label
from rpcnode.execution.records import StateForm
from rpcnode.models.told_balances import Answer
from rpcnode.payloads.manifest import Manifest
from rpcnode.payloads.nef import Nef
from rpcnode.payloads.signer import Signer
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.errors import NodeError
from rpcnode.primitives.json import Json
from rpcnode.primitives.records import dataclass
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.items import StackItem

Standard = Literal["NEP-5", "NEP-17", "NEP-11", "none"]

MAX_SUPPLY: Final = 2**255 - 1
"""What an integer of the VM holds."""


class PlayError(NodeError):
    """A description that reads well cannot be played; `where` is the path of what fails."""

    def __init__(self, where: str, message: str) -> None:
        super().__init__(f"{where}: {message}")
        self.where = where
        self.message = message


@dataclass(frozen=True, slots=True)
class Network:
    """The constants of a network; `None` stands for the profile's own value.

    `hardforks` are those of N3 that come, with the block of each; `initial_gas` in datoshi.
    """

    magic: int | None = None
    chain_id: str = "1"
    ms_per_block: int = 15000
    genesis_time_ms: int = 1468595301000
    hardforks: tuple[tuple[str, int], ...] | None = None
    committee: tuple[ECPoint, ...] | None = None
    validators_count: int | None = None
    initial_gas: int | None = None
    max_traceable_blocks: int | None = None
    max_valid_until_block_increment: int | None = None
    max_transactions_per_block: int | None = None
    memory_pool_max_transactions: int | None = None


@dataclass(frozen=True, slots=True)
class DeclaredAccount:
    """A named account; `private_key` (32 bytes) where the file gave a WIF or a seed."""

    name: str
    script_hash: UInt160
    private_key: bytes | None = None


@dataclass(frozen=True, slots=True)
class RestAsset:
    """What the REST faces say of a token beyond the ledger."""

    logos: tuple[dict[str, Json], ...] = ()
    urls: tuple[dict[str, Json], ...] = ()
    current_usd_price: int | float = 0
    unique_asset_id: str | None = None
    spark_factor: int | None = None

    def to_json(self) -> dict[str, Json]:
        """What there is to say, for `from_json`."""
        said = {key: value for key in self.__slots__ if (value := getattr(self, key))}
        return {key: list(value) if isinstance(value, tuple) else value for key, value in said.items()}

    @classmethod
    def from_json(cls, members: Mapping[str, Any]) -> "RestAsset":
        """What `to_json` wrote, read again from JSON."""
        said: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in members.items()
        }
        return cls(**said)


@dataclass(frozen=True, slots=True)
class CompiledContract:
    """What a transaction deploys of a contract that came compiled, with the data that its `_deploy` gets.

    `signers` sign the transaction; the first of them sends and pays it, the validators' account where there is none.
    """

    nef: Nef
    manifest: Manifest
    data: StackItem = None
    signers: tuple[Signer, ...] = ()


@dataclass(frozen=True, slots=True)
class DeclaredContract:
    """A contract that is modelled: a token of a standard, or one without. `tokens`: properties by NEP-11 token id.

    `is_coin`: it stands for a global asset of Neo 2. `balance_of`: what the token answers whatever it holds, by
    account; None: for every account that has none there. `compiled`: it is no model, but has a script of its own; its
    standard is then one that its manifest claims, and it has neither symbol nor decimals here.
    """

    key: str
    script_hash: UInt160 | None
    standard: Standard
    name: str
    symbol: str
    decimals: int
    deployed_at: int
    destroyed_at: int | None
    total_supply: int | None
    rest: RestAsset
    where: str
    tokens: tuple[tuple[bytes, dict[str, str]], ...] = ()
    balance_of: tuple[tuple[UInt160 | None, Answer], ...] = ()
    is_coin: bool = False
    compiled: CompiledContract | None = None

    @property
    def label(self) -> Label:
        """What the chain calls it, and says of it for REST faces only."""
        return Label(self.key, self.rest.to_json() or None)


@dataclass(frozen=True, slots=True)
class DeclaredTransfer:
    """A declared movement; `sender` None mints, `receiver` None burns.

    `is_coin`: it moves a global asset of Neo 2, NEO or GAS. `written_asset` and `written_sender` are what the file says
    for them, for messages; empty where no file does.
    """

    asset: str
    sender: UInt160 | None
    receiver: UInt160 | None
    amount: int
    token_id: bytes | None
    where: str
    written_asset: str = field(default="", compare=False)
    written_sender: str = field(default="", compare=False)
    is_coin: bool = False


@dataclass(frozen=True, slots=True)
class DeclaredNotification:
    """A declared event, as it is.

    It moves nothing. `event_name` None: the name is state[0], as before N3's preview3, where the state may also be no
    list.
    """

    contract: str
    event_name: str | None
    state: tuple[StackItem, ...]
    where: str
    state_form: StateForm = StateForm.ARRAY


@dataclass(frozen=True, slots=True)
class DeclaredInvocation:
    """A declared call of a contract of N3 by a transaction that `signers` sign."""

    contract: UInt160
    method: str
    args: tuple[StackItem, ...]
    signers: tuple[Signer, ...]
    where: str


@dataclass(frozen=True, slots=True)
class DeclaredTransaction:
    """Transfers first, then invocations, then notifications; `faults`: executed, failed, nothing counts.

    A transaction with invocations has to fail of itself. `payer` sends and pays it, if it can; None: the validators'
    account does.
    """

    transfers: tuple[DeclaredTransfer, ...]
    notifications: tuple[DeclaredNotification, ...]
    faults: bool
    where: str
    invocations: tuple[DeclaredInvocation, ...] = ()
    payer: UInt160 | None = None


@dataclass(frozen=True, slots=True)
class DeclaredBlock:
    """A declared block; `timestamp_ms` None: the time of the block before it, and one block time more."""

    index: int
    timestamp_ms: int | None
    transactions: tuple[DeclaredTransaction, ...]
    where: str


@dataclass(frozen=True, slots=True)
class DeclaredChain:
    """A whole declared chain. Blocks and contracts are in ascending order; blocks may lie above `height`.

    `DeclaredTransfer.asset` and `DeclaredNotification.contract` are keys of `contracts`. `other_chains` and `keys` are
    for the REST faces only, validated, as in the file. `digest` identifies it: equal digests give equal chains.
    `files` are those that were read besides the fixtures.
    """

    network: Network
    height: int
    header_height: int
    accounts: tuple[DeclaredAccount, ...]
    contracts: tuple[DeclaredContract, ...]
    blocks: tuple[DeclaredBlock, ...]
    other_chains: tuple[dict[str, Json], ...] = ()
    keys: dict[str, Json] = field(default_factory=dict)
    digest: str = ""
    files: tuple[Path, ...] = ()

    def unnamed_supplies(self) -> dict[str, int]:
        """By key, of each contract with a total supply, what holders have of it whom the description does not name.

        That is what is above all that is minted; they have it from the start.
        """
        minted: dict[str, int] = {}
        for block in self.blocks:
            for transaction in block.transactions:
                for transfer in () if transaction.faults else transaction.transfers:
                    change = (transfer.amount if transfer.sender is None else 0) - (
                        transfer.amount if transfer.receiver is None else 0
                    )
                    minted[transfer.asset] = minted.get(transfer.asset, 0) + change
        supplies = ((contract.key, contract.total_supply) for contract in self.contracts)
        return {key: supply - minted.get(key, 0) for key, supply in supplies if supply is not None}
