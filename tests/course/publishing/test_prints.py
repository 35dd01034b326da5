"""Does a text have the same print wherever it is shown, and another text another one?"""

import html
import json

import pytest

from course.publishing.prints import STRETCH, essence, readings, stretches
from tests.course.publishing.editions import highlighted, notebook

CODE = [
    'rows = [[float("-inf")] * left + list(row) for row in x]',
    "kept = [row for row in rows if 0 <= row < len(x)]",
]
SHOWN = {
    "as it is": "\n".join(CODE),
    "with other line ends": "\r\n\r\n".join(CODE),
    "indented": "\n".join(f"        {line}" for line in CODE),
    "on a page": highlighted(*CODE),
    "in a notebook": notebook(*CODE),
    "in a notebook that is a string in a script": f"const given = {json.dumps(notebook(*CODE))};",
    "on a page in a notebook": notebook(highlighted(*CODE)),
    "on a page in a script that escapes markup": json.dumps(highlighted(*CODE)).replace("<", "\\u003c"),
    "escaped twice": html.escape(html.escape("\n".join(CODE))),
    "with curly quotes": "\n".join(CODE).replace('"', "”"),
}


@pytest.mark.parametrize("shown", SHOWN)
def test_a_text_is_found_wherever_it_is_shown(shown: str) -> None:
    """Is code recognized through markup, escapes and quotes?"""
    assert any(essence("\n".join(CODE)) in essence(text) for text in readings(SHOWN[shown].encode()))


@pytest.mark.parametrize("other", [CODE[1] + "\n" + CODE[0], SHOWN["as it is"].replace("left", "right")])
def test_another_text_is_not_taken_for_it(other: str) -> None:
    """Do order and names count?"""
    assert essence("\n".join(CODE)) not in essence(other)


def test_a_stretch_begins_with_every_line() -> None:
    """Are there as many stretches as lines with enough behind them, and none for less?"""
    lines = [f"line_{number} = a_name_of_twenty + {number}" for number in range(10)]
    found = stretches("\n".join(lines))
    assert {len(each) for each in found} == {STRETCH}
    assert {each[:5] for each in found} == {f"line{number}".encode() for number in range(8)}
    assert stretches("return x") == set()
