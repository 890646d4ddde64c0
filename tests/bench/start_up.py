"""Starts the real program in this process and prints as JSON what it took from the import of app to the first paint.

python tests/bench/start_up.py prints seconds on the clock and of the processor, and which heavy libraries are loaded.
"""

import time

CLOCK, USED = time.perf_counter(), time.process_time()

import json  # noqa: E402
import os  # noqa: E402
import sys  # noqa: E402

from app.__main__ import main  # noqa: E402

HEAVY = ("torch", "scipy", "cv2", "openvino", "pyqtgraph", "matplotlib", "tifffile", "imagecodecs")


def watch_first_paint():
    """Have the application that the program makes tell of its window's first paint."""
    from PySide6.QtCore import QEvent, QObject, QTimer

    from app.window import application

    class FirstPaint(QObject):
        def eventFilter(self, watched, event):  # noqa: N802 - Qt's name
            if event.type() == QEvent.Type.Paint and watched.isWidgetType() and watched.isWindow():
                watched.removeEventFilter(self)
                QTimer.singleShot(0, tell)  # when all of it is painted
            return False

    make, filters = application.make_application, []

    def making():
        made = make()
        filters.append(FirstPaint(made))
        made.installEventFilter(filters[0])
        return made

    application.make_application = making


def tell():
    """Print the figures and end."""
    figures = {
        "clock": time.perf_counter() - CLOCK,
        "processor": time.process_time() - USED,
        "loaded": [name for name in HEAVY if name in sys.modules],
    }
    print(json.dumps(figures), flush=True)  # noqa: T201
    os._exit(0)


watch_first_paint()
sys.exit(main([]))
