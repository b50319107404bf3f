"""Who sees the page, and what comes from its paths."""

import json

import pytest

from tests.rpcnode.server.websocket.clients import served

HTML = {"Accept": "text/html"}


@pytest.mark.parametrize("address", ["/", "/dev", "/journal", "/block/1", "/methods"])
@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({"Host": "evil.example:10332"}, "not to Host"),
        ({"Origin": "https://evil.example"}, "Origin"),
        ({"Origin": "null"}, "Origin"),
    ],
    ids=["a name that was rebound", "a page of another origin", "a page without one"],
)
async def test_a_node_that_can_be_commanded_shows_itself_to_this_machine_only(
    address: str, headers: dict[str, str], reason: str
) -> None:
    async with (
        served(accounts=1) as node,
        node.session.get(f"{node.url}{address}", headers={**HTML, **headers}) as answer,
    ):
        page = await answer.text()
    assert answer.status == 403
    assert reason in page
    assert "account1" not in page
    assert "Height" not in page


@pytest.mark.parametrize(("bind_address", "status"), [("127.0.0.1", 403), ("0.0.0.0", 200)])
async def test_a_node_without_dev_methods_is_read_under_any_name_where_others_reach_it(
    bind_address: str, status: int
) -> None:
    async with (
        served({"BindAddress": bind_address}, dev=False, accounts=1) as node,
        node.session.get(node.url, headers={**HTML, "Host": "node.example"}) as answer,
    ):
        assert answer.status == status
        assert ("Height" in await answer.text()) is (status == 200)


@pytest.mark.parametrize(
    ("name", "kind"), [("page.css", "text/css"), ("main.js", "text/javascript"), ("icon.svg", "image/svg+xml")]
)
async def test_what_pages_load_comes_from_the_node_itself(name: str, kind: str) -> None:
    async with (
        served(accounts=1) as node,
        node.session.get(f"{node.url}/page/{name}") as answer,
        node.session.head(f"{node.url}/page/{name}") as head,
    ):
        body = await answer.read()
    assert answer.headers["Content-Type"].startswith(kind)
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert len(body) > 100
    assert head.headers["Content-Length"] == str(len(body))


@pytest.mark.parametrize("name", ["", "nothing.js", "..%2Fshell.py", "shell.py", "%00.js", ".css", "__init__.py"])
async def test_nothing_else_comes_from_there(name: str) -> None:
    async with served(accounts=1) as node, node.session.get(f"{node.url}/page/{name}") as answer:
        assert (answer.status, await answer.read()) == (404, b"")


@pytest.mark.parametrize("path", ["/", "/tx/0x12", "/dev", "/journal", "/page/main.js"])
async def test_calls_are_answered_on_the_pages_paths(path: str) -> None:
    body = {"jsonrpc": "2.0", "id": 1, "method": "getblockcount", "params": []}
    query = "?jsonrpc=2.0&id=1&method=getblockcount&params=[]"
    async with (
        served(accounts=1) as node,
        node.session.post(f"{node.url}{path}", json=body, headers=HTML) as posted,
        node.session.get(f"{node.url}{path}{query}", headers=HTML) as got,
    ):
        told = [json.loads(await answer.read())["result"] for answer in (posted, got)]
    assert told == [node.node.ledger.height + 1] * 2


async def test_pages_are_asked_for_with_the_nodes_password() -> None:
    async with served({"RpcUser": "demo", "RpcPass": "right"}, accounts=1) as node:
        async with node.session.get(node.url, headers=HTML) as answer:
            assert answer.status == 401
            assert "Height" not in await answer.text()
        right = {**HTML, "Authorization": "Basic ZGVtbzpyaWdodA=="}
        async with node.session.get(node.url, headers=right) as answer:
            assert "Height" in await answer.text()
