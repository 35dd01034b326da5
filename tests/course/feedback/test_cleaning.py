"""Is nothing left in a learner's text that runs, loads or deceives, and is the rest as it was written?"""

from __future__ import annotations

import base64
import time

import pytest

from course.feedback import cleaning

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"0" * 50).decode()
KEPT = {
    "**bold** and `code`": "<p><strong>bold</strong> and <code>code</code></p>",
    "a < b and c > d": "<p>a &lt; b and c &gt; d</p>",
    "[the course](https://example.org/a)": 'href="https://example.org/a"',
    "# Big": "<h3>Big</h3>",
    "| a | b |\n|---|---|\n| 1 | 2 |": "<td>1</td>",
    "$x_1$ stays": "$x_1$ stays",
}
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![x](https://example.org/spy.png)",
    "![x](javascript:alert(1))",
    "![x](data:image/svg+xml;base64,PHN2Zz4=)",
    "[x](javascript:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](vbscript:msgbox)",
    "[x](JaVaScRiPt:alert(1))",
    "<svg onload=alert(1)>",
    "<iframe src=https://example.org></iframe>",
    "<style>@import url(https://example.org)</style>",
    "<a href='https://example.org' style='position:fixed;inset:0' onclick=x>x</a>",
    "<form action=https://example.org><input autofocus onfocus=x></form>",
    "<meta http-equiv=refresh content='0;url=https://example.org'>",
    "<base href=https://example.org>",
    "<math><mtext><table><mglyph><style><img src=x onerror=x>",
    "<noscript><p title='</noscript><img src=x onerror=x>'>",
    "```html\n</code></pre><script>alert(1)</script>\n```",
    "[x]: javascript:alert(1)\n\n[x]",
    "<!--><script>alert(1)</script>-->",
    "![a](attachment:spy.svg)",
]


@pytest.mark.parametrize("text", KEPT)
def test_what_is_written_is_there(text: str) -> None:
    """Does an honest text come out as it should look?"""
    assert KEPT[text] in cleaning.markdown(text)


@pytest.mark.parametrize("text", HOSTILE)
def test_what_runs_is_gone(text: str) -> None:
    """Is there no tag, attribute or address left that does anything?"""
    from tests.course.feedback import pages

    html = cleaning.markdown(text, {"spy.svg": {"image/svg+xml": PNG}})
    reader = pages._Reader()
    reader.feed(str(html))
    assert reader.problems == []
    assert "javascript" not in str(html).lower() or "href" not in str(html)


def test_pictures() -> None:
    """Is a pasted picture shown if it is one, and nothing else that says it is?"""
    shown = cleaning.markdown("![it](attachment:a.png)", {"a.png": {"image/png": PNG}})
    assert f'src="data:image/png;base64,{PNG}"' in shown
    for kind, content in (
        ("image/svg+xml", PNG),
        ("image/png", base64.b64encode(b"<svg onload=x>").decode()),
        ("image/png", PNG + '" onerror="x'),
        ("image/png", PNG * 20_000),
        ("text/html", PNG),
    ):
        assert "data:" not in cleaning.markdown("![it](attachment:a.png)", {"a.png": {kind: content}})


def test_a_picture_is_shown_once() -> None:
    """Does a page not grow with how often a picture is asked for, and does the longer of two names win?"""
    html = cleaning.markdown("![](attachment:a.png) " * 500, {"a.png": {"image/png": PNG}})
    assert html.count(PNG) == 1
    both = {"a.png": {"image/png": PNG}, "a.png.png": {"image/png": PNG + PNG[:0]}}
    assert cleaning.markdown("![](attachment:a.png.png) ![](attachment:a.png)", both).count(PNG) == 2


def test_no_code_takes_long() -> None:
    """Does no line keep the lexer busy?"""
    started = time.monotonic()
    for source in ('"' + "%000" * 2_000, "'" * 8_000, "(" * 8_000, "\\\n" * 4_000, "0" * 8_000, 'f"{' * 2_600):
        assert cleaning.code(source)
    assert time.monotonic() - started < 3


SLOW = {
    **{sign: sign * 20_000 for sign in "[`|&~\\"},
    **{word: word * 4_000 for word in ("![", "*a ", "> ", "a_", "<a", "- ", "[a](", "1. ", "**_", "\n\n")},
}


@pytest.mark.parametrize("sign", SLOW)
def test_no_text_takes_long(sign: str) -> None:
    """Does no text keep a parser busy for minutes?"""
    started = time.monotonic()
    assert len(cleaning.markdown(SLOW[sign])) < 600_000
    assert time.monotonic() - started < 5


def test_long_texts_are_cut() -> None:
    """Is it said how much was left out?"""
    shown = cleaning.shortened("x" * 10_000 + "\n", longest=100)
    assert shown.startswith("x" * 100 + "\n… and 9,901 characters more")
    assert cleaning.shortened("1\n2\n3\n4", most_lines=2) == "1\n2\n… and 4 characters more"
    assert cleaning.shortened("short") == "short"


def test_terminals_colours_are_taken_out() -> None:
    """Are the colours of a terminal no part of a page?"""
    assert cleaning.shortened("\x1b[31mred\x1b[0m\x00") == "red"


def test_code_is_escaped() -> None:
    """Is code shown, and not taken for HTML?"""
    html = cleaning.code('x = "<script>alert(1)</script>"  # </pre>')
    assert "<script" not in html
    assert "</pre>" not in html
    assert 'class="py-' in html
