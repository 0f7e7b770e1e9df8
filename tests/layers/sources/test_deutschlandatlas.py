"""Shapes of input: the workbook with sheets of several vintages, and the CSV of a release as it is
described: text above the header, another encoding, lost zeros, a misprinted key column. Missing
values and true values that are nearly as low, classes, wrong vintages, keys and numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from openpyxl import Workbook

from layers.errors import SourceError
from layers.sources.deutschlandatlas import classes, read, values

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

# Rows of the sheet of 2022. In the last three, class and last share are replaced by the open
# classes of other rows and by the two marks of missing values.
KREISE = (
    (1001000, "Flensburg, Stadt", 49.81, "8,50 bis unter 10,00", 16.02),
    (1002000, "Kiel, Landeshauptstadt", -12.8, "bis unter 5,50", 15.03),
    (16054000, "Suhl, Stadt", -1238.08, "11,50 und mehr", -9999),
    (16077000, "Altenburger Land", 27.48, "5,50 bis unter 7,00", -99999),
)
NAMES = ("Kreisname", "bev_binw", "preis_miet", "bev_u18")


def book(folder: Path, rows: Sequence[Sequence[object]] = KREISE, vintage: str = "KRS1222") -> Path:
    made = Workbook()
    made.active.title = "Vorblatt"
    page = made.create_sheet(f"Deutschlandatlas_{vintage}")
    for row in [(vintage, *NAMES), *rows]:
        page.append(list(row))
    path = folder / "deutschlandatlas" / "Deutschlandatlas-Daten.xlsx"
    path.parent.mkdir()
    made.save(path)
    return path


def release(folder: Path, vintage: str = "KRS1222", key: str = "", encoding: str = "utf-8") -> Path:
    """Write the workbook's rows as the CSV of a release is described."""
    lines = [
        "Deutschlandatlas, Kreise und kreisfreie Städte",
        "",
        ";".join((key or vintage, *NAMES)),
    ]
    lines += [";".join(str(cell).replace(".", ",") for cell in row) for row in KREISE]
    path = folder / "deutschlandatlas" / f"Deutschlandatlas_{vintage}_HA26.csv"
    path.parent.mkdir()
    path.write_bytes("\r\n".join([*lines, ""]).encode(encoding))
    return path


def rows(table: pd.DataFrame) -> list[tuple[object, ...]]:
    return list(table.itertuples(index=False, name=None))


BALANCE = [
    ("01001", 2022, 49.81, "", "KRS1222"),
    ("01002", 2022, -12.8, "", "KRS1222"),
    ("16054", 2022, -1238.08, "", "KRS1222"),
    ("16077", 2022, 27.48, "", "KRS1222"),
]


def test_a_low_number_is_a_value_and_no_gap(tmp_path: Path) -> None:
    assert rows(values(book(tmp_path), "bev_binw", vintage="KRS1222", year=2022)) == BALANCE


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_release_gives_the_same_as_the_workbook(encoding: str, tmp_path: Path) -> None:
    path = release(tmp_path, encoding=encoding)
    assert rows(values(path, "bev_binw", vintage="KRS1222", year=2022)) == BALANCE


@pytest.mark.parametrize("made", [book, release])
def test_both_marks_of_missing_are_gaps(made, tmp_path: Path) -> None:
    table = values(made(tmp_path), "bev_u18", vintage="KRS1222", year=2022)
    assert table["region"].tolist() == ["01001", "01002"]


@pytest.mark.parametrize("made", [book, release])
def test_classes_are_no_numbers_and_keep_their_open_ends(made, tmp_path: Path) -> None:
    path = made(tmp_path)
    with pytest.raises(SourceError, match=r"'preis_miet': holds classes such as '8,50 bis unter"):
        values(path, "preis_miet", vintage="KRS1222", year=2022)
    table = classes(path, "preis_miet", vintage="KRS1222")
    assert table.loc["01001"].tolist() == ["8,50 bis unter 10,00", 8.5, 10.0]
    assert table.loc["01002", "upper"] == 5.5
    assert np.isnan(table.loc["01002", "lower"])
    assert table.loc["16054", "lower"] == 11.5
    assert np.isnan(table.loc["16054", "upper"])
    with pytest.raises(SourceError, match=r"column 'bev_binw': '49[.,]81' is no class such as"):
        classes(path, "bev_binw", vintage="KRS1222")


