"""The dev chain as it is once it was executed, packaged: a start need not execute it.

`python -m rpcnode.commands.dev_chain_image` makes the file again, whenever the chain, the tables or what plugins write
into them have changed. A test compares it with the chain's own execution from genesis, table by table.
"""

import sqlite3
import zlib
from collections.abc import Sequence
from contextlib import closing
from pkgutil import get_data
from typing import Final

from rpcnode.chain.db.migrations import Migrations
from rpcnode.dev.accounts import DEFAULT_SEED
from rpcnode.primitives.errors import ProfileName

FILE: Final = "dev-chain-n3.image.gz"
GZIP: Final = 31
"""zlib's window for a gzip file."""

PACKAGED: Final[tuple[ProfileName, str, int]] = ("n3", DEFAULT_SEED, 10)
"""The profile, the seed and the number of accounts of the chain in the file."""

_STEPS: Final = "SELECT migration_set, name FROM _sqlite_migrations"


def packaged_image(profile: ProfileName, seed: str, accounts: int, migrations: Sequence[Migrations]) -> bytes | None:
    """The image of a dev chain; None where the packaged one is another, or has other tables than these."""
    packed = get_data("rpcnode.fixtures", FILE) if (profile, seed, accounts) == PACKAGED else None
    if packed is None:
        return None
    image = zlib.decompress(packed, GZIP)
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(image)
        has = set(connection.execute(_STEPS))
    return image if has == {(owned.owner, step.name) for owned in migrations for step in owned.steps} else None
