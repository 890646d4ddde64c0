import threading
from dataclasses import replace

import numpy as np
import pytest

from engine.engine import Engine
from engine.errors import Cancelled, UserError
from engine.faces.detection import FaceFinder
from engine.faces.face import Face
from engine.kernels.blurring import blur
from engine.kernels.field import KernelField
from engine.kernels.files import save_kernel
from engine.kernels.kernel import Kernel
from engine.networks.learned_deconv.network import LearnedDeconv
from engine.orders import Restore
from engine.photos.photo import Photo
from engine.request import Request
from engine.weights import WeightsError

SMALL = {"blocks": 1, "channels": 8, "skip": False}
BOX = (40.0, 30.0, 90.0, 95.0)
MARKS = ((55.0, 55.0), (75.0, 55.0), (65.0, 65.0), (57.0, 78.0), (73.0, 78.0))
FACE = Face(BOX, MARKS, 0.99, 0.5)
ALIGNED = Request(method="wrfn", region="aligned", device="cpu")


@pytest.fixture
def engine():
    with Engine() as engine:
        yield engine


@pytest.fixture
def wrfn(install):
    return install("wrfn", settings=SMALL)


@pytest.fixture
def one_face(monkeypatch):
    monkeypatch.setattr(FaceFinder, "__init__", lambda self, device: None)
    monkeypatch.setattr(FaceFinder, "find", lambda self, pixels, smallest: [FACE] if FACE.size >= smallest else [])


