"""Pooling as modules: drop-in for those of `torch.nn` with the same names.

They take the same arguments in the same order, print the same, and return the same. Two things differ. Arguments are
checked when a module is made, not when it is first called. And `padding` may be a (before, after) pair for each axis,
or "same".
"""

from __future__ import annotations

from typing import Any, ClassVar

from torch import Tensor, nn

from pooling import arguments
from pooling.geometry import adaptive_sizes, unpooled_sizes
from pooling.torch_layer.adaptive_pooling import (
    adaptive_avg_pool,
    adaptive_max_pool,
    global_avg_pool,
    global_max_pool,
)
from pooling.torch_layer.avg_pooling import avg_pool, lp_pool
from pooling.torch_layer.max_pooling import max_pool, max_unpool


class _Pool(nn.Module):
    """What all pooling modules share: a rank, and inputs with a channel axis."""

    rank: ClassVar[int]

    def _check_rank(self, input: Tensor) -> None:
        if isinstance(input, Tensor):  # the operation itself refuses anything else
            arguments.spatial_shape("input", input.shape, self.rank, bare=False)


class _MaxPool(_Pool):
    def __init__(
        self,
        kernel_size: Any,
        stride: Any = None,
        padding: Any = 0,
        dilation: Any = 1,
        return_indices: bool = False,
        ceil_mode: bool = False,
    ) -> None:
        super().__init__()
        arguments.window_arguments(self.rank, kernel_size, stride, padding, dilation, ceil_mode)
        self.kernel_size = kernel_size
        self.stride = stride if stride is not None else kernel_size
        self.padding = padding
        self.dilation = dilation
        self.return_indices = arguments.flag("return_indices", return_indices)
        self.ceil_mode = ceil_mode

    def forward(self, input: Tensor) -> Any:
        """Return the largest value of each window, and its index with `return_indices`."""
        self._check_rank(input)
        return max_pool(
            self.rank,
            input,
            self.kernel_size,
            self.stride,
            self.padding,
            self.dilation,
            self.ceil_mode,
            self.return_indices,
        )

    def extra_repr(self) -> str:
        return (
            f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}, "
            f"dilation={self.dilation}, ceil_mode={self.ceil_mode}"
        )


class MaxPool1d(_MaxPool):
    """Max pooling of (N, C, L) or (C, L); see `max_pool1d`."""

    rank = 1


class MaxPool2d(_MaxPool):
    """Max pooling of (N, C, H, W) or (C, H, W); see `max_pool2d`."""

    rank = 2


class MaxPool3d(_MaxPool):
    """Max pooling of (N, C, D, H, W) or (C, D, H, W); see `max_pool3d`."""

    rank = 3


class _AvgPool(_Pool):
    def __init__(
        self,
        kernel_size: Any,
        stride: Any = None,
        padding: Any = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
        divisor_override: int | None = None,
    ) -> None:
        super().__init__()
        arguments.window_arguments(self.rank, kernel_size, stride, padding, ceil_mode=ceil_mode)
        self.kernel_size = kernel_size
        self.stride = stride if stride is not None else kernel_size
        self.padding = padding
        self.ceil_mode = ceil_mode
        self.count_include_pad = arguments.flag("count_include_pad", count_include_pad)
        self.divisor_override = arguments.divisor(divisor_override)

    def forward(self, input: Tensor) -> Tensor:
        """Return the mean of each window."""
        self._check_rank(input)
        return avg_pool(
            self.rank,
            input,
            self.kernel_size,
            self.stride,
            self.padding,
            self.ceil_mode,
            self.count_include_pad,
            self.divisor_override,
        )

    def extra_repr(self) -> str:
        return f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}"


