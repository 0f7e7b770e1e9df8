r"""Checks of a dataset: what must be true, what is unlikely, and what stands behind each indicator.

Nothing here mends a value. An error means that the dataset must not be used; a warning, that a
person should look.

* *Keys*: known regions and indicators, whole years, no value twice (a pandera schema).
* *Coverage*: the newest year against all regions, and against the version before.
* *Range*: a share in per cent outside 0 to 100 where nearly all lie inside.
* *Unit*: the median of one year against that of the year before. A factor of 5 or more is hardly
  ever real; a factor of 10, 100 or 1,000 is most often a change of unit.
* *Jumps*: the change of each region since the year before, as robust z-score

  .. math:: z_i = \frac{d_i - \operatorname{med}(d)}{1.4826 \operatorname{MAD}(d)}, \qquad
            d_i = x_{i,t} - x_{i,t-1}

  (Iglewicz & Hoaglin 1993, How to Detect and Handle Outliers, ASQC).
* *National value*: the mean over the regions, weighted by population, against the figure that the
  publisher gives for the whole country. The weights are not those of every denominator, so that a
  small difference is no fault.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from layers.errors import DatasetError
from layers.paths import data_folder
from layers.tables import FLAGS
from layers.toml import read_toml, validate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from layers.dataset import Dataset

__all__ = ["Finding", "Quality", "examine", "examine_table", "per_indicator"]

#: Share of regions that the newest year should have; and below which it must not be the newest.
FULL, EMPTY = 0.95, 0.5
#: Factor between the medians of two years that is hardly ever real.
FACTOR = 5.0
#: Robust z-score of a change from which on a person should look.
JUMP = 10.0
#: How near the logarithm of a factor must be to that of a power of ten (some 30 %).
_NEAR_POWER = 0.12
#: Share of values inside 0 to 100 from which on the others are odd.
_NEARLY_ALL = 0.95
#: Of a normal distribution: standard deviation by median absolute deviation, by mean absolute one.
_BY_MEDIAN, _BY_MEAN = 1.4826, 1.2533
#: So many regions are listed with a finding.
_LISTED = 8

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Finding:
    """Something that a check noticed.

    Attributes
    ----------
    code : str
        Name of the situation, for the words of a page.
    year : int
        0 where no year is meant.
    regions : tuple of str
        Keys, the strongest case first; not all where there are many.
    numbers : dict
        What the words need: ``count``, ``share`` (of one), ``factor``, ``value``, ``expected``.
    """

    severity: Severity
    code: str
    indicator: str
    year: int = 0
    regions: tuple[str, ...] = ()
    numbers: dict[str, float] = field(default_factory=dict)
    detail: str = ""


@dataclass(frozen=True)
class Quality:
    """The report on a dataset.

    Attributes
    ----------
    indicators : DataFrame
        See `per_indicator`; and ``findings``, the number of findings.
    findings : tuple of Finding
        Errors first, then in the order of the catalogue.
    """

    indicators: pd.DataFrame
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Findings that forbid the use of the dataset."""
        return tuple(one for one in self.findings if one.severity == "error")


