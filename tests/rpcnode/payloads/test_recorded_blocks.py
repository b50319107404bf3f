"""Blocks, transactions and contracts of two recorded networks: everything recomputes to what the node said."""

from base64 import b64decode
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from rpcnode.payloads.block import Block
from rpcnode.payloads.flags import CallFlags
from rpcnode.payloads.header import Header
from rpcnode.payloads.manifest_json import manifest_of_json
from rpcnode.payloads.merkle import merkle_root
from rpcnode.payloads.nef import MethodToken, Nef
from rpcnode.payloads.transaction import Transaction
from rpcnode.payloads.verification import contract_hash
from rpcnode.payloads.witness import NO_WITNESS
from rpcnode.primitives.uint import UInt160
from tests.rpcnode.payloads.witnesses.witness_signatures import is_signed_by

BLOCK_MEMBERS = "hash size version previousblockhash merkleroot time nonce index primary nextconsensus witnesses tx"
TRANSACTION_MEMBERS = "hash size version nonce sender sysfee netfee validuntilblock signers attributes script witnesses"


@pytest.fixture(scope="module", params=["recorded_chain", "neo_go_testchain"])
def chain(request: pytest.FixtureRequest) -> dict[str, Any]:
    document: dict[str, Any] = request.getfixturevalue(request.param)
    return document


@pytest.fixture(scope="module")
def blocks(chain: dict[str, Any]) -> list[Block]:
    return [Block.parse(b64decode(block["raw"])) for block in chain["blocks"]]


@pytest.fixture(scope="module")
def network(chain: dict[str, Any]) -> int:
    magic: int = chain["version"]["protocol"]["network"]
    return magic


def test_all_blocks_are_there(chain: dict[str, Any], blocks: list[Block]) -> None:
    assert [block.index for block in blocks] == list(range(chain["height"]))
    assert (len(blocks), sum(len(block.transactions) for block in blocks)) in {(88, 167), (24, 28)}


def test_blocks_serialize_to_the_bytes_they_came_from(chain: dict[str, Any], blocks: list[Block]) -> None:
    assert [block.serialize() for block in blocks] == [b64decode(block["raw"]) for block in chain["blocks"]]


def test_blocks_print_what_the_node_printed(chain: dict[str, Any], blocks: list[Block]) -> None:
    known_by_the_ledger = {"confirmations", "nextblockhash"}
    assert [block.to_json(0x35) for block in blocks] == [
        {name: value for name, value in block["verbose"].items() if name not in known_by_the_ledger}
        for block in chain["blocks"]
    ]


def test_members_stand_in_neo_clis_order(blocks: list[Block]) -> None:
    for block in blocks:
        assert " ".join(block.to_json(0x35)) == BLOCK_MEMBERS
        for transaction in block.transactions:
            assert " ".join(transaction.to_json(0x35)) == TRANSACTION_MEMBERS
            assert [list(signer.to_json()) for signer in transaction.signers] == [["account", "scopes"]] * len(
                transaction.signers
            )


def test_each_block_links_to_the_one_before(blocks: list[Block]) -> None:
    assert [block.header.previous_hash for block in blocks[1:]] == [block.hash for block in blocks[:-1]]


def test_merkle_roots_recompute(blocks: list[Block]) -> None:
    for block in blocks:
        assert merkle_root([transaction.hash for transaction in block.transactions]) == block.header.merkle_root


def test_headers_and_transactions_come_back_from_their_unsigned_parts(blocks: list[Block]) -> None:
    for block in blocks:
        header = Header.parse_unsigned(block.header.serialize_unsigned())
        assert header == replace(block.header, witness=NO_WITNESS)
        assert header.with_witness(block.header.witness).serialize() == block.header.serialize()
        for transaction in block.transactions:
            unsigned = Transaction.parse_unsigned(transaction.serialize_unsigned())
            assert unsigned.hash == transaction.hash
            assert unsigned.with_witnesses(transaction.witnesses) == transaction


def test_transactions_come_back_from_their_bytes(blocks: list[Block]) -> None:
    for block in blocks:
        for transaction in block.transactions:
            assert Transaction.parse(transaction.serialize()) == transaction


