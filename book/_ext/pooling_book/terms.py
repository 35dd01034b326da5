"""Link the first use of each term in a chapter to the glossary, and name in the glossary the chapters that use it.

    ```{glossary}
    minus infinity
    −∞
      The number below all others.

      :also: negative infinity
    ```

A term is found by its names, the lines above its definition, and by the plural of each. What else an entry can say:

    also    other forms, which are not shown; they have a plural too
    only    the forms, without plurals, that it is found by instead, if its name is an everyday word as well
    not     phrases in which the term means something else

Longer forms go first: in "max pooling" nobody has used "pooling". A term that is written as code is found as code, and
as nothing else. Headings, captions, code, formulas, links, questions and lists of works are left alone.

What can be linked is gathered while pages are read, and what is linked is decided when all of them are. So a page is
written anew exactly when a link in it has changed. Links are made in the tree that is about to be written, and are
never kept.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.transforms.post_transforms import SphinxPostTransform

from pooling_book.quiz_nodes import PredictionNode, QuizNode

#: The pages that are linked to the glossary. Their names are in reading order, but for the introduction.
CHAPTER = re.compile(r"book/(intro|\d\d_\w+)")
#: The class of a link to the glossary, and of the line there that leads back. site.css knows both.
LINK, USES = "term-link", "term-uses"
FIELDS = ("also", "only", "not")
PLAIN_QUOTES = str.maketrans("“”’", '""\'')

LEFT_ALONE = (
    addnodes.glossary,
    addnodes.pending_xref,
    nodes.Invisible,
    nodes.caption,
    nodes.citation,
    nodes.legend,
    nodes.literal_block,
    nodes.math,
    nodes.math_block,
    nodes.raw,
    nodes.reference,
    nodes.rubric,
    nodes.system_message,
    nodes.term,
    nodes.thead,
    nodes.title,
    PredictionNode,
    QuizNode,
)


class Entry(NamedTuple):
    """A term, as it can be looked up: where, what it is found by, and what it is not."""

    page: str
    place: str
    forms: tuple[str, ...]
    code: tuple[str, ...]
    others: tuple[str, ...]
    meaning: str


class Run(NamedTuple):
    """Text without any markup in it, or a piece of inline code."""

    text: str
    is_code: bool


class Use(NamedTuple):
    """A link: in which run of the page and from where to where, what it leads to, and what that says."""

    run: int
    start: int
    end: int
    glossary: str
    place: str
    meaning: str


@dataclass
class Terms:
    """What is known of all pages, by their names. Sphinx keeps it from build to build."""

    entries: dict[str, tuple[Entry, ...]] = field(default_factory=dict)
    prose: dict[str, list[Run]] = field(default_factory=dict)
    uses: dict[str, list[Use]] = field(default_factory=dict)
    #: What `uses` was decided with, and the pages that were read since.
    decided: tuple[Entry, ...] = ()
    undecided: set[str] = field(default_factory=set)
    #: What the glossary says about chapters.
    shown: list[tuple[str, ...]] = field(default_factory=list)

    def all_entries(self) -> tuple[Entry, ...]:
        return tuple(entry for page in sorted(self.entries) for entry in self.entries[page])


def terms_of(env: BuildEnvironment) -> Terms:
    """Return what is known in an environment."""
    return vars(env).setdefault("pooling_terms", Terms())


# ---- what can be linked ----


def runs(parent: nodes.Element) -> Iterator[tuple[list[nodes.Node], Run]]:
    """Yield what can be linked, with the nodes it stands in: MyST begins another where a line of the source ends."""
    texts: list[nodes.Node] = []
    for child in [*parent.children, None]:
        if isinstance(child, nodes.Text):
            texts.append(child)
            continue
        if texts:
            yield texts, Run("".join(texts), is_code=False)
            texts = []
        if isinstance(child, nodes.literal):
            yield [child], Run(child.astext(), is_code=True)
        elif isinstance(child, nodes.Element) and not isinstance(child, LEFT_ALONE) and not _is_cell(child):
            yield from runs(child)


def _is_cell(node: nodes.Element) -> bool:
    return node.get("nb_element", "").startswith("cell_code")


def entries_of(document: nodes.document, page: str) -> Iterator[Entry]:
    """Yield the entries of a glossary, and take out of it what only we read."""
    for glossary in document.findall(addnodes.glossary):
        for item in glossary.findall(nodes.definition_list_item):
            names = [child for child in item if isinstance(child, nodes.term)]
            words = [name.astext() for name in names if not any(name.findall(nodes.literal))]
            code = [name.astext() for name in names if any(name.findall(nodes.literal))]
            listed = _fields(item)
            words += listed["also"]
            forms = listed["only"] or [*words, *map(plural, words)]
            yield Entry(
                page,
                names[0]["ids"][0],
                tuple(map(_plain, forms)),
                tuple(code),
                tuple(map(_plain, listed["not"])),
                _first_sentence(item),
            )


def _fields(item: nodes.Element) -> dict[str, list[str]]:
    """Take the lists of forms out of an entry."""
    found: dict[str, list[str]] = {name: [] for name in FIELDS}
    for fields in list(item.findall(nodes.field_list)):
        for name, body in fields:
            if name.astext() not in found:
                raise ExtensionError(f"{item[0].astext()}: an entry can say {', '.join(FIELDS)}, not {name.astext()}")
            found[name.astext()] += [form.strip() for form in " ".join(body.astext().split()).split(",")]
        fields.parent.remove(fields)
    return found


def _first_sentence(item: nodes.Element) -> str:
    text = " ".join(item.children[-1].astext().split())
    return re.split(r"(?<=[.?!]) (?=[A-Z])", text)[0]


def plural(word: str) -> str:
    """Return the regular plural of a word, or of the last of some."""
    if re.search("(s|x|ch|sh)$", word):
        return f"{word}es"
    return f"{word[:-1]}ies" if re.search("[^aeiou]y$", word) else f"{word}s"


# ---- what is linked ----


def first_uses(prose: Iterable[Run], entries: tuple[Entry, ...]) -> list[Use]:
    """Return the first use of each term in a page."""
    pattern, known, code = _pattern(entries)
    found: dict[str, Use] = {}
    for number, run in enumerate(prose):
        if run.is_code:
            spans = [(0, len(run.text), code.get(run.text.partition("=")[0]))]
        else:
            matches = pattern.finditer(_plain(run.text))
            spans = [(*match.span(), known[" ".join(match.group().split())]) for match in matches]
        for start, end, entry in spans:
            if entry and entry.place not in found:
                found[entry.place] = Use(number, start, end, entry.page, entry.place, entry.meaning)
    return list(found.values())


@functools.lru_cache(maxsize=1)
def _pattern(entries: tuple[Entry, ...]) -> tuple[re.Pattern[str], dict[str, Entry | None], dict[str, Entry]]:
    """Return what finds a form of any term, the longest first; whose form it is; and whose code."""
    known: dict[str, Entry | None] = {}
    for entry in entries:
        for form in entry.forms:
            if known.setdefault(form, entry) is not entry:
                raise ExtensionError(f"two entries of the glossary are found by {form!r}")
    known |= {other: None for entry in entries for other in entry.others}
    longest_first = sorted(known, key=len, reverse=True)
    forms = "|".join(r"\s+".join(map(re.escape, form.split())) for form in longest_first)
    pattern = re.compile(rf"(?<![\w-])(?:{forms})(?![\w-])" if forms else r"(?!)")
    return pattern, known, {text: entry for entry in entries for text in entry.code}


def _plain(text: str) -> str:
    """Return a text in small letters and with plain quotes, at the same length."""
    small = text.lower()
    return (small if len(small) == len(text) else text).translate(PLAIN_QUOTES)


def chapters_using(terms: Terms, place: str) -> list[str]:
    """Return the chapters that use a term, in reading order."""
    using = [page for page, uses in terms.uses.items() if any(use.place == place for use in uses)]
    return sorted(using, key=lambda page: (not page.endswith("intro"), page))


def label(env: BuildEnvironment, page: str) -> tuple[str, str]:
    """Return what a link to a chapter says, for eyes and, before that, for ears alone."""
    number = env.toc_secnumbers.get(page, {}).get("")
    if number:
        return ".".join(map(str, number)), "chapter "
    return ("introduction", "") if page.endswith("intro") else (_title(env, page), "")


def _title(env: BuildEnvironment, page: str) -> str:
    return env.titles[page].astext()


# ---- from build to build ----


def gather(app: Sphinx, document: nodes.document) -> None:
    """Note what a page that was just read explains or uses."""
    page, terms = app.env.docname, terms_of(app.env)
    entries = tuple(entries_of(document, page))
    if entries:
        terms.entries[page] = entries
    if CHAPTER.fullmatch(page):
        terms.prose[page] = [run for _, run in runs(document)]
        terms.undecided.add(page)


def forget(app: Sphinx, env: BuildEnvironment, page: str) -> None:
    """Forget a page that has changed or gone; what was linked in it is needed for comparison."""
    terms = terms_of(env)
    terms.entries.pop(page, None)
    terms.prose.pop(page, None)


def merge(app: Sphinx, env: BuildEnvironment, pages: set[str], other: BuildEnvironment) -> None:
    """Take over what another process has read."""
    terms, theirs = terms_of(env), terms_of(other)
    terms.entries |= {page: theirs.entries[page] for page in pages if page in theirs.entries}
    terms.prose |= {page: theirs.prose[page] for page in pages if page in theirs.prose}
    terms.undecided |= pages & terms.prose.keys()


def decide(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Decide what is linked, and return the pages in which that has changed."""
    terms = terms_of(env)
    entries, before = terms.all_entries(), terms.uses
    terms.uses = {
        page: first_uses(prose, entries) if page in terms.undecided or entries != terms.decided else before[page]
        for page, prose in terms.prose.items()
    }
    terms.decided, terms.undecided = entries, set()
    changed = [page for page, uses in terms.uses.items() if before.get(page) != uses]
    shown_before, terms.shown = terms.shown, list(_shown(env, terms, entries))
    return [*changed, *(terms.entries if terms.shown != shown_before else ())]


