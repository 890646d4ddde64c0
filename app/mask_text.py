"""A mask as text in the sidecar: a greyscale PNG in base64."""

from __future__ import annotations

import base64
import binascii
import logging
from weakref import WeakKeyDictionary

from engine.masks.mask import Mask, Size

_log = logging.getLogger(__name__)
_texts: WeakKeyDictionary[Mask, str] = WeakKeyDictionary()
"""What was written once need not be coded again for a choice that is no mask."""


def kept_mask(mask: Mask) -> str:
    """Return a mask as text; half a second for one of 45 MP."""
    from engine.masks.files import encoded

    text = _texts.get(mask)
    if text is None:
        text = _texts[mask] = base64.b64encode(encoded(mask)).decode()
    return text


def found_mask(text: object, size: Size) -> Mask | None:
    """Return the mask of a photo of that size, None where the text holds none of it."""
    from engine.masks.files import decoded

    try:
        values = decoded(base64.b64decode(str(text), validate=True))
    except binascii.Error:
        values = None
    if values is None or values.shape[::-1] != size:
        _log.info("the mask of a sidecar is left out: it is none of this photo")
        return None
    return Mask.of(values)
