"""Puts two images into a database file by turns, until somebody kills it.

`python killed_while_restoring.py DB ONE OTHER`
"""

import sys
from contextlib import closing
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from rpcnode.chain.db.schema import CHAIN_MIGRATIONS
from rpcnode.chain.db.store import Store

db, one, other = map(Path, sys.argv[1:4])
images = (one.read_bytes(), other.read_bytes())
with closing(Store.in_file(db, [CHAIN_MIGRATIONS])) as store:
    print("restoring", flush=True)
    while True:
        for image in images:
            store.restore(image)
