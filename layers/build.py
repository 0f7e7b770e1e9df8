"""From readers to a dataset folder: collecting, checking, writing, with a report of what was done.

Knows nothing about Kreise. What is read from where stands in a build definition (TOML); how values
are moved onto one set of regions is handed in as a function.
"""

from __future__ import annotations

import errno
import hashlib
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from layers import lenses, whole
from layers.dataset import Dataset
from layers.errors import DatasetError, SourceError
from layers.sources.longtable import Reader, union

if TYPE_CHECKING:
    from layers.catalogue import Catalogue
    from layers.sources.plan import Plan, SeriesPlan

__all__ = ["BuildReport", "Inputs", "collect", "publish", "write_parquet", "write_values"]

_KEYS = ["region", "indicator", "year"]
_VALUES = pa.schema(
    [
        ("region", pa.string()),
        ("indicator", pa.string()),
        ("year", pa.int32()),
        ("value", pa.float64()),
        ("flag", pa.string()),
        ("source", pa.string()),
    ]
)


#: Names in a dataset folder, without suffix; a folder with others is somebody's, not a dataset's.
_PARTS = frozenset(
    {
        "attributes", "boundaries", "catalogue", "dataset", "regions", "sources", "values",
        lenses.FOLDER,
    }
)  # fmt: skip
#: Moves a long table onto the regions of the dataset; returns it and a note per gap that it left.
Move = Callable[[pd.DataFrame, str, str], tuple[pd.DataFrame, list[str]]]


@dataclass(frozen=True)
class Inputs:
    """What `collect` works with.

    Attributes
    ----------
    raw : Path
        Folder of the publishers' files, as the readers know it.
    readers : mapping
        Readers by the name that the plan uses.
    move : callable
        ``move(table, kind, reweight)`` brings a long table onto the regions of the dataset.
    """

    raw: Path
    readers: Mapping[str, Reader]
    move: Move


@dataclass(frozen=True)
class BuildReport:
    """What a build did.

    Attributes
    ----------
    indicators : DataFrame
        Per indicator: rows, regions, first_year, last_year, years, gaps (regions without a value
        in the newest year), reform, calculated, withheld (rows with that flag).
    dropped : tuple of str
        Values left out by a rule, with its reason.
    gaps : tuple of str
        Values lost in the reform step, with the reason.
    target : Path or None
        Folder that was written.
    """

    indicators: pd.DataFrame
    dropped: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    target: Path | None = None

    def __str__(self) -> str:
        """Return a table for the terminal, followed by what was left out."""
        lines = [self.indicators.to_string()]
        lines += [f"left out: {line}" for line in self.dropped]
        lines += [f"gap: {line}" for line in self.gaps]
        return "\n".join(lines)


@dataclass
class _Collected:
    tables: list[pd.DataFrame] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)


def collect(
    plan: Plan, inputs: Inputs, *, catalogue: Catalogue, regions: pd.Index
) -> tuple[pd.DataFrame, BuildReport]:
    """Read, clean, move and calculate all series of `plan`.

    Parameters
    ----------
    inputs : Inputs
        Raw files, readers and the reform step.
    regions : Index
        Keys of all regions.

    Returns
    -------
    (DataFrame, BuildReport)
        The checked values (region, indicator, year, value, flag, source), sorted by indicator,
        region and year.

    Raises
    ------
    SourceError
        If a file does not look as expected, a rule hits nothing, or a value occurs twice.
    DatasetError
        If plan and catalogue disagree about the indicators.
    """
    _same_indicators(plan, catalogue)
    done = _Collected()
    for series in plan.series:
        table = _series(series, inputs, done)
        default = catalogue.indicator_by_id[series.indicator].source
        source = "" if series.source in ("", default) else series.source
        done.tables.append(table.assign(indicator=series.indicator, source=source))
    values = pd.concat(done.tables, ignore_index=True)[_VALUES.names]
    values = values.sort_values(["indicator", "region", "year"], ignore_index=True)
    _check(values, regions)
    summary = _summarise(values, list(catalogue.indicator_by_id), len(regions))
    return values, BuildReport(summary, tuple(done.dropped), tuple(done.gaps))


