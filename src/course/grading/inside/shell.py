"""Runs a learner's cell as Jupyter would: magics, shell commands, plots, top-level await."""

import base64
import builtins
import contextlib
import subprocess
import sys
from typing import Any

from checks.calling import TookTooLong, limited
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import ExecutionResult, InteractiveShell
from traitlets import Type
from traitlets.config import Config

from .importing import NOTE, LenientImports, note_missing
from .recording import Recorder, Stream

#: Magics of Jupyter's kernel that have nothing to do here.
_NOT_HERE = ("autosave", "clear", "cls", "connect_info", "less", "more", "man", "qtconsole", "store")


class _Publisher(DisplayPublisher):
    shell: Any

    def publish(self, data: Any, metadata: Any = None, source: Any = None, **options: Any) -> None:
        self.shell.show(data)

    def clear_output(self, wait: bool = False) -> None:
        pass


class _Hook(DisplayHook):
    """Shows the value of a cell's last line."""

    shell: Any

    def __call__(self, result: Any = None) -> None:
        if result is not None and not self.quiet():
            self.shell.show(self.compute_format_data(result)[0])
            self.update_user_ns(result)


class Shell(InteractiveShell):
    """IPython without a terminal and without a kernel."""

    display_pub_class = Type(_Publisher)
    displayhook_class = Type(_Hook)

    recorder = Recorder()

    def run(self, source: str, seconds: float) -> ExecutionResult:
        """Run a cell for so many seconds at most, and record what it shows."""
        with (
            contextlib.redirect_stdout(Stream(self.recorder, "stdout")),
            contextlib.redirect_stderr(Stream(self.recorder, "stderr")),
        ):
            try:
                with limited(seconds):
                    return self.run_cell(source, store_history=True)
            except TookTooLong as late:  # it rang between two of IPython's own lines
                self._showtraceback(type(late), late, [])
                return ExecutionResult(None)

    def show(self, data: dict[str, Any]) -> None:
        picture = data.get("image/png")
        if isinstance(picture, bytes):
            data = {**data, "image/png": base64.b64encode(picture).decode("ascii")}
        self.recorder.display(data)

    def system(self, command: str) -> None:
        """Run a shell command, as in `!ls`; there is no terminal for IPython's own way."""
        done = subprocess.run(
            self.var_expand(command, depth=1),
            shell=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            errors="replace",
            check=False,
        )
        self.recorder.write("stdout", done.stdout)
        self.user_ns["_exit_code"] = done.returncode

    def enable_gui(self, gui: Any = None) -> None:
        """Have none: there are no windows."""

    def enable_matplotlib(self, gui: Any = None) -> Any:
        """Accept `%matplotlib` of any kind: figures are shown below the cell, if there are any."""
        return super().enable_matplotlib("inline") if "matplotlib.backends" in sys.modules else (None, None)

    def ask_exit(self) -> None:
        """Ignore `exit` and `quit`: the cells that follow may be right."""

    def _showtraceback(self, etype: type, evalue: BaseException, stb: list[str]) -> None:
        if issubclass(etype, TookTooLong):
            self.recorder.error("TookTooLong", "This cell did not finish in time. Is there a loop that never ends?", [])
        else:
            self.recorder.error(etype.__name__, str(evalue), list(stb))


def new() -> Shell:
    """Make the one shell of this process."""
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.xmode = "Context"
    shell = Shell.instance(config=config)
    shell.ast_transformers.append(LenientImports())
    vars(builtins)[NOTE] = note_missing
    for name in _NOT_HERE:
        shell.magics_manager.register_function(_nothing, magic_name=name)
    shell.user_ns["__name__"] = "__main__"
    if "matplotlib" in sys.modules:
        shell.enable_matplotlib("inline")
    return shell


def _nothing(line: str = "", cell: str = "") -> None:
    """Stand for a magic that has nothing to do here."""
