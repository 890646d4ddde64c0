import io
import os
import struct
import sys
import zipfile
import zlib

import numpy as np
import pytest
from PIL import Image

from engine.errors import UserError
from training.sharp import load
from training.sources import Source, decoded_or_reason, held_out, held_out_of, sources, write_list
from training.survey import survey


def png():
    stream = io.BytesIO()
    Image.fromarray(np.zeros((8, 8, 3), np.uint8)).save(stream, "PNG")
    return stream.getvalue()


@pytest.fixture
def archive(tmp_path):
    path = tmp_path / "photos.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("a.png", png())
    return path


def test_an_encrypted_member_is_a_sentence(archive):
    data = bytearray(archive.read_bytes())
    data[data.index(b"PK\x03\x04") + 6] |= 1  # the flag, before the member and in the directory
    data[data.index(b"PK\x01\x02") + 8] |= 1
    archive.write_bytes(data)
    with pytest.raises(UserError, match=r"photos\.zip: a\.png cannot be unpacked: .*encrypted"):
        list(sources([archive]))


def test_a_damaged_member_is_a_sentence(archive):
    data = archive.read_bytes()
    archive.write_bytes(data.replace(b"IHDR", b"ihdr"))
    with pytest.raises(UserError, match=r"a\.png cannot be unpacked"):
        list(sources([archive]))


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="names are Unicode there")
def test_a_list_holds_names_of_any_bytes(tmp_path):
    named = tmp_path / os.fsdecode(b"caf\xe9.png")
    split = tmp_path / "one\u2028photo.png"
    for path in (named, split):
        path.write_bytes(png())
    write_list(tmp_path / "photos.txt", [str(named), str(split)])
    assert [source.place for source in sources([tmp_path / "photos.txt"])] == [str(named), str(split)]


def test_a_list_that_cannot_be_written_is_a_sentence(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match="cannot be written"):
        write_list(tmp_path / "file" / "photos.txt", ["a.png"])


def test_a_list_written_on_windows_is_read(tmp_path):
    (tmp_path / "a.png").write_bytes(png())
    (tmp_path / "photos.txt").write_bytes(f"{tmp_path / 'a.png'}\r\n\r\n".encode())
    assert [source.name for source in sources([tmp_path / "photos.txt"])] == ["a.png"]


def test_a_photo_that_cannot_be_opened_is_a_sentence(tmp_path, monkeypatch):
    (tmp_path / "a.png").write_bytes(png())

    def refused(path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("training.sources.Path.read_bytes", refused)
    with pytest.raises(UserError, match=r"a\.png cannot be read: permission is denied"):
        list(sources([tmp_path]))


def broken_stream():
    """Return a PNG whose pixels cannot be unpacked: an OSError of Pillow."""
    data = bytearray(png())
    data[data.index(b"IDAT") + 4] ^= 0xFF
    return bytes(data)


def broken_chunk():
    """Return a PNG whose pixels continue in an unknown chunk: a SyntaxError of Pillow."""
    data = png()
    start, end = data.index(b"IDAT"), data.index(b"IEND") - 4
    first = b"IDAT" + data[start + 4 : start + 9]
    return (
        data[: start - 4] + struct.pack(">I", 5) + first + zlib.crc32(first).to_bytes(4, "big") + bytes(end - start)
    )


@pytest.mark.parametrize("data", [b"no picture", broken_stream(), broken_chunk(), png()[:40], b""])
def test_training_leaves_out_unreadable_photos_of_the_survey(data, tmp_path):
    assert isinstance(decoded_or_reason(Source("a.png", data)), str)
    (tmp_path / "a.png").write_bytes(data)
    (tmp_path / "b.png").write_bytes(png())
    assert [look.verdict for look in survey(sources([tmp_path / "a.png"]))] == ["unreadable"]
    learning, held = load([tmp_path])
    assert learning.places == held.places == (str(tmp_path / "b.png"),)


@pytest.mark.parametrize(("pictures", "held"), [(1, 1), (9, 5), (49, 25), (50, 2), (400, 16), (5000, 64)])
def test_so_many_are_held_out(pictures, held):
    assert held_out_of(pictures) == len(held_out([f"{i}.jpg" for i in range(pictures)])) == held


def test_a_few_photos_more_or_less_change_little_of_what_is_held_out():
    names = [f"{i:05d}-ffhq.webp" for i in range(3000)]
    before = {names[i] for i in held_out(names)}
    others = [*names[1:500], "new.jpg", *names[550:]]
    after = {others[i] for i in held_out(others)}
    assert len(after - before) <= 5
