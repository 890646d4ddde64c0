import math

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from training.embedding.faces import SIDE
from training.embedding.views import COLUMNS, draw_views, plain_views, render

MIDDLE = slice(16, SIDE - 16)


def crops() -> torch.Tensor:
    rng = torch.Generator().manual_seed(0)
    small = torch.rand(3, 3, 18, 18, generator=rng)
    return (255 * torch.nn.functional.interpolate(small, SIDE, mode="bilinear")).to(torch.uint8)


def view(**changes: float) -> torch.Tensor:
    row = plain_views(1)[0]
    for name, value in changes.items():
        row[COLUMNS.index(name)] = value
    return torch.from_numpy(row)[None]


def middle(face: int = 0) -> torch.Tensor:
    return crops()[face : face + 1, :, MIDDLE, MIDDLE].float() / 255


def near(found: torch.Tensor, expected: torch.Tensor) -> None:
    torch.testing.assert_close(found, expected, atol=2e-3, rtol=0)


def test_a_plain_view_is_the_middle_of_the_crop():
    near(render(crops(), view(), 112), middle())


def test_a_mirrored_view_is_flipped():
    near(render(crops(), view(mirrored=1), 112), middle().flip(-1))


def test_a_shift_moves_the_picture_right_and_down():
    moved = render(crops(), view(right=3, down=2), 112)
    near(moved[..., 2:, 3:], middle()[..., :-2, :-3])


def test_a_quarter_turn_is_a_quarter_turn():
    near(render(crops(), view(angle=math.pi / 2), 112), middle().rot90(1, (-2, -1)))


def test_a_scale_above_one_shows_less():
    wide = render(crops(), view(scale=2.0), 112)
    plain = render(crops(), view(), 56)
    near(torch.nn.functional.avg_pool2d(wide, 2)[..., 4:-4, 4:-4].mean(), plain[..., 4:-4, 4:-4].mean())


def test_a_mixture_is_the_weighted_sum():
    first = view(second=1, share=0.7)
    near(render(crops(), first, 112), 0.7 * middle(0) + 0.3 * middle(1))


def test_a_seam_has_one_face_on_one_side_and_another_on_the_other():
    joined = render(crops(), view(second=1, share=0.5, slope=20.0), 112)
    near(joined[..., 64:], middle(0)[..., 64:])
    near(joined[..., :48], middle(1)[..., :48])


def test_a_face_joined_with_its_reflection_is_symmetric():
    joined = render(crops(), view(share=0.5, slope=20.0, reflected=1), 112)
    near(joined, joined.flip(-1))


def test_a_stretched_view_is_wider_and_lower():
    wide = render(crops(), view(stretch=2 * math.log(2)), 112)  # twice as wide, half as high
    plain = render(crops(), view(), 112)
    across = wide[..., 55:57, :].unflatten(-1, (56, 2)).mean(dim=(-3, -1))
    torch.testing.assert_close(across, plain[..., 54:58, 28:-28].mean(dim=-2), atol=1e-2, rtol=0)


def test_light_is_changed_about_mid_grey():
    near(render(crops(), view(contrast=-math.log(2)), 112), 0.5 + (middle() - 0.5) / 2)
    near(render(crops(), view(brightness=0.1), 112), (middle() + 0.1).clamp(max=1))


def test_a_pale_view_is_grey():
    pale = render(crops(), view(paleness=1), 112)
    near(pale, middle().mean(dim=1, keepdim=True).expand_as(pale))


def test_views_of_an_earlier_file_are_still_read():
    near(render(crops(), view()[:, :8], 112), middle())


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 30), st.integers(1, 5), st.integers(0, 1000))
def test_drawn_views_are_plain_first_and_name_faces_that_exist(faces, each, seed):
    views = draw_views(faces, each, np.random.default_rng(seed))
    assert views.shape == (faces * each, len(COLUMNS))
    assert np.array_equal(views[:faces], plain_views(faces))
    assert views[:, :2].min() >= 0 and views[:, :2].max() < faces
    blended = views[:, COLUMNS.index("slope")] == 0
    assert ((views[blended, 2] >= 0.5) & (views[blended, 2] <= 1)).all()
    assert np.isin(views[:, [3, COLUMNS.index("reflected")]], (0, 1)).all()


def test_the_same_seed_draws_the_same_views():
    first, second = (draw_views(5, 4, np.random.default_rng(7)) for _ in range(2))
    assert np.array_equal(first, second)
