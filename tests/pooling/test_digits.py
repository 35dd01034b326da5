"""Are the digits what they are said to be, and do the classifiers learn to read them?"""

import numpy as np
import pytest
import torch
from torch import nn

from pooling import digits

EVERY = [(down, head) for down in digits.DOWNSAMPLING for head in digits.HEADS]


@pytest.fixture(scope="module")
def images():
    return digits.load()


def test_as_many_as_said_of_every_digit_and_none_twice(images):
    train_images, train_labels, test_images, test_labels = images
    assert train_images.shape == (3000, 1, 28, 28)
    assert test_images.shape == (2000, 1, 28, 28)
    assert np.bincount(train_labels).tolist() == [300] * 10
    assert np.bincount(test_labels).tolist() == [200] * 10
    both = np.concatenate([train_images, test_images])
    assert len(np.unique(both.reshape(5000, -1), axis=0)) == 5000


def test_brightness_is_float32_from_0_to_1(images):
    for array in images[::2]:
        assert array.dtype == np.float32
        assert (array.min(), array.max()) == (0, 1)


def test_labels_belong_to_their_images(images):
    """Each digit is more like the mean of its own kind than like any other's, in most cases."""
    train_images, train_labels, test_images, test_labels = images
    means = np.stack([train_images[train_labels == digit].mean(axis=0).ravel() for digit in range(10)])
    nearest = ((test_images.reshape(2000, 1, -1) - means) ** 2).sum(axis=-1).argmin(axis=1)
    assert (nearest == test_labels).mean() > 0.75


def test_who_changes_them_changes_a_copy():
    first = digits.load()
    for array in first:
        array[:] = 7
    assert digits.load()[0].max() == 1
    assert digits.load()[3].min() == 0


@pytest.mark.parametrize(("down", "head"), EVERY)
def test_maps_are_halved_twice(down, head):
    network = digits.classifier(down, head)
    assert network[:-2](torch.zeros(2, 1, 28, 28)).shape == (2, 32, 7, 7)
    assert network(torch.zeros(2, 1, 28, 28)).shape == (2, 10)


@pytest.mark.parametrize("down", digits.DOWNSAMPLING)
def test_a_global_average_takes_images_of_any_size(down):
    network = digits.classifier(down).eval()
    for height, width in ((28, 28), (29, 41), (12, 9)):
        assert network[:-2](torch.zeros(1, 1, height, width)).shape[-2:] == (-(-height // 4), -(-width // 4))
        assert network(torch.zeros(1, 1, height, width)).shape == (1, 10)


@pytest.mark.parametrize("down", digits.DOWNSAMPLING)
def test_only_the_strided_convolution_adds_parameters(down):
    def count(network):
        return sum(parameter.numel() for parameter in network.parameters())

    added = {"strided": 9 * 8 * 8 + 8 + 9 * 16 * 16 + 16}.get(down, 0)
    assert count(digits.classifier(down)) - count(digits.classifier("max")) == added


def test_blur_goes_over_the_same_maxima():
    """Taking every second of the maxima that are blurred gives what max pooling gives."""
    x = torch.rand(1, 3, 8, 6)
    every = digits.DOWNSAMPLING["blur"](3)[:-1](x)
    maxima = digits.DOWNSAMPLING["blur"](3)[-1][0](every)
    assert torch.equal(maxima[..., ::2, ::2], digits.DOWNSAMPLING["max"](3)(x))


def test_a_seed_gives_one_network_and_leaves_the_generator_alone():
    before = torch.random.get_rng_state()
    first, again, other = (digits.classifier(seed=seed) for seed in (3, 3, 4))
    assert torch.equal(torch.random.get_rng_state(), before)
    assert torch.equal(first.linear.weight, again.linear.weight)
    assert not torch.equal(first.linear.weight, other.linear.weight)


@pytest.mark.slow
@pytest.mark.parametrize(("down", "head"), EVERY)
def test_it_learns(images, down, head):
    train_images, train_labels, test_images, test_labels = images
    network = digits.classifier(down, head)
    assert digits.accuracy(network, test_images, test_labels) < 0.3
    losses = digits.train(network, train_images, train_labels, epochs=2)
    assert losses[1] < losses[0]
    assert not network.training
    assert digits.accuracy(network, test_images, test_labels) > 0.7


def test_training_can_be_repeated(images):
    def trained(seed):
        network = digits.classifier()
        digits.train(network, images[0][:100], images[1][:100], epochs=1, seed=seed)
        return network.linear.weight

    assert torch.equal(trained(0), trained(0))
    assert not torch.equal(trained(0), trained(1))


def test_predicting_changes_nothing(images):
    network = digits.classifier().train()
    before = {name: value.clone() for name, value in network.state_dict().items()}
    scores = digits.predict(network, images[2][:7], batch_size=3)
    assert scores.shape == (7, 10)
    assert network.training
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())


def test_accuracy_is_the_share_of_right_ones():
    class First(nn.Module):
        def forward(self, x):
            return x.flatten(1)[:, :2]

    planes = np.zeros((4, 1, 1, 2), np.float32)
    planes[:, 0, 0, 0] = 1
    assert digits.accuracy(First(), planes, np.array([0, 0, 0, 1])) == 0.75


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("maximum",), "downsampling must be one of 'max', 'average', 'strided', 'blur'; got 'maximum'"),
        (("max", "mean"), "head must be one of 'average', 'flatten'; got 'mean'"),
    ],
)
def test_names_that_there_are_not(arguments, message):
    with pytest.raises(ValueError, match=message):
        digits.classifier(*arguments)


def test_channels_are_numbers_of_channels():
    with pytest.raises(ValueError, match="channels must be an integer of at least 1; got 0"):
        digits.classifier(channels=(8, 0))
    with pytest.raises(ValueError, match="at least one convolution"):
        digits.classifier(channels=())


def test_images_without_labels_are_refused(images):
    with pytest.raises(ValueError, match="labels must have one entry for each image; got 3 for 4"):
        digits.train(digits.classifier(), images[0][:4], images[1][:3])
