"""The pictures of a benchmark's folder."""

import pytest

from engine.errors import UserError
from training.evaluation.benchmarks.cases import cases


def test_levins_pictures_know_their_truth_and_their_kernel(levin):
    first, second = cases("levin", levin)
    assert (first.name, first.kind, second.kind) == ("im1_kernel1", "kernel1", "kernel2")
    assert first.sharp == second.sharp == levin / "gt" / "im1.png"
    assert second.kernel == levin / "gt" / "kernel2.png"


def test_koehlers_pictures_share_a_latent_frame(koehler):
    found = cases("koehler", koehler)
    assert [case.name for case in found] == ["Blurry1_1", "Blurry1_11", "Blurry1_3"]
    assert {case.sharp for case in found} == {koehler / "latent" / "1.png"}
    assert {case.kernel for case in found} == {None}


def test_real_photos_have_a_kind_and_some_a_kernel(real):
    found = {case.name: (case.kind, case.kernel) for case in cases("real", real)}
    assert found == {"lamp": ("night", None), "page": ("text", real / "page.kernel.png"), "road": ("day", None)}


def test_every_second_name_is_of_the_half_to_judge_by(real):
    assert [(case.name, case.half) for case in cases("real", real)] == [
        ("lamp", "tune"),
        ("page", "judge"),
        ("road", "tune"),
    ]


@pytest.mark.parametrize(
    ("name", "missing", "said"),
    [
        ("levin", "gt/kernel2.png", "kernel2.png is missing"),
        ("koehler", "latent/1.png", "1.jpg is missing"),
        ("real", "pictures.csv", "pictures.csv cannot be read"),
        ("real", "page.kernel.png", "page.kernel.png is missing"),
    ],
)
def test_missing_files_are_named(name, missing, said, request):
    folder = request.getfixturevalue(name)
    (folder / missing).unlink()
    with pytest.raises(UserError, match=said):
        cases(name, folder)


def test_a_list_without_kinds_is_a_sentence(real):
    (real / "pictures.csv").write_text("picture\nlamp.png\n", encoding="utf-8")
    with pytest.raises(UserError, match="lacks a picture or its kind"):
        cases("real", real)


def test_a_folder_of_something_else_is_a_sentence(tmp_path):
    with pytest.raises(UserError, match="no pictures of the benchmark levin"):
        cases("levin", tmp_path)
