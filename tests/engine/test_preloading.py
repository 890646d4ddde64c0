import gc
import subprocess
import sys

import pytest

from engine.preloading import without_collections

LINKED_BEFORE = """
import sys
from engine.preloading import preload_torch
preload_torch()
assert "torch" not in sys.modules
linked = open("/proc/self/maps").read().count("libtorch_cpu.so")
import torch
print(linked > 0, float(torch.ones(3, 3).mm(torch.ones(3, 3)).sum()))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_the_libraries_are_linked_before_the_import_and_work():
    done = subprocess.run([sys.executable, "-c", LINKED_BEFORE], capture_output=True, text=True, timeout=120)
    assert done.stdout.split() == ["True", "27.0"], done.stderr


def test_nothing_is_collected_meanwhile_and_afterwards_as_before():
    frozen = gc.get_freeze_count()
    with pytest.raises(ImportError), without_collections():
        assert not gc.isenabled()
        raise ImportError
    assert gc.isenabled()
    assert gc.get_freeze_count() > frozen
    gc.unfreeze()