def test_the_build_names_vintage_and_year(tmp_path: Path) -> None:
    book(tmp_path)
    assert rows(read(tmp_path, "bev_u18", "KRS1222/2021"))[0] == ("01001", 2021, 16.02, "")
    with pytest.raises(SourceError, match=r"'KRS1222': expected is vintage and year"):
        read(tmp_path, "bev_u18", "KRS1222")
    with pytest.raises(SourceError, match=r"Deutschlandatlas_KRS1224_HA26.csv: cannot be read"):
        read(tmp_path, "bev_u18", "KRS1224_HA26/2025")


def test_another_vintage_than_asked_for_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"line 3: the key column is 'KRS1222'.* 'KRS1224'"):
        values(release(tmp_path), "bev_u18", vintage="KRS1224", year=2022)


def test_a_file_whose_name_belies_its_vintage_is_an_error(tmp_path: Path) -> None:
    path = release(tmp_path, "KRS1224", key="KRS1222")
    with pytest.raises(SourceError, match=r"is 'KRS1222', the file is named KRS1224; expected is"):
        values(path, "bev_u18", vintage="KRS1222", year=2022)


def test_a_known_misprint_of_the_key_column_is_understood(tmp_path: Path) -> None:
    path = release(tmp_path, "KRS1224", key="KRS12224")
    table = values(path, "bev_u18", vintage="KRS1224", year=2022)
    assert set(table["vintage"]) == {"KRS1224"}


def test_kreise_of_other_borders_are_no_vintage(tmp_path: Path) -> None:
    eisenach = (16056000, "Eisenach, Stadt", 1.0, "bis unter 5,50", 2.0)
    path = book(tmp_path, [*KREISE, eisenach])
    with pytest.raises(SourceError, match=r"16056 \(Eisenach, until June 2021\) is there"):
        values(path, "bev_u18", vintage="KRS1222", year=2022)


def test_the_vintage_of_2020_has_eisenach(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"16056 \(Eisenach, until June 2021\) is not there"):
        values(book(tmp_path, vintage="KRS1220"), "bev_u18", vintage="KRS1220", year=2020)


@pytest.mark.parametrize(
    ("cell", "at", "message"),
    [
        ("viele", 2, r"line 2, column 'bev_binw': 'viele' is no number"),
        (True, 2, r"line 2, column 'bev_binw': True is no number"),
        (1001, 0, r"line 2, column 'KRS1222': .*1001.* is no key of a Kreis: expected are 7 or 8"),
        (1002000, 0, r"line 3, column 'KRS1222': '01002' occurs more than once"),
    ],
)
def test_a_cell_that_is_unexpected_is_named(
    cell: object, at: int, message: str, tmp_path: Path
) -> None:
    first = [*KREISE[0][:at], cell, *KREISE[0][at + 1 :]]
    with pytest.raises(SourceError, match=message):
        values(book(tmp_path, [first, *KREISE[1:]]), "bev_binw", vintage="KRS1222", year=2022)


def test_what_is_not_there_is_named_with_what_is(tmp_path: Path) -> None:
    path = book(tmp_path)
    with pytest.raises(SourceError, match=r"no indicator 'alq'; there are bev_binw, preis_miet"):
        values(path, "alq", vintage="KRS1222", year=2022)
    with pytest.raises(SourceError, match=r"no sheet 'Deutschlandatlas_KRS1224'; its sheets are V"):
        values(path, "alq", vintage="KRS1224", year=2022)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Titel;\nname;x\n", r"none of the first 40 lines begins with a key column such as KRS"),
        ("KRS1222;Kreisname;a\n", r"line 1: has no data below its header"),
        ("KRS1222;Kreisname;a\n1001000;F\n", r"line 2: has 2 fields, the header has 3"),
    ],
)
def test_a_csv_without_a_table_is_refused(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError, match=message):
        values(path, "a", vintage="KRS1222", year=2022)
