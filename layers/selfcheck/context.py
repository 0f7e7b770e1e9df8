"""The statistics of a field: what official data say of the region, beside what people say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from layers.errors import SelfCheckError
from layers.lenses import regroup
from layers.selfcheck.statements import fields

if TYPE_CHECKING:
    from layers.catalogue import Catalogue
    from layers.dataset import Dataset

__all__ = ["LENS", "context"]

#: The grouping of the indicators by the fields of the self-check.
LENS = "whole_comm"
_COLUMNS = (
    "field", "indicator", "value", "year", "rank", "regions", "better", "median", "flag", "source",
)  # fmt: skip


def context(dataset: Dataset, region: str) -> pd.DataFrame:
    """Look up the region's indicators, by the fields of the self-check.

    Returns
    -------
    DataFrame
        One row per indicator: ``field``, ``indicator``, ``value`` (in its unit; NaN is a gap),
        ``year`` of all values, ``rank`` among the ``regions`` with a value (1 is the best by the
        indicator's direction; missing without direction or value), ``better``: share of the other
        regions that are worse, from 0 to 1, ``median`` of all regions, ``flag``, ``source``. Fields
        without statistics, such as governance, have no row; nor has any if the dataset does not
        have the lens.

    Raises
    ------
    SelfCheckError
        If the dataset has no such region (code "unknown_region").
    """
    dataset = dataset.plain
    if region not in dataset.regions.index:
        msg = f"region '{region}' is not in {dataset.reference}; keys look like "
        msg += f"'{dataset.regions.index[0]}'."
        raise SelfCheckError(msg, code="unknown_region")
    lens = dataset.lenses.get(LENS)
    if lens is None:
        return pd.DataFrame(columns=list(_COLUMNS))
    taken, grouped = lens.taken(dataset.catalogue), regroup(dataset.catalogue, lens)
    rows = [
        (field.id, *_row(dataset, grouped, key, region))
        for field in fields()
        for key in taken.get(field.group, ())
    ]
    table = pd.DataFrame(rows, columns=list(_COLUMNS))
    return table.astype({"year": "int64", "rank": "Int64", "regions": "int64"})


def _row(dataset: Dataset, grouped: Catalogue, key: str, region: str) -> tuple[object, ...]:
    selection = dataset.select()
    values, year = selection.values[key], int(selection.years[key])
    value, known = float(values[region]), values.dropna()
    direction = grouped.indicator_by_id[key].direction
    rank, better = None, float("nan")
    if direction != "0" and region in known.index:
        turned = known if direction == "+" else -known
        rank = int((turned > turned[region]).sum()) + 1
        better = float((turned < turned[region]).sum()) / max(len(known) - 1, 1)
    return (
        key, value, year, rank, len(known), better, float(known.median()),
        str(selection.flags[key][region]), dataset.source_of(key, year).publisher,
    )  # fmt: skip
