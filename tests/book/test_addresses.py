"""Do links to the outside follow from two addresses, and does each lead to something that is there?"""

import re
import xml.etree.ElementTree
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import nbformat
import pytest
import yaml
from PIL import Image
from sphinx.errors import ConfigError, SphinxError
from sphinx_book_theme.header_buttons import update_context_with_repository_info

from pooling_book import addresses, launching
from tests.book import building, pages
from tests.book.test_site import pages_of

SITE, REPOSITORY, HUB = building.ADDRESSES.values()
ELSEWHERE = "https://git.example.org/someone/pooling"
SERVICES = {"binderhub_url": "https://binder.example.org/", "colab_url": "https://colab.example.org"}
NOTEBOOK = "book/A.ipynb"


def config(site: str = "", repository: str = "") -> SimpleNamespace:
    return SimpleNamespace(html_baseurl=site, html_theme_options={"repository_url": repository})


def test_a_workflow_may_say_where_it_deploys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Does the environment go before the file, and an empty variable not?"""
    assert addresses.of_site(config(site=SITE)) == f"{SITE}/"
    assert addresses.of_repository(config(repository=f"{REPOSITORY}.git")) == REPOSITORY
    monkeypatch.setenv("BOOK_ADDRESS", "https://elsewhere.example.org/")
    monkeypatch.setenv("BOOK_REPOSITORY", "")
    assert addresses.of_site(config(site=SITE)) == "https://elsewhere.example.org/"
    assert addresses.of_repository(config(repository=REPOSITORY)) == REPOSITORY


@pytest.mark.parametrize("address", ["example.org/pooling", "/pooling/", "ftp://example.org", "https:///pooling"])
def test_a_site_needs_a_whole_address(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    """Does a mistake fail the build, with words that say where it stands and what is accepted?"""
    with pytest.raises(ConfigError, match=rf"^_config.yml, `html: baseurl`: '{address}' is not .*https://"):
        addresses.of_site(config(site=address))
    monkeypatch.setenv("BOOK_ADDRESS", address)
    with pytest.raises(ConfigError, match=rf"variable BOOK_ADDRESS, .*`html: baseurl`: '{address}' is not .*https://"):
        addresses.of_site(config(site=SITE))


@pytest.mark.parametrize(
    "address",
    ["git@github.com:someone/pooling.git", "someone/pooling", "https://github.com/someone", "https://someone/pooling/"],
)
def test_a_repository_needs_an_owner_and_a_name(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    """Does an address from which no link can follow fail the build in words, not in the theme?"""
    with pytest.raises(ConfigError, match=rf"^_config.yml, `repository: url`: '{address}' is not .*owner and a name"):
        addresses.of_repository(config(repository=address))
    monkeypatch.setenv("BOOK_REPOSITORY", address)
    with pytest.raises(ConfigError, match=rf"variable BOOK_REPOSITORY, .*`repository: url`: '{address}' is not"):
        addresses.of_repository(config(repository=REPOSITORY))


@pytest.mark.parametrize("address", [REPOSITORY, f"{REPOSITORY}/", "https://gitlab.com/group/part/pooling", ELSEWHERE])
def test_any_host_may_have_the_repository(address: str) -> None:
    """Is a repository accepted in a group of groups, and on a host of one's own?"""
    assert addresses.of_repository(config(repository=address)) == address.rstrip("/")


def test_a_self_hosted_repository_needs_its_kind() -> None:
    """Does the theme refuse such a host until `repository_provider` says what its addresses look like?"""
    app = SimpleNamespace(builder=None, config=config(repository=ELSEWHERE))
    app.config.html_context = {}
    with pytest.raises(SphinxError, match="repository_provider"):
        update_context_with_repository_info(app)
    app.config.html_theme_options["repository_provider"] = "gitlab"
    update_context_with_repository_info(app)
    assert app.config.html_context["gitlab_url"] == "https://git.example.org"


def test_addresses_emptied_again_leave_nothing(tmp_path: Path) -> None:
    """Does a build without addresses remove what one with addresses wrote, and nothing else?"""
    kept, *gone = (
        tmp_path / name
        for name in ("_static/site.css", "_static/social.png", "sitemap.xml", "notebooks/binder/environment.yml")
    )
    for path in (kept, *gone):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    app = SimpleNamespace(outdir=tmp_path, config=config())
    addresses.remove_description(app, None)
    launching.write_environment(app, None)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [kept]
    assert not (tmp_path / "notebooks" / "binder").exists()


def test_services_without_an_address_have_no_link() -> None:
    """Are there as many links as services, and does only GitHub's repository open on Colab?"""
    assert launching.links({"jupyterhub_url": ""}, REPOSITORY, NOTEBOOK) == {}
    assert set(launching.links(SERVICES, REPOSITORY, NOTEBOOK)) == {"Binder", "Colab"}
    assert set(launching.links(SERVICES, REPOSITORY, "exercises/A/A.ipynb")) == {"Binder"}
    elsewhere = launching.links(SERVICES, ELSEWHERE, NOTEBOOK)
    assert set(elsewhere) == {"Binder"}
    assert "/v2/git/https%3A%2F%2Fgit.example.org%2Fsomeone%2Fpooling/notebooks?" in elsewhere["Binder"]


