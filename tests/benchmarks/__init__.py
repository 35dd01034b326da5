"""How fast the layers are, beside PyTorch's operators and others: `make bench`, or `python -m tests.benchmarks --help`.

================  =====================================================================================================
`cases`           what is pooled: the table of cases
`inputs`          the arrays of a case, and how many bytes it reads and writes
`contenders`      who pools it: our layers, PyTorch, a copy of memory, and all those below
`engines`         … onnxruntime
`baselines`       … the ways in which pooling is usually written in NumPy
`peers`           … scikit-image, SciPy, JAX and numba, where they are installed
`agreement`       does a contender give what PyTorch gives?
`timing`          interleaved rounds
`running`         one case: check every contender, then time them
`memory`          what a forward pass allocates beyond its output
`import_time`     what importing the NumPy layer costs
`results`         ratios, and the file of results
`machine`         where and with which versions it ran
`table`, `plot`   the results for the eye
`progress`        how far it is
================  =====================================================================================================
"""

import os

# One thread for everyone. NumPy, PyTorch, JAX and numba read these when they are imported, so this must come before.
ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
    "NUMBA_NUM_THREADS": "1",
    "JAX_PLATFORMS": "cpu",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
}
os.environ.update(ONE_THREAD)
