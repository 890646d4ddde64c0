import pytest

from app.remaining import Remaining, duration


@pytest.fixture
def left():
    """Return left(seconds on the clock, share, step) of one job."""
    now = [0.0]
    remaining = Remaining(lambda: now[0])

    def tell(at, share, step="restore"):
        now[0] = at
        return remaining.seconds(share, step)

    return tell


def test_a_steady_pace_continues(left):
    assert left(0, 0.0) is None
    assert left(10, 0.25) == pytest.approx(30)
    assert left(30, 0.75) == pytest.approx(10)


def test_no_time_is_given_too_soon(left):
    assert left(0, 0.0) is None
    assert left(2, 0.5) is None  # too few seconds
    left(10, 0.0)
    assert left(20, 0.01) is None  # too little done


def test_earlier_steps_do_not_count(left):
    left(0, 0.0, "backend")
    left(100, 0.0)
    assert left(110, 0.5) == pytest.approx(10)


def test_the_next_job_begins_anew(left):
    left(0, 0.0)
    left(100, 0.9)
    assert left(100, 0.0) is None
    assert left(105, 0.5) == pytest.approx(5)


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.2, "1 s"), (89, "89 s"), (91, "2 min"), (3599, "60 min"), (5430, "1 h 30 min")]
)
def test_times_are_no_finer_than_they_can_be_known(seconds, words):
    assert duration(seconds) == words
