"""Does the one style sheet keep what pages use, and only that?"""

import json
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from sphinx.errors import ExtensionError

from pooling_book import style_sheets
from tests.book import building

SCRIPT = building.ROOT / style_sheets.SCRIPT


def write(path: Path, text: str) -> Path:
    """Write a file, in a new folder if need be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_words_are_those_of_tags_and_of_loaded_scripts(tmp_path: Path) -> None:
    """Are classes found wherever they can come from, and is prose left out?"""
    write(tmp_path / "book" / "page.html", '<p class="from-tag">prose</p><script src="../a.js?v=1"></script>')
    write(tmp_path / "index.html", '<script>\nadd("from-inline")\n</script>')
    write(tmp_path / "a.js", 'add("from-script")')
    write(tmp_path / "b.js", 'add("not-loaded")')
    found = style_sheets.words(tmp_path)
    assert {"from-tag", "from-script", "from-inline"} <= found
    assert not {"prose", "not-loaded"} & found


#: Rules, and whether a page with the words of WORDS can use them.
WORDS = "html p used dark"
RULES = {
    ".used": True,
    ".unused": False,
    ".used .unused": False,
    "p:not(.unused)": True,
    'html[data-theme="dark"] .used': True,
    "@media print {.used": True,
    "@media print {.unused": False,
}


@pytest.fixture(scope="module")
def small_sheet(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return what is left of a sheet with all RULES, each of which sets `order` to its number."""
    rules = [f"{rule} {{order: {i}}} {'}' * rule.count('{')}" for i, rule in enumerate(RULES, start=1)]
    sheet = write(tmp_path_factory.mktemp("css") / "a.css", "\n".join(rules))
    return style_sheets.purged(SCRIPT, json.dumps({"sheets": [str(sheet)], "words": WORDS}))


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_is_kept_if_some_page_can_use_it(small_sheet: str, rule: str) -> None:
    """Does a rule stay when all it names occurs, and go when something does not?"""
    number = list(RULES).index(rule) + 1
    assert (f"order:{number}" in small_sheet) == RULES[rule]


def test_our_own_rules_come_before_those_of_packages(small_sheet: str) -> None:
    """Are the packages' rules in a layer, which any rule outside of one beats?"""
    assert small_sheet.startswith("@layer packages{")


def test_a_script_that_fails_says_why() -> None:
    """Is a missing sheet an error with its name in it?"""
    with pytest.raises(ExtensionError, match=r"nowhere\.css"):
        style_sheets.purged(SCRIPT, json.dumps({"sheets": ["nowhere.css"], "words": ""}))


def test_a_sheet_that_a_package_moved_is_missed(tmp_path: Path) -> None:
    """Does the build stop when a pattern no longer stands for one file?"""
    with pytest.raises(ExtensionError, match=r"basic\.css"):
        style_sheets.only_match(tmp_path, "basic.css")
    assert style_sheets.only_match(write(tmp_path / "basic.css", "").parent, "*.css").name == "basic.css"


@pytest.mark.slow
@pytest.mark.xdist_group("book")
def test_icons_in_use_are_in_their_font(site: Path) -> None:
    """Does the small icon font draw every icon that a rule names?"""
    static = site / "_static"
    css = (static / style_sheets.TARGET).read_text(encoding="utf-8")
    named = {int(code, 16) for code in style_sheets.ICON.findall(css)}
    drawn = {code for font in (static / "icons").glob("*.ttf") for code in TTFont(font).getBestCmap() or ()}
    assert named
    assert named <= drawn
