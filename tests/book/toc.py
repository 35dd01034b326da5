"""The pages of the book, in reading order."""

import itertools

import yaml

from tests.book import building

TOC = yaml.safe_load((building.ROOT / "_toc.yml").read_text(encoding="utf-8"))


def files_in(toc: dict) -> list[str]:
    """Return every page that an entry of the table of contents names, itself included."""
    own = [toc[key] for key in ("root", "file") if key in toc]
    nested = itertools.chain(*(toc.get(key, []) for key in ("parts", "chapters", "sections")))
    return own + [file for entry in nested for file in files_in(entry)]


CHAPTERS = files_in(TOC)
