"""Markup is put together of text that is escaped."""

import pytest

from rpcnode.server.page.known import amount_text
from rpcnode.server.page.markup import joined, tag, text


def test_text_is_escaped_once_and_markup_is_not() -> None:
    assert text("<&>\"'") == "&lt;&amp;&gt;&quot;&#39;"
    assert tag("b", "<i>", tag("i", "&")) == "<b>&lt;i&gt;<i>&amp;</i></b>"
    assert joined("<", None, tag("i")) == "&lt;<i></i>"


def test_attributes_are_escaped_and_left_out_where_there_is_nothing_to_say() -> None:
    assert tag("a", href='"><script>', class_="x", data_of=None, hidden=False, open=True) == (
        '<a href="&quot;&gt;&lt;script&gt;" class="x" open></a>'
    )
    assert tag("input", name="q") == '<input name="q">'


@pytest.mark.parametrize(
    ("amount", "decimals", "written"),
    [
        (5, 0, "5"),
        (100, 0, "100"),
        (100, 2, "1"),
        (150, 2, "1.5"),
        (5, 8, "0.00000005"),
        (-150, 2, "-1.5"),
        (0, 8, "0"),
    ],
)
def test_amounts_are_in_whole_tokens(amount: int, decimals: int, written: str) -> None:
    assert amount_text(amount, decimals) == written
