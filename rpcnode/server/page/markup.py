"""HTML that cannot be broken by what is in it: whatever is no Markup is text, and is escaped."""

from typing import Final

_ESCAPED: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"})
_VOID: Final = frozenset(("input", "link", "meta"))

Attribute = str | int | bool | None
"""None and False: it is not there; True: it has no value."""


class Markup(str):
    """A piece of HTML."""

    __slots__ = ()


def text(value: object) -> Markup:
    """A text as it can be in an element and in an attribute."""
    return value if isinstance(value, Markup) else Markup(str(value).translate(_ESCAPED))


def joined(*pieces: object) -> Markup:
    """Pieces one after another; None is nothing."""
    return Markup("".join(text(piece) for piece in pieces if piece is not None))


def tag(element: str, /, *content: object, **attributes: Attribute) -> Markup:
    """An element. `class_` is written class, and other underscores in names of attributes are hyphens."""
    written = "".join(
        f" {key.rstrip('_').replace('_', '-')}" + ("" if value is True else f'="{text(value)}"')
        for key, value in attributes.items()
        if value is not None and value is not False
    )
    inner = joined(*content)
    return Markup(f"<{element}{written}>") if element in _VOID else Markup(f"<{element}{written}>{inner}</{element}>")


def link(address: str, *content: object, **attributes: Attribute) -> Markup:
    """A link; `address` is one that this page makes."""
    return tag("a", *content, href=address, **attributes)


def listed_facts(*facts: tuple[str, object]) -> Markup:
    """Names and what they are, those without a value left out."""
    return tag("dl", *(tag("div", tag("dt", name), tag("dd", value)) for name, value in facts if value is not None))


def table(head: tuple[str, ...], *rows: tuple[object, ...], caption: str | None = None) -> Markup:
    """A table that scrolls in its own box where it is too wide."""
    return tag(
        "div",
        tag(
            "table",
            None if caption is None else tag("caption", caption),
            tag("thead", tag("tr", *(tag("th", name, scope="col") for name in head))),
            tag("tbody", *(tag("tr", *(tag("td", cell) for cell in row)) for row in rows)),
        ),
        class_="table",
        tabindex=0,
        role="region",
        aria_label=caption or head[0],
    )
