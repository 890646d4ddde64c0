import errno
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import language
from engine.errors import Sentence, UserError
from engine.photos.errors import PhotoError
from engine.photos.reading import read_photo


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    yield
    language.use("en")


def test_english_needs_no_catalogue() -> None:
    language.use("en")
    assert language.tr("Acutance is open.") == "Acutance is open."
    assert language.trn("one face", "{count} faces", 1) == "one face"
    assert language.trn("one face", "{count} faces", 3).format(count=3) == "3 faces"


@pytest.mark.parametrize("tag", ["de", "de-AT", "de_DE.UTF-8", "DE"])
def test_a_tag_is_taken_with_country_and_encoding(tag: str) -> None:
    language.use(tag)
    assert language.speaking() == "de"


def test_the_first_language_that_there_is_wins() -> None:
    language.use("tlh", "de", "en")
    assert language.speaking() == "de"


def test_english_where_no_wish_can_be_granted() -> None:
    language.use("tlh")
    assert language.speaking() == "en"


def test_system_means_what_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.setenv("LANGUAGE", "tlh:de")
    language.use("system")
    assert language.speaking() == "de"


def test_an_empty_text_stays_empty_and_an_unknown_one_stays_english() -> None:
    language.use("de")
    assert language.tr("") == ""
    assert language.tr("Nobody says this.") == "Nobody says this."


def test_a_marked_text_stays_as_it_is() -> None:
    language.use("de")
    assert language.marked("Theme") == "Theme"


def test_numbers_are_written_as_the_language_does() -> None:
    language.use("en")
    assert [language.number(115_180), language.number(-1234.5, 1), language.number(0.65, 2)] == [
        "115,180",
        "−1,234.5",
        "0.65",
    ]
    language.use("de")
    assert [language.number(115_180), language.number(27.3, 2)] == ["115.180", "27,30"]


def test_an_error_is_translated() -> None:
    language.use("de")
    full = OSError(errno.ENOSPC, "No space left on device")
    error = UserError("The kernel {path} cannot be written: {reason}.", path="k.npy", reason=full)
    assert language.translated(error) == "Der Kern k.npy lässt sich nicht schreiben: das Laufwerk ist voll."
    assert str(error) == "The kernel k.npy cannot be written: the disk is full."


def test_a_name_among_the_fields_is_not_translated() -> None:
    language.use("de")
    assert "'Light'" in language.translated(UserError("There is no preset {name!r}.", name="Light"))


def test_a_note_of_the_engine_is_translated_with_its_fields() -> None:
    language.use("de")
    note = Sentence("This is page {page} of {pages}; the others are not kept.", page=1, pages=3)
    assert str(note) == "This is page 1 of 3; the others are not kept."
    assert language.translated(note) == "Das ist Seite 1 von 3; die anderen bleiben nicht erhalten."
    assert language.translated("it is cut short") == "sie ist abgeschnitten"
    assert language.translated(Sentence("{path}: {reason}", path="a.jpg", reason=note)).startswith(
        "a.jpg: Das ist Seite 1"
    )


def test_reasons_and_lists_within_a_sentence_are_translated(tmp_path: Path) -> None:
    language.use("de")
    letter = tmp_path / "letter.png"
    letter.write_text("Dear")
    with pytest.raises(PhotoError) as caught:
        read_photo(letter)
    assert language.translated(caught.value).endswith(
        "sie ist kein Bild oder von einem Format, das nicht unterstützt wird."
    )
    parts = (Sentence("IPTC"), Sentence("the resolution"))
    left_out = Sentence("{format} has no place for {parts}; left out.", format="WebP", parts=parts)
    assert str(left_out) == "WebP has no place for IPTC, the resolution; left out."
    assert language.translated(left_out).endswith("IPTC, die Auflösung.")


def test_the_title_of_a_method_within_a_note_is_translated() -> None:
    language.use("de")
    note = Sentence(
        "{title} is experimental: in the tests so far, its weights did not help.", title="Any photo, fast"
    )
    assert language.translated(note).startswith("Jedes Foto, schnell ist experimentell")
