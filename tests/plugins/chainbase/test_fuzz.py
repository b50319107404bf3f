"""Whatever is asked, the Chainbase face answers in its own form: URLs at random, and what its OpenAPI document says."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Final
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import PROJECT, part_of
from tests.plugins.chainbase.chainbase_chain import BALANCE, CHAIN, KEPT, METADATA, TOKENS
from tests.plugins.node_builder import HOLDER
from tests.plugins.rest_node import RestNode, RestNodes, request_bytes

SEED: Final = PROJECT / "fixtures" / "seed.yaml"
STATUSES: Final = {200, 401, 404, 422}

# Texts near right ones: a digit, a sign or a separator too many, in whatever script.
_pieces = st.sampled_from(
    [HOLDER, KEPT, "0x", "0X", ",", "1", "0", "56", "+", "-", " ", "\n", "\0", "%", "&", "\u0661", "\uff11", "9" * 30]
)
_values = st.one_of(st.text(max_size=20), st.lists(_pieces, max_size=6).map("".join), st.integers().map(str))
_names = st.one_of(
    st.sampled_from(["chain_id", "address", "contract_address", "limit", "page", "to_block"]), st.text(max_size=5)
)
_encoded_pairs = st.lists(st.tuples(_names, _values), max_size=8).map(
    lambda pairs: "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in pairs)
)
# What a request line may hold: printable ASCII without a space.
_raw = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), max_size=60)
_good = st.just(f"chain_id=1&address={HOLDER}&contract_address=")
_queries = st.one_of(_encoded_pairs, _raw, st.builds("{}{}".format, _good, _raw))


@pytest.fixture(scope="module")
def node(serve: RestNodes) -> RestNode:
    return serve(CHAIN)


@pytest.mark.slow
@settings(
    derandomize=True,
    max_examples=part_of(300),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(path=st.sampled_from([TOKENS, BALANCE, METADATA]), query=_queries)
def test_no_query_is_answered_by_anything_but_the_table(node: RestNode, path: str, query: str) -> None:
    answer = node.send(request_bytes(f"{path}?{query}", headers={"x-api-key": "demo"}))
    assert answer.status in STATUSES
    assert answer.json["code"] == (0 if answer.status == 200 else answer.status)


@settings(
    derandomize=True,
    max_examples=part_of(100),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    path=st.one_of(
        _raw, st.lists(st.sampled_from(["/", "..", "%2F", "account", "tokens", ";", "v1", ":", "[", "//"])).map("".join)
    )
)
def test_no_path_below_the_root_is_a_failure(node: RestNode, path: str) -> None:
    answer = node.send(request_bytes(f"/v1/{path}", headers={"x-api-key": "demo"}))
    assert answer.status in {404, 422}
    assert answer.json["code"] == answer.status


@pytest.mark.parametrize(
    "target",
    ["http://[/v1/account/tokens", "http://[::1", "http://h:x/v1/account/tokens", "/v1/\x80", "*", "//", "http://"],
)
def test_a_target_that_is_no_path_is_no_failure(node: RestNode, target: str) -> None:
    assert node.send(request_bytes(target)).status < 500


@pytest.mark.slow
def test_schemathesis_finds_no_answer_that_the_openapi_document_does_not_allow(
    serve: RestNodes, tmp_path: Path
) -> None:
    if find_spec("schemathesis") is None:
        pytest.skip("schemathesis is not installed")
    document = f"http://127.0.0.1:{serve(SEED).port}/v1/openapi.json"
    options = (
        "--checks=all",
        "--phases=examples,coverage,fuzzing",
        f"--max-examples={part_of(20)}",
        "--generation-deterministic",
    )
    done = subprocess.run(
        [sys.executable, "-m", "schemathesis.cli", "run", document, "-H", "x-api-key: demo", "--no-color", *options],
        cwd=tmp_path,  # it leaves a folder of its own there
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "Tested: 3" in done.stdout
