"""Pooling layers, three times over: in pure Python, in NumPy and in PyTorch, with one vocabulary.

======================  ==============================================================================================
`geometry`              where the windows lie: output sizes, "same" padding, the cells of each window
`receptive_field`       how much of the input one output sees, layer by layer
`python_layer`          every operation defined by loops over nested lists; needs the standard library only
`numpy_layer`           the same operations on arrays, in one, two and three dimensions, forward and backward
`torch_layer`           the same as differentiable functions and as drop-in modules for `torch.nn`'s
`alternatives`          what replaces pooling in today's networks
`digits`                handwritten digits, and classifiers to train on them
`figures`               the drawings that the chapters share
======================  ==============================================================================================

Importing `pooling` imports none of them, so `import pooling` needs neither NumPy nor PyTorch.
"""
