"""Reports of the analyses as files: CSV, Excel, JSON, or a folder with one CSV per table.

As with scores, a file is rendered in memory and put in place in one step, holds its provenance and
code book, and no clock.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import xlsxwriter

from geo.document import plain_columns, plain_json
from geo.formats import sheets
from geo.place import check_file, check_folder, replace, replace_all
from layers.errors import ExportError
from layers.texts import texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from layers.study.reports import Report

__all__ = ["SUFFIXES", "check_report_target", "to_bytes", "write_report", "write_table"]

#: Formats of one file; a name without a suffix is a folder.
SUFFIXES = (".csv", ".xlsx", ".json")
_TEXTS = Path(__file__).with_name("document.toml")


def write_report(
    report: Report, target: str | Path, *, language: str = "de", excel_de: bool = False
) -> list[str]:
    """Write a report to `target`.

    Parameters
    ----------
    target : path
        .csv: the first table, under its provenance; .xlsx: all tables, the code book, the words
        and the provenance as sheets; .json: all of it as nested values; no suffix: a folder with
        all tables (17 significant digits), ``code_book.csv``, ``recipe.toml`` (of two runs
        ``recipe_1.toml`` and ``recipe_2.toml``) and ``provenance.txt``.
    language : "de" or "en"
        Of explanations; column names are the same in both.
    excel_de : bool
        CSV as German Excel opens it.

    Returns
    -------
    list of str
        Tables that the format leaves out.

    Raises
    ------
    ExportError
        If the suffix is unknown or the place cannot be written.
    """
    path = Path(target)
    check_report_target(path)
    suffix = path.suffix.lower()
    if not suffix:
        replace_all(path, _folder(report, language))
        return []
    replace(path, to_bytes(report, suffix, language=language, excel_de=excel_de))
    return list(report.tables)[1:] if suffix == ".csv" else []


def to_bytes(report: Report, suffix: str, *, language: str = "de", excel_de: bool = False) -> bytes:
    """Render a report as the bytes of one file; see `write_report` for what each format holds.

    Raises
    ------
    ExportError
        If the suffix is none of `SUFFIXES`.
    """
    match suffix:
        case ".csv":
            first = next(iter(report.tables.values()))
            lines = [*_words(report, language), *_provenance(report, language)]
            return sheets.csv_file(first, lines, excel_de=excel_de)
        case ".json":
            return _json(report, language)
        case ".xlsx":
            return _xlsx(report, language)
    raise ExportError(f"unknown format '{suffix}'; allowed: {', '.join(SUFFIXES)}.")


def write_table(table: pd.DataFrame, lines: list[str], target: Path) -> None:
    """Write one table with `lines` of provenance to a .csv or .parquet file.

    Raises
    ------
    ExportError
        If the suffix is another or the place cannot be written.
    """
    check_table_target(target)
    if target.suffix.lower() == ".csv":
        replace(target, sheets.csv_file(table, lines))
        return
    out = io.BytesIO()
    described = table.copy()
    described.attrs = {"provenance": "\n".join(lines)}
    described.to_parquet(out, index=False)
    replace(target, out.getvalue())


def check_table_target(path: Path) -> None:
    """Raise ExportError if `write_table` cannot write `path`."""
    _check(path, (".csv", ".parquet"))


def check_report_target(path: Path) -> None:
    """Raise ExportError if `path` has an unknown suffix, no folder, or is what it must not be."""
    if not path.suffix:
        check_folder(path.parent)
        if path.is_file():
            raise ExportError(f"{path}: is a file; a name without a suffix stands for a folder.")
        return
    _check(path, SUFFIXES, " or no suffix for a folder")


def _check(path: Path, allowed: tuple[str, ...], more: str = "") -> None:
    if path.suffix.lower() not in allowed:
        msg = f"{path}: unknown format '{path.suffix}'; allowed: {', '.join(allowed)}{more}."
        raise ExportError(msg)
    check_file(path)


def _words(report: Report, language: str) -> list[str]:
    return [one[language] for one in report.words]


def _provenance(report: Report, language: str) -> list[str]:
    return [line for one in report.about for line in one.lines(language)]


def _folder(report: Report, language: str) -> dict[str, bytes]:
    contents = {f"{name}.csv": _digits(table) for name, table in report.tables.items()}
    contents["code_book.csv"] = _digits(_code_book(report, language))
    recipes = {
        f"recipe{f'_{number}' if len(report.about) > 1 else ''}.toml": one.recipe.to_toml().encode()
        for number, one in enumerate(report.about, start=1)
    }
    lines = [*_words(report, language), *_provenance(report, language)]
    return contents | recipes | {"provenance.txt": ("\n".join(lines) + "\n").encode()}


def _digits(table: pd.DataFrame) -> bytes:
    return sheets.csv_text(table, "{:.17g}".format).encode()


def _json(report: Report, language: str) -> bytes:
    content = {
        "analysis": report.name,
        "settings": report.settings,
        "words": _words(report, language),
        "notices": [notice.message for notice in report.notices],
        "tables": {name: list(_records(table)) for name, table in report.tables.items()},
        "columns": _code_book(report, language).to_dict("records"),
        "provenance": [one.to_dict(language) for one in report.about],
    }
    return (plain_json(content) + "\n").encode()


def _records(table: pd.DataFrame) -> Iterator[dict[str, Any]]:
    names, columns = zip(*plain_columns(table), strict=True)
    for row in zip(*columns, strict=True):
        yield dict(zip(names, row, strict=True))


def _xlsx(report: Report, language: str) -> bytes:
    words = texts(_TEXTS)
    about = [*_words(report, language), *_provenance(report, language)]
    pages = dict(report.tables) | {
        words["sheet_code_book"][language]: _code_book(report, language),
        words["sheet_about"][language]: pd.DataFrame({report.name: about}),
    }
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, sheets.OPTIONS) as book:
        sheets.describe(book, f"{report.name}: {report.about[0].title[language]}")
        for name, table in pages.items():
            sheets.write_sheet(book, name, table)
    return out.getvalue()


def _code_book(report: Report, language: str) -> pd.DataFrame:
    rows = [
        (name, one.name, one.text[language])
        for name in report.tables for one in report.code_book(name)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["table", "column", "meaning"])