def photo(height=120, width=140, **kwargs):
    rng = np.random.default_rng(0)
    coarse = rng.random((height // 10 + 1, width // 10 + 1, 3), dtype=np.float32)
    return Photo(np.repeat(np.repeat(coarse, 10, 0), 10, 1)[:height, :width] * 0.8 + 0.1, **kwargs)


def test_a_result_comes_back_with_its_details(engine, wrfn):
    steps = []
    picture = photo()
    result = engine.run(ALIGNED, picture, on_progress=lambda share, step: steps.append((share, step)))
    assert result.pixels.shape == picture.pixels.shape
    assert result.pixels.dtype == np.float32
    assert (result.method, result.device) == ("wrfn", "cpu")
    assert {"prepare", "restore", "kernel"} <= result.seconds.keys()
    assert [share for share, _ in steps] == sorted(share for share, _ in steps)
    assert steps[-1] == (1.0, "done")


def test_the_photo_itself_is_never_changed(engine, wrfn, one_face):
    picture = photo()
    before = picture.pixels.copy()
    for region in ("aligned", "whole", "faces", "auto"):
        engine.run(Request(method="wrfn", region=region, device="cpu"), picture)
    assert (picture.pixels == before).all()


def test_callbacks_come_on_the_engines_thread(engine, wrfn):
    threads = set()
    engine.run(
        ALIGNED,
        photo(),
        on_progress=lambda share, step: threads.add(threading.current_thread()),
        on_tile=lambda box, pixels: threads.add(threading.current_thread()),
    )
    assert threads == {thread for thread in threading.enumerate() if thread.name.startswith("engine")}


def test_a_face_that_nothing_happened_to_is_still_itself(engine, embedding):
    pixels = photo().pixels
    assert engine.compare_identities(pixels, pixels, [FACE, FACE]).result(60) == pytest.approx([1, 1], abs=1e-5)


def test_identities_without_the_embedding_are_a_sentence(engine, weights_folder, monkeypatch):
    monkeypatch.setattr("engine.weights.folders", lambda: [weights_folder])
    with pytest.raises(WeightsError, match="identities"):
        engine.compare_identities(photo().pixels, photo().pixels, [FACE]).result(60)


@pytest.mark.parametrize("region", ["whole", "faces"])
def test_the_result_is_made_in_the_memory_that_is_given(engine, wrfn, one_face, region):
    request = Request(method="wrfn", region=region, device="cpu", tile=64)
    into = np.full((120, 140, 3), np.nan, np.float32)
    result = engine.ask(Restore(photo(), request), into=into).result(60)
    assert result.pixels is into
    assert (into == engine.run(request, photo()).pixels).all()


def test_tiles_are_shown_where_they_belong(engine, wrfn):
    picture, shown = photo(), []
    request = Request(method="wrfn", region="aligned", device="cpu", tile=64)
    engine.run(request, picture, on_tile=lambda box, pixels: shown.append((box, pixels.shape)))
    assert len(shown) > 3
    assert all(shape == (box[3] - box[1], box[2] - box[0], 3) for box, shape in shown)
    assert max(box[2] for box, _ in shown) == picture.size[0]


def test_jobs_are_done_in_order_and_a_failed_one_takes_no_other_with_it(engine, wrfn):
    order = []
    jobs = [
        engine.submit(ALIGNED, photo(), on_progress=lambda share, step: order.append(1)),
        engine.submit(Request(method="deepdeblur", region="whole"), photo()),
        engine.submit(ALIGNED, photo(), on_progress=lambda share, step: order.append(3)),
    ]
    assert jobs[0].result(60).method == "wrfn"
    with pytest.raises(UserError, match="not whole photos"):
        jobs[1].result(60)
    assert jobs[2].result(60).method == "wrfn"
    assert order == sorted(order)
    assert [job.state for job in jobs] == ["done", "failed", "done"]


def test_a_queued_job_can_be_cancelled(engine, wrfn):
    started, go = threading.Event(), threading.Event()

    def hold(share, step):
        started.set()
        go.wait(30)

    first = engine.submit(ALIGNED, photo(), on_progress=hold)
    started.wait(30)
    second = engine.submit(ALIGNED, photo())
    assert (first.state, second.state) == ("running", "queued")
    second.cancel()
    go.set()
    first.result(60)
    with pytest.raises(Cancelled):
        second.result(60)
    assert second.state == "cancelled"


def test_a_running_job_can_be_cancelled_between_tiles(engine, wrfn):
    tiles, started = [], threading.Event()

    def tile(box, pixels):
        tiles.append(box)
        started.set()
        cancelled.wait(30)

    cancelled = threading.Event()
    job = engine.submit(Request(method="wrfn", region="whole", device="cpu", tile=64), photo(), on_tile=tile)
    started.wait(30)
    job.cancel()
    cancelled.set()
    with pytest.raises(Cancelled):
        job.result(60)
    assert len(tiles) == 1
    assert job.done() and job.state == "cancelled"


def test_close_ends_the_thread_and_what_is_queued(wrfn):
    engine = Engine()
    jobs = [engine.submit(ALIGNED, photo()) for _ in range(3)]
    engine.close()
    assert all(job.done() for job in jobs)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("engine")]


def test_a_job_says_when_it_is_done(engine, wrfn):
    done = threading.Event()
    job = engine.submit(ALIGNED, photo())
    job.when_done(lambda ended: done.set())
    assert done.wait(60)
    assert job.state == "done"


def test_no_weights_is_a_sentence(engine, weights_folder, monkeypatch):
    monkeypatch.setattr("engine.weights.folders", lambda: [weights_folder])
    with pytest.raises(WeightsError, match="No weights are installed"):
        engine.run(Request(), photo())


def test_experimental_weights_are_marked_and_come_last(engine, install, weights_folder, monkeypatch):
    monkeypatch.setattr("engine.weights.folders", lambda: [weights_folder])
    install("wrfn", settings=SMALL, experimental=True)
    aligned = Request(region="aligned", device="cpu")
    result = engine.run(aligned, photo())
    assert result.method == "wrfn"
    assert result.notes == ("Any photo, fast is experimental: in the tests so far, its weights did not help.",)
    install("deepdeblur", settings={"modules": 1, "channels": 8})
    assert engine.run(aligned, photo()).method == "deepdeblur"


@pytest.mark.usefixtures("few_searches")
def test_the_best_by_its_card_restores_faces(engine, install, weights_folder, monkeypatch, one_face):
    monkeypatch.setattr("engine.weights.folders", lambda: [weights_folder])
    settings = {"modules": 1, "channels": 8, "skip": False}
    install("wrfn", settings=SMALL, evaluations={"held out": {"psnr": 25, "input_psnr": 24}})
    install("deepdeblur", settings=settings, evaluations={"held out": {"psnr": 24.5, "input_psnr": 24}})
    assert engine.run(Request(device="cpu"), photo()).faces == ()
    install("deepdeblur", settings=settings, evaluations={"held out": {"psnr": 26, "input_psnr": 24}})
    result = engine.run(Request(device="cpu"), photo())
    assert (result.method, len(result.faces)) == ("wrfn", 1)


def test_only_the_face_changes(engine, wrfn, one_face):
    picture = photo()
    result = engine.run(Request(method="wrfn", region="faces", device="cpu"), picture)
    changed = (result.pixels != picture.pixels).any(axis=2)
    assert changed[50:80, 50:80].mean() > 0.9
    assert not changed[:, 125:].any() and not changed[:5].any()
    assert [found.face for found in result.faces] == [FACE]
    assert result.kernel is None


def test_an_aligned_method_restores_the_aligned_crop(engine, install, one_face):
    install("deepdeblur", settings={"modules": 1, "channels": 8, "skip": False})
    picture = photo()
    result = engine.run(Request(method="deepdeblur", device="cpu"), picture)
    assert result.method == "deepdeblur"
    changed = (result.pixels != picture.pixels).any(axis=2)
    assert changed[50:80, 50:80].mean() > 0.9
    assert not changed[:, 135:].any()


def test_a_box_that_the_user_drew_is_a_face(engine, wrfn, one_face):
    drawn = (85.0, 70.0, 115.0, 105.0)
    request = Request(method="wrfn", region="faces", device="cpu", faces=(drawn, (41.0, 31.0, 92.0, 94.0)))
    result = engine.run(request, photo())
    assert result.faces[0].face.box == drawn
    assert result.faces[1].face == FACE


def test_no_face_is_a_sentence(engine, wrfn, one_face):
    with pytest.raises(UserError, match="No face of at least 200 px was found in the photo"):
        engine.run(Request(method="wrfn", region="faces", smallest_face=200, device="cpu"), photo())


def test_chosen_faces_of_a_whole_photo_are_explained(engine, wrfn, one_face):
    result = engine.run(Request(method="wrfn", region="whole", faces=(BOX,), device="cpu"), photo())
    assert [found.face for found in result.faces] == [FACE]


def test_faces_that_were_found_are_explained_with_the_whole_photo_and_none_is_looked_for(engine, wrfn, one_face):
    picture = photo()

    def explained(region):
        return [part.face for part in engine.run(Request(method="wrfn", region=region, device="cpu"), picture).faces]

    assert explained("auto") == []
    engine.find_faces(picture).result(60)
    assert explained("auto") == [FACE]
    assert explained("whole") == []


def test_faces_are_looked_for_once(engine, monkeypatch):
    looked = []
    monkeypatch.setattr(FaceFinder, "__init__", lambda self, device: None)
    monkeypatch.setattr(FaceFinder, "find", lambda self, pixels, smallest: looked.append(smallest) or [FACE])
    picture = photo()
    assert engine.find_faces(picture, 40).result(60) == [FACE]
    assert engine.find_faces(picture, 60).result(60) == [FACE]
    assert engine.find_faces(picture, 200).result(60) == []
    assert looked == [40]
    engine.find_faces(picture, 20).result(60)
    engine.find_faces(photo(), 40).result(60)
    assert looked == [40, 20, 40]


def test_black_and_white_stays_neutral(engine, install):
    install("wrfn", settings=SMALL)
    install("deepdeblur", settings={"modules": 1, "channels": 8, "skip": False})
    grey = photo(grey=True)
    grey.pixels[:] = grey.pixels[..., :1]
    for method in ("wrfn", "deepdeblur"):
        result = engine.run(Request(method=method, region="aligned", device="cpu"), grey)
        assert (result.pixels[..., 0] == result.pixels[..., 1]).all()
        assert (result.pixels[..., 0] == result.pixels[..., 2]).all()
        assert (result.pixels != grey.pixels).any()


def test_a_known_kernel_is_deconvolved(engine, tmp_path):
    kernel = Kernel(np.ones((1, 9), np.float32) / 9)
    save_kernel(kernel, tmp_path / "kernel.npy")
    sharp = photo()
    blurred = Photo(blur(sharp.pixels, kernel))
    request = Request(kernel=tmp_path / "kernel.npy", device="cpu")
    result = engine.run(request, blurred)
    assert result.method == "deconvolution"
    assert result.kernel.values.shape == (1, 9)
    error = np.square(result.pixels - sharp.pixels).mean()
    assert error < 0.5 * np.square(blurred.pixels - sharp.pixels).mean()


@pytest.mark.parametrize("size", [(1, 1), (1, 500), (500, 1), (3, 4)])
def test_the_smallest_photos(engine, wrfn, size):
    result = engine.run(ALIGNED, Photo(np.full((*size, 3), 0.5, np.float32)))
    assert result.pixels.shape == (*size, 3)
    assert result.kernel is None


def test_a_field_comes_where_it_is_asked_for(engine, wrfn):
    assert engine.run(ALIGNED, photo()).field is None
    field = engine.run(replace(ALIGNED, field=True), photo(260, 390)).field
    assert field.counts == (2, 3)
    assert field.shape == (260, 390)


def test_the_field_that_a_method_finds_comes_with_its_result(engine, install, monkeypatch):
    small = {"scales": (5, 9), "stages": 1, "filters": 4, "filter_size": 5, "gradients": (2,)}
    install("learned-deconv", settings=small)
    found = KernelField(
        (Kernel(np.ones((1, 3), np.float32)), Kernel(np.ones((3, 1), np.float32))), (1, 2), (120, 140)
    )
    monkeypatch.setattr(LearnedDeconv, "_field", lambda self, whole: found)
    request = Request(method="learned-deconv", region="whole", device="cpu", field=True)
    whole = engine.run(request, photo())
    assert whole.field is found
    assert whole.residual is not None
    tiled = engine.run(replace(request, tile=80), photo())
    assert tiled.field is found
    assert np.abs(tiled.pixels - whole.pixels).mean() < 2 / 255
