"""README, CHANGELOG, ARCHITECTURE and the pages in docs/: their size, form and links, and what ARCHITECTURE names."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

import pytest

from rpcnode import __version__
from tests.test_import_direction import FLOORS

PROJECT: Final = Path(__file__).resolve().parents[1]
HOUSE: Final = PROJECT / "rpcnode"
PAGES: Final = [
    "README.md",
    "CHANGELOG.md",
    "ARCHITECTURE.md",
    *(f"docs/{page.name}" for page in PROJECT.glob("docs/*")),
]
INDEX: Final = "docs/README.md"
MAX_LINE_LENGTH: Final = 140
MAX_LINES: Final = {"README.md": 260, "ARCHITECTURE.md": 120}
GROUPS: Final = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"]
"""The kinds of changes of Keep a Changelog."""

_LINK: Final = re.compile(r"\]\((?!https?:)([^)]+)\)")
_TEST: Final = re.compile(r"`(tests/[\w./-]+)`")


def text_of(page: str) -> str:
    return (PROJECT / page).read_text("utf-8")


def prose(page: str) -> str:
    """A page without its blocks of code."""
    return re.sub(r"^```.*?^```$", "", text_of(page), flags=re.MULTILINE | re.DOTALL)


def anchors(page: str) -> set[str]:
    """What links to the headings of a page name, as GitHub makes it."""
    titles = re.findall(r"^#+ (.*)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^a-z0-9 _-]", "", title.lower()).replace(" ", "-") for title in titles}


def links(page: str) -> Iterator[tuple[str, str]]:
    """The file, from the project's root on, and the heading of every link that leads into the project."""
    for target in _LINK.findall(prose(page)):
        file, _, heading = target.partition("#")
        there = (PROJECT / page).parent / file if file else PROJECT / page
        yield str(there.resolve().relative_to(PROJECT)), heading


def sections(page: str) -> dict[str, str]:
    """The parts of a page under its headings of the second level."""
    parts = re.split(r"^## (.*)$", text_of(page), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


# Size and links


def test_no_page_has_long_lines() -> None:
    lines = [*text_of("README.md").splitlines(), *(line for page in PAGES for line in prose(page).splitlines())]
    assert [line for line in lines if len(line) > MAX_LINE_LENGTH] == []


@pytest.mark.parametrize("page", MAX_LINES)
def test_a_page_to_begin_with_is_short(page: str) -> None:
    assert len(text_of(page).splitlines()) <= MAX_LINES[page]


@pytest.mark.parametrize("page", PAGES)
def test_every_file_of_the_tests_that_a_page_names_is_there(page: str) -> None:
    assert [path for path in _TEST.findall(text_of(page)) if not (PROJECT / path).exists()] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_somewhere(page: str) -> None:
    for file, heading in links(page):
        assert (PROJECT / file).exists(), file
        assert not heading or heading in anchors(file), f"{file}#{heading}"


def test_the_index_names_every_page_in_docs_once() -> None:
    rows = re.findall(r"^\| \[(\S+)\]\((\S+)\) \|", text_of(INDEX), re.MULTILINE)
    assert sorted(rows) == sorted((page.name, page.name) for page in PROJECT.glob("docs/*") if page.name != "README.md")


@pytest.mark.parametrize("page", [page for page in PAGES if page.startswith("docs/") and page != INDEX])
def test_a_page_in_docs_leads_to_the_index_and_to_another_page(page: str) -> None:
    others = {file for file, _ in links(page) if file.startswith("docs/")} - {page}
    assert INDEX in others
    assert others - {INDEX}


def test_the_test_command_is_where_ci_reads_it() -> None:
    [command] = re.findall(r"^<!-- the test command -->\n```sh\n(.*)\n```$", text_of("README.md"), re.MULTILINE)
    assert command.startswith("python3 ")
    assert command.endswith(" -m pytest")


# CHANGELOG


def test_the_changelog_has_the_version_of_the_package_below_what_is_unreleased() -> None:
    titles = list(sections("CHANGELOG.md"))
    assert titles[0] == "[Unreleased]"
    released = [re.fullmatch(r"\[(\d+\.\d+\.\d+)\] - (\d{4}-\d\d-\d\d)", title) for title in titles[1:]]
    versions = [(match[1], date.fromisoformat(match[2])) for match in released if match]
    assert len(versions) == len(released)
    assert versions[0][0] == __version__
    assert [day for _, day in versions] == sorted((day for _, day in versions), reverse=True)


def test_the_changes_of_a_version_are_lines_in_groups() -> None:
    for version, text in sections("CHANGELOG.md").items():
        before, *parts = re.split(r"^### (.*)$", text, flags=re.MULTILINE)
        groups = parts[::2]
        assert before.strip() == "", version
        assert groups == [group for group in GROUPS if group in groups], version
        for lines in parts[1::2]:
            assert re.fullmatch(r"\n\n(- \S.*\n(  \S.*\n)*)+\n*", lines), f"{version}: {lines}"


# ARCHITECTURE


def floors_written() -> dict[str, str]:
    """The part of ARCHITECTURE about each heading of floors, in the order of the page."""
    return {title: text for title, text in sections("ARCHITECTURE.md").items() if not title.startswith("The way of")}


def names_in(title: str) -> list[str]:
    """The floors in a heading: `node.py, options.py` are two."""
    return [name.strip("`").removesuffix(".py") for name in title.split(", ")]


def test_architecture_has_the_floors_of_the_house_in_their_order() -> None:
    written = [names_in(title) for title in floors_written()]
    level = {name: number for number, names in enumerate(FLOORS) for name in names}
    assert sorted(name for names in written for name in names) == sorted(level)
    there = {path.stem for path in HOUSE.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()}
    assert set(level) == there - {"__init__", "plugins", "fixtures"}
    levels = [{level[name] for name in names} for names in written]
    assert all(max(of_heading) - min(of_heading) < len(of_heading) for of_heading in levels)
    assert levels == sorted(levels, key=min)


@pytest.mark.parametrize("title", floors_written())
def test_architecture_says_of_a_floor_what_it_receives_gives_and_holds(title: str) -> None:
    kinds = re.findall(r"^- (\w+):", floors_written()[title], re.MULTILINE)
    assert [kind for kind in kinds if kind != "Wings"] == ["Receives", "Gives", "Holds"]


@pytest.mark.parametrize("title", floors_written())
def test_architecture_names_the_wings_of_a_floor(title: str) -> None:
    _, _, told = floors_written()[title].partition("- Wings:")
    wings = [path.parent.name for name in names_in(title) for path in HOUSE.glob(f"{name}/*/__init__.py")]
    assert sorted(re.findall(r"`(\w+)/`", told.partition("\n- ")[0])) == sorted(wings)


def test_what_architecture_names_is_there() -> None:
    for name in re.findall(r"`([\w/]+(?:/|\.py))`", text_of("ARCHITECTURE.md")):
        places = [PROJECT / name, HOUSE / name, *(HOUSE / floor / name for floors in FLOORS for floor in floors)]
        assert any(place.exists() for place in places), name
