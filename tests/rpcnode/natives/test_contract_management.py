"""ContractManagement: contracts that are deployed, updated and destroyed, and the native ones in a block.

Texts, fees and counters are those of neo-cli 3.10.2 (invokescript, getnativecontracts, application logs).
"""

import json
from base64 import b64encode
from collections.abc import Callable
from typing import Any, Final

import pytest

from rpcnode.execution.contract import Contract, contract_of
from rpcnode.execution.hardforks import Hardfork
from rpcnode.execution.iterators import StorageIterator
from rpcnode.execution.records import Execution, Trigger
from rpcnode.natives.committee import committee_address
from rpcnode.natives.contract_management import CONTRACT_MANAGEMENT as MANAGEMENT
from rpcnode.natives.policy_values import is_blocked
from rpcnode.natives.registry import NATIVES
from rpcnode.payloads.nef import Nef
from rpcnode.payloads.verification import contract_hash
from rpcnode.primitives.keys import public_key_of, sign
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.items import Array, InteropInterface, Map, Struct
from rpcnode.vm.opcode import Opcode
from rpcnode.vm.script_builder import Pushable, ScriptBuilder
from tests.rpcnode.natives.native_world import ALL, PRIVATE_KEYS, NativeWorld, finish, result, transaction

SENDER: Final = UInt160(b"\x11" * 20)
MINIMUM_FEE: Final = 10 * 10**8  # datoshi
MAIN: Final = b"\x11\x40"  # PUSH1 RET
ARGS_2: Final = bytes.fromhex("570002")  # INITSLOT


def call_management(method: str, args: int) -> bytes:
    """Calls ContractManagement with so many arguments from the stack, and drops what it returns."""
    builder = ScriptBuilder().push(args).op(Opcode.PACK).push(15).push(method).push(bytes(MANAGEMENT.hash))
    return builder.syscall("System.Contract.Call").op(Opcode.DROP).op(Opcode.RET).to_bytes()


UPDATE: Final = ARGS_2 + b"\x79\x78" + call_management("update", 2)  # LDARG1 LDARG0
DESTROY: Final = call_management("destroy", 0)
PUT_DATA: Final = (
    ARGS_2 + b"\x78" + ScriptBuilder().push("key").syscall("System.Storage.Local.Put").to_bytes() + b"\x40"
)
UPDATE_AT_DEPLOYMENT: Final = ARGS_2 + b"\x79\x26\x03\x40\x78\x0b" + call_management("update", 2)
"""Nothing if the second argument says that it is an update; else updates to the manifest that is the first one."""


def nef(script: bytes = MAIN) -> bytes:
    return Nef("test", script).serialize()


def method(name: str, *parameters: str, offset: int = 0, returns: str = "Void") -> dict[str, Any]:
    listed = [{"name": parameter, "type": "Any"} for parameter in parameters]
    return {"name": name, "parameters": listed, "returntype": returns, "offset": offset, "safe": False}


def manifest(*methods: dict[str, Any], **changes: Any) -> bytes:
    members = {
        "name": "Box",
        "groups": [],
        "features": {},
        "supportedstandards": [],
        "abi": {"methods": list(methods) or [method("main", returns="Integer")], "events": []},
        "permissions": [{"contract": "*", "methods": "*"}],
        "trusts": [],
        "extra": None,
    }
    return json.dumps({**members, **changes}).encode()


def box(script: bytes = MAIN) -> UInt160:
    return contract_hash(SENDER, Nef("test", script).checksum, "Box")


def deploy(world: NativeWorld, script: bytes = MAIN, *methods: dict[str, Any], data: Pushable = None) -> Execution:
    return world.call(MANAGEMENT, "deploy", nef(script), manifest(*methods), data, signers=[SENDER])


def standing(world: NativeWorld, script_hash: UInt160) -> Contract:
    contract = contract_of(world.storage, script_hash)
    assert contract is not None
    return contract


def call_box(world: NativeWorld, script: bytes, name: str, *args: Pushable) -> Execution:
    return world.run(transaction(ScriptBuilder().call(box(script), name, args).to_bytes(), [SENDER]))


def events(execution: Execution) -> list[tuple[str | None, tuple[object, ...]]]:
    return [(event.event_name, event.state) for event in execution.notifications]


