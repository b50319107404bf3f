"""Requests in OracleContract's storage."""

from base64 import b64decode

import pytest

from rpcnode.execution.snapshot import Snapshot
from rpcnode.natives import oracle_requests
from rpcnode.natives.oracle_requests import ORACLE_ID, OracleRequest
from rpcnode.primitives.uint import UInt160, UInt256
from tests.oracles.world import Rows

ASKER = UInt160.parse("0x9a29aee13e47a0cea5185f6d0ae90c6ddfb0acec")

# Rows of neo-cli 3.10.2, network 42, block 163.
RECORDED = {
    "Bj5/Zm27AQ8ODsyzfz9AvSHL1KUB": "QAEhAQQ=",
    "BlNT3bjeYJihocsk9lpvSAPtJTes": "QAEhAQM=",
    "BnwoUX4E549CnlLJYRGN5D4C0E5V": "QAEhAQY=",
    "BpQ4VK6l0/IGhDGdIHxP5yIBj1Jy": "QAEhAQU=",
    "BwAAAAAAAAAD": (
        "QAcoIIT7DcNIz4lQt3BAs1J/6s3eZ62fPywm3AhcXfjLbM2pIQQALTEBKBNodHRwczovL2EuZXhhbXBsZS8xKAMkLnkoFOyssN9tDOkKbV8Y"
        "pc6gRz7hrimaKAlvbl9hbnN3ZXIoAQA="
    ),
    "BwAAAAAAAAAE": (
        "QAcoIFiHySMPZd/0Jy58chhKP0ORGe2fTTx76a/E7HGK6YH/IQQALTEBKBNodHRwczovL2EuZXhhbXBsZS94KAMkLmEoFOyssN9tDOkKbV8Y"
        "pc6gRz7hrimaKAlvbl9hbnN3ZXIoBigEdXNlcg=="
    ),
}
ROWS = {(ORACLE_ID, b64decode(key)): b64decode(value) for key, value in RECORDED.items()}


@pytest.fixture
def storage() -> Snapshot:
    return Snapshot(Rows(ROWS))


def test_a_request_is_read_from_its_row(storage: Snapshot) -> None:
    assert oracle_requests.request_of(storage, 4) == OracleRequest(
        original_hash=UInt256.parse("0xff81e98a71ecc4afe97b3c4d9fed1991433f4a18727c2e27f4df650f23c98758"),
        gas_for_response=20_000_000,
        url="https://a.example/x",
        filter="$.a",
        callback_contract=ASKER,
        callback_method="on_answer",
        user_data=b"\x28\x04user",
    )
    assert oracle_requests.request_of(storage, 2) is None


def test_requests_are_written_as_they_were_read(storage: Snapshot) -> None:
    written = {
        (ORACLE_ID, b"\x07" + number.to_bytes(8, "big")): one.serialize()
        for number, one in oracle_requests.requests(storage)
    }
    assert written == {place: row for place, row in ROWS.items() if place[1][0] == 7}


@pytest.mark.parametrize("filter_", [None, "", "$.a"])
def test_a_request_without_a_filter_is_not_one_with_an_empty_filter(filter_: str | None) -> None:
    request = OracleRequest(UInt256.ZERO, 10**7, "u", filter_, ASKER, "m", b"\x00")
    assert OracleRequest.parse(request.serialize()) == request


def test_the_ids_of_a_url_are_found_by_its_hash_and_gone_with_the_last(storage: Snapshot) -> None:
    url = "https://a.example/x"
    assert oracle_requests.ids_of_url(storage, url) == [4]
    assert oracle_requests.ids_of_url(storage, "https://nobody.example") == []
    oracle_requests.put_ids_of_url(storage, url, [4, 300])
    assert storage.changes() == {
        (ORACLE_ID, b64decode("Bj5/Zm27AQ8ODsyzfz9AvSHL1KUB")): bytes.fromhex("400221010421022c01")
    }
    oracle_requests.put_ids_of_url(storage, url, [])
    assert list(storage.changes().values()) == [None]
