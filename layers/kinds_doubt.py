"""How much the kinds of place hang on the choices behind them.

Everything that could reasonably have been chosen otherwise is changed, one thing at a time: every
bound by a step either way, the period by a year or two at either end, the way a trend is told, and
the series that stands for the economy. A region is sure of its kind if it keeps it throughout.

Bounds of one series say nothing about another (a point of unemployment is not a percent of GDP).
So another series gets the bounds that make as many regions shrink and grow as the chosen one does
(up to ties): what is asked is then whether it would be the same ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

import pandas as pd

from layers.errors import RecipeError
from layers.kinds import ECONOMIES, PARTS, Series, kinds, trends

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np

    from layers.dataset import Dataset
    from layers.recipe import Kinds

__all__ = ["BREAK", "SIZE_STEP", "STEP", "Sensitivity", "Variant", "sensitivity", "variants"]

#: How far a bound of a trend is moved, per year, in its own unit.
STEP = 0.1
#: How far a bound of the size is moved, as a share of it.
SIZE_STEP = 0.1
#: First year after the break in the population series: the census of 2011.
BREAK = 2011
_YEARS = (-2, -1, 1, 2)

Group = Literal["size", "bounds", "period", "trend", "series"]


class Variant(NamedTuple):
    """One thing chosen otherwise.

    Attributes
    ----------
    group : str
        What kind of choice it is.
    field : str
        Which choice: ``size_low``, ``economy_high``, ``first``, ``trend``, ``economy`` and so on.
    value : str
        What it is here; numbers with a point.
    """

    group: Group
    field: str
    value: str
    choices: Kinds


@dataclass(frozen=True)
class Sensitivity:
    """What changes if one thing is chosen otherwise.

    Attributes
    ----------
    variants : DataFrame
        One row per variant: group, field, value; size, economy, population, any: how many regions
        change that part of their kind.
    regions : DataFrame
        Indexed by region: ``kind_of_place``, ``kept`` (share of variants under which all three
        parts stay), ``sure`` (all of them), ``sure_but_series`` (all but those with another
        series), ``sure_size``, ``sure_economy``, ``sure_population``,
        ``economy_margin`` and ``population_margin`` (distance to the next bound, in its unit),
        ``size_margin`` (persons to the next bound), ``shaken`` (groups of choices that change it,
        joined by a blank). Regions without a kind are neither sure nor unsure: NaN.
    changed : DataFrame of bool
        Regions x variants (numbered as the rows of `variants`): whether the kind changes.
    """

    variants: pd.DataFrame
    regions: pd.DataFrame
    changed: pd.DataFrame


def sensitivity(
    dataset: Dataset, choices: Kinds, *, step: float = STEP, size_step: float = SIZE_STEP
) -> Sensitivity:
    """Change every choice by itself and see who changes kind.

    Parameters
    ----------
    step : float
        By which bounds of trends are moved, per year.
    size_step : float
        By which bounds of the size are moved, as a share of the bound.

    Raises
    ------
    RecipeError
        If the choices themselves cannot be met; see `layers.kinds.trends`.
    """
    read = Series(dataset)
    base = kinds(dataset, choices, read=read)
    found = variants(dataset, choices, step=step, size_step=size_step, read=read)
    changes = [_different(base, kinds(dataset, one.choices, read=read)) for one in found]
    table = pd.DataFrame(
        {
            "group": [one.group for one in found], "field": [one.field for one in found],
            "value": [one.value for one in found],
        }
    )  # fmt: skip
    for part in PARTS:
        table[part.removeprefix("kind_")] = [int(one[part].sum()) for one in changes]
    table["any"] = [int(one.any(axis=1).sum()) for one in changes]
    changed = pd.concat([one.any(axis=1) for one in changes], axis=1, ignore_index=True)
    by_region = _by_region(base, choices, changes, changed, table["group"])
    return Sensitivity(table, by_region, changed)


def variants(
    dataset: Dataset, choices: Kinds, *, step: float = STEP, size_step: float = SIZE_STEP,
    read: Series | None = None,
) -> list[Variant]:  # fmt: skip
    """Return every choice made otherwise, as far as it makes sense and the data reach."""
    read = read or Series(dataset)
    found = [*_sizes(choices, size_step), *_bounds(choices, step)]
    found += _periods(dataset, choices, read)
    other = "line" if choices.trend == "ends" else "ends"
    found.append(Variant("trend", "trend", other, _with(choices, trend=other)))
    return found + list(_other_series(dataset, choices, read))


def _sizes(choices: Kinds, share: float) -> Iterator[Variant]:
    for place, end in enumerate(("low", "high")):
        for factor in (1 - share, 1 + share):
            bounds = list(choices.size)
            bounds[place] *= factor
            if bounds[0] < bounds[1]:
                changed = _with(choices, size=tuple(bounds))
                yield Variant("size", f"size_{end}", f"{bounds[place]:.10g}", changed)


def _bounds(choices: Kinds, step: float) -> Iterator[Variant]:
    for part in ("economy", "population"):
        usual: tuple[float, float] = getattr(choices, f"{part}_bounds")
        for place, end in enumerate(("low", "high")):
            for move in (-step, step):
                bounds = list(usual)
                bounds[place] = round(bounds[place] + move, 6)
                if bounds[0] < bounds[1]:
                    changed = _with(choices, **{f"{part}_bounds": tuple(bounds)})
                    yield Variant("bounds", f"{part}_{end}", f"{bounds[place]:.10g}", changed)


def _periods(dataset: Dataset, choices: Kinds, read: Series) -> Iterator[Variant]:
    """Years at either end, as far as the series reach.

    Never across the break of the population, unless that is where the period lies anyway.
    """
    done = {_used(dataset, choices, read)}
    for field in ("first", "last"):
        for move in _YEARS:
            year = getattr(choices, field) + move
            changed = _with(choices, **{field: year})
            if _is_broken(changed) and not _is_broken(choices):
                continue
            if _possible(dataset, changed, read):
                used = _used(dataset, changed, read)
                if used not in done:
                    done.add(used)
                    yield Variant("period", field, str(year), changed)


def _is_broken(choices: Kinds) -> bool:
    """Whether the period goes across the break of the population."""
    return choices.first < BREAK <= choices.last


def _other_series(dataset: Dataset, choices: Kinds, read: Series) -> Iterator[Variant]:
    usual, _ = trends(dataset, choices, read=read)
    low, high = choices.economy_bounds
    shrinking, growing = int((usual.change <= low).sum()), int((usual.change >= high).sum())
    for name in ECONOMIES:
        other = _with(choices, economy=name)
        if name == choices.economy or not _possible(dataset, other, read):
            continue
        change = trends(dataset, other, read=read)[0].change.dropna().sort_values().to_numpy()
        bounds = _matching(change, shrinking, growing)
        if bounds is not None:
            yield Variant("series", "economy", name, _with(other, economy_bounds=bounds))


def _matching(change: np.ndarray, shrinking: int, growing: int) -> tuple[float, float] | None:
    """Bounds under which so many shrink and so many grow; None if ties or gaps leave none."""
    if not len(change) or shrinking + growing > len(change):
        return None
    low = change[shrinking - 1] if shrinking else change[0] - 1
    high = change[len(change) - growing] if growing else change[-1] + 1
    return (float(low), float(high)) if low < high else None


def _possible(dataset: Dataset, choices: Kinds, read: Series) -> bool:
    try:
        trends(dataset, choices, read=read)
    except RecipeError:
        return False
    return True


def _with(choices: Kinds, **changes: object) -> Kinds:
    return choices.model_copy(update=changes)


def _used(dataset: Dataset, choices: Kinds, read: Series) -> tuple[tuple[int, ...], ...]:
    return tuple(one.years for one in trends(dataset, choices, read=read))


def _different(base: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """Which parts change; a kind that is lost or found is a change, too."""
    return pd.DataFrame({part: base[part].fillna("") != other[part].fillna("") for part in PARTS})


def _by_region(
    base: pd.DataFrame, choices: Kinds, changes: list[pd.DataFrame], changed: pd.DataFrame,
    groups: pd.Series,
) -> pd.DataFrame:  # fmt: skip
    known = base["kind_of_place"].notna()
    table = base[["kind_of_place"]].copy()
    table["kept"] = (1 - changed.mean(axis=1)).where(known)
    moved = {"sure": changed, "sure_but_series": changed.loc[:, (groups != "series").to_numpy()]}
    for part in PARTS:
        moved[f"sure_{part.removeprefix('kind_')}"] = pd.concat(
            [one[part] for one in changes], axis=1
        )
    for column, which in moved.items():
        table[column] = (~which.any(axis=1)).astype("boolean").where(known)
    for column, values, bounds in (
        ("size_margin", base["population"], choices.size),
        ("economy_margin", base["economy_change"], choices.economy_bounds),
        ("population_margin", base["population_change"], choices.population_bounds),
    ):
        ends = [(values - bound).abs() for bound in bounds]
        table[column] = pd.concat(ends, axis=1).min(axis=1)
    names = groups.to_numpy()
    table["shaken"] = [" ".join(dict.fromkeys(names[row])) for row in changed.to_numpy()]
    return table
