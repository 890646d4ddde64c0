"""The progress bar on a window's button in the taskbar of Windows, by the COM interface ITaskbarList3."""

from __future__ import annotations

import ctypes
import logging
import sys
from ctypes import POINTER, c_int32, c_uint64, c_void_p
from typing import Any
from uuid import UUID

_log = logging.getLogger(__name__)

_CLASS = UUID("56FDF344-FD6D-11D0-958A-006097C9A090")
_INTERFACE = UUID("EA1AFB91-9E28-4B86-90E9-9E9F8A5EEFAF")
_IN_THIS_PROCESS = 1
_INIT, _VALUE, _STATE = 3, 9, 10  # places in the interface's table of functions
_NO_PROGRESS = 0
_WHOLE = 1000


class TaskbarProgress:
    """interface: address of an ITaskbarList3. Programs of 64 bits call its functions as those of C."""

    def __init__(self, interface: int) -> None:
        self._interface = interface
        self._call(_INIT)

    def show(self, window: int, share: float | None) -> None:
        """Show how much is done, 0 to 1, on the button of a window; None takes the bar away."""
        if share is None:
            self._call(_STATE, (c_void_p, window), (c_int32, _NO_PROGRESS))
        else:
            self._call(_VALUE, (c_void_p, window), (c_uint64, round(share * _WHOLE)), (c_uint64, _WHOLE))

    def _call(self, place: int, *arguments: tuple[Any, int]) -> None:
        table = ctypes.cast(self._interface, POINTER(POINTER(c_void_p))).contents
        function = ctypes.CFUNCTYPE(c_int32, c_void_p, *(kind for kind, _ in arguments))(table[place] or 0)
        answer = function(self._interface, *(value for _, value in arguments))
        if answer < 0:
            _log.info("the taskbar shows no progress: %#x", answer & 0xFFFFFFFF)


def taskbar_progress() -> TaskbarProgress | None:
    """Return the taskbar's interface; None on other systems, or if there is no taskbar. Qt has begun with COM."""
    if sys.platform != "win32":
        return None
    names = [(ctypes.c_ubyte * 16).from_buffer_copy(identity.bytes_le) for identity in (_CLASS, _INTERFACE)]
    made = c_void_p()
    create = ctypes.windll.ole32.CoCreateInstance
    answer = create(ctypes.byref(names[0]), None, _IN_THIS_PROCESS, ctypes.byref(names[1]), ctypes.byref(made))
    if answer < 0 or not made.value:
        _log.info("there is no taskbar: %#x", answer & 0xFFFFFFFF)
        return None
    return TaskbarProgress(made.value)
