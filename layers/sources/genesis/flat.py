"""Flat files ("ffcsv") of the GENESIS family: one number per line, every dimension spelled out.

Regionalstatistik, GENESIS-Online and the census 2022 give the same shape: 5 columns of statistic
and time, 4 per dimension, 4 of value and measure, with ``quality=on`` one more. The region may
stand in any dimension and is known by its variable code. The file comes in a zip of one member.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from layers.sources.formats import (
    Raw,
    Where,
    cells_to_numbers,
    decode,
    is_zip,
    load,
    member,
    table_from,
)
from layers.sources.genesis.marks import MARKS, check_quality, resolve, told
from layers.sources.longtable import long_table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["HINT", "LEVELS", "Flat", "long", "read_flat"]

HINT = (
    "Get the table as 'Flat-File-CSV' (ffcsv) from www.regionalstatistik.de, "
    "www-genesis.destatis.de or ergebnisse.zensus2022.de."
)
_TIME = ["statistics_code", "statistics_label", "time_code", "time_label", "time"]
_PARTS = ["variable_code", "variable_label", "variable_attribute_code", "variable_attribute_label"]
_VALUE = ["value", "value_unit", "value_variable_code", "value_variable_label"]
#: Variable codes of regions -> level.
LEVELS = {
    "DINSG": "country", "DLAND": "land", "REGBEZ": "district", "KREISE": "kreis",
    "GEMEIN": "municipality",
}  # fmt: skip
#: The census writes the level and an edition number, such as GEOLK4.
_CENSUS = {"DL": "country", "BL": "land", "RB": "district", "LK": "kreis", "GM": "municipality"}
_CENSUS_CODE = r"GEO(DL|BL|RB|LK|GM)\d"
#: What keys of a level look like. KREISE also lists parts of Kreise with 8 digits.
_KEYS = {
    "country": r"DG", "land": r"\d{2}", "district": r"\d{3}", "kreis": r"\d{5}",
    "part": r"\d{8}", "municipality": r"\d{8}|\d{12}",
}  # fmt: skip
#: How many known codes a message lists.
_LISTED = 20
_TIMES = {"STAG": r"(\d{4})-\d{2}-\d{2}", "JAHR": r"(\d{4})"}


@dataclass(frozen=True)
class Flat:
    """A flat file.

    Attributes
    ----------
    rows : DataFrame
        Indexed by line: region, level (country, land, district, kreis, part, municipality), time
        as printed, year, variable, value (NaN = gap or withheld), mark, flag, unit, quality, and
        one column per other dimension, named by its variable code, with the code of the
        attribute; "" is the total.
    labels : mapping
        Code of a dimension or measure -> its words.
    notes : tuple of str
        What a person should know about the file.
    """

    name: str
    rows: pd.DataFrame
    dimensions: tuple[str, ...]
    labels: Mapping[str, str]
    notes: tuple[str, ...] = ()


def read_flat(source: Path | Raw) -> Flat:
    """Read a flat file, plain or in its zip.

    Raises
    ------
    SourceError
        If header, width, a region key, a time, a number or a mark is not as expected; names line
        and column.
    """
    raw = load(source)
    if is_zip(raw):
        raw = member(raw, r".*flat\.csv")
    where = Where(raw.name, HINT)
    text, notes = _without_foot(decode(raw))
    table = table_from(text, where)
    count = _dimensions(list(table.columns), where)
    values, mark = cells_to_numbers(
        table["value"], where, decimal=_decimal(raw.name, table["value"], where), marks=MARKS
    )
    quality = table["value_q"] if "value_q" in table else pd.Series("", index=table.index)
    check_quality(quality, where)
    level, region = _regions(table, count, where)
    rows = pd.DataFrame(
        {
            "region": region, "level": level, "time": table["time"], "year": _years(table, where),
            "variable": table["value_variable_code"], "value": values, "mark": mark,
            "unit": table["value_unit"], "quality": quality,
        }
    )  # fmt: skip
    others = _other_dimensions(table, count)
    return Flat(
        raw.name, pd.concat([resolve(rows), others], axis=1), tuple(others.columns),
        _labels(table, count), notes,
    )  # fmt: skip


def long(
    flat: Flat, variable: str, *, level: str = "kreis", choose: Mapping[str, str] | None = None,
    unit: str = "",
) -> tuple[pd.DataFrame, tuple[str, ...]]:  # fmt: skip
    """Pick one measure as a long table.

    Parameters
    ----------
    variable : str
        Code of the measure, such as ``BEVSTD``.
    choose : mapping
        Dimension -> attribute, such as ``{"GES": "GESW"}``; other dimensions stay at their total.
    unit : str
        Needed only where a table gives a measure in several units, as the census does (number, %).

    Returns
    -------
    (DataFrame, tuple of str)
        region, year, value, flag without gaps; and notes on marks and left-out times.

    Raises
    ------
    SourceError
        If the measure, level, dimension or attribute does not occur, no region of the level has a
        number, or a region has several values in a year.
    """
    where = Where(flat.name)
    rows = _picked(flat, variable, level, choose or {}, where)
    rows = _of_one_unit(rows, variable, unit, where)
    rows, notes = _step_back(rows, level, where)
    twice = rows.duplicated(["region", "year"], keep=False)
    if twice.any():
        first = rows[twice].sort_values(["region", "year"]).iloc[:2]
        a, b = first.index
        region, year = first["region"].iloc[0], first["year"].iloc[0]
        what = f"region {region} has another value of {year} in line {b}; expected is one a year."
        raise where.fault(what, line=int(a))
    kept = rows[rows["value"].notna() | (rows["flag"] == "withheld")]
    table = long_table(kept["region"], kept["year"], kept["value"], kept["flag"])
    return table, (*flat.notes, *notes, *told(rows))


def _picked(
    flat: Flat, variable: str, level: str, choose: Mapping[str, str], where: Where
) -> pd.DataFrame:
    rows = flat.rows
    _known(variable, rows["variable"], "measure", where)
    _known(level, rows["level"], "level of regions", where)
    for name in choose:
        _known(name, pd.Series(flat.dimensions, dtype="str"), "dimension", where)
    rows = rows[(rows["variable"] == variable) & (rows["level"] == level)]
    for name in flat.dimensions:
        wanted = choose.get(name, "")
        if wanted:
            _known(wanted, rows[name], f"attribute of {name}", where)
        rows = rows[rows[name] == wanted]
    if rows.empty:
        what = (
            f"has no row of '{variable}' for level '{level}' with {dict(choose) or 'totals'}; "
            f"dimensions are {', '.join(flat.dimensions) or 'none'}: choose an attribute of each "
            f"that has no total."
        )
        raise where.fault(what)
    return rows


def _of_one_unit(rows: pd.DataFrame, variable: str, unit: str, where: Where) -> pd.DataFrame:
    if unit:
        _known(unit, rows["unit"], "unit", where)
        return rows[rows["unit"] == unit]
    units = sorted(set(rows["unit"]))
    if len(units) > 1:
        what = f"gives '{variable}' in several units ({', '.join(units)}); choose one of them."
        raise where.fault(what)
    return rows


def _known(wanted: str, column: pd.Series, what: str, where: Where) -> None:
    there = sorted(set(column))
    if wanted not in there:
        words = ", ".join(map(repr, there[:_LISTED])) + ", ..." * (len(there) > _LISTED)
        message = f"has no {what} '{wanted}'; it has {words}."
        raise where.fault(message)


def _step_back(
    rows: pd.DataFrame, level: str, where: Where
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Leave out times at which no region has a number, as the newest ones often do."""
    filled = rows["value"].notna().groupby(rows["time"]).sum()
    empty = sorted(filled.index[filled == 0])
    if len(empty) == len(filled):
        times = ", ".join(empty[-3:])
        what = (
            f"no region of level '{level}' has a number at {times}: it is listed before it is "
            f"delivered. Ask for the time before."
        )
        raise where.fault(what)
    notes = tuple(f"{time}: no {level} has a number yet; the time was left out." for time in empty)
    return rows[~rows["time"].isin(empty)], notes


