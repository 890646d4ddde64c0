"""The pair as a method: kernels, degenerate pictures, tiles, and the three pairs behind their classifier."""

from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from engine.networks.analysis_synthesis import METHOD
from engine.networks.analysis_synthesis.analysis import Analysis, fitted
from engine.networks.analysis_synthesis.network import AnalysisSynthesis
from engine.networks.analysis_synthesis.window import texture_window
from engine.networks.luma import luma_of

TINY = {"kernel_sizes": (9,), "features": 4, "maps": 4, "channels": 4, "levels": 1, "skip": False}
TRIO = {**TINY, "kernel_sizes": (5, 9, 13)}


def noise(*shape, seed=0):
    return torch.rand(shape, generator=torch.Generator().manual_seed(seed))


@pytest.fixture(scope="module")
def tiny():
    torch.manual_seed(0)
    return AnalysisSynthesis(**TINY).eval()


@pytest.fixture(scope="module")
def trio():
    torch.manual_seed(0)
    return AnalysisSynthesis(**TRIO).eval()


def is_delta(kernel):
    middle = kernel.shape[-1] // 2
    return kernel[middle, middle] == 1 and kernel.sum() == 1


def test_published_settings_build_the_published_sizes():
    network = METHOD.build()
    analysis = network.analyses[0]
    count = {name: sum(p.numel() for p in part.parameters()) for name, part in network.named_children()}
    assert count == {"analyses": 1_777_976, "syntheses": 10_242_819}
    assert [level.correlated.reach for level in analysis.levels] == [25, 13, 7]
    assert [layer.out_channels for layer in analysis.last if hasattr(layer, "out_channels")] == [24, 16, 8, 1]
    assert all(level.correlated.mix.in_channels == 992 for level in analysis.levels)
    assert METHOD.scaling.multiple == network.syntheses[0].multiple
    assert METHOD.scaling.overlap >= 12 * METHOD.scaling.multiple - 8


@pytest.mark.parametrize("side", [9, 21, 85])
def test_kernels_are_admissible(side):
    kernels = Analysis(side, features=4, maps=4)(noise(1, 1, 40, 57))
    assert kernels.shape == (1, 1, side, side)
    assert kernels.dtype == torch.float32
    assert kernels.min() >= 0
    torch.testing.assert_close(kernels.sum((1, 2, 3)), torch.ones(1))


def test_even_kernel_sizes_are_refused():
    with pytest.raises(ValueError, match="odd"):
        Analysis(8)


def test_kernel_does_not_depend_on_brightness_and_contrast(tiny):
    luma = noise(1, 1, 48, 48)
    torch.testing.assert_close(tiny.analyse(luma), tiny.analyse(0.3 * luma + 0.2), atol=1e-4, rtol=1e-3)


def test_a_flat_picture_among_others_has_a_delta(tiny):
    luma = noise(3, 1, 40, 40)
    luma[1] = 0.4
    kernels = tiny.analyse(luma)[:, 0]
    assert [bool(is_delta(kernel)) for kernel in kernels] == [False, True, False]


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 1), (8, 8), (31, 64)])
def test_pictures_too_small_to_show_their_blur_have_a_delta(tiny, size):
    prepared = tiny.prepare(noise(3, *size), tiled=False)
    assert prepared.kernel.dtype == np.float32
    assert prepared.kernel.shape == (9, 9)
    assert is_delta(prepared.kernel)


@pytest.mark.parametrize("value", [0.0, 0.5, 1.0])
def test_flat_pictures_give_finite_results(tiny, value):
    flat = torch.full((1, 3, 32, 32), value)
    prepared = tiny.prepare(flat[0], tiled=False)
    assert is_delta(prepared.kernel)
    assert tiny.restore(flat, prepared).isfinite().all()


def test_gradients_are_finite_with_a_flat_picture_in_the_batch():
    network = AnalysisSynthesis(**TINY)
    pictures = noise(2, 3, 32, 32)
    pictures[0] = 0.5
    network(pictures).square().mean().backward()
    missing = [name for name, p in network.named_parameters() if p.grad is None or not p.grad.isfinite().all()]
    assert missing == []


def test_forward_is_analysis_then_synthesis(tiny):
    blurred = noise(2, 3, 40, 36)
    kernels = tiny.analyse(luma_of(blurred))
    assert torch.equal(tiny(blurred), tiny.synthesise(blurred, kernels))


@torch.inference_mode()
def test_one_kernel_for_the_photo_makes_restore_equal_forward(tiny):
    picture = noise(3, 64, 48)
    prepared = tiny.prepare(picture, tiled=True)
    assert prepared.kernel.sum() == pytest.approx(1, abs=1e-5)
    torch.testing.assert_close(tiny.restore(picture[None], prepared)[0], tiny(picture[None])[0], atol=1e-5, rtol=1e-4)


