import psutil
import pytest
import torch

from engine import devices
from engine.errors import UserError
from engine.networks.method import Method, Scaling

CPU = torch.device("cpu")
METHOD = Method("m", "M", "", "", "", frozenset({"whole"}), Scaling(), precisions=("float32", "float16"))


@pytest.fixture(autouse=True)
def own_memory_of_failures(tmp_path, monkeypatch):
    monkeypatch.setattr(devices, "_memory", lambda: tmp_path / "sub" / "half.json")


@pytest.fixture
def no_gpu(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)


@pytest.fixture
def mps(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)


def test_the_cpu_where_there_is_no_gpu(no_gpu):
    assert devices.choose_device() == CPU
    assert devices.choose_device("cpu") == CPU
    assert devices.device_name(CPU) == "cpu"


@pytest.mark.parametrize("choice", ["cuda", "mps"])
def test_a_gpu_that_is_not_there_is_a_sentence(no_gpu, choice):
    with pytest.raises(UserError, match=f"'{choice}' cannot be used: .+\\."):
        devices.choose_device(choice)


def test_mps_before_the_cpu(mps):
    assert devices.choose_device().type == "mps"
    assert devices.choose_device("cpu") == CPU
    assert devices.why_no_gpu() is None


@pytest.mark.parametrize(
    ("cuda", "driver", "words"),
    [(None, False, "built for the CPU"), ("13.0", False, "driver"), ("13.0", True, "too old")],
)
def test_why_there_is_no_gpu(no_gpu, monkeypatch, cuda, driver, words):
    monkeypatch.setattr(torch.version, "cuda", cuda)
    monkeypatch.setattr(torch.version, "hip", None)
    monkeypatch.setattr(devices, "_nvidia_driver", lambda: driver)
    assert words in devices.why_no_gpu()


def test_the_memory_budget_is_asked_for_or_a_share_of_what_is_free(monkeypatch):
    assert devices.memory_budget(CPU, 12345) == 12345
    assert 0 < devices.memory_budget(CPU) <= devices.CPU_BUDGET
    memory = psutil.virtual_memory()._replace(available=1000)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: memory)
    assert devices.memory_budget(CPU) == 500


def test_full_precision_on_the_cpu():
    assert devices.choose_precision(CPU, METHOD) == "float32"
    assert devices.choose_precision(CPU, METHOD, "float16") == "float16"
    assert devices.choose_precision(CPU, METHOD, "bfloat16") == "float32"


def test_half_precision_on_a_gpu_until_it_fails():
    gpu = torch.device("mps")
    assert devices.choose_precision(gpu, METHOD) == "float16"
    devices.remember_failure(gpu, METHOD, "float16")
    devices.remember_failure(gpu, METHOD, "float16")
    assert devices._failures() == {"mps: m": ["float16"]}
    assert devices.choose_precision(gpu, METHOD) == "float32"


@pytest.mark.parametrize("text", ["", "[]", "{"])
def test_a_spoilt_memory_of_failures_is_no_harm(text):
    devices._memory().parent.mkdir()
    devices._memory().write_text(text)
    assert devices.choose_precision(torch.device("mps"), METHOD) == "float16"


def test_a_memory_that_cannot_be_written_is_no_harm(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(devices, "_memory", lambda: tmp_path / "file" / "half.json")
    devices.remember_failure(CPU, METHOD, "float16")
    assert devices._failures() == {}


def test_a_lost_device_is_left_alone_until_the_next_start(mps, monkeypatch):
    monkeypatch.setattr(devices, "_lost", set())
    devices.lose_device(CPU)
    assert devices.choose_device().type == "mps"
    devices.lose_device(torch.device("mps"))
    assert devices.choose_device() == CPU
    assert "failed while computing" in devices.why_no_gpu()
    with pytest.raises(UserError, match="'mps' failed before"):
        devices.choose_device("mps")


def test_a_package_for_processors_speaks_of_the_other_package(no_gpu, monkeypatch):
    monkeypatch.setattr(torch.version, "cuda", None)
    monkeypatch.setattr(torch.version, "hip", None)
    monkeypatch.setattr(devices, "packaged", lambda: True)
    assert "there is one with CUDA" in devices.why_no_gpu()
