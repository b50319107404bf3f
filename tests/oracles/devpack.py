"""Runs the contracts of neo-devpack-dotnet's unit tests: `python -m tests.oracles.devpack [--test TEXT] [--show N]`.

Gas, results and faults are what those tests assert on Neo 3.9.1.
"""

import argparse
import json
import sys
import time
from base64 import b64decode
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, Final

from rpcnode.execution.application_engine import ApplicationEngine
from rpcnode.execution.block_run import run_block
from rpcnode.execution.hardforks import Hardfork
from rpcnode.execution.records import Trigger
from rpcnode.execution.settings import ProtocolSettings
from rpcnode.execution.snapshot import Snapshot
from rpcnode.natives.contract_management import CONTRACT_MANAGEMENT
from rpcnode.natives.registry import NATIVES
from rpcnode.payloads.block import Block
from rpcnode.payloads.header import Header
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.errors import VmFault
from rpcnode.primitives.uint import UInt256
from rpcnode.vm.conversions import to_boolean, to_bytes, to_integer, to_text
from rpcnode.vm.engine import VmState
from rpcnode.vm.items import Array, Map, StackItem
from rpcnode.vm.script_builder import ScriptBuilder
from tests.oracles.asking import Mocked, signers_of
from tests.oracles.recorded import SHARED, read
from tests.oracles.world import Blocks

CHANGED_SINCE: Final = {"StaticStorageMapTest.Test_StaticStorageMapBytePrefix"}
"""Tests that end otherwise on neo-cli 3.10.2: with Gorgon, SETITEM of -128 into a buffer is an overflow there."""

DEPLOY_GAS: Final = 10**12  # datoshi
ALL_FLAGS: Final = 15


@lru_cache
def recorded() -> Any:
    """The tests, their contracts and settings."""
    return read(SHARED / "devpack-cases.json.gz")


def lasting_tests() -> list[Any]:
    """The tests that hold on neo-cli 3.10.2."""
    return [test for test in recorded()["tests"] if test["test"] not in CHANGED_SINCE]


@lru_cache
def settings() -> ProtocolSettings:
    """The network of the tests."""
    given = recorded()["settings"]
    return ProtocolSettings(
        network=given["network"],
        address_version=given["address_version"],
        ms_per_block=given["milliseconds_per_block"],
        max_traceable_blocks=given["max_traceable_blocks"],
        max_valid_until_block_increment=86_400_000 // given["milliseconds_per_block"],
        max_transactions_per_block=512,
        initial_gas=given["initial_gas_distribution"],
        standby_committee=tuple(map(ECPoint.parse, given["standby_committee"])),
        validators_count=given["validators_count"],
        hardforks={Hardfork[name]: height for name, height in given["hardforks"].items()},
    )


class NoBlocks(Blocks):
    """The chain before its first block."""

    def __init__(self) -> None:
        super().__init__(())

    @property
    def current_index(self) -> int:
        """There is none."""
        return -1


@lru_cache
def genesis() -> tuple[Block, Snapshot]:
    """The first block, which is mainnet's, and what it wrote."""
    natives = read(SHARED / "csharp-natives.json.gz")
    block = Block.parse(b64decode(natives["settings"]["mainnet"]["genesis_raw"]))
    snapshot = Snapshot(_Nothing())
    list(run_block(block, snapshot, settings(), NATIVES, NoBlocks()))
    return block, snapshot


class _Nothing:
    def get(self, contract_id: int, key: bytes) -> bytes | None:
        """No row."""
        return None

    def find(self, contract_id: int, prefix: bytes, backwards: bool = False) -> Iterator[tuple[bytes, bytes]]:
        """No rows."""
        return iter(())


def run(snapshot: Snapshot, script: bytes, signers: Any, gas: int) -> ApplicationEngine:
    """Runs a script as a transaction's; what it writes is kept if it halts."""
    block, given = genesis()[0], recorded()["settings"]
    persisting, sent = given["persisting_block"], given["transaction"]
    header = Header(
        previous_hash=block.hash,
        merkle_root=UInt256.ZERO,
        timestamp_ms=persisting["timestamp"],
        nonce=persisting["nonce"],
        index=persisting["index"],
        primary_index=persisting["primary_index"],
        next_consensus=block.header.next_consensus,
    )
    transaction = Mocked(
        sent["nonce"],
        sent["system_fee"],
        sent["network_fee"],
        sent["valid_until_block"],
        signers_of(signers),
        (),
        script,
    )
    layer = snapshot.child()
    engine = ApplicationEngine(
        Trigger.APPLICATION, transaction, layer, Block(header, ()), settings(), gas, NATIVES, Blocks((block,))
    )
    engine.load_entry(script)
    engine.execute()
    if engine.state is VmState.HALT:
        layer.commit()
    return engine


