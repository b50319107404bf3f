"""Starts the node from a checkout: `python run.py [ARGS]` is `rpcnode [ARGS]`."""

import sys

from rpcnode.cli import main

if __name__ == "__main__":
    sys.exit(main())
