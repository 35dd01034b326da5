"""Does the first use of each term in a chapter lead to the glossary, and the glossary back to it?

What is linked in the built site is compared with what should be, by another way: the glossary's source is read as text,
and the chapters' pages as HTML.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, NavigableString, Tag

from tests.book import building, tiny
from tests.book.toc import CHAPTERS

GLOSSARY = (building.ROOT / "book" / "glossary.md").read_text(encoding="utf-8")
#: Where nothing is linked.
LEFT_ALONE = (
    "h1, h2, h3, h4, h5, h6, pre, script, style, figure, figcaption, thead, dt, summary, form.quiz, .quiz-prediction, "
    ".admonition-title, .math, .katex, .citation, div.citation-list, .cell, .visually-hidden, svg, "
    "pooling-explorer, downsampling-chain, shift-explorer, output-size-calculator"
)
BETWEEN = "\0"


# ---- what should be ----


@dataclass
class Term:
    """An entry of the glossary, as its source has it."""

    name: str
    forms: list[str]
    code: list[str]
    others: list[str]

    @property
    def place(self) -> str:
        return "term-" + re.sub("[^A-Za-z0-9_]+", "-", self.name.strip("`"))


def read_glossary(source: str) -> list[Term]:
    """Read the entries: names at the margin, then what is indented."""
    content = source.split("```{glossary}")[1].split("```\n")[0]
    found = []
    for entry in re.split(r"\n\n(?=\S)", content.strip("\n")):
        if entry.startswith(":"):
            continue
        names = re.findall(r"^(\S.*)$", entry, flags=re.MULTILINE)
        lists = {name: forms.split(", ") for name, forms in re.findall(r"^  :(\w+): (.*)$", entry, flags=re.MULTILINE)}
        words = [name for name in names if "`" not in name] + lists.get("also", [])
        forms = lists.get("only") or words + [word + end for word in words for end in ("s", "es")]
        forms += [] if "only" in lists else [word[:-1] + "ies" for word in words if word.endswith("y")]
        code = [name.strip("`") for name in names if "`" in name]
        found.append(Term(names[0], [form.lower() for form in forms], code, lists.get("not", [])))
    return found


def words_of(page: str) -> tuple[str, list[tuple[int, str, str]], int]:
    """Return a page's text that may be linked, with marks between elements; its links in it; and how many there are.

    A link is where it begins, what it says, and the entry that it leads to.
    """
    article = BeautifulSoup(page, "html.parser").select_one("article, div.body")
    assert article
    number = len(article.select("a.term-link"))
    for excluded in article.select(LEFT_ALONE):
        excluded.replace_with(BETWEEN)
    text, links = "", []

    def walk(element: Tag) -> None:
        nonlocal text
        for child in element.children:
            if type(child) is NavigableString:
                text += child
            elif isinstance(child, Tag):
                is_term = child.name == "a" and "term-link" in child["class"]
                is_code = child.name == "code" or (is_term and child.find("code"))
                text += "" if is_term and not is_code else BETWEEN
                if is_term:
                    links.append((len(text), child.get_text(), str(child["href"]).partition("#")[2]))
                if is_code:
                    text += f"`{child.get_text().replace(' ', '_')}`"
                elif is_term:
                    text += child.get_text()
                elif child.name != "a":
                    walk(child)
                text += "" if is_term and not is_code else BETWEEN

    walk(article)
    return text, links, number


def expected_links(text: str, terms: list[Term]) -> dict[str, tuple[int, str]]:
    """Return where each term is used first: for each beginning of a word, the longest form that stands there."""
    owners = {form: term for term in terms for form in term.forms}
    owners |= {f"`{code}{end}`": term for term in terms for code in term.code for end in ("", "=True", "=False")}
    phrases: dict[str, Term | None] = owners | {other.lower(): None for term in terms for other in term.others}
    most = max(len(phrase.split()) for phrase in phrases)
    found: dict[str, tuple[int, str]] = {}
    plain = text.lower().replace("“", '"').replace("”", '"').replace("’", "'")
    behind = 0
    for start in re.finditer(r'(?<![\w`-])[\w`"−]', plain):
        if start.start() < behind:
            continue
        rest = re.match(rf"(?:[^\s\0]+\s*){{1,{most}}}", plain[start.start() :])
        candidate = rest.group() if rest else ""
        while candidate:
            phrase = " ".join(candidate.split())
            after = plain[start.start() + len(candidate.rstrip()) :][:1]
            if phrase in phrases and not re.match(r"[\w-]", after):
                behind = start.start() + len(candidate.rstrip())
                term = phrases[phrase]
                if term:
                    said = text[start.start() : behind]
                    found.setdefault(term.place, (start.start(), said.strip("`")))
                break
            candidate = candidate.rstrip()[:-1]
    return found


def problems(chapters: Mapping[str, str], glossary: str, terms: list[Term]) -> list[str]:
    """Compare the pages with what should be linked in them, and the glossary's page with that."""
    found, users = [], {term.place: [] for term in terms}
    for name, page in chapters.items():
        text, links, number = words_of(page)
        if number != len(links):
            found.append(f"{name}: {number - len(links)} links are where none should be")
        linked = {place: (at, said) for at, said, place in links}
        if len(linked) != len(links):
            found.append(f"{name}: a term is linked twice")
        expected = expected_links(text, terms)
        for place, (at, said) in expected.items():
            users[place].append(name)
            if linked.get(place) != (at, said):
                found.append(f"{name}: {place} should be linked in {text[max(0, at - 30) : at + 30]!r}")
        found += [f"{name}: {place} is linked and not used" for place in linked.keys() - expected.keys()]
    page = BeautifulSoup(glossary, "html.parser")
    for place, names in users.items():
        entry = page.find(id=place)
        meaning = entry.find_next("dd") if entry else None
        if not meaning:
            found.append(f"glossary: no entry has the id {place}")
            continue
        shown = [str(link["href"]) for link in meaning.select(".term-uses a")]
        if shown != [f"{name}.html#use-of-{place}" for name in names]:
            found.append(f"glossary: {place} is used in {names}, and shown are {shown}")
        found += [] if names else [f"glossary: no chapter uses {place}"]
    return found


