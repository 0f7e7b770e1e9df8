"""INKAR as a whole: one CSV per edition, more than 6 GB unpacked, to a small Parquet extract.

The file is streamed: memory stays bounded however large it is (`MEMORY`, `THREADS`), and nothing
but the chosen levels and indicators is written. Columns are found by name, since their order may
differ between editions. An indicator is known by (Bereich, Kuerzel): the Kuerzel alone occurs up to
several times, and where it is missing (``NA``) only the number (ID) tells indicators apart. In
the edition of 2024 Bereich is a theme in words, in that of 2025 the code of a collection.
"""

from __future__ import annotations

import csv
import glob
import re
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from layers import whole
from layers.errors import SourceError
from layers.sources.formats import Where
from layers.sources.inkar.archive import HINT, unpacked
from layers.sources.longtable import long_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from duckdb import DuckDBPyConnection

__all__ = ["HEADER", "Report", "extract", "read", "series"]

HEADER = (
    "Bereich", "ID", "Kuerzel", "Indikator", "Raumbezug", "Kennziffer", "Name", "Zeitbezug", "Wert",
)  # fmt: skip
#: The level whose keys are AGS5 + "000", where a leading zero may have been lost.
KREISE = "Kreise"
#: What the engine may take; reading and writing buffers come on top.
MEMORY, THREADS = "800MB", 2
_KREIS_KEY = r"(0[1-9]|1[0-6])[0-9]{3}000"
_MISSING = "'', 'NA'"
#: What the engine says of a line -> what we say.
_FAULTS = {
    "unterminated quote": "has a quotation mark that is not closed",
    "Invalid unicode": "is not UTF-8 text; the file was perhaps saved again in another encoding",
    "Maximum line size": "is far too long",
}
_FAULTY_LINE = r"CSV Error on Line: ([0-9]+)\s+Original Line: ([^\n]*)\n(.*)"


class _Choice(NamedTuple):
    """What of a file is kept: levels, and pairs of (Bereich, Kuerzel) or None for all."""

    levels: tuple[str, ...]
    indicators: tuple[tuple[str, str], ...] | None


@dataclass(frozen=True)
class Report:
    """What an extract holds.

    Attributes
    ----------
    edition : str
        Year in the file's name; empty if there is none.
    rows, missing : int
        All rows of the extract, and those of them without a value.
    indicators, regions : int
        Different (Bereich, Kuerzel, ID), and different keys over all levels.
    size : int
        Bytes of the CSV that were read.
    """

    edition: str
    rows: int
    missing: int
    indicators: int
    regions: int
    size: int


