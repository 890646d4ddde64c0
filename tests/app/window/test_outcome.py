import pytest

from app.window.panels.outcome import trust_of


@pytest.mark.parametrize(
    ("residual", "tone", "word"),
    [
        (None, "info", "cannot be checked"),
        (0.9, "check", "well"),
        (1.8, "info", "most"),
        (4.0, "warning", "adds detail"),
    ],
)
def test_the_residual_is_said_in_words(residual, tone, word):
    said = trust_of(residual)
    assert said[0] == tone and word in said[1]
