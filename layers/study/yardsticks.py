"""Medians that one region is held against: of all regions, and of the groups it belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from layers.errors import RecipeError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from layers.dataset import Dataset
    from layers.score import Scores

__all__ = ["ALL", "layer_medians", "medians_by_year"]

#: Column of the median over all regions.
ALL = "all"


def layer_medians(scores: Scores, region: str, by: Iterable[str] = ()) -> pd.DataFrame:
    """Value of one region in every layer and the index, beside medians.

    A median counts every region once, whatever its population; regions without a value are left
    out, the region itself is included.

    Parameters
    ----------
    region : str
        Key of the region.
    by : iterable of str
        Attribute columns; for each, the regions with the same value form a group. A group is left
        out if the region has no value in the column, or nobody else is in it: the median would be
        the region itself.

    Returns
    -------
    DataFrame
        By layer, ``index`` last: ``region``, ``all``, and one column per group, on the common
        scale.

    Raises
    ------
    RecipeError
        If the region or a column is unknown.
    """
    values = scores.layers.assign(index=scores.index)
    groups = _groups(scores.dataset, region, by)
    columns = {key: values[inside].median() for key, inside in groups.items()}
    return pd.DataFrame({"region": values.loc[region], **columns})


def medians_by_year(
    dataset: Dataset, indicator: str, region: str, by: Iterable[str] = ()
) -> pd.DataFrame:
    """All years of an indicator: the region's value beside the medians of `layer_medians`.

    Returns
    -------
    DataFrame
        By year, rising: ``region``, ``all``, one column per group, in the unit of the indicator;
        NaN is a gap. ``regions`` is the number of regions with a value, ``flags`` belong to the
        value of the region. Only years in which any region has a value.

    Raises
    ------
    RecipeError
        If the region, the indicator or a column is unknown.
    """
    if indicator not in dataset.catalogue.indicator_by_id:
        msg = f"yardsticks: unknown indicator '{indicator}'; see the catalogue of the dataset."
        raise RecipeError(msg)
    groups = _groups(dataset, region, by)
    values = dataset.by_year(indicator)
    columns = {key: values[inside].median() for key, inside in groups.items()}
    rows = dataset.values[dataset.values["indicator"] == indicator]
    rows = rows[(rows["region"] == region) & rows["value"].notna()]
    own = rows.set_index("year")["flag"].astype("str")
    table = pd.DataFrame({"region": values.loc[region], **columns, "regions": values.count()})
    return table.assign(flags=own.reindex(table.index).fillna("")).rename_axis("year").sort_index()


def _groups(dataset: Dataset, region: str, by: Iterable[str]) -> dict[str, pd.Series]:
    """Which regions belong to each group of `region`, all regions first."""
    regions = dataset.regions
    if region not in regions.index:
        msg = f"yardsticks: unknown region '{region}'; keys look like '{regions.index[0]}'."
        raise RecipeError(msg)
    groups = {ALL: pd.Series(data=True, index=regions.index)}
    for column in by:
        if column not in regions:
            msg = f"yardsticks: unknown column '{column}'; allowed: {', '.join(map(str, regions))}."
            raise RecipeError(msg)
        inside = (regions[column] == regions.loc[region, column]).fillna(value=False).astype(bool)
        if inside.sum() > 1:
            groups[column] = inside
    return groups