# ---- the site ----


@pytest.fixture(scope="module")
def built(site: Path) -> tuple[dict[str, str], str]:
    """Return the pages of the chapters, in reading order, and the glossary's."""
    names = [name.removeprefix("book/") for name in CHAPTERS if re.fullmatch(r"book/(intro|\d\d_\w+)", name)]
    pages = {name: (site / "book" / f"{name}.html").read_text(encoding="utf-8") for name in [*names, "glossary"]}
    return pages, pages.pop("glossary")


@pytest.mark.slow
@pytest.mark.xdist_group("book")
def test_terms_are_linked_where_they_are_used_first(built: tuple[dict[str, str], str]) -> None:
    """Is each term linked once, at its first use, in each chapter that uses it, and does the glossary name these?"""
    chapters, glossary = built
    found = problems(chapters, glossary, read_glossary(GLOSSARY))
    assert not found, "\n".join(found)


MUTATIONS: dict[str, tuple[Callable[[str], str], Callable[[str], str], str]] = {
    "a link removed": (
        lambda page: re.sub(r'<a class="[^"]*term-link[^>]*>(.*?)</a>', r"\1", page, count=1),
        str,
        "should be linked",
    ),
    "a link twice": (
        lambda page: re.sub(r'(<a class="[^"]*term-link[^>]*>.*?</a>)', r"\1 \1", page, count=1),
        str,
        "linked twice",
    ),
    "a link in a heading": (
        lambda page: re.sub(
            "(<h2>)(?=The idea)", r'\1<a class="term-link" href="glossary.html#term-pooling">Pool</a>', page, count=1
        ),
        str,
        "where none should be",
    ),
    "a chapter left out": (str, lambda page: re.sub(r'<p class="term-uses">.*?</p>', "", page, count=1), "is used in"),
    "an entry removed": (str, lambda page: page.replace('id="term-window"', ""), "no entry"),
}


@pytest.mark.slow
@pytest.mark.xdist_group("book")
@pytest.mark.parametrize("mutation", MUTATIONS)
def test_faults_are_found(built: tuple[dict[str, str], str], mutation: str) -> None:
    """Would the test above notice?"""
    chapters, glossary = built
    in_chapter, in_glossary, message = MUTATIONS[mutation]
    faulty = chapters | {"02_windows": in_chapter(chapters["02_windows"])}
    found = problems(faulty, in_glossary(glossary), read_glossary(GLOSSARY))
    assert any(message in problem for problem in found), found


@pytest.mark.slow
@pytest.mark.xdist_group("book")
def test_an_unused_entry_is_found(built: tuple[dict[str, str], str]) -> None:
    """Would a term be noticed that no chapter uses?"""
    chapters, glossary = built
    unused = Term("window washer", ["window washer"], [], [])
    found = problems(chapters, glossary + '<dl><dt id="term-window-washer"></dt><dd></dd></dl>', [unused])
    assert found[-1] == "glossary: no chapter uses term-window-washer"


# ---- rules, in books of a few pages ----

