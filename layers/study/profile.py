"""One region: where it is strong, where it is weak, and which regions resemble it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from layers.errors import RecipeError

if TYPE_CHECKING:
    from layers.score import Scores

__all__ = ["peers", "profile", "strengths", "weaknesses"]

#: Percentile from which a value is a strength; its mirror image below 50 is a weakness.
_STRONG = 75.0


def profile(scores: Scores, region: str, *, by: str | None = None) -> pd.DataFrame:
    """Place of one region in every indicator, every layer and the index.

    The percentile is ``100 (b + e / 2) / (n - 1)``: b regions have a lower value, e other regions
    the same, n have any; 100 is the best and 0 the worst in the sense of the recipe's directions.

    Parameters
    ----------
    region : str
        Key of the region.
    by : str, optional
        Attribute column of the regions; those with the same value are the region's group.

    Returns
    -------
    DataFrame
        By ``indicator:ID``, ``layer:ID`` and ``index``: ``raw`` (in the indicator's unit; NaN for
        layers), ``value`` (on the common scale), ``share_of_index`` (nominal), ``percentile``,
        ``regions`` (n, itself included), ``group_percentile``, ``group_regions``, ``reason`` why
        there is no percentile: "not scored" (direction 0, no spread, or nobody has a value),
        "gap" (this region has no value, or lies outside the reference set), "alone" (no other
        region has one), else "".
        Without `by` the group columns are missing; in a group without others the percentile is.

    Raises
    ------
    RecipeError
        If the region or the column is unknown, or the region belongs to no group.
    """
    _known(scores, region)
    values = _everything(scores)
    place, count = _percentile(values, region)
    indicators = scores.raw.add_prefix("indicator:").loc[region]
    table = pd.DataFrame({
        "raw": indicators.reindex(values.columns), "value": values.loc[region],
        "share_of_index": _shares(scores, values.columns), "percentile": place, "regions": count,
    })  # fmt: skip
    if by is not None:
        inside = _group(scores, region, by)
        table["group_percentile"], table["group_regions"] = _percentile(values[inside], region)
    missing = [count == 0, values.loc[region].isna(), count == 1]
    table["reason"] = np.select(missing, ["not scored", "gap", "alone"], default="")
    return table


def strengths(table: pd.DataFrame, *, count: int = 5, within: str = "percentile") -> pd.DataFrame:
    """Return the indicators of a `profile` with the highest percentiles, from 75 upwards.

    Only indicators that weigh in the index are listed.

    Parameters
    ----------
    count : int
        At most so many; equal percentiles keep the order of the catalogue.
    within : "percentile" or "group_percentile"
        Among all regions or in the region's group.
    """
    chosen = _indicators(table, count, within)
    return chosen[chosen[within] >= _STRONG].nlargest(count, within, keep="first")


def weaknesses(table: pd.DataFrame, *, count: int = 5, within: str = "percentile") -> pd.DataFrame:
    """Return the indicators with the lowest percentiles, up to 25; see `strengths`."""
    chosen = _indicators(table, count, within)
    return chosen[chosen[within] <= 100 - _STRONG].nsmallest(count, within, keep="first")


def peers(
    scores: Scores, region: str, *, count: int = 10, min_shared: float = 0.66
) -> pd.DataFrame:
    """Return the regions that resemble one most over all scored indicators.

    ``d = sqrt(sum (x_j - y_j)^2 / m)`` over the m scored indicators that both regions have, on
    the common scale: the Euclidean distance per indicator, so that a gap makes nobody nearer.
    Indicators count equally, whatever their weight. Equal distances: order of the regions.

    Parameters
    ----------
    count : int
        At most so many.
    min_shared : float
        Share of the scored indicators that both must have, in (0, 1]; others are no candidates.

    Returns
    -------
    DataFrame
        By region, nearest first: ``distance`` (points of the common scale), ``shared`` (share of
        the scored indicators that both have). Empty if no region shares enough.

    Raises
    ------
    RecipeError
        If the region is unknown, or count or share make no sense.
    """
    _known(scores, region)
    _at_least_one(count)
    if not 0 < min_shared <= 1:
        msg = f"peers: min_shared = {min_shared:g}; a share above 0 and up to 1 is needed."
        raise RecipeError(msg)
    names = [key for key in scores.normalised if key in scores.plan.scored()]
    values = scores.normalised[names]
    squares = (values - values.loc[region]) ** 2
    table = pd.DataFrame({
        "distance": np.sqrt(squares.mean(axis=1)), "shared": squares.notna().mean(axis=1),
    })  # fmt: skip
    # The same hair of tolerance as in the score's coverage.
    near = table[table["shared"] >= min_shared - 1e-12].drop(index=region, errors="ignore")
    return near.sort_values("distance", kind="stable").head(count)


def _everything(scores: Scores) -> pd.DataFrame:
    parts = (scores.normalised, scores.layers, scores.index.to_frame())
    keys = [f"indicator:{key}" for key in scores.normalised]
    keys += [*(f"layer:{key}" for key in scores.layers), "index"]
    block = np.column_stack([one.to_numpy() for one in parts])
    return pd.DataFrame(block, index=scores.index.index, columns=keys, copy=False)


def _shares(scores: Scores, keys: pd.Index) -> pd.Series:
    shares = scores.plan.shares()["share_of_index"].reindex(keys)
    return shares.where(keys != "index", 1.0)


def _percentile(values: pd.DataFrame, region: str) -> tuple[pd.Series, pd.Series]:
    """Percentile of one region in each column, and how many regions have a value there."""
    numbers = values.to_numpy()
    own = numbers[values.index.get_loc(region)]
    below, same = (numbers < own).sum(axis=0), (numbers == own).sum(axis=0) - 1
    count = (~np.isnan(numbers)).sum(axis=0)
    others = np.where(~np.isnan(own) & (count > 1), count - 1, np.nan)
    keys = values.columns
    return pd.Series(100 * (below + same / 2) / others, keys), pd.Series(count, keys)


def _group(scores: Scores, region: str, by: str) -> pd.Series:
    attributes = scores.dataset.regions
    if by not in attributes:
        msg = f"profile: unknown column '{by}'; allowed: {', '.join(map(str, attributes))}."
        raise RecipeError(msg)
    if attributes[by].isna()[region]:
        msg = f"profile: region '{region}' has no value in the column '{by}', so it has no group."
        raise RecipeError(msg)
    return (attributes[by] == attributes.loc[region, by]).fillna(False)


def _known(scores: Scores, region: str) -> None:
    if region not in scores.index.index:
        msg = f"profile: unknown region '{region}'; keys look like '{scores.index.index[0]}'."
        raise RecipeError(msg)


def _indicators(table: pd.DataFrame, count: int, within: str) -> pd.DataFrame:
    _at_least_one(count)
    if within not in table:
        msg = f"profile: no column '{within}'; build the profile with a group (by=...)."
        raise RecipeError(msg)
    weighs = (table["share_of_index"] > 0) & table.index.str.startswith("indicator:")
    return table[weighs & table[within].notna()]


def _at_least_one(count: int) -> None:
    if count < 1:
        msg = f"profile: count = {count}; a whole number from 1 upwards is needed."
        raise RecipeError(msg)