def publish(
    definitions: Path,
    target: Path,
    tables: Mapping[str, Callable[[Path], None]],
    texts: Mapping[str, Path],
) -> None:
    """Write a dataset folder beside `target`, check it by opening it, and then put it in place.

    Whatever ends that, the old folder stays as it was, or the new one is in its place.

    Parameters
    ----------
    definitions : Path
        Folder with ``dataset.toml``, without its ``[files]``; its lenses come along, if any.
    tables : mapping
        File name -> function that writes the file.
    texts : mapping
        Name in the dataset -> file or folder of TOML files that is copied.

    Raises
    ------
    DatasetError
        If the written folder is no valid dataset, or cannot be written; or if `target` holds
        anything that is no part of a dataset.
    """
    place = whole.real(target)
    try:
        _refuse_others(target)
        place.parent.mkdir(parents=True, exist_ok=True)
        with whole.workplace(place.parent) as work:
            folder = work / "new"
            folder.mkdir()
            for name, path in texts.items():
                _copy(path, folder / name)
            if (definitions / lenses.FOLDER).is_dir():
                _copy(definitions / lenses.FOLDER, folder / lenses.FOLDER)
            for name, write in tables.items():
                write(folder / name)
            _write_head(definitions / "dataset.toml", folder)
            Dataset.open(folder)
            whole.place_folder(folder, place, work)
    except OSError as cause:
        msg = f"{target}: cannot be written ({whole.reason(cause)})."
        code = "disk_full" if cause.errno == errno.ENOSPC else "cannot_write"
        raise DatasetError(msg, code=code) from cause


def write_parquet(frame: pd.DataFrame, path: Path, schema: pa.Schema | None = None) -> None:
    """Write a table without its index; the same rows and library versions give the same bytes."""
    table = pa.Table.from_pandas(frame, schema=schema, preserve_index=False)
    pq.write_table(table, path, compression="zstd", compression_level=19, use_dictionary=True)


def write_values(values: pd.DataFrame, path: Path) -> None:
    """Write ``values.parquet`` of a dataset folder."""
    write_parquet(values, path, _VALUES)


def _same_indicators(plan: Plan, catalogue: Catalogue) -> None:
    planned = {series.indicator for series in plan.series}
    defined = set(catalogue.indicator_by_id)
    if planned != defined:
        missing, unknown = sorted(defined - planned), sorted(planned - defined)
        msg = (
            f"build definition and catalogue disagree: without a series {missing}, "
            f"not in the catalogue {unknown}."
        )
        raise DatasetError(msg)


def _series(series: SeriesPlan, inputs: Inputs, done: _Collected) -> pd.DataFrame:
    def part(reader: str, code: str, table: str, kind: str) -> pd.DataFrame:
        if reader not in inputs.readers:
            known = ", ".join(inputs.readers)
            msg = f"series of '{series.indicator}': no reader '{reader}'; known: {known}."
            raise DatasetError(msg)
        found = _within(inputs.readers[reader](inputs.raw, code, table), series)
        moved, gaps = inputs.move(_without(found, series, done), kind, series.reweight)
        done.gaps.extend(f"{series.indicator} {gap}" for gap in gaps)
        return moved

    if series.code:
        return part(series.reader, series.code, series.table, series.kind)
    above = [part(series.reader, code, series.table, series.kind) for code in series.numerator]
    below = [
        part(
            series.denominator_reader or series.reader,
            code,
            series.denominator_table or series.table,
            series.denominator_kind or series.kind,
        )
        for code in series.denominator
    ]
    return _ratio(_add(above), _add(below), series.factor)


def _within(table: pd.DataFrame, series: SeriesPlan) -> pd.DataFrame:
    chosen = table[table["year"].between(*series.years)] if series.years else table
    if chosen.empty:
        msg = f"series of '{series.indicator}': no value within the years {series.years}."
        raise SourceError(msg)
    return chosen


