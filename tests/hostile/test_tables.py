"""Tables and archives that are small until they are opened.

Covered: XLSX with cells far away, named, unnamed and named ambiguously; parts twice; tags without
end; cells that hold nothing; workbooks that need a password; old workbooks that claim every cell;
text with a million columns, no end of a line, many cells; archives that overlap, lead out, hold two
of one name or are packed in an odd way.
"""

from __future__ import annotations

import io
import resource
import time
import unicodedata
import zipfile
from contextlib import suppress

import pytest

from geo.bkg import read_borders
from layers import apart
from layers.archive import Limits, fault, opened
from layers.errors import SourceError
from layers.own_table import cells, read_sheets, read_table
from layers.own_table.keys import Keys
from layers.sources.formats import Raw, workbook
from layers.workbook import Room, check_package
from tests.hostile.bombs import cell, locked, overlapping, xls, xlsx, zipped
from tests.hostile.targets import REGIONS

#: Seconds that a look may take on a machine with much else to do.
PATIENCE = 10
FIRST = b'<row r="1">' + cell(b"A1") + b"</row>"


@pytest.mark.parametrize(
    "rows",
    [
        FIRST + b'<row r="1048576">' + cell(b"XFD1048576") + b"</row>",
        FIRST + b"<row><c " + b" " * 70_000 + b'r="XFD1048576"><v>1</v></c></row>',
        FIRST + b'<row r="1048576">' + b"<c><v>1</v></c>" * 16_000 + b"</row>",
        FIRST + b'<row r="1048576">' + b"<c/>" * 16_000 + b"</row>",
    ],
    ids=["named", "far apart", "unnamed", "empty"],
)
@pytest.mark.parametrize("reader", [read_sheets, lambda data, name: workbook(Raw(name, data))])
def test_a_cell_far_away_makes_no_room_for_all_before_it(rows, reader):
    with pytest.raises(SourceError, match=r"a\.xlsx.*(unpacks to more|unusual way)"):
        reader(xlsx(rows), "a.xlsx")


@pytest.mark.parametrize(
    "rows",
    [
        b'<row r="1048576" ht="12.8" customHeight="true"/>',
        b'<row r="1048576"><c r="A1048576" s="1"/></row>',
        b'<row r="2">' + b"".join(b'<c s="1" r="%c%c2"/>' % (a, b)
                                  for a in range(65, 91) for b in range(65, 91)) + b"</row>",
        b'<row r="1048576"><c r="XFD1048576" s="1" /></row>',
    ],
    ids=["heights", "format of a column", "format of a row", "format of all"],
)  # fmt: skip
@pytest.mark.parametrize("reader", [read_sheets, lambda data, name: workbook(Raw(name, data))])
def test_what_programs_write_for_empty_rows_and_columns_is_no_table(rows, reader):
    """Excel and LibreOffice save the format of a whole column as cells down to the last row."""
    assert reader(xlsx(FIRST + rows), "a.xlsx")


@pytest.mark.parametrize(
    "rows",
    [
        b'<row><c x:r="A1" r="XFD1048576"><v>1</v></c></row>',
        b'<row><c s=" r=\'A1\' " r="XFD1048576"><v>1</v></c></row>',
        b'<row><c s=">" r="XFD1048576"><v>1</v></c></row>',
        b'<row><c s="/>" r="XFD1048576"><v>1</v></c></row>',
        b'<row><c s="<" r="XFD1048576"><v>1</v></c></row>',
        b'<row><c s="1"r="XFD1048576"><v>1</v></c></row>',
        b'<row><c r="A1" r="XFD1048576"><v>1</v></c></row>',
        b'<row><a-b:c r="XFD1048576"><v>1</v></a-b:c></row>',
        b'<row r="1048576"><c r="XFC1048576" s="1"/><c><v>1</v></c></row>',
        b'<row r="1048575" ht="12"/><row>' + b"<c><v>1</v></c>" * 16_000 + b"</row>",
        b'<row r="1" r="1048576"><c><v>1</v></c></row>',
    ],
    ids=range(11),
)
@pytest.mark.parametrize("reader", [read_sheets, lambda data, name: workbook(Raw(name, data))])
def test_a_cell_far_away_has_no_way_to_pass_for_a_near_one(rows, reader):
    with pytest.raises(SourceError, match=r"a\.xlsx.*(unpacks to more|unusual way)"):
        reader(xlsx(FIRST + rows), "a.xlsx")


