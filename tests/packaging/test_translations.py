import gettext
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from translations import LANGUAGES, compile_catalogue, extracted, faults, fields, merged, read, texts_of

CATALOGUES = sorted(LANGUAGES.glob("*.po"))


@pytest.fixture(scope="module")
def texts() -> Catalog:
    return extracted()


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_every_text_of_the_program_is_translated(path: Path, texts: Catalog) -> None:
    assert list(faults(merged(texts, read(path)))) == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_the_compiled_catalogue_is_that_of_its_source(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / path.name
    copy.write_bytes(path.read_bytes())
    compile_catalogue(copy)
    assert _messages(path.with_suffix(".mo")) == _messages(copy.with_suffix(".mo"))


def test_a_text_that_no_catalogue_could_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="line 1: an f-string"):
        list(texts_of('UserError(f"{path} is empty.")'))


def test_a_text_that_is_new_is_missing_and_one_that_is_gone_stays_in_store() -> None:
    texts, known = Catalog(), _catalogue('msgid "Blur"\nmsgstr "Unschärfe"\n')
    texts.add("{name} is saved.")
    result = merged(texts, known)
    assert list(faults(result)) == ["no translation of '{name} is saved.'"]
    texts.add("Blur")
    assert merged(texts, result)["Blur"].string == "Unschärfe"


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ('msgid "{name} is saved."\nmsgstr "{nam} gespeichert."\n', "other fields than in '{name} is saved.'"),
        ('#, fuzzy\nmsgid "Blur"\nmsgstr "Unschärfe"\n', "uncertain translation of 'Blur'"),
        (
            'msgid "one face"\nmsgid_plural "{count} faces"\nmsgstr[0] "ein Gesicht"\nmsgstr[1] "Gesichter"\n',
            "other fields than in 'one face'",
        ),
        (
            'msgid "one face"\nmsgid_plural "{count} faces"\nmsgstr[0] "ein Gesicht"\nmsgstr[1] ""\n',
            "no translation of 'one face'",
        ),
    ],
)
def test_a_bad_entry_is_reported(entry: str, fault: str) -> None:
    assert list(faults(_catalogue(entry))) == [fault]


def test_a_singular_may_leave_the_number_out() -> None:
    good = 'msgid "one face"\nmsgid_plural "{count} faces"\nmsgstr[0] "ein Gesicht"\nmsgstr[1] "{count} Gesichter"\n'
    assert list(faults(_catalogue(good))) == []


def test_fields_of_a_text_that_no_format_reads() -> None:
    assert fields("50 % of {name}, {") == {"name"}


def _catalogue(entries: str) -> Catalog:
    head = 'msgid ""\nmsgstr ""\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n'
    return read_po(BytesIO(f"{head}\n{entries}".encode()), locale="de")


def _messages(path: Path) -> dict[object, str]:
    with path.open("rb") as file:
        catalogue: dict[object, str] = gettext.GNUTranslations(file)._catalog
    return {key: text for key, text in catalogue.items() if key}
