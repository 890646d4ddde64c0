"""Chooses what goes into the bundle: only the parts of large packages that the program uses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

# Codecs of PNG, AVIF, JPEG XL and of all that a TIFF may be compressed by; imagecodecs has 60 more.
_CODECS = """
    shared shared_cython imcd png jpeg8 zlib deflate lzma zstd webp ccitt lerc jpeg2k jpegxl brotli avif jpegxr
    pixarlog
"""
CODECS = [f"imagecodecs._{name}" for name in _CODECS.split()]

_QT_MODULES = """
    Concurrent Designer Help Network PrintSupport Qml Quick QuickControls2 QuickTest
    QuickWidgets Sql SvgWidgets Test UiTools Xml
"""

# Modules that we do not import, though a library would.
_UNUSED_MODULES = """
    IPython PIL.ImageTk cv2.gapi cyclonedx dask hypothesis jax jinja2 lxml matplotlib mypy networkx
    numpy.testing.tests openvino.frontend.jax openvino.frontend.onnx openvino.frontend.paddle
    openvino.frontend.tensorflow openvino.tools.benchmark openvino_telemetry pandas pip pkg_resources pooch
    pydot pytest readline scipy.conftest setuptools skimage.conftest tensorboard tkinter _tkinter
    torch.utils.benchmark torch.utils.bottleneck torch.utils.model_dump torch.utils.tensorboard torch.utils.viz
    tqdm triton
"""
EXCLUDES = [*(f"PySide6.Qt{name}" for name in _QT_MODULES.split()), *_UNUSED_MODULES.split()]

# OpenGL: pyqtgraph's plots require both, whatever they draw with.
_QT_LIBRARIES = "Core|DBus|Gui|OpenGL|OpenGLWidgets|Svg|WaylandClient|Widgets|WlShellIntegration|XcbQpa"
_QT_PLUGINS = (
    "iconengines/q?svgicon|imageformats/q?svg|styles/|platforminputcontexts/(compose|ibus)|platforms/"
    "(qxcb|qwayland|qoffscreen|qwindows|qcocoa)|platformthemes/qxdgdesktopportal"
    "|wayland-(shell-integration|decoration-client)/"
)
# Networks are converted from PyTorch, kept in OpenVINO's own form and run on the CPU; the rest is for other networks
# and devices. The CPU's plugin is called after its processor (intel_cpu, arm_cpu).
_OPENVINO = "|_(intel|arm)_cpu_plugin|_pytorch_frontend|_ir_frontend"
_UNUSED = re.compile(
    r"(^|/)(tests?|__pycache__|include)/"
    r"|\.(a|h|hpp|pyi|pxd|pyx|c|cpp|cmake|ipynb|lib)$"
    r"|\.(dist|egg)-info/"
    r"|^torch/(bin/(?!torch_shm_manager)|(share|test|utils/(benchmark|model_dump|viz))/)"
    r"|^torch/testing/_internal/(distributed|opinfo|generated|optests|common_methods_invocations|common_modules)"
    r"|^torch/lib/(libtorchbind_test|libjitbackend_test|libbackend_with_compiler|libaoti_custom_ops)"
    r"|^(Qt|PySide6|PySide6/Qt)/(qml|resources|translations/(?!qtbase_de\.qm$))"  # German: Qt's own buttons
)


def kept(place: str) -> bool:
    """Tell whether a collected file, given by its place in the bundle, belongs there."""
    place = PurePosixPath(place.replace("\\", "/")).as_posix()
    if _UNUSED.search(place) and not _needed_data(place):
        return False
    binding = re.match(r"PySide6/Qt(?P<name>\w+)\.", place)
    if binding and binding["name"] in _QT_MODULES.split():  # files that a library's hook collects nevertheless
        return False
    plugin = re.search(r"(^|/)plugins/(?P<name>[a-z-]+/.*)", place) if "PySide6" in place else None
    if plugin:
        return re.match(_QT_PLUGINS, plugin["name"].replace("/lib", "/")) is not None
    backend = re.search(r"(^|/)(lib)?openvino(?P<name>_\w+)?\.(so|dll|\d|dylib)", place)
    if backend:
        return re.fullmatch(_OPENVINO, backend["name"] or "") is not None
    library = re.search(r"(^|/)(lib)?Qt6?(?P<name>[A-Z][A-Za-z0-9]*?)(\.so|\.dll|\.framework|$|/)", place)
    if library and not place.startswith("PySide6/Qt" + library["name"] + "."):
        return re.fullmatch(_QT_LIBRARIES, library["name"]) is not None
    return True


def _needed_data(place: str) -> bool:
    """Keep scikit-image's stubs, from which lazy_loader finds its functions."""
    return place.startswith("skimage/") and place.endswith(".pyi") and "/tests/" not in place


def without_orphans(binaries: Sequence[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """Leave out system libraries (at the top of the bundle) that nothing else in it needs.

    PyInstaller looks for what a library needs before `kept` sends the library away. binaries: (place, source, kind).
    """
    from PyInstaller.depend.bindepend import get_imports

    system = {place: entry for place, *entry in binaries if "/" not in place and not place.startswith("libpython")}
    asked = [source for place, source, kind in binaries if place not in system and kind != "SYMLINK"]
    asked += [source for source, kind in system.values() if kind == "EXTENSION"]
    needed: set[str] = set()
    while asked:
        names = {name for name, _ in get_imports(asked.pop())} & system.keys() - needed
        needed |= names
        asked += [system[name][0] for name in names if system[name][1] != "SYMLINK"]
    orphans = {place for place, (_, kind) in system.items() if kind == "BINARY"} - needed
    return [entry for entry in binaries if entry[0] not in orphans]
