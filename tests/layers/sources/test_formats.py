"""Shapes of input: missing, empty and damaged files, web pages in place of data, encodings,
archives of all kinds, tables with lines cut off, quotes and doubled names, merged headers, numbers
and marks.
"""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.errors import SourceError
from layers.sources import formats
from layers.sources.formats import Raw, Where, cells_to_numbers, joined_headers, member, table_from

WHERE = Where("f.csv", "Get it elsewhere.")


def archive(**files: bytes) -> Raw:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in files.items():
            target.writestr(name.replace("__", "/").replace("_csv", ".csv"), content)
    return Raw("f.zip", stream.getvalue())


def test_a_place_says_file_line_column_and_the_way_out() -> None:
    fault = WHERE.fault("is odd.", line=3, column="c")
    assert str(fault) == "f.csv, line 3, column 'c': is odd. Get it elsewhere."
    assert str(Where("f").fault("is odd.")) == "f: is odd."


def test_what_is_no_file_with_data_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"none\.csv: cannot be read \(No such file"):
        formats.load(tmp_path / "none.csv")
    with pytest.raises(SourceError, match="cannot be read"):
        formats.load(tmp_path)
    with pytest.raises(SourceError, match="f: is empty"):
        formats.load(Raw("f", b"\xef\xbb\xbf \n"))
    with pytest.raises(SourceError, match=r"f: is a web page and no data; .* in a browser"):
        formats.load(Raw("f", b"\n<!DOCTYPE HTML><html>403"))


def test_a_file_that_is_too_large_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("layers.sources.formats.raw.MAX_BYTES", 3)
    (tmp_path / "large.csv").write_bytes(b"1234")
    with pytest.raises(SourceError, match=r"large\.csv: is larger than"):
        formats.load(tmp_path / "large.csv")


def test_text_is_decoded_strictly_in_the_first_encoding_that_fits() -> None:
    assert formats.decode(Raw("f", "ä".encode("utf-8-sig"))) == "ä"
    assert formats.decode(Raw("f", "ä".encode("cp1252")), "utf-8-sig", "cp1252") == "ä"
    with pytest.raises(SourceError, match=r"f, line 2: is not utf-8-sig text \(byte 2\)"):
        formats.decode(Raw("f", b"a\n\xe4"))
    with pytest.raises(SourceError, match="holds zero bytes"):
        formats.decode(Raw("f", "a".encode("utf-16-be")))


def test_the_one_member_is_found_in_any_folder() -> None:
    raw = member(archive(folder__A_csv=b"1", b_txt=b"2"), r"a\.csv")
    assert raw == Raw("f.zip/folder/A.csv", b"1")


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        (archive(a_txt=b""), r"holds no file named like '\.\*csv'; it holds: a_txt"),
        (archive(a_csv=b"", b_csv=b""), "holds 2 files named like"),
        (Raw("f.zip", archive(a_csv=b"1").content[:40]), "is no zip archive or was cut off"),
        (
            Raw("f.zip", archive(a_csv=b"123").content.replace(b"123", b"124", 1)),
            "is damaged|is no zip",
        ),
    ],
)
def test_archives_that_cannot_be_used_are_refused(raw: Raw, fault: str) -> None:
    if "damaged" in fault:
        stored = io.BytesIO()
        with zipfile.ZipFile(stored, "w") as target:
            target.writestr("a.csv", b"123456")
        raw = Raw("f.zip", stored.getvalue().replace(b"123456", b"123457", 1))
    with pytest.raises(SourceError, match=fault):
        member(raw, ".*csv")


def test_a_bomb_is_not_unpacked() -> None:
    with pytest.raises(SourceError, match=r"would unpack to 20 MB \(ratio [\d,]+\); at most"):
        member(archive(a_csv=b"0" * 20_000_000), ".*csv")
    with pytest.raises(SourceError, match=r"at most 1 MB and 250 are allowed"):
        member(archive(a_csv=bytes(range(256)) * 8_000), ".*csv", max_bytes=1_000_000)


def test_a_table_is_indexed_by_line() -> None:
    table = table_from("title\r\na;b\r\n1;\r\n2;x\r\n\r\n", WHERE, header=2)
    assert table.to_dict("list") == {"a": ["1", "2"], "b": ["", "x"]}
    assert table.index.tolist() == [3, 4]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("a;b\n", "has no data"),
        ("a;a\n1;2", "line 1, column 'a': the name occurs 2 times"),
        ("a;b\n1;2\n3", "line 3: has 1 fields, expected are 2"),
        ("a;b\n1;2\n\n3;4", "line 3: has 1 fields"),
        ('a;b\n"1";2', "line 2: .*without quotes"),
    ],
)
def test_tables_of_another_shape_are_refused_with_the_line(text: str, fault: str) -> None:
    with pytest.raises(SourceError, match=fault):
        table_from(text, WHERE)


