"""Colour conversions: to sRGB for display and face detection, and to RGB when a file is read.

The pixels of a Photo stay in the file's own profile. Only pictures for viewing are converted.
"""

from __future__ import annotations

import io
import logging
from functools import lru_cache

import numpy as np
from PIL import Image, ImageCms

from engine.errors import UserError
from engine.photos.photo import Photo
from engine.photos.samples import strips, to_integers

_log = logging.getLogger(__name__)
_RELATIVE = ImageCms.Intent.RELATIVE_COLORIMETRIC
_FLAGS = ImageCms.Flags.BLACKPOINTCOMPENSATION
_CANNOT_BE_USED = (ImageCms.PyCMSError, OSError, ValueError, TypeError)


def to_srgb8(photo: Photo, pixels: np.ndarray | None = None) -> np.ndarray:
    """Convert the photo, or other H x W x 3 float32 pixels in its profile, to H x W x 3 uint8 sRGB."""
    return to_screen8(photo, pixels)


def to_screen8(photo: Photo, pixels: np.ndarray | None = None, screen: bytes | None = None) -> np.ndarray:
    """Convert the photo, or other H x W x 3 float32 pixels in its profile, to H x W x 3 uint8 for a screen.

    screen: its ICC profile, None for sRGB. Relative colorimetric with black point compensation. A profile that is
    missing, broken or not for RGB or grey counts as sRGB.
    """
    shown = photo.pixels if pixels is None else pixels
    transform = _conversion(photo.metadata.icc or None, screen)
    if transform is None:
        return to_integers(shown, 8)
    out = np.empty(shown.shape, np.uint8)
    for rows in strips(shown.shape[0], shown.shape[1] * 3):
        strip = to_integers(shown[rows], 8)
        source = strip[..., 0] if transform.input_mode == "L" else strip
        image = transform.apply(Image.fromarray(np.ascontiguousarray(source)))
        out[rows] = np.asarray(image)
    return out


def check_screen_profile(icc: bytes) -> None:
    """Raise UserError unless this is the ICC profile of a screen."""
    try:
        space = ImageCms.ImageCmsProfile(io.BytesIO(icc)).profile.xcolor_space.strip()
        _transform(None, icc)
    except _CANNOT_BE_USED:
        space = ""
    if space != "RGB":
        raise UserError("This is no ICC profile of a screen.")


def cmyk_to_srgb(image: Image.Image, icc: bytes | None) -> Image.Image:
    """Convert a CMYK picture to sRGB, by its own profile if possible, otherwise by Pillow's simple formula."""
    if icc:
        try:
            profile = ImageCms.ImageCmsProfile(io.BytesIO(icc))
            transform = ImageCms.buildTransform(profile, _srgb(), "CMYK", "RGB", _RELATIVE, _FLAGS)
            return transform.apply(image)
        except _CANNOT_BE_USED as error:
            _log.warning("CMYK profile cannot be used, converted without it: %s", error)
    return image.convert("RGB")


def lab_to_srgb(lab: np.ndarray) -> np.ndarray:
    """Convert H x W x 3 float32 CIE L*a*b* (L 0 to 100, white D50) to H x W x 3 float32 sRGB, clipped to [0, 1].

    CIE 15:2004, section 8.2.1, inverted; matrix from XYZ at D50 to linear sRGB after Bradford, as in ICC's sRGB.
    """
    out = np.empty(lab.shape, np.float32)
    for rows in strips(lab.shape[0], lab.shape[1] * 3):
        light, a, b = np.moveaxis(lab[rows], -1, 0)
        y = (light + 16) / 116
        f = np.stack((y + a / 500, y, y - b / 200), axis=-1)
        xyz = np.where(f > 6 / 29, f**3, 3 * (6 / 29) ** 2 * (f - 4 / 29)) * _D50
        linear = np.clip(xyz @ _XYZ_TO_SRGB.T, 0, 1)
        out[rows] = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return np.clip(out, 0, 1, out=out)


_D50 = np.array([0.9642, 1.0, 0.8249], np.float32)
_XYZ_TO_SRGB = np.array(
    [
        [3.1338561, -1.6168667, -0.4906146],
        [-0.9787684, 1.9161415, 0.0334540],
        [0.0719453, -0.2289914, 1.4052427],
    ],
    np.float32,
)


def is_srgb(icc: bytes | None) -> bool:
    """Whether a photo with this profile, or without one, is in sRGB already."""
    return _conversion(icc, None) is None


def srgb_profile() -> bytes:
    """Return an ICC profile of sRGB, for pixels without a profile that were converted to sRGB."""
    return _srgb().tobytes()


@lru_cache(maxsize=1)
def _srgb() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


@lru_cache(maxsize=8)
def _conversion(icc: bytes | None, screen: bytes | None) -> ImageCms.ImageCmsTransform | None:
    """Return the conversion; None if none is needed or possible."""
    if icc is None and screen is None:
        return None
    try:
        transform = _transform(icc, screen)
    except _CANNOT_BE_USED as error:
        _log.warning("colour profile cannot be used, colours shown as sRGB: %s", error)
        return _conversion(None, screen) if icc is not None else None
    return None if _changes_nothing(transform) else transform


def _transform(icc: bytes | None, screen: bytes | None) -> ImageCms.ImageCmsTransform:
    """Return the transform; raise ValueError or Pillow's error for an unusable profile."""
    source = _srgb() if icc is None else ImageCms.ImageCmsProfile(io.BytesIO(icc))
    target = _srgb() if screen is None else ImageCms.ImageCmsProfile(io.BytesIO(screen))
    space = source.profile.xcolor_space.strip()
    if space not in ("RGB", "GRAY"):
        raise ValueError(f"it is for {space}, the picture is RGB")
    mode = "RGB" if space == "RGB" else "L"
    return ImageCms.buildTransform(source, target, mode, "RGB", _RELATIVE, _FLAGS)


def _changes_nothing(transform: ImageCms.ImageCmsTransform) -> bool:
    """Whether source and target are equal: no colour of a coarse grid changes by more than rounding."""
    steps = np.linspace(0, 255, 9).round().astype(np.uint8)
    if transform.input_mode == "L":
        colours, expected = steps[np.newaxis], np.repeat(steps[np.newaxis, :, np.newaxis], 3, axis=2)
    else:
        colours = expected = np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(1, -1, 3)
    shown = np.asarray(transform.apply(Image.fromarray(colours)))
    return bool(np.max(np.abs(shown.astype(np.int16) - expected)) <= 1)
