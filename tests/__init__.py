"""The tests of the project: a package whose folders are those of the tree."""

from pathlib import Path
from typing import Final

PROJECT: Final = Path(__file__).resolve().parents[1]
"""The checkout."""
