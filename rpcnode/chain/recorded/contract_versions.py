"""The contracts of a recording as they stand from block to block.

A recording shows each contract as it was at the end, and none that was destroyed. What stood before an update, or until
it was destroyed, is in what the scripts of the transactions push that deployed and updated it.
"""

import base64
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Final

from rpcnode.chain.recorded.recorded import RecordedChain, RecordedContract
from rpcnode.execution.contract_state import Code, ContractState, Model
from rpcnode.execution.native_hashes import CONTRACT_MANAGEMENT, native_metadata
from rpcnode.execution.records import Execution
from rpcnode.models.modelled import modelled_nef
from rpcnode.natives.deployment import manifest_from, nef_from
from rpcnode.payloads.manifest import Manifest
from rpcnode.payloads.nef import Nef
from rpcnode.payloads.told_manifest import told_manifest
from rpcnode.payloads.transaction import Transaction
from rpcnode.payloads.verification import contract_hash
from rpcnode.primitives.errors import FormatError, NodeError, VmFault
from rpcnode.primitives.json import Json
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.faults import BadScript
from rpcnode.vm.items import integer_of
from rpcnode.vm.opcode import Opcode
from rpcnode.vm.script import Instruction, read_instruction

DEPLOY, UPDATE, DESTROY = "Deploy", "Update", "Destroy"

_TOKEN_STANDARDS: Final = frozenset(("NEP-5", "NEP-17"))
_NFT_STANDARD: Final = "NEP-11"
_NEF_BEGINS: Final = b"NEF3"
_STORED: Final = range(-(2**63), 2**63)  # what a column holds; the script alone knows of other decimals
_PUSHDATA: Final = (Opcode.PUSHDATA1, Opcode.PUSHDATA2, Opcode.PUSHDATA4)


class ContractVersions:
    """`standing` are the contracts as of now, by hash. `next_id` is what the next one gets, None if that is unknown."""

    def __init__(self, recording: RecordedChain) -> None:
        is_from_genesis = recording.blocks[0].block.index == 0
        self._last: Final = {
            script_hash: contract_state(script_hash, recorded) for script_hash, recorded in recording.contracts.items()
        }
        self._changed_at: Final[dict[UInt160, list[int]]] = defaultdict(list)
        deployed: list[UInt160] = []
        for recorded in recording.blocks:
            for execution in recorded.executions:
                for name, script_hash in changes_in(execution):
                    self._changed_at[script_hash].append(recorded.block.index)
                    if name == DEPLOY and execution.container is not None:
                        deployed.append(script_hash)
        stood_before = self._last.keys() - set(deployed)
        self._stood_before: Final = [
            self._until_changed(self._last[script_hash], self._last[script_hash].deployed_at)
            for script_hash in sorted(stood_before)
        ]
        self._deployed_once: Final = [
            contract
            for script_hash, contract in self._last.items()
            if script_hash not in stood_before and len(self._changed_at[script_hash]) == 1 and _is_sound(contract)
        ]
        known = (
            (self._last[script_hash].contract_id, position)
            for position, script_hash in enumerate(deployed)
            if script_hash in self._last
        )
        self.next_id = next((contract_id - position for contract_id, position in known), 1 if is_from_genesis else None)
        self.standing: Final[dict[UInt160, ContractState]] = {}
        self._changed: Final[set[UInt160]] = set()

    def begin(self) -> list[ContractState]:
        """The contracts that the recording shows as they always were, whether they stand when it begins or not yet."""
        self.standing.update((contract.script_hash, contract) for contract in self._stood_before)
        return [*self._stood_before, *self._deployed_once]

    def go_on(self, contracts: Iterable[ContractState], height: int, executions: Iterable[Execution]) -> None:
        """Takes up a recording of which blocks up to `height` have been applied already."""
        self.standing.update(
            (contract.script_hash, contract)
            for contract in contracts
            if contract.exists_at(height) or contract.contract_id < 0
        )
        for execution in executions:
            self._count(execution)

    def as_recorded(self, made: ContractState) -> ContractState:
        """What the recording shows of the same version of a contract, if it does; else the version itself."""
        last = self._last.get(made.script_hash)
        is_same = last is not None and last.update_counter == made.update_counter and _is_sound(last)
        return last if last is not None and is_same else made

    def apply(
        self,
        block_index: int,
        transaction: Transaction,
        execution: Execution,
    ) -> None:
        """Follows what a transaction did, from what its script pushes."""
        before = self.next_id
        self._count(execution)
        for script_hash, contract in self._made_by_script(transaction, execution, before):
            self._changed.add(script_hash)
            if contract is None:
                self.standing.pop(script_hash, None)
            else:
                self.standing[script_hash] = self._until_changed(contract, block_index)

    def take_changed(self) -> list[ContractState]:
        """What was deployed or updated since this was last asked, as it stands now, but for what `begin` told."""
        told = {contract.script_hash for contract in self._deployed_once} if self._changed else set()
        changed = [self.standing[script_hash] for script_hash in self._changed if script_hash in self.standing]
        self._changed.clear()
        return [contract for contract in changed if contract.script_hash not in told]

    def _count(self, execution: Execution) -> None:
        if self.next_id is not None and execution.container is not None:
            self.next_id += sum(name == DEPLOY for name, _ in changes_in(execution))

    def _until_changed(self, contract: ContractState, block_index: int) -> ContractState:
        """The version of a contract that begins in a block; the next change ends it."""
        later = (index for index in self._changed_at[contract.script_hash] if index > block_index)
        end = None if contract.contract_id < 0 else next(later, None)
        return replace(contract, deployed_at=block_index, destroyed_at=end)

    def _made_by_script(
        self, transaction: Transaction, execution: Execution, next_id: int | None
    ) -> Iterator[tuple[UInt160, ContractState | None]]:
        nefs, manifests = _pushed(transaction.script)
        for name, script_hash in changes_in(execution):
            if name == DESTROY:
                yield script_hash, None
                continue
            last, standing = self._last.get(script_hash), self.standing.get(script_hash)
            if name == DEPLOY:
                made = next(
                    (
                        version_of(script_hash, next_id or 0, 0, nef, manifest)
                        for nef in nefs
                        for manifest in manifests
                        if contract_hash(transaction.sender, nef.checksum, manifest.name) == script_hash
                    ),
                    last,
                )
                if made is not None and last is not None:
                    made = self.as_recorded(replace(made, contract_id=last.contract_id))
                next_id = None if next_id is None else next_id + 1
            else:
                made = last if standing is None else updated(standing, nefs, manifests) or last or standing
            if made is not None:
                yield script_hash, made


