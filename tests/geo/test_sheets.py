"""What must be true of single cells: keys stay keys, numbers keep all their digits."""

from __future__ import annotations

import io

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from geo import sheets


def test_german_excel_keeps_leading_zeros_of_keys():
    keys = pd.Index(["01001", "01002", "=1+1", "01004"], name="region")
    cell = [sheets._as_excel_text(key) for key in keys]
    assert cell == ['="01001"', '="01002"', "'=1+1", '="01004"']


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=9))
def test_any_number_survives_csv_and_workbook(numbers):
    table = pd.DataFrame({"x": numbers})
    for form in (repr, "{:.17g}".format):
        text = sheets.csv_text(table, form)
        found = pd.read_csv(io.StringIO(text), dtype=str)["x"].map(float)
        assert list(found) == numbers
    assert [float(f"{sheets._Exact(number):.16G}") for number in numbers] == numbers


@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"])), min_size=1, max_size=5))
def test_any_text_stays_in_its_cell(cells):
    table = pd.DataFrame({"x": cells, "y": [1.0] * len(cells)})
    found = pd.read_csv(
        io.StringIO(sheets.csv_text(table, repr)), comment="#", dtype=str, keep_default_na=False
    )
    assert list(found["y"]) == ["1.0"] * len(cells)
    assert [one.removeprefix("'") for one in found["x"]] == [one.removeprefix("'") for one in cells]
    assert not any(one.startswith(("=", "+", "-", "@")) for one in found["x"])
