import json

import numpy as np
import pytest
from skimage import data

from engine.kernels import candidate_judge
from engine.kernels.blurring import add_noise, blur
from engine.kernels.candidate_judge import CARD_ID, Found, Pool
from engine.kernels.families import linear_kernel
from engine.kernels.kernel import Kernel
from engine.weights import WeightsError
from resources import resource

SHARP = (data.camera()[100:260, 160:320] / 255).astype(np.float32)
TRUTH, *WRONG = (Kernel(linear_kernel(*shape)) for shape in ((11, 30), (11, 120), (25, 30), (3, 0)))
PHOTO = add_noise(blur(SHARP, TRUTH), 0.01, np.random.default_rng(1)).clip(0, 1)


def ranked(kernels: list[Kernel], hint: np.ndarray | None) -> list[Found]:
    found = Pool(PHOTO, 0.01, hint)
    found.add(kernels)
    return found.ranked()


def test_the_true_kernel_is_ranked_first_and_expected_to_gain():
    best, *others = ranked([*WRONG, TRUTH], SHARP)
    assert best.kernel is TRUTH
    assert {each.kernel for each in others} == set(WRONG)
    assert best.gain > 0 and best.right > 0.5
    assert best.gain == max(each.gain for each in (best, *others))


def test_without_a_network_to_compare_with_nobody_knows_what_is_gained():
    best = ranked([*WRONG, TRUTH], None)[0]
    assert best.kernel is TRUTH
    assert np.isnan([best.gain, best.beyond, best.right]).all()


def test_without_the_judges_file_kernels_are_ranked_all_the_same(monkeypatch):
    monkeypatch.setattr(candidate_judge, "find_weights", lambda _: None)
    best = ranked([*WRONG, TRUTH], SHARP)[0]
    assert best.kernel is TRUTH and np.isnan(best.gain)
    monkeypatch.undo()
    assert ranked([*WRONG, TRUTH], SHARP)[0].gain > 0, "a file that comes later is found"


def test_a_damaged_file_is_refused_in_a_sentence(weights_folder):
    shipped = resource("weights") / f"{CARD_ID}.json"
    (weights_folder / shipped.name).write_text(json.dumps(json.loads(shipped.read_text()) | {"sha256": "0" * 64}))
    (weights_folder / f"{CARD_ID}.safetensors").write_bytes(shipped.with_suffix(".safetensors").read_bytes())
    with pytest.raises(WeightsError, match="SHA-256"):
        ranked([TRUTH, *WRONG], SHARP)


def test_kernels_that_come_later_are_compared_with_all():
    once, twice = Pool(PHOTO, 0.01, SHARP), Pool(PHOTO, 0.01, SHARP)
    once.add([TRUTH, *WRONG])
    twice.add([TRUTH])
    assert len(twice.ranked()) == 1
    twice.add(WRONG)
    told = [[(each.kernel, each.gain, each.right) for each in pool.ranked()] for pool in (once, twice)]
    assert told[0] == told[1] and len(told[0]) == 1 + len(WRONG)


def test_progress_is_told():
    shares: list[float] = []
    Pool(PHOTO, 0.01, SHARP).add([TRUTH, *WRONG], shares.append)
    assert shares[0] == 0 and shares == sorted(shares) and set(shares) <= {0, 0.25, 0.5, 0.75}
