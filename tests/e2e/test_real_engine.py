"""The real engine behind the window, on the sample with its known kernel: no weights needed."""

import pytest

from app.window.application import make_engine, make_window
from app.window.document import State
from app.window.sample import sample_kernel
from engine.kernels.files import save_kernel


@pytest.mark.slow
def test_the_sample_is_restored_and_closes_cleanly(qtbot, theme, tmp_path):
    kernel = tmp_path / "kernel.npy"
    save_kernel(sample_kernel(), kernel)
    window = make_window(theme, make_engine)
    window.show()
    window.open_sample()
    document = window.document
    qtbot.waitUntil(lambda: document.state is State.READY and len(document.marks) == 1, timeout=120_000)
    document.change_request(kernel=kernel)
    window.actions_by_id["deblur"].trigger()
    qtbot.waitUntil(lambda: document.state is State.READY, timeout=120_000)
    assert document.result is not None, window.message.text.text()
    assert document.result.residual < 1.3
    document.saved = True
    window.close()
    window.deleteLater()
