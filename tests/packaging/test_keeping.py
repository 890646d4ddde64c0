"""Only files that the program uses are kept."""

import os
import subprocess
import sys

import pytest
from keeping import EXCLUDES, kept


@pytest.mark.parametrize(
    "place",
    [
        "PySide6/Qt/lib/libQt6Core.so.6",
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6/plugins/platforms/qwindows.dll",
        "PySide6\\plugins\\iconengines\\qsvgicon.dll",
        "PySide6/QtWidgets.abi3.so",
        "PySide6/Qt6Svg.dll",
        "libQt6Gui.so.6",
        "PySide6/Qt/lib/libQt6OpenGL.so.6",
        "PySide6/Qt6OpenGLWidgets.dll",
        "skimage/data/__init__.pyi",
        "torch/lib/libtorch_cpu.so",
        "torch/bin_ops.pyc",
        "unittest/case.pyc",
        "resources/weights/wrfn.safetensors",
        "torch/bin/torch_shm_manager",
        "torch/testing/_internal/logging_tensor.pyc",
        "PySide6/Qt/translations/qtbase_de.qm",
        "PySide6/translations/qtbase_de.qm",
        "openvino/libs/libopenvino.so.2641",
        "openvino/libs/openvino_intel_cpu_plugin.dll",
        "openvino/libs/libopenvino_arm_cpu_plugin.so",
        "openvino/libs/libopenvino_pytorch_frontend.2641.dylib",
        "openvino/libs/libtbb.so.12",
        "openvino/_pyopenvino.cpython-311-x86_64-linux-gnu.so",
        "openvino/opset1/ops.pyc",
    ],
)
def test_used(place: str) -> None:
    assert kept(place)


@pytest.mark.parametrize(
    "place",
    [
        "PySide6/Qt/lib/libQt6Qml.so.6",
        "PySide6/Qt/lib/libQt6WebEngineCore.so.6",
        "libQt6Network.so.6",
        "PySide6/Qt6Quick.dll",
        "PySide6/Qt/plugins/platformthemes/libqgtk3.so",
        "PySide6/plugins/tls/qopensslbackend.dll",
        "PySide6/Qt/translations/qt_de.qm",
        "PySide6/translations/qtbase_fr.qm",
        "PySide6/QtNetwork.abi3.so",
        "PySide6\\QtSql.pyd",
        "torch/bin/protoc",
        "torch/test/test_jit",
        "torch/testing/_internal/opinfo/core.pyc",
        "torch/include/ATen/ATen.h",
        "torch/lib/libtorchbind_test.so",
        "scipy/fft/tests/test_basic.pyc",
        "numpy-2.4.6.dist-info/RECORD",
        "skimage/data/tests/__init__.pyi",
        "openvino/libs/libopenvino_intel_gpu_plugin.so",
        "openvino/libs/openvino_intel_npu_plugin.dll",
        "openvino/libs/libopenvino_onnx_frontend.2641.dylib",
        "openvino/libs/libopenvino_tensorflow_lite_frontend.so.2641",
    ],
)
def test_unused(place: str) -> None:
    assert not kept(place)


def test_the_modules_that_the_window_needs_are_not_excluded() -> None:
    assert not {f"PySide6.Qt{name}" for name in ("Core", "Gui", "OpenGL", "OpenGLWidgets", "Widgets", "Svg")} & set(
        EXCLUDES
    )


def test_the_window_and_its_curves_work_without_the_excluded_packages() -> None:
    """pyqtgraph would use more of Qt, and matplotlib, if they were installed."""
    blocked = f"import sys; sys.modules.update(dict.fromkeys({EXCLUDES!r}))"
    wanted = "import app.window.main_window, app.window.training.page, app.window.training.curves"
    code = f"{blocked}; {wanted}; import pyqtgraph; pyqtgraph.PlotItem"
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
