"""The images and what they show."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FILE = Path(__file__).with_name("digits.npz")
TRAINING = 3000  # images to train on; the others are for testing

Images = NDArray[np.float32]
Labels = NDArray[np.int64]


def load() -> tuple[Images, Labels, Images, Labels]:
    """Return handwritten digits to train on, and others to test with.

    Returns
    -------
    train_images : array
        Shape (3000, 1, 28, 28), float32, from 0, the paper, to 1, the ink. 300 images of each digit, shuffled.
    train_labels : array
        Shape (3000,), int64: the digit that each image shows.
    test_images, test_labels : array
        As the others, 2000 of them, 200 of each digit.

    References
    ----------
    Y. LeCun, L. Bottou, Y. Bengio, P. Haffner: Gradient-Based Learning Applied to Document Recognition. Proceedings of
    the IEEE 86 (11), 1998. https://doi.org/10.1109/5.726791

    Examples
    --------
    >>> train_images, train_labels, test_images, test_labels = load()
    >>> train_images.shape
    (3000, 1, 28, 28)
    """
    images, labels = _read()
    images, labels = images.copy(), labels.copy()  # whoever changes them changes a copy
    return images[:TRAINING], labels[:TRAINING], images[TRAINING:], labels[TRAINING:]


@cache
def _read() -> tuple[Images, Labels]:
    with np.load(FILE) as arrays:
        images = arrays["images"].astype(np.float32) / np.float32(100)
        return images[:, None], arrays["labels"].astype(np.int64)
