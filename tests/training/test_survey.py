import cv2
import numpy as np
import pytest
from PIL import Image
from skimage.data import astronaut, chelsea

from engine.errors import UserError
from training.sharp import load
from training.sources import count, sources, write_list
from training.survey import difference_bits, survey


@pytest.fixture
def album(tmp_path):
    """Return a good photo, its small copy, a blurred one, a small one, a text and a truncated one."""
    folder = tmp_path / "album"
    folder.mkdir()
    portrait, cat = astronaut(), chelsea()
    Image.fromarray(portrait).save(folder / "a.png")
    Image.fromarray(portrait).resize((300, 300)).save(folder / "b.jpg", quality=70)
    Image.fromarray(cv2.GaussianBlur(cat, (0, 0), 6)).save(folder / "c.png")
    Image.fromarray(cat[:100, :120]).save(folder / "d.png")
    (folder / "e.jpg").write_text("no picture")
    (folder / "f.png").write_bytes((folder / "a.png").read_bytes()[:5000])
    (folder / "._a.png").write_bytes(b"what macOS lays beside it")
    return folder


def looks(*paths, **options):
    return {look.name: look for look in survey(sources(paths), **options)}


def test_each_photo_is_taken_or_left_out_for_a_reason(album):
    seen = looks(album)
    verdicts = {name: look.verdict for name, look in seen.items()}
    assert verdicts == {
        "a.png": "good", "b.jpg": "duplicate", "c.png": "blurred", "d.png": "small", "e.jpg": "unreadable",
        "f.png": "unreadable",
    }  # fmt: skip
    assert seen["b.jpg"].like == "a.png"
    assert seen["e.jpg"].reason == "it is no picture"
    assert seen["a.png"].bytes == 512 * 512 * 3
    assert seen["c.png"].sharpness < 0.5 < seen["a.png"].sharpness


def test_the_larger_of_two_copies_is_kept_in_either_order(album):
    seen = looks(album / "b.jpg", album / "a.png")
    assert (seen["b.jpg"].verdict, seen["b.jpg"].like, seen["a.png"].verdict) == ("duplicate", "a.png", "good")


def test_a_soft_background_is_no_blurred_photo(album):
    portrait = cv2.GaussianBlur(np.tile(astronaut(), (1, 2, 1)), (0, 0), 8)
    portrait[:, :512] = astronaut()
    Image.fromarray(portrait).save(album / "g.png")
    assert looks(album / "g.png")["g.png"].verdict == "good"


def test_faces_are_counted_only_in_used_photos(album):
    seen = looks(album, count_faces=lambda picture: picture.shape[0])
    assert {look.name: look.faces for look in seen.values() if look.faces is not None} == {"a.png": 512}


def test_another_photo_is_no_copy():
    assert (difference_bits(astronaut()) != difference_bits(chelsea())).sum() > 50


def test_every_photo_has_a_small_picture(album):
    seen = looks(album)
    assert all(bool(look.thumbnail) == (look.verdict != "unreadable") for look in seen.values())
    assert cv2.imdecode(np.frombuffer(seen["d.png"].thumbnail, np.uint8), cv2.IMREAD_COLOR).shape == (93, 112, 3)


def test_the_photos_are_counted_before_they_are_read(album):
    assert count([album]) == 6 == len(list(sources([album])))


def test_a_list_of_photos_is_read_in_its_order(album, tmp_path):
    import zipfile

    with zipfile.ZipFile(tmp_path / "more.zip", "w") as archive:
        for name in ("x.png", "y.png"):
            archive.write(album / "a.png", f"inner/{name}")
    written = tmp_path / "list.txt"
    write_list(written, [str(album / "d.png"), f"{tmp_path}/more.zip/inner/y.png", str(album / "a.png")])
    assert [source.name for source in sources([written])] == ["d.png", "y.png", "a.png"]
    assert count([written]) == 3
    again = [source.place for source in sources([written])]
    assert again == written.read_text().splitlines()


def test_a_photo_of_the_list_that_is_gone_is_named(album, tmp_path):
    written = tmp_path / "list.txt"
    write_list(written, [str(album / "a.png"), str(album / "gone.png")])
    with pytest.raises(UserError, match=r"gone\.png"):
        list(sources([written]))


def test_no_more_photos_are_read_than_are_wanted(album, monkeypatch):
    asked = []
    monkeypatch.setattr(
        "training.sources.decoded", lambda data, fit: asked.append(1) or np.zeros((8, 8, 3), np.uint8)
    )
    learning, held_out = load([album], most=2)
    assert len(learning) + len(held_out) == len(asked) == 2
