"""Scores as sheets: CSV for programs, CSV for German Excel, and Excel workbooks.

Numbers keep all their digits, text can neither run as a formula nor break out of its cell.
"""

from __future__ import annotations

import datetime as dt
import io
import itertools
import re
from math import isinf
from typing import TYPE_CHECKING, Any

import pandas as pd
import xlsxwriter
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from geo.document import plain_columns
from layers.errors import ExportError
from layers.table import indicator_table

if TYPE_CHECKING:
    from collections.abc import Callable

    from geo.document import Document

__all__ = ["OPTIONS", "csv", "csv_file", "csv_text", "describe", "write_sheet", "xlsx"]

#: Blanks of any width, and marks without width, which a spreadsheet may drop from a cell's front.
_BLANKS = r"[\s\x00\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]"
#: What a formula begins with, in half and full width.
_SIGNS = r"[=+\-@\uff1d\uff0b\uff0d\uff20]"
#: A cell of a CSV file that begins so could be run as a formula.
_FORMULA = re.compile(rf"[\t\r\x00]|{_BLANKS}*{_SIGNS}")
#: Cells of a workbook know that they are text; this is for those who copy them elsewhere.
_SIGN = re.compile(rf"[\t\r\x00]|{_SIGNS}")
#: The same behind a sign at which a spreadsheet cuts a line if its settings are another country's.
_CUT = re.compile(rf"(?<=[,;|\t\r\n])({_BLANKS}*[\"']*{_BLANKS}*)(?={_SIGNS})")
#: Longest text that a cell of a workbook holds.
_LONGEST = 32_767
#: Excel wants a date of creation; a fixed one keeps equal workbooks equal.
_CREATED = dt.datetime(2000, 1, 1, tzinfo=dt.UTC).replace(tzinfo=None)
#: How every workbook is opened: text is text, never a formula or a link.
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
#: Rows for which a workbook says together from which column to which they reach.
_BLOCK = 16
#: Columns that hold keys of regions.
_KEYS = ("region", "rival", "ahead", "behind")


def csv(document: Document) -> bytes:
    """UTF-8 text, the provenance in lines that begin with ``#``; see `geo.publish.to_bytes`."""
    lines = document.provenance.lines(document.language)
    return csv_file(document.table, lines, excel_de=document.excel_de)


def csv_file(table: pd.DataFrame, about: list[str], *, excel_de: bool = False) -> bytes:
    """Return the bytes of a CSV file; `about` goes into lines that begin with ``#``."""
    lines = [_uncut(f"# {line}").rstrip() for line in about]
    if not excel_de:
        return ("\n".join(lines) + "\n" + csv_text(table, repr)).encode()
    keys = [column for column in _KEYS if column in table]
    german = csv_text(
        table.assign(**{column: table[column].map(_as_excel_text) for column in keys}),
        lambda number: repr(number).replace(".", ","), separator=";", trusted=tuple(keys),
    )  # fmt: skip
    below = csv_text(pd.DataFrame({"": lines}), repr, separator=";", header=False)
    return (german + "\n" + below).replace("\n", "\r\n").encode("utf-8-sig")


def _as_excel_text(key: Any) -> Any:
    if not isinstance(key, str):
        return key
    # Excel reads ="01001" as the text 01001; it would read 01001 as the number 1001.
    return f'="{key}"' if key.isascii() and key.isdecimal() else _neutral_cell(key)


def csv_text(
    table: pd.DataFrame, number: Callable[[float], str], *, separator: str = ",",
    header: bool = True, trusted: tuple[str, ...] = (),
) -> str:  # fmt: skip
    """Format a table; a gap is an empty cell, text in `trusted` columns is not neutralised."""
    # "#" must be quoted as well: readers take it for the start of a comment.
    special = re.compile(f'[{re.escape(separator)}"\n\r#]').search

    def quoted(cell: str) -> str:
        return '"' + cell.replace('"', '""') + '"' if special(cell) else cell

    def cells(column: str, values: list[Any]) -> list[str]:
        text = str if column in trusted else _neutral_cell
        # The same few texts fill most columns: each is looked at once.
        known = {one: quoted(text(one)) for one in _texts(values)}
        return [
            "" if value is None
            else known[value] if isinstance(value, str)
            else quoted(number(value) if isinstance(value, float) else str(value))
            for value in values
        ]  # fmt: skip

    lines = [[quoted(_neutral_cell(str(column))) for column in table]] if header else []
    columns = [cells(column, values) for column, values in plain_columns(table)]
    rows = zip(*columns, strict=True)
    return "".join(f"{separator.join(row)}\n" for row in itertools.chain(lines, rows))


def _neutral(text: str, formula: re.Pattern[str] = _FORMULA) -> str:
    """Keep a spreadsheet from running text as a formula: an apostrophe in front makes it text."""
    return f"'{text}" if formula.match(text) else text


def _neutral_cell(text: str) -> str:
    """Neutralise text of a CSV file, where a spreadsheet may cut it into several cells."""
    return _neutral(_uncut(text))


def _uncut(text: str) -> str:
    return _CUT.sub(r"\1'", text)


