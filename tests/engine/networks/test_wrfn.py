import pytest
import torch

from engine.networks.registry import method
from engine.networks.wrfn import sampling
from engine.networks.wrfn.network import WRFN
from engine.networks.wrfn.normalisation import held
from engine.networks.wrfn.sampling import sample, squares


@pytest.fixture(autouse=True)
def seed():
    torch.manual_seed(0)


def test_parameters_are_those_of_the_paper():
    assert sum(p.numel() for p in method("wrfn").build().parameters()) == 1_432_666


@pytest.mark.parametrize(("stride", "blocks", "channels"), [(5, 8, 96), (4, 11, 84), (3, 2, 8)])
def test_weights_follow_the_papers_formula(stride, blocks, channels):
    network = WRFN(stride, blocks, channels)
    convolutions = sum(p.numel() for p in network.parameters() if p.dim() == 4)
    assert convolutions == 18 * blocks * channels**2 + 34 * channels * stride**2 + 19008


def test_swapping_keeps_the_count():
    assert sum(p.numel() for p in WRFN(swap=True).parameters()) == 1_432_666


def reach(network, output_of):
    """Return the side of the square of input pixels that one output pixel depends on."""
    size = 405
    picture = torch.rand(1, 1, size, size, requires_grad=True)
    out = output_of(network, picture)
    out[0, :, out.shape[2] // 2, out.shape[3] // 2].sum().backward()
    touched = (picture.grad[0, 0] != 0).nonzero()
    return (touched.max(0).values - touched.min(0).values + 1).tolist()


def test_the_receptive_field_is_25_px_after_the_first_layer():
    def first(network, picture):
        return network.first(torch.nn.functional.pixel_unshuffle(picture, 5))

    assert reach(WRFN(norm="none", skip=False), first) == [25, 25]


def test_the_receptive_field_at_the_output_is_the_papers_and_the_layer_that_it_leaves_out():
    """The paper counts 5s + 4bs and the four convolutions of the blending: 25 + 160 + 8 = 193 px.

    Its last 3x3 convolution on the resampled grid adds 2s = 10: 203 px, which the grid of 5 px rounds to 205.
    """
    network = WRFN(norm="none", skip=False)
    assert reach(network, lambda network, picture: network.deblurred(picture)) == [195, 195]
    assert reach(network, lambda network, picture: network(picture)) == [205, 205]


@pytest.mark.parametrize("norm", ["instance", "batch", "none"])
def test_an_untrained_network_with_a_skip_gives_its_input_back(norm):
    picture = torch.rand(2, 3, 40, 35)
    assert torch.equal(WRFN(norm=norm).eval()(picture), picture)


def test_colour_channels_are_restored_alone():
    network = WRFN(blocks=1, channels=8, skip=False).eval()
    picture = torch.rand(1, 3, 30, 30)
    together = network(picture)
    alone = torch.cat([network(picture[:, c : c + 1]) for c in range(3)], 1)
    assert torch.allclose(together, alone, atol=1e-5)


@pytest.mark.parametrize(
    ("height", "width"), [(2000, 3000), (3000, 2000), (400, 9000), (1100, 1100), (30, 50), (9000, 9000)]
)
def test_the_sample_is_as_large_as_wanted_and_hardly_larger(height, width):
    seen = sample(torch.zeros(1, height, width), 5)[:, 0].numel()
    wanted = min(sampling.SEEN, height * width)
    assert 0.7 * wanted <= seen <= 1.2 * wanted


@pytest.mark.parametrize(("height", "width"), [(1000, 1500), (400, 3000), (80, 60), (40, 40)])
def test_the_squares_of_blending_take_little_memory(height, width):
    cut = squares(torch.zeros(1, 1, height, width))
    assert min(72, height, width) == min(cut.shape[-2:])
    assert min(0.4 * height * width, 500_000) <= cut.numel() <= 900_000


def test_sides_must_fit_the_stride():
    with pytest.raises(ValueError, match="multiples of 5"):
        WRFN(blocks=1, channels=8)(torch.rand(1, 1, 31, 30))


def test_tiles_share_the_statistics_of_the_whole():
    """With the statistics of the whole picture, a tile's inside equals the whole's."""
    network = WRFN(blocks=2, channels=16, skip=False).eval()
    picture = torch.rand(3, 300, 240)
    picture[:, :150] *= 0.2  # two halves that would normalise differently
    with torch.inference_mode():
        prepared = network.prepare(picture, tiled=True)
        whole = network.restore(picture[None], prepared)[0]
        tile = network.restore(picture[None, :, 100:250, 50:200], prepared)[0]
    inside = slice(40, -40)
    assert torch.allclose(whole[:, 100:250, 50:200][:, inside, inside], tile[:, inside, inside], atol=1e-5)


def test_recorded_statistics_are_those_of_the_picture_when_the_sample_is_all_of_it():
    network = WRFN(blocks=2, channels=16, skip=False).eval()
    picture = torch.rand(3, 250, 250)
    with torch.inference_mode():
        plane = picture[None, :1]
        whole = network.deblurred(plane)
        (statistics, *_) = network.prepare(picture, tiled=True).state
        with held(network, statistics):
            assert torch.allclose(network.deblurred(plane), whole, atol=1e-4)


@pytest.mark.parametrize("channels", [1, 3])
def test_large_pictures_are_restored_as_a_whole_as_small_ones_are(monkeypatch, channels):
    """Restore in strips, with statistics that exclude the squares' margins; at 250 px almost nothing is left."""
    network = WRFN(blocks=2, channels=16, skip=False).eval()
    picture = torch.rand(1, channels, 250, 300)
    with torch.inference_mode():
        small = network.restore(picture, network.prepare(picture[0], tiled=False))
        monkeypatch.setattr("engine.networks.wrfn.network.AT_ONCE", 0)
        large = network.restore(picture, network.prepare(picture[0], tiled=False))
    assert float((large - small).square().mean().sqrt()) < 0.02 * float(small.std())


def test_blending_in_strips_is_exact(monkeypatch):
    network = WRFN(blocks=1, channels=8, skip=False).eval()
    picture = torch.rand(3, 100, 60)
    with torch.inference_mode():
        prepared = network.prepare(picture, tiled=True)
        at_once = network.restore(picture[None], prepared)
        monkeypatch.setattr("engine.networks.wrfn.strips.STRIP", 17 * 60)
        in_strips = network.restore(picture[None], prepared)
    assert torch.allclose(at_once, in_strips, atol=1e-5)
