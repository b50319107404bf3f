"""Every answer that neo-cli 3.10.2 gave about a chain of 164 blocks, against ours, as text.

The data is in tests/data/csharp-rpc.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from rpcnode.testing import LocalNode, in_process, start
from tests.recorded_answers import DATA, Call, Masks, calls_in, check_exact, compare, read, replay
from tests.recorded_exchanges import Exchange, exchange

FOLDER: Final = DATA / "csharp-rpc"
CHAIN: Final = FOLDER / "chain.json.gz"
AS_IT_IS: Final = {"RpcServer.ExpandIterators": False, "StateService.FullState": True}
"""What our nodes do in tests to help, and neo-cli does not; and how the node was set that was recorded."""


@pytest.fixture(scope="module")
def recorded() -> Any:
    return read(FOLDER / "answers.json.xz")


@pytest.fixture(scope="module")
def masks(recorded: Any) -> Masks:
    return Masks(recorded["masks"])


@pytest.fixture(scope="module")
def node() -> Iterator[LocalNode]:
    with start(CHAIN, settings=AS_IT_IS) as running:
        yield running


def exchanges_in(listed: list[dict[str, Any]]) -> list[Exchange]:
    return [
        Exchange(number, entry["raw"].encode("latin-1"), entry["answer"].encode("latin-1"))
        for number, entry in enumerate(listed)
    ]


@pytest.mark.slow
def test_calls_are_answered_as_neo_cli_answers_them(node: LocalNode, recorded: Any, masks: Masks) -> None:
    check_exact(replay(node.post, "calls", calls_in(recorded["calls"]), masks))


@pytest.mark.slow
def test_raw_requests_are_answered_as_neo_cli_answers_them(node: LocalNode, recorded: Any, masks: Masks) -> None:
    exchanges = exchanges_in(recorded["raw"])
    check_exact(exchange(node.url, "raw", exchanges, recorded["ignored_headers"], masks))


@pytest.mark.slow
def test_a_node_with_other_settings_answers_as_neo_cli_with_them(
    recorded: Any, masks: Masks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What there is beside neo-cli that openwallet was told to open.
    monkeypatch.chdir(tmp_path)
    for name in ("config.json", "neo-cli.dll"):
        (tmp_path / name).write_text("{}", "utf-8")
    (tmp_path / "Plugins").mkdir()
    exchanges = exchanges_in(recorded["settings"])
    outcomes = []
    for settings in {repr(entry["settings"]): entry["settings"] for entry in recorded["settings"]}.values():
        ours = AS_IT_IS | {f"RpcServer.{key}": value for key, value in settings.items()}
        chosen = [exchanges[at] for at, entry in enumerate(recorded["settings"]) if entry["settings"] == settings]
        with start(CHAIN, settings=ours) as node:
            outcomes += exchange(node.url, "settings", chosen, recorded["ignored_headers"], masks)
    check_exact(outcomes)


@pytest.mark.slow
def test_sessions_go_as_they_went_on_neo_cli(recorded: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("rpcnode.plugins.rpc_server.smart_contract.monotonic", lambda: now[0])
    settings = {"SessionEnabled": True, "SessionExpirationTime": 8, "MaxIteratorResultItems": 5}
    ours = {f"RpcServer.{key}": value for key, value in settings.items()}
    ids: dict[str, str] = {}
    with in_process(CHAIN, settings=ours) as node:
        for step in recorded["session_flow"]:
            now[0] += step["wait"]
            params = [ids.get(param, param) if isinstance(param, str) else param for param in step["params"]]
            body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": step["method"], "params": params})
            answer = node.post(body.encode()).body.decode()
            for name in ("id", "session"):
                for found in re.findall(f'"{name}":"([0-9a-f-]{{36}})"', answer):
                    place = "$id1" if name == "id" else "$session"
                    ids[place] = found
                    answer = answer.replace(found, place)
            assert answer == step["answer"], step


@pytest.mark.slow
def test_a_wallet_goes_from_opening_to_closing_as_on_neo_cli(
    recorded: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flow = recorded["wallet_flow"]
    monkeypatch.chdir(tmp_path)
    for name, text in flow["files"].items():
        (tmp_path / name).write_text(text, "utf-8")
    masks = Masks(flow["masks"])
    outcomes = []
    with in_process(CHAIN, settings=AS_IT_IS | {"RpcServer.DisabledMethods": []}) as node:
        node.set_block_time("manual")
        for step in flow["steps"]:
            call = Call(step["method"], step["params"], step["answer"] or "")
            answer = node.post(call.body).body.decode()
            if step["answer"] is not None:  # else it is kept for others to check
                outcomes.append(compare("wallet", call, answer, masks))
    check_exact(outcomes)
