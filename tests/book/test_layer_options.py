"""Are a network's layers read as their authors mean them, and is a bad line named?"""

from pathlib import Path

import pytest
from docutils import nodes

from tests.book import tiny


def page(folder: Path, *lines: str) -> tuple[str, str]:
    """Return the markup of a page with a downsampling chain, and the warnings."""
    source = "\n".join(["```{downsampling-chain}", *lines, "```", ""])
    doctree, warnings = tiny.read(folder, source, "pooling_book.widgets")
    return "".join(node.astext() for node in doctree.findall(nodes.raw)), warnings


def test_what_is_not_written_is_usual(tmp_path: Path) -> None:
    """Does a pool step by its own width and a convolution by one, unless the author says otherwise?"""
    markup, warnings = page(
        tmp_path, ":input: 1 12 12", "conv 5 padding 1 kernel 3", "", "max kernel 2; average kernel 3 stride 2"
    )
    assert not warnings
    for layer, output in (
        ("1. convolution, 5 channels, kernel 3, padding 1", "5×12×12"),
        ("2. max pool, kernel 2", "5×6×6"),
        ("3. average pool, kernel 3, stride 2", "5×2×2"),
    ):
        assert f"<p>{layer}</p>" in markup
        assert f"<dd>{output.replace('×', '×<wbr>')}</dd>" in markup


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["max kernel 2", "pool 2"], 'layers line 2, "pool 2": must begin with conv, max, average or global'),
        (["max 2"], 'layers line 1, "max 2": must be of the form max kernel SIZE [stride STEP] [padding CELLS]'),
        (["conv 8"], "must be of the form conv CHANNELS kernel SIZE"),
        (["conv kernel 3"], 'channels must be a whole number from 1 to 2048; got "kernel"'),
        (["max kernel 2 kernel 3"], "must be of the form max kernel SIZE"),
        (["max kernel 2 channels 3"], "must be of the form max kernel SIZE"),
        (["global 2"], '"global 2": must be of the form global'),
        (["max kernel"], 'kernel must be a whole number from 1 to 15; got ""'),
        (["max kernel 0"], 'kernel must be a whole number from 1 to 15; got "0"'),
        (["global"] * 21, "layers must be at most 20 lines; got 21"),
        ([":input: 46, 46", "global"], "input must be channels, height and width, such as 3, 46, 46"),
        ([":input: 3, 46, 2000", "global"], 'input width must be a whole number from 1 to 1024; got "2000"'),
    ],
)
def test_mistakes_are_named(tmp_path: Path, lines: list[str], expected: str) -> None:
    """Does a mistake fail the build with a message that names the line and what is accepted?"""
    _, warnings = page(tmp_path, *lines)
    assert expected in warnings
