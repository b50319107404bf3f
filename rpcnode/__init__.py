"""rpcnode: a NEO node for tests."""

from pathlib import Path

__version__ = "0.1.0"

# In a checkout the plugins and fixtures are beside the package, installed they are inside it. The links that show them
# inside it in a checkout too are files on a system without links: there the root is on the package's path.
_root = Path(__file__).resolve().parent.parent
if (_root / "plugins" / "__init__.py").exists() and not (Path(__file__).parent / "plugins").is_dir():
    __path__.append(str(_root))
