"""Show readers how far they are with all exercises.

    ```{progress}
    ```

What they did is in their browser, so book/_web/labs/progress.js fills the place in. It finds there, as JSON, for each
exercise: name, title, address of its page and of its notebook, number of visible checks, their points and those of all
that is graded, and what it needs if it cannot be solved in a page.
"""

from __future__ import annotations

import html
import json
from pathlib import Path
from typing import Any

import nbformat
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from pooling_book import assignments, notebooks, scripts

ELEMENT = """\
<div class="progress-table" data-exercises="{}">
<p>Your browser shows it once it runs JavaScript.</p>
</div>"""


class Progress(SphinxDirective):
    """The place where the table will stand."""

    def run(self) -> list[nodes.Node]:
        """Return the place, with what the script needs to know."""
        scripts.need_scripts(self.env)
        root = Path(self.env.srcdir)
        exercises = []
        for release in assignments.releases(root):
            path = release / f"{release.name}.ipynb"
            self.env.note_dependency(str(path))
            exercises.append(self._described(release.name, nbformat.read(path, as_version=4)))
        data = html.escape(json.dumps(exercises, ensure_ascii=False))
        return [nodes.raw("", ELEMENT.format(data), format="html")]

    def _described(self, name: str, notebook: dict[str, Any]) -> dict[str, Any]:
        checks = [cell for cell in assignments.cells(notebook) if cell["role"] == "check"]
        root = "../" * self.env.docname.count("/")
        return {
            "name": name,
            "title": notebook["metadata"]["course"]["title"],
            "page": f"{name}.html",
            "notebook": f"{root}{notebooks.FOLDER}/exercises/{name}/{name}.ipynb",
            "checks": len(checks),
            "visible": sum(check["points"] for check in checks),
            "total": notebook["metadata"]["course"]["points"],
            "needs": assignments.needs_elsewhere(notebook["metadata"]["course"]),
        }


def setup(app: Sphinx) -> dict[str, bool]:
    """Add the directive."""
    app.add_directive("progress", Progress)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
