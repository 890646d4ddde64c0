"""Every text that the window shows goes through the catalogue: a made-up language puts each into brackets."""

import gettext
import re

import pytest
from PySide6.QtCore import QAbstractListModel, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QWidget

from app import language
from app.window.application import make_window
from app.window.help.licences_dialog import LicencesDialog
from app.window.photos.photo_state import State
from engine.areas.area import Area
from engine.networks.registry import methods
from tests.e2e.test_manners import PAGES, PLAIN

GETTERS = ("text", "toolTip", "accessibleName", "accessibleDescription", "placeholderText", "windowTitle", "title")
SAME_EVERYWHERE = re.compile(
    r"Acutance|WRFN|PNG|JPEG|TIFF|WebP|AVIF|CPU|CUDA|MPS|OpenVINO|PyTorch|PSNR|SSIM|SHA-256|Rec|ProPhoto|RGB|Display|"
    r"\b(?:dB|MB|GB|px|min|wrfn|float\d*|Python|Qt|torch|PySide6|Essentials|numpy|Pillow|facenet|pytorch)\b|"
    r"\{\w+\}|-acutance|"
    r"\b(?:Ctrl|Shift|Alt|Esc|Del|Return|Enter|Space|Tab|PgUp|PgDown|Backspace|Left|Right|F\d+)\b|"
    r"[\w. -]*\.(?:png|jpg|py|npy)\b|(?:https?:/)?/[\w./-]+"
)
"""Names, units, keys and files: they are the same in every language."""
PAPERS = [method.paper for method in methods().values()]


class Brackets(gettext.NullTranslations):
    """Translates every text into itself in brackets."""

    def gettext(self, message):
        return f"‹{message}›"

    def ngettext(self, msgid1, msgid2, n):
        return f"‹{msgid1 if n == 1 else msgid2}›"


def bare(text):
    """Return what of a text was not in the catalogue."""
    for paper in PAPERS:
        text = text.replace(paper, "")
    text = re.sub(r"<[^>]*>", "", text)
    inner = None
    while inner != text:  # a text may be a field of another
        inner, text = text, re.sub(r"‹[^‹›]*›", "", text)
    return " ".join(re.findall(r"[^\W\d_]{2,}", SAME_EVERYWHERE.sub("", text)))


def texts_of(page):
    """Yield every text of a page that a user can see or hear."""
    for part in [page, *page.findChildren(QWidget), *page.findChildren(QAction)]:
        if not part.objectName().startswith("qt_"):
            kind = type(part)  # an attribute of ours may hide a method of Qt
            getters = (getattr(base, name, None) for name in GETTERS for base in kind.__mro__ if name in vars(base))
            yield from (str(getter(part)) for getter in getters if callable(getter))
        if isinstance(part, QComboBox):
            yield from (part.itemText(at) for at in range(part.count()))
        if isinstance(part, QAbstractItemView) and part.model() is not None and not isinstance(page, LicencesDialog):
            model = part.model()
            columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount()
            for column in range(columns):
                yield str(model.headerData(column, Qt.Orientation.Horizontal) or "")
                for row in range(model.rowCount()):
                    yield str(model.index(row, column).data() or "")


@pytest.fixture
def foreign(qtbot, theme, engine, folder, monkeypatch):
    """Return a window with a result in a language that nobody speaks."""
    monkeypatch.setattr(language, "_catalogue", Brackets())
    monkeypatch.setattr("app.window.help.log_dialog.read_log", lambda *_: [])
    window = make_window(theme, lambda: engine)
    window.show()
    window.open(folder / "0.png")
    qtbot.waitUntil(lambda: window.document.shown.state is State.READY and len(window.document.shown.marks) == 2)
    window.actions_by_id["deblur"].trigger()
    qtbot.waitUntil(lambda: window.document.shown.identities is not None)
    yield window
    window.document.shown.mark_saved()
    window.close()
    window.deleteLater()


@pytest.mark.parametrize("name", PAGES)
def test_every_text_can_be_translated(foreign, name):
    page = PAGES[name](foreign)
    found = {bare(text) for text in texts_of(page) if text not in PLAIN} - {""}
    if page.isWindow() and page is not foreign:
        page.close()
    assert found == set()


def test_every_entry_of_the_menus_can_be_translated(foreign):
    shown = foreign.document.shown
    shown.change_request(areas=(Area((10.0, 10.0, 60.0, 60.0)), Area((70.0, 10.0, 120.0, 60.0))))
    menus = foreign.menus.of_photo(), foreign.menus.of_row(shown.path), foreign.faces.menu(0), foreign.areas.menu(1)
    assert {bare(text) for menu in menus for text in texts_of(menu)} - {""} == set()


def test_a_text_in_english_alone_is_found():
    assert bare("‹Save {name}› now, ‹as ‹PNG››, 3 px") == "now"
