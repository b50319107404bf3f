"""Files that a test writes."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

WriteFile: TypeAlias = Callable[[str, str], Path]
"""Writes a text to a file of that name, and returns the name as a path."""
