import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from skimage.data import astronaut

from training.packing import FACES, LABELS, pack
from training.sharp import load


@pytest.fixture
def labels(tmp_path):
    """Return label maps of two of the photos, with the same size."""
    path = tmp_path / "maps.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for stem in ("1", "5"):
            marks = io.BytesIO()
            Image.fromarray((np.arange(200 * 220).reshape(200, 220) % 11).astype(np.uint8)).save(marks, "png")
            archive.writestr(f"{stem}.png", marks.getvalue())
    return path


def test_labelled_photos_are_shrunk_with_their_maps(photos, labels, tmp_path):
    assert pack([photos], labels, 60, tmp_path / "packed") == 2
    learning, held_out = load([tmp_path / "packed" / FACES], None, tmp_path / "packed" / LABELS)
    assert sorted(Path(place).name for place in (*learning.places, *held_out.places)) == ["1.webp", "5.webp"]
    for kept in (learning, held_out):
        assert (kept.heights.tolist(), kept.widths.tolist()) == ([60], [66])
        assert int(kept.labels.max()) <= 10


def test_a_packed_photo_looks_the_same(photos, labels, tmp_path):
    pack([photos], labels, 100, tmp_path / "packed")
    with zipfile.ZipFile(tmp_path / "packed" / FACES) as archive, archive.open("5.webp") as file:
        found = np.asarray(Image.open(file).convert("RGB"), np.float32)
    cut = Image.fromarray(astronaut()).crop((160, 100, 380, 300))
    wanted = np.asarray(cut.resize((110, 100), Image.Resampling.LANCZOS), np.float32)
    assert np.abs(found - wanted).mean() < 4
