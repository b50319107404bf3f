"""`python -m rpcnode` is the console script."""

import sys

from rpcnode.cli import main

if __name__ == "__main__":
    sys.exit(main())
