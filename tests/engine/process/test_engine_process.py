"""The engine in its own process: messages, ends, leftovers. All tests share one process."""

import gc
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import psutil
import pytest

from engine.errors import Cancelled, UserError
from engine.faces.face import Face
from engine.photos.photo import Photo
from engine.process.client import EngineLostError, EngineProcess
from engine.request import Request
from engine.weights import FOLDER_VARIABLE, WeightsError

PATIENCE = 240  # s; the process imports PyTorch first, which takes long on a busy machine
SMALL = {"blocks": 1, "channels": 8, "skip": False}
ALIGNED = Request(method="wrfn", region="aligned", device="cpu")
MARKS = ((55.0, 55.0), (75.0, 55.0), (65.0, 65.0), (57.0, 78.0), (73.0, 78.0))
FACE = Face((40.0, 30.0, 90.0, 95.0), MARKS, 0.99, 0.5)
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


@pytest.fixture(scope="module")
def folders(tmp_path_factory, write_weights):
    """Return the process's user folders, with a small network among the weights."""
    made = tmp_path_factory.mktemp("engine")
    (made / "weights").mkdir()
    write_weights(made / "weights", "wrfn", settings=SMALL)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(FOLDER_VARIABLE, str(made / "weights"))
        for name in ("HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "LOCALAPPDATA", "APPDATA"):
            patch.setenv(name, str(made / "user"))
        yield made


@pytest.fixture(scope="module")
def engine(folders):
    made = EngineProcess()
    yield made
    made.close()


def photo(height=120, width=140, **kwargs):
    rng = np.random.default_rng(0)
    coarse = rng.random((height // 10 + 1, width // 10 + 1, 3), dtype=np.float32)
    return Photo(np.repeat(np.repeat(coarse, 10, 0), 10, 1)[:height, :width] * 0.8 + 0.1, **kwargs)


def process(engine):
    return psutil.Process(engine.call(os.getpid).result(PATIENCE))


# functions that are called in the engine's process


def log_something(text):
    logging.getLogger("there").warning("%s", text)


def raise_something():
    raise KeyError("where")


def end_by(number):
    os.kill(os.getpid(), number)
    time.sleep(60)


def blocks_mapped():
    return Path("/proc/self/maps").read_text().count("memfd:acutance")


# messages


def test_kernels_of_areas_are_found_there_and_areas_suggested(engine):
    plain = Photo(np.full((120, 140, 3), 0.5, np.float32))
    assert engine.find_kernel(plain, (0.0, 0.0, 100.0, 100.0)).result(PATIENCE) is None
    sharp = engine.find_kernel(photo(), (0.0, 0.0, 100.0, 100.0)).result(PATIENCE)
    assert sharp.values.shape == (1, 1)
    assert engine.suggest_areas(plain, 4, ((0.0, 0.0, 9.0, 9.0),)).result(PATIENCE) == ()


def test_a_photo_is_restored_as_by_the_engine_itself(engine):
    from engine.engine import Engine

    picture, before = photo(), photo().pixels
    steps, tiles = [], []
    request = Request(method="wrfn", region="whole", device="cpu", tile=64)
    job = engine.submit(
        request,
        picture,
        on_progress=lambda share, step: steps.append((share, step)),
        on_tile=lambda box, pixels: tiles.append((box, pixels.copy())),
    )
    result = job.result(120)
    with Engine() as own:
        expected = own.run(request, photo())
    assert job.state == "done"
    assert (result.pixels == expected.pixels).all()
    assert (result.request, result.method, result.device) == (request, "wrfn", "cpu")
    assert (result.kernel.values == expected.kernel.values).all() and result.verdict is expected.verdict
    assert (picture.pixels == before).all()
    assert [share for share, _ in steps] == sorted(share for share, _ in steps)
    assert steps[-1] == (1.0, "done")
    assert len(tiles) > 3
    assert all(pixels.shape == (box[3] - box[1], box[2] - box[0], 3) for box, pixels in tiles)
    (corner,) = (pixels for box, pixels in tiles if box[:2] == (0, 0))
    assert np.abs(corner[:32, :32] - result.pixels[:32, :32]).max() < 1e-6


def test_a_tile_larger_than_its_room_comes_in_pieces(engine, monkeypatch):
    monkeypatch.setattr("engine.process.client.TILE_ROOM", 3 * 140 * 50)
    tiles = []
    engine.submit(ALIGNED, photo(), on_tile=lambda box, pixels: tiles.append((box, pixels.shape))).result(PATIENCE)
    assert tiles == [
        ((0, 0, 140, 50), (50, 140, 3)),
        ((0, 50, 140, 100), (50, 140, 3)),
        ((0, 100, 140, 120), (20, 140, 3)),
    ]


def test_black_and_white_and_faces_drawn_come_back_in_shared_memory_too(engine):
    grey = photo(grey=True)
    grey.pixels[:] = grey.pixels[..., :1]
    result = engine.submit(ALIGNED, grey).result(PATIENCE)
    assert (result.pixels[..., 0] == result.pixels[..., 1]).all()
    drawn = Request(method="wrfn", region="faces", device="cpu", faces=(FACE.box,))
    result = engine.submit(drawn, photo()).result(PATIENCE)
    assert (result.pixels[:, 130:] == photo().pixels[:, 130:]).all()
    assert (result.pixels[50:80, 50:80] != photo().pixels[50:80, 50:80]).any()


def test_faces_are_compared(engine):
    picture = photo()
    engine.find_faces(picture).result(PATIENCE)
    after = picture.pixels.copy()
    assert engine.compare_identities(picture.pixels, after, [FACE, FACE]).result(PATIENCE) == pytest.approx(
        [1, 1], abs=1e-5
    )


def test_the_pixels_of_a_photo_cross_once(engine):
    picture = photo()
    engine.find_faces(picture).result(PATIENCE)
    moved = picture.pixels
    engine.submit(ALIGNED, picture).result(PATIENCE)
    engine.find_faces(picture, 60).result(PATIENCE)
    assert picture.pixels is moved
    assert (moved == photo().pixels).all()


def test_sentences_keep_their_fields_and_their_kind(engine):
    request = Request(method="wrfn", region="faces", smallest_face=100, device="cpu")
    with pytest.raises(UserError) as raised:
        engine.submit(request, photo()).result(PATIENCE)
    assert raised.value.sentence.wording == "No face of at least {size} px was found in {name}."
    assert raised.value.sentence.fields["size"] == 100
    with pytest.raises(WeightsError, match="deepdeblur@nosuch"):
        engine.submit(Request(method="deepdeblur@nosuch", region="aligned"), photo()).result(PATIENCE)


def test_weights_that_come_while_it_runs_are_found(engine, folders, write_weights):
    request = Request(method="wrfn@mine", region="aligned", device="cpu")
    with pytest.raises(WeightsError):
        engine.submit(request, photo()).result(PATIENCE)
    write_weights(folders / "weights", "wrfn", "mine", settings=SMALL)
    assert engine.submit(request, photo()).result(PATIENCE).method == "wrfn@mine"


def test_an_unexpected_error_says_where_it_happened(engine):
    with pytest.raises(KeyError) as raised:
        engine.call(raise_something).result(PATIENCE)
    assert "in raise_something" in raised.value.__notes__[0]


def test_log_records_of_the_process_reach_the_window(engine, caplog):
    engine.call(log_something, "a word").result(PATIENCE)
    assert [(record.name, record.getMessage()) for record in caplog.records] == [("there", "a word")]


# ends


def test_a_running_job_can_be_cancelled(engine):
    tiles, started, go = [], threading.Event(), threading.Event()

    def tile(box, pixels):
        tiles.append(box)
        started.set()
        go.wait(30)

    job = engine.submit(Request(method="wrfn", region="whole", device="cpu", tile=64), photo(), on_tile=tile)
    behind = engine.submit(ALIGNED, photo())
    assert started.wait(PATIENCE)
    job.cancel()
    go.set()
    with pytest.raises(Cancelled):
        job.result(PATIENCE)
    assert (job.state, len(tiles)) == ("cancelled", 1)
    assert behind.result(PATIENCE).method == "wrfn"


def test_a_callback_that_raises_ends_its_job(engine):
    def refuse(share, step):
        raise Cancelled

    with pytest.raises(Cancelled):
        engine.submit(ALIGNED, photo(), on_progress=refuse).result(PATIENCE)
    assert engine.submit(ALIGNED, photo()).result(PATIENCE).method == "wrfn"


@LINUX
def test_memory_goes_with_the_photo(engine):
    other = photo()

    def mapped():
        """Count the blocks on both sides, after every thread has released the earlier jobs.

        The call's answer shows that the listening thread here has released them: unused blocks are dropped before the
        search. The search's answer shows that the engine's thread has.
        """
        engine.call(os.getpid).result(PATIENCE)
        engine.find_faces(other).result(PATIENCE)
        return engine.call(blocks_mapped).result(PATIENCE), blocks_mapped()

    picture = photo()
    result = engine.submit(ALIGNED, picture, on_tile=lambda box, pixels: None).result(PATIENCE)
    gc.collect()
    assert mapped() == (3, 3)
    del picture, result
    assert mapped() == (1, 1)


def test_a_process_that_dies_fails_its_job_and_another_one_does_the_next(folders):
    engine = EngineProcess()
    first = process(engine)
    jobs = [engine.call(end_by, signal.SIGTERM), engine.call(os.getpid)]
    with pytest.raises(EngineLostError, match="ended unexpectedly"):
        jobs[0].result(PATIENCE)
    assert jobs[1].result(PATIENCE) != first.pid
    assert not first.is_running()
    engine.close()


@pytest.mark.skipif(sys.platform == "win32", reason="has no such signals")
def test_a_fault_in_a_library_is_in_the_log(folders, caplog):
    engine = EngineProcess()
    with pytest.raises(EngineLostError, match="signal SIGSEGV"):
        engine.call(end_by, signal.SIGSEGV).result(PATIENCE)
    with pytest.raises(EngineLostError, match="the system stopped it, perhaps because memory ran out"):
        engine.call(end_by, signal.SIGKILL).result(PATIENCE)
    engine.close()
    assert "Segmentation fault" in caplog.text and "end_by" in caplog.text


def test_close_ends_jobs_process_and_threads(folders):
    before = set(threading.enumerate())
    engine = EngineProcess()
    there = process(engine)
    jobs = [engine.call(time.sleep, 600), engine.call(os.getpid)]
    engine.close()
    engine.close()
    for job in [*jobs, engine.call(os.getpid)]:
        with pytest.raises(Cancelled):
            job.result(0)
    assert not there.is_running()
    assert not [thread for thread in set(threading.enumerate()) - before if thread.name.startswith("engine")]


KILLED = """
import os, signal, time
from engine.process.client import EngineProcess
if __name__ == "__main__":
    engine = EngineProcess()
    print(engine.call(os.getpid).result(), flush=True)
    time.sleep(600)
"""


def test_the_process_ends_with_a_window_that_is_killed(tmp_path):
    script = tmp_path / "window.py"
    script.write_text(KILLED)
    window = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True)
    try:
        there = psutil.Process(int(window.stdout.readline()))
    finally:
        window.kill()
        window.communicate()
    there.wait(30)
