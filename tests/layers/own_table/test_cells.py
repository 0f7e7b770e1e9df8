"""Files as they come: any encoding, any parting sign, workbooks, and some that mean harm."""

from __future__ import annotations

import csv
import io
import zipfile

import openpyxl
import pytest

from layers.errors import SourceError
from layers.own_table import LARGEST, read_sheets

ROWS = [["Schlüssel", "Wert"], ["01001", "1,5"], ["01002", "–"]]


def text(sep=";", end="\r\n"):
    return (
        end.join(sep.join(f'"{one}"' if sep in one else one for one in row) for row in ROWS) + end
    )


def workbook(*sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def package(**parts):
    """Pack parts by name, `__` for a slash."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/") + ".xml", content)
    return file.getvalue()


def repacked(content, name, change):
    """Change one part of a workbook."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(file, "w", 8) as after
    ):  # fmt: skip
        for part in before.namelist():
            told = before.read(part)
            after.writestr(part, change(told) if part == name else told)
    return file.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("sep", [";", ",", "\t", "|"])
def test_text_is_read_whatever_its_encoding_and_parting_sign(encoding, sep):
    (sheet,) = read_sheets(text(sep).encode(encoding), "a.csv")
    assert sheet.rows == ROWS
    assert sheet.lines == [1, 2, 3]


@pytest.mark.parametrize("encoding", ["cp850", "mac_roman"])
def test_old_texts_keep_their_umlauts(encoding):
    many = "Ort;Wert\n" + "Lüneburg;1\nMünchen;2\nGöttingen;3\nKöln;4\nDüsseldorf;5\n"
    (sheet,) = read_sheets(many.encode(encoding), "a.csv")
    assert sheet.rows[1][0] == "Lüneburg"


def test_lines_are_those_that_a_person_counts():
    (sheet,) = read_sheets(b'# about\n\n"a\nb";w\n01001;1\n\n01002;2\n', "a.csv")
    assert dict(zip(sheet.lines, [row[0] for row in sheet.rows], strict=True)) == {
        3: "a\nb", 5: "01001", 7: "01002"
    }  # fmt: skip


def test_a_workbook_is_read_sheet_by_sheet_with_its_own_row_numbers():
    content = workbook(("leer", []), ("Daten", [[], ["AGS", "Wert"], [1001, 2.5], [None, True]]))
    (sheet,) = read_sheets(content, "a.csv")
    assert (sheet.name, sheet.lines) == ("Daten", [2, 3, 4])
    assert sheet.rows[1:] == [[1001.0, 2.5], [None, "TRUE"]]


def test_merged_cells_and_formulas_do_no_harm():
    book = openpyxl.Workbook()
    sheet = book.active
    for row in [["Titel", None], ["AGS", "Wert"], ["01001", "=1+1"], ["01002", 3]]:
        sheet.append(row)
    sheet.merge_cells("A1:B1")
    file = io.BytesIO()
    book.save(file)
    (read,) = read_sheets(file.getvalue(), "a.xlsx")
    assert read.rows[2] == ["01001"]


def one_cell(reference):
    sheet = (
        f'<worksheet><sheetData><row><c r="{reference}"><v>1</v></c></row></sheetData></worksheet>'
    )
    return package(xl__workbook="<workbook/>", xl__anything=sheet)


def damaged():
    """Change one byte in the middle, as a bad copy does."""
    content = bytearray(workbook(("a", [[f"{key}", key] for key in range(400)])))
    content[len(content) // 3] ^= 0xFF
    return bytes(content)


def ods(row):
    return package(content=f"<x><table:table>{row}</table:table></x>")


CELL = '<table:table-cell {} office:value="1"><text:p>1</text:p></table:table-cell>'


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"a" * (LARGEST + 1), "own_large"),
        (b"", "own_empty"),
        (b"\n\n;;\n", "own_empty"),
        (b"\x89PNG\r\n\x1a\n\0\0", "own_kind"),
        (b"a;b\n1\0;2\n", "own_kind"),
        (b"%PDF-1.7\n\0", "own_kind"),
        (package(word__document="<x/>"), "own_kind"),
        (b"PK\x03\x04" + b"x" * 50, "own_damaged"),
        (workbook(("a", [["AGS"]]))[:-60], "own_damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "own_damaged"),
        (b'a;b\n1;"' + b"x" * 200_000, "own_damaged"),
        (b"01001;1\n" * 100_001, "own_rows"),
        (b";".join([b"x"] * 1_001) + b"\n", "own_columns"),
        (one_cell("XFD1048576"), "own_bomb"),
        (package(xl__workbook=b"<a>" + b"\0" * 210_000_000), "own_bomb"),
        (damaged(), "own_damaged"),
        (ods(f'<table:table-row table:number-rows-repeated="900000">{CELL.format("")}'
             f'{CELL.format("")*9}</table:table-row>'), "own_bomb"),
        (ods("<table:table-row>" + CELL.format('table:number-columns-repeated="99999999"')
             + "</table:table-row>"), "own_bomb"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)  # fmt: skip
def test_what_is_no_table_or_too_much_of_one_is_refused_in_one_line(content, code):
    with pytest.raises(SourceError) as told:
        read_sheets(content, "a.xlsx")
    assert told.value.code == code
    assert str(told.value).startswith("a.xlsx: ")
    assert "\n" not in str(told.value)


def test_an_open_quotation_mark_is_told_whatever_limit_a_library_has_set():
    usual = csv.field_size_limit(10**9)
    try:
        with pytest.raises(SourceError, match=r"line 2 .*is a quotation mark open"):
            read_sheets(b'a;b\n1;"' + b"x" * 200_000, "a.csv")
    finally:
        csv.field_size_limit(usual)


def test_entities_of_a_document_are_not_multiplied():
    laughs = "".join(f'<!ENTITY l{k} "{f"&l{k - 1};" * 10}">' for k in range(1, 9))
    head = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]>'.encode()

    def poisoned(part):
        body = part.partition(b"?>")[2] if part.startswith(b"<?xml") else part
        return head + body.replace(b"01001", b"&l8;")

    content = workbook(("a", [["AGS", "Wert"], ["01001", 1]]))
    with pytest.raises(SourceError, match=r"(?i)unrecognized e") as told:
        read_sheets(repacked(content, "xl/worksheets/sheet1.xml", poisoned), "a.xlsx")
    assert told.value.code == "own_damaged"