def test_a_sheet_is_looked_at_whatever_its_part_is_called():
    far = b"<worksheet><sheetData>" + cell(b"XFD1048576") + b"</sheetData></worksheet>"
    with pytest.raises(SourceError, match="unpacks to more"):
        workbook(Raw("a.xlsx", zipped(("xl/workbook.xml", b""), ("content.xml", far))))


def test_bytes_of_a_picture_are_no_cells():
    with io.BytesIO(xlsx(FIRST)) as file:
        with zipfile.ZipFile(file, "a") as archive:
            archive.writestr("xl/media/image1.png", b"\x89PNG <c \xff<row \0" * 10)
        assert read_sheets(file.getvalue(), "a.xlsx")[0].rows == [[1.0]]


@pytest.mark.parametrize(
    "tag",
    [
        b"<c " + b'r="A1" ' * 9_000 + b"/>", b"<row " + b'r="1" ' * 9_000 + b">",
        b"<c " + b'a="b" ' * 9_000 + b"/>", b"<c " * 5_000, b"<c a" + b" " * 60_000 + b"/>",
    ],
    ids=range(5),
)  # fmt: skip
def test_no_tag_takes_longer_than_its_length(tag):
    """To look for a place anew at each place of a tag would take a minute."""
    began = time.process_time()
    with suppress(SourceError):
        check_package(xlsx(FIRST + b"<row>" + tag * 30 + b"</row>"), "a.xlsx")
    assert time.process_time() - began < PATIENCE


def test_cells_that_only_have_a_format_are_passed_over():
    """Six columns that somebody has coloured down to the last row are six million cells."""
    row = b"".join(b'<c r="%c%%d" s="1"/>' % letter for letter in b"ABCDEF")
    rows = b"".join(b'<row r="%d">' % n + row % ((n,) * 6) + b"</row>" for n in range(2, 20_000))
    began = time.process_time()
    check_package(xlsx(FIRST + rows), "a.xlsx", Room(span=1))
    assert time.process_time() - began < PATIENCE


_LOCK = b'<manifest:manifest><manifest:encryption-data manifest:checksum="x"/></manifest:manifest>'


@pytest.mark.parametrize(
    "content",
    [locked(), zipped(("META-INF/manifest.xml", _LOCK), ("content.xml", bytes(range(256))))],
    ids=["Excel", "LibreOffice"],
)
def test_a_workbook_that_needs_a_password_says_so(content):
    with pytest.raises(SourceError, match=r"^a\.xlsx: is locked with a password") as refusal:
        read_sheets(content, "a.xlsx")
    assert refusal.value.code == "own_locked"
    with pytest.raises(SourceError, match="is locked with a password"):
        workbook(Raw("a.xlsx", content))


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_names_in_any_spelling_are_found(form):
    table = "Kreis;Wert\nFlens\u00adburg;1\nHalle\u00a0(Saale);2\n"
    assert read_table(unicodedata.normalize(form, table).encode(), "a.csv", REGIONS).count == {
        "matched": 2
    }


def test_an_old_workbook_of_a_publisher_is_first_opened_elsewhere(monkeypatch, tmp_path):
    ends = tmp_path / "ends.py"
    ends.write_text("raise MemoryError")
    content = xls(2, 2)
    assert workbook(Raw("a.xls", content)).sheet_names
    monkeypatch.setattr(apart, "__file__", str(ends))
    with pytest.raises(SourceError, match=r"^a\.xls: is no readable workbook \(takes more than"):
        workbook(Raw("a.xls", content))


def test_a_sheet_is_as_large_as_its_cells_whatever_it_claims():
    claims = xlsx(FIRST, dimension=b'<dimension ref="A1:XFD1048576"/>')
    assert read_sheets(claims, "a.xlsx")[0].rows == [[1.0]]


