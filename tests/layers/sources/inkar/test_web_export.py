"""Shapes of input: exported as CSV and as workbook, several indicators side by side, thousands with
points, gaps, labels with blanks, saved again without leading zeros; other levels, wrong headers,
years, numbers and keys.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from openpyxl import Workbook

from layers.errors import SourceError
from layers.sources.inkar.web_export import read, read_export

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

# Rows of tables of 2017, put side by side; the turnout of Dithmarschen in 2013 is left empty.
EXPORT = """\
Kennziffer;Raumeinheit;Aggregat;Ausländeranteil ;Einwohnerdichte;Wahlbeteiligung;Wahlbeteiligung
;;;2017;2017;2013;2017
"01001";"Flensburg, Stadt";"krsfr. Stadt";"13,3";"1.560";"65,8";"70,3"
"01002";"Kiel, Stadt";"krsfr. Stadt";"11,3";"2.090";"69,7";"73,5"
"01051";"Dithmarschen";"Landkreis";"5,6";"93";"";"72,2"
"""
# The beginning of a table of Bavarian Kreise that was saved again with a spreadsheet.
SAVED_AGAIN = """\
Kennziffer;Raumeinheit;;Arbeitslosenquote;Arbeitslosenquote
;;;2010;2011
9461;Bamberg, Stadt;;5,82;4,94
9462;Bayreuth, Stadt;;7,05;6,24
"""


def put(folder: Path, text: str, name: str = "table.csv") -> Path:
    path = folder / "inkar" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    return path


def rows(table: pd.DataFrame) -> list[tuple[object, ...]]:
    return list(table.itertuples(index=False, name=None))


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_every_value_has_its_indicator_and_year(end: str, tmp_path: Path) -> None:
    table = read_export(put(tmp_path, EXPORT.replace("\n", end)))
    assert rows(table) == [
        ("01001", 2017, 13.3, "", "Ausländeranteil"),
        ("01002", 2017, 11.3, "", "Ausländeranteil"),
        ("01051", 2017, 5.6, "", "Ausländeranteil"),
        ("01001", 2017, 1560.0, "", "Einwohnerdichte"),
        ("01002", 2017, 2090.0, "", "Einwohnerdichte"),
        ("01051", 2017, 93.0, "", "Einwohnerdichte"),
        ("01001", 2013, 65.8, "", "Wahlbeteiligung"),
        ("01001", 2017, 70.3, "", "Wahlbeteiligung"),
        ("01002", 2013, 69.7, "", "Wahlbeteiligung"),
        ("01002", 2017, 73.5, "", "Wahlbeteiligung"),
        ("01051", 2017, 72.2, "", "Wahlbeteiligung"),
    ]


def test_zeros_that_a_spreadsheet_took_come_back(tmp_path: Path) -> None:
    table = read_export(put(tmp_path, SAVED_AGAIN))
    assert table["region"].unique().tolist() == ["09461", "09462"]


def test_one_indicator_is_read_by_its_label(tmp_path: Path) -> None:
    put(tmp_path, SAVED_AGAIN)
    table = read(tmp_path, "Arbeitslosenquote", "table.csv")
    assert rows(table)[:2] == [("09461", 2010, 5.82, ""), ("09461", 2011, 4.94, "")]
    with pytest.raises(SourceError, match=r"no indicator 'Quote'; it has 'Arbeitslosenquote'"):
        read(tmp_path, "Quote", "table.csv")


def workbook(path: Path, *lines: list[object], sheet: str = "Daten") -> Path:
    book = Workbook()
    page = book.active
    page.title = sheet
    for line in lines:
        page.append(line)
    book.save(path)
    return path


HEAD = ["Kennziffer", "Raumeinheit", "Aggregat", "Quote ", "Quote "]


def test_a_workbook_gives_the_same_as_csv(tmp_path: Path) -> None:
    first = ["01001", "Flensburg, Stadt", "krsfr. Stadt", 14.6, 13]
    gap = [1002, "Kiel, Stadt", "krsfr. Stadt", None, 9]
    path = workbook(tmp_path / "a.xlsx", HEAD, [None, None, None, "1998", 1999], first, gap)
    assert rows(read_export(path)) == [
        ("01001", 1998, 14.6, "", "Quote"),
        ("01001", 1999, 13.0, "", "Quote"),
        ("01002", 1999, 9.0, "", "Quote"),
    ]


def test_a_workbook_without_the_sheet_of_data_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", HEAD, sheet="Tabelle1")
    with pytest.raises(SourceError, match=r"no sheet 'Daten'; its sheets are Tabelle1"):
        read_export(path)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("Raumeinheit", "Name", r"line 1: begins with .*expected is 'Kennziffer, Raumeinheit"),
        (";;;2017;2017;2013;2017", "", r"line 2: has 0 fields, the header has 7"),
        (";;;2017", ";;;2017/18", r"line 2, column 'Ausländeranteil': '2017/18' is no year"),
        ('"13,3"', '"13.3"', r"line 3, column 'Ausländeranteil 2017': '13.3' is no number with d"),
        ('"13,3"', '"viele"', r"line 3, column 'Ausländeranteil 2017': 'viele' is no number"),
        ('"01002"', '"DE"', r"line 4, column 'Kennziffer': 'DE' .* is no key of a Kreis"),
        ('"01002"', '"01001"', r"line 4, column 'Kennziffer': '01001' occurs more than once"),
        ('"Landkreis"', '"Land"', r"line 5, column 'Kennziffer': '01051' \(Land\) is no key"),
        ('"93";', "", r"line 5: has 6 fields, the header has 7"),
        ("2013", "2017", r"column 'Wahlbeteiligung': occurs more than once for 2017"),
    ],
)
def test_what_is_unexpected_is_named(old: str, new: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=message):
        read_export(put(tmp_path, EXPORT.replace(old, new, 1)))


def test_a_table_without_data_and_another_encoding_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"expected are two header rows and data"):
        read_export(put(tmp_path, EXPORT.split("\n", maxsplit=1)[0]))
    path = tmp_path / "b.csv"
    path.write_bytes(EXPORT.encode("cp1252"))
    with pytest.raises(SourceError, match=r"line 1: is not utf-8-sig text"):
        read_export(path)