def deploy(snapshot: Snapshot, contract: str, data: bytes | None, signers: Any) -> ApplicationEngine:
    """Deploys one of the contracts."""
    found = recorded()["contracts"][contract]
    builder = ScriptBuilder().push(data)
    builder.push(json.dumps(found["manifest"]).encode() if isinstance(found["manifest"], dict) else found["manifest"])
    builder.push(b64decode(found["nef"])).push(3).op(0xC0).push(ALL_FLAGS).push("deploy")
    builder.push(bytes(CONTRACT_MANAGEMENT.hash)).syscall("System.Contract.Call")
    return run(snapshot, builder.to_bytes(), signers, DEPLOY_GAS)


def wrong_in(test: Any) -> Iterator[tuple[Any, str, object]]:
    """The steps of a test that do not end as recorded: step, field, ours."""
    given = recorded()["settings"]
    snapshot = genesis()[1].child()
    if test["contract"]:
        engine = deploy(snapshot, test["contract"], None, given["signers"])
        if engine.state is not VmState.HALT:
            yield test, "deploy", str(engine.fault)
            return
    for step in test["steps"]:
        signers = step.get("signers", given["signers"])
        if "deploy" in step:
            engine = deploy(snapshot, step["deploy"], None, signers)
        else:
            engine = run(snapshot, b64decode(step["script"]), signers, given["gas_limit"])
        if engine.state.name != step["state"]:
            yield step, "state", str(engine.fault)
            continue
        if "gas" in step and int(step["gas"]) != engine.fee_consumed_datoshi:
            yield step, "gas", engine.fee_consumed_datoshi
        if "message" in _fault(step) and _fault(step)["message"] != str(engine.fault):
            yield step, "text", str(engine.fault)
        if "contains" in _fault(step) and _fault(step)["contains"] not in str(engine.fault):
            yield step, "text", str(engine.fault)
        for check in (*([step["result"]] if "result" in step else ()), *step.get("checks", ())):
            try:
                item = _at(engine.results[-1], check.get("at", ()))
                ours = read_as(item, check["as"])
            except (VmFault, LookupError) as error:
                yield step, "result", error
                continue
            if not _is(check, ours, item):
                yield step, "result", ours


def _fault(step: Any) -> Any:
    fault = step.get("fault")
    return fault if isinstance(fault, dict) else {}


def _at(item: StackItem, path: Any) -> StackItem:
    for index in path:
        assert isinstance(item, Array)
        item = item.items[index]
    return item


def read_as(item: StackItem, kind: str) -> Any:
    """An item as the tests read it."""
    if kind == "integer":
        return str(to_integer(item if isinstance(item, int | bytes) else bytes(to_bytes(item))))
    if kind == "boolean":
        return to_boolean(item)
    if kind == "string":
        return to_text(item)
    if kind == "bytes":
        return bytes(to_bytes(item)).hex()
    if kind == "count":
        return len(item.entries) if isinstance(item, Map) else len(item.items)  # type: ignore[union-attr]
    return item


def _is(check: Any, ours: Any, item: StackItem) -> bool:
    kind = check["as"]
    if kind == "null":
        return item is None
    if kind == "notnull":
        return item is not None
    if kind == "array":
        return isinstance(item, Array) and all(
            _is(expected, read_as(element, expected["as"]), element)
            for expected, element in zip(check["value"], item.items, strict=True)
        )
    return str(ours) == str(check["value"])


def main(arguments: Sequence[str] = ()) -> int:
    """Runs, compares, counts; gives how many tests do not end as recorded."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--test", default="")
    parser.add_argument("--show", type=int, default=5)
    options = parser.parse_args(arguments)
    tests = [test for test in lasting_tests() if options.test in test["test"]]
    genesis()
    started, bad, kinds = time.process_time(), 0, Counter[str]()
    for test in tests:
        found = list(wrong_in(test))
        kinds.update(field for _, field, _ in found)
        bad += bool(found)
        if found and bad <= options.show:
            for step, field, ours in found:
                print(f"--- {test['test']} {test['contract']} {field}: {ours}\n    {json.dumps(step)[:1000]}")
    taken = time.process_time() - started
    print(f"neo-devpack-dotnet: {len(tests) - bad} of {len(tests)} tests as recorded, {taken:.1f} s; {dict(kinds)}")
    return bad


if __name__ == "__main__":
    main(sys.argv[1:])
