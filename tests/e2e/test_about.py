"""Licences, cards and releases behind About."""

from PySide6.QtWidgets import QPushButton

from app.window.help import about
from app.window.help.card_dialog import CardDialog
from app.window.help.licences_dialog import LicencesDialog


def test_about_leads_to_every_licence(qtbot, window):
    dialog = LicencesDialog(window)
    dialog.show()
    qtbot.keyClicks(dialog.search, "NUMPY")
    shown = [at for at in range(dialog.packages.count()) if not dialog.packages.item(at).isHidden()]
    assert len(shown) == 1
    dialog.packages.setCurrentRow(shown[0])
    assert "NumPy Developers" in dialog.text.toPlainText()
    texts = " ".join(words.text() for words in dialog.findChildren(about.QLabel))
    assert "Apache License 2.0" in texts and "CC BY-NC-SA 4.0" in texts
    dialog.close()


def test_about_offers_no_look_for_a_newer_version_where_there_is_no_release_page(window, monkeypatch):
    monkeypatch.setattr(about, "release_page", lambda: "")
    dialog = about.AboutDialog(window)
    dialog.show()
    assert not dialog.look.isVisible()
    dialog.close()


def test_about_is_no_higher_than_its_words(window):
    dialog = about.AboutDialog(window)
    dialog.show()
    scroll = dialog.findChild(about.QScrollArea)
    last = max((part for part in scroll.widget().children() if part.isWidgetType()), key=lambda part: part.y())
    assert scroll.widget().height() - last.geometry().bottom() <= 8
    dialog.close()


def test_about_names_the_licences_of_program_and_weights(window):
    dialog = about.AboutDialog(window)
    texts = " ".join(words.text() for words in dialog.findChildren(about.QLabel))
    assert "Apache License 2.0" in texts and "CC BY-NC-SA 4.0" in texts
    dialog.close()


def test_a_model_card_can_be_read(window, install, monkeypatch):
    install(
        "wrfn",
        title="Wide",
        parameters=1234567,
        samples_seen=4321,
        data=[{"name": "faces", "licence": "CC0", "pictures": 97}],
        evaluations={"held out": {"psnr": 27.3, "input_psnr": 25.2, "better": 1.0}},
        note="Trained on one thread.",
    )
    shown = []
    monkeypatch.setattr(CardDialog, "exec", lambda card: shown.append(card))
    dialog = about.AboutDialog(window)
    button = next(b for b in dialog.findChildren(QPushButton) if "Any photo, fast" in b.accessibleName())
    assert button.text() == "Model card"
    button.click()
    words = [words.text() for words in shown[0].findChildren(about.QLabel)]
    assert {"1,234,567", "CC0, 97 photos", "27.30 dB, blurred 25.20 dB", "Trained on one thread."} <= set(words)