def changes_in(execution: Execution) -> Iterator[tuple[str, UInt160]]:
    """What ContractManagement notified: `Deploy`, `Update` or `Destroy`, and of which contract."""
    for event in execution.notifications if execution.halted else ():
        if event.contract == CONTRACT_MANAGEMENT and event.event_name in (DEPLOY, UPDATE, DESTROY):
            match event.state:
                case [bytes(data)] if len(data) == UInt160.SIZE:
                    yield event.event_name, UInt160(data)


def updated(contract: ContractState, nefs: Iterable[Nef], manifests: Iterable[Manifest]) -> ContractState | None:
    """The contract with the one NEF and the one manifest of its name among these; None where that is not clear."""
    listed, named = list(nefs), [manifest for manifest in manifests if manifest.name == contract.name]
    if not 1 <= len(listed) + len(named) <= 2 or len(listed) == 2 or len(named) == 2:
        return None
    told = contract.printed or {}
    state: dict[str, Json] = {
        "id": contract.contract_id,
        "updatecounter": contract.update_counter + 1,
        "nef": listed[0].to_json() if listed else told.get("nef", contract.nef.to_json()),
        "manifest": named[0].to_json() if named else told.get("manifest", contract.manifest.to_json()),
    }
    return contract_state(contract.script_hash, RecordedContract(state, contract.deployed_at, None))


def version_of(
    script_hash: UInt160, contract_id: int, update_counter: int, nef: Nef, manifest: Manifest
) -> ContractState:
    """A contract as a NEF and a manifest make it."""
    state: dict[str, Json] = {
        "id": contract_id,
        "updatecounter": update_counter,
        "nef": nef.to_json(),
        "manifest": manifest.to_json(),
    }
    return contract_state(script_hash, RecordedContract(state, 0, None))


