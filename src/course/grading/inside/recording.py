"""Keeps what a cell shows, as a notebook would: text in order, results, pictures, errors; no more than is useful."""

import io
import re
from typing import Any

#: Of all text that a cell prints, so many characters are kept.
MOST_TEXT = 50_000
#: A cell shows at most so many results and pictures, with so many characters in all.
MOST_DISPLAYS, MOST_DISPLAYED = 20, 8_000_000
#: The kinds of results that are kept: nothing that a browser would run.
KEPT = ("text/plain", "image/png")

_COLOURS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


class Recorder:
    """The outputs of one cell, in nbformat's form."""

    def __init__(self) -> None:
        self.outputs: list[dict[str, Any]] = []
        self._room, self._displays, self._displayed = MOST_TEXT, 0, 0

    def write(self, name: str, text: str) -> None:
        """Add to a stream; when there is no more room, say so once."""
        if not text or self._room < 0:
            return
        kept = text[: self._room]
        self._room -= len(text)
        if self._room < 0:
            kept += f"\n… the rest is left out: it is more than {MOST_TEXT:,} characters\n"
        last = self.outputs[-1] if self.outputs else {}
        if last.get("output_type") == "stream" and last["name"] == name:
            last["text"] += kept
        else:
            self.outputs.append({"output_type": "stream", "name": name, "text": kept})

    def display(self, data: dict[str, Any]) -> None:
        """Add a result or a picture."""
        kept = {kind: data[kind] for kind in KEPT if isinstance(data.get(kind), str)}
        if "text/plain" in kept:
            kept["text/plain"] = kept["text/plain"][:MOST_TEXT]
        self._displays += 1
        self._displayed += sum(map(len, kept.values()))
        if kept and self._displays <= MOST_DISPLAYS and self._displayed <= MOST_DISPLAYED:
            self.outputs.append({"output_type": "display_data", "data": kept, "metadata": {}})

    def error(self, name: str, value: str, traceback: list[str]) -> None:
        lines = [_COLOURS.sub("", line)[:4000] for line in traceback[-20:]]
        self.outputs.append({"output_type": "error", "ename": name, "evalue": value[:2000], "traceback": lines})


class Stream(io.TextIOBase):
    """Stands for stdout or stderr while a cell runs."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self, recorder: Recorder, name: str) -> None:
        self._recorder, self._name = recorder, name
        self.name = f"<{name}>"

    def write(self, text: str) -> int:
        self._recorder.write(self._name, str(text))
        return len(text)

    def writable(self) -> bool:
        return True
