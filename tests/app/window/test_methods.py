from app.window import methods as offered
from engine import weights as weights_module
from engine.networks.registry import preferred_methods
from engine.weights import Card, WeightsError, WeightsFile

PREFERENCE = [method.id for method in preferred_methods()]


def found(weights_id, experimental=False):
    card = Card(id=weights_id, method=weights_id.partition("@")[0], experimental=experimental)
    return WeightsFile(path=None, card=card, shipped=True)


def test_a_method_without_weights_says_so(monkeypatch):
    monkeypatch.setattr(weights_module, "find_weights", lambda _: None)
    monkeypatch.setattr(weights_module, "installed", list)
    choices = offered.method_choices()
    assert [choice.id for choice in choices] == ["auto", *PREFERENCE]
    assert choices[0].reason == "" and all("not installed" in choice.reason for choice in choices[1:])


def test_a_broken_card_is_a_reason_not_an_end(monkeypatch):
    def broken(_):
        raise WeightsError("wrfn.json cannot be read.")

    monkeypatch.setattr(weights_module, "find_weights", broken)
    assert offered.method_choices()[1].reason == "wrfn.json cannot be read."


def test_experimental_methods_come_after_those_that_do_good(monkeypatch):
    monkeypatch.setattr(weights_module, "find_weights", lambda id_: found(id_, experimental=id_ == "wrfn"))
    monkeypatch.setattr(weights_module, "installed", list)
    assert [choice.id for choice in offered.method_choices()] == ["auto", *PREFERENCE[1:], "wrfn"]


def test_weights_that_the_user_trained_are_offered_too(monkeypatch):
    monkeypatch.setattr(weights_module, "find_weights", found)
    monkeypatch.setattr(weights_module, "installed", lambda: [found("wrfn"), found("wrfn@mine", experimental=True)])
    last = offered.method_choices()[-1]
    assert last.id == "wrfn@mine" and last.title.endswith("– mine") and last.experimental


def test_a_method_for_faces_alone_does_not_offer_the_whole_photo(monkeypatch):
    monkeypatch.setattr(weights_module, "find_weights", found)
    choices = {choice.id: choice for choice in offered.method_choices()}
    assert "whole" not in choices["deepdeblur"].regions and "faces" in choices["deepdeblur"].regions
    assert choices["wrfn"].regions == {"auto", "faces", "whole", "aligned"}
