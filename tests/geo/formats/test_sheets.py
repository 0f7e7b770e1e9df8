"""What must be true of single cells: keys stay keys, numbers keep digits, text cannot run."""

from __future__ import annotations

import csv
import io

import pandas as pd
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from geo.formats import sheets
from layers.errors import ExportError


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
    assert [float(sheets._digits(number)) for number in numbers] == numbers


#: Blanks and marks that a spreadsheet may drop, signs that begin a formula, and signs at which it
#: may cut a line.
SLY = st.text(
    st.sampled_from("=+-@\uff1d\uff0b\uff0d\uff20 \t\r\n\x00\xa0\u3000\u200b\ufeff,;|'\"#a1")
)
ANY = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))


def harmless(cell):
    """Whether no spreadsheet can take a cell for a formula."""
    bare = cell.strip("\x00 \t\r\n\xa0\u3000\u200b\ufeff")
    return not bare.startswith(tuple("=+-@\uff1d\uff0b\uff0d\uff20"))


@given(st.lists(ANY.filter(lambda text: "\r" not in text), min_size=1, max_size=5))
def test_any_text_stays_in_its_cell(cells):
    table = pd.DataFrame({"x": cells, "y": [1.0] * len(cells)})
    rows = list(csv.reader(io.StringIO(sheets.csv_text(table, repr), newline="")))
    assert [row[1:] for row in rows] == [["y"], *[["1.0"]] * len(cells)]
    # Nothing but apostrophes is added.
    assert [row[0].replace("'", "") for row in rows[1:]] == [one.replace("'", "") for one in cells]


@given(st.lists(SLY, min_size=1, max_size=5), SLY)
def test_no_text_can_run_however_a_spreadsheet_cuts_the_line(cells, header):
    table = pd.DataFrame({header: cells, "y": ["b"] * len(cells)})
    for made in (",", ";"):
        text = sheets.csv_text(table, repr, separator=made)
        for read in ",;\t|":
            for row in csv.reader(io.StringIO(text, newline=""), delimiter=read):
                assert all(harmless(cell) for cell in row), (text, row)


@given(SLY)
def test_no_comment_can_run_however_a_spreadsheet_cuts_it(line):
    lines = [" ".join(f"Rezept: {line}".split())]
    table = pd.DataFrame({"region": ["A"], "x": [1.0]})
    for german in (False, True):
        content = sheets.csv_file(table, lines, excel_de=german).decode("utf-8-sig")
        for read in ",;\t|":
            for row in csv.reader(io.StringIO(content, newline=""), delimiter=read):
                assert all(harmless(cell) for cell in row), (content, row)


@given(SLY)
def test_no_cell_of_a_workbook_begins_like_a_formula(text):
    found = sheets._neutral(text, sheets._SIGN)
    assert not found.startswith(tuple("=+-@\uff1d\uff0b\uff0d\uff20\t\r"))


def test_a_recipe_can_be_copied_out_of_a_workbook():
    # Arrays are written with one number a line, some of them negative.
    assert sheets._neutral("    -1.5,", sheets._SIGN) == "    -1.5,"


@pytest.mark.parametrize("name", ["Rhein-Neckar-Kreis", "St. Wendel", "a - b", "x @ y", "1+1=2"])
def test_harmless_names_stay_as_they_are(name):
    assert sheets._neutral_cell(name) == name


def test_negative_numbers_stay_numbers():
    table = pd.DataFrame({"x": [-1.5, -2.0], "n": [-3, 4]})
    assert sheets.csv_text(table, repr) == "x,n\n-1.5,-3\n-2.0,4\n"
    content = sheets.csv_file(table.assign(region="A"), [], excel_de=True).decode("utf-8-sig")
    assert content.startswith("x;n;region\r\n-1,5;-3;A\r\n-2,0;4;A\r\n")


class _Exact(float):
    def __format__(self, spec):
        return repr(float(self))


def _by_the_library(table):
    """Write a sheet cell by cell with nothing but what the library offers."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, sheets.OPTIONS) as book:
        sheets.describe(book, "x")
        sheet, bold = book.add_worksheet("x"), book.add_format({"bold": True})
        for column, name in enumerate(table):
            sheet.write_string(0, column, name, bold)
            for row, value in enumerate(table[name], start=1):
                if isinstance(value, float):
                    sheet.write_number(row, column, _Exact(value))
                elif value is not None:
                    sheet.write(row, column, value)
            texts = [one for one in table[name] if isinstance(one, str)]
            sheet.set_column(column, column, min(max(map(len, [name, *texts])), 80) + 2)
        sheet.freeze_panes(1, 0)
    return out.getvalue()


CELL = st.one_of(
    st.none(), st.booleans(), st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(
        lambda text: sheets._neutral(text, sheets._SIGN) == text),
)  # fmt: skip


@pytest.mark.pinned
@given(st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(CELL, min_size=width, max_size=width), max_size=40)
))  # fmt: skip
def test_a_workbook_is_to_the_byte_what_the_library_writes_cell_by_cell(rows):
    width = len(rows[0]) if rows else 2
    table = pd.DataFrame(rows, columns=[f"c{place}" for place in range(width)], dtype=object)
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, sheets.OPTIONS) as book:
        sheets.describe(book, "x")
        sheets.write_sheet(book, "x", table)
    assert out.getvalue() == _by_the_library(table)


def test_a_number_that_no_workbook_can_hold_is_named():
    book = xlsxwriter.Workbook(io.BytesIO(), sheets.OPTIONS)
    with pytest.raises(ExportError, match="infinite"):
        sheets.write_sheet(book, "x", pd.DataFrame({"n": [1.0, float("inf")]}))


def test_text_too_long_for_a_cell_of_a_workbook_is_cut_not_lost():
    # A cell holds so many units of two bytes, of which some signs take two.
    texts = ["a" * 40_000, "\U0001f3e0" * 20_000]
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, sheets.OPTIONS) as book:
        sheets.write_sheet(book, "x", pd.DataFrame({"long": texts}))
    found = pd.read_excel(out, engine="calamine")["long"]
    assert list(found) == ["a" * 32_767, "\U0001f3e0" * 16_383]
