"""Sets the window's language: its own texts, Qt's buttons, and the format of numbers."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from app import language

_QT = QTranslator()


def speak(wish: str) -> None:
    """Use "en", "de", or the system's language ("system"). Call it before the window is made."""
    system = QLocale.system()
    language.use(*(system.uiLanguages() if wish == "system" else [wish]))
    speaking = QLocale(language.speaking())
    QLocale.setDefault(system if system.language() == speaking.language() else speaking)
    QCoreApplication.removeTranslator(_QT)
    if _QT.load(speaking, "qtbase", "_", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        QCoreApplication.installTranslator(_QT)