ENTRIES = """\
# Glossary

```{glossary}
pooling
  What is done to a window. It has no parameters.

  :also: pool

max pooling
  The largest.

minus infinity
−∞
  Below all.

`ceil_mode`
  Rounds up.

tile
  A window without neighbours' cells.

  :only: tiles, a tile
  :not: tiles it
```
"""
INDEX = "# Contents\n\n```{{toctree}}\n{}\n```\n"


def build(folder: Path, chapters: Mapping[str, str], glossary: str = ENTRIES) -> tuple[Path, set[str]]:
    """Build a book of these chapters and a glossary; return its folder, and the pages that were written."""
    pages = {f"book/{name}": f"# {name}\n\n{text}\n" for name, text in chapters.items()}
    pages |= {"book/glossary": glossary} if glossary else {}
    out = folder / "_build" / "book"
    before = {page: page.stat().st_mtime_ns for page in out.glob("*.html")}
    _, warnings = tiny.build(
        folder, {"index": INDEX.format("\n".join(pages)), **pages}, "html", ("pooling_book.terms",)
    )
    assert not warnings, warnings
    after = {page: page.stat().st_mtime_ns for page in out.glob("*.html")}
    return out, {page.stem for page in after if after[page] != before.get(page)}


def links(page: Path) -> list[str]:
    """Return what the links to the glossary say, in their order."""
    return [link.get_text() for link in BeautifulSoup(page.read_text("utf-8"), "html.parser").select("a.term-link")]


def uses(out: Path, place: str) -> str:
    """Return what an entry says about its chapters."""
    entry = BeautifulSoup((out / "glossary.html").read_text("utf-8"), "html.parser").find(id=place)
    assert entry
    line = entry.find_next("dd").select_one(".term-uses")  # type: ignore[union-attr]
    return line.get_text() if line else ""


