import gc

import pytest

from engine.importing import without_collections


def test_garbage_collection_pauses_and_resumes():
    frozen = gc.get_freeze_count()
    with pytest.raises(ImportError), without_collections():
        assert not gc.isenabled()
        raise ImportError
    assert gc.isenabled()
    assert gc.get_freeze_count() > frozen
    gc.unfreeze()