def test_an_old_workbook_that_claims_every_cell_ends_alone():
    """Its 5 kB would be 103 GB; the process that opens it ends, and this one goes on."""
    assert read_sheets(xls(2, 2), "a.xls")[0].rows == [[1.0], [None, 1.0]]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(SourceError, match="save it as CSV") as refusal:
        read_sheets(xls(65_536, 65_535), "a.xls")
    assert refusal.value.code == "own_bomb"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000


def test_text_that_fills_every_cell_is_counted(monkeypatch):
    """Each of a hundred thousand cells can name one text of 32,000 characters."""

    class Book:
        sheet_names = ("a",)
        total_height, total_width, start = 10, 10, (0, 0)

        def get_sheet_by_name(self, _):
            return self

        def iter_rows(self):
            yield from [["x" * 32_000] * 10] * 10_000

    with pytest.raises(apart._BeyondLimitError, match="own_bomb"):
        apart._sheet(Book(), "a", 100_000, 1_000, [apart.MOST_TEXT])


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b";".join([b"a"] * 1_000_000), "own_columns"),
        (b"a" * 5_000_000, "own_damaged"),
        (b"a;b\n" + b"\n" * 12_000, "own_rows"),
        ((b";".join([b"1"] * 1_000) + b"\n") * 1_501, "own_cells"),
        (zipped(("xl/workbook.xml", b"a"), ("xl/workbook.xml", b"b")), "own_damaged"),
        (overlapping(), "own_bomb"),
        (zipped(("../../xl/workbook.xml", b"a")), "own_damaged"),
    ],
    ids=["columns", "no end", "lines", "cells", "twice", "overlapping", "leads out"],
)
def test_a_table_beyond_all_use_is_refused_by_name(content, code, monkeypatch):
    monkeypatch.setattr(cells, "_MOST_LINES", 10_000)
    with pytest.raises(SourceError, match=r"^a\.csv: ") as refusal:
        read_sheets(content, "a.csv")
    assert refusal.value.code == code
    text = str(refusal.value)
    assert "\n" not in text


def test_a_wide_table_of_strange_words_is_looked_at_in_few_rows(monkeypatch):
    """To compare three million words with the names of all regions would take minutes."""
    looked_at = []
    find = Keys._find
    monkeypatch.setattr("layers.own_table.table._SAMPLED_CELLS", 3_000)
    monkeypatch.setattr(
        Keys, "_find", lambda keys, text: looked_at.append(text) or find(keys, text)
    )
    rows = [";".join(f"w{row}x{column}" for column in range(50)) for row in range(200)]
    with pytest.raises(SourceError, match="no column names regions"):
        read_table("\n".join(rows).encode(), "a.csv", REGIONS)
    assert len(looked_at) <= 5_000


def test_limits_have_words_for_people():
    from views.i18n import words

    for code in ("cells", "bomb", "rows", "columns", "damaged", "large", "locked"):
        assert f"own_fault.own_{code}" in words("de").texts
    assert f"{cells._MOST_CELLS:,}" == "1,500,000", "as the words say"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (overlapping(), "share the same bytes"),
        (zipped(("a.csv", b"1"), ("a.csv", b"2")), "'a.csv' 2 times"),
        (zipped(("..\\a.csv", b"1")), "leads out of its folder"),
        (zipped(("a.csv", b"0" * 30_000_000)), "would unpack to 30 MB"),
        (zipped(("a.csv", b"1"), ("b.zip", b"1")), "the further archive 'b.zip'"),
    ],
    ids=range(5),
)
def test_an_archive_that_could_do_harm_stays_closed_wherever_one_is_opened(content, said, tmp_path):
    path = tmp_path / "vg250.zip"
    path.write_bytes(content)
    with pytest.raises(SourceError, match=said):
        read_borders(path)
    with pytest.raises(SourceError, match=said), opened(content, "a.zip", SourceError):
        pytest.fail("was opened")


def test_what_unpacks_by_other_ways_than_usual_is_refused():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a.csv", b"0" * 1_000_000)
    with zipfile.ZipFile(file) as archive:
        assert "packed in an unusual way" in fault(archive.infolist(), Limits())
