import sys

import pytest

from app.window.training.process import Process, last_words

ENDS_WITH_INPUT = "import os, sys; os.read(0, 1); sys.stderr.write('first\\nlast\\n\\n'); sys.exit(3)"


@pytest.fixture
def files(tmp_path):
    return tmp_path / "out", tmp_path / "err"


def start(process, files, code):
    process.start([sys.executable, "-c", code], *files)


def test_a_process_is_asked_to_end_by_the_end_of_its_input(qtbot, qapp, files):
    process = Process(qapp)
    start(process, files, ENDS_WITH_INPUT)
    assert process.running
    with qtbot.waitSignal(process.ended, timeout=60_000) as ended:
        process.stop()
    assert ended.args == [3] and not process.running
    assert last_words(files[1]) == "last"


def test_a_process_that_is_let_go_ends_by_itself(qtbot, qapp, files):
    process = Process(qapp)
    start(process, files, ENDS_WITH_INPUT)
    child = process._process
    process.let_go()
    assert not process.running
    assert child.wait(60) == 3


def test_a_killed_process_says_nothing_more(qtbot, qapp, files):
    process = Process(qapp)
    said = []
    process.ended.connect(said.append)
    start(process, files, "import time; time.sleep(60)")
    process.kill()
    process.kill()
    assert not process.running and not said


def test_a_program_that_is_not_there_is_an_error(qapp, files):
    with pytest.raises(OSError):
        Process(qapp).start(["/no/such/program"], *files)


def test_no_words_are_no_last_words(files):
    assert last_words(files[0]) == ""
