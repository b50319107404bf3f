"""The first block of N3, which follows from what a network has set before it."""

from typing import Final

from rpcnode.chain.headers import GENESIS_NONCE
from rpcnode.chain.network import NetworkParameters
from rpcnode.payloads.account_scripts import ACCOUNT_SCRIPTS
from rpcnode.payloads.block import Block
from rpcnode.payloads.header import Header
from rpcnode.payloads.verification import script_hash
from rpcnode.payloads.witness import Witness
from rpcnode.primitives.uint import UInt256

_TRUE: Final = b"\x11"


def genesis_block(parameters: NetworkParameters) -> Block:
    """Block 0. Source: neo 3.10.2, NeoSystem.cs: CreateGenesisBlock."""
    header = Header(
        previous_hash=UInt256.ZERO,
        merkle_root=UInt256.ZERO,
        timestamp_ms=parameters.genesis_time_ms,
        nonce=GENESIS_NONCE,
        index=0,
        primary_index=0,
        next_consensus=script_hash(ACCOUNT_SCRIPTS["n3"].bft(parameters.validators)),
    )
    return Block(header.with_witness(Witness(b"", _TRUE)), ())


def differences_of_genesis(block: Block, parameters: NetworkParameters) -> list[str]:
    """What a block 0 has else than the one that the parameters make, in words; nothing where it is that one."""
    found, right = block.header, genesis_block(parameters).header
    if block.hash == right.hash:
        return []
    told = []
    if found.next_consensus != right.next_consensus:
        made = f"committee and validators_count make {right.next_consensus}"
        told.append(f"its next consensus is {found.next_consensus}, and {made}")
    if found.timestamp_ms != right.timestamp_ms:
        told.append(f"its time is {found.timestamp_ms} ms, and genesis_time is {right.timestamp_ms}")
    if found.nonce != right.nonce:
        told.append(f"its nonce is {found.nonce}, and every network's is {right.nonce}")
    return told or [f"its hash is {block.hash}, and every other part of it is right"]
