"""Which sidecar belongs to a photo, and what is written into it."""

import pytest

from app.triage.sidecars import FIELDS, marks_of, sidecars_of, write_marks
from app.triage.triaged import Triaged
from engine.diagnosis.diagnosis import Advice, Diagnosis, Kind
from engine.errors import UserError
from engine.photos.xmp_marks import Marks

MARKS = Marks("Red", 1, ("acutance:shaken",), "acutance:")


@pytest.mark.parametrize(
    ("photo", "there", "expected"),
    [
        ("a.jpg", [], ["a.jpg.xmp"]),
        ("a.CR2", [], ["a.xmp"]),
        ("a.CR2", ["a.CR2.xmp"], ["a.CR2.xmp"]),
        ("a.CR2", ["a.CR2.xmp", "a.xmp"], ["a.CR2.xmp", "a.xmp"]),
        ("a.jpg", ["a.xmp"], ["a.xmp"]),
        ("a.jpg", ["a.xmp", "a.CR2"], ["a.jpg.xmp"]),
    ],
)
def test_the_sidecar_of_a_photo(tmp_path, photo, there, expected):
    for name in there:
        (tmp_path / name).write_bytes(b"")
    assert [path.name for path in sidecars_of(tmp_path / photo)] == expected


def test_marks_say_advice_and_kind():
    told = Diagnosis(Kind.SHAKEN, 0.9, Advice.CAN_BE_SAVED, 0.2)
    marks = marks_of(Triaged("a", told), FIELDS)
    assert (marks.label, marks.rating) == ("Yellow", 2)
    assert marks.keywords == ("acutance:shaken", "acutance:can be saved")
    assert marks_of(Triaged("a", told), ("rating",)) == Marks(None, 2, (), "acutance:")


def test_a_sidecar_is_made_and_then_merged(tmp_path):
    photo = tmp_path / "a.jpg"
    assert write_marks(photo, MARKS) == ()
    sidecar = tmp_path / "a.jpg.xmp"
    first = sidecar.read_bytes()
    assert b"<xmp:Label>Red</xmp:Label>" in first
    assert write_marks(photo, Marks("Green")) == ("label",)
    assert sidecar.read_bytes() == first and [p.name for p in tmp_path.iterdir()] == ["a.jpg.xmp"]


def test_a_sidecar_that_is_no_xmp_stays_as_it_is(tmp_path):
    (tmp_path / "a.jpg.xmp").write_bytes(b"something else")
    with pytest.raises(UserError, match=r"a\.jpg\.xmp stays as it is"):
        write_marks(tmp_path / "a.jpg", MARKS)
    assert (tmp_path / "a.jpg.xmp").read_bytes() == b"something else"


def test_a_folder_without_room_is_told(tmp_path):
    with pytest.raises(UserError, match="cannot be written"):
        write_marks(tmp_path / "gone" / "a.jpg", MARKS)
