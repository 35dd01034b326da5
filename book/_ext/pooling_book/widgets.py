"""Put a widget into a chapter.

    ```{pooling-explorer}
    :operation: average
    :kernel: 3
    1 3 2 1
    4 2 1 0
    5 6 1 2
    ```

Which widgets there are, what their options mean and what their content sets is told by book/_web/widgets/. Every one
also takes a `title`, and a `name`, which stands for it in the page's address. In the page stands its figure, and
book/_web/interactive.js brings that to life.
"""

import json
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

from pooling_book import node, scripts

_RENDER = Path(__file__).resolve().parents[2] / "_web" / "render.js"


class Widget(SphinxDirective):
    """One widget; `setup` makes a directive of each."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the widget's element, its figure inside."""
        for source in scripts.sources(Path(self.env.srcdir)):
            self.env.note_dependency(str(source))
        scripts.need_scripts(self.env)

        node = nodes.raw("", "", format="html")
        if "name" in self.options:
            self.add_name(node)  # so that links find it, and no other has the same
        else:
            node["ids"] = [f"{self.name}-{self.env.new_serialno(self.name) + 1}"]
        figure = _render(
            "figure",
            data={
                "tag": self.name,
                "title": self.options.pop("title", None),
                "id": node["ids"][0],
                "options": self.options,
                "content": "\n".join(self.content),
            },
        )
        if "error" in figure:
            raise self.error(f"{self.name}: {figure['error']}")
        node += nodes.Text(figure["html"])
        return [node]


def _render(*arguments: str, data: Any = None) -> Any:
    done = node.run(_RENDER, *arguments, given=json.dumps(data))
    if done.returncode:
        raise ExtensionError(f"{_RENDER.name} failed:\n{done.stderr}")
    return json.loads(done.stdout)


def setup(app: Sphinx) -> dict[str, bool]:
    """Add a directive for every widget."""
    for tag, names in _render().items():
        options = dict.fromkeys(["title", "name", *names], directives.unchanged_required)
        app.add_directive(tag, type(tag, (Widget,), {"option_spec": options}))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
