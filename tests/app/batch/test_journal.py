import json
from pathlib import Path

from app.batch.journal import Entry, Journal
from engine.errors import Sentence

NAMES = ["a.png", "日本 🙂.png", "line\u2028break.png", "latin-\udcff.png"]


def test_entries_come_back_whatever_the_name(tmp_path):
    journal = Journal(tmp_path)
    for name in NAMES:
        journal.add(Entry(name, "begun"))
        journal.add(Entry(name, "done", output=name))
    assert journal.entries() == {name: Entry(name, "done", output=name) for name in NAMES}


def test_a_line_torn_anywhere_counts_for_nothing(tmp_path):
    journal = Journal(tmp_path)
    journal.add(Entry("whole.png", "done"))
    whole = journal.path.read_bytes()
    line = json.dumps({"photo": "日本.png", "state": "done"}, ensure_ascii=False).encode()
    for end in range(1, len(line)):
        journal.path.write_bytes(whole + line[:end])
        assert list(journal.entries()) == ["whole.png"]
    journal.add(Entry("after.png", "done"))
    assert list(journal.entries()) == ["whole.png", "after.png"]


def test_without_a_journal_nothing_is_done(tmp_path):
    assert Journal(Path(tmp_path)).entries() == {}


def test_a_reason_keeps_its_wording_for_another_language(tmp_path):
    journal = Journal(tmp_path)
    inner = Sentence("{name} is cut short.", name="a.png")
    journal.add(Entry("a.png", "failed", reason=Sentence("{path}: {reason}", path=Path("a.png"), reason=inner)))
    reason = journal.entries()["a.png"].reason
    assert reason == "a.png: a.png is cut short."
    assert reason.wording == "{path}: {reason}" and reason.fields["reason"].fields == {"name": "a.png"}


def test_a_line_of_an_earlier_version_is_read(tmp_path):
    journal = Journal(tmp_path)
    journal.path.write_text('{"photo": "a.png", "state": "failed", "reason": "It is {broken}."}')
    assert journal.entries()["a.png"].reason == "It is {broken}."
