"""The language of the program: English from the code, or a catalogue of resources/languages."""

from __future__ import annotations

import gettext
import locale
import os
import sys

from engine.errors import Sentence, TranslatableError, reason_of
from resources import resource

SOURCE = "en"
"""The language of the texts in the code, which needs no catalogue."""

_COMMA_BEFORE_DECIMALS = ("de",)
_POINTS_AND_COMMAS_CHANGED = str.maketrans(".,", ",.")

_speaking = SOURCE
_catalogue: gettext.NullTranslations = gettext.NullTranslations()


def tr(text: str) -> str:
    """Return a text in the current language, or in English if there is no translation.

    Fields have names and are filled in afterwards: ``tr("{name} is saved.").format(name=name)``.
    """
    return text and _catalogue.gettext(text)  # an empty text is the key of the catalogue's header


def trn(one: str, many: str, count: int) -> str:
    """Return the singular or plural text: ``trn("one face", "{count} faces", count).format(count=count)``."""
    return _catalogue.ngettext(one, many, count)


def marked(text: str) -> str:
    """Return the text unchanged; it marks the texts of a table, which `tr` translates when they are shown."""
    return text


def number(value: float, decimals: int = 0) -> str:
    """Return a number in the language's format: 1,234.5 in English, 1.234,5 in German."""
    written = f"{value:,.{decimals}f}".replace("-", "−")
    return written.translate(_POINTS_AND_COMMAS_CHANGED) if _speaking in _COMMA_BEFORE_DECIMALS else written


def percent(share: float, decimals: int = 0) -> str:
    """Return a share in [0, 1] in per cent."""
    return tr("{number}%").format(number=number(share * 100, decimals) if decimals else round(share * 100))


def translated(said: BaseException | str) -> str:
    """Return the sentence of an error, or a sentence of the engine, in the current language."""
    if isinstance(said, BaseException):
        said = said.sentence if isinstance(said, TranslatableError) else reason_of(said)
    if not isinstance(said, Sentence) or not said.fields:
        return tr(said)
    return tr(said.wording).format(**{name: _field(name, value) for name, value in said.fields.items()})


def _field(name: str, value: object) -> object:
    """Return a field for display: errors, reasons and methods' titles are translated, names and numbers stay."""
    if isinstance(value, Exception | Sentence):
        return translated(value)
    if isinstance(value, tuple):
        return ", ".join(map(translated, value))
    return tr(value) if name in ("reason", "title") and isinstance(value, str) else value


def use(*wishes: str) -> None:
    """Use the first of the wished languages that exists, otherwise English.

    wishes: language tags such as "de", "de-AT" or "de_DE.UTF-8"; "system" means the languages of the user's system.
    """
    global _speaking, _catalogue
    wanted = [tag for wish in wishes for tag in (system_languages() if wish == "system" else [wish])]
    known = languages()
    _speaking = next((name for name in map(_language, wanted) if name in known), SOURCE)
    _catalogue = _read(_speaking)


def speaking() -> str:
    """Return the current language, "en" or "de"."""
    return _speaking


def languages() -> list[str]:
    """Return the available languages."""
    return [SOURCE, *sorted(path.stem for path in resource("languages").glob("*.mo"))]


def system_languages() -> list[str]:
    """Return the languages of the user's system, best first, without asking Qt."""
    variables = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
    tags = [tag for name in variables for tag in os.environ.get(name, "").split(":") if tag]
    if not tags and sys.platform == "win32":
        import ctypes

        number = ctypes.windll.kernel32.GetUserDefaultUILanguage()
        tags = [locale.windows_locale.get(number, SOURCE)]
    return tags


def _language(tag: str) -> str:
    """Return the language of a tag, which may also name a country and an encoding."""
    return tag.replace("-", "_").split("_")[0].split(".")[0].lower()


def _read(language: str) -> gettext.NullTranslations:
    if language == SOURCE:
        return gettext.NullTranslations()
    with resource("languages", f"{language}.mo").open("rb") as file:
        return gettext.GNUTranslations(file)
