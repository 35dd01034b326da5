"""Where the site is served from and where its repository is: two addresses, from which all links to the outside follow.

They stand in `_config.yml`, `html.baseurl` and `repository.url`. The environment variables BOOK_ADDRESS and
BOOK_REPOSITORY go before them: a workflow knows both. Without the first, pages name no address and there is no sitemap;
without the second, they have no button that leads to a repository or starts a notebook elsewhere.
"""

import os
import re
from pathlib import Path
from typing import NamedTuple

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError


class Address(NamedTuple):
    """Where an address is set, and what it may be."""

    setting: str
    variable: str
    form: str
    accepted: str

    def check(self, in_file: str | None) -> str:
        """Return the address that is set, or "".

        Raises
        ------
        ConfigError
            If links could not follow from it.
        """
        in_environment = os.environ.get(self.variable)
        address = in_environment or in_file or ""
        if address and not re.fullmatch(self.form, address):
            place = f"the environment variable {self.variable}, in place of" if in_environment else "_config.yml,"
            raise ConfigError(f"{place} `{self.setting}`: {address!r} is not {self.accepted}")
        return address


SITE = Address(
    "html: baseurl",
    "BOOK_ADDRESS",
    r"https?://[^\s/?#@]+(/[^\s?#]*)?",
    "a whole address that begins with https:// or http://, such as https://example.org/pooling/",
)
REPOSITORY = Address(
    "repository: url",
    "BOOK_REPOSITORY",
    r"https?://[^\s/?#@]+(/[^\s/?#]+){2,}/?",
    "a whole address that begins with https:// or http:// and ends with an owner and a name,"
    " such as https://github.com/someone/pooling",
)

#: What a link to the site shows elsewhere, below the root of the site, and its size.
PREVIEW, PREVIEW_SIZE = "book/images/social.png", (1200, 630)
PUBLISHED_PREVIEW = f"_static/{Path(PREVIEW).name}"
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
    address = SITE.check(config.html_baseurl)
    return f"{address.rstrip('/')}/" if address else ""


def of_repository(config: Config) -> str:
    """Return the repository's address, or ""."""
    return REPOSITORY.check(config.html_theme_options.get("repository_url")).rstrip("/").removesuffix(".git")


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
    config.ogp_image = PUBLISHED_PREVIEW
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


def remove_description(app: Sphinx, exception: Exception | None) -> None:
    """Remove what an earlier build wrote when it had the site's address."""
    for name in ("sitemap.xml", PUBLISHED_PREVIEW):
        (Path(app.outdir) / name).unlink(missing_ok=True)


def setup(app: Sphinx) -> dict[str, bool]:
    """Settle both addresses before any other extension reads them."""
    options = app.config.html_theme_options
    app.config.html_baseurl = of_site(app.config)
    options["repository_url"] = of_repository(app.config)
    options.update(dict.fromkeys(BUTTONS, bool(options["repository_url"])))
    if app.config.html_baseurl:
        describe_site(app)  # both extensions warn when there is no address
    else:
        app.connect("build-finished", remove_description)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
