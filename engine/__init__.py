"""Photos in, sharp photos out. No Qt, no training; torch is imported only when a network runs.

This is the public face of the engine::

    photo = engine.read_photo(Path("blurred.jpg"))
    with engine.Engine() as running:
        result = running.run(engine.Request(), photo)
    engine.write_photo(engine.finished(photo, result), "sharp.jpg")

The names are imported on first use, so that `import engine` loads neither numpy nor torch. docs/examples/restore.py
is a complete example.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.areas.area import Area
    from engine.engine import Engine
    from engine.errors import Cancelled, UserError
    from engine.explanation import Explanation
    from engine.faces.face import Face
    from engine.job import Job
    from engine.kernels.kernel import Kernel
    from engine.photos.photo import Photo
    from engine.photos.reading import read_photo
    from engine.photos.writing import write_photo
    from engine.request import Request
    from engine.restoration.finishing import finished
    from engine.result import FaceResult, Result

__all__ = [
    "Area",
    "Cancelled",
    "Engine",
    "Explanation",
    "Face",
    "FaceResult",
    "Job",
    "Kernel",
    "Photo",
    "Request",
    "Result",
    "UserError",
    "finished",
    "read_photo",
    "write_photo",
]

_HOMES = {
    "Area": "engine.areas.area",
    "Cancelled": "engine.errors",
    "Engine": "engine.engine",
    "Explanation": "engine.explanation",
    "Face": "engine.faces.face",
    "FaceResult": "engine.result",
    "Job": "engine.job",
    "Kernel": "engine.kernels.kernel",
    "Photo": "engine.photos.photo",
    "Request": "engine.request",
    "Result": "engine.result",
    "UserError": "engine.errors",
    "finished": "engine.restoration.finishing",
    "read_photo": "engine.photos.reading",
    "write_photo": "engine.photos.writing",
}


def __getattr__(name: str) -> Any:
    """Import a public name on first use (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
