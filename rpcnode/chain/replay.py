"""Applies a recorded chain, block by block, to a ledger.

What a recording tells is exact: blocks, transactions, executions, contract states. What it does not tell is contract
storage; balances of its tokens follow their own Transfer notifications, which is modelled: a token whose events say
other than its storage needs its script run.
"""

from collections.abc import Iterator

from rpcnode.chain.blocks import NewBlock, NewTransaction, StoredHeader
from rpcnode.chain.execution import Execution, Notification
from rpcnode.chain.ledger import Ledger
from rpcnode.chain.network import NetworkParameters
from rpcnode.chain.recorded import RecordedBlock, RecordedChain, RecordedContract
from rpcnode.chain.storage import BlockStorage
from rpcnode.contracts import nft, token
from rpcnode.contracts.constants import constant_of
from rpcnode.contracts.natives import native_metadata
from rpcnode.contracts.state import ContractState, Model
from rpcnode.payloads.transaction import Transaction
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.errors import FormatError, NodeError
from rpcnode.primitives.json import Json
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.items import ByteString, Integer, Null, StackItem, integer_of

_TOKEN_STANDARDS = frozenset(("NEP-5", "NEP-17"))
_NFT_STANDARD = "NEP-11"


def parameters_of_recording(recording: RecordedChain) -> NetworkParameters:
    """The network's constants, from the recorded getversion. Raises NodeError where that lacks what a chain needs."""
    protocol = recording.version.get("protocol")
    if not isinstance(protocol, dict):
        raise NodeError("version.protocol: the getversion of an N3 node is expected")
    try:
        return NetworkParameters(
            magic=recording.magic,
            chain_id=str(recording.magic),
            address_version=recording.address_version,
            ms_per_block=recording.ms_per_block,
            genesis_time_ms=recording.blocks[0].block.header.timestamp_ms,
            standby_committee=tuple(ECPoint.parse(str(key)) for key in _list(protocol, "standbycommittee")),
            validators_count=_integer(protocol, "validatorscount", 1),
            hardforks=tuple(
                (str(fork["name"]), int(str(fork["blockheight"])))
                for fork in _list(protocol, "hardforks")
                if isinstance(fork, dict)
            ),
            user_agent=str(recording.version.get("useragent", "")),
            nonce=_integer(recording.version, "nonce", 0),
            seed_list=tuple(str(seed) for seed in _list(protocol, "seedlist")),
            max_traceable_blocks=_integer(protocol, "maxtraceableblocks", 2_102_400),
            max_valid_until_block_increment=_integer(protocol, "maxvaliduntilblockincrement", 5760),
            max_transactions_per_block=_integer(protocol, "maxtransactionsperblock", 512),
            memory_pool_max_transactions=_integer(protocol, "memorypoolmaxtransactions", 50_000),
            initial_gas=_integer(protocol, "initialgasdistribution", 5_200_000_000_000_000),
        )
    except (FormatError, KeyError, ValueError) as error:
        raise NodeError(f"version.protocol: {error}") from None


