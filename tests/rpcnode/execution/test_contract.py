"""Contracts as ContractManagement's rows have them, against the rows of a chain that neo-cli 3.10.2 executed."""

import gzip
import json
from base64 import b64decode
from dataclasses import replace
from typing import Any, Final

import pytest

from rpcnode.execution.contract import CONTRACT_PREFIX, Contract, contract_of
from rpcnode.payloads.manifest import Group, Manifest, Method, Permission
from rpcnode.payloads.nef import Nef
from rpcnode.primitives.ecpoint import ECPoint
from rpcnode.primitives.errors import VmFault
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.items import Array
from tests import PROJECT

MANAGEMENT: Final = "0xfffdc93764dbaddd97c48f252a53ea4643faa3fd"
KEY: Final = ECPoint.parse("02103a7f7dd016558597f7960d27c516a4394fd968b9e65155eb4b013e4040406e")
OTHER_KEY: Final = ECPoint.parse("03b209fd4f53a7170ea4444e0cb0a6bb6a53c2bd016926989cf85f9b0fba17a70c")
CONTRACT: Final = Contract(
    1,
    0,
    UInt160(b"\x01" * 20),
    Nef("test", b"\x40"),
    Manifest("Any", (), (Method("main", (), "Void", 0, False),), groups=(Group(KEY, bytes(64)),)),
)


@pytest.fixture(scope="module")
def chain() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(
        gzip.decompress((PROJECT / "tests/data/csharp-rpc/chain.json.gz").read_bytes())
    )
    return document


@pytest.fixture(scope="module")
def rows(chain: dict[str, Any]) -> dict[bytes, bytes]:
    return {b64decode(key): b64decode(value) for key, value in chain["storages"][MANAGEMENT].items()}


def test_rows_are_read_and_written_again_as_they_were(rows: dict[bytes, bytes]) -> None:
    contracts = [row for key, row in rows.items() if key.startswith(CONTRACT_PREFIX)]
    assert len(contracts) == 33
    assert [Contract.parse(row).serialize() for row in contracts] == contracts


def test_a_contract_prints_as_getcontractstate_shows_it(chain: dict[str, Any], rows: dict[bytes, bytes]) -> None:
    shown = {
        script_hash: Contract.parse(rows[CONTRACT_PREFIX + UInt160.parse(script_hash)]).to_json()
        for script_hash in chain["contracts"]
    }
    assert shown == chain["contracts"]


def test_a_contract_is_found_by_its_hash(rows: dict[bytes, bytes]) -> None:
    class Rows:
        def get(self, contract_id: int, key: bytes) -> bytes | None:
            return rows.get(key) if contract_id == -1 else None

    found = contract_of(Rows(), UInt160.parse(MANAGEMENT))
    assert found is not None
    assert (found.id, found.manifest.name) == (-1, "ContractManagement")
    assert found.manifest.method("deploy", 3) != found.manifest.method("deploy", 2)
    assert contract_of(Rows(), UInt160.ZERO) is None


@pytest.mark.parametrize(
    ("permission", "allowed"),
    [
        (Permission(None, None), True),
        (Permission(None, ("main",)), True),
        (Permission(None, ("other",)), False),
        (Permission(None, ()), False),
        (Permission(CONTRACT.hash, None), True),
        (Permission(CONTRACT.hash, ("other",)), False),
        (Permission(UInt160.ZERO, None), False),
        (Permission(KEY, ("main",)), True),
        (Permission(KEY, ("other",)), False),
        (Permission(OTHER_KEY, None), False),
    ],
)
def test_a_permission_names_a_contract_a_group_or_all_and_methods(permission: Permission, allowed: bool) -> None:
    caller = replace(CONTRACT, manifest=replace(CONTRACT.manifest, permissions=(permission,)))
    assert caller.can_call(CONTRACT, "main") is allowed


def test_what_is_no_contract_is_refused() -> None:
    with pytest.raises(VmFault):
        Contract.from_item(Array((1, 2)))
