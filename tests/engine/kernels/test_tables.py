"""Tables of numbers: read correctly or refused, never silently wrong."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import UserError
from engine.kernels.files import load_kernel
from engine.kernels.tables import Ambiguous, numbers_in

KERNEL = np.array([[0.1, 0.2, 0.1], [0.2, 0.4, 0.25], [0, 1.5, 12]])


def table(values, point, separator, end="\n"):
    rows = [separator.join(f"{value:g}".replace(".", point) for value in row) for row in values]
    return end.join(rows) + end


@pytest.mark.parametrize(("separator", "end"), list(product([";", "\t", " ", "; ", "  "], ["\n", "\r\n"])))
@pytest.mark.parametrize("point", [".", ","])
def test_either_decimal_sign_gives_the_same_table(point, separator, end):
    np.testing.assert_array_equal(numbers_in(table(KERNEL, point, separator, end)), KERNEL)


@pytest.mark.parametrize("separator", [",", ", ", " , "])
def test_commas_part_numbers_with_points(separator):
    np.testing.assert_array_equal(numbers_in(table(KERNEL, ".", separator)), KERNEL)


def test_a_separator_behind_the_last_number_is_no_cell():
    assert numbers_in("0;1;0;\n1;2;1;\n").shape == (2, 3)


@pytest.mark.parametrize(
    "text",
    [
        "0,1\n0,2\n0,1\n",  # one column, or two
        "0,1;0,2;0,1",  # one row, or three of a matrix
        "0,1,0;1,2,1;0,1,0",
        "0,1,0;1,2,1;0,1,0\n0,1,0;1,2,1;0,1,0",
        "0,1, 0,2, 0,1\n0,2, 0,4, 0,2",
        "1.0,2.0;3.0,4.0\n1.0,2.0;3.0,4.0",
        "0.1 0,2\n0,2 0.4",
        "1.234,5;2\n3;4",
        "0,1,0,2,0,1\n0,2,0,4,0,2",
        "1,000 500\n500 1,000",  # thousands
    ],
)
def test_ambiguous_tables_are_refused(text, tmp_path):
    with pytest.raises(Ambiguous):
        numbers_in(text)
    path = tmp_path / "kernel.csv"
    path.write_text(text)
    with pytest.raises(UserError, match="decimal commas"):
        load_kernel(path)


@pytest.mark.parametrize(
    "text", ["0;;1\n1;;0", ";1\n;2", '"0,1";"0,2"\n"0,1";"0,2"', "a;b\n1;2", "0,,1\n1,,0", "1;2\n3"]
)
def test_cells_that_hold_no_number_are_no_table(text):
    with pytest.raises(ValueError, match=r".*"):
        numbers_in(text)


@given(
    st.integers(2, 5).flatmap(
        lambda width: st.lists(
            st.lists(st.integers(0, 99999).map(lambda n: n / 10000), min_size=width, max_size=width),
            min_size=2,
            max_size=5,
        )
    ),
    st.sampled_from([(p, s) for p in ".," for s in (",", ", ", ";", "; ", "\t", " ") if p != s.strip()]),
)
def test_written_tables_are_read_correctly_or_refused(rows, signs):
    try:
        found = numbers_in(table(rows, *signs))
    except ValueError:
        return
    wanted = np.array([[float(f"{value:g}") for value in row] for row in rows])
    np.testing.assert_array_equal(found, wanted)
