import pytest

from app.remaining import Remaining, duration


@pytest.fixture
def told():
    """Return told(seconds on the clock, share, step) of one job."""
    now = [0.0]
    remaining = Remaining(lambda: now[0])

    def tell(at, share, step="restore"):
        now[0] = at
        return remaining.seconds(share, step)

    return tell


def test_a_steady_pace_goes_on(told):
    assert told(0, 0.0) is None
    assert told(10, 0.25) == pytest.approx(30)
    assert told(30, 0.75) == pytest.approx(10)


def test_nothing_is_told_too_soon(told):
    assert told(0, 0.0) is None
    assert told(2, 0.5) is None  # too few seconds
    told(10, 0.0)
    assert told(20, 0.01) is None  # too little done


def test_what_went_before_the_step_does_not_count(told):
    told(0, 0.0, "backend")
    told(100, 0.0)
    assert told(110, 0.5) == pytest.approx(10)


def test_the_next_job_begins_anew(told):
    told(0, 0.0)
    told(100, 0.9)
    assert told(100, 0.0) is None
    assert told(105, 0.5) == pytest.approx(5)


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.2, "1 s"), (89, "89 s"), (91, "2 min"), (3599, "60 min"), (5430, "1 h 30 min")]
)
def test_times_are_no_finer_than_they_can_be_known(seconds, words):
    assert duration(seconds) == words
