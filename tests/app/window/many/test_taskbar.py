"""The taskbar of Windows, with an interface made here: the same table of functions, called in the same way."""

import sys
from ctypes import CFUNCTYPE, POINTER, addressof, c_int32, c_uint64, c_void_p, cast, pointer

import pytest

from app.window.many.taskbar import TaskbarProgress, taskbar_progress

FAILED = -2147467259  # E_FAIL


class Interface:
    """An object whose first word is the address of a table of functions."""

    def __init__(self, answer=0):
        self.calls = []

        def told(name):
            return lambda this, *arguments: (self.calls.append((name, *arguments)), answer)[1]

        self.functions = {
            3: CFUNCTYPE(c_int32, c_void_p)(told("init")),
            9: CFUNCTYPE(c_int32, c_void_p, c_void_p, c_uint64, c_uint64)(told("value")),
            10: CFUNCTYPE(c_int32, c_void_p, c_void_p, c_int32)(told("state")),
        }
        self.table = (c_void_p * 11)()
        for place, function in self.functions.items():
            self.table[place] = cast(function, c_void_p).value
        self.object = pointer(cast(self.table, POINTER(c_void_p)))

    @property
    def address(self):
        return addressof(self.object.contents)


def test_a_share_is_shown_and_taken_away():
    interface = Interface()
    shown = TaskbarProgress(interface.address)
    shown.show(0x1234, 0.25)
    shown.show(0x1234, None)
    assert interface.calls == [("init",), ("value", 0x1234, 250, 1000), ("state", 0x1234, 0)]


def test_a_refusal_is_a_line_in_the_log(caplog):
    caplog.set_level("INFO")
    TaskbarProgress(Interface(FAILED).address)
    assert "0x80004005" in caplog.text


@pytest.mark.skipif(sys.platform == "win32", reason="other systems")
def test_other_systems_have_none():
    assert taskbar_progress() is None
