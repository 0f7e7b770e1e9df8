"""Kinds of place: size class x trend of the economy x trend of the population.

Small towns are no single category: one that shrinks and one that grows have little in common. So
beside the official types, which are some years old, stands a computed one, with bounds that are
stated and can be moved.

Trend of a series x between its first year a and its last year b inside the chosen period, in
percent per year: the geometric mean of the yearly changes,

    g = 100 ((x(b) / x(a))^(1 / (b - a)) - 1)

It needs two values, so that anybody can work it out, and gaps in between do no harm; that it hangs
on the choice of these two years is what `layers.kinds_doubt` shows. Instead ("line"), with s the
least-squares slope of log x over all years, g = 100 (exp(s) - 1). A series that is a share itself
(unit "%") changes in percentage points per year: (x(b) - x(a)) / (b - a), or the slope of x. Where
less is better (unemployment), the sign is turned, so that growing always means for the better.

Nominal money grows everywhere. With the yardstick "national" a region's g is held against that of
all regions together (a sum for GDP, else a mean weighted by people), which takes out prices and
the business cycle: shrinking then means falling behind. The population is compared with itself.

Growing is g >= the upper bound, shrinking g <= the lower one, stable what lies between. A region
without both ends of a series has no trend, and without one of the three parts no kind.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from layers import population
from layers.catalogue import Text
from layers.dataset import Attribute
from layers.errors import RecipeError
from layers.texts import texts

if TYPE_CHECKING:
    from layers.dataset import Dataset
    from layers.recipe import Kinds

__all__ = [
    "COLUMNS", "ECONOMIES", "GDP", "PARTS", "PLACE", "SIZES", "TRENDS", "Series", "Trend",
    "attributes", "columns", "combined", "counts", "kinds", "missing", "name_of_series", "trends",
]  # fmt: skip

_TEXTS = Path(__file__).with_suffix(".toml")
SIZES = ("small", "medium", "large")
TRENDS = ("shrinking", "stable", "growing")
#: Parts of a kind, and the columns that hold them.
PARTS = ("kind_size", "kind_economy", "kind_population")
#: All three in one word; ``kind`` alone is the legal kind of a Kreis.
PLACE = "kind_of_place"
COLUMNS = (*PARTS, PLACE)
GDP = "gdp"
_PER_HEAD = "gdp_per_head"
#: Series that add up over regions, or are told by one that does.
_TOTALS = (GDP, population.DENSITY)
#: Series of the economy that are worth a look if the dataset has them, each with bounds that leave
#: about half of the Kreise in the middle (2011 to 2021).
ECONOMIES: dict[str, tuple[float, float]] = {
    GDP: (-0.5, 0.5), _PER_HEAD: (-0.5, 0.5), "disposable_income": (-0.3, 0.3),
    "municipal_tax_power": (-0.75, 0.75), "unemployment_rate": (-0.1, 0.1),
}  # fmt: skip


@dataclass(frozen=True)
class Trend:
    """How one series changed in every region.

    Attributes
    ----------
    change : Series
        What is classed, per year: percent, or percentage points if `points` or held against the
        whole; NaN for a gap.
    own : Series
        The same before the yardstick.
    whole : float
        Change of all regions together, as `own`.
    years : tuple of int
        Years that were used: first and last of the period, or all inside it for a line.
    points : bool
        Whether the series is a share itself and changes in percentage points.
    """

    change: pd.Series
    own: pd.Series
    whole: float
    years: tuple[int, ...]
    points: bool


@dataclass(frozen=True)
class Series:
    """The series of one dataset, read once for many choices."""

    dataset: Dataset

    @cached_property
    def people(self) -> pd.DataFrame:
        """Persons, regions x years."""
        return population.people_by_year(self.dataset)

    @cached_property
    def _read(self) -> dict[str, pd.DataFrame]:
        return {}

    @cached_property
    def known(self) -> dict[tuple[object, ...], tuple[Trend, Trend]]:
        """Trends that were told already, by what they depend on."""
        return {}

    def of(self, name: str) -> pd.DataFrame:
        """Values of an economic series, regions x years."""
        if name not in self._read:
            found = population.series(self.dataset, _PER_HEAD if name == GDP else name)
            if name == GDP:
                both = found.columns.intersection(self.people.columns)
                found = found[both] * self.people[both]
            self._read[name] = found
        return self._read[name]

    def whole(self, name: str, values: pd.DataFrame) -> pd.DataFrame:
        """All regions together, of those that have every year of `values` (and people); one row."""
        complete = values.dropna()
        if name == population.DENSITY:
            # Densities do not add up, but the people do who live on land that stays the same.
            complete = self.people.loc[complete.index, complete.columns]
        if name in _TOTALS:
            return complete.sum().to_frame().T
        known = np.array(_years(self.people))
        nearest = [int(known[np.abs(known - year).argmin()]) for year in _years(values)]
        weights = self.people[nearest].set_axis(values.columns, axis=1)
        weights = weights.reindex(complete.index).dropna()
        return ((complete * weights).sum() / weights.sum()).to_frame().T


def missing(dataset: Dataset, choices: Kinds) -> tuple[str, ...]:
    """Return the indicators that the kinds would need and the dataset lacks."""
    economy = _PER_HEAD if choices.economy == GDP else choices.economy
    known = dataset.plain.catalogue.indicator_by_id
    return tuple(key for key in (population.DENSITY, economy) if key not in known)


def trends(dataset: Dataset, choices: Kinds, *, read: Series | None = None) -> tuple[Trend, Trend]:
    """Return the trends of the economy and of the population.

    Raises
    ------
    RecipeError
        If a series is unknown or has no two years inside the period; names its years.
    """
    read = read or Series(dataset)
    key = (choices.economy, choices.first, choices.last, choices.yardstick, choices.trend)
    if key not in read.known:
        read.known[key] = _trends(dataset, choices, read)
    return read.known[key]


def kinds(dataset: Dataset, choices: Kinds, *, read: Series | None = None) -> pd.DataFrame:
    """Sort every region into a kind of place.

    Returns
    -------
    DataFrame
        Indexed by region: population (persons, by which the size is told), kind_size,
        economy_change and economy_own (per year, see `Trend`), economy_from, economy_to (years),
        kind_economy, population_change (percent per year), population_from, population_to,
        kind_population, kind_of_place (all three words, joined by ``_``). Words are those of
        `SIZES` and `TRENDS`; a missing one is None.

    Raises
    ------
    RecipeError
        As `trends`.
    """
    read = read or Series(dataset)
    economy, people = trends(dataset, choices, read=read)
    table = pd.DataFrame(
        {
            "population": _size(dataset, read),
            "economy_change": economy.change, "economy_own": economy.own,
            "economy_from": economy.years[0], "economy_to": economy.years[-1],
            "population_change": people.change,
            "population_from": people.years[0], "population_to": people.years[-1],
        },
        index=dataset.regions.index,
    )  # fmt: skip
    table["kind_size"] = _classed(table["population"], choices.size, SIZES, low_closed=False)
    table["kind_economy"] = _classed(table["economy_change"], choices.economy_bounds, TRENDS)
    table["kind_population"] = _classed(
        table["population_change"], choices.population_bounds, TRENDS
    )
    table[PLACE] = combined(*(table[part] for part in PARTS))
    return table


def combined(size: pd.Series, economy: pd.Series, people: pd.Series) -> pd.Series:
    """Join the three parts of a kind; missing where one of them is."""
    known = size.notna() & economy.notna() & people.notna()
    return (size + "_" + economy + "_" + people).where(known, None)


def counts(table: pd.DataFrame) -> pd.DataFrame:
    """Count the regions of every kind.

    Returns
    -------
    DataFrame
        kind_economy, kind_population, kind_size ("" for missing), regions; one row for each
        combination of words, and for those with a missing part that occur. The counts add up to
        all regions.
    """
    words = [TRENDS, TRENDS, SIZES]
    order = ["kind_economy", "kind_population", "kind_size"]
    found = table[order].fillna("").groupby(order).size()
    every = pd.MultiIndex.from_product(words)
    rest = found.index.difference(every)
    return found.reindex([*every, *rest], fill_value=0).rename("regions").reset_index()


def columns(dataset: Dataset, choices: Kinds) -> pd.DataFrame:
    """Return the columns that filters use, or none if the dataset lacks a series.

    A dataset that was made for other years has none under the default choices either; whoever
    chooses is told.

    Raises
    ------
    RecipeError
        If the choices are somebody's own and cannot be met.
    """
    usual = choices == type(choices)()
    if usual and missing(dataset, choices):
        return dataset.regions[[]]
    try:
        return kinds(dataset, choices)[list(COLUMNS)]
    except RecipeError:
        if usual:
            return dataset.regions[[]]
        raise


def attributes(dataset: Dataset, choices: Kinds) -> dict[str, Attribute]:
    """Words for the columns: what they are called, what each value means under the choices."""
    said = {"series": name_of_series(dataset, choices.economy)} | {
        f"{part}_{end}": _number(value)
        for part in ("economy_bounds", "population_bounds", "size")
        for end, value in zip(("low", "high"), getattr(choices, part), strict=True)
    }
    said |= {"first": _year(choices.first), "last": _year(choices.last)}
    economy = {one: _words(f"economy_{choices.yardstick}_{one}", said) for one in TRENDS}
    people = {one: _words(f"population_{one}", said) for one in TRENDS}
    sizes = {one: _words(f"size_{one}", said) for one in SIZES}
    every = {
        f"{size}_{here}_{there}": _words(
            "kind_value",
            {
                "size": _words(f"short_{size}", {}),
                "economy": _words(f"short_{choices.yardstick}_{here}", {}),
                "people": _words(f"short_none_{there}", {}),
            },
        )
        for size in SIZES for here in TRENDS for there in TRENDS
    }  # fmt: skip
    values = {"kind_size": sizes, "kind_economy": economy, "kind_population": people, PLACE: every}
    return {
        column: Attribute(
            name=_words(column, {}), note=_words(f"{column}_note", said), values=values[column]
        )
        for column in COLUMNS
    }


def name_of_series(dataset: Dataset, name: str) -> Text:
    """Name of an economic series."""
    if name == GDP:
        return texts(_TEXTS)[GDP]
    return dataset.plain.catalogue.indicator_by_id[name].name


def _check(dataset: Dataset, choices: Kinds) -> None:
    lacking = missing(dataset, choices)
    if choices.economy in lacking:
        known = ", ".join((GDP, *dataset.plain.catalogue.indicator_by_id))
        msg = f"recipe: kinds.economy: there is no series '{choices.economy}'; known: {known}."
        raise RecipeError(msg, code="kinds_series")
    if lacking:
        msg = (
            f"recipe: kinds: {dataset.reference} lacks {' and '.join(lacking)}; without them no "
            "kinds can be told."
        )
        raise RecipeError(msg, code="kinds_series")


def _trends(dataset: Dataset, choices: Kinds, read: Series) -> tuple[Trend, Trend]:
    _check(dataset, choices)
    economy = _within(read.of(choices.economy), choices, choices.economy)
    people = _within(read.people, choices, population.DENSITY)
    one = dataset.plain.catalogue.indicator_by_id.get(choices.economy)
    points = one is not None and one.unit.en == "%"
    sign = -1 if one is not None and one.direction == "-" else 1
    return (
        _trend(
            economy, read.whole(choices.economy, economy), choices.trend, points=points, sign=sign,
            held=choices.yardstick == "national",
        ),
        _trend(
            people, read.whole(population.DENSITY, people), choices.trend, points=False, sign=1,
            held=False,
        ),
    )  # fmt: skip


def _within(values: pd.DataFrame, choices: Kinds, name: str) -> pd.DataFrame:
    known = [year for year in _years(values) if values[year].notna().any()]
    inside = [year for year in known if choices.first <= year <= choices.last]
    if len(inside) < 2:  # noqa: PLR2004 -- a trend needs two years
        listed = ", ".join(map(str, known)) or "none"
        msg = (
            f"recipe: kinds: '{name}' needs two years with values between {choices.first} and "
            f"{choices.last}; it has {listed}."
        )
        raise RecipeError(msg, code="kinds_period")
    return values[inside if choices.trend == "line" else [inside[0], inside[-1]]]


def _trend(
    values: pd.DataFrame, whole: pd.DataFrame, how: Literal["ends", "line"], *,
    points: bool, sign: int, held: bool,
) -> Trend:  # fmt: skip
    own = sign * _change(values, how, points=points)
    together = sign * float(_change(whole, how, points=points).iloc[0])
    change = own - together if held else own
    return Trend(change, own, together, tuple(_years(values)), points)


def _change(values: pd.DataFrame, how: Literal["ends", "line"], *, points: bool) -> pd.Series:
    """Change per year: percent, or in the unit of the values if `points`."""
    held = values if points else values.where(values > 0).map(np.log)
    years = _years(values)
    first, last = held[years[0]], held[years[-1]]
    if how == "ends":
        slope = (last - first) / (years[-1] - years[0])
    else:
        slope = _slope(held).where(first.notna() & last.notna())
    return slope if points else slope.map(np.expm1) * 100


def _slope(values: pd.DataFrame) -> pd.Series:
    """Least-squares slope of each row over the years that it has."""
    years = pd.DataFrame(
        np.broadcast_to(np.array(_years(values), dtype=float), values.shape),
        index=values.index, columns=values.columns,
    ).where(values.notna())  # fmt: skip
    off = years.sub(years.mean(axis=1), axis=0)
    return (off * values).sum(axis=1) / (off**2).sum(axis=1)


def _years(values: pd.DataFrame) -> list[int]:
    return [int(str(year)) for year in values.columns]


def _size(dataset: Dataset, read: Series) -> pd.Series:
    """Persons by which the size is told: the official count, else those of the newest year."""
    if "population" in dataset.regions:
        return pd.to_numeric(dataset.regions["population"], errors="coerce").astype("float64")
    return read.people.iloc[:, -1]


def _classed(
    values: pd.Series, bounds: tuple[float, float], words: tuple[str, str, str], *,
    low_closed: bool = True,
) -> pd.Series:  # fmt: skip
    """Word of each value: the first up to the lower bound, the last from the upper one on."""
    below = values <= bounds[0] if low_closed else values < bounds[0]
    chosen = np.select([below, values >= bounds[1]], [words[0], words[2]], words[1])
    return pd.Series(chosen, index=values.index, dtype="object").where(values.notna(), None)


def _words(key: str, said: dict[str, Text]) -> Text:
    text = texts(_TEXTS)[key]
    return Text(
        de=text.de.format(**{name: one.de for name, one in said.items()}),
        en=text.en.format(**{name: one.en for name, one in said.items()}),
    )


def _year(year: int) -> Text:
    return Text(de=str(year), en=str(year))


def _number(value: float) -> Text:
    """Return a number as people write it, without needless digits."""
    plain = f"{value:,.4f}".rstrip("0").rstrip(".").replace("-", "−")
    return Text(de=plain.translate(str.maketrans(",.", ".,")), en=plain)
