import numpy as np
from skimage import data

from app.window.viewer.pyramid import Pyramid
from app.window.viewer.result_maps import coloured, source_map, trust_map
from engine.explanation import Explanation
from engine.kernels.blurring import add_noise
from engine.kernels.field import CameraMotion, KernelField, blur_field
from engine.photos.photo import Photo
from engine.request import Request
from engine.result import Result


def test_the_layer_adds_nothing_where_the_photo_is_explained_and_amber_where_not():
    layers = np.array([[[1.0], [9.0]]], np.float32)
    fine, doubtful = coloured(layers)[0]
    assert fine.tolist() == [0, 0, 0] and doubtful.tolist() == [230, 130, 0]


def test_the_map_follows_the_field_if_the_blur_varies(monkeypatch):
    monkeypatch.setattr(Pyramid, "build", lambda layers, to_8: layers)
    sharp = (data.astronaut()[:256, :256] / 255).astype(np.float32)
    steps = np.linspace(-1, 1, 21)
    turn = CameraMotion(np.stack([2 * steps, 0 * steps, 0.04 * steps], axis=1), np.full(21, 1 / 21), (127.5, 127.5))
    field = KernelField.of(turn, (4, 4), (256, 256))
    photo = Photo(add_noise(blur_field(sharp, field), 0.01, np.random.default_rng(0)).clip(0, 1))
    middle = turn.kernel_at(127.5, 127.5)
    explanation = Explanation(middle, relation=middle)
    by_field = Result(Request(), sharp, "learned-deconv", "cpu", explanation, field=field)
    by_kernel = Result(Request(), sharp, "learned-deconv", "cpu", explanation)
    at_most = [np.quantile(trust_map(photo, result).colours[..., 0], 0.99) for result in (by_field, by_kernel)]
    assert at_most[0] < 1.5 and at_most[1] > 3


def test_each_place_has_the_colour_of_what_it_was_taken_from(monkeypatch):
    monkeypatch.setattr(Pyramid, "build", lambda layers, to_8: to_8(layers))
    taken = np.zeros((2, 3, 5), np.float32)
    taken[0, :, 0], taken[1, 0, 1], taken[1, 1, 2:], taken[1, 2, [0, 4]] = 1, 1, 1 / 3, 0.5
    made = source_map(Result(Request(), np.zeros((13, 20, 3), np.float32), "finish", "cpu", taken=taken))
    assert made.of_sources and "amber" in made.legend
    light = made.colours
    assert light.shape == (13, 20, 3)
    assert not light[:8].any(), "the photo as it was"
    assert light[12, 0].tolist() == [230, 130, 0] and light[12, 8].tolist() == [0, 110, 230]
    assert light[12, 19].tolist() == [0, 55, 115], "half of it is the photo"
