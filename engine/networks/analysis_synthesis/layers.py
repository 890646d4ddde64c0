"""The layers of both networks: convolutions at one scale, and un-pooling to the next finer one."""

from __future__ import annotations

from torch import nn


def convolution(inputs: int, outputs: int, size: int, bias: bool = True) -> nn.Conv2d:
    """Return a size x size convolution that keeps height and width, initialised for the ReLU after it."""
    layer = nn.Conv2d(inputs, outputs, size, padding=size // 2, bias=bias)
    nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
    if layer.bias is not None:
        nn.init.zeros_(layer.bias)
    return layer


def unpooled(channels: int, even: bool) -> nn.ConvTranspose2d:
    """Return un-pooling by 2 and a 5x5 convolution in one layer: both put zeros between the values and convolve.

    even: n px become 2 n, for pictures. Otherwise they become 2 n - 1, which keeps the centre of an odd grid.
    """
    layer = nn.ConvTranspose2d(channels, channels, 5, stride=2, padding=2, output_padding=int(even))
    # Each output sees a quarter of the 25 taps.
    nn.init.normal_(layer.weight, std=(2 / (channels * 25 / 4)) ** 0.5)
    nn.init.zeros_(layer.bias)  # type: ignore[arg-type]
    return layer
