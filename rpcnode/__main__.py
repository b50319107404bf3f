"""`python -m rpcnode` is the console script."""

import sys


def main() -> int:
    """The command line, or one line that says what it needs and does not have."""
    if sys.version_info < (3, 11):
        return _refuse("needs Python 3.11 or newer; this is " + sys.version.split()[0] + ", " + sys.executable)
    try:
        from rpcnode.cli import main as run

        return run()
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing in ("", "rpcnode"):
            raise  # a bug of ours
        return _refuse(
            f"needs the module {missing}, which {sys.executable} does not have;"
            " `pip install -e .` in a checkout of rpcnode installs all that it needs"
        )


def _refuse(reason: str) -> int:
    sys.stderr.write(f"rpcnode: {reason}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
