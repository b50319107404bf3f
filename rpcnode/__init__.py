"""rpcnode: a NEO node for tests."""

from pathlib import Path

__version__ = "0.1.0"

# In a bare checkout the plugins and fixtures stand beside the package, installed they stand inside it: with the
# repository root on the package's path `rpcnode.plugins` is the same package in both.
_root = Path(__file__).resolve().parent.parent
if (_root / "plugins" / "__init__.py").exists() and not (Path(__file__).parent / "plugins").exists():
    __path__.append(str(_root))
