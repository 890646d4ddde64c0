import pytest
import torch

from engine.networks.semantic import METHOD
from engine.networks.semantic.deblurring import BLOCKS, TwoScaleNet, half
from engine.networks.semantic.labels import LABELS, MIRRORED, SMALL_PARTS
from engine.networks.semantic.parsing import ParsingNet


def parameters(network: torch.nn.Module) -> int:
    return sum(p.numel() for p in network.parameters())


@pytest.fixture(scope="module")
def plain():
    torch.manual_seed(0)
    return METHOD.build({"skip": False}).eval()


def test_it_has_the_parameters_of_the_papers_table_7_within_a_percent():
    network = METHOD.build()
    assert parameters(network) == 14_694_109
    assert parameters(network) == pytest.approx(14.80e6, rel=0.01)
    assert [parameters(p) for p in (network.coarse_net, network.parsing_net, network.fine_nets)] == [
        3_358_425,
        7_760_427,
        3_575_257,
    ]


def test_the_parsing_net_of_the_shipped_weights_has_half_the_width():
    network = METHOD.build({"widths": (16, 32, 64, 128, 256), "normalised": True})
    assert parameters(network) == 8_877_901
    assert parameters(network.parsing_net) == 1_944_219


def test_a_normalised_parsing_net_labels_a_face_alike_alone_and_among_others():
    torch.manual_seed(0)
    net = ParsingNet((4, 8, 16, 32, 64), normalised=True)
    faces = torch.rand(3, 3, 32, 32)
    net(faces)  # learns the statistics
    net.eval()
    torch.testing.assert_close(net(faces)[:1], net(faces[:1]))


@pytest.mark.parametrize(("guides", "channels"), [(0, (3, 6)), (14, (17, 20))])
def test_each_scale_has_18_convolutions_and_the_channels_that_the_paper_counts(guides, channels):
    net = TwoScaleNet(guides, 64, skip=True)
    for scale, inputs in zip((net.half_scale, net.full_scale), channels, strict=True):
        convs = [m for m in scale.modules() if isinstance(m, torch.nn.Conv2d)]
        assert len(convs) == 18
        assert tuple(convs[0].weight.shape) == (64, inputs, 11, 11)
        assert all(tuple(c.weight.shape) == (64, 64, 5, 5) for c in convs[1:-1])
        assert tuple(convs[-1].weight.shape) == (3, 64, 5, 5)
        assert sum(type(m).__name__ == "ResidualBlock" for m in scale) == BLOCKS
    assert net.up.weight.shape[-2:] == (4, 4)


def test_shared_stages_add_no_parameters():
    one = parameters(METHOD.build())
    assert parameters(METHOD.build({"stages": 3, "shared": True})) == one
    assert parameters(METHOD.build({"stages": 2})) == one + 3_575_257


def test_no_stage_at_all_is_refused():
    with pytest.raises(ValueError, match="at least one"):
        METHOD.build({"stages": 0})


def test_all_outputs_have_the_shapes_that_the_losses_want():
    network = METHOD.build({"stages": 2})
    found = network.forward_all(torch.rand(2, 3, 32, 48))
    assert found.coarse.half.shape == (2, 3, 16, 24)
    assert found.coarse.full.shape == (2, 3, 32, 48)
    assert found.logits.shape == (2, 11, 32, 48)
    assert [(s.half.shape[-1], s.full.shape[-1]) for s in found.fine] == [(24, 48), (24, 48)]
    assert found.final is found.fine[-1].full


def test_with_the_skip_every_result_starts_as_the_blurred_picture():
    picture = torch.rand(1, 3, 32, 32)
    found = METHOD.build().forward_all(picture)
    assert torch.equal(found.coarse.half, half(picture))
    assert torch.equal(found.coarse.full, picture)
    assert torch.equal(found.final, picture)


def test_the_upsampling_starts_as_linear_interpolation():
    net = TwoScaleNet(0, 4, skip=True)
    ramp = torch.arange(8.0).expand(1, 3, 8, 8)
    up = net.up(ramp)[..., 1:-1, 1:-1]
    torch.testing.assert_close(up[0, 0, 0], torch.arange(14) / 2 + 0.25)


def test_the_fine_net_reads_blurred_coarse_and_maps(plain):
    inputs = [torch.rand(1, channels, 32, 32, requires_grad=True) for channels in (3, 3, 11)]
    plain.fine(*inputs)[0].full.sum().backward()
    assert all(i.grad is not None and i.grad.abs().max() > 0 for i in inputs)


def test_every_parameter_gets_a_gradient(plain):
    plain(torch.rand(1, 3, 32, 32)).square().mean().backward()
    without = [name for name, p in plain.named_parameters() if p.grad is None or not p.grad.any()]
    plain.zero_grad()
    assert without == []


def reach(network, columns):
    """Return how far the output at any of the columns reaches, in px along a row."""
    picture = torch.rand(1, 3, 16, 512, requires_grad=True)
    output = network(picture)
    furthest = 0
    for column in columns:
        (grad,) = torch.autograd.grad(output[0, :, 8, column].sum(), picture, retain_graph=True)
        seen = grad.abs().sum(dim=(0, 1, 2)).nonzero().flatten()
        furthest = max(furthest, column - int(seen.min()), int(seen.max()) - column)
    return furthest


def test_the_overlap_covers_the_reach_of_a_pixel():
    torch.manual_seed(0)
    deblurring, parsing = TwoScaleNet(0, 4, skip=False), ParsingNet()
    first = reach(lambda x: deblurring(x)[1], (256, 257))
    second = reach(parsing, (256, 263, 264, 271))
    assert first == 119
    assert 90 < second <= 112
    assert 2 * first + second <= METHOD.scaling.overlap


def test_the_parsing_net_gives_a_logit_a_class_and_learns_a_face():
    torch.manual_seed(0)
    net = ParsingNet()
    picture = torch.rand(1, 3, 16, 16)
    labels = (picture[:, 0] > 0.5).long() * 10
    optimiser = torch.optim.Adam(net.parameters(), 1e-3)
    losses = []
    for _ in range(5):
        logits = net(picture)
        loss = torch.nn.functional.cross_entropy(logits, labels)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert logits.shape == (1, len(LABELS), 16, 16)
    assert losses[-1] < 0.8 * losses[0]


def test_left_and_right_are_mirrored_and_nothing_else():
    assert [MIRRORED[k] for k in MIRRORED] == list(range(len(LABELS)))
    for k, name in enumerate(LABELS):
        swapped = name.replace("left", "?").replace("right", "left").replace("?", "right")
        assert LABELS[MIRRORED[k]] == swapped


def test_the_small_parts_are_the_eight_of_the_paper():
    assert {LABELS[k] for k in SMALL_PARTS} == set(LABELS) - {"background", "face", "hair"}
