"""Pictures for HDR screens: a JPEG keeps its gain map, rotated with the photo; other formats report its loss."""

from __future__ import annotations

import dataclasses
import io
import re
from pathlib import Path

import numpy as np
import pytest
from imagecodecs import ultrahdr_decode, ultrahdr_encode
from PIL import Image, ImageOps

from engine.photos import exif, gain_maps, jpeg
from engine.photos.losses import not_kept
from engine.photos.photo import Metadata
from engine.photos.reading import read_photo
from engine.photos.writing import write_photo

ULTRA_HDR = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description rdf:about="" xmlns:Container="http://ns.google.com/photos/1.0/container/" '
    b'xmlns:Item="http://ns.google.com/photos/1.0/container/item/" '
    b'xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" hdrgm:Version="1.0"><Container:Directory><rdf:Seq>'
    b'<rdf:li rdf:parseType="Resource"><Container:Item Item:Semantic="Primary" Item:Mime="image/jpeg"/></rdf:li>'
    b'<rdf:li rdf:parseType="Resource"><Container:Item Item:Semantic="GainMap" Item:Mime="image/jpeg" '
    b'Item:Length="99"/></rdf:li></rdf:Seq></Container:Directory></rdf:Description></rdf:RDF></x:xmpmeta>'
)
MAP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description rdf:about="" xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" hdrgm:Version="1.0" '
    b'hdrgm:GainMapMax="2"/></rdf:RDF></x:xmpmeta>'
)


@pytest.fixture(scope="module")
def hdr() -> bytes:
    """Return an Ultra HDR file from libultrahdr: 256 x 128 px, four times white in its lower right corner."""
    light = np.ones((128, 256, 4), np.float16)
    light[..., :3] = np.linspace(0.05, 0.9, 256)[:, np.newaxis]
    light[64:, 128:, :3] = 4
    return ultrahdr_encode(light)


def map_of(samples, packet=MAP, **options):
    out = io.BytesIO()
    Image.fromarray(samples).save(out, "JPEG", quality=95, **options)
    stream = out.getvalue()
    return stream[:20] + jpeg.put_segments(Metadata(xmp=packet))[0] + stream[20:]


def with_map(make_photo, gain_map, **metadata):
    return dataclasses.replace(make_photo(64, 48), metadata=Metadata(gain_map=gain_map, **metadata))


def test_a_real_file_stays_one_for_hdr_screens(tmp_path, hdr):
    (tmp_path / "a.jpg").write_bytes(hdr)
    photo = read_photo(tmp_path / "a.jpg")
    assert photo.notes == ()
    assert photo.metadata.gain_map == hdr[-len(photo.metadata.gain_map) :]
    photo = dataclasses.replace(photo, pixels=photo.pixels * np.float32(0.9))
    written = write_photo(photo, tmp_path / "b.jpg")
    before, after = ultrahdr_decode(hdr)[..., :3], ultrahdr_decode(written.read_bytes())[..., :3]
    assert after.shape == before.shape
    assert before[80:120, 150:250].mean() > 3
    assert 2 < after[80:120, 150:250].mean() < before[80:120, 150:250].mean()
    assert after[:50].max() < 1.2
    again = read_photo(written)
    assert again.metadata.gain_map == photo.metadata.gain_map
    assert again.metadata.others == photo.metadata.others


def test_other_programs_find_both_pictures(tmp_path, make_photo, metadata):
    gain_map = map_of(np.full((12, 16), 128, np.uint8))
    photo = dataclasses.replace(make_photo(64, 48), metadata=dataclasses.replace(metadata, gain_map=gain_map))
    path = write_photo(photo, tmp_path / "a.jpg")
    data = path.read_bytes()
    assert data.endswith(gain_map)
    with Image.open(path) as image:
        assert (image.format, image.n_frames) == ("MPO", 2)
        image.seek(1)
        assert image.size == (16, 12)
        assert image.mpinfo[0xB002][0]["Size"] == len(data) - len(gain_map)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("grey", [True, False])
