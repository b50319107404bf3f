"""What subscribers see of a chain that is commanded: blocks of every kind, going back, other chains, older profiles."""

from typing import Any

import pytest

from tests.rpcnode.server.websocket.clients import Client, served

MOVE = {"asset": "GAS", "from": "account1", "to": "account2", "amount": 5}


async def subscribed(client: Client, *streams: str) -> Client:
    for stream in streams:
        await client.result("subscribe", stream)
    return client


def told(events: list[dict[str, Any]]) -> list[Any]:
    """Of a block its index, of anything else its stream and what it is."""
    return [
        each["params"][0]["index"]
        if each["method"] == "block_added"
        else (each["method"], *(each["params"][0].get("type", "") for _ in each["params"]))
        for each in events
    ]


MISSED = ("event_missed",)


async def test_blocks_are_told_of_however_they_come() -> None:
    async with served() as node:
        client = await subscribed(await node.client(), "block_added")
        height = await client.result("getblockcount") - 1
        await client.result("dev_transfer", MOVE)  # mined at once
        await client.result("dev_mine", 2)  # empty ones, with no rows
        await client.result("dev_mine", 2, 7)  # empty ones, with times of their own
        assert told(await client.until_quiet()) == [*range(height + 1, height + 6)]


async def test_a_block_is_as_getblock_has_it_but_for_its_size_and_place() -> None:
    async with served() as node:
        client = await subscribed(await node.client(), "block_added", "header_of_added_block", "transaction_added")
        await client.result("dev_transfer", MOVE)
        transaction, header, block = await client.until_quiet()
        height = await client.result("getblockcount") - 1
        for event, method in ((block, "getblock"), (header, "getblockheader")):
            answer = await client.result(method, height, True)
            del answer["size"], answer["confirmations"]
            assert event["params"] == [answer]
        assert transaction["params"] == block["params"][0]["tx"]


async def test_what_a_transaction_did_is_as_its_application_log_has_it() -> None:
    async with served() as node:
        client = await subscribed(await node.client(), "transaction_executed", "notification_from_execution")
        transaction = await client.result("dev_transfer", MOVE)
        events = [each["params"][0] for each in await client.until_quiet()]
        (logged,) = (await client.result("getapplicationlog", transaction))["executions"]
        (execution,) = [each for each in events if each["container"] == transaction and "trigger" in each]
        assert execution == {"container": transaction, "invocations": None, **logged}
        notified = [each for each in events if each["container"] == transaction and "eventname" in each]
        assert notified == [{"container": transaction, **each} for each in logged["notifications"]]


async def test_after_a_rewind_there_is_something_missed_and_blocks_come_again() -> None:
    async with served() as node:
        client = await subscribed(await node.client(), "block_added")
        height = await client.result("dev_mine", 3)
        assert len(await client.until_quiet()) == 3
        await client.result("dev_rewind", height - 2)
        await client.result("dev_mine", 2)
        assert told(await client.until_quiet()) == [MISSED, height - 1, height]


async def test_a_snapshot_that_is_gone_back_to_is_another_chain() -> None:
    async with served() as node:
        client = await subscribed(await node.client(), "block_added", "mempool_event")
        name = await client.result("dev_snapshot")
        height = await client.result("dev_mine", 2)
        await client.until_quiet()
        await client.result("dev_revert", name)
        assert told(await client.until_quiet()) == [MISSED]
        await client.result("dev_mine", 1)
        assert told(await client.until_quiet()) == [height - 1]
        await client.result("dev_reset")
        assert told(await client.until_quiet()) == [MISSED]


async def test_blocks_that_are_held_back_come_again_when_the_node_catches_up() -> None:
    async with served() as node:
        client = await subscribed(await node.client(), "block_added")
        height = await client.result("dev_mine", 3)
        await client.until_quiet()
        await client.result("dev_setSync", {"height": height - 2, "header_height": height})
        await client.result("dev_setSync", {"height": height, "header_height": height})
        assert told(await client.until_quiet()) == [MISSED, height - 1, height]


