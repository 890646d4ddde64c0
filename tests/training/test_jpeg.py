import io

import numpy as np
import pytest
import torch
from PIL import Image
from skimage.data import astronaut

from training.jpeg import jpeg_like


def quality(value):
    return torch.full((1, 1, 1, 1), float(value))


def test_a_grey_picture_is_coded_as_libjpeg_does():
    grey = astronaut()[:128, 160:288, 1]
    stream = io.BytesIO()
    Image.fromarray(grey).save(stream, "JPEG", quality=50)
    libjpeg = np.asarray(Image.open(stream)).astype(float)
    ours = jpeg_like(torch.from_numpy(grey / 255.0).float()[None, None], quality(50))[0, 0].numpy() * 255
    assert np.abs(ours - libjpeg).mean() < 0.7


@pytest.mark.parametrize("size", [(17, 23), (8, 8), (1, 9)])
@pytest.mark.parametrize("channels", [1, 3])
def test_any_size_keeps_its_shape_and_high_quality_changes_little(size, channels):
    pictures = torch.rand(1, channels, *size) * 0.2 + 0.4
    coded = jpeg_like(pictures, quality(100))
    assert coded.shape == pictures.shape
    assert (coded - pictures).abs().max() < 0.02
