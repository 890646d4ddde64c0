import numpy as np
import pytest

from engine.errors import UserError
from engine.restoration.choice import Choice
from engine.restoration.restored import Restored
from engine.restoration.run import Run
from engine.restoration.steps.faces import faces_of, restore_faces
from engine.restoration.watch import Watch


@pytest.fixture
def darker(monkeypatch):
    """Make every face darker."""
    monkeypatch.setattr(Run, "by", lambda *_: lambda pixels, watch: Restored(pixels * np.float32(0.9), None, "cpu"))


def kept(run) -> Restored:
    return Restored(run.photo.pixels, None, "cpu")


def test_without_a_choice_nothing_is_looked_for(run_of):
    run = run_of()
    whole = kept(run)
    assert restore_faces(run, Choice("wrfn"), whole, Watch()) == (whole, ())
    assert not run.loaded.faces.knows(run.photo)


@pytest.mark.usefixtures("darker")
def test_a_face_is_restored_in_a_copy_of_the_photo(run_of):
    run = run_of(region="faces")
    before = run.photo.pixels.copy()
    restored, faces = restore_faces(run, Choice(faces="wrfn"), kept(run), Watch())
    assert [each.face for each in faces] == faces_of(run, Watch())
    assert (run.photo.pixels == before).all() and restored.pixels is not run.photo.pixels
    changed = (restored.pixels != before).any(axis=2)
    assert changed[50:70, 55:75].mean() > 0.5 and not changed[:5].any()


@pytest.mark.usefixtures("darker")
def test_it_is_restored_in_what_became_of_the_whole_photo(run_of):
    run = run_of()
    whole = Restored(run.photo.pixels.copy(), None, "cpu")
    restored, _ = restore_faces(run, Choice("wrfn", "wrfn"), whole, Watch())
    assert restored.pixels is whole.pixels


def test_a_photo_without_faces_is_a_sentence_where_nothing_else_is_restored(run_of):
    run = run_of(region="faces", smallest_face=200)
    with pytest.raises(UserError, match="No face of at least 200 px was found in the photo"):
        restore_faces(run, Choice(faces="wrfn"), kept(run), Watch())
    whole = kept(run)
    assert restore_faces(run, Choice("wrfn", "wrfn"), whole, Watch()) == (whole, ())


def test_no_face_that_is_chosen_is_a_sentence(run_of):
    run = run_of(region="faces", faces=())
    with pytest.raises(UserError, match="No face is chosen in the photo"):
        restore_faces(run, Choice(faces="wrfn"), kept(run), Watch())