def extract(
    source: Path,
    target: Path,
    *,
    indicators: Iterable[tuple[str, str]] | None = None,
    levels: Sequence[str] = (KREISE,),
) -> Report:
    """Write the wanted rows of an edition as Parquet, whole or not at all.

    Parameters
    ----------
    source : Path
        The zip archive, or its CSV unpacked.
    target : Path
        Columns area, id, short_name ("" if missing), name, level, region (8 digits for Kreise, as
        printed for other levels), period and value. While the work goes on, a folder beside it
        holds the unpacked CSV.
    indicators : iterable of (Bereich, Kuerzel), optional
        Only these; all if None.
    levels : sequence of str
        Words of the column Raumbezug.

    Raises
    ------
    SourceError
        If the archive is damaged, suspicious or larger than the disk; if the header, the encoding,
        a line, a number or a key is not as expected (with its line); or if a level or indicator is
        not in the file.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    choice = _Choice(tuple(levels), None if indicators is None else tuple(indicators))
    with whole.workplace(target.parent) as work:
        with unpacked(source, work) as table, _engine(work) as engine:
            where = Where(str(source) if table == source else f"{source}/{table.name}", HINT)
            part = work / "extract.parquet"
            scan = _scan(table, _header(table, where))
            _run(engine, _copy(scan, part, choice), where)
            report = _checked(engine, part, table, where)
            _complete(engine, part, scan, choice, where)
        whole.settle(part)
        part.replace(target)
    return report


def read(raw: Path, code: str, table: str) -> pd.DataFrame:
    """Read one indicator by Kreis from the extract ``inkar/inkar_<table>.parquet``.

    If only the publisher's archive ``inkar/inkar_<table>.zip`` is there, the extract is made from
    it first and stays beside it.

    Parameters
    ----------
    code : str
        ``Bereich/Kuerzel``, or ``Bereich/#ID`` for an indicator without a Kuerzel.
    table : str
        Edition, such as 2024.
    """
    area, _, short_name = code.rpartition("/")
    made, archive = (raw / "inkar" / f"inkar_{table}{suffix}" for suffix in (".parquet", ".zip"))
    if archive.is_file() and not made.is_file():
        extract(archive, made)
    return series(made, area, short_name)


def series(path: Path, area: str, short_name: str, *, level: str = KREISE) -> pd.DataFrame:
    """Read one indicator of one level from an extract.

    Returns
    -------
    DataFrame
        A long table; regions are 5 digits for Kreise and the printed key for other levels. Rows
        without a value are left out.

    Raises
    ------
    SourceError
        If there is no such indicator, it occurs under several numbers, a region and year occur
        twice, or a period is no year.
    """
    rows = _rows(path, area, short_name, level)
    ids = rows["id"].unique()
    if len(ids) > 1:
        numbers = ", ".join(f"'{area}/#{number}'" for number in ids[:8])
        msg = f"{path}: '{area}/{short_name}' names several indicators; take one of {numbers}."
        raise SourceError(msg)
    odd = rows[~rows["period"].str.fullmatch(r"[0-9]{4}")]
    if len(odd):
        period = odd["period"].iloc[0]
        msg = f"{path}: column 'period' of '{area}/{short_name}': {period!r} is no year."
        raise SourceError(msg)
    twice = rows[rows.duplicated(["region", "period"])]
    if len(twice):
        first = f"{twice['region'].iloc[0]} in {twice['period'].iloc[0]}"
        msg = f"{path}: '{area}/{short_name}' has {first} more than once."
        raise SourceError(msg)
    rows = rows[rows["value"].notna()]
    region = rows["region"].str[:5] if level == KREISE else rows["region"]
    return long_table(region, rows["period"].astype("int32"), rows["value"])


def _rows(path: Path, area: str, short_name: str, level: str) -> pd.DataFrame:
    if not path.is_file():
        msg = f"{path}: this extract is missing; make it from the archive inkar_<year>.zip first."
        raise SourceError(msg)
    by_number = short_name.startswith("#")
    key = ("id", "==", short_name[1:]) if by_number else ("short_name", "==", short_name)
    filters = [("area", "==", area), key, ("level", "==", level)]
    columns = ["id", "region", "period", "value"]
    rows = pd.read_parquet(path, filters=filters, columns=columns)
    if rows.empty:
        known = pd.read_parquet(path, columns=["area", "short_name"]).drop_duplicates()
        codes = (known["area"] + "/" + known["short_name"]).tolist()
        close = ", ".join(get_close_matches(f"{area}/{short_name}", codes, 5, 0.3))
        msg = (
            f"{path}: has no '{area}/{short_name}' for {level}; close to it are: {close or 'none'}."
        )
        raise SourceError(msg)
    return rows


def _header(table: Path, where: Where) -> list[str]:
    with table.open("rb") as stream:
        line = stream.readline(10_000)
    try:
        names = next(csv.reader([line.decode("utf-8-sig")], delimiter=";"), [])
    except (UnicodeDecodeError, csv.Error) as cause:
        what = "is no UTF-8 text."
        raise where.fault(what, line=1) from cause
    names = [name.strip() for name in names]
    if sorted(names) != sorted(HEADER):
        what = f"is {';'.join(names)!r}; expected are the columns {', '.join(HEADER)} in any order."
        raise where.fault(what, line=1)
    return names


@contextmanager
def _engine(work: Path) -> Iterator[DuckDBPyConnection]:
    import duckdb

    limits: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": MEMORY, "threads": THREADS, "temp_directory": str(work / "spill"),
        "preserve_insertion_order": False, "autoinstall_known_extensions": False,
    }  # fmt: skip
    engine = duckdb.connect(config=limits)
    engine.execute("SET enable_progress_bar = false")  # it would write into what others print
    try:
        yield engine
    finally:
        engine.close()


def _scan(table: Path, names: Sequence[str]) -> str:
    types = ", ".join(f"'{name}': '{'DOUBLE' if name == 'Wert' else 'VARCHAR'}'" for name in names)
    path = _text(glob.escape(str(table)))
    return (
        f"read_csv({path}, delim=';', quote='\"', escape='\"', header=true, "
        f"auto_detect=false, columns={{{types}}}, decimal_separator=',', nullstr=[{_MISSING}])"
    )


def _copy(scan: str, part: Path, choice: _Choice) -> str:
    rows = f"Raumbezug IN ({', '.join(map(_text, choice.levels))})"
    if choice.indicators is not None:
        pairs = ", ".join(f"({_text(area)}, {_text(name)})" for area, name in choice.indicators)
        rows += f" AND (Bereich, coalesce(Kuerzel, '')) IN ({pairs})"
    return f"""
        COPY (
            SELECT Bereich AS area, ID AS id, coalesce(Kuerzel, '') AS short_name,
                Indikator AS name, Raumbezug AS level, Zeitbezug AS period, Wert AS value,
                CASE WHEN Raumbezug = '{KREISE}' AND len(Kennziffer) < 8
                    THEN lpad(Kennziffer, 8, '0') ELSE Kennziffer END AS region
            FROM {scan} WHERE {rows}
        ) TO {_text(str(part))} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)
    """  # noqa: S608 every inserted text is quoted


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _run(engine: DuckDBPyConnection, copy: str, where: Where) -> None:
    """Run the one pass over the file; the first line that is wrong ends it.

    To go on and collect all such lines would take memory without bound where every line is wrong.
    """
    import duckdb

    try:
        engine.execute(copy)
    except duckdb.Error as cause:
        found = re.search(_FAULTY_LINE, str(cause), re.DOTALL)
        if found is None:
            what = f"cannot be read ({str(cause).splitlines()[0]})."
            raise where.fault(what) from cause
        line, text, reason = int(found[1]), found[2], found[3]
        if "converting column" in reason:
            what = f"{_last_field(text)!r} is no number with decimal comma, and not empty or NA."
            raise where.fault(what, line=line, column="Wert") from cause
        raise where.fault(f"{_fault(reason)}; it begins {text[:60]!r}.", line=line) from cause


def _fault(reason: str) -> str:
    width = re.search(r"Expected Number of Columns: ([0-9]+) Found: ([0-9]+)", reason)
    if width:
        return f"has {width[2]} fields instead of {width[1]}; a text with a semicolon needs quotes"
    words = (words for key, words in _FAULTS.items() if key in reason)
    return next(words, reason.splitlines()[0])


def _last_field(text: str) -> str:
    return text.rstrip("\r\n").rpartition(";")[2]


def _checked(engine: DuckDBPyConnection, part: Path, table: Path, where: Where) -> Report:
    extracted = f"read_parquet({_text(str(part))})"
    odd = _one(
        engine,
        f"SELECT region FROM {extracted} WHERE level = '{KREISE}' "  # noqa: S608 as above
        f"AND NOT coalesce(regexp_full_match(region, '{_KREIS_KEY}'), false) LIMIT 1",
    )
    if odd:
        line = _line(table, odd[0] or "", KREISE)
        what = f"{odd[0]!r} is no key of a Kreis: expected are 8 digits that end in 000."
        raise where.fault(what, line=line, column="Kennziffer")
    odd = _one(
        engine,
        f"SELECT value, region FROM {extracted} WHERE NOT isfinite(value) LIMIT 1",  # noqa: S608
    )
    if odd:
        line = _line(table, odd[1], str(odd[0]))
        raise where.fault(f"'{odd[0]}' is no number.", line=line, column="Wert")
    counts = _one(
        engine,
        "SELECT count(*), count(*) - count(value), count(DISTINCT (area, short_name, id)), "  # noqa: S608
        f"count(DISTINCT region) FROM {extracted}",
    )
    edition = re.search(r"inkar_([0-9]{4})", where.name)
    rows, missing, indicators, regions = counts
    year = edition[1] if edition else ""
    return Report(year, rows, missing, indicators, regions, table.stat().st_size)


def _one(engine: DuckDBPyConnection, query: str) -> Any:
    return engine.execute(query).fetchone()


def _line(table: Path, *fields: str) -> int | None:
    """Find the first line that holds all `fields`, leading zeros aside, for a message."""
    wanted = {field.lstrip("0").encode() for field in fields}
    with table.open("rb") as stream:
        for number, line in enumerate(stream, start=1):
            there = {field.strip(b'"\r\n').lstrip(b"0") for field in line.split(b";")}
            if wanted <= there:
                return number
    return None


def _complete(
    engine: DuckDBPyConnection, part: Path, scan: str, choice: _Choice, where: Where
) -> None:
    """Raise an error if a level or a wanted indicator gave no row."""
    found = engine.execute(
        f"SELECT DISTINCT level, area, short_name FROM read_parquet({_text(str(part))})"  # noqa: S608
    ).fetchall()
    gone = sorted(set(choice.levels) - {row[0] for row in found})
    if gone:
        words = engine.execute(f"SELECT DISTINCT Raumbezug FROM {scan}").fetchall()  # noqa: S608
        there = sorted(str(word[0]) for word in words)
        if gone[0] not in there:
            what = f"there is no '{gone[0]}'; there are {', '.join(there)}."
            raise where.fault(what, column="Raumbezug")
    absent = [pair for pair in choice.indicators or () if pair not in {row[1:] for row in found}]
    if absent:
        names = ", ".join(f"{area}/{name}" for area, name in absent[:8])
        what = (
            f"has no rows of {names} for {', '.join(choice.levels)}; Bereich and Kuerzel stand "
            f"in the overview workbook of the edition."
        )
        raise where.fault(what)
