"""Scores as sheets: CSV for programs, CSV for German Excel, and Excel workbooks.

Numbers keep all their digits, text can neither run as a formula nor break out of its cell.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import TYPE_CHECKING, Any

import pandas as pd
import xlsxwriter

from geo.document import plain_columns
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
    out = io.StringIO()
    lines = [[_neutral_cell(str(column)) for column in table]] if header else []
    columns = [
        [_csv_cell(value, number, str if column in trusted else _neutral_cell) for value in values]
        for column, values in plain_columns(table)
    ]
    lines += [list(row) for row in zip(*columns, strict=True)]
    for row in lines:
        out.write(separator.join(_quoted(cell, separator) for cell in row) + "\n")
    return out.getvalue()


def _csv_cell(value: Any, number: Callable[[float], str], text: Callable[[str], str]) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return text(value)
    return number(value) if isinstance(value, float) else str(value)


def _quoted(cell: str, separator: str) -> str:
    # "#" must be quoted as well: readers take it for the start of a comment.
    if any(sign in cell for sign in (separator, '"', "\n", "\r", "#")):
        return '"' + cell.replace('"', '""') + '"'
    return cell


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


class _Exact(float):
    """A number that is written with all its digits, 17 where needed; the writer asks for 16."""

    def __format__(self, spec: str) -> str:
        return repr(float(self))


def describe(book: Any, title: str) -> None:
    """Give a workbook a title and the date that all of ours have."""
    book.set_properties({"title": title, "created": _CREATED})


def write_sheet(book: Any, name: str, table: pd.DataFrame) -> None:
    """Add a sheet with one table: numbers as numbers, text that cannot run, a frozen header."""
    sheet = book.add_worksheet(name)
    bold = book.add_format({"bold": True})
    for position, (column, values) in enumerate(plain_columns(table)):
        sheet.write_string(0, position, _neutral(column, _SIGN), bold)
        for row, value in enumerate(values, start=1):
            _write_cell(sheet, row, position, value)
        longest = max([len(column), *(len(one) for one in values if isinstance(one, str))])
        sheet.set_column(position, position, min(longest, 80) + 2)
    sheet.freeze_panes(1, 2 if "region" in table else 0)


def _write_cell(sheet: Any, row: int, position: int, value: Any) -> None:
    if isinstance(value, str):
        sheet.write_string(row, position, _neutral(value, _SIGN)[:_LONGEST])
    elif isinstance(value, bool):
        sheet.write_boolean(row, position, value)
    elif value is not None:
        sheet.write_number(row, position, _Exact(value))