def _without_foot(text: str) -> tuple[str, tuple[str, ...]]:
    """Cut lines without any separator off the end; some downloads end in words."""
    lines = text.rstrip("\r\n").split("\n")
    last = len(lines)
    while last > 1 and ";" not in lines[last - 1]:
        last -= 1
    foot = [line.strip() for line in lines[last:] if line.strip()]
    notes = tuple(
        f"The words after the last line were left out: {line[:60]!r}." for line in foot[:1]
    )
    return "\n".join(lines[:last]), notes


def _dimensions(columns: list[str], where: Where) -> int:
    """Count the dimensions; the header must be exactly what the offices document."""
    rest = [column for column in columns if column != "value_q"]
    count, over = divmod(len(rest) - len(_TIME) - len(_VALUE), len(_PARTS))
    dimensions = [f"{n}_{part}" for n in range(1, count + 1) for part in _PARTS]
    expected = [*_TIME, *dimensions, *_VALUE]
    if over or count < 1 or rest != expected or columns[: len(rest)] != rest:
        wrong = next((c for c, e in zip(columns, expected, strict=False) if c != e), columns[-1])
        what = "this column is not where it belongs in a flat file (9 + 4 per dimension)."
        raise where.fault(what, line=1, column=wrong)
    return count


def _decimal(name: str, cells: pd.Series, where: Where) -> str:
    """Find the decimal sign: by the language in the name, else by the numbers."""
    stated = re.search(r"_(de|en)_flat\.csv$", name)
    if stated:
        return "," if stated[1] == "de" else "."
    comma, point = (cells.str.fullmatch(rf"-?\d+{sign}\d+").astype("bool") for sign in (",", r"\."))
    if comma.any() and point.any():
        line = int(cells.index[int(point.to_numpy().argmax())])
        what = "decimal comma and decimal point occur in one file; download it again."
        raise where.fault(what, line=line, column="value")
    return "." if point.any() else ","