def _without(table: pd.DataFrame, series: SeriesPlan, done: _Collected) -> pd.DataFrame:
    for rule in series.drop:
        hit = rule.hits(table)
        if not hit.any():
            msg = f"series of '{series.indicator}': the rule '{rule.why}' hits no value any more."
            raise SourceError(msg)
        rows = table[hit]
        keys = ", ".join(sorted(rows["region"].unique())[:8])
        years = f"{rows['year'].min()}-{rows['year'].max()}"
        done.dropped.append(f"{series.indicator} {years}, {hit.sum()} values ({keys}): {rule.why}")
        table = table[~hit]
    return table


def _add(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Add counts; a region and year counts only where every part has it."""
    if len(parts) == 1:
        return parts[0]
    stacked = pd.concat(parts, ignore_index=True)
    sums = stacked.groupby(["region", "year"], as_index=False).agg(
        value=("value", lambda values: values.sum(skipna=False)),
        flag=("flag", union),
        count=("value", "size"),
    )
    return sums[sums["count"] == len(parts)].drop(columns="count")


def _ratio(above: pd.DataFrame, below: pd.DataFrame, factor: float) -> pd.DataFrame:
    both = above.merge(below, on=["region", "year"], suffixes=("", "_below"))
    flags = zip(both["flag"], both["flag_below"], strict=True)
    value = factor * both["value"] / both["value_below"]
    flag = [union([*pair, "calculated"]) for pair in flags]
    return both[["region", "year"]].assign(value=value, flag=flag)


def _check(values: pd.DataFrame, regions: pd.Index) -> None:
    twice = values[values.duplicated(_KEYS)]
    strange = values[~values["region"].isin(regions)]
    empty = values[values["value"].isna() & ~values["flag"].str.contains("withheld")]
    endless = values[values["value"].abs() == float("inf")]
    faults = {
        "occurs twice": twice,
        "has a key that no region has": strange,
        "is empty without being withheld": empty,
        "is infinite (a denominator of zero)": endless,
    }
    for fault, rows in faults.items():
        if len(rows):
            first = rows.iloc[0]
            where = f"{first['indicator']}, region {first['region']}, {first['year']}"
            msg = f"{where}: the value {fault} ({len(rows)} such rows)."
            raise SourceError(msg)


def _summarise(values: pd.DataFrame, order: list[str], regions: int) -> pd.DataFrame:
    known = values[values["value"].notna()]
    by_indicator = known.groupby("indicator")
    summary = by_indicator.agg(
        rows=("value", "size"), regions=("region", "nunique"),
        first_year=("year", "min"), last_year=("year", "max"), years=("year", "nunique"),
    )  # fmt: skip
    newest = known[known["year"] == by_indicator["year"].transform("max")]
    summary["gaps"] = regions - newest.groupby("indicator").size()
    for word in ("reform", "calculated", "withheld"):
        flagged = values["flag"].str.contains(word)
        summary[word] = flagged.groupby(values["indicator"]).sum()
    return summary.loc[order]


def _refuse_others(target: Path) -> None:
    """Refuse a place whose content would be lost."""
    if target.exists() and not target.is_dir():
        raise DatasetError(f"{target}: is a file; name a folder.")
    others = sorted(one.name for one in target.glob("*") if one.stem not in _PARTS)
    if others:
        msg = f"{target}: holds '{others[0]}', which is no part of a dataset; name a new folder."
        raise DatasetError(msg)


def _copy(path: Path, place: Path) -> None:
    if path.is_dir():
        place.mkdir()
        for file in sorted(path.glob("*.toml")):
            shutil.copyfile(file, place / file.name)
    elif path.is_file():
        shutil.copyfile(path, place)
    else:
        msg = f"{path}: this definition is missing."
        raise DatasetError(msg)


def _write_head(definition: Path, folder: Path) -> None:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    lines = [
        f'"{path.relative_to(folder).as_posix()}" = '
        f'"{hashlib.sha256(path.read_bytes()).hexdigest()}"'
        for path in files
    ]
    head = definition.read_text(encoding="utf-8").rstrip()
    text = "\n".join([head, "", "[files]", *lines, ""])
    (folder / "dataset.toml").write_text(text, encoding="utf-8", newline="\n")
