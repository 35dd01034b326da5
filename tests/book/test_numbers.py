"""Are the numbers in the prose those that cells computed?"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from tests.book.chapters import Chapter, chapters, is_literal

PAGE = """\
---
kernelspec: {{name: python3}}
---

# A page of 77 lines

```{{code-cell}} ipython3
:tags: [remove-cell]

from myst_nb import glue
x = [4096, 2]
glue("largest", {glued}, display=False)
```

{prose}

$$
n = 500
$$

:::{{choice}}
A map of 300×300?

- [ ] 44 windows
- [x] {right}
:::
"""
#: Where the prose of that page stands.
LINE = PAGE.splitlines().index("{prose}") + 1


def page(prose: str = "", glued: str = "max(x)", right: str = "none") -> Chapter:
    return Chapter("a page", PAGE.format(prose=prose, glued=glued, right=right))


@pytest.mark.parametrize("chapter", chapters(), ids=repr)
def test_results_in_the_prose_come_from_cells(chapter: Chapter) -> None:
    """Is every number in the prose glued, or among those that the examples are given, or a small count?"""
    assert not chapter.typed(), "\n".join(
        f"{chapter}:{line}: {number} in {text!r}" for line, number, text in chapter.typed()
    )


@pytest.mark.parametrize("chapter", chapters(), ids=repr)
def test_what_is_glued_is_computed(chapter: Chapter) -> None:
    """Is no number glued that was typed into the cell?"""
    typed = [f"glue({name}, {ast.unparse(value)})" for name, value in chapter.glued() if is_literal(value)]
    assert not typed, f"{chapter}: {typed}"


@pytest.mark.slow
def test_what_is_concluded_from_times_held(site: Path) -> None:
    """Do the pages that measure speed say that their text holds on this machine?"""
    pages = [chapter.name for chapter in chapters() if "{glue:text}`held`" in chapter.text]
    assert len(pages) >= 2
    for name in pages:
        text = BeautifulSoup((site / f"{name}.html").read_text(encoding="utf-8"), "html.parser").get_text()
        assert "all of it held" in text, text[text.index("all held but") :][:500]


def test_most_chapters_have_numbers_that_follow_cells() -> None:
    """Would the tests above see what is glued, if all of it were?"""
    counts = {chapter.name: len(chapter.glued()) for chapter in chapters()}
    assert min(counts.values()) >= 3, counts


@pytest.mark.parametrize(
    "prose", ["It takes 31 ms.", "That is 40 % of 4,096.", "About 3.7 times", "There are 1,025 of them."]
)
def test_a_typed_result_is_found(prose: str) -> None:
    (found,) = (typed for typed in page(prose).typed() if typed.text == prose)
    assert found.line == LINE


@pytest.mark.parametrize(
    "prose", ["A 3×3 window, in 1998, on 4,096 cells.", "{glue:text}`largest`", "`x[300]` $n > 999$ [x](p900)"]
)
def test_what_is_given_is_no_result(prose: str) -> None:
    assert not [typed for typed in page(prose).typed() if typed.text == prose]


def test_in_a_question_the_right_option_is_a_result() -> None:
    assert [typed.number for typed in page(right="150×150").typed() if typed.line > LINE] == ["150", "150"]
    assert not [typed for typed in page(right="{glue:text}`half`").typed() if typed.line > LINE]


@pytest.mark.parametrize("glued", ["4096", "-3.5", "float(7)", "'3 %'"])
def test_a_glued_literal_is_found(glued: str) -> None:
    ((_, value),) = page(glued=glued).glued()
    assert is_literal(value)


@pytest.mark.parametrize("glued", ["max(x)", "7 * 7 - 1", "len([1, 2])", "f'{x[0]} cells'", "x"])
def test_what_is_computed_is_no_literal(glued: str) -> None:
    ((_, value),) = page(glued=glued).glued()
    assert not is_literal(value)