def _level(codes: pd.Series) -> pd.Series:
    census = codes.str.extract(_CENSUS_CODE, expand=False).map(_CENSUS)
    whole = codes.str.fullmatch(_CENSUS_CODE).astype("bool")
    return codes.map(LEVELS).where(~whole, census)


def _regions(table: pd.DataFrame, count: int, where: Where) -> tuple[pd.Series, pd.Series]:
    level = pd.Series("", index=table.index)
    region = pd.Series("", index=table.index)
    for n in range(1, count + 1):
        found = _level(table[f"{n}_variable_code"])
        here = found.notna() & (level == "")
        level = level.mask(here, found)
        region = region.mask(here, table[f"{n}_variable_attribute_code"])
    if (level == "").any():
        line = int(level.index[int((level == "").to_numpy().argmax())])
        codes = ", ".join(str(table.loc[line, f"{n}_variable_code"]) for n in range(1, count + 1))
        known = ", ".join([*LEVELS, "GEODL1", "GEOBL3", "GEOLK4", "GEOGM4"])
        what = f"none of the dimensions {codes} is a region; known are {known} and their like."
        raise where.fault(what, line=line)
    part = (level == "kreis") & region.str.fullmatch(_KEYS["part"]).astype("bool")
    level = level.mask(part, "part")
    for name, pattern in _KEYS.items():
        wrong = (level == name) & ~region.str.fullmatch(pattern).astype("bool")
        if wrong.any():
            line = int(region.index[int(wrong.to_numpy().argmax())])
            what = f"{region.loc[line]!r} is no key of level '{name}' (pattern {pattern})."
            raise where.fault(what, line=line)
    return level, region


def _years(table: pd.DataFrame, where: Where) -> pd.Series:
    years = pd.Series(0, index=table.index, dtype="int32")
    for code, pattern in _TIMES.items():
        here = table["time_code"] == code
        found = table["time"].where(here).str.extract(f"^{pattern}$", expand=False)
        years = years.mask(found.notna(), pd.to_numeric(found).fillna(0).astype("int32"))
    if (years == 0).any():
        line = int(years.index[int((years == 0).to_numpy().argmax())])
        code, time = str(table.loc[line, "time_code"]), str(table.loc[line, "time"])
        what = f"{time!r} is no time of kind {code!r}; known are STAG (2024-12-31) and JAHR (2024)."
        raise where.fault(what, line=line, column="time")
    return years


def _other_dimensions(table: pd.DataFrame, count: int) -> pd.DataFrame:
    """Attribute codes by variable code; a variable may change within a position."""
    columns: dict[str, pd.Series] = {}
    for n in range(1, count + 1):
        codes, attributes = table[f"{n}_variable_code"], table[f"{n}_variable_attribute_code"]
        regional = _level(codes).notna()
        for code in sorted(set(codes[~regional]) - {""}):
            before = columns.get(code, pd.Series("", index=table.index, dtype="str"))
            columns[code] = before.mask(codes == code, attributes)
    return pd.DataFrame(columns, index=table.index)


def _labels(table: pd.DataFrame, count: int) -> dict[str, str]:
    pairs = [("value_variable_code", "value_variable_label")]
    for n in range(1, count + 1):
        pairs.append((f"{n}_variable_code", f"{n}_variable_label"))
        level = _level(table[f"{n}_variable_code"])
        if level.isna().any():
            pairs.append((f"{n}_variable_attribute_code", f"{n}_variable_attribute_label"))
    labels: dict[str, str] = {}
    for code, label in pairs:
        labels |= dict(table[[code, label]].drop_duplicates().itertuples(index=False, name=None))
    labels.pop("", None)
    return labels
