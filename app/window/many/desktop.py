"""What the desktop shows for the program: progress in the taskbar, and notifications."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QWidget

from app.window.many.taskbar import TaskbarProgress, taskbar_progress
from app.window.theme.icons import application_icon

if TYPE_CHECKING:
    from PySide6.QtDBus import QDBusMessage

_SHOWN = 8_000  # ms
_LAUNCHER = "com.canonical.Unity.LauncherEntry"
_PORTAL = "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop", "org.freedesktop.portal.Notification"


class Desktop(QObject):
    """Does nothing where the desktop has no place for it.

    Progress: the launchers of Linux desktops that read Unity's signal (KDE, Ubuntu, Budgie, Dash to Dock); elsewhere
    the icon's badge says how many photos are left, and Windows' taskbar shows a bar. Notifications: by the tray,
    which Windows and macOS have; on Linux desktops without one (GNOME), by the portal.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._tray: QSystemTrayIcon | None = None
        self._shown: tuple[float | None, int] = (None, 0)
        self._bar: TaskbarProgress | None = None
        self._looked = False

    def show_progress(self, share: float | None, left: int = 0) -> None:
        """Show how much is done, 0 to 1; None ends it. left: photos that wait."""
        if share is not None:
            share = round(share, 2)
        if (share, left) == self._shown:
            return
        self._shown = share, left
        if sys.platform == "linux":
            shown = {"progress": share or 0.0, "progress-visible": share is not None}
            _signal("/app/acutance", _LAUNCHER, "Update", ["application://acutance.desktop", shown])
        else:
            application = QGuiApplication.instance()
            if isinstance(application, QGuiApplication):
                application.setBadgeNumber(left if left > 1 else 0)
            self._show_bar(share)

    def _show_bar(self, share: float | None) -> None:
        if not self._looked:
            self._looked, self._bar = True, taskbar_progress()
        if self._bar is not None:
            self._bar.show(int(self._window.winId()), share)

    def notify(self, text: str) -> None:
        """Tell that something has ended, and mark the window in the taskbar, unless the user looks at it."""
        if self._window.isActiveWindow():
            return
        QApplication.alert(self._window)
        if QSystemTrayIcon.isSystemTrayAvailable() and QSystemTrayIcon.supportsMessages():
            self._by_tray(text)
        elif sys.platform == "linux":
            _call(*_PORTAL, "AddNotification", ["ended", {"title": "Acutance", "body": text}])

    def _by_tray(self, text: str) -> None:
        """Show the message; the icon in the tray goes when the user comes back."""
        if self._tray is None:
            self._tray = QSystemTrayIcon(application_icon(), self)
            self._tray.messageClicked.connect(self._come)
        self._tray.show()
        self._tray.showMessage("Acutance", text, application_icon(), _SHOWN)

    def _come(self) -> None:
        self._window.raise_()
        self._window.activateWindow()
        self.settle()

    def settle(self) -> None:
        """Take the icon out of the tray: the user is here."""
        if self._tray is not None:
            self._tray.hide()


def _signal(path: str, interface: str, name: str, arguments: list[object]) -> None:
    from PySide6.QtDBus import QDBusMessage

    _send(QDBusMessage.createSignal(path, interface, name), arguments)


def _call(service: str, path: str, interface: str, name: str, arguments: list[object]) -> None:
    from PySide6.QtDBus import QDBusMessage

    _send(QDBusMessage.createMethodCall(service, path, interface, name), arguments)


def _send(message: QDBusMessage, arguments: list[object]) -> None:
    """Send a message without waiting for an answer: without a receiver nothing is shown."""
    from PySide6.QtDBus import QDBusConnection

    bus = QDBusConnection.sessionBus()
    if bus.isConnected():
        message.setArguments(arguments)
        bus.send(message)
