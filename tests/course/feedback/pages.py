"""Reads a page as a browser does, and says what in it could run, load or lead somewhere."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser

_RUNS = {"script", "iframe", "frame", "object", "embed", "applet", "form", "input", "button", "base", "link", "svg"}
_RUNS |= {"math", "video", "audio", "source", "portal", "template", "noscript", "canvas", "foreignobject", "animate"}
_LOADS = {"src", "srcset", "href", "action", "formaction", "poster", "background", "data", "cite", "ping", "xlink:href"}
_POLICY = (
    r"default-src 'none'; style-src '(?P<digest>sha256-[^']+)'; img-src data:; base-uri 'none'; form-action 'none'"
)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.problems: list[str] = []
        self.text: list[str] = []
        self.styles: list[str] = []
        self.policies: list[str] = []
        self._within: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self._within.append(tag)
        if tag in _RUNS:
            self.problems.append(f"<{tag}>")
        about = {name: value or "" for name, value in attributes}
        for name, value in about.items():
            if name.startswith("on") or name in ("style", "srcdoc", "autofocus", "is"):
                self.problems.append(f"{tag} {name}={value[:60]!r}")
            if name in _LOADS and not self._is_harmless(tag, name, value):
                self.problems.append(f"{tag} {name}={value[:60]!r}")
        if tag == "meta" and "http-equiv" in about:
            if about["http-equiv"] == "Content-Security-Policy":
                self.policies.append(about["content"])
            elif about["http-equiv"] != "x-dns-prefetch-control":
                self.problems.append(f"meta {about}")

    @staticmethod
    def _is_harmless(tag: str, name: str, value: str) -> bool:
        if (tag, name) == ("a", "href"):
            return bool(re.match(r"#|https?://|mailto:", value))
        return (tag, name) == ("img", "src") and bool(re.match(r"data:image/(png|jpeg|gif);base64,", value))

    def handle_endtag(self, tag: str) -> None:
        while self._within and self._within.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        (self.styles if self._within and self._within[-1] == "style" else self.text).append(data)


def problems(page: str) -> list[str]:
    """List what could run, load or lead somewhere, and what is wrong with the policy that forbids it."""
    reader = _read(page)
    found = list(reader.problems)
    (policy,) = reader.policies
    matched = re.fullmatch(_POLICY, policy)
    if matched is None:
        return [*found, policy]
    digest = base64.b64encode(hashlib.sha256("".join(reader.styles).encode()).digest()).decode()
    if matched["digest"] != f"sha256-{digest}":
        found.append("the policy is about another style")
    if page.index("Content-Security-Policy") > page.index("<style"):
        found.append("the policy comes too late")
    return found


def text(page: str) -> str:
    """Return what a reader sees."""
    return " ".join("".join(_read(page).text).split())


def _read(page: str) -> _Reader:
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader
