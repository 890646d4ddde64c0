"""The log is written, read back entry by entry, and shows an unexpected end."""

import faulthandler
import logging
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import log as module
from app.log import Entry, Log, log_file, read_log


@pytest.fixture
def quiet(monkeypatch):
    monkeypatch.setattr(faulthandler, "enable", lambda file: None)
    monkeypatch.setattr(faulthandler, "disable", lambda: None)


@pytest.fixture
def kept(tmp_path, quiet):
    log = Log(tmp_path / "log")
    yield tmp_path / "log"
    log.close()


def test_log_entries_come_back_with_their_lines(kept):
    logging.getLogger("app.some").info("one é 写\nof two lines")
    try:
        raise ValueError("a reason")
    except ValueError:
        logging.getLogger("engine.other").exception("unexpected")
    first, second = read_log(kept)
    assert (first.level, first.source, first.text) == ("INFO", "app.some", "one é 写\nof two lines")
    assert second.level == "ERROR" and second.text.startswith("unexpected\nTraceback")
    assert second.text.endswith("ValueError: a reason")
    assert second.severity > first.severity


def test_details_for_developers_are_not_kept(kept):
    logging.getLogger("app.some").debug("too much")
    assert read_log(kept) == []


def test_a_full_log_rolls_over_and_is_read_across_the_files(tmp_path, quiet, monkeypatch):
    monkeypatch.setattr(module, "_BYTES", 1500)
    log = Log(tmp_path)
    for number in range(120):
        logging.getLogger("app.some").info("number %d", number)
    log.close()
    assert len(list(tmp_path.glob("acutance.log*"))) == 3
    numbers = [int(entry.text.split()[1]) for entry in read_log(tmp_path)]
    assert numbers == list(range(numbers[0], 120)) and len(numbers) > 20
    assert [entry.text for entry in read_log(tmp_path, most=2)] == ["number 118", "number 119"]


def test_a_log_held_by_another_window_continues_where_it_is(tmp_path, quiet, monkeypatch):
    monkeypatch.setattr(module, "_BYTES", 500)

    def held(self, target):
        raise PermissionError("in use")

    monkeypatch.setattr(module.Path, "rename", held)
    log = Log(tmp_path)
    for number in range(30):
        logging.getLogger("app.some").info("number %d", number)
    log.close()
    assert len(read_log(tmp_path)) == 30


def test_a_folder_that_cannot_be_written_is_done_without(tmp_path, quiet, caplog):
    (tmp_path / "log").write_text("a file")
    log = Log(tmp_path / "log")
    logging.getLogger("app.some").info("still here")
    log.close()
    assert "no log is kept" in caplog.text


def test_a_clean_end_leaves_no_trace(tmp_path, quiet):
    Log(tmp_path).close()
    log = Log(tmp_path)
    assert not log.ended_badly
    log.close()
    assert not (tmp_path / "crash.txt").exists()


def test_a_program_that_ended_by_itself_says_so_the_next_time(tmp_path, quiet):
    (tmp_path / "crash.txt").write_text("Fatal Python error: Segmentation fault\n")
    log = Log(tmp_path)
    log.close()
    assert log.ended_badly
    assert "Segmentation fault" in read_log(tmp_path)[-1].text


def test_everything_is_as_before_when_it_is_closed(tmp_path, quiet):
    root = logging.getLogger()
    before = (root.level, list(root.handlers))
    Log(tmp_path).close()
    assert (root.level, list(root.handlers)) == before


def test_a_windowed_program_on_windows_has_no_standard_error(tmp_path, quiet, monkeypatch):
    monkeypatch.setattr(sys, "stderr", None)
    log = Log(tmp_path)
    logging.getLogger("app.some").warning("kept")
    log.close()
    assert [entry.text for entry in read_log(tmp_path)] == ["kept"]


TEXTS = st.lists(st.text(st.characters(blacklist_categories=("Cc", "Cs", "Zl", "Zp")), max_size=30), min_size=1)


@given(st.lists(TEXTS, max_size=5))
def test_every_entry_survives_the_file(entries):
    made = [Entry("2026-11-21 08:00:00", "INFO", "app", "\n".join(lines)) for lines in entries]
    assert module._entries("".join(f"{entry}\n" for entry in made)) == made


def test_a_log_that_was_never_written_is_empty(tmp_path):
    assert read_log(log_file(tmp_path).parent) == []
