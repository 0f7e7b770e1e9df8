"""Numbers as people write them; what can be read two ways is nobody's guess."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.own_table.numbers import read_column, suggests


def read(*cells, **how):
    return read_column(cells, range(1, len(cells) + 1), place=0, title="x", **how)


def test_german_and_english_numbers_with_thousands_are_read():
    german = read("1.234,5", "12", "-3,25", "\u22127", "1 000 000", "5,0 %")
    assert german.numbers.tolist() == [1234.5, 12, -3.25, -7, 1_000_000, 5]
    english = read("1,234.5", "12", "-3.25", "1'000", "1e3", "1.5E-2")
    assert english.numbers.tolist() == [1234.5, 12, -3.25, 1000, 1000, 0.015]


def test_numbers_of_a_workbook_need_no_reading():
    assert read(1.5, 2.0, None).numbers.tolist()[:2] == [1.5, 2.0]


def test_signs_for_no_value_are_counted_each():
    column = read("1", "-", "–", ".", "...", "/", "x", "X", "", None, "k. A.", "#NV", "-")
    assert column.numeric
    assert column.missing == {
        "-": 2, "–": 1, ".": 1, "...": 1, "/": 1, "x": 1, "X": 1, "": 2, "k.A.": 1, "#NV": 1
    }  # fmt: skip


def test_one_thousand_or_one_point_is_asked_not_guessed():
    column = read("1.234", "5.678")
    assert (column.fault.reason, column.fault.row, column.numeric) == ("either", 1, False)
    assert read("1.234", decimal=",").numbers[0] == 1234
    assert read("1.234", decimal=".").numbers[0] == 1.234
    assert read("1.234", "7,5").numbers.tolist() == [1234, 7.5]
    assert read("1.234", hint=".").numbers[0] == 1.234


@pytest.mark.parametrize(
    ("cells", "row", "reason"),
    [
        (("1", "viel"), 2, "text"), (("1,5", "2.5"), 1, "text"), (("1.2.3",), 1, "text"),
        (("1", "1e308"), 2, "huge"), (("inf",), 1, "text"), (("1", float("inf")), 2, "huge"),
        (("=A1+B1",), 1, "text"), (("12 r",), 1, "text"), (("1,23,456",), 1, "text"),
        (("1e999",), 1, "huge"), (("١٢",), 1, "text"),
    ],
)  # fmt: skip
def test_the_first_cell_that_is_no_number_is_named(cells, row, reason):
    fault = read(*cells).fault
    assert (fault.row, fault.reason) == (row, reason)


def test_a_column_of_signs_alone_holds_no_numbers():
    assert not read("-", "x").numeric


def test_text_with_commas_suggests_nothing():
    assert suggests(["Kiel, Stadt", "12.01.2024", "A.B"]) is None


@given(st.floats(-1e9, 1e9), st.sampled_from([",", "."]))
def test_whatever_a_program_writes_with_thousands_is_read_back(number, sign):
    written = f"{number:,.3f}"
    if sign == ",":
        written = written.translate(str.maketrans(",.", ".,"))
    found = read(written, "0,5" if sign == "," else "0.5")
    assert math.isclose(found.numbers[0], round(number, 3), abs_tol=1e-9)
