import errno
import pickle
from pathlib import Path

from engine.errors import Sentence, UserError, reason_of


def test_a_sentence_is_filled_with_its_fields() -> None:
    error = UserError("The kernel {path} is an empty file.", path=Path("k.npy"))
    assert str(error) == "The kernel k.npy is an empty file."
    assert (error.sentence.wording, error.sentence.fields) == (
        "The kernel {path} is an empty file.",
        {"path": Path("k.npy")},
    )


def test_a_sentence_without_fields_stays_as_it_is() -> None:
    assert str(UserError("A name needs {name} in it.")) == "A name needs {name} in it."


def test_an_error_among_the_fields_is_replaced_by_its_reason() -> None:
    full = OSError(errno.ENOSPC, "No space left on device", "/x")
    assert str(UserError("{path} cannot be written: {reason}.", path="a", reason=full)) == (
        "a cannot be written: the disk is full."
    )


def test_an_error_goes_to_another_process_with_its_fields() -> None:
    there = pickle.loads(pickle.dumps(UserError("{path} is no folder.", path="a")))
    assert (str(there), there.sentence.wording, there.sentence.fields) == (
        "a is no folder.",
        "{path} is no folder.",
        {"path": "a"},
    )


def test_an_error_without_a_text_is_named_by_its_type() -> None:
    assert reason_of(MemoryError()) == "MemoryError"


def test_a_sentence_is_text_that_goes_to_another_process_with_its_wording() -> None:
    there = pickle.loads(pickle.dumps(Sentence("{device} failed: {reason}", device="cuda", reason="{lost}")))
    assert there == "cuda failed: {lost}"
    assert (there.wording, there.fields["device"]) == ("{device} failed: {reason}", "cuda")
