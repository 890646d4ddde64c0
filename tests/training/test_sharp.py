import io
import zipfile

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from engine.errors import UserError
from engine.networks.semantic.labels import LABELS
from training.sharp import SharpSet, load
from training.sources import decoded, described


def ramp(height, width):
    y, x = np.mgrid[:height, :width]
    return np.stack([y, x, (y + x) // 2], -1).astype(np.uint8)


def png(pixels):
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG")
    return stream.getvalue()


@settings(max_examples=40, deadline=None)
@given(height=st.integers(1, 40), width=st.integers(1, 40), crop=st.integers(1, 60), seed=st.integers(0, 2**31))
def test_a_crop_is_a_window_of_the_picture_and_its_reflections(height, width, crop, seed):
    crops = SharpSet([ramp(height, width)]).crops(
        3, crop, crop, torch.Generator().manual_seed(seed), colour=True, mirror=False
    )
    rows = (crops.pixels[:, 0] * 255).round()
    columns = (crops.pixels[:, 1] * 255).round()
    assert rows.max() <= height - 1 and columns.max() <= width - 1
    for plane, axis, side in ((rows, 1, height), (columns, 2, width)):
        steps = plane.diff(dim=axis).abs()
        assert (steps == (0 if side == 1 else 1)).all()


def test_a_mirrored_crop_runs_backwards():
    sharp = SharpSet([ramp(20, 20)])
    generator = torch.Generator().manual_seed(0)
    columns = sharp.crops(64, 8, 8, generator, colour=True).pixels[:, 1]
    directions = {int(torch.sign(crop[0, 1] - crop[0, 0])) for crop in columns}
    assert directions == {-1, 1}


def test_labels_move_with_their_pixels():
    picture = ramp(30, 30)
    sharp = SharpSet([picture], [picture[..., 0] % 2])  # background and face have no left or right
    crops = sharp.crops(5, 12, 12, torch.Generator().manual_seed(3), colour=True)
    assert torch.equal((crops.pixels[:, 0] * 255).round().long() % 2, crops.labels)


def test_a_mirrored_face_has_its_left_eye_on_the_other_side():
    labels = np.full((9, 9), LABELS.index("left eye"), np.uint8)
    crops = SharpSet([ramp(9, 9)], [labels]).crops(40, 9, 9, torch.Generator().manual_seed(0), colour=True)
    mirrored = crops.pixels[:, 1, 0, 0] > crops.pixels[:, 1, 0, 1]
    assert mirrored.any() and not mirrored.all()
    assert (crops.labels[mirrored] == LABELS.index("right eye")).all()
    assert (crops.labels[~mirrored] == LABELS.index("left eye")).all()


def test_a_card_names_sources_and_licences():
    names = ["00000-ffhq.webp", "1-celebahq-b.webp", "2-celebahq-b.webp", "holiday.jpg"]
    assert [(d["name"], d["pictures"]) for d in described([*names, "photos/train-bsds500.zip/100007.webp"])] == [
        ("BSDS500", 1),
        ("celebahq-b", 2),
        ("ffhq", 1),
        ("own photos", 1),
    ]


def test_a_grey_crop_is_one_of_the_channels():
    sharp = SharpSet([np.dstack([np.full((9, 9), v, np.uint8) for v in (10, 20, 30)])])
    crops = sharp.crops(50, 4, 4, torch.Generator().manual_seed(1), colour=False)
    assert crops.pixels.shape == (50, 1, 4, 4)
    assert set((crops.pixels * 255).round().unique().tolist()) == {10, 20, 30}


def test_folders_and_archives_are_read_and_split(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for i in range(6):
            archive.writestr(f"{i}.png", png(ramp(8, 8 + i)))
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "x.png").write_bytes(png(ramp(5, 5)))
    (tmp_path / "folder" / "broken.png").write_bytes(b"no picture")
    learning, held_out = load([tmp_path / "a.zip", tmp_path / "folder"])
    assert (len(learning), len(held_out)) == (3, 4)


def test_a_missing_folder_is_a_sentence(tmp_path):
    with pytest.raises(UserError, match="no such folder"):
        load([tmp_path / "nowhere"])


def test_fit_scales_the_shorter_side():
    assert decoded(png(ramp(40, 80)), fit=20).shape == (20, 40, 3)
