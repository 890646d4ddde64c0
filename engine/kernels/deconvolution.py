"""Non-blind deconvolution of photos: a known kernel is undone, without rings at borders and round lamps."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import fft

from engine.kernels.half_quadratic import Spectrum, solve, without_guesses
from engine.kernels.kernel import Kernel
from engine.kernels.night import CLIPPED, LEAST_NOISE, is_night, solve_night
from engine.kernels.noise import noise_level
from engine.kernels.patches import patches

KERNEL_ERROR = 0.0075  # of [0, 1]: chosen on half of Levin's pictures (29.6 dB without, 30.1 with it) and on 36 made
# pictures of little noise (28.25 and 28.57); 0.005 gives 28.48. By kernels that the truth chose, and by no command
# that is kept; docs/results.md has what both halves of Levin's reach by the command.
TILE = 1536  # px, the side of a cell: about 300 MB at the solver's peak
OVERLAP = 3  # sides of the kernel that two tiles share

Each = Callable[[float, tuple[int, int, int, int], np.ndarray], object]


def deconvolve(
    pixels: np.ndarray,
    kernel: Kernel,
    noise: float | None = None,
    *,
    smoothness: float = 1.0,
    night: bool | None = None,
    beyond_white: bool = False,
    cell: int | None = None,
    each: Each | None = None,
) -> np.ndarray:
    """Return the sharp H x W x C float32 picture in [0, 1] of which `pixels` is the kernel's blur plus noise.

    noise: its standard deviation in [0, 1], measured where it is None. smoothness: below 1 more detail and more
    noise, above 1 less. night: whether lamps and what fits no model are kept from ringing (see `night`), None to
    look; where it is not, nothing is different. beyond_white: return light brighter than 1, too, as far as the kernel
    tells it from what is not clipped. A large photo is worked on in tiles with feathered overlaps.
    cell: px, the side of what each tile adds. each: gets the share that is done, and the last tile's box and pixels.
    """
    noise = noise_level(pixels) if noise is None else max(noise, 1e-4)
    night = is_night(pixels) if night is None else night
    side = max(kernel.values.shape)
    if side == 1:
        return np.clip(pixels, 0, 1).astype(np.float32)

    def tile(pixels: np.ndarray) -> np.ndarray:
        return _deconvolve_tile(pixels, kernel.values, noise, smoothness, night, beyond_white)

    return _in_tiles(pixels, side, tile, cell=cell, each=each, white=np.inf if beyond_white else 1.0)


def wiener(pixels: np.ndarray, kernel: Kernel, noise: float, *, smoothness: float = 1.0) -> np.ndarray:
    """Return the sharp H x W x C float32 picture in [0, 1] as `deconvolve` does, in one step that is linear.

    It penalises the squares of the gradients: twenty times as fast, with more noise and more rings.
    """

    def tile(pixels: np.ndarray) -> np.ndarray:
        planes = wrapped(np.moveaxis(np.asarray(pixels, dtype=np.float32), 2, 0), kernel.values.shape)
        spectrum = Spectrum(kernel.values, planes.shape[1:])
        power = np.abs(spectrum.kernel) ** 2 + np.float32(noise * smoothness) * spectrum.gradients + np.float32(1e-5)
        restored = spectrum.backward(np.conj(spectrum.kernel) * spectrum.forward(planes) / power)
        return np.moveaxis(restored[:, : pixels.shape[0], : pixels.shape[1]], 0, 2)

    return _in_tiles(pixels, max(kernel.values.shape), tile)


def consistent(pixels: np.ndarray, kernel: Kernel, guess: np.ndarray, trust: float) -> np.ndarray:
    """Return the x of |kernel * x - pixels|^2 + trust |x - guess|^2, H x W x C float32 in [0, 1].

    It keeps of a guess what the kernel has destroyed in the photo, and takes what it has left from the photo.
    """
    both = np.concatenate([pixels, guess], axis=2)
    channels = pixels.shape[2]

    def tile(both: np.ndarray) -> np.ndarray:
        planes = wrapped(np.moveaxis(np.asarray(both, dtype=np.float32), 2, 0), kernel.values.shape)
        spectrum = Spectrum(kernel.values, planes.shape[1:])
        photo, guessed = np.split(spectrum.forward(planes), [channels])
        joined = np.conj(spectrum.kernel) * photo + np.float32(trust) * guessed
        restored = spectrum.backward(joined / (np.abs(spectrum.kernel) ** 2 + np.float32(trust)))
        return np.moveaxis(restored[:, : both.shape[0], : both.shape[1]], 0, 2)

    return _in_tiles(both, max(kernel.values.shape), tile, channels)


def _in_tiles(
    pixels: np.ndarray,
    side: int,
    restore: Callable[[np.ndarray], np.ndarray],
    channels: int | None = None,
    cell: int | None = None,
    each: Each | None = None,
    white: float = 1.0,
) -> np.ndarray:
    """Return H x W x C pixels restored in tiles that share three sides of the kernel, cut to [0, white].

    channels: of the result, where it has others than the pixels.
    """
    cell = cell or TILE
    height, width = pixels.shape[:2]
    out = np.zeros((height, width, channels or pixels.shape[2]), dtype=np.float32)
    counts = (-(-height // cell), -(-width // cell))
    for done, patch in enumerate(patches((height, width), counts, OVERLAP * side, rim=side), start=1):
        made = restore(pixels[patch.rows, patch.columns])
        out[patch.rows, patch.columns] += made * patch.window[..., None]
        if each is not None:
            box = patch.columns.start, patch.rows.start, patch.columns.stop, patch.rows.stop
            each(done / (counts[0] * counts[1]), box, made)
    return np.clip(out, 0, white, out=out)


def _deconvolve_tile(
    pixels: np.ndarray, kernel: np.ndarray, noise: float, smoothness: float, night: bool, beyond_white: bool
) -> np.ndarray:
    height, width = pixels.shape[:2]
    planes = wrapped(np.moveaxis(np.asarray(pixels, dtype=np.float32), 2, 0), kernel.shape)
    size = planes.shape[1:]
    hidden = np.ones(size, dtype=bool)
    hidden[:height, :width] = False
    clipped, solver = ~hidden & (planes >= CLIPPED), solve_night if night else solve
    spectrum = Spectrum(kernel, size)
    restored = solver(planes, hidden, clipped, spectrum, noise, smoothness)
    if not night and not beyond_white:
        restored = without_guesses(restored, planes, clipped, spectrum)
    return np.clip(np.moveaxis(restored[:, :height, :width], 0, 2), 0, np.inf if beyond_white else 1)


def working_noise(pixels: np.ndarray, noise: float | None = None) -> float:
    """Return the noise by which every tile of an H x W x C photo is deconvolved; noise: its own, None to measure it.

    At night it is no less than what the model errs by.
    """
    noise = noise_level(pixels) if noise is None else noise
    return max(noise, LEAST_NOISE) if is_night(pixels) else noise


def noise_by_found_kernel(pixels: np.ndarray, noise: float | None = None) -> float:
    """Return the noise by which an H x W x C photo is deconvolved by a kernel that was found, which errs, too."""
    return max(working_noise(pixels, noise), KERNEL_ERROR)


def wrapped(planes: np.ndarray, reach: tuple[int, int]) -> np.ndarray:
    """Extend C x H x W planes below and to the right, by two `reach` at least, so that they become periodic."""
    for axis in (1, 2):
        planes = _wrapped(planes, axis, fft.next_fast_len(planes.shape[axis] + 2 * reach[axis - 1], real=True))
    return planes


def _wrapped(planes: np.ndarray, axis: int, length: int) -> np.ndarray:
    """Extend planes to `length` along an axis, fading from one mirrored end into the other: they become periodic."""
    extra = length - planes.shape[axis]

    def mirrored(before: int, after: int) -> np.ndarray:
        widths = [(before, after) if a == axis else (0, 0) for a in range(planes.ndim)]
        return np.pad(planes, widths, mode="symmetric")

    end = mirrored(0, extra)
    beyond = np.take(end, range(planes.shape[axis], length), axis=axis)
    ahead = np.take(mirrored(extra, 0), range(extra), axis=axis)
    fade = 0.5 - 0.5 * np.cos(np.pi * (np.arange(extra) + 1) / (extra + 1))
    fade = fade.astype(np.float32).reshape([-1 if a == axis else 1 for a in range(planes.ndim)])
    return np.concatenate([planes, beyond + fade * (ahead - beyond)], axis=axis)
