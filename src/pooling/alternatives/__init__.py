"""What replaces pooling: layers that also make a feature map smaller, but learn, smooth, weigh or draw.

All take tensors of floating-point numbers, (N, C, H, W) or (C, H, W). Those with windows put them where
`pooling.geometry` says.

=====================  ===============================================================================================
`StridedConv2d`        a convolution that steps as far as a pooling: learns what to keep
`BlurPool2d`           a binomial low-pass filter before the step: less aliasing
`MaxBlurPool2d`        the maximum of every window, then blur and step: max pooling with less aliasing
`GeM2d`                a generalized mean of the whole plane, from average to maximum as p grows; learns p
`StochasticPool2d`     draws one value of each window, large ones more often; a weighted mean in evaluation
`AttentionPool2d`      a weighted mean of the whole plane; learns which positions count
=====================  ===============================================================================================

One more, the Lp norm of each window, is as old as max pooling: `pooling.torch_layer.LPPool2d`.
"""

from pooling.alternatives.blur import BlurPool2d, MaxBlurPool2d, blur_pool2d, max_blur_pool2d
from pooling.alternatives.convolution import StridedConv2d
from pooling.alternatives.stochastic import StochasticPool2d, stochastic_pool2d
from pooling.alternatives.whole_plane import AttentionPool2d, GeM2d, gem_pool2d

__all__ = [
    "AttentionPool2d",
    "BlurPool2d",
    "GeM2d",
    "MaxBlurPool2d",
    "StochasticPool2d",
    "StridedConv2d",
    "blur_pool2d",
    "gem_pool2d",
    "max_blur_pool2d",
    "stochastic_pool2d",
]
