"""TensorFlow, through tf.nn: what tf.keras.layers call."""

import numpy as np
import tensorflow as tf

from book.frameworks.cases import Case, NoWord

NAME = "TensorFlow"


def versions() -> dict[str, str]:
    """Return what ran."""
    return {"tensorflow": tf.__version__, "keras": tf.keras.__version__}


def answer(case: Case) -> np.ndarray:
    """Say the wish in TensorFlow's words: channels last."""
    case.needs("same lower", "ceil", "average's padding", "pads counted")
    x = tf.constant(np.moveaxis(case.x, 1, -1))
    if case.operation == "adaptive avg":
        layer = getattr(tf.keras.layers, "AdaptiveAveragePooling2D", None)
        if layer is None:
            raise NoWord
        return np.moveaxis(layer(case.kernel)(x).numpy(), -1, 1)
    if case.want == "gradient":
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = tf.reduce_sum(pool(case, x))
        return np.moveaxis(tape.gradient(y, x).numpy(), -1, 1)
    return np.moveaxis(pool(case, x).numpy(), -1, 1)


def pool(case: Case, x: tf.Tensor) -> tf.Tensor:
    """Pool as tf.nn does, or as the layers do where a word is left out."""
    p = case.padding
    padding = "SAME" if p == "same" else [[0, 0], [p, p], [p, p], [0, 0]] if p else "VALID"
    if case.dilation > 1:
        case.needs("padding")
        return tf.nn.pool(x, [case.kernel] * 2, "MAX", [case.stride] * 2, padding, dilations=[case.dilation] * 2)
    stride = case.stride
    if stride is None:  # tf.nn asks for one
        return tf.keras.layers.MaxPooling2D(case.kernel)(x)
    if case.want == "indices":
        return tf.nn.max_pool_with_argmax(x, case.kernel, stride, padding)[1]
    function = {"max": tf.nn.max_pool2d, "avg": tf.nn.avg_pool2d}[case.operation]
    return function(x, case.kernel, stride, padding)
