"""Starts the node from a checkout: `python run.py [ARGS]` is `rpcnode [ARGS]`."""

import sys

if __name__ == "__main__":
    if sys.version_info < (3, 11):
        # Asked here too, in words that every Python reads: an old one cannot read the package.
        sys.exit("rpcnode: needs Python 3.11 or newer; this is " + sys.version.split()[0] + ", " + sys.executable)
    from rpcnode.__main__ import main

    sys.exit(main())
