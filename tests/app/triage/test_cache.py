"""Diagnoses are remembered by content, through crashes and changes of the weights."""

from pathlib import Path

from app.triage import cache
from app.triage.cache import Cache, key_of

PLAIN = {"kind": "sharp"}


def test_what_was_added_is_there_for_the_next_process(tmp_path):
    Cache(tmp_path).add("key", PLAIN)
    assert Cache(tmp_path).get("key") == PLAIN and Cache(tmp_path).get("other") is None


def test_a_line_that_a_crash_tore_is_ignored(tmp_path):
    Cache(tmp_path).add("one", PLAIN)
    with (tmp_path / "triage.jsonl").open("ab") as file:
        file.write(b'{"key": "two", "ki')
    Cache(tmp_path).add("three", PLAIN)
    assert [Cache(tmp_path).get(key) for key in ("one", "two", "three")] == [PLAIN, None, PLAIN]


def test_old_ones_are_forgotten_when_there_are_too_many(tmp_path, monkeypatch):
    monkeypatch.setattr(cache, "MOST", 4)
    for number in range(5):
        Cache(tmp_path).add(f"key {number}", PLAIN)
    memory = Cache(tmp_path)
    assert memory.get("key 0") is None and memory.get("key 4") == PLAIN
    assert len((tmp_path / "triage.jsonl").read_text().split()) < 12


def test_a_folder_that_cannot_be_written_costs_only_the_memory(tmp_path, caplog):
    (tmp_path / "file").write_text("")
    memory = Cache(tmp_path / "file")
    memory.add("key", PLAIN)
    assert memory.get("key") == PLAIN and "not remembered" in caplog.text


def test_the_key_is_of_content_weights_and_faces():
    keys = {key_of(*each) for each in ((b"a", "1", False), (b"b", "1", False), (b"a", "2", False), (b"a", "1", True))}
    assert len(keys) == 4 and key_of(b"a", "1", False) in keys


def test_it_lies_in_the_users_cache(folders_of_nobody):
    assert Cache().path.is_relative_to(Path(folders_of_nobody))