def xlsx(document: Document) -> bytes:
    """Workbook of five sheets: scores, indicators, code book, recipe, sources.

    For "values", the first sheet holds these and there is no second.
    """
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        describe(book, document.provenance.title[document.language])
        for name, table in _sheets(document).items():
            write_sheet(book, document.word(name), table)
    return out.getvalue()


def _sheets(document: Document) -> dict[str, pd.DataFrame]:
    about = document.provenance
    facts = about.to_dict(document.language)
    tables = {"sheet_scores" if document.by_region else "sheet_values": document.table}
    if document.by_region:
        tables["sheet_indicators"] = indicator_table(document.scores)
    return tables | {
        "sheet_code_book": pd.concat(
            [_code_book_sheet(document, name, table) for name, table in tables.items()],
            ignore_index=True,
        ),
        "sheet_recipe": pd.DataFrame({about.reference: about.lines(document.language)}),
        "sheet_sources": pd.DataFrame(facts["sources"]),
    }


def _code_book_sheet(document: Document, sheet: str, table: pd.DataFrame) -> pd.DataFrame:
    columns = document.code_book(table)
    return pd.DataFrame(
        {
            document.word("sheet"): document.word(sheet),
            document.word("column"): [one.name for one in columns],
            document.word("unit"): [one.unit[document.language] for one in columns],
            document.word("meaning"): [one.text[document.language] for one in columns],
        }
    )


class _Sheet(Worksheet):  # type: ignore[misc]
    """A sheet whose rows below the header are written as text, to the byte as the library's own.

    Cell by cell, the library takes five times as long, and whoever moves a weight meanwhile waits.

    Attributes
    ----------
    columns : list of list of str
        What stands below the header: elements, "" for a gap.
    dim_rowmax : int
        Last row with a cell, from 0; the library's own.
    """

    columns: list[list[str]]
    dim_rowmax: int

    def take(self, table: pd.DataFrame, bold: Any) -> None:
        """Hold a table, its header in bold type."""
        self.columns = []
        for position, (column, values) in enumerate(plain_columns(table)):
            self.write_string(0, position, _neutral(column, _SIGN), bold)
            texts = _texts(values)
            cells = self._cells(xl_col_to_name(position), values, texts)
            self.columns.append(cells)
            filled = (row for row in range(len(cells), 0, -1) if cells[row - 1])
            self.dim_rowmax = max(self.dim_rowmax, next(filled, 0))
            longest = max([len(column), *map(len, texts)])
            self.set_column(position, position, min(longest, 80) + 2)

    def _cells(self, column: str, values: list[Any], texts: set[str]) -> list[str]:
        """Return the elements of a column; text is named by its number in the workbook's list."""
        known = {one: _fitting(_neutral(one, _SIGN)) for one in texts}
        number = self.str_table._get_shared_string_index  # noqa: SLF001 -- as the class's own methods
        return [
            "" if value is None
            else f'<c r="{column}{row}" t="s"><v>{number(known[value])}</v></c>'
            if isinstance(value, str)
            else f'<c r="{column}{row}" t="b"><v>{value:d}</v></c>' if isinstance(value, bool)
            else f'<c r="{column}{row}"><v>{_digits(value)}</v></c>'
            for row, value in enumerate(values, start=2)
        ]  # fmt: skip

    def _write_rows(self) -> None:
        super()._write_rows()
        # The header counts where the library looks how far the rows of a block reach.
        rows = [("header",) * len(self.columns), *zip(*self.columns, strict=True)]
        for first in range(0, len(rows), _BLOCK):
            block = rows[first : first + _BLOCK]
            filled = [
                place for place, cells in enumerate(zip(*block, strict=True), 1) if any(cells)
            ]
            for number, row in enumerate(block, start=first + 1):
                if number > 1 and any(row):
                    spans = f"{filled[0]}:{filled[-1]}"
                    self.fh.write(f'<row r="{number}" spans="{spans}">{"".join(row)}</row>')


def describe(book: Any, title: str) -> None:
    """Give a workbook a title and the date that all of ours have."""
    book.set_properties({"title": title, "created": _CREATED})


def write_sheet(book: Any, name: str, table: pd.DataFrame) -> None:
    """Add a sheet with one table: numbers as numbers, text that cannot run, a frozen header."""
    sheet = book.add_worksheet(name, worksheet_class=_Sheet)
    sheet.take(table, book.add_format({"bold": True}))
    sheet.freeze_panes(1, 2 if "region" in table else 0)


def _texts(values: list[Any]) -> set[str]:
    return {one for one in values if isinstance(one, str)}


def _fitting(text: str) -> str:
    """Cut text to what a cell holds, which is counted in units of two bytes."""
    if len(text) <= _LONGEST // 2:
        return text
    return text.encode("utf-16-le")[: 2 * _LONGEST].decode("utf-16-le", "ignore")


def _digits(number: float) -> str:
    """Write a number with all its digits, 17 where needed; the library would write 16."""
    if isinf(number):
        raise ExportError("a number is infinite; a workbook cannot hold it, a .csv file can.")
    return repr(float(number))
