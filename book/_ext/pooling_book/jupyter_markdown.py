"""Write what a page says as Markdown that Jupyter can show.

The source of a page holds directives and roles that Jupyter would show as they are typed. So the Markdown is written
from Sphinx's tree of the finished page, in which numbers, references and titles are in place.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from urllib.parse import urljoin, urlsplit

from docutils import nodes

#: What would mean something else in Markdown, in a formula or in HTML.
SPECIAL = re.compile(r"([\\`*_$<\[\]|~&])")
#: What may begin or underline a heading, a quotation or a list at the start of a line.
LINE_START = re.compile(r"^([#>+=-]|\d+(?=[.)]))", re.MULTILINE)
CUSTOM_ELEMENT = re.compile(r"<([a-z]+(?:-[a-z]+)+)\b")
ELEMENT_ID = re.compile(r"<[a-z]+-[a-z-]+ [^>]*?\bid=\"([^\"]+)\"")

UNSEEN = (
    nodes.Invisible,
    nodes.meta,
    nodes.system_message,
)
WRAPPED = {
    nodes.emphasis: "*",
    nodes.title_reference: "*",
    nodes.strong: "**",
}


class Writer:
    """Write the parts of one page.

    Parameters
    ----------
    address : str
        Where the page can be read, or "": then links within the site become text.
    """

    def __init__(self, address: str) -> None:
        self.address = address

    def parts(self, document: nodes.document) -> Iterator[str | int]:
        """Yield Markdown, one text for each section, and in its place the index of each code cell."""
        gathered: list[str] = []
        for piece in self._pieces(document, level=0):
            starts_section = isinstance(piece, str) and piece.startswith(("# ", "## "))
            if gathered and (starts_section or isinstance(piece, int)):
                yield "\n\n".join(gathered)
                gathered = []
            if isinstance(piece, int):
                yield piece
            elif piece:
                gathered.append(piece)
        if gathered:
            yield "\n\n".join(gathered)

    def _pieces(self, parent: nodes.Element, level: int) -> Iterator[str | int]:
        for node in parent.children:
            if isinstance(node, nodes.section):
                yield from self._pieces(node, level + 1)
            elif isinstance(node, nodes.title):
                yield f"{'#' * level} {self.inline(node)}"
            elif isinstance(node, nodes.container) and node.get("nb_element") == "cell_code":
                yield int(node["cell_index"])
            else:
                yield self.block(node)

    def blocks(self, children: Iterable[nodes.Node], gap: str = "\n\n") -> str:
        """Write block after block; what says the same twice in a row is written once."""
        written: list[str] = []
        for text in map(self.block, children):
            if text and text not in written[-1:]:
                written.append(text)
        return gap.join(written)

    def block(self, node: nodes.Node) -> str:
        """Write one block, whatever it is."""
        if isinstance(node, UNSEEN):
            return ""
        method = getattr(self, f"_{type(node).__name__}", None)
        if method:
            return method(node)
        if isinstance(node, nodes.Admonition):
            return self._admonition(node)
        if isinstance(node, nodes.Text | nodes.Inline):
            return self._one(node)
        if isinstance(node, nodes.TextElement):
            return LINE_START.sub(_as_text, self.inline(node))
        return self.blocks(node.children)

    def inline(self, parent: nodes.Node) -> str:
        """Write a line of text with its emphasis, code, formulas and links."""
        return "".join(map(self._one, parent.children)).strip()

    def _one(self, node: nodes.Node) -> str:
        if isinstance(node, nodes.Text):
            return SPECIAL.sub(r"\\\1", str(node))
        if isinstance(node, nodes.literal):
            return _code(node.astext())
        if isinstance(node, nodes.math):
            return f"${node.astext()}$"
        if isinstance(node, nodes.math_block):  # MyST allows one within a sentence
            return f"\n\n{self._math_block(node)}\n\n"
        if isinstance(node, nodes.raw):
            if CUSTOM_ELEMENT.match(node.astext()):
                return self._elsewhere(node)
            return "\\\n" if "html" in node["format"] and node.astext().startswith("<br") else ""
        if isinstance(node, nodes.image):
            return self._image(node)
        text = "".join(map(self._one, node.children))
        if isinstance(node, nodes.reference):
            return self._linked(text, node.get("refuri", ""))
        if isinstance(node, nodes.footnote_reference):
            return rf"\[{text}\]"
        mark = WRAPPED.get(type(node), "")
        return f"{mark}{text}{mark}" if text.strip() else text

    def _linked(self, text: str, target: str) -> str:
        address = urljoin(self.address, target) if target else ""
        return f"[{text}]({address})" if urlsplit(address).scheme else text

    def _elsewhere(self, node: nodes.raw) -> str:
        """Name what a notebook cannot show."""
        element = CUSTOM_ELEMENT.search(node.astext())
        name = element.group(1).replace("-", " ") if element else "part of the page"
        place = ELEMENT_ID.search(node.astext()) if element else None
        address = self.address + (f"#{place.group(1)}" if place else "")
        where = f"[See it on the page.]({address})" if self.address else "It is on the page of the course."
        return f"*An interactive {name} is left out here.* {where}"

    def _raw(self, node: nodes.raw) -> str:
        shown = "html" in node["format"] and re.sub(r"<!--.*?-->", "", node.astext(), flags=re.DOTALL).strip()
        return self._elsewhere(node) if shown else ""

    def _literal_block(self, node: nodes.literal_block) -> str:
        language = node.get("language", "")
        return _fenced(node.astext(), "" if language in {"default", "none"} else language)

    def _doctest_block(self, node: nodes.doctest_block) -> str:
        return _fenced(node.astext(), "python")

    def _math_block(self, node: nodes.math_block) -> str:
        return f"$$\n{node.astext().strip()}\n$$"

    def _image(self, node: nodes.image) -> str:
        return self._linked(f"Picture: {node.get('alt', 'without a description')}", node["uri"])

    def _figure(self, node: nodes.figure) -> str:
        return self.blocks(node.children)

    def _rubric(self, node: nodes.rubric) -> str:
        return f"**{self.inline(node)}**"

    def _transition(self, node: nodes.transition) -> str:
        return "---"

    def _toctree(self, node: nodes.Element) -> str:
        return ""

    def _block_quote(self, node: nodes.block_quote) -> str:
        return _quoted(self.blocks(node.children))

    def _admonition(self, node: nodes.Element) -> str:
        """Write a box as a quotation below its title."""
        titled = bool(node.children) and isinstance(node.children[0], nodes.title)
        title = self.inline(node.children[0]) if titled else type(node).__name__.capitalize()
        return _quoted(f"**{title}**\n\n{self.blocks(node.children[titled:])}")

    def _dropdown_main(self, node: nodes.Element) -> str:
        """Write what is hidden until it is opened in the same way, which Jupyter knows."""
        title, *content = node.children
        words = "".join(text for text in title.findall(nodes.Text) if not isinstance(text.parent, nodes.raw))
        return f"<details>\n<summary>{html.escape(words.strip())}</summary>\n\n{self.blocks(content)}\n\n</details>"

    def _bullet_list(self, node: nodes.bullet_list) -> str:
        return "\n".join(_item("- ", self.blocks(item.children)) for item in node.children)

    def _enumerated_list(self, node: nodes.enumerated_list) -> str:
        start = node.get("start", 1)
        if node.get("enumtype", "arabic") == "arabic":
            marks = [f"{number}. " for number in range(start, start + len(node.children))]
        else:
            marks = [f"- ({chr(96 + number)}) " for number in range(start, start + len(node.children))]
        return "\n".join(
            _item(mark, self.blocks(item.children)) for mark, item in zip(marks, node.children, strict=True)
        )

    def _definition_list(self, node: nodes.definition_list) -> str:
        items = []
        for item in node.children:
            terms = ", ".join(self.inline(child) for child in item.children if isinstance(child, nodes.term))
            meanings = [child for child in item.children if isinstance(child, nodes.definition)]
            items.append(_item("- ", f"**{terms}**\n\n{self.blocks(meanings)}"))
        return "\n".join(items)

    def _table(self, node: nodes.table) -> str:
        rows = [[self._cell(entry) for entry in row.children] for row in node.findall(nodes.row)]
        if not any(node.findall(nodes.thead)):
            rows.insert(0, [""] * len(rows[0]))
        rows.insert(1, ["---"] * len(rows[0]))
        title = [f"**{self.inline(child)}**" for child in node.children if isinstance(child, nodes.title)]
        return "\n\n".join([*title, "\n".join(f"| {' | '.join(row)} |" for row in rows)])

    def _cell(self, entry: nodes.Node) -> str:
        return re.sub(r"(?<!\\)\|", r"\|", " ".join(self.blocks(entry.children).split()))

    def _citation(self, node: nodes.citation) -> str:
        label, *content = node.children
        return rf"\[{label.astext()}\] {self.blocks(content)}"

    _footnote = _citation


def _as_text(start: re.Match[str]) -> str:
    return f"{start[1]}\\" if start[1].isdigit() else f"\\{start[1]}"


def _code(text: str) -> str:
    ticks = "`" * (1 + max(map(len, re.findall("`+", text)), default=0))
    return f"{ticks}{text}{ticks}" if ticks == "`" else f"{ticks} {text} {ticks}"


def _fenced(text: str, language: str) -> str:
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def _item(mark: str, text: str) -> str:
    """Write an item of a list: what follows its first line is indented."""
    indent = " " * (2 if mark.startswith("-") else len(mark))
    return mark + text.replace("\n", f"\n{indent}").replace(f"\n{indent}\n", "\n\n")
