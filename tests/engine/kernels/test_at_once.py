from collections.abc import Callable
from threading import Event

import pytest

from engine.kernels import at_once as module
from engine.kernels import transforms
from engine.kernels.at_once import Check, at_once


@pytest.fixture(autouse=True)
def two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_cores", lambda: 2)


def numbered(number: int) -> Callable[[Check], int]:
    return lambda check: number


def test_results_come_in_the_order_of_the_tasks():
    shares: list[float] = []
    assert at_once([numbered(each) for each in range(5)], shares.append) == list(range(5))
    assert shares[0] == 0 and shares == sorted(shares)
    assert at_once([]) == []


def test_two_run_at_the_same_time_each_on_one_core():
    first, second = Event(), Event()

    def meet(mine: Event, other: Event) -> Callable[[Check], tuple[bool, int]]:
        def task(check: Check) -> tuple[bool, int]:
            mine.set()
            return other.wait(60), transforms._cores.count

        return task

    assert at_once([meet(first, second), meet(second, first)]) == [(True, 1), (True, 1)]


def test_what_one_raises_is_raised_and_ends_the_others():
    begun = Event()

    def endless(check: Check) -> None:
        begun.set()
        while True:
            check()

    def failing(check: Check) -> None:
        assert begun.wait(60)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        at_once([endless, failing])


def test_a_stop_ends_what_runs_and_begins_nothing_more():
    begun, later = Event(), []

    def endless(check: Check) -> None:
        begun.set()
        while True:
            check()

    def stop(share: float) -> None:
        if begun.is_set():
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        at_once([endless, endless, lambda check: later.append(1)], stop)
    assert later == []
