"""Does the bibliography list every work, with a link to it?"""

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from tests.book import building

SOURCE = (building.ROOT / "book" / "references.bib").read_text(encoding="utf-8")
WORKS = re.split(r"^@", SOURCE, flags=re.MULTILINE)[1:]
#: How addresses of works begin, by the field of references.bib that has the rest.
ADDRESSES = {"doi": "https://doi.org/", "eprint": "https://arxiv.org/abs/"}


@pytest.mark.slow
@pytest.mark.xdist_group("book")
def test_every_work_is_listed_with_its_link(site: Path) -> None:
    """Is each work of references.bib there, and does its DOI or arXiv number lead to it?"""
    page = BeautifulSoup((site / "book" / "bibliography.html").read_text("utf-8"), "html.parser")
    listed = page.select("div.citation")
    assert len(listed) == len(WORKS)
    addresses = {link["href"] for work in listed for link in work.select("a")}
    expected = {
        ADDRESSES[field] + value for work in WORKS for field, value in re.findall(r"(doi|eprint)\s*= \{(.*?)\}", work)
    }
    assert expected
    assert not expected - addresses


@pytest.mark.slow
@pytest.mark.xdist_group("book")
def test_labels_are_letters_and_years(site: Path) -> None:
    """Is no label spoilt by an accent that is written in TeX?"""
    page = BeautifulSoup((site / "book" / "bibliography.html").read_text("utf-8"), "html.parser")
    labels = [label.get_text() for label in page.select("div.citation .label")]
    assert labels
    assert [label for label in labels if not re.fullmatch(r"\[\w{1,4}\+?\d\d[a-z]?\]", label)] == []
