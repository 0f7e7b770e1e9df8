"""Reading and checking the tables of a dataset folder; each fault is named with file, row, column.

Row numbers are those a person sees: lines of a CSV file, records of a Parquet file, both from 1. A
table carries them as its index until all checks are done.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from layers.errors import DatasetError
from layers.plain import harmless, unmarked

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

VALUE_COLUMNS = ("region", "indicator", "year", "value", "flag")
#: Words that a flag may hold; the empty flag means "observed".
FLAGS = frozenset({"calculated", "reform", "withheld", "provisional", "self_assessed"})
_SHOWN = 3
#: Beyond this, squares and ranges of values would leave the range of floating-point numbers.
_HUGE = 1e100
_LAST_YEAR = 9999
#: What a table may have: bytes of the file, of a Parquet file unpacked as well; columns; rows (all
#: municipalities in fifty years with eighty indicators); characters of a line, and of a key.
LARGEST = 2_000_000_000
MOST_COLUMNS = 1_000
MOST_ROWS = 50_000_000
_LONGEST_LINE = 1_000_000
_LONGEST_KEY = 100


def find_table(folder: Path, stem: str) -> Path | None:
    """Return ``stem.parquet`` or ``stem.csv`` in `folder`, or None."""
    for suffix in (".parquet", ".csv"):
        if (path := folder / (stem + suffix)).is_file():
            return path
    return None


def read_table(path: Path) -> pd.DataFrame:
    """Read a Parquet or CSV table, indexed by row number; CSV cells are text, empty ones too.

    CSV is UTF-8 (with or without BOM), comma-separated, with decimal points; lines on top that
    begin with ``#`` are comments.

    Raises
    ------
    DatasetError
        If the file cannot be read as what its suffix says, or is too large.
    """
    try:
        _check_size(path)
        return _read_parquet(path) if path.suffix == ".parquet" else _read_csv(path)
    except DatasetError:
        raise
    except Exception as cause:  # the parsers raise whatever their C code meets
        reason = str(cause).splitlines()[0] if str(cause) else type(cause).__name__
        msg = f"{path}: cannot be read as {path.suffix[1:]} ({reason:.160})."
        raise DatasetError(msg) from cause


def _check_size(path: Path) -> None:
    if path.stat().st_size > LARGEST:
        raise DatasetError(f"{path}: is larger than {LARGEST / 1e9:.0f} GB; split the dataset.")


def _read_parquet(path: Path) -> pd.DataFrame:
    import pyarrow.parquet as pq

    # The few bytes at its end say how much a small file unpacks to.
    about = pq.read_metadata(path)
    unpacked = sum(about.row_group(k).total_byte_size for k in range(about.num_row_groups))
    _check_shape(about.num_columns, about.num_rows, path)
    if unpacked > LARGEST:
        raise DatasetError(f"{path}: unpacks to more than {LARGEST / 1e9:.0f} GB.")
    table = pd.read_parquet(path)
    return table.set_axis(pd.RangeIndex(1, len(table) + 1), axis=0)


def _check_shape(columns: int, rows: int, path: Path) -> None:
    if columns > MOST_COLUMNS or rows > MOST_ROWS:
        msg = f"{path}: has {rows:,} rows and {columns:,} columns"
        raise DatasetError(f"{msg}; up to {MOST_ROWS:,} and {MOST_COLUMNS:,} are allowed.")


def _read_csv(path: Path) -> pd.DataFrame:
    comments, header = _head(path)
    _check_shape(header.count(",") + 1, 0, path)
    table = pd.read_csv(
        path, dtype=str, encoding="utf-8-sig", keep_default_na=False, skiprows=comments,
        skip_blank_lines=False, index_col=False,
    )  # fmt: skip
    table.index = pd.RangeIndex(comments + 2, comments + 2 + len(table))
    # A line without any entry, as at the end of many files, says nothing.
    return table[(table.fillna("") != "").any(axis=1)]


def _head(path: Path) -> tuple[int, str]:
    """Return how many comments stand on top, and the line of the header below them."""
    comments = 0
    with path.open(encoding="utf-8-sig") as file:
        while True:
            line = file.readline(_LONGEST_LINE)
            if len(line) >= _LONGEST_LINE:
                msg = f"{path}: line {comments + 1} has no end; the names of columns stand there."
                raise DatasetError(msg)
            if not line.startswith("#"):
                return comments, line
            comments += 1


def infer_numbers(table: pd.DataFrame, *, keep: Iterable[str]) -> pd.DataFrame:
    """Turn text columns that hold nothing but numbers into numbers; ``01`` is a key, not a number.

    Columns named in `keep` stay text. An empty cell becomes a gap.
    """
    inferred = table.copy()
    for column in inferred.columns.difference(list(keep)):
        text = inferred[column]
        if not pd.api.types.is_string_dtype(text):
            continue
        filled = text[text != ""]
        numbers = pd.to_numeric(filled, errors="coerce")
        if len(filled) and numbers.notna().all() and not filled.str.match(r"0\d").any():
            inferred[column] = pd.to_numeric(text, errors="coerce")
        else:
            inferred[column] = text.mask(text == "")
    return inferred


def harmless_text(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table of regions with names and cells that stand on any page as they are.

    Signs that do harm unseen are left out, and those that mark up text are replaced by ones that
    look alike (`layers.plain`).
    """

    def clean(cell: object) -> object:
        return unmarked(harmless(cell)) if isinstance(cell, str) else cell

    texts = [name for name in table if pd.api.types.is_string_dtype(table[name])]
    cleaned = table.assign(**{str(name): table[name].map(clean) for name in texts})
    return cleaned.rename(columns=lambda name: clean(str(name)))


