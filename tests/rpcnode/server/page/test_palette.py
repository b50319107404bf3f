"""Whatever is written can be read: the contrast of the page's colours, by WCAG 2.2, 1.4.3 and 1.4.11."""

import re
from importlib.resources import files
from typing import Final

import pytest

STYLE: Final = files("rpcnode.server.page").joinpath("assets", "page.css").read_text("utf-8")

LOOKS: Final = {
    "light": r"^:root \{(.*?)\}",
    "dark by choice": r'^:root\[data-theme="dark"\] \{(.*?)\}',
    "dark by the system": r':root:not\(\[data-theme="light"\]\) \{(.*?)\}',
}

TEXT: Final = 4.5
"""What WCAG asks of text, level AA."""
CONTROLS: Final = 3.0
"""... and of the borders of what can be used."""


def palette(look: str) -> dict[str, str]:
    found = re.search(LOOKS[look], STYLE, re.M | re.S)
    assert found is not None
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", found[1]))


def luminance(colour: str) -> float:
    """Relative luminance. Source: WCAG 2.2, definitions."""
    parts = [int(colour[position : position + 2], 16) / 255 for position in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_counted_as_in_the_standards_own_examples() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)  # known to fail by a hair


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize(
    ("ink", "paper", "least"),
    [
        *((ink, paper, TEXT) for ink in ("text", "soft", "mark", "bad") for paper in ("back", "card")),
        ("on-mark", "mark", TEXT),
        ("back", "text", TEXT),  # what is said in the corner
        ("soft", "card", CONTROLS),  # borders of fields and buttons
        ("mark", "back", CONTROLS),  # what shows where the keyboard is
    ],
)
def test_every_pair_of_colours_can_be_told_apart(look: str, ink: str, paper: str, least: float) -> None:
    colours = palette(look)
    assert contrast(colours[ink], colours[paper]) >= least


def test_both_ways_to_the_dark_look_are_one_look_and_no_colour_stands_elsewhere() -> None:
    assert palette("dark by choice") == palette("dark by the system")
    assert set(palette("light")) == set(palette("dark by choice"))
    elsewhere = re.sub(r":root[^{]*\{.*?\}", "", STYLE, flags=re.S)
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b", elsewhere) == []
