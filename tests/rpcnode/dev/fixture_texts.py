"""The pytest fixture `write`, for the modules that import it: files that a test writes."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

WriteFile: TypeAlias = Callable[[str, str], Path]
"""Writes a text to a file of that name, and returns the name as a path."""


@pytest.fixture(name="write")
def write_fixture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WriteFile:
    """Writes files to the working directory, a fresh one."""
    monkeypatch.chdir(tmp_path)

    def write_file(name: str, text: str) -> Path:
        Path(name).write_text(text, "utf-8")
        return Path(name)

    return write_file
