"""Texts of strangers, made short and harmless: what learners wrote, what their code printed, pictures they pasted."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from urllib.parse import quote

import mistune
import nh3
from markupsafe import Markup, escape
from nbconvert.filters.ansi import strip_ansi
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

#: Longer texts are cut, in characters and in lines.
LONGEST, MOST_LINES = 8_000, 200
#: A page has no longer line of code that is coloured.
LONGEST_LINE = 200
#: Larger pictures are left out, in characters of base64.
LARGEST_PICTURE = 700_000
#: The kinds of picture that can hold no program, each with what its files begin with.
PICTURES = {"image/png": b"\x89PNG\r\n", "image/jpeg": b"\xff\xd8\xff", "image/gif": b"GIF8"}

_TAGS = {
    *("p", "br", "hr", "strong", "b", "em", "i", "u", "s", "del", "sub", "sup", "code", "pre", "kbd", "blockquote"),
    *("ul", "ol", "li", "dl", "dt", "dd", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td", "a"),
    "img",
}
_ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt", "title"}}
_INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_MARKDOWN = mistune.create_markdown(escape=True, plugins=["table", "strikethrough"])
#: Without it, mistune would look at every bracket as the beginning of a link, each time to the end of the text.
_BRACKETS = re.compile(r"[\[\]<>*_`~|]")
_MOST_SIGNS = 2_000


def shortened(text: str, longest: int = LONGEST, most_lines: int = MOST_LINES) -> str:
    """Return the beginning of a text, and how much was left out, without what a terminal would act upon."""
    kept = text[:longest]
    lines = kept.splitlines()
    shown = "\n".join(lines[:most_lines])
    left = len(text) - len("\n".join(lines[:most_lines]))
    if len(text) > longest or len(lines) > most_lines:
        shown += f"\n… and {left:,} characters more"
    return _INVISIBLE.sub("", strip_ansi(shown))


def code(source: str) -> Markup:
    """Return Python code as HTML, its words in classes that the page's style sheet knows."""
    source = shortened(source)
    if (
        max(map(len, source.splitlines()), default=0) > LONGEST_LINE
    ):  # a lexer may look at every sign of it from every other
        return escape(source)
    return Markup(highlight(source, PythonLexer(stripnl=False), HtmlFormatter(nowrap=True, classprefix="py-")))


def markdown(text: str, attachments: Mapping[str, Mapping[str, str]] | None = None) -> Markup:
    """Return a text in Markdown as HTML without anything that runs, loads or leads a reader astray.

    Parameters
    ----------
    text : str
    attachments : mapping, optional
        Pictures by name, then by kind, in base64.
    """
    text = shortened(text, longest=20_000, most_lines=1_000)
    if len(_BRACKETS.findall(text)) > _MOST_SIGNS:
        return Markup("<pre>{}</pre>").format(text)
    pictures: dict[str, str] = {}
    for name, address in sorted(_addresses(attachments or {}).items(), key=lambda found: -len(found[0])):
        place = f"picture-{len(pictures)}"  # the parser would take "attachment:" for a way to run something
        pictures[place] = address
        text = text.replace(f"attachment:{name}", place).replace(f"attachment:{quote(name)}", place)
    try:
        html = str(_MARKDOWN(text))
    except Exception:  # whatever a parser stumbles over, its author wants to see the text
        return Markup("<pre>{}</pre>").format(text)

    def allowed(tag: str, attribute: str, value: str) -> str | None:
        if (tag, attribute) == ("img", "src"):
            return pictures.pop(value, None)  # once: it could be asked for a thousand times
        if (tag, attribute) == ("a", "href"):
            return value if value.startswith(("https://", "http://", "mailto:")) else None
        return value

    clean = nh3.clean(
        _with_lower_headings(html),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=allowed,
        url_schemes={"http", "https", "mailto", "data"},
        link_rel="noopener noreferrer nofollow",
    )
    return Markup(clean)


def picture(kind: str, content: str) -> str | None:
    """Return a picture as an address that holds it, or None if it is not what it claims to be, or too large."""
    content = "".join(content.split())
    if kind not in PICTURES or len(content) > LARGEST_PICTURE:
        return None
    try:
        data = base64.b64decode(content, validate=True)
    except ValueError:
        return None
    return f"data:{kind};base64,{content}" if data.startswith(PICTURES[kind]) else None


def _addresses(attachments: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, kinds in list(attachments.items())[:10]:
        for kind, content in kinds.items():
            address = picture(kind, content)
            if address is not None:
                found[name] = address
    return found


def _with_lower_headings(html: str) -> str:
    """Let no heading of a learner's stand above the page's own."""
    return re.sub(r"(</?h)([12])\b", lambda match: match[1] + str(int(match[2]) + 2), html)


def paragraphs(text: str) -> Markup:
    """Return a message as HTML: lines stay lines, what is indented is code, and so is what stands in backticks."""
    return Markup("<br>").join(_line(_INVISIBLE.sub("", line)) for line in text.splitlines())


def _line(line: str) -> Markup:
    if line.startswith("  "):
        return Markup('<code class="line">{}</code>').format(line)
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(line))))
