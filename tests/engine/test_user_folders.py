import platformdirs
import pytest

from engine import user_folders


@pytest.mark.parametrize("kind", ["config", "data", "cache", "log"])
def test_each_kind_lies_where_the_system_has_it_under_the_programs_name_alone(kind, tmp_path, monkeypatch):
    def where(name, appauthor):
        return str(tmp_path / kind / f"{name} {appauthor}")

    monkeypatch.setattr(platformdirs, f"user_{kind}_dir", where)
    assert getattr(user_folders, f"{kind}_folder")() == tmp_path / kind / "acutance False"
    assert not (tmp_path / kind).exists()
