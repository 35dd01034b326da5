"""`course release` and `course prove`."""

from __future__ import annotations

import concurrent.futures
import contextlib
import multiprocessing
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from course import release as releasing
from course.assignments import sources
from course.folders import Course
from course.proofs import Finding, Proof, prove


@click.command("release", epilog="Example: course release 01_python_layer")
@click.argument("assignments", nargs=-1)
@click.option("--jobs", type=click.IntRange(1), default=None, help="Processes to use; as many as there are cores.")
@click.pass_obj
def release(course: Course, assignments: tuple[str, ...], jobs: int | None) -> None:
    """Bring exercises/ up to date with solutions/.

    An assignment is released only if its proof holds: its answers get full marks, a blank notebook none, and known
    mistakes are caught by a check that names them. Nothing in exercises/ changes otherwise. Without a name, all
    assignments are released.
    """
    console = Console()
    with _workshop(course) as folder:
        proofs = _proofs(course, _chosen(course, assignments), jobs, console, folder)
        for proof in proofs:
            _complain(console, proof)
            if proof.holds:
                new = _made(proof, folder)
                changed = releasing.differences(new, course)
                if changed:
                    releasing.install(new, course)
                console.print(f"exercises/{proof.name}: {'released anew' if changed else 'is up to date'}")
    if not all(proof.holds for proof in proofs):
        raise click.ClickException("Not released, see above: what stands in exercises/ is what stood there before.")


@click.command("prove", epilog="Example: course prove 01_python_layer 02_numpy_layer")
@click.argument("assignments", nargs=-1)
@click.option("--jobs", type=click.IntRange(1), default=None, help="Processes to use; as many as there are cores.")
@click.option("--cases", is_flag=True, help="Name in the table the case that catches each mistake.")
@click.pass_obj
def prove_command(course: Course, assignments: tuple[str, ...], jobs: int | None, cases: bool) -> None:
    """Show that assignments are sound.

    For each of them: nbgrader, as it comes, gives the answers full marks and a blank notebook none; every test cell
    fails on its own when its task is blank; the examples in the text are true; every known mistake loses points on a
    visible check whose message names it, and on a hidden one; and exercises/ has what solutions/ gives now. The table
    at the end says which check catches what. Without a name, all assignments are proved.
    """
    console = Console()
    with _workshop(course) as folder:
        proofs = _proofs(course, _chosen(course, assignments), jobs, console, folder)
        for proof in proofs:
            _compare_with_release(course, proof, folder)
    console.print(_table(proofs, cases))
    for proof in proofs:
        _complain(console, proof)
    if not all(proof.holds for proof in proofs):
        raise click.ClickException(f"{sum(not proof.holds for proof in proofs)} of {len(proofs)} proofs do not hold.")
    mistakes = sum(len(proof.findings) for proof in proofs)
    sound = "1 assignment is" if len(proofs) == 1 else f"{len(proofs)} assignments are"
    console.print(f"{sound} sound: {mistakes} ways to get their functions wrong are caught and named.")


def _chosen(course: Course, assignments: tuple[str, ...]) -> list[str]:
    known = course.assignments
    if not known:
        raise click.ClickException(f"{course.solutions} has no assignment: a file NAME.md for each is expected there.")
    unknown = [name for name in assignments if name not in known]
    if unknown:
        raise click.ClickException(f"There is no assignment {unknown[0]!r}; there are: {', '.join(known)}.")
    return list(dict.fromkeys(assignments)) or known


@contextlib.contextmanager
def _workshop(course: Course) -> Iterator[Path]:
    """Make a folder for proofs on the same disk as `exercises/`, and remove it in the end."""
    course.built.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="proofs-", dir=course.built.parent) as folder:
        yield Path(folder)


def _proofs(course: Course, names: list[str], jobs: int | None, console: Console, folder: Path) -> list[Proof]:
    """Prove assignments side by side, showing how far it is; each leaves its release in a folder of its own."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    jobs = min(jobs or os.cpu_count() or 1, len(names))
    found: dict[str, Proof] = {}
    with (
        Progress(*columns, console=console, transient=True) as progress,
        concurrent.futures.ProcessPoolExecutor(jobs, multiprocessing.get_context("fork")) as pool,
    ):
        bar = progress.add_task("Proving", total=len(names))
        futures = {pool.submit(_prove, course, name, folder / name): name for name in names}
        try:
            for future in concurrent.futures.as_completed(futures):
                proof = found[futures[future]] = future.result()
                progress.advance(bar)
                progress.console.print(f"{'✓' if proof.holds else '✗'} {proof.name} ({proof.seconds:.0f} s)")
        except KeyboardInterrupt:
            pool.shutdown(wait=False, cancel_futures=True)
            raise click.ClickException("Stopped. Nothing was changed.") from None
    return [found[name] for name in names]


def _prove(course: Course, name: str, folder: Path) -> Proof:
    try:
        return prove(releasing.load(course, name), folder)
    except sources.SourceError as problem:
        return Proof(name, problems=[str(problem)])


def _made(proof: Proof, folder: Path) -> Path:
    """Return where a proof left the release that it made."""
    return Course(folder / proof.name).exercises / proof.name


def _compare_with_release(course: Course, proof: Proof, folder: Path) -> None:
    """Add to a proof that the release in `exercises/` is not what the source gives now."""
    new = _made(proof, folder)
    changed = releasing.differences(new, course) if new.is_dir() else []
    if changed:
        proof.problems.append(
            f"exercises/{proof.name} is not what solutions/{proof.name}.md gives now ({', '.join(changed[:3])}); run "
            f"`course release {proof.name}`, and look at what has changed"
        )


def _complain(console: Console, proof: Proof) -> None:
    for problem in proof.problems:
        console.print(f"[bold]{proof.name}[/]: ", end="")
        console.print(problem, markup=False, highlight=False)


def _table(proofs: list[Proof], cases: bool) -> Table:
    """Lay out which check catches which mistake; with `cases`, each function on a line of its own."""
    table = Table(title="What catches which mistake")
    table.add_column("assignment", no_wrap=True)
    table.add_column("mistake", no_wrap=True)
    table.add_column("named by a visible check of", overflow="fold")
    table.add_column("hidden", no_wrap=True)
    for proof in proofs:
        names = dict.fromkeys(finding.misconception for finding in proof.findings)
        for name in names:
            findings = [finding for finding in proof.findings if finding.misconception == name]
            caught = ("\n" if cases else ", ").join(_caught(finding, cases) for finding in findings)
            seen = {finding.hidden for finding in findings} - {None}
            first = proof.name if name == next(iter(names)) else ""
            table.add_row(first, name, caught, "–" if not seen else "✗" if False in seen else "✓")
        table.add_section()
    return table


def _caught(finding: Finding, cases: bool) -> str:
    if not finding.named_by:
        return f"{finding.subject} (not seen: {finding.excuse or 'see below'})"
    beside = f" (or {', '.join(finding.beside)})" if finding.beside else ""
    detail = f": {finding.named_by}" if cases else ""
    return f"{finding.subject}{detail}{beside}"
