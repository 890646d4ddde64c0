import numpy as np

from app.window.trust_map import coloured


def test_the_photo_stays_grey_where_it_is_explained_and_turns_amber_where_not():
    layers = np.array([[[200, 1.0], [200, 9.0]]], np.float32)
    fine, doubtful = coloured(layers)[0]
    assert len(set(fine.tolist())) == 1 and fine[0] == 80
    assert doubtful.tolist() == [255, 176, 46]
