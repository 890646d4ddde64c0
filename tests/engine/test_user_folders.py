import platformdirs
import pytest

from engine import user_folders


@pytest.mark.parametrize("kind", ["config", "data", "cache", "log"])
def test_each_folder_is_at_the_systems_usual_place_under_the_programs_name(kind, tmp_path, monkeypatch):
    def where(name, appauthor):
        return str(tmp_path / kind / f"{name} {appauthor}")

    monkeypatch.setattr(platformdirs, f"user_{kind}_dir", where)
    assert getattr(user_folders, f"{kind}_folder")() == tmp_path / kind / "acutance False"
    assert not (tmp_path / kind).exists()