@pytest.mark.slow
@pytest.mark.xdist_group("book")
class TestWithoutAddresses:
    """The book as it comes."""

    def test_nothing_points_anywhere(self, site: Path) -> None:
        """Are there no buttons for a repository or a service, no canonical link, no preview and no sitemap?"""
        assert not (site / "sitemap.xml").exists()
        assert not (site / "notebooks" / "binder").exists()
        assert not [
            (page.path, sign)
            for page in pages_of(site)
            for sign in ("source-buttons", "launch-buttons", 'rel="canonical"', 'property="og:')
            if sign in page.source
        ]

    def test_pages_describe_themselves(self, site: Path) -> None:
        """Has every page of the book a language, a description of its own and icons that are there?"""
        described: dict[str, Path] = {}
        for path in sorted((site / "book").rglob("*.html")):
            page = pages.page(path)
            assert '<html lang="en"' in page.source
            (description,) = re.findall(
                r'<meta (?:content="([^"]*)" )?name="description"(?: content="([^"]*)")?', page.source
            )
            text = "".join(description)
            assert 40 <= len(text) <= 220, (path, text)
            assert text not in described, (path, described[text])
            described[text] = path
            icons = [ref.url for ref in page.references if "icon" in ref.url]
            assert [Path(icon).name for icon in icons] == ["favicon.png", "icon.png", "favicon.svg"]


@pytest.mark.slow
@pytest.mark.xdist_group("book")
class TestWithAddresses:
    """The book with all addresses filled in."""

    @pytest.fixture
    def site(self, addressed_project: Path) -> Path:
        return addressed_project / "_build" / "html"

    def links(self, site: Path, start: str) -> dict[Path, list[str]]:
        """Return for each page its links that begin in this way."""
        return {page.path: [ref.url for ref in page.references if ref.url.startswith(start)] for page in pages_of(site)}

    def test_a_page_can_be_edited_and_talked_about(self, site: Path) -> None:
        """Does each page of the book lead to its source in the repository, and to a new issue?"""
        edits = self.links(site, f"{REPOSITORY}/edit/main/")
        issues = self.links(site, f"{REPOSITORY}/issues/new")
        for path in (site / "book").rglob("*.html"):
            (edit,) = edits[path]
            assert (building.ROOT / edit.removeprefix(f"{REPOSITORY}/edit/main/")).is_file()
            assert len(issues[path]) == 1

    def test_launch_buttons_open_notebooks_that_are_there(self, site: Path) -> None:
        """Is what a service is asked to open in the folder that is published as the branch it is asked to open?"""
        opened: dict[str, set[str]] = {}
        for service, start in {
            "Binder": "https://mybinder.org/v2/gh/someone/pooling/notebooks?",
            "JupyterHub": f"{HUB}/hub/user-redirect/git-pull?",
        }.items():
            urls = [url for found in self.links(site, start).values() for url in found]
            queries = [parse_qs(urlsplit(url).query) for url in urls]
            opened[service] = {query["urlpath"][0] for query in queries}
            assert service == "Binder" or all(query["branch"] == ["notebooks"] for query in queries)
        colab = "https://colab.research.google.com/github/someone/pooling/blob/notebooks/"
        opened["Colab"] = {url.removeprefix(colab) for found in self.links(site, colab).values() for url in found}

        notebooks = {path.relative_to(site / "notebooks").as_posix() for path in site.rglob("*.ipynb")}
        assert opened["Binder"] == {f"lab/tree/{path}" for path in notebooks}
        assert opened["JupyterHub"] == {f"lab/tree/pooling/{path}" for path in notebooks}
        assert opened["Colab"] == {path for path in notebooks if path.startswith("book/")}

    def test_what_is_launched_installs_the_course(self, site: Path) -> None:
        """Do Binder's environment and a chapter's first cell install the package from the repository?"""
        environment = yaml.safe_load((site / "notebooks/binder/environment.yml").read_text(encoding="utf-8"))
        (pip,) = [entry["pip"] for entry in environment["dependencies"] if isinstance(entry, dict)]
        assert pip == [f"{addresses.PACKAGE} @ git+{REPOSITORY}@main"]
        assert f'name = "{addresses.PACKAGE}"' in (building.ROOT / "pyproject.toml").read_text(encoding="utf-8")
        for path in (site / "notebooks/book").glob("*.ipynb"):
            assert f"{addresses.PACKAGE}[figures] @ git+{REPOSITORY}@main" in path.read_text(encoding="utf-8")

    def test_the_site_says_where_it_lives(self, site: Path) -> None:
        """Do canonical link, preview and sitemap agree, and is the picture there in the size that is said?"""
        sitemap = xml.etree.ElementTree.parse(site / "sitemap.xml").getroot()
        listed = {element.text for element in sitemap.iter() if element.tag.endswith("loc")}
        for path in (site / "book").rglob("*.html"):
            address = f"{SITE}/{path.relative_to(site).as_posix()}"
            source = pages.page(path).source
            assert address in listed
            assert f'<link rel="canonical" href="{address}"' in source
            assert f'property="og:url" content="{address}"' in source
            assert source.count('name="description"') == 1
            assert source.count('property="og:description"') == 1
            assert f'property="og:image" content="{SITE}/_static/social.png"' in source
        with Image.open(site / "_static" / "social.png") as preview:
            assert preview.size == addresses.PREVIEW_SIZE

    def test_notebooks_lead_back_to_the_site(self, site: Path) -> None:
        """Is every link of a notebook whole, and is what it names on the site there?"""
        links = [
            (path, url)
            for path in (site / "notebooks/book").glob("*.ipynb")
            for cell in nbformat.read(path, as_version=4).cells
            if cell.cell_type == "markdown"  # in code, [0](x) is a call
            for url in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"```.*?```|`[^`]*`", "", cell.source, flags=re.DOTALL))
        ]
        assert links
        for path, url in links:
            assert urlsplit(url).scheme == "https", (path, url)
            if url.startswith(SITE):
                assert not pages.problem(site / "index.html", url.removeprefix(f"{SITE}/")), (path, url)
