from concurrent.futures import ThreadPoolExecutor

import pytest

from app.window.opening.own_files import KERNELS, PASTED, is_own, keep, own_folder
from engine.errors import UserError
from engine.user_folders import cache_folder


def test_files_of_one_name_are_all_kept_also_by_threads_at_the_same_time():
    with ThreadPoolExecutor(8) as pool:
        paths = list(pool.map(lambda n: keep(KERNELS, "drawn.npy", lambda file: file.write(bytes([n]))), range(16)))
    assert [path.read_bytes() for path in paths] == [bytes([n]) for n in range(16)]
    assert len(list(own_folder(KERNELS).iterdir())) == 16


def test_a_failure_to_store_is_reported(folders_of_nobody):
    own_folder(PASTED).parent.write_text("in the way")
    with pytest.raises(UserError, match=r"Cannot write .*x\.png: "):
        keep(PASTED, "x.png", lambda file: None)


def test_only_what_the_program_made_is_its_own(tmp_path):
    assert is_own(own_folder(PASTED) / "x.png") and is_own(cache_folder() / "sample.png")
    assert not is_own(own_folder("training") / "x.png") and not is_own(tmp_path / "x.png")
