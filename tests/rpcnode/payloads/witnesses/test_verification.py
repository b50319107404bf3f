"""Accounts and contracts by their scripts, as of N3."""

import pytest

from rpcnode.payloads.verification import contract_hash, script_hash, single_key_script
from rpcnode.primitives.address import address_of
from rpcnode.primitives.uint import UInt160
from rpcnode.vm.script_builder import ScriptBuilder
from tests.rpcnode.payloads.witnesses.testchain_keys import COMMITTEE, SINGLE


def test_an_account_with_one_key_has_neos_script_and_address() -> None:
    script = single_key_script(COMMITTEE[2])
    assert script.hex() == SINGLE
    assert address_of(script_hash(script), 0x35) == "Nhfg3TbpwogLvDGVvAvqyThbsHgoSUKwtn"


@pytest.mark.parametrize(
    ("name", "displayed"),
    [
        ("ContractManagement", "0xfffdc93764dbaddd97c48f252a53ea4643faa3fd"),
        ("StdLib", "0xacce6fd80d44e1796aa0c2c625e9e4e0ce39efc0"),
        ("CryptoLib", "0x726cb6e0cd8628a1350a611384688911ab75f51b"),
        ("LedgerContract", "0xda65b600f7124ce6c79950c1772a36403104f2be"),
        ("NeoToken", "0xef4073a0f2b305a38ec4050e4d3d28bc40ea63f5"),
        ("GasToken", "0xd2a4cff31913016155e38e474a2c06d08be276cf"),
        ("PolicyContract", "0xcc5e4edd9f5f8dba8bb65734541df7a1c081c67b"),
        ("RoleManagement", "0x49cf4e5378ffcd4dec034fd98a174c5491e395e2"),
        ("OracleContract", "0xfe924b7cfe89ddd271abaf7210a80a7e11178758"),
        ("Notary", "0xc1e14f19c3e60d0b9244d06dd7ba9b113135ec3b"),
        ("Treasury", "0x156326f25b1b5d839a4d326aeaa75383c9563ac1"),
    ],
)
def test_native_contracts_have_their_well_known_hashes(name: str, displayed: str) -> None:
    assert str(contract_hash(UInt160.ZERO, 0, name)) == displayed


def test_native_contracts_of_the_previews_have_the_hashes_of_their_scripts() -> None:
    preview2 = ScriptBuilder().syscall("Neo.Native.Policy").to_bytes()
    assert str(script_hash(preview2)) == "0x3209d09120465bf181ced70693b897ec6ea4619a"


@pytest.mark.parametrize(
    ("name", "displayed"),
    [
        ("NEO", "0xde5f57d430d3dece511cf975a8d37848cb9e0525"),
        ("GAS", "0x668e0c1f9d7b70a99dd9e06eadd4c784d641afbc"),
        ("Policy", "0xce06595079cd69583126dbfd1d2e25cca74cffe9"),
    ],
)
def test_native_contracts_of_preview3_push_their_name_first(name: str, displayed: str) -> None:
    assert str(script_hash(ScriptBuilder().push(name).syscall("Neo.Native.Call").to_bytes())) == displayed