def contract_state(script_hash: UInt160, recorded: RecordedContract) -> ContractState:
    """A recorded contract as the ledger keeps it; its model is for where its script is not run."""
    state = recorded.state
    manifest, nef = state["manifest"], state["nef"]
    if not isinstance(manifest, dict) or not isinstance(nef, dict):
        raise NodeError(f"contracts.{script_hash}: nef and manifest are expected as objects")
    standards = manifest.get("supportedstandards")
    claimed = frozenset(map(str, standards if isinstance(standards, list) else ()))
    symbol, decimals = native_metadata(script_hash) or (
        _constant_of(nef, manifest, "symbol"),
        _constant_of(nef, manifest, "decimals"),
    )
    return ContractState(
        contract_id=_integer(state, "id"),
        script_hash=script_hash,
        update_counter=_integer(state, "updatecounter"),
        code=Code(_nef_of(nef), told_manifest(manifest)),
        deployed_at=recorded.deployed_at,
        destroyed_at=recorded.destroyed_at,
        model=_model(claimed),
        symbol=symbol.decode("utf-8", "replace") if isinstance(symbol, bytes) else None,
        decimals=decimals if isinstance(decimals, int) and decimals in _STORED else None,
        printed={**state, "hash": str(script_hash)},
    )


def _nef_of(told: dict[str, Json]) -> Nef:
    """The NEF that a node showed; that of a model where it shows none that can be read."""
    try:
        return Nef.from_json(told)
    except (FormatError, KeyError, ValueError):
        return modelled_nef()


def _is_sound(contract: ContractState) -> bool:
    """Whether the script is the one that was deployed.

    neo-go 0.120 quirk: base58CheckEncode of bytes out of a script writes a checksum over what follows them there, which
    getcontractstate then shows.
    """
    told = (contract.printed or {}).get("nef")
    return isinstance(told, dict) and contract.nef.checksum == told.get("checksum")


def _pushed(script: bytes) -> tuple[list[Nef], list[Manifest]]:
    """The NEF files and the manifests that a script pushes as they are."""
    nefs: list[Nef] = []
    manifests: list[Manifest] = []
    for data in _pushes(script):
        with suppress(VmFault):
            if data.startswith(_NEF_BEGINS):
                nefs.append(nef_from(data))
            elif data.lstrip().startswith(b"{"):
                manifests.append(manifest_from(data))
    return nefs, manifests


def _pushes(script: bytes) -> Iterator[bytes]:
    position = 0
    with suppress(BadScript):
        while position < len(script):
            instruction = read_instruction(script, position)
            if instruction.opcode in _PUSHDATA:
                yield instruction.data
            position = instruction.next


def _constant_of(nef: dict[str, Json], manifest: dict[str, Json], method: str) -> bytes | int | None:
    """What a method without parameters always returns, as `symbol` and `decimals` of nearly every token do.

    A method counts whose code is one push and RET, with an INITSLOT before it or not; None for any other.
    """
    offset = _offset_of(manifest, method)
    try:
        if offset is None or not isinstance(nef.get("script"), str):
            return None
        script = base64.b64decode(str(nef["script"]), validate=True)
        pushed = read_instruction(script, offset)
        if pushed.opcode is Opcode.INITSLOT:
            pushed = read_instruction(script, pushed.next)
        returns = read_instruction(script, pushed.next)
    except (ValueError, IndexError, BadScript):
        return None
    return _pushed_value(pushed) if returns.opcode is Opcode.RET else None


def _offset_of(manifest: dict[str, Json], method: str) -> int | None:
    abi = manifest.get("abi")
    methods = abi.get("methods") if isinstance(abi, dict) else None
    for found in methods if isinstance(methods, list) else ():
        if isinstance(found, dict) and found.get("name") == method and found.get("parameters") == []:
            offset = found.get("offset")
            return offset if isinstance(offset, int) and offset >= 0 else None
    return None


def _pushed_value(instruction: Instruction) -> bytes | int | None:
    opcode = instruction.opcode
    if Opcode.PUSHM1 <= opcode <= Opcode.PUSH16:
        return int(opcode - Opcode.PUSH0)
    if Opcode.PUSHINT8 <= opcode <= Opcode.PUSHINT256:
        return integer_of(instruction.data)
    return instruction.data if opcode in _PUSHDATA else None


def _model(standards: frozenset[str]) -> Model | None:
    if standards & _TOKEN_STANDARDS:
        return Model.OBSERVED_TOKEN
    return Model.OBSERVED_NFT if _NFT_STANDARD in standards else None


def _integer(members: dict[str, Json], key: str) -> int:
    found = members.get(key, 0)
    if not isinstance(found, int):
        raise NodeError(f"{key}: an integer is expected")
    return found
