"""Shapes of input: keys as text and as numbers, city states with the key of their Land, Länder and
districts among Kreise, points in place of numbers, footnotes below.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from samples import FORMATS, with_samples, workbook

from layers.errors import SourceError
from layers.sources import vgrdl
from layers.sources.formats import Raw

if TYPE_CHECKING:
    from pathlib import Path

TRUE = FORMATS.parent / "indicators" / "vgrdl_einkommen2021" / "vgrdl_r2b3_bs2022.xlsx"
HEAD = ["Lfd. Nr.", "EU-Code", "Regional-schlüssel", "Land", "NUTS 1", "NUTS 2", "NUTS 3"]
ROWS: list[list[object]] = [
    ["2.4 Verfügbares Einkommen je Einwohner"],
    ["in EUR"],
    [*HEAD, "Gebietseinheit", 2020, 2021],
    [],
    [1, "DE1", "08", "BW", "1", None, None, "Baden-Württemberg", 9, 9],
    [2, "DE111", "08111", "BW", None, None, "3", "Stuttgart", 26125, 26888.5],
    [3, "DE401", 12051, "BB", None, None, "3", "Brandenburg an der Havel", ".", 11417],
    [4, "DE3", "11", "BE", "1", "2", "3", "Berlin", 15211, 15300],
    [5, "DE", "17", "D", 0, None, None, "Deutschland", 9, 9],
    [],
    ["1) Angaben einschließlich Eisenach."],
]


def book(rows: list[list[object]] = ROWS) -> Raw:
    return Raw("vgrdl.xlsx", workbook("2.4", rows))


def changed(row: int, column: int, cell: object) -> Raw:
    rows = [list(one) for one in ROWS]
    rows[row - 1][column] = cell
    return book(rows)


def test_kreise_are_read_and_nothing_else() -> None:
    table = vgrdl.read_sheet(book(), "2.4")
    assert list(table.itertuples(index=False, name=None)) == [
        ("08111", 2020, 26125.0, ""),
        ("08111", 2021, 26888.5, ""),
        ("11000", 2020, 15211.0, ""),
        ("11000", 2021, 15300.0, ""),
        ("12051", 2021, 11417.0, ""),  # a point is a gap
    ]


@pytest.mark.parametrize(
    ("row", "column", "cell", "fault"),
    [
        (6, 2, "8111", r"line 6, column 'Regional-schlüssel': '8111' is no key of a Kreis"),
        (7, 2, "08111", r"line 7.*'08111' occurs more than once"),
        (8, 2, "08", r"line 8.*'08' occurs more than once, or is a Land that is no Kreis"),
        (6, 8, "viel", r"line 6, column '2020': 'viel' is no number"),
        (3, 0, "Nr.", r"sheet '2.4': no row begins with 'Lfd. Nr.'"),
        (3, 6, "Kreis", r"line 3, column 'NUTS 3': this column is missing"),
        (3, 6, "NUTS 4", r"this column is missing; there are Lfd. Nr., EU-Code"),
    ],
)
def test_what_cannot_be_is_named_with_its_place(
    row: int, column: int, cell: object, fault: str
) -> None:
    with pytest.raises(SourceError, match=fault):
        vgrdl.read_sheet(changed(row, column, cell), "2.4")


def test_a_sheet_without_kreise_is_refused() -> None:
    with pytest.raises(SourceError, match=r"no column of a year, or no row of a Kreis"):
        vgrdl.read_sheet(book(ROWS[:5]), "2.4")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"vgrdl/none\.xlsx: cannot be read"):
        vgrdl.read(tmp_path, "2.4", "none.xlsx")


@with_samples
def test_the_true_workbook_has_401_kreise_and_27_years() -> None:
    table = vgrdl.read_sheet(TRUE, "2.4")
    assert table["region"].nunique() == 401
    assert (table["year"].min(), table["year"].max()) == (1995, 2021)
    stuttgart = table[(table["region"] == "08111") & (table["year"] == 2021)]
    assert stuttgart["value"].tolist() == [26888.0]
    assert "13003" not in set(table.loc[table["year"] < 2000, "region"])