def test_a_deployment_stores_the_contract_its_hash_by_id_and_the_next_id() -> None:
    world = NativeWorld()
    execution = deploy(world)
    contract = standing(world, box())
    assert (contract.id, contract.update_counter, contract.manifest.name) == (1, 0, "Box")
    assert world.storage.get(-1, bytes.fromhex("0c00000001")) == box()
    assert world.storage.get(-1, b"\x0f") == b"\x02"
    assert events(execution) == [("Deploy", (bytes(box()),))]
    assert execution.gas_consumed >= MINIMUM_FEE
    returned = result(execution)
    assert isinstance(returned, Array)
    assert Contract.from_item(returned) == contract


def test_a_large_contract_pays_for_its_bytes() -> None:
    small, large = (deploy(NativeWorld(), b"\x21" * size + MAIN).gas_consumed for size in (10_000, 11_000))
    assert large - small == 1_000 * 100_000  # the storage price


def test_deploy_calls_the_contract_before_it_tells() -> None:
    world = NativeWorld()
    execution = deploy(world, PUT_DATA, method("_deploy", "data", "update"), data=b"given")
    assert execution.halted, execution.exception
    assert world.storage.get(1, b"key") == b"given"


def test_what_the_contract_makes_of_itself_at_its_deployment_is_handed_out() -> None:
    world = NativeWorld()
    methods = (method("_deploy", "data", "update"), method("other"))
    returned = result(deploy(world, UPDATE_AT_DEPLOYMENT, methods[0], data=manifest(*methods)))
    assert isinstance(returned, Array)
    assert Contract.from_item(returned) == standing(world, box(UPDATE_AT_DEPLOYMENT))
    assert returned.items[1] == 1


def test_an_update_replaces_what_it_is_given_and_counts() -> None:
    world = NativeWorld()
    deploy(world, UPDATE, method("update", "nef", "manifest"))
    execution = call_box(world, UPDATE, "update", nef(UPDATE + MAIN), None)
    assert events(execution) == [("Update", (bytes(box(UPDATE)),))]
    call_box(world, UPDATE, "update", None, manifest(method("update", "a", "b"), method("more"), trusts="*"))
    contract = standing(world, box(UPDATE))
    assert (contract.id, contract.update_counter, contract.script) == (1, 2, UPDATE + MAIN)
    assert contract.manifest.trusts is None


@pytest.mark.parametrize("last", [Hardfork.Domovoi, Hardfork.Faun, Hardfork.Gorgon])
def test_a_destroyed_contract_leaves_nothing_but_a_blocked_account(last: Hardfork) -> None:
    world = NativeWorld({hardfork: 0 for hardfork in Hardfork if hardfork <= last})
    deploy(world, DESTROY, method("destroy"))
    world.storage.put(1, b"a", b"b")
    execution = call_box(world, DESTROY, "destroy")
    assert events(execution) == [("Destroy", (bytes(box(DESTROY)),))]
    assert contract_of(world.storage, box(DESTROY)) is None
    assert list(world.storage.find(1, b"")) == []
    assert world.storage.get(-1, bytes.fromhex("0c00000001")) is None
    assert is_blocked(world.storage, box(DESTROY))
    again = deploy(world, DESTROY, method("destroy"))
    assert again.exception == f"The contract {box(DESTROY)} has been blocked."


def test_destroy_by_what_is_no_contract_does_nothing() -> None:
    execution = NativeWorld().call(MANAGEMENT, "destroy")
    assert (result(execution), events(execution)) == (None, [])


JUMP_OUT: Final = b"\x22\x10"  # JMP 16
CROSSED: Final = b"\x0c\x01\x40\x40"  # PUSHDATA1 of one byte, which is a RET

REFUSALS: Final[list[tuple[Callable[[], tuple[bytes, bytes]], str]]] = [
    (lambda: (b"", manifest()), "NEF file length cannot be zero."),
    (lambda: (nef(), b""), "Manifest length cannot be zero."),
    (lambda: (b"N", manifest()), "Position 0 + Wanted 4 is exceeded boundary(1)"),
    (lambda: (nef()[:-1] + b"\0", manifest()), "CRC verification fail"),
    (lambda: (nef(), b"{}"), "Object reference not set to an instance of an object."),
    (lambda: (nef(), b"x"), "'x' is an invalid start of a value. LineNumber: 0 | BytePositionInLine: 0."),
    (
        lambda: (nef(), manifest(method("main", offset=9999))),
        "ip ('9999') must be less than '2'. (Parameter 'ip')\nActual value was 9999.",
    ),
    (lambda: (nef(JUMP_OUT), manifest()), "ip: 0, opcode: JMP"),
    (
        lambda: (nef(CROSSED), manifest(method("main", offset=2))),
        "Instruction not found at position 2 in strict mode. (Parameter 'ip')",
    ),
    (
        lambda: (nef(), manifest(method("main"), method("main"))),
        "An item with the same key has already been added. Key: (main, 0)",
    ),
    (
        lambda: (nef(), manifest(groups=[{"pubkey": "02" + "0" * 62 + "05", "signature": "A" * 86 + "=="}])),
        f"Invalid Manifest: {box()}",
    ),
    (lambda: (nef(), manifest(*(method(f"m{number}") for number in range(400)))), f"Invalid Manifest: {box()}"),
]