def test_blocks_are_signed_by_whom_the_block_before_names(blocks: list[Block], network: int) -> None:
    for before, block in pairwise(blocks):
        header = block.header
        assert is_signed_by(header.witness, before.header.next_consensus, header.sign_data(network))


def test_transactions_are_signed_by_their_signers(blocks: list[Block], network: int) -> None:
    for block in blocks:
        for transaction in block.transactions:
            for signer, witness in zip(transaction.signers, transaction.witnesses, strict=True):
                assert is_signed_by(witness, signer.account, transaction.sign_data(network))


def test_signatures_are_of_this_network_only(blocks: list[Block], network: int) -> None:
    header, before = blocks[-1].header, blocks[-2].header
    assert not is_signed_by(header.witness, before.next_consensus, header.sign_data(network + 1))
    assert not is_signed_by(header.witness, UInt160.ZERO, header.sign_data(network))


def _contracts(chain: dict[str, Any]) -> list[dict[str, Any]]:
    return [*chain["contracts"].values(), *chain["native_contracts"]]


def _nef(contract: dict[str, Any]) -> Nef:
    nef = contract["nef"]
    tokens = tuple(
        MethodToken(
            UInt160.parse(token["hash"]),
            token["method"],
            token["paramcount"],
            token["hasreturnvalue"],
            CallFlags(sum(CallFlags[name] for name in token["callflags"].replace("None", "None_").split(", "))),
        )
        for token in nef["tokens"]
    )
    return Nef(nef["compiler"], b64decode(nef["script"]), nef["source"], tokens)


def test_checksums_of_nef_files_recompute(chain: dict[str, Any]) -> None:
    for contract in _contracts(chain):
        nef = _nef(contract)
        assert nef.to_json() == contract["nef"]
        assert Nef.parse(nef.serialize()) == nef


def test_manifests_print_what_the_node_printed(chain: dict[str, Any]) -> None:
    for contract in _contracts(chain):
        assert manifest_of_json(contract["manifest"]).to_json() == contract["manifest"]


def test_hashes_of_native_contracts_recompute(chain: dict[str, Any]) -> None:
    for contract in _contracts(chain):
        if contract["id"] < 0:
            assert str(contract_hash(UInt160.ZERO, 0, contract["manifest"]["name"])) == contract["hash"]


def test_hashes_of_deployed_contracts_recompute(chain: dict[str, Any], blocks: list[Block]) -> None:
    deployed = [contract for contract in chain["contracts"].values() if contract["id"] > 0]
    assert len(deployed) in {2, 3}
    for contract in deployed:
        sender = _deployer(chain, blocks, UInt160.parse(contract["hash"]))
        assert str(contract_hash(sender, contract["nef"]["checksum"], contract["manifest"]["name"])) == contract["hash"]


def _deployer(chain: dict[str, Any], blocks: list[Block], contract: UInt160) -> UInt160:
    """The sender of the transaction that notified the contract's deployment."""
    return next(
        transaction.sender
        for block in blocks
        for transaction in block.transactions
        for event in chain["application_logs"][str(transaction.hash)]["executions"][0]["notifications"]
        if event["eventname"] == "Deploy" and b64decode(event["state"]["value"][0]["value"]) == contract
    )


def test_nef_files_in_deploying_scripts_parse_and_serialize_to_the_same_bytes(blocks: list[Block]) -> None:
    files = [nef for block in blocks for transaction in block.transactions for nef in _nef_files(transaction.script)]
    assert len(files) in {2, 6}
    for file in files:
        assert Nef.parse(file).serialize() == file


def _nef_files(script: bytes) -> list[bytes]:
    """The NEF file that a call of ContractManagement.deploy pushes: PUSHDATA1 or PUSHDATA2, then its magic."""
    start = script.find(b"NEF3")
    if start < 0:
        return []
    short = script[start - 2] == 0x0C
    size = script[start - 1] if short else int.from_bytes(script[start - 2 : start], "little")
    return [script[start : start + size]]
