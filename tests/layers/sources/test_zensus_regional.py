"""Shapes of input: all levels mixed, keys as text and with a lost zero, dashes, points, brackets,
rows in another order, Kreise with too few known rents.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from samples import workbook

from layers.errors import SourceError
from layers.sources import zensus, zensus_regional
from layers.sources.formats import Raw

HEAD = [
    "Berichtszeitpunkt", "_RS", "Name", "Regionalebene", "GEBAEUDEART_SYS_1", "QMMIETE", "LEQ",
    "ETQ",
]  # fmt: skip
DAY = "20220515"
ROWS: list[list[object]] = [
    HEAD,
    [DAY, "00", "Deutschland", "Bund", 999, 9, 9, 9],
    [DAY, "01051", "Dithmarschen", "Stadtkreis/kreisfreie Stadt/Landkreis", 300, 9, 9, 9],
    [DAY, "010515163003", "Averlak", "Gemeinde", 100, 6.5, 10, 50],
    [DAY, "010515163", "Burg-St. Michaelisdonn", "Gemeindeverband", 300, 9, 9, 9],
    [DAY, 10510011011, "Brunsbüttel", "Gemeinde", 200, "(5,50)", 5, 60],
    [DAY, "010515163010", "Brickeln", "Gemeinde", 10, "–", "–", "."],
]


def book(rows: list[list[object]]) -> bytes:
    return workbook("CSV-Wohnungen", rows)


def laid_down(folder: Path, rows: list[list[object]] = ROWS) -> Path:
    path = folder / zensus_regional.FILE
    path.parent.mkdir()
    path.write_bytes(book(rows))
    return folder


def changed(row: int, column: int, cell: object) -> Raw:
    rows = [list(one) for one in ROWS]
    rows[row - 1][column] = cell
    return Raw("zensus.xlsx", book(rows))


def test_the_rent_of_a_kreis_is_the_mean_of_its_municipalities(tmp_path: Path) -> None:
    folder = laid_down(tmp_path)
    weights = {"Averlak": 100 * (1 - 0.1) * (1 - 0.5), "Brunsbüttel": 200 * (1 - 0.05) * (1 - 0.6)}
    below = zensus_regional.read(folder, "rented_dwellings")
    above = zensus_regional.read(folder, "rent_times_dwellings")
    assert below["region"].tolist() == above["region"].tolist() == ["01051"]
    assert below["year"].tolist() == [2022]
    assert below["value"].tolist() == [pytest.approx(sum(weights.values()))]
    rents = weights["Averlak"] * 6.5 + weights["Brunsbüttel"] * 5.5
    assert above["value"].tolist() == [pytest.approx(rents)]


def test_keys_lose_the_association_and_a_dash_is_unknown() -> None:
    table = zensus_regional.read_municipalities(Raw("zensus.xlsx", book(ROWS)))
    assert table["ags"].tolist() == ["01051003", "01051010", "01051011"]
    assert table["rent"].isna().tolist() == table["weight"].isna().tolist() == [False, True, False]


def test_a_kreis_with_too_few_known_rents_stays_a_gap(tmp_path: Path) -> None:
    rows = [list(one) for one in ROWS]
    rows[5][5] = "."
    folder = laid_down(tmp_path, rows)
    assert zensus.MIN_COVERAGE == 0.9
    assert zensus_regional.read(folder, "rented_dwellings").empty


def test_something_else_cannot_be_asked_for(tmp_path: Path) -> None:
    folder = laid_down(tmp_path)
    with pytest.raises(SourceError, match=r"'rent' cannot be read; possible are rented_dwellings"):
        zensus_regional.read(folder, "rent")


@pytest.mark.parametrize(
    ("row", "column", "cell", "fault"),
    [
        (1, 5, "MIETE", r"line 1, column 'QMMIETE': this column is missing"),
        (4, 0, "20110509", r"line 4, column 'Berichtszeitpunkt': '20110509' is another day"),
        (4, 1, "01051", r"line 4, column '_RS': '01051' is no key of a municipality"),
        (6, 1, "010519999003", r"line 6.*municipality 01051003 occurs more than once"),
        (4, 6, "10 %", r"line 4, column 'LEQ': '10 %' is no number"),
    ],
)
def test_what_cannot_be_is_named_with_its_place(
    row: int, column: int, cell: object, fault: str
) -> None:
    with pytest.raises(SourceError, match=fault):
        zensus_regional.read_municipalities(changed(row, column, cell))


def test_a_table_without_municipalities_is_refused() -> None:
    with pytest.raises(SourceError, match=r"has no row with the word 'Gemeinde'"):
        zensus_regional.read_municipalities(Raw("zensus.xlsx", book(ROWS[:3])))