@pytest.mark.parametrize(("files", "text"), REFUSALS)
def test_what_cannot_be_deployed_is_refused_in_the_nodes_words(
    files: Callable[[], tuple[bytes, bytes]], text: str
) -> None:
    given_nef, given_manifest = files()
    execution = NativeWorld().call(MANAGEMENT, "deploy", given_nef, given_manifest, signers=[SENDER])
    assert execution.exception == text


@pytest.mark.parametrize(("script", "offset"), [(JUMP_OUT, 0), (CROSSED, 2)])
def test_before_basilisk_only_the_instructions_that_methods_begin_with_are_read(script: bytes, offset: int) -> None:
    world = NativeWorld({Hardfork.Aspidochelone: 0})
    assert deploy(world, script, method("main", offset=offset)).halted


@pytest.mark.parametrize(("hardforks", "is_refused"), [({}, False), ({Hardfork.Aspidochelone: 0}, True)])
def test_from_aspidochelone_on_who_deploys_may_do_everything(hardforks: dict[Hardfork, int], is_refused: bool) -> None:
    builder = ScriptBuilder().push(manifest()).push(nef()).push(2).op(Opcode.PACK).push(11).push("deploy")
    script = builder.push(bytes(MANAGEMENT.hash)).syscall("System.Contract.Call").to_bytes()
    world = NativeWorld(hardforks)
    refusal = "Cannot call Deploy with the flag States, AllowNotify."
    assert world.run(transaction(script, [SENDER])).exception == (refusal if is_refused else None)


def test_the_same_contract_is_not_deployed_twice() -> None:
    world = NativeWorld()
    deploy(world)
    assert deploy(world).exception == f"Contract Already Exists: {box()}"


@pytest.mark.parametrize(
    ("args", "text"),
    [
        ((None, None), "NEF file and manifest cannot both be null."),
        ((b"", None), "NEF file length cannot be zero."),
        ((None, b""), "Manifest length cannot be zero."),
        ((None, manifest(name="Bag")), "The name of the contract can't be changed."),
        (
            (None, manifest(method("main", offset=60000))),
            f"ip ('60000') must be less than '{len(UPDATE)}'. (Parameter 'ip')\nActual value was 60000.",
        ),
    ],
)
def test_a_wrong_update_is_refused(args: tuple[Pushable, Pushable], text: str) -> None:
    world = NativeWorld()
    deploy(world, UPDATE, method("update", "nef", "manifest"))
    assert call_box(world, UPDATE, "update", *args).exception == text


@pytest.mark.parametrize(("signed", "is_valid"), [(box(), True), (UInt160.ZERO, False)])
def test_a_group_has_signed_the_hash_of_its_contract(signed: UInt160, is_valid: bool) -> None:
    key = PRIVATE_KEYS[0]
    group = {"pubkey": str(public_key_of(key)), "signature": b64encode(sign(key, signed)).decode()}
    execution = NativeWorld().call(MANAGEMENT, "deploy", nef(), manifest(groups=[group]), signers=[SENDER])
    assert execution.exception == (None if is_valid else f"Invalid Manifest: {box()}")


def test_what_is_no_contract_updates_nothing() -> None:
    execution = NativeWorld().call(MANAGEMENT, "update", nef(), None, signers=[SENDER])
    assert (execution.exception or "").startswith("Updating Contract Does Not Exist: 0x")


def test_contracts_are_found_by_hash_and_id_with_their_methods() -> None:
    world = NativeWorld()
    deploy(world)
    for name, args in (("getContract", bytes(box())), ("getContractById", 1)):
        found = result(world.call(MANAGEMENT, name, args))
        assert isinstance(found, Array)
        assert found.items[2] == box()
        assert isinstance(found.items[4].items[2], Map)  # type: ignore[union-attr]
    assert result(world.call(MANAGEMENT, "getContract", bytes(20))) is None
    assert result(world.call(MANAGEMENT, "getContractById", 2)) is None
    assert result(world.call(MANAGEMENT, "isContract", bytes(box()))) is True
    asked = [("main", 0), ("main", 1), ("main", -1), ("Main", -1)]
    answers = [result(world.call(MANAGEMENT, "hasMethod", bytes(box()), *question)) for question in asked]
    assert answers == [True, False, True, False]
    refusal = "`pcount` must be between [-1, 65535] (Parameter 'pcount')"
    assert world.call(MANAGEMENT, "hasMethod", bytes(box()), "main", 65536).exception == refusal


