import argparse

from app.cli.asking import add_preset, add_restoring, request_of
from app.presets import write_preset
from engine.choices import Choices, names_of
from engine.place import Place
from engine.request import Request


def asked(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_preset(parser)
    add_restoring(parser)
    return parser.parse_args(words)


def test_without_options_a_request_has_the_defaults_of_its_fields():
    assert request_of(asked()) == Request()


def test_every_choice_and_every_place_has_its_option():
    elsewhere = {"faces", "areas", "field"}  # drawn, `add_areas`, `acutance kernel`
    assert set(names_of(Choices)) - vars(asked()).keys() == elsewhere
    assert set(names_of(Place)) <= vars(asked()).keys()


def test_a_preset_takes_the_place_of_choices_but_says_nothing_of_where_to_restore(tmp_path):
    write_preset(tmp_path / "mild.json", Choices(strength=0.5))
    words = ("--preset", str(tmp_path / "mild.json"), "--strength", "0.2", "--device", "cpu", "--tile", "128")
    assert request_of(asked(*words)) == Request(strength=0.5, device="cpu", tile=128)
