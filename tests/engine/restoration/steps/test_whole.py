from dataclasses import replace

import numpy as np
import pytest

from engine.kernels.candidate_judge import Found
from engine.kernels.kernel import Kernel
from engine.restoration.restored import Restored
from engine.restoration.run import Run
from engine.restoration.steps import whole
from engine.restoration.steps.whole import restore_whole
from engine.restoration.watch import Watch

LINE = Kernel(np.ones((1, 5)))
FOUND = [Found(LINE, gain=2.0, beyond=1.0, right=0.9)]


@pytest.fixture
def asked(monkeypatch):
    """Restore nothing; return what was asked for, as (id, kernel)."""
    wanted = []

    def by(self, chosen, watch, kernel=None):
        wanted.append((chosen, kernel))
        return lambda pixels, watch: Restored(pixels * np.float32(0.5), None, "cpu")

    monkeypatch.setattr(Run, "by", by)
    return wanted


def test_without_a_choice_the_photo_stays_as_it_is(run_of):
    run = run_of(region="faces")
    assert restore_whole(run, None, [], Watch()).pixels is run.photo.pixels


def test_blind_deconvolution_takes_the_kernel_that_was_found(run_of, asked):
    restore_whole(run_of(method="l0-deconv"), "l0-deconv", FOUND, Watch())
    restore_whole(run_of(method="wrfn"), "wrfn", FOUND, Watch())
    assert asked == [("l0-deconv", LINE), ("wrfn", None)]


@pytest.mark.parametrize("sharper", [True, False])
def test_automatic_keeps_what_did_not_become_sharper(run_of, asked, sharper, monkeypatch):
    taken = np.zeros((2, 2, 5), np.float32)
    taken[..., 0] = 1
    monkeypatch.setattr(whole, "_restored", lambda run, *_: replace(made, pixels=run.photo.pixels * 2, taken=taken))
    monkeypatch.setattr(whole, "keep_if_no_sharper", lambda *_: not sharper)
    made, watch = Restored(np.zeros((1, 1, 3)), None, "cpu"), Watch()
    restored = restore_whole(run_of(), "finish", FOUND, watch)
    assert (restored.taken is taken) is sharper
    assert bool([note for note in watch.notes if "Made of several" in note]) is sharper


def test_there_is_nothing_to_finish_without_a_kernel(run_of, asked):
    watch = Watch()
    restore_whole(run_of(method="wrfn", finish=True), "wrfn", [], watch)
    assert watch.notes == ["There is nothing to finish: the method gives no kernel."]