async def test_clients_that_wait_for_transactions_alone_hear_of_no_other_chain_twice() -> None:
    async with served() as node:
        client, idle = await subscribed(await node.client(), "transaction_added"), await node.client()
        await client.result("dev_mine", 2)
        height = await client.result("getblockcount") - 1
        await client.result("dev_rewind", height - 1)
        await client.result("dev_transfer", MOVE)
        assert [each["method"] for each in await client.until_quiet()] == ["event_missed", "transaction_added"]
        assert await idle.until_quiet() == []


@pytest.mark.parametrize("block_time", ["instant", "manual"])
async def test_a_transaction_waits_be_it_for_no_time(block_time: Any) -> None:
    async with served(block_time=block_time) as node:
        client = await subscribed(await node.client(), "mempool_event", "block_added")
        transaction = await client.result("dev_transfer", MOVE)
        await client.result("dev_mine", 1)
        events = await client.until_quiet()
        added, removed = [each["params"][0] for each in events if each["method"] == "mempool_event"]
        assert (added["type"], removed["type"]) == ("added", "removed")
        assert added["transaction"]["hash"] == removed["transaction"]["hash"] == transaction
        assert told(events)[0] == ("mempool_event", "added")


async def test_what_waits_when_a_client_subscribes_is_no_news() -> None:
    async with served(block_time="manual") as node:
        client = await node.client()
        await client.result("dev_transfer", MOVE)
        await subscribed(client, "mempool_event")
        assert await client.until_quiet() == []
        await client.result("dev_mine", 1)
        assert told(await client.until_quiet()) == [("mempool_event", "removed")]


async def test_after_unsubscribing_nothing_comes() -> None:
    async with served() as node:
        client = await subscribed(await node.client(), "block_added")
        assert await client.result("unsubscribe", "0") is True
        await client.result("dev_mine", 1)
        assert await client.until_quiet() == []


async def test_a_failed_transaction_has_no_notifications() -> None:
    async with served() as node:
        client = await subscribed(await node.client(), "notification_from_execution", "transaction_executed")
        await client.result("subscribe", "transaction_executed", {"state": "FAULT"})
        failing = {"contract": "NEO", "method": "nothing", "args": [], "faults": True}
        await client.result("dev_invoke", failing)
        events = [each["params"][0] for each in await client.until_quiet()]
        failed = [each for each in events if each.get("vmstate") == "FAULT"]
        assert [(each["notifications"], each["trigger"]) for each in failed] == [(None, "Application")]


@pytest.mark.parametrize("profile", ["n3-preview", "n2"])
async def test_older_profiles_tell_of_their_blocks_in_their_own_form(profile: str) -> None:
    async with served(profile=profile) as node:
        client = await node.client()
        await subscribed(
            client,
            *("block_added", "header_of_added_block", "transaction_added", "transaction_executed"),
            *("notification_from_execution", "mempool_event"),
        )
        await client.result("dev_transfer", MOVE)
        events = await client.until_quiet()
        height = await client.result("getblockcount") - 1
        block = await client.result("getblock", height, 1)
        del block["size"], block["confirmations"]
        assert [each["params"][0] for each in events if each["method"] == "block_added"] == [block]
        assert {each["method"] for each in events} >= {"transaction_added", "header_of_added_block", "mempool_event"}


async def test_the_strict_envelope_has_the_websocket_too() -> None:
    async with served(jsonrpc="strict") as node:
        client = await subscribed(await node.client(), "block_added")
        height = await client.result("dev_mine", 1)
        assert told(await client.until_quiet()) == [height]
        assert (await client.ask("subscribe", "nothing"))["error"] == {
            "code": -32602,
            "message": "Invalid params",
            "data": "Invalid params",
        }