def require_columns(table: pd.DataFrame, columns: Iterable[str], path: Path) -> None:
    """Raise if a column is missing, naming it and those that are there."""
    missing = [column for column in columns if column not in table.columns]
    if missing:
        there = ", ".join(map(str, table.columns))
        msg = f"{path}: column '{missing[0]}' is missing; columns found: {there}."
        raise DatasetError(msg)


def check_values(table: pd.DataFrame, path: Path) -> pd.DataFrame:
    """Turn a raw long table into region str, indicator str, year int, value float, flag, source.

    Rows without a value are dropped, unless their flag says that it was withheld. The index stays.

    Raises
    ------
    DatasetError
        On a missing column, empty key, value or year that is no number, infinite value,
        unknown flag, or a (region, indicator, year) that occurs twice.
    """
    require_columns(table, ("region", "indicator", "year", "value"), path)
    checked = pd.DataFrame(
        {
            "region": check_keys(table["region"], path),
            "indicator": check_keys(table["indicator"], path),
            "year": _years(table["year"], path),
            "value": _values(table["value"], path),
            "flag": _optional_text(table, "flag", path),
            "source": _optional_text(table, "source", path),
        }
    )
    _check_flags(checked, path)
    twice = checked.duplicated(["region", "indicator", "year"], keep=False)
    if twice.any():
        first = checked[twice].iloc[0]
        key = f"region {first['region']}, indicator {first['indicator']}, year {first['year']}"
        msg = f"{path}: {key} occurs more than once ({_rows(twice)}); one value is allowed."
        raise DatasetError(msg)
    gap = checked["value"].isna() & ~checked["flag"].str.contains("withheld")
    return checked[~gap]


def match_keys(found: pd.Series, known: pd.Index, path: Path) -> tuple[pd.Series, list[str]]:
    """Match region keys with the known ones; a lost leading zero is put back where it is certain.

    Certain means: the padded key is known, the key as found is not, and the padded key does not
    stand in the table already. Works for any keys of one fixed length.

    Returns
    -------
    (Series, list of str)
        Keys, and notices about what was repaired.

    Raises
    ------
    DatasetError
        If keys remain that no region has.
    """
    strange = pd.Index(found.unique()).difference(known)
    if strange.empty:
        return found, []
    lengths = set(known.str.len())
    padded = {key: key.zfill(max(lengths)) for key in strange}
    certain = {
        key: full
        for key, full in padded.items()
        if len(lengths) == 1 and full in known and not (found == full).any()
    }
    unknown = [key for key in strange if key not in certain]
    if unknown:
        where = _rows(found.isin(unknown))
        msg = (
            f"{path}: column 'region': unknown key {_some(unknown)} ({where}); every key must be "
            f"one of the {len(known)} in the regions table, such as '{known[0]}'."
        )
        raise DatasetError(msg)
    notice = f"{path}: leading zero put back in {len(certain)} region keys ({_some(certain)})."
    return found.map(lambda key: certain.get(key, key)), [notice]


def check_known(column: pd.Series, known: Iterable[str], place: str, path: Path) -> None:
    """Raise if a cell names something that `place` ("the catalogue") does not define."""
    known = list(known)
    unknown = sorted(set(column.unique()) - set(known))
    if unknown:
        where = _rows(column.isin(unknown))
        msg = (
            f"{path}: column '{column.name}': {_some(unknown)} is not in {place} ({where}); "
            f"known: {', '.join(known)}."
        )
        raise DatasetError(msg)