def _shown(env: BuildEnvironment, terms: Terms, entries: tuple[Entry, ...]) -> Iterator[tuple[str, ...]]:
    for entry in entries:
        for page in chapters_using(terms, entry.place):
            yield entry.place, page, *label(env, page), _title(env, page)


# ---- what is written ----


class TermLinks(SphinxPostTransform):
    """Make the links of a page, while its tree is as it was read: before references, numbers and outputs come in."""

    default_priority = 2

    def run(self, **kwargs: Any) -> None:
        terms, page = terms_of(self.env), self.env.docname
        if page in terms.prose:
            self._link(page, terms)
        if page in terms.entries:
            self._lead_back(page, terms)

    def _link(self, page: str, terms: Terms) -> None:
        found = list(runs(self.document))
        uses = first_uses((run for _, run in found), terms.all_entries())
        for use in sorted(uses, reverse=True):  # from the end: what is before stays where it is
            texts, run = found[use.run]
            parts = [run.text[: use.start], run.text[use.start : use.end], run.text[use.end :]]
            shown = texts if run.is_code else [nodes.Text(parts[1])]
            parent = texts[0].parent
            place = next(number for number, child in enumerate(parent) if child is texts[0])
            del parent[place : place + len(texts)]
            link = self._reference(page, use.glossary, use.place, use.meaning, *shown)
            link["ids"], link["classes"] = [_place_of_use(use.place)], [LINK]
            before, after = nodes.Text(parts[0]), nodes.Text(parts[2])
            parent[place:place] = [link] if run.is_code else [before, link, after]
            found[use.run] = ([before], Run(parts[0], run.is_code))

    def _lead_back(self, page: str, terms: Terms) -> None:
        places = {entry.place for entry in terms.entries[page]}
        for item in self.document.findall(nodes.definition_list_item):
            place = next(iter(item[0]["ids"]), "")
            chapters = chapters_using(terms, place) if place in places else []
            if not chapters:
                continue
            line = nodes.paragraph("", "Used in: ", classes=[USES])
            for number, chapter in enumerate(chapters):
                shown, heard = label(self.env, chapter)
                words = [nodes.inline("", heard, classes=["visually-hidden"])] if heard else []
                title = _title(self.env, chapter)
                line += [nodes.Text(", ")] if number else []
                line += self._reference(page, chapter, _place_of_use(place), title, *words, nodes.Text(shown))
            item[-1] += line

    def _reference(self, page: str, other: str, place: str, title: str, *shown: nodes.Node) -> nodes.reference:
        address = f"{self.app.builder.get_relative_uri(page, other)}#{place}"
        return nodes.reference("", "", *shown, internal=True, refuri=address, reftitle=title)


def _place_of_use(place: str) -> str:
    return f"use-of-{place}"


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the steps above to Sphinx's events; chapters have their numbers at the usual priority."""
    app.setup_extension("pooling_book.quiz_nodes")
    app.connect("doctree-read", gather)
    app.connect("env-purge-doc", forget)
    app.connect("env-merge-info", merge)
    app.connect("env-updated", decide, priority=900)
    app.add_post_transform(TermLinks)
    return {"env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