def test_a_map_is_turned_with_its_photo(tmp_path, astronaut, make_exif, orientation, grey):
    shape = (32, 64) if grey else (32, 64, 3)
    samples = np.zeros(shape, np.uint8)
    samples[:16, :32] = 200
    gain_map = map_of(samples)
    photo = dataclasses.replace(
        read_photo(_saved(tmp_path, astronaut)), metadata=Metadata(exif=make_exif(orientation), gain_map=gain_map)
    )
    turned = read_photo(write_photo(photo, tmp_path / "b.jpg")).metadata
    assert exif.orientation(turned.exif) == 1
    with Image.open(io.BytesIO(turned.gain_map)) as image:
        found = np.asarray(image)
        assert image.info["xmp"] == MAP
    turns = Image.fromarray(samples)
    turns.getexif()[0x0112] = orientation
    expected = np.asarray(ImageOps.exif_transpose(turns))  # by a library other than the tested one
    assert found.shape == expected.shape
    assert np.abs(found.astype(int) - expected).max() < 8
    assert (turned.gain_map == gain_map) == (orientation == 1)


def _saved(folder: Path, samples: np.ndarray) -> Path:
    Image.fromarray(samples).save(folder / "a.jpg")
    return folder / "a.jpg"


def test_the_list_in_xmp_has_the_length_of_the_map(tmp_path, make_photo):
    gain_map = map_of(np.zeros((8, 8), np.uint8))
    photo = with_map(make_photo, gain_map, xmp=ULTRA_HDR)
    packet = read_photo(write_photo(photo, tmp_path / "a.jpg")).metadata.xmp
    assert packet == ULTRA_HDR.replace(b'"99"', b'"%d"' % len(gain_map))


@pytest.mark.parametrize("suffix", [".png", ".tif", ".webp", ".avif"])
def test_a_format_without_gain_maps_loses_their_announcement_too(tmp_path, make_photo, suffix):
    photo = with_map(make_photo, map_of(np.zeros((8, 8), np.uint8)), xmp=ULTRA_HDR)
    packet = read_photo(write_photo(photo, tmp_path / f"a{suffix}")).metadata.xmp
    assert b"hdrgm:Version" not in packet
    assert b"Directory" not in packet
    assert packet.count(b"<") == ULTRA_HDR.count(b"<") - 10
    assert "gain map, which brightens it on HDR screens" in not_kept(photo, Path(f"a{suffix}"))[0]
    assert not_kept(photo, Path("a.jpg")) == ()


@pytest.mark.parametrize("damage", ["cut", "not a picture", "no picture at all"])
def test_a_damaged_map_is_no_reason_to_fail(tmp_path, make_photo, make_exif, damage):
    good = map_of(np.zeros((32, 32), np.uint8))
    photo = with_map(make_photo, good, exif=make_exif(6))
    data = write_photo(photo, tmp_path / "a.jpg").read_bytes()
    keep = {
        "cut": data[:-50],
        "not a picture": data[: -len(good)] + b"x" * len(good),
        "no picture at all": data[: -len(good)],
    }
    (tmp_path / "b.jpg").write_bytes(keep[damage])
    assert read_photo(tmp_path / "b.jpg").metadata.gain_map is None
    assert gain_maps.turned(good[:-40][:600], 6) is None


def test_a_preview_in_the_file_is_no_gain_map(tmp_path, astronaut):
    images = [Image.fromarray(astronaut), Image.fromarray(astronaut[::2, ::2])]
    images[0].save(tmp_path / "a.jpg", format="MPO", save_all=True, append_images=images[1:])
    photo = read_photo(tmp_path / "a.jpg")
    assert photo.metadata.gain_map is None
    assert "2 pictures" in photo.notes[0]


def test_the_place_goes_from_the_map_too(tmp_path, make_photo, make_exif):
    plain = map_of(np.zeros((8, 8), np.uint8))
    gain_map = plain[:20] + jpeg.put_segments(Metadata(exif=make_exif()))[0] + plain[20:]
    photo = with_map(make_photo, gain_map)
    assert read_photo(write_photo(photo, tmp_path / "a.jpg", gps=False)).metadata.gain_map == plain


def test_a_film_behind_the_photo_is_reported(tmp_path, make_photo):
    packet = b'<r:RDF xmlns:r="r"><r:D GCamera:MotionPhoto="1" GCamera:MotionPhotoVersion="1"/></r:RDF>'
    photo = dataclasses.replace(make_photo(), metadata=Metadata(xmp=packet))
    data = write_photo(photo, tmp_path / "a.jpg").read_bytes()
    assert b'MotionPhoto="0"' in data
    (tmp_path / "b.jpg").write_bytes(data.replace(b'MotionPhoto="0"', b'MotionPhoto="1"') + b"\0\0\0\x08ftypmp4")
    read = read_photo(tmp_path / "b.jpg")
    assert "motion photo" in read.notes[0]
    assert re.search(rb'MotionPhotoVersion="1"', read.metadata.xmp)