@torch.inference_mode()
def test_tiles_equal_the_whole(tiny):
    picture = noise(3, 96, 160)
    prepared = tiny.prepare(picture, tiled=True)
    whole = tiny.restore(picture[None], prepared)[0]
    overlap = 16  # receptive field of one level; a multiple of 2
    for left in (0, 32, 64, 96, 128):
        start, end = max(left - overlap, 0), min(left + 32 + overlap, 160)
        tile = tiny.restore(picture[None, :, :, start:end], prepared)[0]
        torch.testing.assert_close(
            tile[..., left - start : left - start + 32], whole[..., left : left + 32], atol=1e-4, rtol=0
        )


@torch.inference_mode()
def test_half_precision_stays_close(tiny):
    blurred = noise(2, 3, 48, 48)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        half = tiny(blurred)
    assert (half.float() - tiny(blurred)).abs().max() < 0.1


def test_window_with_texture_is_found():
    luma = torch.full((200, 300), 0.5)
    luma[96:160, 192:256] = noise(64, 64)
    assert torch.equal(texture_window(luma, side=64), luma[96:160, 192:256])


@pytest.mark.parametrize("size", [(1, 1), (1, 70), (63, 64), (65, 200)])
def test_window_is_bounded_by_photo_and_side(size):
    assert texture_window(noise(*size), side=64).shape == (min(size[0], 64), min(size[1], 64))


def test_kernel_sizes_must_ascend():
    with pytest.raises(ValueError, match="ascend"):
        AnalysisSynthesis(kernel_sizes=(31, 9))


def test_class_of_a_kernel_is_the_first_pair_it_fits(trio):
    kernels = torch.cat([fitted(torch.ones(1, 1, side, side) / side**2, 13) for side in (1, 5, 7, 9, 11, 13)])
    assert trio.classes_of(kernels).tolist() == [0, 0, 1, 1, 2, 2]


def test_each_pair_restores_the_pictures_of_its_class(trio):
    blurred = noise(3, 3, 32, 32)
    kernels = torch.cat([fitted(torch.ones(1, 1, side, side) / side**2, 13) for side in (13, 3, 9)])
    restored = trio.synthesise(blurred, kernels)
    for index, pair in enumerate((2, 0, 1)):
        alone = trio.syntheses[pair](blurred[index : index + 1], kernels[index : index + 1])
        torch.testing.assert_close(restored[index : index + 1], alone, atol=1e-5, rtol=1e-4)


def test_classifier_chooses_the_analysis(trio):
    luma = noise(4, 1, 40, 40)
    logits = trio.classify(luma)
    assert logits.shape == (4, 3)
    assert torch.equal(trio.analyse(luma), trio.analyse(luma, classes=logits.argmax(dim=1)))
    for index, size in enumerate(trio.kernel_sizes):
        kernels = trio.analyse(luma, classes=torch.full((4,), index))
        assert kernels.shape == (4, 1, 13, 13)
        torch.testing.assert_close(fitted(kernels, size).sum((1, 2, 3)), torch.ones(4))


def test_every_pair_can_start_from_a_single_one():
    single, three = AnalysisSynthesis(**{**TINY, "kernel_sizes": (13,)}), AnalysisSynthesis(**TRIO)
    for analysis, synthesis in zip(three.analyses, three.syntheses, strict=True):
        analysis.load_state_dict(single.analyses[0].state_dict())
        synthesis.load_state_dict(single.syntheses[0].state_dict())
    blurred, kernels = noise(1, 3, 32, 32), fitted(torch.ones(1, 1, 3, 3) / 9, 13)
    assert torch.equal(three.synthesise(blurred, kernels), single.synthesise(blurred, kernels))


def test_three_pairs_take_a_picture_of_one_pixel(trio):
    assert trio.classify(noise(1, 1, 1, 1)).isfinite().all()
    assert is_delta(trio.prepare(noise(3, 1, 1), tiled=False).kernel)


def test_classifier_learns_by_cross_entropy():
    network = AnalysisSynthesis(**TRIO)
    F.cross_entropy(network.classify(noise(3, 1, 40, 40)), torch.tensor([0, 1, 2])).backward()
    assert all(p.grad is not None for p in network.classifier.parameters())


def test_descriptor_needs_no_torch():
    source = Path(__file__).parents[3] / "engine/networks/analysis_synthesis/__init__.py"
    assert "torch" not in source.read_text(encoding="utf-8")