LINKED = {
    "the first use": ("A pool. A pool.", ["pool"]),
    "a plural, and a capital": ("Pools.", ["Pools"]),
    "the longest form": ("Max pooling, then pooling.", ["Max pooling", "pooling"]),
    "nothing within a form": ("Max pooling.", ["Max pooling"]),
    "across lines": ("The max\npooling\nof", ["max\npooling"]),
    "after the same words": ("A **b**\npool **b**\ntiles", ["pool", "tiles"]),
    "a word that ends in another": ("A carpool, pool-like, repooling.", []),
    "a sign": ("It is −∞.", ["−∞"]),
    "code that is a term": ("Set `ceil_mode=True`, or `pool`.", ["ceil_mode=True"]),
    "a term that is code only": ("The ceil_mode.", []),
    "an everyday word": ("Now tile. He tiles it. Get tiles.", ["tiles"]),
    "two in one text": ("A pool and a tile.", ["pool", "a tile"]),
    "in emphasis and lists": ("- a **pool**\n- *tiles*", ["pool", "tiles"]),
    "in a table": ("| pool |\n|---|\n| tiles, pool |", ["tiles", "pool"]),
    "not in a heading": ("## Pool\n\nMax pooling.", ["Max pooling"]),
    "not in code": ("```\npool\n```", []),
    "not in a link": ("[pool](glossary.md) and [a pool](https://example.org)", []),
    "not in a formula": ("$pool$\n\n$$pool$$", []),
    "not in a title": (":::{note}\nA tile\n:::\n\n:::{admonition} Pool\na tile\n:::", ["A tile"]),
    "not in a caption": ("```{figure} https://example.org/a.png\nA pool.\n```", []),
}


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build a book with a chapter for each rule."""
    chapters = {f"{number:02}_rule": text for number, (text, _) in enumerate(LINKED.values())}
    return build(tmp_path_factory.mktemp("rules"), chapters)[0]


@pytest.mark.parametrize("rule", LINKED)
def test_what_is_linked(rules: Path, rule: str) -> None:
    """Is the term linked where it should be, and nothing else?"""
    number = list(LINKED).index(rule)
    assert links(rules / f"{number:02}_rule.html") == LINKED[rule][1]


def test_a_link_says_what_the_term_means(tmp_path: Path) -> None:
    """Does it lead to the entry, have an address of its own, and show the first sentence to a mouse?"""
    out, _ = build(tmp_path, {"intro": "A pool."})
    link = BeautifulSoup((out / "intro.html").read_text("utf-8"), "html.parser").select_one("a.term-link")
    assert link
    assert link["href"] == "glossary.html#term-pooling"
    assert link["id"] == "use-of-term-pooling"
    assert link["title"] == "What is done to a window."


def test_other_pages_are_left_alone(tmp_path: Path) -> None:
    """Are only chapters linked, and named in the glossary in reading order?"""
    out, _ = build(tmp_path, {"intro": "Pool.", "02_b": "Pool.", "01_a": "Pool.", "api": "Pool."})
    assert links(out / "api.html") == []
    assert uses(out, "term-pooling") == "Used in: introduction, 01_a, 02_b"
    assert uses(out, "term-max-pooling") == ""


def test_a_book_without_a_glossary_has_no_links(tmp_path: Path) -> None:
    """Does a book build that has none?"""
    assert links(build(tmp_path, {"intro": "A pool."}, glossary="")[0] / "intro.html") == []


@pytest.mark.parametrize(
    ("faulty", "message"),
    [
        (ENTRIES.replace(":also:", ":see:"), "an entry can say also, only, not"),
        (ENTRIES.replace("tiles, a tile", "tiles, pools"), "two entries of the glossary are found by 'pools'"),
    ],
    ids=["a field", "a form"],
)
def test_a_mistake_in_the_glossary_is_named(tmp_path: Path, faulty: str, message: str) -> None:
    """Does the build fail?"""
    with pytest.raises(Exception, match=message):
        build(tmp_path, {"intro": "A pool."}, faulty)


# ---- from build to build ----

CHAPTERS_OF_TWO = {"intro": "A pool.", "01_a": "A swimming bath, and tiles.", "02_b": "A pool."}


def test_what_has_not_changed_is_not_written(tmp_path: Path) -> None:
    """Does a second build leave all pages as they are?"""
    build(tmp_path, CHAPTERS_OF_TWO)
    assert build(tmp_path, CHAPTERS_OF_TWO)[1] == set()


def test_a_new_form_is_linked_at_once(tmp_path: Path) -> None:
    """Is a chapter written anew whose links change with the glossary, and no other?"""
    build(tmp_path, CHAPTERS_OF_TWO)
    out, written = build(tmp_path, CHAPTERS_OF_TWO, ENTRIES.replace(":also: pool", ":also: pool, bath"))
    assert written == {"01_a", "glossary"}
    assert links(out / "01_a.html") == ["bath", "tiles"]
    assert uses(out, "term-pooling") == "Used in: introduction, 01_a, 02_b"


def test_a_term_that_has_gone_is_no_longer_linked(tmp_path: Path) -> None:
    """Does no link stay that leads to nothing?"""
    build(tmp_path, CHAPTERS_OF_TWO)
    shorter = ENTRIES[: ENTRIES.index("tile\n")] + "```\n"
    out, written = build(tmp_path, CHAPTERS_OF_TWO, shorter)
    assert written == {"01_a", "glossary"}
    assert links(out / "01_a.html") == []


def test_the_glossary_follows_the_chapters(tmp_path: Path) -> None:
    """Is it written anew when a chapter uses other terms or has gone, and not when a term has only moved?"""
    build(tmp_path, CHAPTERS_OF_TWO)
    _, written = build(tmp_path, CHAPTERS_OF_TWO | {"02_b": "Not far, a pool."})
    assert written == {"02_b"}
    out, written = build(tmp_path, CHAPTERS_OF_TWO | {"02_b": "Tiles."})
    assert written == {"02_b", "glossary"}
    assert (uses(out, "term-pooling"), uses(out, "term-tile")) == ("Used in: introduction", "Used in: 01_a, 02_b")
    out, written = build(tmp_path, {"intro": "A pool.", "02_b": "Tiles."})
    assert "glossary" in written
    assert uses(out, "term-tile") == "Used in: 02_b"


CONF = """\
extensions = ["myst_parser", "pooling_book.terms"]
exclude_patterns = ["book/_web", "_build", "_parallel"]
myst_enable_extensions = ["colon_fence", "dollarmath", "fieldlist"]
"""


@pytest.mark.slow
def test_reading_in_parallel_gives_the_same(tmp_path: Path) -> None:
    """Do pages that several processes read and write have the links that one process gives them?"""
    chapters = {f"{number:02}_chapter": f"A pool, {number} of them, and tiles." for number in range(12)}
    out, _ = build(tmp_path, chapters)
    one = [page.name for page in out.glob("*.html")]
    (tmp_path / "conf.py").write_text(CONF, encoding="utf-8")
    parallel = tmp_path / "_parallel"
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", "-W", "-j", "2", str(tmp_path), str(parallel)],
        env={**os.environ, "PYTHONPATH": f"{building.ROOT / 'src'}{os.pathsep}{building.ROOT / 'book' / '_ext'}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    for name in one:
        assert links(parallel / "book" / name) == links(out / name)
    assert len(one) == 13
    assert uses(parallel / "book", "term-pooling") == uses(out, "term-pooling") != ""
