import pytest

from app.window.training.curves import range_of, shown_minutes, smoothed


@pytest.mark.parametrize(("spent", "planned", "shown"), [(1, 60, 1.875), (20, 60, 30), (40, 60, 60), (70, 60, 70)])
def test_the_curve_fills_at_least_half_of_the_axis(spent, planned, shown):
    assert shown_minutes(spent, planned) == shown and spent / shown >= 0.5


def test_an_empty_run_shows_half_a_minute_at_least():
    assert 0.5 <= shown_minutes(0, 60) < 1


def test_the_smoothed_curve_is_within_the_axis_soon_after_a_bad_start():
    losses = [5.0, 3.0, *[1.0 + at % 10 / 10 for at in range(98)]]
    low, high = range_of(losses)
    assert all(low <= value <= high for value in smoothed(losses)[10:])


def test_losses_at_the_start_and_single_peaks_do_not_flatten_the_rest():
    losses = [50.0, 20.0, 5.0, *[1.0 + at % 10 / 10 for at in range(300)], float("nan"), 99.0]
    assert range_of(losses) == [1.0, 1.9]
    assert range_of([]) == [] and range_of([float("inf")]) == []