def test_the_hashes_are_those_of_contracts_that_are_not_native() -> None:
    world = NativeWorld()
    for script in (MAIN, DESTROY):
        deploy(world, script)
    returned = result(world.call(MANAGEMENT, "getContractHashes"))
    assert isinstance(returned, InteropInterface)
    iterator = returned.value
    assert isinstance(iterator, StorageIterator)
    found = []
    while iterator.advance():
        row = iterator.value()
        assert isinstance(row, Struct)
        found.append(row.items)
    assert found == [[bytes((0, 0, 0, 1)), box(MAIN)], [bytes((0, 0, 0, 2)), box(DESTROY)]]


def test_the_committee_sets_the_least_fee() -> None:
    world = NativeWorld()
    committee = committee_address(world.storage)
    assert result(world.call(MANAGEMENT, "getMinimumDeploymentFee")) == MINIMUM_FEE
    assert not world.call(MANAGEMENT, "setMinimumDeploymentFee", 5, signers=[SENDER]).halted
    result(world.call(MANAGEMENT, "setMinimumDeploymentFee", 5, signers=[committee]))
    assert result(world.call(MANAGEMENT, "getMinimumDeploymentFee")) == 5
    assert world.call(MANAGEMENT, "setMinimumDeploymentFee", -1).exception == "cannot be negative (Parameter 'value')"
    result(world.call(MANAGEMENT, "setMinimumDeploymentFee", 2**63, signers=[committee]))
    overflow = world.call(MANAGEMENT, "getMinimumDeploymentFee").exception
    assert overflow == "Value was either too large or too small for an Int64."


COUNTERS: Final = {
    "ContractManagement": 2,
    "StdLib": 2,
    "CryptoLib": 3,
    "LedgerContract": 0,
    "NeoToken": 2,
    "GasToken": 0,
    "PolicyContract": 2,
    "RoleManagement": 1,
    "OracleContract": 1,
    "Notary": 1,
    "Treasury": 0,
}
"""How often the hardforks to Gorgon update each native contract, where none is active at genesis."""


def test_natives_are_deployed_and_updated_by_the_blocks_of_their_hardforks() -> None:
    heights = {hardfork: 2 * (hardfork + 1) for hardfork in Hardfork}
    world = NativeWorld(heights)
    told: list[str] = []
    for height in heights.values():
        run = world.engine(Trigger.ON_PERSIST, None, world.block(height), world.storage)
        finish(MANAGEMENT.on_persist(run))
        told += [f"{event.event_name} {event.state[0].hex()}" for event in run.notifications]  # type: ignore[union-attr]
    natives = {native.name: standing(world, native.hash) for native in NATIVES.all}
    assert {name: contract.update_counter for name, contract in natives.items()} == {
        name: counter for name, counter in COUNTERS.items() if name in natives
    }
    assert sum(told_of.startswith("Update") for told_of in told) == sum(COUNTERS[name] for name in natives)
    late = [f"Deploy {natives[name].hash.hex()}" for name in ("Notary", "Treasury")]
    assert [told_of for told_of in told if told_of.startswith("Deploy")] == late
    for native in NATIVES.all:
        state = native.state_at(world.settings, 14)
        assert (natives[native.name].nef, natives[native.name].manifest) == (state.nef, state.manifest)


def test_genesis_deploys_the_natives_in_the_order_of_their_ids() -> None:
    world = NativeWorld(ALL)
    empty = world.storage.child()
    for key, _ in list(empty.find(-1, b"")):
        empty.delete(-1, key)
    run = world.engine(Trigger.ON_PERSIST, None, world.block(0), empty)
    finish(MANAGEMENT.on_persist(run))
    deployed = [event.state[0] for event in run.notifications if event.event_name == "Deploy"]
    assert deployed == [native.hash for native in NATIVES.all]
    assert empty.get(-1, bytes.fromhex("0cffffffff")) == MANAGEMENT.hash
    assert empty.get(-1, b"\x14") == MINIMUM_FEE.to_bytes(4, "little")
