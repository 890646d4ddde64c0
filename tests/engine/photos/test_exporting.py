import numpy as np
import pytest
from PIL import ImageCms

from engine.photos.exporting import Preparation
from engine.photos.photo import Metadata, Photo


def photo(**kwargs):
    rng = np.random.default_rng(0)
    return Photo(rng.random((60, 90, 3), dtype=np.float32), **kwargs)


@pytest.mark.parametrize(
    ("longest", "size"), [(None, (90, 60)), (45, (45, 30)), (90, (90, 60)), (500, (90, 60)), (1, (1, 1))]
)
def test_a_photo_becomes_smaller_and_never_larger(longest, size):
    made = Preparation(longest=longest)(photo(alpha=np.ones((60, 90), np.float32)))
    assert made.size == size and made.alpha.shape == size[::-1]


def test_mean_brightness_stays_when_it_becomes_smaller():
    before = photo()
    assert Preparation(longest=30)(before).pixels.mean() == pytest.approx(before.pixels.mean(), abs=1e-3)


def test_the_depth_changes_and_nothing_else():
    before = photo(bit_depth=8)
    made = Preparation(depth=16)(before)
    assert made.bit_depth == 16 and made.pixels is before.pixels
    assert Preparation()(before) is before


def test_srgb_stays_as_it_is_and_lab_like_profiles_are_converted():
    before = photo(bit_depth=16)
    assert Preparation(srgb=True)(before) is before  # no profile means sRGB
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert Preparation(srgb=True)(photo(metadata=Metadata(icc=srgb), bit_depth=16)).bit_depth == 16


def test_a_broken_profile_counts_as_srgb(caplog):
    assert Preparation(srgb=True)(photo(metadata=Metadata(icc=b"rubbish"))).bit_depth == 8
