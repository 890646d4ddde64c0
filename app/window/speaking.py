"""Has the window speak a language: its own texts, Qt's buttons, and the way numbers are written."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from app import language

_QT = QTranslator()


def speak(wish: str) -> None:
    """Speak "en", "de", or what the system speaks ("system"); before the window is made, for it is not made anew."""
    system = QLocale.system()
    language.use(*(system.uiLanguages() if wish == "system" else [wish]))
    speaking = QLocale(language.speaking())
    QLocale.setDefault(system if system.language() == speaking.language() else speaking)
    QCoreApplication.removeTranslator(_QT)
    if _QT.load(speaking, "qtbase", "_", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        QCoreApplication.installTranslator(_QT)
