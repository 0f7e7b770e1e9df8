"""Shapes of input: every mark alone, with and without a number of the same region and time."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.sources.genesis.marks import AMOUNTS, MARKS, WITHHELD, resolve, told


def rows(*cells: tuple[str, str, str]) -> pd.DataFrame:
    """Rows of (region, number or mark, unit), all of one time."""
    marks = [cell if cell in MARKS else "" for _, cell, _ in cells]
    return pd.DataFrame(
        {
            "level": "kreis", "time": "2024",
            "region": [region for region, _, _ in cells],
            "value": [float("nan") if cell in MARKS else float(cell) for _, cell, _ in cells],
            "mark": marks,
            "unit": [unit for _, _, unit in cells],
            "quality": "",
        }
    )  # fmt: skip


cell = st.tuples(
    st.sampled_from(["01001", "01002"]),
    st.sampled_from([*MARKS, "0", "7"]),
    st.sampled_from(["Anzahl", "Prozent", "EUR"]),
)


@settings(max_examples=15)
@given(st.lists(cell, min_size=1, max_size=12))
def test_only_dashes_of_amounts_beside_numbers_become_zero(
    cells: list[tuple[str, str, str]],
) -> None:
    before = rows(*cells)
    after = resolve(before)
    with_numbers = {region for region, number, _ in cells if number not in MARKS}
    for (region, number, unit), value in zip(cells, after["value"], strict=True):
        if number not in MARKS:
            assert value == float(number)
        elif number == "-" and unit in AMOUNTS and region in with_numbers:
            assert value == 0
        else:
            assert pd.isna(value)
    assert (after["flag"] == "withheld").tolist() == [m in WITHHELD for m in before["mark"]]


def test_every_mark_is_told_with_its_number() -> None:
    after = resolve(rows(("01001", "7", "Anzahl"), *(("01001", mark, "Anzahl") for mark in MARKS)))
    lines = told(after)
    assert len(lines) == len(MARKS)
    assert "'-' (exactly zero or nothing there): 1 read as 0, 0 gaps." in lines
    assert "'.' (unknown or secret): 1 withheld." in lines
    assert told(resolve(rows(("01001", "7", "Anzahl")))) == ()


@pytest.mark.parametrize("unit", ["Prozent", "%", "EUR", "Tage"])
def test_units_that_cannot_be_added_up_have_no_zero_behind_a_dash(unit: str) -> None:
    assert unit not in AMOUNTS
