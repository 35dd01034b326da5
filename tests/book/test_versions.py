"""Does the address of a style sheet or a script change with its contents, on every page?"""

from pathlib import Path
from types import SimpleNamespace

from pooling_book import versions

PAGE = """<link href="{up}_static/a.css?v=old" rel="stylesheet">
<script src="{up}_static/scripts/b.js?digest=1"></script>
<link href="{up}_static/icon.svg" rel="icon"><p>_static/a.css</p>"""


def site(folder: Path) -> Path:
    """Write two pages that load the same files, and those."""
    for name, up in {"index.html": "", "book/page.html": "../"}.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(PAGE.format(up=up), encoding="utf-8")
    (folder / "_static" / "scripts").mkdir(parents=True)
    (folder / "_static" / "a.css").write_text("p {}", encoding="utf-8")
    (folder / "_static" / "scripts" / "b.js").write_text("1", encoding="utf-8")
    return folder


def written(folder: Path) -> list[str]:
    versions.finish(SimpleNamespace(outdir=folder), None)
    return [(folder / name).read_text(encoding="utf-8") for name in ("index.html", "book/page.html")]


def test_all_pages_name_the_same_version(tmp_path: Path) -> None:
    """Do pages agree, wherever they are, and is nothing else touched?"""
    first, second = written(site(tmp_path))
    assert second == first.replace('"_static', '"../_static')
    assert "old" not in first
    assert "digest" not in first
    assert '"_static/icon.svg"' in first
    assert "<p>_static/a.css</p>" in first


def test_a_change_changes_the_address(tmp_path: Path) -> None:
    """Does a page that Sphinx left as it is name a sheet's new version, and the script's old one?"""
    (before, _), script = written(site(tmp_path)), "b.js?v="
    (tmp_path / "_static" / "a.css").write_text("p {color: red}", encoding="utf-8")
    after, _ = written(tmp_path)
    assert before != after
    assert before.partition(script)[2] == after.partition(script)[2]


def test_nothing_is_written_without_a_change(tmp_path: Path) -> None:
    """Do pages keep their time where there is nothing to do?"""
    written(site(tmp_path))
    times = [page.stat().st_mtime_ns for page in tmp_path.rglob("*.html")]
    written(tmp_path)
    assert [page.stat().st_mtime_ns for page in tmp_path.rglob("*.html")] == times


def test_a_changed_file_of_ours_has_a_page_written(tmp_path: Path) -> None:
    """Is a style sheet that changed alone copied by the next build, and is nothing written when nothing changed?"""
    source, out = tmp_path / "sources", tmp_path / "out"
    for folder in (source / "own", out / "_static"):
        folder.mkdir(parents=True)
        (folder / "site.css").write_text("p {}", encoding="utf-8")
    config = SimpleNamespace(html_static_path=["own"], root_doc="book/intro")
    app = SimpleNamespace(srcdir=source, outdir=out, config=config)

    def outdated() -> list[str]:
        return versions.read_a_page_for_changed_files(app, None, set(), set(), set())

    assert outdated() == []
    (source / "own" / "site.css").write_text("q {}", encoding="utf-8")
    assert outdated() == ["book/intro"]
    (out / "_static" / "site.css").unlink()
    assert outdated() == ["book/intro"]
