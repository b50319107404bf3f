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
from neo3.api.wrappers import ChainFacade, GasToken, GenericContract, NeoToken, NEP17Contract
from neo3.contracts import manifest, nef
from neo3.core import types
from neo3.network.payloads.verification import Signer
from neo3.wallet.account import Account

Query = Callable[[], Awaitable[object]]


async def answers_of(plan: dict[str, Any]) -> dict[str, dict[str, dict[str, object]]]:
    """What each query answers, by group."""
    alice, bob = (Account.from_wif(wif) for wif in plan["wifs"])
    facade = ChainFacade(plan["url"], receipt_retry_delay=0.05, receipt_timeout=10)
    facade.add_signer(sign_with_account(alice), Signer(alice.script_hash))
    beans = NEP17Contract(types.UInt160.from_string(plan["token"]))
    compiled = nef.NEF.deserialize_from_bytes(base64.b64decode(plan["nef"]))
    described = manifest.ContractManifest.from_json(plan["manifest"])

    async def sent(call: Any) -> object:
        receipt = await facade.invoke(call)
        execution = getattr(receipt.result, "stack", None)
        result = receipt.result if execution is None else [item.value for item in execution]
        return {"state": str(receipt.state), "result": result, "exception": receipt.exception}

    async def deployed() -> object:
        receipt = await facade.invoke(GenericContract.deploy(compiled, described))
        return str(receipt.result)

    async def bought() -> object:
        shop = GenericContract(types.UInt160.from_string(str(await deployed())))
        return await sent(shop.call_function("buy", [alice.script_hash, 3]))

    async def with_fee_too_low() -> object:
        return await facade.invoke(GasToken().transfer(alice.script_hash, bob.script_hash, 1), network_fee=1)

    reads: dict[str, Query] = {
        "transfer of GAS": lambda: sent(GasToken().transfer(alice.script_hash, bob.script_hash, 200)),
        "transfer of NEO": lambda: sent(NeoToken().transfer(alice.script_hash, bob.script_hash, 7)),
        "transfer of a token": lambda: sent(beans.transfer(alice.script_hash, bob.script_hash, 250)),
        "transfers in one": lambda: sent(GasToken().transfer_multi(alice.script_hash, [bob.script_hash] * 3, 5)),
        "deployment and call": bought,
        "transfer that nobody signed": lambda: sent(GasToken().transfer(bob.script_hash, alice.script_hash, 1)),
    }
    refusals: dict[str, Query] = {"fee too low": with_fee_too_low}
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
