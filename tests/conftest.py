"""Weights for tests: random ones, in a folder of their own; and patience on a busy machine."""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import hypothesis
import platformdirs
import pytest
import torch
from pytestqt.qtbot import QtBot
from safetensors.torch import save

from engine.faces.embedding import CARD_ID
from engine.faces.embedding.network import FaceEmbedding
from engine.kernels import pool
from engine.networks.registry import method
from engine.weights import FOLDER_VARIABLE

Install = Callable[..., Path]

PATIENCE = 60_000  # ms

_USERS_FOLDERS = ("user_config_dir", "user_data_dir", "user_cache_dir", "user_log_dir", "user_state_dir")


def pytest_configure() -> None:
    """Wait for windows longer than pytest-qt's five seconds, and for examples longer than hypothesis' 0.2.

    On a machine that does other work, both pass without a fault.
    """
    for wait in (QtBot.waitUntil, QtBot.waitSignal, QtBot.waitSignals, QtBot.waitExposed, QtBot.waitActive):
        wait.__kwdefaults__["timeout"] = PATIENCE
    hypothesis.settings.register_profile("patient", deadline=None)
    hypothesis.settings.load_profile("patient")


@pytest.fixture(scope="session")
def nobodys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("nobody")


@pytest.fixture(autouse=True)
def folders_of_nobody(nobodys: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Put settings, presets, sidecars, caches and logs into a folder of the test, never into the user's.

    `tmp_path_factory` would read the names of all earlier tests' folders to number it.
    """
    made = Path(tempfile.mkdtemp(dir=nobodys))
    for name in _USERS_FOLDERS:
        monkeypatch.setattr(platformdirs, name, lambda *_, name=name, **__: str(made / name))
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def weights_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "weights"
    folder.mkdir()
    monkeypatch.setenv(FOLDER_VARIABLE, str(folder))
    return folder


@pytest.fixture(scope="session")
def write_weights() -> Install:
    """Return write_weights(folder, method_id, name="", settings={}, **card): random weights; it returns the card."""

    def write(
        folder: Path, method_id: str, name: str = "", settings: dict[str, Any] | None = None, **card: Any
    ) -> Path:
        torch.manual_seed(0)
        network = method(method_id).build(settings)
        data = save({key: t.half() if t.is_floating_point() else t for key, t in network.state_dict().items()})
        stem = f"{method_id}@{name}" if name else method_id
        (folder / f"{stem}.safetensors").write_bytes(data)
        described = {
            "format": 1,
            "id": stem,
            "method": method_id,
            "settings": settings or {},
            "sha256": hashlib.sha256(data).hexdigest(),
            **card,
        }
        path = folder / f"{stem}.json"
        path.write_text(json.dumps(described), encoding="utf-8")
        return path

    return write


@pytest.fixture
def install(weights_folder: Path, write_weights: Install) -> Install:
    """Return install(method_id, name="", settings={}, **card), which writes random weights and returns the card."""
    return partial(write_weights, weights_folder)


@pytest.fixture
def few_searches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look for kernels by two searches in place of ten, where the engine runs in this process."""
    monkeypatch.setattr(pool, "SEARCHES", pool.SEARCHES[:1])
    monkeypatch.setattr(pool, "SMALL", pool.SMALL[1:2])
    monkeypatch.setattr(pool, "LARGE", ())


@pytest.fixture
def embedding(weights_folder: Path) -> None:
    """Install a face embedding with random weights."""
    torch.manual_seed(0)
    data = save({name: tensor.half().contiguous() for name, tensor in FaceEmbedding().state_dict().items()})
    (weights_folder / f"{CARD_ID}.safetensors").write_bytes(data)
    card = {"format": 1, "id": CARD_ID, "method": CARD_ID, "sha256": hashlib.sha256(data).hexdigest()}
    (weights_folder / f"{CARD_ID}.json").write_text(json.dumps(card))
