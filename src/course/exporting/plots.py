"""The plots of the report, as pictures for a page: SVG in an address, without any style that a page could forbid."""

from __future__ import annotations

import base64
import io
import re
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl

mpl.use("Agg")  # before the palette asks for pyplot: there may be no screen

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter

from course.exporting.trends import Day, Trends
from course.exporting.work import BLANK, PARTLY, RIGHT, WAITING, WRONG
from pooling.figures.palette import COLOURS, INK, MUTED, PAPER, WIDTH, as_text, style, tinted

#: How a task can stand, with its colour: the more is left to do, the further from blue.
STATES: dict[str, Any] = {
    RIGHT: COLOURS[0],
    PARTLY: tinted(COLOURS[0]),
    WRONG: COLOURS[1],
    BLANK: tinted(MUTED),
    WAITING: PAPER,
}
#: Longer titles are cut, in characters: so many stand in a line.
LONGEST = 48
_STYLE = re.compile(r' style="([^"]*)"')


@dataclass(frozen=True)
class Picture:
    """A plot, as a page holds it."""

    address: str
    #: In pixels.
    width: int
    height: int
    #: What it shows, in words.
    alt: str


def spread(bars: Sequence[tuple[float, float, int]], median: float, alt: str) -> Picture:
    """Draw how many scores are in each range, and where the median is."""

    def draw(axes: Axes) -> None:
        starts, ends, numbers = zip(*bars, strict=True)
        widths = [end - start for start, end in zip(starts, ends, strict=True)]
        axes.bar(starts, numbers, widths, align="edge", edgecolor=PAPER)
        axes.axvline(median, color=COLOURS[1], linewidth=2)
        axes.text(median, 1.02, "median", color=COLOURS[1], ha="center", transform=axes.get_xaxis_transform())
        axes.set(xlabel="points", ylabel="students", xlim=(0, ends[-1]))
        axes.yaxis.set_major_locator(MaxNLocator(integer=True))

    return _picture(draw, 2.6, alt)


def shares(rows: Sequence[tuple[str, dict[str, int]]], alt: str) -> Picture:
    """Draw for each task how many students stand with it how."""

    def draw(axes: Axes) -> None:
        for state, colour in STATES.items():
            starts = [_before(numbers, state) for _, numbers in rows]
            widths = [numbers.get(state, 0) for _, numbers in rows]
            if not any(widths):
                continue
            edge = MUTED if state == WAITING else PAPER
            axes.barh(range(len(rows)), widths, 0.4, starts, color=colour, edgecolor=edge, linewidth=0.8, label=state)
            whole = sum(rows[0][1].values())
            for row, (start, width) in enumerate(zip(starts, widths, strict=True)):
                if width > 0.05 * whole:
                    light = PAPER if state in (RIGHT, WRONG) else INK
                    axes.text(start + width / 2, row, f"{width}", color=light, ha="center", va="center", fontsize=11)
        _titles(axes, [title for title, _ in rows])
        axes.legend(
            loc="lower left", bbox_to_anchor=(-0.02, 1.0), ncols=3, frameon=False, fontsize=11, handlelength=1.2
        )

    return _picture(draw, 0.56 * len(rows) + 0.65, alt)


def _before(numbers: dict[str, int], state: str) -> int:
    states = list(STATES)
    return sum(numbers.get(each, 0) for each in states[: states.index(state)])


def bars(rows: Sequence[tuple[str, float, str]], alt: str) -> Picture:
    """Draw a bar for each value, its name above it and its words behind it."""

    def draw(axes: Axes) -> None:
        longest = max(value for _, value, _ in rows) or 1
        axes.barh(range(len(rows)), [value for _, value, _ in rows], 0.4)
        for row, (_, value, words) in enumerate(rows):
            axes.text(value, row, f" {words}", va="center", fontsize=11, parse_math=False)
        _titles(axes, [name for name, _, _ in rows])
        axes.set_xlim(0, 1.65 * longest)

    return _picture(draw, 0.56 * len(rows) + 0.1, alt)


