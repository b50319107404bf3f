"""NEFs and manifests of declared contracts: what the standards ask for, and what a deployment checks."""

import json
from dataclasses import replace

import pytest

from rpcnode.execution.contract import Contract
from rpcnode.execution.native_hashes import CONTRACT_MANAGEMENT
from rpcnode.models.declared.contracts import Standard, declared_contract, kind_of
from rpcnode.models.declared.templates import Constants, Kind, template_of
from rpcnode.models.declared.twins import twin_of
from rpcnode.models.modelled import COMPILER
from rpcnode.natives.deployment import check_manifest, check_script, manifest_from, nef_from
from rpcnode.payloads.manifest import Method
from rpcnode.payloads.nef import Nef
from rpcnode.payloads.signer import WitnessScope
from rpcnode.primitives.json import Json
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.script_builder import ScriptBuilder
from tests.rpcnode.models.declared.token_world import (
    OWNER,
    WITH_TWINS,
    genesis_rows,
    run,
    signers_of,
    transaction_of,
)

# Source: NEP-17 and NEP-11 of neo-project/proposals; R: its methods are safe.
NEP_17 = """
    R symbol() String
    R decimals() Integer
    R totalSupply() Integer
    R balanceOf(account Hash160) Integer
    - transfer(from Hash160, to Hash160, amount Integer, data Any) Boolean
"""
NEP_11 = """
    R symbol() String
    R decimals() Integer
    R totalSupply() Integer
    R balanceOf(owner Hash160) Integer
    R tokensOf(owner Hash160) InteropInterface
    R tokens() InteropInterface
    R properties(tokenId ByteArray) Map
"""
INDIVISIBLE = f"""{NEP_11}
    R ownerOf(tokenId ByteArray) Hash160
    - transfer(to Hash160, tokenId ByteArray, data Any) Boolean
"""
DIVISIBLE = f"""{NEP_11}
    R ownerOf(tokenId ByteArray) InteropInterface
    R balanceOf(owner Hash160, tokenId ByteArray) Integer
    - transfer(from Hash160, to Hash160, amount Integer, tokenId ByteArray, data Any) Boolean
"""
ALL_STANDARDS: tuple[tuple[Standard, int], ...] = (
    ("NEP-5", 8),
    ("NEP-17", 0),
    ("NEP-11", 0),
    ("NEP-11", 4),
    ("none", 0),
)


def line_of(method: Method) -> str:
    parameters = ", ".join(f"{parameter.name} {parameter.type}" for parameter in method.parameters)
    return f"{'R' if method.safe else '-'} {method.name}({parameters}) {method.return_type}"


@pytest.mark.parametrize(
    ("standard", "decimals", "asked"),
    [("NEP-17", 8, NEP_17), ("NEP-5", 8, NEP_17), ("NEP-11", 0, INDIVISIBLE), ("NEP-11", 2, DIVISIBLE)],
)
def test_a_manifest_has_what_its_standard_asks_for(standard: Standard, decimals: int, asked: str) -> None:
    _, manifest = declared_contract(standard, "A coin", "COIN", decimals, OWNER)
    lines = {line.strip() for line in asked.splitlines() if line.strip()}
    assert lines <= {line_of(method) for method in manifest.methods}
    assert manifest.supported_standards == (standard,)
    (event,) = manifest.events
    kinds = [f"{parameter.name} {parameter.type}" for parameter in event.parameters]
    more = ["tokenId ByteArray"] if standard == "NEP-11" else []
    assert (event.name, kinds) == ("Transfer", ["from Hash160", "to Hash160", "amount Integer", *more])


@pytest.mark.parametrize(("standard", "decimals"), ALL_STANDARDS)
def test_what_was_generated_passes_a_deployment(standard: Standard, decimals: int) -> None:
    nef, manifest = declared_contract(standard, "A coin", "COIN", decimals, OWNER)
    check_script(nef.script, manifest, strict=True)
    check_manifest(manifest, UInt160.ZERO)
    script = ScriptBuilder().call(CONTRACT_MANAGEMENT, "deploy", (nef.serialize(), manifest_text(manifest.to_json())))
    signers = signers_of({OWNER: WitnessScope.CalledByEntry})
    outcome = run(WITH_TWINS, genesis_rows(0), transaction_of(script.to_bytes(), signers), gas_datoshi=10**10)
    assert outcome.fault == ""
    assert nef_from(nef.serialize()) == nef and nef.compiler == COMPILER
    assert manifest_from(manifest_text(manifest.to_json()).encode()) == manifest


def manifest_text(manifest: Json) -> str:
    return json.dumps(manifest, ensure_ascii=False)


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.PLAIN])
@pytest.mark.parametrize("decimals", [0, 8, 16, 17, 127, 200, 255])
@pytest.mark.parametrize("symbol", ["X", "", "ÄÖ" * 70, "A" * 300], ids=["short", "empty", "two bytes", "long"])
def test_constants_are_read_back_from_a_nef(kind: Kind, decimals: int, symbol: str) -> None:
    constants = Constants(bytes(OWNER), symbol, decimals)
    template = template_of(kind)
    assert template.constants_of(template.nef(constants)) == constants


def test_only_what_was_generated_has_a_twin() -> None:
    nef, manifest = declared_contract("NEP-17", "A coin", "COIN", 8, OWNER)
    contract = Contract(7, 0, UInt160.ZERO, nef, manifest)
    assert twin_of(contract) is twin_of(contract) is not None
    changed = bytearray(nef.script)
    changed[100] ^= 1
    others = (
        replace(contract, nef=Nef(nef.compiler, bytes(changed), nef.source, nef.tokens)),
        replace(contract, nef=Nef("neo3-boa", nef.script, nef.source, nef.tokens)),
        replace(contract, nef=Nef(nef.compiler, nef.script, nef.source)),
        replace(contract, nef=Nef(nef.compiler, nef.script[:-1], nef.source, nef.tokens)),
        replace(contract, nef=Nef(nef.compiler, b"\x40", nef.source, nef.tokens)),
        replace(contract, manifest=replace(manifest, events=())),
        replace(contract, manifest=replace(manifest, permissions=())),
        replace(contract, manifest=replace(manifest, methods=manifest.methods[1:])),
    )
    assert [*map(twin_of, others)] == [None] * len(others)
    updated = replace(contract, update_counter=3, manifest=replace(manifest, name="Another name", extra={"a": 1}))
    assert twin_of(updated) is not None


def test_nep_11_with_decimals_is_divisible() -> None:
    kinds = [kind_of(standard, decimals) for standard, decimals in ALL_STANDARDS]
    assert kinds == [Kind.FUNGIBLE, Kind.FUNGIBLE, Kind.INDIVISIBLE, Kind.DIVISIBLE, Kind.PLAIN]
