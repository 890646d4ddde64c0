"""Guarantees of PySide6 that this program needs, and that one version of it breaks."""

import sys

import PySide6
import pytest
from PySide6.QtCore import QObject, Signal


class Sender(QObject):
    said = Signal(int)


@pytest.mark.skipif(PySide6.__version__ == "6.12.0", reason="it does not; pyproject.toml refuses it")
def test_a_signal_costs_no_reference(qapp):
    sender = Sender()
    sender.said.connect(lambda number: None)
    before = sys.getrefcount(True)
    for number in range(300):
        sender.said.emit(number)
    assert sys.getrefcount(True) > before - 200
