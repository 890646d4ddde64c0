"""Reports as CSV, JSON and HTML."""

import csv
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from PIL import Image

from app import language
from app.triage.report import COLUMNS, write_report
from app.triage.triaged import Triaged, described
from engine.diagnosis.diagnosis import Advice, Diagnosis, Kind, Part
from engine.errors import UserError

SHAKEN = Diagnosis(
    Kind.SHAKEN,
    0.8,
    Advice.CAN_BE_SAVED,
    0.2,
    extent=14.2,
    share=0.002,
    angle=0.1,
    direction=35,
    gain=3.1,
    confidence=0.82,
)
MOVED = Diagnosis(
    Kind.SUBJECT_MOVED, 0.7, Advice.CANNOT_BE_SAVED, 0.9, extent=20, share=0.003, places=(Part(0.2, 0.3, 0.6, 0.7),)
)


@pytest.fixture
def found(tmp_path):
    Image.new("RGB", (60, 40)).save(tmp_path / "<b>.jpg")
    return [
        Triaged(tmp_path / "<b>.jpg", SHAKEN, size=(60, 40), burst=1),
        Triaged(Path("moved.jpg"), MOVED),
        Triaged(Path("bad.jpg"), reason="Cannot read bad.jpg: it is damaged."),
    ]


def test_a_diagnosis_in_words():
    assert described(Triaged(Path("a"), SHAKEN)) == (
        "shaken, 14 px (0.20% of the frame, 0.10° of the view), direction 35°; may be saved (82% sure, about 3 dB)"
    )
    assert described(Triaged(Path("a"), MOVED)).endswith("at 40% from the left, 50% from the top; cannot be saved")
    assert described(Triaged(Path("a"), Diagnosis(Kind.SHARP, 1, Advice.KEEP, 1))) == "sharp; keep"


def test_csv_has_a_line_for_each_photo(found, tmp_path):
    write_report(found, tmp_path / "report.csv")
    rows = list(csv.DictReader((tmp_path / "report.csv").open(newline="")))
    assert tuple(rows[0]) == COLUMNS
    assert [row["kind"] for row in rows] == ["shaken", "subject moved", ""]
    assert (
        rows[0]["extent_px"] == "14.2" and rows[1]["places"] == "0.2 0.3 0.6 0.7" and "damaged" in rows[2]["reason"]
    )


def test_json_counts_them(found, tmp_path):
    write_report(found, tmp_path / "report.json")
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["kinds"] == {"shaken": 1, "subject moved": 1} and report["failed"] == 1
    assert report["advice"] == {"keep": 0, "can be saved": 1, "cannot be saved": 1}


def test_the_page_shows_pictures_and_no_name_is_markup(found, tmp_path):
    write_report(found, tmp_path / "report.html")
    text = (tmp_path / "report.html").read_text()
    seen = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attributes: seen.append((tag, dict(attributes)))
    parser.feed(text)
    tags = [tag for tag, _ in seen]
    assert "b" not in tags and tags.count("figure") == 3 and tags.count("img") == 1 and tags.count("svg") == 1
    assert all(not str(at.get("src", "data:")).startswith("http") for _, at in seen)


def test_the_page_is_in_the_users_language(found, tmp_path):
    language.use("de")
    try:
        write_report(found, tmp_path / "report.html")
    finally:
        language.use("en")
    text = (tmp_path / "report.html").read_text()
    assert '<html lang="de">' in text and "Durchsicht von 3 Fotos" in text and "Verwackelt" in text
    assert not re.search(r">[^<]*\b(Keep|Shaken|Deblurring|Burst|photos)\b", text)


def test_a_report_that_cannot_be_written_is_told(found, tmp_path):
    with pytest.raises(UserError, match="cannot be written"):
        write_report(found, tmp_path / "gone" / "report.csv")


def test_a_diagnosis_survives_as_json():
    for told in (SHAKEN, MOVED):
        assert Diagnosis.of(json.loads(json.dumps(told.plain()))) == told