def remaining(rows: Sequence[tuple[str, int, int]], alt: str) -> Picture:
    """Draw for each mistake in how many first attempts it was, and in how many last ones it still is."""

    def draw(axes: Axes) -> None:
        places = range(len(rows))
        first, still = [first for _, first, _ in rows], [still for _, _, still in rows]
        axes.barh(places, first, 0.4, color=tinted(COLOURS[0]), label="in the first attempt")
        axes.barh(places, still, 0.4, color=COLOURS[1], label="and still in the last")
        for row in places:
            axes.text(first[row], row, f" {still[row]} of {first[row]} left", va="center", fontsize=11)
        _titles(axes, [name for name, _, _ in rows])
        axes.set_xlim(0, 1.4 * max(first))
        axes.legend(
            loc="lower left", bbox_to_anchor=(-0.02, 1.0), ncols=2, frameon=False, fontsize=11, handlelength=1.2
        )

    return _picture(draw, 0.56 * len(rows) + 0.5, alt)


def attempts(about: Trends, alt: str) -> Picture:
    """Draw the scores of every student who tried again, attempt by attempt, and the median of all of them."""

    def draw(axes: Axes) -> None:
        most = len(about.steps)
        for line in about.lines:
            shown = line[:most]
            axes.plot(range(1, len(shown) + 1), shown, color=MUTED, alpha=0.45, linewidth=0.8, marker=".", markersize=3)
        numbers = [step.attempt for step in about.steps]
        axes.plot(numbers, [step.median for step in about.steps], linewidth=3, marker="o", label="median")
        axes.plot([], [], color=MUTED, linewidth=0.8, marker=".", label="a student")
        axes.set(xlabel="attempt", ylabel="part of the points", xticks=numbers, ylim=(0, 1.04))
        axes.yaxis.set_major_formatter(PercentFormatter(1))
        axes.legend(loc="lower right", frameon=False, fontsize=11)

    return _picture(draw, 2.8, alt)


def days(found: Sequence[Day], alt: str) -> Picture:
    """Draw how much was handed in on each day on which something was."""

    def draw(axes: Axes) -> None:
        places = range(len(found))
        first = [day.first for day in found]
        axes.bar(places, first, label="first attempts")
        if any(day.again for day in found):
            axes.bar(places, [day.again for day in found], bottom=first, color=COLOURS[1], label="later ones")
            axes.legend(frameon=False, fontsize=11, loc="lower left", bbox_to_anchor=(-0.02, 1.0), ncols=2)
        shown = places[:: len(found) // 6 + 1]
        axes.set_xticks(shown, [f"{found[place].day:%d %b}".lstrip("0") for place in shown])
        axes.set_ylabel("handed in")
        axes.set_xlim(-1, max(len(found), 7))
        axes.yaxis.set_major_locator(MaxNLocator(integer=True))

    return _picture(draw, 2.2, alt)


def points(value: float) -> str:
    """Write how many points."""
    return f"{as_text(value)} point{'' if value == 1 else 's'}"


def shortened(text: str) -> str:
    """Cut a text so that it fits into a line of a plot."""
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"


def _titles(axes: Axes, titles: Sequence[str]) -> None:
    """Write a title above each bar: beside them they would leave no room on a phone."""
    for row, title in enumerate(titles):
        plain = shortened(title.replace("`", ""))
        axes.annotate(
            plain, (0, row - 0.24), xycoords=axes.get_yaxis_transform(), fontsize=12, va="bottom", parse_math=False
        )
    axes.set(yticks=[], xticks=[], ylim=(len(titles) - 0.7, -0.75))
    axes.spines[["left", "bottom"]].set_visible(False)


def _picture(draw: Callable[[Axes], None], height: float, alt: str) -> Picture:
    with mpl.rc_context({"svg.hashsalt": "report"}), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about letters of titles that the font lacks
        style()
        figure = Figure(figsize=(WIDTH, height), layout="constrained")
        draw(figure.add_subplot())
        written = io.StringIO()
        figure.savefig(written, format="svg", metadata={"Date": None})
    address = base64.b64encode(_unstyled(written.getvalue()).encode()).decode()
    return Picture(f"data:image/svg+xml;base64,{address}", round(96 * WIDTH), round(96 * height), alt)


def _unstyled(svg: str) -> str:
    """Return an SVG with attributes instead of styles: some browsers hold a picture to the policy of its page."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<defs>\s*<style.*?</style>\s*</defs>", "", svg, count=1, flags=re.DOTALL)
    svg = svg.replace("<svg ", '<svg stroke-linejoin="round" stroke-linecap="butt" ', 1)

    def attributes(style: re.Match[str]) -> str:
        pairs = [pair.split(":", 1) for pair in style[1].split(";") if ":" in pair]
        return "".join(f' {name.strip()}="{value.strip()}"' for name, value in pairs)

    return _STYLE.sub(attributes, svg)
