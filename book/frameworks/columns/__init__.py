"""One module for each framework. Each has NAME, `versions()` and `answer(case)`, which may raise NoWord or anything."""

#: The modules in the order of the table. Ours comes first: with it the others are compared.
HERE = ("ours", "pytorch", "keras_on_pytorch", "onnx_reference", "onnxruntime_cpu")
#: What is installed by `make frameworks` alone.
ELSEWHERE = ("tensorflow_cpu", "jax_flax", "scikit_image", "scipy_ndimage")
OTHERS = ("pytorch", "keras_on_pytorch", "tensorflow_cpu", "jax_flax", *HERE[3:], *ELSEWHERE[2:])
