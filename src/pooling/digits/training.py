"""Train a classifier, and see how often it is right."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from pooling import arguments


def train(
    network: nn.Module,
    images: Any,
    labels: Any,
    *,
    epochs: int = 4,
    batch_size: int = 50,
    rate: float = 1e-2,
    seed: int = 0,
) -> list[float]:
    """Train a network with Adam on cross-entropy, the rate falling to 0 along a cosine.

    Parameters
    ----------
    network : nn.Module
        From (N, 1, H, W) to (N, classes); it is changed.
    images : array or Tensor
        Shape (N, 1, H, W), float32.
    labels : array or Tensor
        Shape (N,), int64.
    epochs : int
        How often each image is used.
    batch_size : int
        Images in a step; those left over at the end of an epoch make a smaller one.
    rate : float
        Adam's learning rate at the beginning.
    seed : int
        For the order of the images. The same seeds, machine and number of threads give the same network.

    Returns
    -------
    list of float
        Mean loss in each epoch.

    References
    ----------
    D. P. Kingma, J. Ba: Adam: A Method for Stochastic Optimization. ICLR 2015. https://arxiv.org/abs/1412.6980
    """
    epochs = arguments.integer("epochs", epochs, 0)
    batch_size = arguments.integer("batch_size", batch_size, 1)
    images, labels = torch.as_tensor(images), torch.as_tensor(labels)
    if len(images) != len(labels) or not len(images):
        raise ValueError(f"labels must have one entry for each image; got {len(labels)} for {len(images)}")
    order = torch.Generator().manual_seed(seed)
    steps = epochs * -(-len(images) // batch_size)
    optimizer = torch.optim.Adam(network.parameters(), lr=rate)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, max(steps, 1))
    network.train()
    losses = []
    for _ in range(epochs):
        total = 0.0
        for batch in torch.randperm(len(images), generator=order).split(batch_size):
            loss = F.cross_entropy(network(images[batch]), labels[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += loss.item() * len(batch)
        losses.append(total / len(images))
    network.eval()
    return losses


def predict(network: nn.Module, images: Any, *, batch_size: int = 500) -> Tensor:
    """Return the scores that a network in evaluation mode gives, without gradients: shape (N, classes).

    Parameters
    ----------
    network : nn.Module
    images : array or Tensor
        Shape (N, 1, H, W), float32.
    batch_size : int
        Images at a time; it has no influence on the scores.
    """
    training = network.training
    network.eval()
    try:
        with torch.inference_mode():
            return torch.cat([network(batch) for batch in torch.as_tensor(images).split(batch_size)])
    finally:
        network.train(training)


def accuracy(network: nn.Module, images: Any, labels: Any) -> float:
    """Return the share of images whose largest score is that of their label, from 0 to 1.

    Parameters
    ----------
    network : nn.Module
    images : array or Tensor
        Shape (N, 1, H, W), float32.
    labels : array or Tensor
        Shape (N,), int64.
    """
    return float((predict(network, images).argmax(1) == torch.as_tensor(labels)).double().mean())