def check_keys(column: pd.Series, path: Path, *, unique: bool = False) -> pd.Series:
    """Return the keys of a column as text; none may be empty or a decimal number.

    Raises
    ------
    DatasetError
        If one is, or if a key occurs twice and `unique` forbids it.
    """
    if pd.api.types.is_float_dtype(column):
        msg = f"{path}: column '{column.name}' holds decimal numbers; keys must be text."
        raise DatasetError(msg)
    text = _as_text(column, path).str.strip()
    empty = column.isna() | (text == "")
    if empty.any():
        msg = f"{path}: column '{column.name}' is empty ({_rows(empty)}); a key is needed."
        raise DatasetError(msg)
    odd = ~text.map({key: _is_key(key) for key in text.unique()}).astype("bool")
    if odd.any():
        msg = (
            f"{path}: column '{column.name}': {text[odd].iloc[0]!r:.60} ({_rows(odd)}) is no key; "
            f"visible text of up to {_LONGEST_KEY} characters is."
        )
        raise DatasetError(msg)
    if unique and (twice := text.duplicated(keep=False)).any():
        key = text[twice].iloc[0]
        where = _rows(text == key)
        msg = f"{path}: column '{column.name}': '{key}' occurs more than once ({where})."
        raise DatasetError(msg)
    return text


def _is_key(text: str) -> bool:
    return text.isprintable() and len(text) <= _LONGEST_KEY


def _values(column: pd.Series, path: Path) -> pd.Series:
    numbers = _numbers(column)
    there = column.notna() & (column.astype("str").str.strip() != "")
    bad = (numbers.isna() & there) | (numbers.abs() > _HUGE)
    _refuse(column, bad, f"a number with a decimal point, between -{_HUGE:g} and {_HUGE:g}", path)
    return numbers


def _years(column: pd.Series, path: Path) -> pd.Series:
    numbers = _numbers(column)
    bad = ~numbers.between(1, _LAST_YEAR) | (numbers % 1 != 0)
    _refuse(column, bad, "a year such as 2022", path)
    return numbers.astype("int64")


def _numbers(column: pd.Series) -> pd.Series:
    """Return floats, NaN for what is no number; True and False are none, nor are dates."""
    kinds = pd.api.types
    if kinds.is_numeric_dtype(column) and not kinds.is_bool_dtype(column):
        return column.astype("float64")
    try:
        text = column.astype("str").str.strip()
    except (TypeError, ValueError):
        return pd.Series(np.nan, index=column.index)
    return pd.to_numeric(text, errors="coerce").astype("float64")


def _refuse(column: pd.Series, bad: pd.Series, kind: str, path: Path) -> None:
    if bad.any():
        example = f"{column[bad].iloc[0]!s:.40}"
        msg = f"{path}: column '{column.name}': '{example}' ({_rows(bad)}) is not {kind}."
        raise DatasetError(msg)


def _as_text(column: pd.Series, path: Path) -> pd.Series:
    try:
        return column.astype("str")
    except (TypeError, ValueError) as cause:
        raise DatasetError(
            f"{path}: column '{column.name}' holds bytes; text is needed."
        ) from cause


def _optional_text(table: pd.DataFrame, column: str, path: Path) -> pd.Series:
    if column not in table.columns:
        return pd.Series("", index=table.index, dtype="str")
    return _as_text(table[column], path).fillna("")


def _check_flags(values: pd.DataFrame, path: Path) -> None:
    for flag in values["flag"].unique():
        unknown = set(flag.split()) - FLAGS
        if unknown:
            where = _rows(values["flag"] == flag)
            allowed = ", ".join(sorted(FLAGS))
            msg = f"{path}: column 'flag': '{unknown.pop()}' ({where}); allowed: {allowed}."
            raise DatasetError(msg)


def _rows(mask: pd.Series) -> str:
    rows = mask.index[mask]
    more = f" and {len(rows) - _SHOWN} more" if len(rows) > _SHOWN else ""
    return f"row {', '.join(map(str, rows[:_SHOWN]))}{more}"


def _some(items: Iterable[str]) -> str:
    listed = [f"'{item}'" for item in items]
    more = f" and {len(listed) - _SHOWN} more" if len(listed) > _SHOWN else ""
    return ", ".join(listed[:_SHOWN]) + more
