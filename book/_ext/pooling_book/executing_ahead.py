"""Execute the cells of several pages at once, before Sphinx reads the pages one by one.

    pages to read  →  those whose outputs are not in the cache  →  a kernel for each core  →  the cache  →  MyST-NB

MyST-NB finds the outputs in its cache then. A page that fails here is executed again while it is read, where the error
is reported as always. Pages with a cell that measures how fast something is, tagged `alone`, come last, one by one:
nothing runs beside them.

What a cell prints arrives in pieces, cut where the kernel's clock says so, also within a line. They are put together as
they are before they are kept. MyST-NB's own merging (`nb_merge_streams`) would begin a new line at every cut.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Any

from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from jupyter_cache.executors.utils import single_nb_execution
from myst_nb.core.read import create_nb_reader
from nbformat import NotebookNode
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.display import status_iterator

#: The tag of a cell beside which nothing else may run.
ALONE = "alone"

#: A page that is to be executed: its path, its notebook, and what it says about its format.
Page = tuple[Path, NotebookNode, Any]


def execute(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Fill the cache for the pages that are about to be read."""
    settings: Any = env.mystnb_config  # type: ignore[attr-defined]
    if settings.execution_mode != "cache":
        return
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    pages = list(missing(env, docnames))
    _execute(app, settings, [page for page in pages if not is_alone(page)], cores, cores)
    _execute(app, settings, [page for page in pages if is_alone(page)], 1, cores)


def _execute(app: Sphinx, settings: Any, pages: list[Page], at_once: int, cores: int) -> None:
    if not pages:
        return
    at_once = min(at_once, len(pages))
    cache = get_cache(settings.execution_cache_path)
    arguments = (settings.execution_timeout, str(cores // at_once))
    with ProcessPoolExecutor(at_once) as pool:
        try:
            running = {pool.submit(_outputs, nb, str(path.parent), *arguments): path for path, nb, _ in pages}
            formats = {path: read_format for path, _, read_format in pages}
            title = f"executing cells, {at_once} {'page' if at_once == 1 else 'pages'} at once... "
            done = status_iterator(
                as_completed(running), title, "brown", len(running), app.verbosity, _name_in(running)
            )
            for future in done:
                notebook, seconds = future.result()
                if notebook:
                    path = running[future]
                    record = cache.add_nb_to_project(str(path), read_data=formats[path])
                    bundle = CacheBundleIn(notebook, record.uri, data={"execution_seconds": seconds})
                    cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _name_in(running: dict[Any, Path]) -> Callable[[Any], str]:
    return lambda future: running[future].stem


def is_alone(page: Page) -> bool:
    """Say whether the page has a cell beside which nothing else may run."""
    _, notebook, _ = page
    return any(ALONE in cell.metadata.get("tags", []) for cell in notebook.cells)


def missing(env: BuildEnvironment, docnames: list[str]) -> Iterator[Page]:
    """Yield the pages whose outputs are not in the cache.

    The last chapters go first: they train networks, and what takes longest had better not begin last.
    """
    settings: Any = env.mystnb_config  # type: ignore[attr-defined]
    cache = get_cache(settings.execution_cache_path)
    for docname in sorted(docnames, reverse=True):
        path = Path(env.doc2path(docname))
        if any(path.match(pattern) for pattern in settings.execution_excludepatterns):
            continue
        text = path.read_text(encoding="utf-8")
        reader = create_nb_reader(str(path), env.myst_config, settings, text)  # type: ignore[attr-defined]
        if not reader:
            continue
        notebook = reader.read(text)
        if not any(cell.cell_type == "code" for cell in notebook.cells):
            continue
        try:
            cache.match_cache_notebook(notebook)
        except KeyError:
            yield path, notebook, reader.read_fmt


def _outputs(notebook: NotebookNode, folder: str, timeout: float, threads: str) -> tuple[NotebookNode | None, float]:
    """Return the notebook with its outputs and how long that took, or nothing if a cell fails."""
    for library in ("OMP", "OPENBLAS", "MKL"):  # kernels at work side by side share the cores
        os.environ.setdefault(f"{library}_NUM_THREADS", threads)
    result = single_nb_execution(notebook, folder, timeout, allow_errors=False, coalesce_streams=True)
    return (None if result.err else notebook), result.time


def setup(app: Sphinx) -> dict[str, bool]:
    """Execute once it is known which pages will be read; MyST-NB has made its settings by then."""
    app.connect("env-before-read-docs", execute, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
