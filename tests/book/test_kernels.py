"""Do cells run alike for everybody?"""

import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from pooling_book import kernels


def test_personal_settings_are_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Do a personal backend, which would leave out every figure, and a personal start-up file reach no cell?"""
    for name, value in {"MPLBACKEND": "Agg", "PYTHONSTARTUP": "/home/me/start.py", "IPYTHONDIR": "/home/me"}.items():
        monkeypatch.setenv(name, value)
    for name in ("MATPLOTLIBRC", "KERAS_HOME"):
        monkeypatch.setenv(name, "/home/me")
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    kernels.ignore_personal_settings(SimpleNamespace(outdir=tmp_path / "_build" / "html"))
    assert os.environ["MPLBACKEND"] == "module://matplotlib_inline.backend_inline"
    assert "PYTHONSTARTUP" not in os.environ
    assert not any(os.environ[name].startswith("/home/me") for name in ("IPYTHONDIR", "MATPLOTLIBRC", "KERAS_HOME"))
    assert os.environ["KERAS_BACKEND"] == "torch"
