"""Shapes of input: key and name in one cell or in two, headers of two to four rows, merged cells,
column numbers, totals, persons without a place, footers, marks, a workbook in a zip.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import openpyxl
import pytest
from samples import FORMATS, with_samples

from layers.errors import SourceError
from layers.sources import READERS
from layers.sources.arbeitsagentur import AgencySheet, long, read_sheet
from layers.sources.formats import Raw

if TYPE_CHECKING:
    from collections.abc import Sequence

SAMPLES = FORMATS / "ba"
SAMPLE = SAMPLES / "346634_SvB_ISCO-08_2012-2022.xlsx"

Row = list[object]
HEADER: list[Row] = [
    ["Beschäftigte", None, None, None],
    [],
    ["Region", "Am Stichtag ...", None, None],
    [None, dt.date(2021, 6, 30), None, dt.date(2022, 6, 30)],
    [None, "Insgesamt", "darunter", "Insgesamt"],
    [None, None, "Frauen", None],
    [None, 1, 2, 3],
    ["Insgesamt", 31, 12, 33],
]
DATA: list[Row] = [
    ["01001 Flensburg, Stadt", 10, 5, 11],
    ["01002 Kiel, Landeshauptstadt", 20, "*", 22],
    ["XXX Keine Zuordnung möglich", 1, 0, 0],
    ["Erstellungsdatum: 28.11.2023"],
]


def workbook(rows: Sequence[Row]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Daten"
    for row in rows:
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def sheet_of(rows: Sequence[Row]) -> AgencySheet:
    return read_sheet(Raw("ba.xlsx", workbook(rows)), "Daten")


def test_merged_headers_become_one_label_per_column_and_the_time_is_apart() -> None:
    sheet = sheet_of(HEADER + DATA)
    assert sheet.rows["measure"].unique().tolist() == [
        "Am Stichtag ... / Insgesamt",
        "Am Stichtag ... / darunter / Frauen",
    ]
    table = long(sheet, "Am Stichtag ... / Insgesamt")
    assert table.to_dict("list") == {
        "region": ["01001", "01001", "01002", "01002"],
        "year": [2021, 2022, 2021, 2022],
        "value": [10.0, 11.0, 20.0, 22.0],
        "flag": ["", "", "", ""],
    }


def test_a_withheld_number_stays_missing_and_says_so() -> None:
    sheet = sheet_of(HEADER + DATA)
    table = long(sheet, "Am Stichtag ... / darunter / Frauen")
    assert table["value"].tolist()[0] == 5.0
    assert np.isnan(table["value"].tolist()[1])
    assert table["flag"].tolist() == ["", "withheld"]
    assert "Cells with '*' (withheld, as few persons could be recognised): 1." in sheet.notes


def test_persons_without_a_place_are_counted_and_make_up_the_published_total() -> None:
    sheet = sheet_of(HEADER + DATA)
    assert "Rows 'no assignment possible', left out: 1." in sheet.notes
    assert sheet.total["Am Stichtag ... / Insgesamt", "2021-06-30"] == 10 + 20 + 1


def test_the_header_may_have_another_depth_and_the_name_a_column_of_its_own() -> None:
    rows: list[Row] = [
        ["Schlüssel", "Name", "Frauen", "Männer"],
        ["01001", "Flensburg, Stadt", 5, "-"],
        ["01002", "Kiel", 7, 8],
    ]
    sheet = sheet_of(rows)
    assert sheet.rows["name"].unique().tolist() == ["Flensburg, Stadt", "Kiel"]
    assert long(sheet, "Männer", year=2022)["region"].tolist() == ["01002"]
    counted = long(sheet, "Männer", year=2022, dash_is_zero=True)
    assert counted["value"].tolist() == [0.0, 8.0]
    with pytest.raises(SourceError, match="the header names no time; say which year"):
        long(sheet, "Männer")


def test_a_year_must_not_be_stated_where_the_header_names_it() -> None:
    with pytest.raises(SourceError, match="the header names the time"):
        long(sheet_of(HEADER + DATA), "Am Stichtag ... / Insgesamt", year=2020)


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (["01003 Lübeck", "viele", 1, 2], r"line 11, .*Insgesamt.*'viele' is no number"),
        (["1003 Lübeck", 1, 1, 2], r"line 11: '1003 Lübeck' is no regional key"),
        (["01001 Flensburg", 1, 1, 2], r"line 11: key 01001 occurs a second time"),
    ],
)
def test_what_cannot_be_is_named_with_row_and_column(row: Row, fault: str) -> None:
    with pytest.raises(SourceError, match=fault):
        sheet_of([*HEADER, *DATA[:2], row])


def test_unknown_sheets_columns_and_levels_list_what_there_is() -> None:
    with pytest.raises(SourceError, match="has no sheet 'Kreise'; its sheets are Daten"):
        read_sheet(Raw("ba.xlsx", workbook(HEADER + DATA)), "Kreise")
    sheet = sheet_of(HEADER + DATA)
    with pytest.raises(SourceError, match="no column 'Frauen'; it has 'Am Stichtag"):
        long(sheet, "Frauen")
    with pytest.raises(SourceError, match="no regions of level 'land'; it has kreis"):
        long(sheet, "Am Stichtag ... / Insgesamt", level="land")
    with pytest.raises(SourceError, match="no row begins with a regional key"):
        sheet_of(HEADER)


def test_a_workbook_inside_a_zip_is_found_whatever_its_folder() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("gemband/gemband-dlk-0-202206.xlsx", workbook(HEADER + DATA))
    sheet = read_sheet(Raw("gemband.zip", stream.getvalue()), "Daten")
    assert sheet.name == "gemband.zip/gemband/gemband-dlk-0-202206.xlsx, sheet 'Daten'"


def test_a_text_file_is_no_workbook() -> None:
    with pytest.raises(SourceError, match=r"x\.xlsx: is no readable workbook"):
        read_sheet(Raw("x.xlsx", b"krsnr;kreis\n01001;Flensburg\n"), "Daten")


def test_the_reader_takes_file_sheet_and_year_from_one_name(tmp_path: Path) -> None:
    (tmp_path / "arbeitsagentur").mkdir()
    rows: list[Row] = [["Schlüssel", "Name", "Frauen"], ["01001", "Flensburg, Stadt", "-"]]
    (tmp_path / "arbeitsagentur" / "x.xlsx").write_bytes(workbook(rows))
    table = READERS["arbeitsagentur"](tmp_path, "Frauen", "x.xlsx#Daten#2022")
    assert table[["year", "value"]].to_numpy().tolist() == [[2022, 0.0]]
    with pytest.raises(SourceError, match=r"'x\.xlsx' cannot be read as file#sheet"):
        READERS["arbeitsagentur"](tmp_path, "Frauen", "x.xlsx")


@with_samples
def test_the_special_evaluation_adds_up_to_its_own_total() -> None:
    sheet = read_sheet(SAMPLE, "SvB_brown-1")
    table = long(sheet, "Am Stichtag ... / Insgesamt")
    assert table.groupby("year")["region"].nunique().to_dict() == dict.fromkeys(
        range(2012, 2023), 400
    )
    assigned = table.loc[table["year"] == 2012, "value"].sum()
    nowhere = 1578  # row "XXX Keine Zuordnung möglich" of the sheet
    assert assigned + nowhere == sheet.total["Am Stichtag ... / Insgesamt", "2012-12-31"]
    assert sheet.notes == ("Rows 'no assignment possible', left out: 1.",)
    assert len(sheet.rows["measure"].unique()) == 2


@with_samples
def test_an_extract_of_a_user_is_not_taken_for_the_publishers_workbook() -> None:
    with pytest.raises(SourceError, match="is no readable workbook"):
        read_sheet(SAMPLES / "entgelt_2022.csv", "Daten")
