"""Handwritten digits, and the small classifiers that the chapters train on them.

====================  =================================================================================================
`images`              `load`: 3,000 images of MNIST to train on and 2,000 to test with; needs NumPy
`networks`            `classifier`: three convolutions with a choice of what comes between and behind; needs PyTorch
`training`            `train`, `accuracy`, `predict`; needs PyTorch
====================  =================================================================================================

Where the images come from, and under which licence they are shared, is told in the README beside them.
"""

from pooling.digits.images import load
from pooling.digits.networks import DOWNSAMPLING, HEADS, classifier
from pooling.digits.training import accuracy, predict, train

__all__ = ["DOWNSAMPLING", "HEADS", "accuracy", "classifier", "load", "predict", "train"]
