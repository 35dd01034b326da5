"""Does a chapter's source become a widget, and a mistake in it an error that says what would be right?"""

import html
import json
import re
from pathlib import Path

import pytest
from docutils import nodes

from tests.book import tiny

GRID = "1 3\n4 2"


def page(folder: Path, source: str) -> tuple[str, str]:
    """Return the markup of a page's widgets, and the warnings."""
    doctree, warnings = tiny.read(folder, source, "pooling_book.widgets")
    return "".join(node.astext() for node in doctree.findall(nodes.raw)), warnings


def directive(*lines: str) -> str:
    return "\n".join(["```{pooling-explorer}", *lines, "```", ""])


def preset(markup: str) -> dict[str, str]:
    """Return what the element in the page hands to the script."""
    (written,) = re.findall(r'data-preset="([^"]*)"', markup)
    return json.loads(html.unescape(written))


def test_options_and_content_reach_the_page(tmp_path: Path) -> None:
    """Does the element know what the chapter set, and does its figure show the result?"""
    markup, warnings = page(tmp_path, directive(":operation: average", ":kernel: 2", GRID))
    assert not warnings
    assert preset(markup) == {"operation": "average", "kernel": "2", "x": GRID}
    assert "avg_pool2d(x, kernel_size=2)" in markup
    assert '<td class="pointed">2.5</td>' in markup


def test_the_figure_has_nothing_to_press(tmp_path: Path) -> None:
    """Is what stands in the page without a script free of controls that would do nothing?"""
    markup, _ = page(tmp_path, directive(GRID))
    assert not re.search("<(button|input|select|form)", markup)


def test_every_widget_of_a_page_has_a_name_of_its_own(tmp_path: Path) -> None:
    """Do two widgets keep apart in the page's address, named or not?"""
    markup, _ = page(tmp_path, directive() + directive() + directive(":name: mine"))
    assert re.findall(r'<pooling-explorer[^>]* id="([^"]*)"', markup) == [
        "pooling-explorer-1",
        "pooling-explorer-2",
        "mine",
    ]


def test_two_of_one_name_are_a_mistake(tmp_path: Path) -> None:
    """Is a name that stands for two widgets in the address refused?"""
    _, warnings = page(tmp_path, directive(":name: mine") * 2)
    assert 'Duplicate explicit target name: "mine"' in warnings


def test_a_name_becomes_an_address(tmp_path: Path) -> None:
    """Is any name made such that an address can hold it?"""
    markup, _ = page(tmp_path, directive(":name: It's mine"))
    assert re.findall(r'<pooling-explorer[^>]* id="([^"]*)"', markup) == ["it-s-mine"]


def test_a_link_finds_a_widget(tmp_path: Path) -> None:
    """Can the text of a chapter lead to a widget by its name?"""
    _, warnings = page(tmp_path, directive(":name: mine") + "\n[there](#mine)\n")
    assert not warnings


def test_a_title_is_text(tmp_path: Path) -> None:
    """Is a title shown, and never taken for markup?"""
    markup, _ = page(tmp_path, directive(":title: a < b & <b>c</b>"))
    assert '<p class="widget-title" id="pooling-explorer-1-title">a &lt; b &amp; &lt;b&gt;c&lt;/b&gt;</p>' in markup


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([":kernel: 9"], 'kernel must be a whole number from 1 to 4; got "9"'),
        ([":operation: sum"], 'operation must be max or average; got "sum"'),
        ([":gradient: on"], 'gradient must be yes or no; got "on"'),
        (["1 2", "3"], "x must be up to 8 rows of up to 8 numbers"),
        (["1 two"], "x must be up to 8 rows of up to 8 numbers"),
        ([":kernels: 2"], "kernels"),
    ],
)
def test_mistakes_are_named(tmp_path: Path, lines: list[str], expected: str) -> None:
    """Does a wrong option fail the build with a message that says what is accepted?"""
    _, warnings = page(tmp_path, directive(*lines))
    assert expected in warnings
