"""Open a page's notebook on Binder, a JupyterHub or Colab.

They open notebooks, not Markdown, and only from a repository. So they are sent to the branch `notebooks`, whose whole
content is the site's folder of that name; the workflow publishes both together. The theme's own launch buttons would
lead to notebooks beside the Markdown sources, where there are none.
"""

import shutil
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from docutils import nodes
from sphinx.application import Sphinx

from pooling_book import addresses
from pooling_book.notebooks import FOLDER, path_of

BRANCH = "notebooks"
#: PyTorch for processors alone: what comes with CUDA is too large for Binder.
ENVIRONMENT = """\
name: pooling
channels: [conda-forge]
dependencies:
  - python=3.11
  - matplotlib
  - numpy>=2
  - pytorch-cpu
  - keras>=3
  - onnx
  - pip
  - pip:
      - {requirement}
"""


def links(services: dict[str, Any], repository: str, path: str) -> dict[str, str]:
    """Return where each service that has an address opens a notebook of the branch.

    Colab takes the notebook alone, so it cannot run an exercise, which needs its folder of checks.
    """
    _, host, name, *_ = urlsplit(repository)
    hub, binder, colab = (
        (services.get(key) or "").rstrip("/") for key in ("jupyterhub_url", "binderhub_url", "colab_url")
    )
    found = {}
    if binder:
        source = f"gh{name}" if host == "github.com" else f"git/{quote(repository, safe='')}"
        found["Binder"] = f"{binder}/v2/{source}/{BRANCH}?{urlencode({'urlpath': f'lab/tree/{path}'})}"
    if hub:
        query = {"repo": repository, "branch": BRANCH, "urlpath": f"lab/tree/{name.rpartition('/')[2]}/{path}"}
        found["JupyterHub"] = f"{hub}/hub/user-redirect/git-pull?{urlencode(query)}"
    if colab and host == "github.com" and not path.startswith("exercises/"):
        found["Colab"] = f"{colab}/github{name}/blob/{BRANCH}/{path}"
    return found


def add_buttons(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document
) -> None:
    """Put a menu of these links first among the page's buttons."""
    path = path_of(app, pagename)
    repository = app.config.html_theme_options["repository_url"]
    found = links(app.config.pooling_launch_services, repository, path) if path and repository else {}
    if found:
        buttons = [
            {
                "type": "link",
                "text": service,
                "tooltip": f"Launch on {service}",
                "icon": f"_static/images/logo_{service.lower()}.{'png' if service == 'Colab' else 'svg'}",
                "url": url,
            }
            for service, url in found.items()
        ]
        menu = {
            "type": "group",
            "tooltip": "Launch as a notebook",
            "icon": "fas fa-rocket",
            "buttons": buttons,
            "label": "launch-buttons",
        }
        context["header_buttons"].insert(0, menu)


def write_environment(app: Sphinx, exception: Exception | None) -> None:
    """Say in the folder of notebooks what Binder installs, or nothing where it can install nothing."""
    folder = Path(app.outdir) / FOLDER / "binder"
    package = addresses.of_package(app.config)
    if package:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "environment.yml").write_text(ENVIRONMENT.format(requirement=package), encoding="utf-8")
    else:
        shutil.rmtree(folder, ignore_errors=True)


def setup(app: Sphinx) -> dict[str, bool]:
    """Take the theme's launch buttons over; it makes its menus at priority 501."""
    services = app.config.html_theme_options.pop("launch_buttons", {})
    app.add_config_value("pooling_launch_services", services, "html")
    app.connect("build-finished", write_environment)
    app.connect("html-page-context", add_buttons, priority=503)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