def test_doubled_line_ends_count_once() -> None:
    text = 'a;b\r\r\n1;"2\n3"\r\r\n'
    assert formats.csv_lines(text, WHERE) == [["a", "b"], ["1", "2\n3"]]
    with pytest.raises(SourceError, match=r"f\.csv, line 2: is no readable CSV"):
        formats.csv_lines("a;b\n1\r2;3\n", WHERE)


@pytest.mark.parametrize(
    ("rows", "labels"),
    [
        ([["Key", "a", "b"]], ["Key", "a", "b"]),
        (
            [["Key", "All", "", "Part", ""], ["", "m", "f", "m", "f"]],
            ["Key", "All / m", "All / f", "Part / m", "Part / f"],
        ),
        # A label reaches no further than the cell above it.
        (
            [["", "A", "", "B", ""], ["", "x", "", "", "y"], ["", "1", "2", "3", "4"]],
            ["", "A / x / 1", "A / x / 2", "B / 3", "B / y / 4"],
        ),
        ([["", "A", "", ""], ["", "x", "y", ""]], ["", "A / x", "A / y", ""]),
        ([["", "A"], ["", "A"]], ["", "A"]),
        ([], []),
    ],
)
def test_merged_headers_are_joined_per_column(rows: list[list[str]], labels: list[str]) -> None:
    assert joined_headers(rows) == labels


def column(*cells: str) -> pd.Series:
    return pd.Series(cells, index=range(2, 2 + len(cells)), name="c", dtype="str")


@settings(max_examples=15)
@given(st.lists(st.decimals(-(10**9), 10**9, places=3, allow_nan=False), min_size=1, max_size=8))
def test_numbers_survive_being_printed_with_comma_or_point(values: list[object]) -> None:
    expected = [float(str(value)) for value in values]
    for sign in ",.":
        cells = column(*(str(value).replace(".", sign) for value in values))
        assert cells_to_numbers(cells, WHERE, decimal=sign)[0].tolist() == expected


def test_thousands_are_grouped_only_where_the_publisher_does_so() -> None:
    cells = column("1.560", "1.234.567,5", "12,5")
    assert cells_to_numbers(cells, WHERE, grouped=True)[0].tolist() == [1560.0, 1234567.5, 12.5]
    with pytest.raises(SourceError, match="is no number with decimal point"):
        cells_to_numbers(column("1e400"), WHERE, decimal=".")
    with pytest.raises(SourceError, match=r"line 2, column 'c': '1\.560' is no number with dec"):
        cells_to_numbers(cells, WHERE)


def test_marks_are_told_apart_from_numbers_and_from_nonsense() -> None:
    number, mark = cells_to_numbers(column("1", "–", ""), WHERE, marks={"–": "none", "": "empty"})
    assert number.tolist()[0] == 1.0
    assert number.isna().tolist() == [False, True, True]
    assert mark.tolist() == ["", "–", ""]
    for cell in ("", "nan", "inf", "0x10", "1_000", "1,5,2", "١", "5 %", "9" * 400):
        with pytest.raises(
            SourceError, match=r"line 2, column 'c': .* no known mark: '-' \(zero\)"
        ):
            cells_to_numbers(column(cell), WHERE, marks={"-": "zero"})


def test_cells_of_several_columns_are_named_by_their_own() -> None:
    cells = pd.Series(["1", "x"], index=[5, 5], dtype="str")
    with pytest.raises(SourceError, match="line 5, column 'b': 'x' is no number"):
        cells_to_numbers(cells, WHERE, columns=["a", "b"])


def test_hamburg_and_berlin_get_the_key_of_their_kreis_where_it_is_missing() -> None:
    region = pd.Series(["01", "02", "11", "11000"])
    keys = formats.city_states(region, kreise=region)
    assert keys.tolist() == ["01", "02000", "11", "11000"]


def test_workbook_rows_are_counted_from_the_first_line() -> None:
    book = openpyxl.Workbook()
    book.active.title = "Daten"
    book.active["B3"] = 5
    stream = io.BytesIO()
    book.save(stream)
    opened = formats.workbook(Raw("f.xlsx", stream.getvalue()))
    assert formats.sheet_rows(opened, "Daten", WHERE)[2] == ["", 5.0]
    with pytest.raises(SourceError, match="has no sheet 'Kreise'; its sheets are Daten"):
        formats.sheet_rows(opened, "Kreise", WHERE)
    with pytest.raises(SourceError, match=re.escape("f.xlsx: is no readable workbook")):
        formats.workbook(Raw("f.xlsx", stream.getvalue()[:100]))


def test_a_workbook_cell_is_a_number_a_mark_or_neither() -> None:
    assert formats.excel_number(1.5, {}) == (1.5, "")
    found = formats.excel_number(" * ", {"*": "withheld"})
    assert found is not None
    assert (np.isnan(found[0]), found[1]) == (True, "*")
    for cell in (True, float("inf"), "5", "#N/A"):
        assert formats.excel_number(cell, {"*": "withheld"}) is None
