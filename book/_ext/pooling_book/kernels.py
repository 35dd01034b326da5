"""Execute cells alike for everybody: personal settings for IPython, matplotlib and Keras do not reach the book."""

import os
from pathlib import Path

import matplotlib
from sphinx.application import Sphinx

# ipykernel warns at every start that its loopback connection is not encrypted; that is no news while building a book.
KERNEL_CONFIG = "c.IPKernelApp.log_level = 40\n"


def ignore_personal_settings(app: Sphinx) -> None:
    """Give the kernels that this build starts a profile of their own."""
    ipython = Path(app.outdir).parent / ".ipython"
    profile = ipython / "profile_default"
    profile.mkdir(parents=True, exist_ok=True)
    (profile / "ipython_kernel_config.py").write_text(KERNEL_CONFIG, encoding="utf-8")
    os.environ["IPYTHONDIR"] = str(ipython)
    os.environ["MATPLOTLIBRC"] = str(Path(matplotlib.get_data_path()) / "matplotlibrc")
    os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"  # any other one leaves figures out
    # Keras writes its settings when it is imported, and reads them the next time.
    os.environ["KERAS_HOME"] = str(Path(app.outdir).parent / ".keras")
    os.environ["KERAS_BACKEND"] = "torch"
    os.environ.pop("PYTHONSTARTUP", None)


def setup(app: Sphinx) -> dict[str, bool]:
    """Set the environment that kernels inherit."""
    app.connect("builder-inited", ignore_personal_settings)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
