"""neo-mamba signs and sends transactions to a node of Neo N3; run by the Python that neo-mamba is installed in.

It takes a plan on standard input and prints one JSON object of answers, as neo_mamba_reads.py does.
"""

# mypy: disable-error-code="import-not-found"

import asyncio
import base64
import json
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from neo3.api.helpers.signing import sign_with_account
from neo3.api.helpers.txbuilder import TxBuilder
from neo3.api.noderpc import NeoRpcClient
from neo3.api.wrappers import ChainFacade, ContractMethodResult, GasToken, GenericContract, NeoToken, NEP17Contract
from neo3.contracts import manifest, nef
from neo3.core import types
from neo3.network.payloads.verification import Signer
from neo3.vm import ScriptBuilder
from neo3.wallet.account import Account

Query = Callable[[], Awaitable[object]]


async def answers_of(plan: dict[str, Any]) -> dict[str, dict[str, dict[str, object]]]:
    """What each query answers, by group."""
    alice, bob = (Account.from_wif(wif) for wif in plan["wifs"])
    facade = ChainFacade(plan["url"], receipt_retry_delay=0.05, receipt_timeout=10)
    facade.add_signer(sign_with_account(alice), Signer(alice.script_hash))
    beans = NEP17Contract(types.UInt160.from_string(plan["token"]))

    async def sent(call: Any) -> object:
        receipt = await facade.invoke(call)
        execution = getattr(receipt.result, "stack", None)
        result = receipt.result if execution is None else [item.value for item in execution]
        return {"state": str(receipt.state), "result": result, "exception": receipt.exception}

    def contract_of(written: dict[str, Any]) -> tuple[nef.NEF, manifest.ContractManifest]:
        compiled = nef.NEF.deserialize_from_bytes(base64.b64decode(written["nef"]))
        return compiled, manifest.ContractManifest.from_json(written["manifest"])

    deployed: dict[str, GenericContract] = {}

    async def deploy(key: str, written: dict[str, Any]) -> GenericContract:
        receipt = await facade.invoke(GenericContract.deploy(*contract_of(written)))
        deployed[key] = GenericContract(receipt.result)
        return deployed[key]

    async def bought() -> object:
        shop = await deploy("shop", plan)
        return await sent(shop.call_function("buy", [alice.script_hash, 3]))

    async def claimed() -> object:
        owed = await facade.test_invoke(NeoToken().get_unclaimed_gas(alice.script_hash))
        receipt = await facade.invoke(NeoToken().transfer(alice.script_hash, alice.script_hash, 0))
        left = await facade.test_invoke(NeoToken().get_unclaimed_gas(alice.script_hash))
        events = [str(event.contract) for event in receipt.notifications]
        return {"state": str(receipt.state), "owes": owed.result > 0, "events": events, "left": left.result}

    async def iterated() -> object:
        token = await deploy("beans", plan["beans"])
        script = ScriptBuilder().emit_contract_call_and_unwrap_iterator(token.hash, "holders").to_array()
        receipt = await facade.test_invoke(ContractMethodResult(script))
        holders = receipt.result.stack[0].as_list()
        return [str(row.value[0].as_uint160()) for row in holders]

    async def updated() -> object:
        compiled, described = contract_of(plan["beans"])
        described.extra = {"version": 2}
        receipt = await facade.invoke(deployed["beans"].update(nef=compiled, manifest=described))
        found = await facade.rpc_client.get_contract_state(deployed["beans"].hash)
        return {"state": str(receipt.state), "counter": found.update_counter}

    async def destroyed() -> object:
        receipt = await facade.invoke(deployed["beans"].destroy())
        return {"state": str(receipt.state), "events": [event.event_name for event in receipt.notifications]}

    async def refused(*, key: Account = alice, network: int = 0, blocks: int = 100, too_little: int = 0) -> object:
        """A transfer of the first account, built step by step, with one thing wrong."""
        async with NeoRpcClient(plan["url"]) as client:
            builder = TxBuilder(client, GasToken().transfer(alice.script_hash, bob.script_hash, 1).script)
            await builder.init()
            builder.network = network or builder.network
            builder.add_signer(sign_with_account(key), Signer(alice.script_hash))
            await builder.set_valid_until_block(blocks)
            await builder.calculate_system_fee()
            await builder.calculate_network_fee()
            builder.tx.network_fee -= too_little
            return str(await client.send_transaction(await builder.build_and_sign()))

    async def with_fee_too_low() -> object:
        return await facade.invoke(GasToken().transfer(alice.script_hash, bob.script_hash, 1), network_fee=1)

    async def with_failing_assertion_sent() -> object:
        return await sent(deployed["shop"].call_function("buy", [alice.script_hash, 0]))

    reads: dict[str, Query] = {
        "transfer of GAS": lambda: sent(GasToken().transfer(alice.script_hash, bob.script_hash, 200)),
        "transfer of NEO": lambda: sent(NeoToken().transfer(alice.script_hash, bob.script_hash, 7)),
        "transfer of a token": lambda: sent(beans.transfer(alice.script_hash, bob.script_hash, 250)),
        "transfers in one": lambda: sent(GasToken().transfer_multi(alice.script_hash, [bob.script_hash] * 3, 5)),
        "deployment and call": bought,
        "built step by step": refused,
        "claim of GAS": claimed,
        "iteration": iterated,
        "update": updated,
        "destruction": destroyed,
        "call whose assertion fails": with_failing_assertion_sent,
        "transfer that nobody signed": lambda: sent(GasToken().transfer(bob.script_hash, alice.script_hash, 1)),
    }
    refusals: dict[str, Query] = {
        "fee too low": with_fee_too_low,
        "one datoshi too little": lambda: refused(too_little=1),
        "signed by another": lambda: refused(key=bob),
        "another network": lambda: refused(network=1),
        "expired": lambda: refused(blocks=-1),
        "too far ahead": lambda: refused(blocks=100_000),
    }
    groups = {"reads": reads, "refusals": refusals}
    answers = {
        group: {query: await answer_of(ask) for query, ask in queries.items()} for group, queries in groups.items()
    }
    await facade.rpc_client.close()
    return answers


async def answer_of(ask: Query) -> dict[str, object]:
    """The value, or how it failed."""
    try:
        return {"value": await ask()}
    except Exception as error:
        said = {name: getattr(error, name) for name in ("code", "message") if hasattr(error, name)}
        return {"error": {"type": type(error).__name__, "text": str(error), **said}}


if __name__ == "__main__":
    json.dump(asyncio.run(answers_of(json.load(sys.stdin))), sys.stdout)
