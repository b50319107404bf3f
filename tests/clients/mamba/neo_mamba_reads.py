"""Every read of neo-mamba's NeoRpcClient, against a node of Neo N3; run by the Python that neo-mamba is installed in.

It takes a plan on standard input, asks, and prints one JSON object of answers, in two groups, `reads` and `refusals`:
`{query: {"value": ...} | {"error": ...}}`. Values are what the client parsed: a hash that it cut wrongly shows.
"""

# mypy: disable-error-code="import-not-found"

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import Any

from neo3.api import noderpc
from neo3.contracts.contract import CONTRACT_HASHES, ContractState
from neo3.core import cryptography, types
from neo3.network.payloads import block, transaction, verification
from neo3.wallet import utils

Query = Callable[[], Awaitable[object]]
Queries = dict[str, Query]

UNKNOWN_HASH = types.UInt256(b"\xab" * 32)


async def answers_of(plan: dict[str, Any]) -> dict[str, dict[str, object]]:
    """What each query answers, by group."""
    async with noderpc.NeoRpcClient(plan["url"]) as client:
        groups = {"reads": await reads_of(client, plan), "refusals": refusals_of(client)}
        return {
            group: {query: await answer_of(ask) for query, ask in queries.items()} for group, queries in groups.items()
        }


async def answer_of(ask: Query) -> dict[str, object]:
    """The value that the client parsed, or how it failed."""
    try:
        return {"value": await ask()}
    except Exception as error:
        said = {name: getattr(error, name) for name in ("code", "message", "data") if hasattr(error, name)}
        return {"error": {"type": type(error).__name__, "text": str(error), **said}}


async def reads_of(client: Any, plan: dict[str, Any]) -> Queries:
    """Queries that every node answers."""
    account, index, contract = plan["account"], plan["block"], types.UInt160.from_string(plan["contract"])
    start = datetime.fromtimestamp(plan["start_ms"] / 1000, UTC)
    end = datetime.fromtimestamp(plan["end_ms"] / 1000, UTC)
    account_hash = utils.address_to_script_hash(account)
    signer = verification.Signer(account_hash, verification.WitnessScope.CALLED_BY_ENTRY)
    found: Any = await client.get_block(index)
    block_hash, transaction_id = found.hash(), found.transactions[0].hash()

    async def found_storage() -> list[tuple[bytes, bytes]]:
        return [pair async for pair in client.find_states(contract)]

    async def storage_by_key() -> list[bytes]:
        return [await client.get_storage(contract, key) for key, _ in await found_storage()]

    return {
        "get_version": client.get_version,
        "get_block_count": client.get_block_count,
        "get_best_block_hash": client.get_best_block_hash,
        "get_block_hash": lambda: client.get_block_hash(index),
        "get_connection_count": client.get_connection_count,
        "get_peers": client.get_peers,
        "get_committee": client.get_committee,
        "get_candidates": client.get_candidates,
        "get_next_blockvalidators": client.get_next_blockvalidators,
        "get_raw_mempool": client.get_raw_mempool,
        "validate_address, right": lambda: client.validate_address(account),
        "validate_address, wrong": lambda: client.validate_address("no address"),
        "get_block by index": lambda: client.get_block(index),
        "get_block by hash": lambda: client.get_block(block_hash),
        "get_block_header by index": lambda: client.get_block_header(index),
        "get_block_header by hash": lambda: client.get_block_header(block_hash),
        "get_transaction": lambda: client.get_transaction(transaction_id),
        "get_transaction_height": lambda: client.get_transaction_height(transaction_id),
        "get_transaction_receipt": lambda: client.get_transaction_receipt(transaction_id),
        "wait_for_transaction_receipt": lambda: client.wait_for_transaction_receipt(transaction_id),
        "get_application_log_transaction": lambda: client.get_application_log_transaction(transaction_id),
        "get_application_log_block": lambda: client.get_application_log_block(block_hash),
        "get_contract_state by hash": lambda: client.get_contract_state(contract),
        "get_contract_state by native name": lambda: client.get_contract_state("neotoken"),
        "find_states": found_storage,
        "get_storage of each found key": storage_by_key,
        "get_nep17_balances": lambda: client.get_nep17_balances(account),
        "get_nep17_transfers": lambda: client.get_nep17_transfers(account, start),
        "get_nep17_transfers, with an end": lambda: client.get_nep17_transfers(account, start, end),
        "get_unclaimed_gas": lambda: client.get_unclaimed_gas(account),
        "invoke_function symbol": lambda: client.invoke_function(CONTRACT_HASHES.NEO_TOKEN, "symbol"),
        "invoke_function decimals": lambda: client.invoke_function(plan["token"], "decimals"),
        "invoke_function balanceOf": lambda: client.invoke_function(
            CONTRACT_HASHES.NEO_TOKEN, "balanceOf", [account_hash], [signer]
        ),
    }


def refusals_of(client: Any) -> Queries:
    """Queries about what is not there."""
    return {
        "unknown block": lambda: client.get_block(UNKNOWN_HASH),
        "unknown height": lambda: client.get_block_hash(2**31),
        "unknown transaction": lambda: client.get_transaction(UNKNOWN_HASH),
        "unknown contract": lambda: client.get_contract_state(types.UInt160(b"\xcd" * 20)),
        "wrong address": lambda: client.get_nep17_balances("no address"),
        "waiting for a transaction that never comes": lambda: client.wait_for_transaction_receipt(
            UNKNOWN_HASH, timeout=0.3, retry_delay=0.1
        ),
    }


def shown(value: object) -> object:
    """A parsed value as JSON: hashes with 0x, bytes as hex, times in ms, records as objects."""
    match value:
        case types.UInt160() | types.UInt256():
            return f"0x{value}"
        case bytes():
            return value.hex()
        case datetime():
            return round(value.timestamp() * 1000)
        case Enum():
            return value.value
        case cryptography.ECPoint():
            return value.to_array().hex()
        case block.Block():
            hashes = [shown(included.hash()) for included in value.transactions]
            return {"hash": shown(value.hash()), "index": value.index, "transactions": hashes}
        case block.Header():
            return {"hash": shown(value.hash()), "index": value.index, "timestamp": value.timestamp}
        case transaction.Transaction():
            return {"hash": shown(value.hash()), "script": value.script.hex()}
        case ContractState():
            return {"id": value.id, "hash": shown(value.hash), "name": value.manifest.name, "nef": value.nef.checksum}
    if is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    raise TypeError(f"{type(value).__name__} is not shown")


if __name__ == "__main__":
    json.dump(asyncio.run(answers_of(json.load(sys.stdin))), sys.stdout, default=shown)
