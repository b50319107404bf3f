"""One node of two workers for a module, with a connection to each."""

from collections.abc import Iterator

import pytest

from tests.node_process import RunningNode
from tests.rpcnode.workers.shared_node import Client, client_of_reader, client_of_writer, shared_node


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningNode]:
    folder = tmp_path_factory.mktemp("shared")
    with shared_node(folder, "--set=RpcServer.DisabledMethods=[]") as running:
        yield running


@pytest.fixture(scope="module")
def reader(node: RunningNode) -> Iterator[Client]:
    client = client_of_reader(node)
    yield client
    client.close()


@pytest.fixture(scope="module")
def writer(node: RunningNode) -> Iterator[Client]:
    client = client_of_writer(node)
    yield client
    client.close()
