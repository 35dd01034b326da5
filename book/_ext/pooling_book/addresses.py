"""Where the site is served from and where its repository is: two addresses, from which all links to the outside follow.

They stand in `_config.yml`, `html.baseurl` and `repository.url`. The environment variables BOOK_ADDRESS and
BOOK_REPOSITORY go before them: a workflow knows both. Without the first, pages name no address and there is no sitemap;
without the second, they have no button that leads to a repository or starts a notebook elsewhere.
"""

import os

from sphinx.application import Sphinx
from sphinx.config import Config

#: What a link to the site shows elsewhere, below the root of the site, and its size.
PREVIEW, PREVIEW_SIZE = "book/images/social.png", (1200, 630)
PREVIEW_ALT = "A photograph's edges, and the same map max-pooled again and again, each half as wide as the last"
#: What the repository calls itself, and a cell that installs it.
PACKAGE = "pooling-layer-by-layer"
INSTALL = """\
# Installs the course's code where it is missing, such as on Colab.
import importlib.util

if importlib.util.find_spec("pooling") is None:
    %pip install --quiet "{requirement}"
"""
BUTTONS = ("use_repository_button", "use_edit_page_button", "use_issues_button")


def of_site(config: Config) -> str:
    """Return the site's address, with a slash at its end, or ""."""
    address = os.environ.get("BOOK_ADDRESS") or config.html_baseurl
    return f"{address.rstrip('/')}/" if address else ""


def of_repository(config: Config) -> str:
    """Return the repository's address, or ""."""
    address = os.environ.get("BOOK_REPOSITORY") or config.html_theme_options.get("repository_url") or ""
    return address.rstrip("/").removesuffix(".git")


def of_page(app: Sphinx, pagename: str) -> str:
    """Return where a page can be read, or ""."""
    return app.config.html_baseurl and app.config.html_baseurl + app.builder.get_target_uri(pagename)


def of_package(config: Config, extras: str = "") -> str:
    """Return the course's package as pip understands it, or "" where the repository's address is not known."""
    options = config.html_theme_options
    if not options["repository_url"]:
        return ""
    return f"{PACKAGE}{extras} @ git+{options['repository_url']}@{options.get('repository_branch') or 'main'}"


def installing_cell(config: Config) -> str:
    """Return the cell that a chapter's notebook begins with, or ""."""
    package = of_package(config, "[figures]")
    return package and INSTALL.format(requirement=package)


def describe_site(app: Sphinx) -> None:
    """Let pages say where they live, and what a link to them shows elsewhere."""
    config = app.config
    config.ogp_site_url = config.html_baseurl
    config.ogp_site_name = config.html_title
    config.ogp_image = f"_static/{PREVIEW.rpartition('/')[2]}"
    config.ogp_image_alt = PREVIEW_ALT
    width, height = PREVIEW_SIZE
    config.ogp_custom_meta_tags = (
        f'<meta property="og:image:width" content="{width}" />',
        f'<meta property="og:image:height" content="{height}" />',
        '<meta name="twitter:card" content="summary_large_image" />',
    )
    config.html_static_path = [*config.html_static_path, PREVIEW]
    config.sitemap_url_scheme = "{link}"
    config.sitemap_excludes = ["genindex.html", "py-modindex.html", "search.html"]
    app.setup_extension("sphinxext.opengraph")
    app.setup_extension("sphinx_sitemap")


def setup(app: Sphinx) -> dict[str, bool]:
    """Settle both addresses before any other extension reads them."""
    options = app.config.html_theme_options
    app.config.html_baseurl = of_site(app.config)
    options["repository_url"] = of_repository(app.config)
    options.update(dict.fromkeys(BUTTONS, bool(options["repository_url"])))
    if app.config.html_baseurl:
        describe_site(app)  # both extensions warn when there is no address
    return {"parallel_read_safe": True, "parallel_write_safe": True}
