"""The build backend: setuptools', but for what an editable install puts into site-packages.

setuptools puts a finder there that Python asks last, after the folders of `sys.path`. In a folder that holds a checkout
named `rpcnode`, and with that folder on `sys.path` (`python -m`), the checkout is a namespace package before the finder
is asked. Here it is a package, `rpcnode/__init__.py`, that puts the checkout's in its own place: a package wins over
every namespace package, wherever on `sys.path` the two are.
"""

import base64
import csv
import hashlib
import io
import zipfile
from pathlib import Path
from typing import Any

from setuptools import build_meta
from setuptools.build_meta import (
    build_sdist,
    build_wheel,
    get_requires_for_build_editable,
    get_requires_for_build_sdist,
    get_requires_for_build_wheel,
    prepare_metadata_for_build_editable,
    prepare_metadata_for_build_wheel,
)

__all__ = [
    "build_editable",
    "build_sdist",
    "build_wheel",
    "get_requires_for_build_editable",
    "get_requires_for_build_sdist",
    "get_requires_for_build_wheel",
    "prepare_metadata_for_build_editable",
    "prepare_metadata_for_build_wheel",
]

PACKAGE = Path(__file__).resolve().parents[1] / "rpcnode"
FINDER = "__editable__"
"""What the names of setuptools' own files for an editable install begin with."""

STUB = '''\
"""An editable install of rpcnode: the package is the one in the checkout."""

import sys
from importlib.util import module_from_spec, spec_from_file_location

_spec = spec_from_file_location(__name__, {init!r}, submodule_search_locations=[{folder!r}])
if _spec is None or _spec.loader is None:
    raise ImportError("the checkout is gone: " + {folder!r})
_module = sys.modules[__name__] = module_from_spec(_spec)
_spec.loader.exec_module(_module)
'''


def build_editable(
    wheel_directory: str, config_settings: dict[str, Any] | None = None, metadata_directory: str | None = None
) -> str:
    """Makes the wheel of an editable install; the name of its file. Hook of PEP 660."""
    name = str(build_meta.build_editable(wheel_directory, config_settings, metadata_directory))
    wheel = Path(wheel_directory) / name
    wheel.write_bytes(with_package(wheel.read_bytes()))
    return name


def with_package(wheel: bytes) -> bytes:
    """A wheel with the stub package in the place of setuptools' finder."""
    stub = STUB.format(init=str(PACKAGE / "__init__.py"), folder=str(PACKAGE))
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(wheel)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        kept = {name: old.read(name) for name in old.namelist() if not name.startswith(FINDER)}
        [record] = (name for name in kept if name.endswith(".dist-info/RECORD"))
        del kept[record]
        kept["rpcnode/__init__.py"] = stub.encode()
        for name, content in kept.items():
            new.writestr(name, content)
        new.writestr(record, record_of(kept, record))
    return made.getvalue()


def record_of(files: dict[str, bytes], record: str) -> str:
    """The list of a wheel's files, with their digests and sizes, and of itself without."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    for name, content in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        rows.writerow((name, f"sha256={digest}", len(content)))
    rows.writerow((record, "", ""))
    return text.getvalue()
