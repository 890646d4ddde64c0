import pytest

from engine.whole_files import write_whole


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "a.npy"
    path.write_bytes(b"old")

    def half(file):
        file.write(b"ne")
        raise RuntimeError("cut off")

    with pytest.raises(RuntimeError, match="cut off"):
        write_whole(path, half)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_name_that_is_taken_stays_unless_asked(tmp_path):
    path = tmp_path / "a.npy"
    path.write_bytes(b"old")
    with pytest.raises(FileExistsError):
        write_whole(path, lambda file: file.write(b"new"), overwrite=False)
    assert path.read_bytes() == b"old"
    write_whole(path, lambda file: file.write(b"new"))
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]
