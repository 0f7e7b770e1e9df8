"""Shapes of input: sheets with and without employees, headings in several lines, split Kreise."""

from __future__ import annotations

import pandas as pd
import pytest
from samples import FORMATS, with_samples, workbook

from layers.errors import SourceError
from layers.sources import umsteigeschluessel, umsteigeschluessel_book
from layers.sources.formats import Raw

RAW = FORMATS.parent
HEAD = [
    "Kreise\n 31.12.1995", "Kreisname 1995", "flächen-\nproportionaler\nUmsteige-schlüssel",
    "bevölkerungs- \nproportionaler \nUmsteige- \nschlüssel", "Fläche am 31.12.1995 in km²",
    "Bevölkerung am 31.12.1995 in 1.000", "Kreise\n 31.12.2021", "Kreisname 2021",
]  # fmt: skip
ROWS: list[list[object]] = [
    HEAD,
    [1001000, "Flensburg", 1, 1, 56.4, 87.5, 1001000, "Flensburg"],
    [16063000, "Wartburgkreis", 0.25, 0.5, 100, 30, 16063000, "Wartburgkreis"],
]


def changed(row: int, column: int, cell: object) -> Raw:
    rows = [list(one) for one in ROWS]
    rows[row - 1][column] = cell
    return Raw("ref.xlsx", workbook("1995", rows))


def test_a_sheet_without_employees_is_read() -> None:
    table = umsteigeschluessel_book.parts(changed(2, 1, "KS Flensburg"), 1995)
    assert table["old"].tolist() == ["01001", "16063"]
    assert table["population"].tolist() == [87_500.0, 30_000.0]
    assert table["area_share"].tolist() == [1.0, 0.25]
    assert table["employees"].isna().all()


@pytest.mark.parametrize(
    ("row", "column", "cell", "fault"),
    [
        (1, 0, "Kreise 31.12.1996", r"line 1: expected are two columns of Kreise, the first of"),
        (1, 4, "Gebiet", r"line 1: no heading begins with 'Flächeam'"),
        (2, 0, 1001, r"line 2: 1001(\.0)? is no key of a Kreis"),
        (3, 5, "viele", r"line 3, column 'population': 'viele' is no number"),
    ],
)
def test_what_cannot_be_is_named_with_its_place(
    row: int, column: int, cell: object, fault: str
) -> None:
    with pytest.raises(SourceError, match=fault):
        umsteigeschluessel_book.parts(changed(row, column, cell), 1995)


@pytest.mark.pinned
@with_samples
@pytest.mark.parametrize("year", [1990, 2007, 2017, 2020])
def test_the_workbook_says_what_the_table_of_all_years_says(year: int) -> None:
    table = umsteigeschluessel.parts(RAW)
    expected = table[table["status"] == year].reset_index(drop=True)
    read = umsteigeschluessel_book.parts(RAW / umsteigeschluessel_book.FILE, year)
    pd.testing.assert_frame_equal(read[expected.columns], expected, check_exact=True)


@with_samples
def test_population_of_a_year_is_that_of_the_other_reader() -> None:
    read, expected = (
        module.read(RAW, "population", "2017")
        for module in (umsteigeschluessel_book, umsteigeschluessel)
    )
    pd.testing.assert_frame_equal(read, expected, check_exact=True)


@with_samples
@pytest.mark.parametrize(
    ("code", "table", "fault"),
    [
        (
            "people",
            "2017",
            r"there is no 'people' of '2017'; there are area, population, employees",
        ),
        ("area", "last", r"there is no 'area' of 'last'"),
        ("area", "1989", r"has no sheet '1989'; its sheets are 1990, 1991"),
        ("employees", "1990", r"sheet '1990': has no usable 'employees'"),
        ("population", "1991", r"sheet '1991': has no usable 'population'"),
    ],
)
def test_what_the_workbook_has_not_is_told(code: str, table: str, fault: str) -> None:
    with pytest.raises(SourceError, match=fault):
        umsteigeschluessel_book.read(RAW, code, table)