class Replay:
    """One recording on its way into one ledger."""

    def __init__(self, ledger: Ledger, recording: RecordedChain) -> None:
        self._ledger = ledger
        self._recording = recording
        self._contracts = {
            script_hash: contract_state(script_hash, contract) for script_hash, contract in recording.contracts.items()
        }

    def play(self) -> None:
        """Brings the ledger to the recording's height, from wherever it stands; each block is one transaction."""
        for recorded in self._recording.blocks:
            if recorded.block.index > self._ledger.height:
                self._apply(recorded)

    def _apply(self, recorded: RecordedBlock) -> None:
        block = recorded.block
        header = block.header
        storage = self._ledger.new_storage()
        for execution in recorded.executions:
            if execution.halted:
                self._observe(storage, execution)
        is_first = block.index == self._recording.blocks[0].block.index
        self._ledger.apply_block(
            NewBlock(
                index=block.index,
                timestamp_ms=header.timestamp_ms,
                merkle_root=header.merkle_root,
                transactions=[_new_transaction(transaction) for transaction in block.transactions],
                executions=recorded.executions,
                storage=storage,
                header=StoredHeader(header.hash, header.serialize_unsigned(), header.witness.serialize()),
                contracts=list(self._contracts.values()) if is_first else (),
            )
        )

    def _observe(self, storage: BlockStorage, execution: Execution) -> None:
        for notification in execution.notifications:
            contract = self._contracts.get(notification.contract)
            movement = None if contract is None else _movement(notification)
            if contract is None or movement is None:
                continue
            if contract.model is Model.OBSERVED_TOKEN and len(notification.state) == 3:
                token.observe(storage, contract.contract_id, *movement)
            elif contract.model is Model.OBSERVED_NFT and len(notification.state) == 4:
                token_id = notification.state[3]
                if isinstance(token_id, ByteString):
                    nft.observe_token(storage, contract, *movement, token_id.value)


def _model(standards: frozenset[str]) -> Model | None:
    if standards & _TOKEN_STANDARDS:
        return Model.OBSERVED_TOKEN
    return Model.OBSERVED_NFT if _NFT_STANDARD in standards else None


def contract_state(script_hash: UInt160, recorded: RecordedContract) -> ContractState:
    """A recorded contract as the ledger keeps it; the events of a token move its balances."""
    state = recorded.state
    manifest, nef = state["manifest"], state["nef"]
    if not isinstance(manifest, dict) or not isinstance(nef, dict):
        raise NodeError(f"contracts.{script_hash}: nef and manifest are expected as objects")
    standards = manifest.get("supportedstandards")
    claimed = frozenset(map(str, standards if isinstance(standards, list) else ()))
    symbol, decimals = native_metadata(script_hash) or (constant_of(state, "symbol"), constant_of(state, "decimals"))
    return ContractState(
        contract_id=_integer(state, "id", 0),
        script_hash=script_hash,
        update_counter=_integer(state, "updatecounter", 0),
        nef=nef,
        manifest=manifest,
        deployed_at=recorded.deployed_at,
        destroyed_at=recorded.destroyed_at,
        model=_model(claimed),
        symbol=symbol.decode("utf-8", "replace") if isinstance(symbol, bytes) else None,
        decimals=decimals if isinstance(decimals, int) else None,
    )


def _movement(notification: Notification) -> tuple[UInt160 | None, UInt160 | None, int] | None:
    """Sender, receiver and amount of a well-formed Transfer; a non-fungible one has the token's id after them."""
    if notification.event_name != "Transfer" or len(notification.state) not in (3, 4):
        return None
    sender, receiver, amount = notification.state[:3]
    if not (_is_side(sender) and _is_side(receiver)):
        return None
    if isinstance(amount, Integer):
        value = amount.value
    elif isinstance(amount, ByteString) and len(amount.value) <= 32:
        value = integer_of(amount.value)
    else:
        return None
    return _account(sender), _account(receiver), value


def _is_side(item: StackItem) -> bool:
    return isinstance(item, Null) or (isinstance(item, ByteString) and len(item.value) == UInt160.SIZE)


def _account(item: StackItem) -> UInt160 | None:
    return UInt160(item.value) if isinstance(item, ByteString) else None


def _new_transaction(transaction: Transaction) -> NewTransaction:
    unsigned = transaction.serialize_unsigned()
    return NewTransaction(transaction.hash, unsigned, transaction.serialize()[len(unsigned) :])


def _list(members: dict[str, Json], key: str) -> Iterator[Json]:
    found = members.get(key)
    return iter(found if isinstance(found, list) else ())


def _integer(members: dict[str, Json], key: str, default: int) -> int:
    found = members.get(key, default)
    if not isinstance(found, int):
        raise NodeError(f"{key}: an integer is expected")
    return found
