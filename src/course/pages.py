"""Pages that run nothing and load nothing, whatever strangers wrote into them.

Every text is escaped where it is put in. A content-security policy forbids a browser all the rest: scripts, forms,
frames, other hosts, and any style but the page's own.
"""

from __future__ import annotations

import base64
import functools
import hashlib
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup


def environment(package: str) -> Environment:
    """Return what fills in the templates of a package, and those that all pages share."""
    made = Environment(
        loader=ChoiceLoader([PackageLoader(package), PackageLoader("course")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["number"] = number
    return made


def render(templates: Environment, name: str, title: str, **content: Any) -> str:
    """Fill in the template `NAME.html`; it looks as `base.css` and its own `NAME.css` say."""
    style = _style(templates, name)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    page = templates.get_template(f"{name}.html")
    return page.render(title=title, style=Markup(style), policy=policy, **content)


@functools.cache
def _style(templates: Environment, name: str) -> str:
    """Return the style sheet as the page holds it: the policy has its digest."""
    loader = templates.loader
    assert loader is not None
    return "".join(loader.get_source(templates, sheet)[0] for sheet in ("base.css", f"{name}.css"))


def number(value: float | str) -> str:
    """Write points: 3, and not 3.0; at most two digits behind the point. What is no number stays as it is."""
    return value if isinstance(value, str) else f"{round(value, 2):g}"
