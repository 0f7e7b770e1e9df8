"""Shapes of input: sheets with and without Kreise, themes between indicators, spans and single
years, none at all, the English workbook with blanks; unexpected titles, headers and cells.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest
from openpyxl import Workbook

from layers.errors import SourceError
from layers.sources.inkar.overview import read_overview

if TYPE_CHECKING:
    from pathlib import Path

GERMAN = ("Kurzname", "Name", "Algorithmus", "M_ID", "Kürzel", "Anmerkungen",
          "Statistische Grundlagen", "Gemeinden", "Kreise")  # fmt: skip
ENGLISH = ("Short name", "name", "algorithm", "M_ID", "Abbreviation", "Notes",
           "Statistical principles", "communities", "Circles")  # fmt: skip
RATE = ["Arbeitslosenquote", "Anteil in %", "x / y", 25, "q_alo", "", "BA", "", "1998-2023"]
TURNOUT = ["Wahlbeteiligung", "Anteil in %", "", 26, "q_wahl", "", "BWL", "2021", 2021]
STATUS = ["Status", "Status", "", 15101, "gz2", "", "BBSR", 2023]


def book(
    path: Path, *lines: list[object], header: tuple[str, ...] = GERMAN, blank: str = ""
) -> Path:
    made = Workbook()
    made.active.title = f"{blank}Hinweise"
    page = made.create_sheet(f"{blank}Raumbeobachtung DE")
    page.append(["INKAR 2025 – Indikatorenübersicht:   Raumbeobachtung Deutschland"])
    page.append(list(header))
    for line in lines or ([["Arbeitslosigkeit"], RATE, ["Wahlen"], TURNOUT]):
        page.append(line)
    page = made.create_sheet(f"{blank}ZOM")
    page.append(["INKAR 2025 – Indikatorenübersicht:   Zentrale-Orte-Monitoring"])
    page.append(list(header[:-1]))
    page.append(STATUS)
    made.save(path)
    return path


def test_every_indicator_has_its_collection_theme_and_years(tmp_path: Path) -> None:
    table = read_overview(book(tmp_path / "a.xlsx"))
    assert table.index.tolist() == ["25", "26", "15101"]
    assert table["theme"].tolist() == ["Arbeitslosigkeit", "Wahlen", ""]
    assert table["collection"].tolist() == ["Raumbeobachtung DE", "Raumbeobachtung DE", "ZOM"]
    assert table["first_year"].tolist()[:2] == [1998, 2021]
    assert table["last_year"].tolist()[:2] == [2023, 2021]
    assert pd.isna(table.loc["15101", "last_year"])
    assert set(table["edition"]) == {"2025"}
    assert table.loc["25", ["code", "formula"]].tolist() == ["q_alo", "x / y"]


def test_the_english_workbook_belongs_to_the_german_one(tmp_path: Path) -> None:
    german = read_overview(book(tmp_path / "a.xlsx"))
    english = read_overview(book(tmp_path / "b.xlsx", header=ENGLISH, blank=" "))
    pd.testing.assert_frame_equal(german, english)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({3: "q_alo"}, r"line 3, column 'M_ID': 'q_alo' on sheet 'Raumbeobachtung DE' is no whole"),
        ({8: "seit 1998"}, r"line 3, column 'Kreise': 'seit 1998' on sheet .* such as 1995-2023"),
        ({3: 15101}, r"column 'M_ID': 15101 occurs more than once"),
    ],
)
def test_a_cell_that_is_unexpected_is_named(
    change: dict[int, object], message: str, tmp_path: Path
) -> None:
    line = [change.get(at, cell) for at, cell in enumerate(RATE)]
    with pytest.raises(SourceError, match=message):
        read_overview(book(tmp_path / "a.xlsx", line))


def test_an_unexpected_header_is_named(tmp_path: Path) -> None:
    header = (*GERMAN[:4], "Code", *GERMAN[5:])
    with pytest.raises(SourceError, match=r"unexpected columns \['Code'\] or lacks \['code'\]"):
        read_overview(book(tmp_path / "a.xlsx", header=header))


def test_another_workbook_is_refused(tmp_path: Path) -> None:
    made = Workbook()
    made.create_sheet("Tabelle2").append(["Titel"])
    made.save(tmp_path / "a.xlsx")
    with pytest.raises(SourceError, match=r"title with the edition .* sheet 'Tabelle2'"):
        read_overview(tmp_path / "a.xlsx")
    del made["Tabelle2"]
    made.save(tmp_path / "a.xlsx")
    with pytest.raises(SourceError, match=r"has no indicators"):
        read_overview(tmp_path / "a.xlsx")