class AvgPool1d(_AvgPool):
    """Average pooling of (N, C, L) or (C, L); see `avg_pool1d`. Like PyTorch's, it has no `divisor_override`."""

    rank = 1

    def __init__(
        self,
        kernel_size: Any,
        stride: Any = None,
        padding: Any = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
    ) -> None:
        super().__init__(kernel_size, stride, padding, ceil_mode, count_include_pad)
        self.kernel_size = _as_tuple(self.kernel_size, self.rank)
        self.stride = _as_tuple(self.stride, self.rank)
        self.padding = _as_tuple(self.padding, self.rank)


class AvgPool2d(_AvgPool):
    """Average pooling of (N, C, H, W) or (C, H, W); see `avg_pool2d`."""

    rank = 2


class AvgPool3d(_AvgPool):
    """Average pooling of (N, C, D, H, W) or (C, D, H, W); see `avg_pool3d`."""

    rank = 3


class _AdaptiveMaxPool(_Pool):
    def __init__(self, output_size: Any, return_indices: bool = False) -> None:
        super().__init__()
        adaptive_sizes((1,) * self.rank, output_size)
        self.output_size = output_size
        self.return_indices = arguments.flag("return_indices", return_indices)

    def forward(self, input: Tensor) -> Any:
        """Return the largest value of each window, and its index with `return_indices`."""
        self._check_rank(input)
        return adaptive_max_pool(self.rank, input, self.output_size, self.return_indices)

    def extra_repr(self) -> str:
        return f"output_size={self.output_size}"


class AdaptiveMaxPool1d(_AdaptiveMaxPool):
    """Max pooling of (N, C, L) or (C, L) to a given size; see `adaptive_max_pool1d`."""

    rank = 1


class AdaptiveMaxPool2d(_AdaptiveMaxPool):
    """Max pooling of (N, C, H, W) or (C, H, W) to a given size; see `adaptive_max_pool2d`."""

    rank = 2


class AdaptiveMaxPool3d(_AdaptiveMaxPool):
    """Max pooling of (N, C, D, H, W) or (C, D, H, W) to a given size; see `adaptive_max_pool3d`."""

    rank = 3


class _AdaptiveAvgPool(_Pool):
    def __init__(self, output_size: Any) -> None:
        super().__init__()
        adaptive_sizes((1,) * self.rank, output_size)
        self.output_size = output_size

    def forward(self, input: Tensor) -> Tensor:
        """Return the mean of each window."""
        self._check_rank(input)
        return adaptive_avg_pool(self.rank, input, self.output_size)

    def extra_repr(self) -> str:
        return f"output_size={self.output_size}"


class AdaptiveAvgPool1d(_AdaptiveAvgPool):
    """Average pooling of (N, C, L) or (C, L) to a given size; see `adaptive_avg_pool1d`."""

    rank = 1


class AdaptiveAvgPool2d(_AdaptiveAvgPool):
    """Average pooling of (N, C, H, W) or (C, H, W) to a given size; see `adaptive_avg_pool2d`."""

    rank = 2


class AdaptiveAvgPool3d(_AdaptiveAvgPool):
    """Average pooling of (N, C, D, H, W) or (C, D, H, W) to a given size; see `adaptive_avg_pool3d`."""

    rank = 3


class _GlobalPool(_Pool):
    def __init__(self, keepdims: bool = True) -> None:
        super().__init__()
        self.keepdims = arguments.flag("keepdims", keepdims)

    def extra_repr(self) -> str:
        return f"keepdims={self.keepdims}"


class _GlobalMaxPool(_GlobalPool):
    def forward(self, input: Tensor) -> Tensor:
        """Return the largest value of each plane."""
        self._check_rank(input)
        return global_max_pool(self.rank, input, self.keepdims)


class GlobalMaxPool1d(_GlobalMaxPool):
    """The largest value of each channel of (N, C, L) or (C, L); see `global_max_pool1d`."""

    rank = 1


class GlobalMaxPool2d(_GlobalMaxPool):
    """The largest value of each channel of (N, C, H, W) or (C, H, W); see `global_max_pool2d`."""

    rank = 2


