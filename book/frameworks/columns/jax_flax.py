"""JAX, through flax.linen's pooling, and through lax.reduce_window where only that has the word."""

import flax
import jax
import jax.numpy as jnp
import numpy as np
from flax import linen
from jax import lax

from book.frameworks.cases import Case

NAME = "JAX with Flax"

jax.config.update("jax_enable_x64", True)  # or int64 would become int32


def versions() -> dict[str, str]:
    """Return what ran."""
    return {"jax": jax.__version__, "flax": flax.__version__}


def answer(case: Case) -> np.ndarray:
    """Say the wish in Flax's words: channels last."""
    case.needs("same lower", "indices", "ceil", "adaptive")
    x = jnp.asarray(np.moveaxis(case.x, 1, -1))
    if case.want == "gradient":
        y = jax.grad(lambda x: pool(case, x).sum())(x)
    else:
        y = pool(case, x)
    return np.moveaxis(np.asarray(y), -1, 1)


def pool(case: Case, x: jax.Array) -> jax.Array:
    """Pool as Flax does, or lax for a dilation."""
    window, p = (case.kernel, case.kernel), case.padding
    padding = "SAME" if p == "same" else ((p, p), (p, p))
    if case.dilation > 1:
        return lax.reduce_window(
            x, -jnp.inf, lax.max, (1, *window, 1), (1, case.stride, case.stride, 1),
            ((0, 0), *padding, (0, 0)), window_dilation=(1, case.dilation, case.dilation, 1),
        )  # fmt: skip
    said = {} if case.stride is None else {"strides": (case.stride, case.stride)}
    if case.operation == "max":
        return linen.max_pool(x, window, padding=padding, **said)
    if case.count_pads is not None:
        said["count_include_pad"] = case.count_pads
    return linen.avg_pool(x, window, padding=padding, **said)
