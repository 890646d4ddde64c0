"""Updates the catalogues in resources/languages from the texts in the code, and compiles them.

`python packaging/translations.py` (`make languages`) rewrites de.po: it keeps the German texts and leaves new ones
empty. Then it compiles de.mo. It prints all texts without a translation, and ends with 1 if there are any.
"""

from __future__ import annotations

import ast
import json
import re
import string
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from engine.errors import REASONS
from engine.networks.registry import shipped_methods

ROOT = Path(__file__).resolve().parents[1]
LANGUAGES = ROOT / "resources" / "languages"
SPEAKING = ("app", "engine", "training/sources.py", "training/survey.py")
"""The packages and modules whose texts are translated; the window surveys photos by the two modules."""

_ARGUMENTS = {
    "tr": ((0,),),
    "trn": ((0, 1),),
    "marked": ((0,),),
    **dict.fromkeys(("UserError", "Sentence", "PhotoError", "WeightsError", "UnknownMethodError"), ((0,),)),
    **dict.fromkeys(("EncodingError", "DecodingError", "EngineLostError", "NoXmpError"), ((0,),)),
    "SchedulerLostError": ((0,),),
    **dict.fromkeys(("unreadable", "unwritable"), ((1,),)),
    "Command": ((1,), (2,), (3,)),
    "Setting": ((2,), (3,), (4,)),
}
"""Which arguments of a call are texts; a pair is singular and plural."""
_SOME_DAY = datetime(2026, 1, 1, tzinfo=UTC)


def main() -> int:
    """Update every catalogue; return 1 if one lacks a translation."""
    complete = True
    for path in sorted(LANGUAGES.glob("*.po")):
        update(path)
        for fault in faults(read(path)):
            complete = False
            sys.stdout.write(f"{path.name}: {fault}\n")
    return 0 if complete else 1


def update(path: Path) -> None:
    """Rewrite a catalogue with the texts of the code, and compile it."""
    texts = extracted()
    header = path.read_text(encoding="utf-8").split("\n\n", 1)[0]
    body = BytesIO()
    write_po(body, merged(texts, read(path)), width=110, omit_header=True, sort_by_file=True, include_lineno=False)
    path.write_text(f"{header}\n\n{body.getvalue().decode('utf-8').lstrip()}", encoding="utf-8")
    compile_catalogue(path)


def compile_catalogue(path: Path) -> None:
    """Write the .mo beside a .po, always the same for the same texts, without untranslated ones."""
    catalogue = read(path)
    for message in list(catalogue):
        if message.id and not all(_forms(message.string)):
            catalogue.delete(message.id)
    catalogue.creation_date = _SOME_DAY
    with path.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalogue)


def read(path: Path) -> Catalog:
    """Return a catalogue with its comments and its obsolete texts."""
    with path.open("rb") as file:
        return read_po(file, locale=path.stem)


def extracted(root: Path = ROOT) -> Catalog:
    """Return the texts of the code, without translations."""
    catalogue = Catalog()
    places = [root / place for place in SPEAKING]
    modules = [path for place in places for path in ([place] if place.suffix else place.rglob("*.py"))]
    for path in sorted(modules):
        for text in texts_of(path.read_text(encoding="utf-8")):
            catalogue.add(text, locations=[(path.relative_to(root).as_posix(), 0)])
    for reason in REASONS.values():
        catalogue.add(reason, locations=[("engine/errors.py", 0)])
    for method in shipped_methods().values():
        catalogue.add(method.title, locations=[(f"engine/networks/{method.id}", 0)])
        catalogue.add(method.summary, locations=[(f"engine/networks/{method.id}", 0)])
    for path in sorted((root / "resources" / "weights").glob("*.json")):
        for text in texts_of_card(json.loads(path.read_text(encoding="utf-8"))):
            catalogue.add(text, locations=[(path.relative_to(root).as_posix(), 0)])
    return catalogue


def texts_of_card(card: dict[str, Any]) -> Iterator[str]:
    """Yield what the card of some weights says in words: remarks, what it was judged by, licences of photos."""
    sources = [source.get("licence") for source in card.get("data", ()) if isinstance(source, dict)]
    named = [name for name in card.get("evaluations", {}) if name != "held out"]  # the window has words for that
    yield from (text for text in (card.get("note"), *named, *sources) if text)


def texts_of(code: str) -> Iterator[str | tuple[str, ...]]:
    """Yield the texts of a module, those with a plural as pairs."""
    for call in (node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)):
        for places in _ARGUMENTS.get(getattr(call.func, "id", ""), ()):
            found = [call.args[place] for place in places if place < len(call.args)]
            if any(isinstance(part, ast.JoinedStr) for part in found):
                raise ValueError(f"line {call.lineno}: an f-string is in no catalogue; fill fields in by name")
            texts = [part.value for part in found if isinstance(part, ast.Constant) and part.value]
            if len(texts) == len(places):
                yield texts[0] if len(texts) == 1 else tuple(texts)


def merged(texts: Catalog, known: Catalog) -> Catalog:
    """Return a catalogue of `texts` with the translations of `known`; texts that are gone are kept as obsolete."""
    result = Catalog(locale=known.locale)
    translations = {_key(message): message for message in (*known.obsolete.values(), *known) if message.id}
    for message in texts:
        if not message.id:
            continue
        old = translations.pop(_key(message), None)
        fits = old is not None and isinstance(old.id, str) == isinstance(message.id, str)
        places = sorted({(place, 0) for place, _ in message.locations})
        result.add(
            message.id,
            old.string if old and fits else "",
            locations=places,
            flags=old.flags & {"fuzzy"} if old else (),
            user_comments=old.user_comments if old else (),
        )
    for key, message in translations.items():
        if message.string and any(message.string):
            result.obsolete[key] = message
    return result


def faults(catalogue: Catalog) -> Iterator[str]:
    """Yield a line for each text that is missing, uncertain (fuzzy), or has other fields than the English one."""
    for message in catalogue:
        if not message.id:
            continue
        english, ours = _forms(message.id), _forms(message.string)
        if not all(ours):
            yield f"no translation of {english[0]!r}"
        elif message.fuzzy:
            yield f"uncertain translation of {english[0]!r}"
        elif any(fields(text) != fields(english[-1]) for text in ours[-1:]) or fields(ours[0]) - fields(english[-1]):
            yield f"other fields than in {english[0]!r}"


def fields(text: str) -> set[str]:
    """Return the names that str.format fills in; none for a text that no format could read."""
    try:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError:
        return set(re.findall(r"\{(\w*)\}", text))


def _forms(text: str | Sequence[str]) -> Sequence[str]:
    """Return a text's forms: one, or those of singular and plural."""
    return [text] if isinstance(text, str) else text


def _key(message: Message) -> str:
    return _forms(message.id)[0]


if __name__ == "__main__":
    sys.exit(main())