class _National(BaseModel):
    """A figure for the whole country, as published."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    indicator: str
    year: int
    value: float
    weight: str = "population"
    tolerance: float = Field(default=0.02, gt=0, lt=1)
    published: str = Field(min_length=1)


def examine(
    dataset: Dataset, *, before: Dataset | None = None, national: Path | None = None
) -> Quality:
    """Run all checks on an open dataset.

    Parameters
    ----------
    before : Dataset, optional
        The version that this one would replace: what it had must still be there.
    national : Path, optional
        Published national figures (TOML); by default ``national.toml`` of the dataset folder or,
        if there is none, of the definitions that the dataset was built from.

    Raises
    ------
    DatasetError
        If the file of national figures is broken.
    """
    order = {key: place for place, key in enumerate(dataset.catalogue.indicator_by_id)}
    found = [
        *examine_table(dataset.values, dataset),
        *_coverage(dataset),
        *(_lost(dataset, before) if before else ()),
        *_ranges(dataset),
        *_units(dataset),
        *_jumps(dataset),
        *_national(dataset, national or _national_file(dataset)),
    ]
    found.sort(key=lambda one: (one.severity, order.get(one.indicator, -1), one.year))
    table = per_indicator(dataset)
    counts = pd.Series([one.indicator for one in found], dtype="str").value_counts()
    table["findings"] = counts.reindex(table.index).fillna(0).astype("int64")
    return Quality(table, tuple(found))


def per_indicator(dataset: Dataset) -> pd.DataFrame:
    """List what stands behind the newest value of each indicator.

    Returns
    -------
    DataFrame
        Indexed by indicator: layer, year (0 without values), regions (with a value), coverage
        (share of all, 0 to 1), source (key), licence, licence_status, and one column per flag word
        with the number of regions.
    """
    newest, catalogue = dataset.select(), dataset.catalogue
    rows = dict[str, dict[str, Any]]()
    for key in catalogue.indicator_by_id:
        year = int(newest.years[key])
        source = dataset.source_of(key, year)
        there = int(newest.values[key].notna().sum())
        flags = newest.flags[key]
        rows[key] = {
            "layer": catalogue.layer_of[key], "year": year, "regions": there,
            "coverage": there / len(dataset.regions),
            "source": next(name for name, one in dataset.sources.items() if one is source),
            "licence": source.licence, "licence_status": source.licence_status,
            **{word: int(flags.str.contains(word, regex=False).sum()) for word in sorted(FLAGS)},
        }  # fmt: skip
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("indicator")


def examine_table(values: pd.DataFrame, dataset: Dataset) -> Iterator[Finding]:
    """Check the long table against a schema: types, keys, flags, duplicates."""
    import pandera.errors
    import pandera.pandas as pa

    known = list(dataset.catalogue.indicator_by_id)
    schema = pa.DataFrameSchema(
        {
            "region": pa.Column(str, pa.Check.isin(list(dataset.regions.index))),
            "indicator": pa.Column(str, pa.Check.isin(known)),
            "year": pa.Column(int, pa.Check.in_range(1800, 2200)),
            "value": pa.Column(float, pa.Check(np.isfinite, ignore_na=True), nullable=True),
            "flag": pa.Column(str, pa.Check(_are_flags)),
        },
        unique=["region", "indicator", "year"],
    )
    plain = values.astype({"region": "str", "indicator": "str", "year": "int64", "flag": "str"})
    try:
        schema.validate(plain, lazy=True)
    except pandera.errors.SchemaErrors as cause:
        for (column, check), cases in cause.failure_cases.groupby(["column", "check"]):
            first = str(cases["failure_case"].iloc[0])
            detail = f"{column}: {check} ({first})"
            yield Finding("error", "schema", "", numbers={"count": len(cases)}, detail=detail)


def _are_flags(flags: pd.Series) -> pd.Series:
    allowed = {flag: set(flag.split()) <= FLAGS for flag in flags.unique()}
    return flags.map(allowed).astype("bool")


def _coverage(dataset: Dataset) -> Iterator[Finding]:
    """Find indicators without values, and newest years that are thinner than the years before."""
    shares = _shares(dataset)
    for key in dataset.catalogue.indicator_by_id:
        if key not in shares.index:
            yield Finding("warning", "no_values", key)
            continue
        row = shares.loc[[key]].dropna(axis="columns")
        years, there = row.columns.to_numpy(), row.to_numpy()[0]
        newest, share = int(years[-1]), float(there[-1])
        if share < EMPTY and there.max() >= FULL:
            fuller = int(years[there >= FULL][-1])
            yield Finding(
                "error", "empty_year", key, newest, numbers={"share": share, "fuller": fuller}
            )
        elif share < FULL:
            yield Finding("warning", "thin_year", key, newest, numbers={"share": share})


def _lost(dataset: Dataset, before: Dataset) -> Iterator[Finding]:
    """Find what the version before had and this one lacks."""
    older, newer = (one.select() for one in (before, dataset))
    for key in before.catalogue.indicator_by_id:
        if key not in newer.values:
            yield Finding("error", "indicator_lost", key)
            continue
        had, has = int(older.years[key]), int(newer.years[key])
        if has < had:
            yield Finding("error", "year_lost", key, has, numbers={"before": had})
        there = newer.values[key].reindex(older.values.index)
        lost = older.values[key].notna() & there.isna()
        if lost.mean() > 1 - FULL:
            yield Finding(
                "error", "values_lost", key, has, _few(lost.index[lost]), {"count": lost.sum()}
            )


def _ranges(dataset: Dataset) -> Iterator[Finding]:
    known = dataset.values[dataset.values["value"].notna()]
    for key, one in dataset.catalogue.indicator_by_id.items():
        rows = known[known["indicator"] == key]
        if one.unit.en.strip() != "%" or rows.empty:
            continue
        odd = ~rows["value"].between(0, 100)
        if not odd.any() or (~odd).mean() < _NEARLY_ALL:
            continue
        worst = rows[odd].sort_values("value", key=lambda value: -(value - 50).abs())
        yield Finding(
            "warning", "out_of_range", key, int(worst["year"].iloc[0]), _few(worst["region"]),
            {"count": int(odd.sum()), "value": float(worst["value"].iloc[0])},
        )  # fmt: skip


def _units(dataset: Dataset) -> Iterator[Finding]:
    known = dataset.values[dataset.values["value"].notna()]
    for key, rows in known.groupby("indicator", observed=True):
        medians = rows.groupby("year")["value"].median()
        newest = int(medians.index.max())
        factor = (medians / medians.shift()).to_numpy()
        odd = (factor >= FACTOR) | ((factor <= 1 / FACTOR) & (factor > 0))
        for year, size in zip(medians.index[odd], factor[odd], strict=True):
            unlikely = int(year) == newest and _is_power_of_ten(float(size))
            yield Finding(
                "error" if unlikely else "warning", "unit_change", str(key), int(year),
                numbers={"factor": float(size)},
            )  # fmt: skip


def _is_power_of_ten(factor: float) -> bool:
    """Tell whether a factor is about 10, 100, 1,000 or one of their inverses."""
    power = np.log10(factor)
    return bool(round(power) != 0 and abs(power - round(power)) < _NEAR_POWER)


def _jumps(dataset: Dataset) -> Iterator[Finding]:
    known = dataset.values[dataset.values["value"].notna()]
    for key, rows in known.groupby("indicator", observed=True):
        years = sorted(rows["year"].unique())[-2:]
        if len(years) < 2:  # noqa: PLR2004 -- a change needs two years
            continue
        last, newest = (rows[rows["year"] == one].set_index("region")["value"] for one in years)
        scores = _robust_z((newest - last).dropna())
        odd = scores[scores.abs() >= JUMP].sort_values(key=np.abs, ascending=False)
        if len(odd):
            numbers = {"count": len(odd), "before": int(years[0]), "z": float(odd.iloc[0])}
            yield Finding("warning", "jump", str(key), int(years[1]), _few(odd.index), numbers)


def _robust_z(change: pd.Series) -> pd.Series:
    """Score changes; where more than half are equal, the mean deviation stands in."""
    off = change - change.median()
    spread = _BY_MEDIAN * off.abs().median() or _BY_MEAN * off.abs().mean()
    return off / spread if spread > 0 else off * 0.0


def _national_file(dataset: Dataset) -> Path:
    own = dataset.path / "national.toml"
    return own if own.is_file() else data_folder() / "definitions" / dataset.id / "national.toml"


def _national(dataset: Dataset, path: Path) -> Iterator[Finding]:
    if not path.is_file():
        return
    for content in read_toml(path, DatasetError).get("value", []):
        one = validate(_National, content, where=str(path), error=DatasetError)
        rows = dataset.values[
            (dataset.values["indicator"] == one.indicator) & (dataset.values["year"] == one.year)
        ]
        there = rows.dropna(subset="value").set_index("region")["value"]
        if one.weight not in dataset.regions or len(there) < FULL * len(dataset.regions):
            continue
        weights = dataset.regions[one.weight].reindex(there.index)
        mean = float(np.average(there, weights=weights))
        if abs(mean - one.value) > one.tolerance * abs(one.value):
            numbers = {"value": mean, "expected": one.value, "share": mean / one.value - 1}
            yield Finding(
                "warning", "national", one.indicator, one.year, numbers=numbers,
                detail=one.published,
            )  # fmt: skip


def _shares(dataset: Dataset) -> pd.DataFrame:
    """Share of regions with a value, indicators x years; NaN where there is none."""
    known = dataset.values[dataset.values["value"].notna()]
    plain = known.astype({"indicator": "str"})
    counts = plain.pivot_table(index="indicator", columns="year", values="value", aggfunc="size")
    return counts.sort_index(axis="columns") / len(dataset.regions)


def _few(keys: Any) -> tuple[str, ...]:
    return tuple(map(str, list(dict.fromkeys(keys))[:_LISTED]))
