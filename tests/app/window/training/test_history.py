import json

import pytest

from app.window.training.curves import smoothed
from app.window.training.history import History


def place(step):
    return {"step": step, "samples": 8 * step, "minutes": step / 10, "spent": step / 20}


def figures(psnr):
    return {"psnr": psnr, "ssim": 0.7}


BEGUN = {
    "event": "begun", "photos": 9, "held_out_photos": 3, "device": "d", "input": figures(25), "shipped": figures(27),
}  # fmt: skip


@pytest.fixture
def tell(tmp_path):
    """Return a function that writes an entry as the trainer does."""

    def write(step, text="", **entry):
        with (tmp_path / "metrics.jsonl").open("a") as file:
            file.write(text or json.dumps({**place(step), **entry}) + "\n")

    return write


def losses(step):
    return {"losses": {"l1": 0.5, "tv": 0.25}, "samples_per_second": 4.0 + step}


def test_a_growing_file_is_read_once(tmp_path, tell):
    history = History(tmp_path)
    history.read()
    assert not history.entries and history.seconds_left is None
    tell(0, **BEGUN)
    tell(5, **losses(5))
    history.read()
    history.read()
    assert history.entries == 2
    assert history.losses == [(0.5, 0.75)] and history.rate == 9.0
    assert history.seconds_left == pytest.approx(90)
    tell(10, event="judged", held_out=figures(27.5), picture="samples/1.png")
    history.read()
    assert history.looks[0].picture == tmp_path / "samples/1.png" and history.looks[0].psnr == 27.5


def test_a_line_that_is_not_whole_yet_waits(tmp_path, tell):
    tell(0, **BEGUN)
    whole = json.dumps({**place(5), **losses(5)})
    tell(0, text=whole[:20])
    history = History(tmp_path)
    history.read()
    assert not history.losses
    tell(0, text=whole[20:] + "\n")
    history.read()
    assert len(history.losses) == 1


def test_a_torn_line_is_passed_over(tmp_path, tell):
    tell(0, **BEGUN)
    tell(0, text='{"step": 3, "sam{"step": 4}\n[]\n{}\n')
    tell(5, **losses(5))
    history = History(tmp_path)
    history.read()
    assert len(history.losses) == 1


def test_work_after_the_checkpoint_of_a_killed_run_is_repeated(tmp_path, tell):
    tell(0, **BEGUN)
    for step in (2, 4, 6):
        tell(step, **losses(step))
        tell(step, event="judged", held_out=figures(27 + step), picture=None)
    tell(4, **BEGUN)
    history = History(tmp_path)
    history.read()
    assert [at for at, _ in history.losses] == [0.2, 0.4] == [look.minutes for look in history.looks]


def test_an_ended_run_that_continues_is_no_longer_ended(tmp_path, tell):
    tell(0, **BEGUN)
    tell(4, event="ended", finished=True, held_out=figures(28), better=True, card="wrfn.json")
    history = History(tmp_path)
    history.read()
    assert history.finished and history.better and history.card == tmp_path / "wrfn.json"
    tell(4, **BEGUN)
    history.read()
    assert not history.finished and history.card is None


def test_a_curve_is_smoothed_by_earlier_values():
    assert smoothed([1.0, 0.0, 0.0]) == pytest.approx([1.0, 1 / 3, 1 / 6])
    assert smoothed([0.0] * 50 + [1.0])[-1] == pytest.approx(0.1)
    assert smoothed([]) == []
