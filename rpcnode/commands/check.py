"""`rpcnode check`: reads and plays fixtures, and says where they are wrong."""

import sys
from collections.abc import Sequence
from pathlib import Path

from rpcnode.node import Node
from rpcnode.options import NodeOptions
from rpcnode.primitives.errors import NodeError, ProfileName


def check(fixtures: Sequence[Path], profile: ProfileName) -> int:
    """Prints a line for each fixture; 1 if any is broken."""
    broken = 0
    for path in fixtures:
        try:
            node = Node(NodeOptions(fixtures=(path,), profile=profile))
        except NodeError as error:
            broken += 1
            sys.stderr.write(f"{error}\n")
            continue
        contracts = sum(1 for contract in node.ledger.contracts() if contract.contract_id > 0)
        noun = "contract" if contracts == 1 else "contracts"
        sys.stdout.write(f"{path}: ok: height {node.ledger.height}, {contracts} {noun}, profile {profile}\n")
        node.close()
    return 1 if broken else 0
