"""Can Jupyter show what a page says?"""

import pytest
from docutils import nodes
from docutils.core import publish_doctree
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from myst_parser.parsers.docutils_ import Parser

from pooling_book.jupyter_markdown import Writer

SETTINGS = {
    "doctitle_xform": False,
    "myst_enable_extensions": ["colon_fence", "deflist", "dollarmath"],
    "report_level": 5,
}
ADDRESS = "https://example.org/pooling/book/windows.html"
GONE, SEE = "*An interactive p map is left out here.*", f"[See it on the page.]({ADDRESS})"


def written(source: str, address: str = ADDRESS) -> str:
    """Return the Markdown for a page's source."""
    tree = publish_doctree(source, parser=Parser(), settings_overrides=SETTINGS)
    return "\n\n".join(map(str, Writer(address).parts(tree)))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("# A *b*", "# A *b*", id="heading"),
        pytest.param("a **b** `c*d` _e_", "a **b** `c*d` *e*", id="emphasis and code"),
        pytest.param("`` a`b ``", "`` a`b ``", id="code with a backtick"),
        pytest.param("$a_1$ and\n\n$$\nb^2\n$$\n", "$a_1$ and\n\n$$\nb^2\n$$", id="formulas"),
        pytest.param("(a) one\\\n(b) two", "(a) one\\\n(b) two", id="a new line"),
        pytest.param("- a\n\n  b\n- c", "- a\n\n  b\n- c", id="list"),
        pytest.param("3. a\n4. b", "3. a\n4. b", id="numbered list"),
        pytest.param("a\n: b\n\nc\n: d", "- **a**\n\n  b\n- **c**\n\n  d", id="definitions"),
        pytest.param("> a\n>\n> b", "> a\n>\n> b", id="quotation"),
        pytest.param("```\na = 1\n```", "```\na = 1\n```", id="code block"),
        pytest.param("````\n```\n````", "````\n```\n````", id="code block with a fence"),
        pytest.param("| a |\n|---|\n| \\| `\\|` |", "| a |\n| --- |\n| \\| `\\|` |", id="bar in a table"),
        pytest.param(":::{tip}\na\n:::", "> **Tip**\n>\n> a", id="named box"),
        pytest.param(":::{admonition} A *b*\nc\n:::", "> **A *b***\n>\n> c", id="titled box"),
        pytest.param("| a | b |\n|---|---|\n| 1 | `x` |", "| a | b |\n| --- | --- |\n| 1 | `x` |", id="table"),
        pytest.param("% nobody sees this\n\na", "a", id="comment"),
        pytest.param("(label)=\na", "a", id="label"),
        pytest.param("[a](https://example.com/b)", "[a](https://example.com/b)", id="link to elsewhere"),
        pytest.param("<p-map></p-map>", f"{GONE} {SEE}", id="widget"),
        pytest.param("<p>\n<p-map></p-map>\n</p>", f"{GONE} {SEE}", id="in a div"),
        pytest.param('<p><p-map b="1" id="c">1 2</p-map></p>', f"{GONE} {SEE[:-1]}#c)", id="widget with a name"),
    ],
)  # fmt: skip
def test_what_authors_write_reads_well_in_jupyter(source: str, expected: str) -> None:
    """Does each thing that a chapter can hold become plain Markdown?"""
    assert written(source) == expected


def test_links_within_the_site_need_its_address() -> None:
    """Is a link to another page whole where the address is known, and words where it is not?"""
    link = nodes.reference("", "as before", refuri="layers.html#max", internal=True)
    paragraph = nodes.paragraph("", "", link)
    assert Writer(ADDRESS).block(paragraph) == "[as before](https://example.org/pooling/book/layers.html#max)"
    assert Writer("").block(paragraph) == "as before"


def test_a_widget_is_named_where_there_is_no_address() -> None:
    """Does a reader without the site learn that something is missing, and what?"""
    assert "shift explorer is left out" in written("<shift-explorer></shift-explorer>", address="")
    assert "](" not in written("<shift-explorer></shift-explorer>", address="")


@given(st.text(st.sampled_from("ab1 *_`$<>[]()#+-.\\!&;|\n"), min_size=1).filter(str.strip))
def test_text_stays_text(text: str) -> None:
    """Does no character of a text turn into emphasis, a list, a heading, a link or HTML?"""
    lines = "\n".join(stripped for line in text.split("\n") if (stripped := line.strip()))
    markdown = Writer("").block(nodes.paragraph("", "", nodes.Text(lines)))
    (opening, inline, closing) = MarkdownIt("commonmark").enable("table").parse(markdown)
    assert (opening.type, closing.type) == ("paragraph_open", "paragraph_close")
    shown = "".join("\n" if child.type == "softbreak" else child.content for child in inline.children or [])
    assert {child.type for child in inline.children or []} <= {"text", "softbreak", "text_special"}
    assert [line.strip() for line in shown.split("\n")] == lines.split("\n")