class GlobalMaxPool3d(_GlobalMaxPool):
    """The largest value of each channel of (N, C, D, H, W) or (C, D, H, W); see `global_max_pool3d`."""

    rank = 3


class _GlobalAvgPool(_GlobalPool):
    def forward(self, input: Tensor) -> Tensor:
        """Return the mean of each plane."""
        self._check_rank(input)
        return global_avg_pool(self.rank, input, self.keepdims)


class GlobalAvgPool1d(_GlobalAvgPool):
    """The mean of each channel of (N, C, L) or (C, L); see `global_avg_pool1d`."""

    rank = 1


class GlobalAvgPool2d(_GlobalAvgPool):
    """The mean of each channel of (N, C, H, W) or (C, H, W); see `global_avg_pool2d`."""

    rank = 2


class GlobalAvgPool3d(_GlobalAvgPool):
    """The mean of each channel of (N, C, D, H, W) or (C, D, H, W); see `global_avg_pool3d`."""

    rank = 3


class _LPPool(_Pool):
    def __init__(self, norm_type: float, kernel_size: Any, stride: Any = None, ceil_mode: bool = False) -> None:
        super().__init__()
        arguments.norm_type(norm_type)
        arguments.window_arguments(self.rank, kernel_size, stride, ceil_mode=ceil_mode)
        self.norm_type = norm_type
        self.kernel_size = kernel_size
        self.stride = stride
        self.ceil_mode = ceil_mode

    def forward(self, input: Tensor) -> Tensor:
        """Return the Lp norm of each window."""
        self._check_rank(input)
        return lp_pool(self.rank, input, self.norm_type, self.kernel_size, self.stride, self.ceil_mode)

    def extra_repr(self) -> str:
        return (
            f"norm_type={self.norm_type}, kernel_size={self.kernel_size}, stride={self.stride}, "
            f"ceil_mode={self.ceil_mode}"
        )


class LPPool1d(_LPPool):
    """Lp norms of the windows of (N, C, L) or (C, L); see `lp_pool1d`."""

    rank = 1


class LPPool2d(_LPPool):
    """Lp norms of the windows of (N, C, H, W) or (C, H, W); see `lp_pool2d`."""

    rank = 2


class LPPool3d(_LPPool):
    """Lp norms of the windows of (N, C, D, H, W) or (C, D, H, W); see `lp_pool3d`."""

    rank = 3


class _MaxUnpool(_Pool):
    def __init__(self, kernel_size: Any, stride: Any = None, padding: Any = 0) -> None:
        super().__init__()
        unpooled_sizes((1,) * self.rank, kernel_size, stride, padding)
        self.kernel_size = _as_tuple(kernel_size, self.rank)
        self.stride = _as_tuple(stride if stride is not None else kernel_size, self.rank)
        self.padding = _as_tuple(padding, self.rank)

    def forward(self, input: Tensor, indices: Tensor, output_size: Any = None) -> Tensor:
        """Return the maxima in their old places, with 0 everywhere else."""
        self._check_rank(input)
        return max_unpool(self.rank, input, indices, self.kernel_size, self.stride, self.padding, output_size)

    def extra_repr(self) -> str:
        return f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}"


class MaxUnpool1d(_MaxUnpool):
    """The way back from a max pooling to (N, C, L) or (C, L); see `max_unpool1d`."""

    rank = 1


class MaxUnpool2d(_MaxUnpool):
    """The way back from a max pooling to (N, C, H, W) or (C, H, W); see `max_unpool2d`."""

    rank = 2


class MaxUnpool3d(_MaxUnpool):
    """The way back from a max pooling to (N, C, D, H, W) or (C, D, H, W); see `max_unpool3d`."""

    rank = 3


def _as_tuple(value: Any, rank: int) -> Any:
    """Repeat a number for each axis, as some of PyTorch's modules do; what `repr` shows depends on it."""
    return tuple(value) if arguments.is_sequence(value) else (value,) * rank
