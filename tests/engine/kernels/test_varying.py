import numpy as np
import pytest

from engine.kernels.estimation import similarity
from engine.kernels.families import draw_kernel
from engine.kernels.field import CameraMotion, KernelField, cells
from engine.kernels.kernel import Kernel
from engine.kernels.motion import displacements
from engine.kernels.patches import patches
from engine.kernels.varying import turning, varying_field

SHAPE = (400, 500)
STEPS = np.linspace(-1, 1, 41)
POSITIONS = np.array([patch.centre for patch in patches(SHAPE, (4, 5), 0)])


def motion(turn: float, shape: tuple[int, int] = SHAPE) -> CameraMotion:
    """Return a path across the picture, with a uniform rotation of `turn` radians in total."""
    poses = np.stack([3 * STEPS, STEPS**2, turn / 2 * STEPS], axis=1)
    return CameraMotion(poses, np.full(41, 1 / 41), ((shape[1] - 1) / 2, (shape[0] - 1) / 2))


def estimates(at, noise: float = 0.04) -> list[Kernel]:
    """Return kernels as windows give them: each with its own noise and shift."""
    rng = np.random.default_rng(0)
    found = []
    for x, y in POSITIONS:
        values = np.pad(at(x, y).values, 3)
        values = values + noise * values.max() * rng.standard_normal(values.shape).clip(0).astype(np.float32)
        found.append(Kernel(np.roll(values, rng.integers(-2, 3, 2), (0, 1))))
    return found


def test_a_turn_is_found_in_shifted_and_noisy_estimates():
    true = motion(0.04)
    field = varying_field(estimates(true.kernel_at), POSITIONS, SHAPE)
    assert field is not None
    assert field.shape == SHAPE
    true_ones = [true.kernel_at(x, y) for x, y in field.positions]
    errors = [1 - similarity(*pair) for pair in zip(field.kernels, true_ones, strict=True)]
    assert np.mean(errors) < 0.12
    middle = true.kernel_at(249.5, 199.5)
    assert np.mean(errors) < 0.5 * np.mean([1 - similarity(middle, kernel) for kernel in true_ones])


@pytest.mark.parametrize("seed", [1, 2])
def test_one_kernel_everywhere_makes_no_field(seed):
    kernel = Kernel(draw_kernel("spline", 11, np.random.default_rng(seed)))
    assert varying_field(estimates(lambda x, y: kernel), POSITIONS, SHAPE) is None


def test_a_few_windows_prove_nothing():
    assert varying_field(estimates(motion(0.04).kernel_at)[:8], POSITIONS[:8], SHAPE) is None


def test_points_instead_of_kernels_make_no_field():
    point = Kernel(np.ones((1, 1), np.float32))
    assert varying_field([point] * len(POSITIONS), POSITIONS, SHAPE) is None


def test_a_stronger_turn_reaches_further():
    weak, strong = (
        turning([motion(t).kernel_at(x, y) for x, y in POSITIONS], POSITIONS, SHAPE) for t in (0.01, 0.05)
    )
    assert 0 < weak < strong


@pytest.mark.parametrize("shape", [(400, 500), (800, 1000), (1600, 2000), (3000, 1000)])
def test_the_blur_changes_by_a_pixel_over_a_cell_of_any_photo(shape):
    turn = 0.008
    counts = cells(motion(turn, shape), shape)
    change = [side / count * turn for side, count in zip(shape, counts, strict=True)]
    assert all(0.75 < c <= 1.01 for c in change)


def test_cells_stay_larger_than_their_kernels():
    violent = motion(0.2)
    field = KernelField.of(violent, None, SHAPE)
    assert min(side / count for side, count in zip(SHAPE, field.counts, strict=True)) >= field.side
    assert cells(motion(0.0), SHAPE) == (1, 1)


def test_steadied_keeps_the_paths_and_takes_the_shift():
    moved = CameraMotion(motion(0.04).poses + np.array([4, -2, 0.03]), np.full(41, 1 / 41), (249.5, 199.5))
    steady = moved.steadied()
    np.testing.assert_allclose(steady.weights @ steady.poses, 0, atol=1e-9)
    np.testing.assert_allclose(steady.turn, moved.turn)
    paths = [np.diff(displacements(m.poses, m.centre, POSITIONS), axis=1) for m in (moved, steady)]
    np.testing.assert_allclose(*(np.hypot(path[..., 0], path[..., 1]) for path in paths), atol=1e-9)
