"""Scores as tables for people and programs: results, rank bands, indicators, stages, code book.

Every table is derived from `Scores` alone, has one row per region and says in `code_book` what each
of its columns holds. Column names are a contract; their explanations stand in ``table.toml``.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from layers.catalogue import Text
from layers.texts import texts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from layers.dataset import Dataset
    from layers.robust import Bands
    from layers.score import Scores

__all__ = [
    "Column", "bands_table", "code_book", "indicator_table", "names", "names_in", "ranking",
    "ranking_table", "result_table", "scored_indicators", "stage_tables", "values_table",
]  # fmt: skip

_TEXTS = Path(__file__).with_suffix(".toml")
#: Columns of `Bands.bands` that stand beside a score.
BESIDE_SCORE = ("rank_median", "rank_p05", "rank_p95", "top_quarter")


class Column(NamedTuple):
    """One line of the code book."""

    name: str
    text: Text
    unit: Text


def result_table(scores: Scores, bands: Bands | None = None) -> pd.DataFrame:
    """One row per region that the filter keeps, ordered by rank, then by key; no rank comes last.

    Returns
    -------
    DataFrame
        ``region``, ``name``, ``score``, ``rank``, with bands ``rank_median``, ``rank_p05``,
        ``rank_p95`` and ``top_quarter``, ``layer_<id>`` for every layer of every level,
        ``coverage`` (0 to 1), ``reason``, ``year_oldest``, ``year_newest``, ``flags``.
    """
    table = _ranked(scores, bands)
    table["coverage"] = scores.coverage["index"]
    table["reason"] = scores.reason
    return _chosen(scores, table.join(_ages(scores)))


def ranking(scores: Scores) -> NDArray[np.int64]:
    """Rows of the regions that the filter keeps, by rank, then by key; no rank comes last.

    Returns
    -------
    array of int, shape (n,)
        Places in `scores.index`.
    """
    keys, kept = scores.index.index, scores.selected.to_numpy()
    rows = np.flatnonzero(kept)
    if not keys.is_monotonic_increasing:
        by_key = np.asarray(keys.argsort())
        rows = by_key[kept[by_key]]
    ranks = scores.ranks.to_numpy(dtype=np.float64, na_value=np.nan)[rows]
    return rows[np.argsort(ranks, kind="stable")]


def ranking_table(scores: Scores, bands: Bands | None = None) -> pd.DataFrame:
    """`result_table` up to its layers, without how old and whole the data are.

    Looking up the years and flags behind every score takes longer than all the rest.
    """
    return _chosen(scores, _ranked(scores, bands))


def _ranked(scores: Scores, bands: Bands | None) -> pd.DataFrame:
    columns = {"name": names(scores), "score": scores.index, "rank": scores.ranks}
    if bands is not None:
        columns |= {key: bands.bands[key] for key in BESIDE_SCORE}
    columns |= {f"layer_{key}": values for key, values in scores.layers.items()}
    return pd.DataFrame(columns, index=scores.index.index)


def bands_table(scores: Scores, bands: Bands) -> pd.DataFrame:
    """One row per region that the filter keeps: all about its rank over the draws.

    Returns
    -------
    DataFrame
        ``region``, ``name``, ``score``, ``rank``, the columns of `Bands.bands`, and
        ``central_<layer>`` for each layer whose weight was drawn.
    """
    table = pd.DataFrame({"name": names(scores), "score": scores.index, "rank": scores.ranks})
    return _chosen(scores, table.join(bands.bands).join(bands.central.add_prefix("central_")))


def indicator_table(scores: Scores) -> pd.DataFrame:
    """Raw values of the scored indicators, one row per region that the filter keeps, by key.

    Returns
    -------
    DataFrame
        ``region``, ``name``, then per indicator ``<id>`` (in its unit), ``<id>.year`` (missing
        where the value is); if any of its values is flagged, ``<id>.flag``; if any was turned into
        a rate, imputed or treated, ``<id>.scored`` with the values after these stages.
    """
    columns: dict[str, Any] = {"name": names(scores)}
    for key in scored_indicators(scores):
        values, flags = scores.raw[key], scores.flags[key]
        columns[key] = values
        year = pd.Series(int(scores.years[key]), index=values.index, dtype="Int64")
        columns[f"{key}.year"] = year.mask(values.isna())
        if (flags != "").any():
            columns[f"{key}.flag"] = flags.astype("str")
        if _moved(scores, key):
            columns[f"{key}.scored"] = scores.treated[key]
    table = pd.DataFrame(columns)[scores.selected]
    return table.sort_index().rename_axis("region").reset_index()


def values_table(scores: Scores) -> pd.DataFrame:
    """Every value behind the scores on a row of its own, by region and indicator; gaps as well.

    Returns
    -------
    DataFrame
        ``region``, ``indicator`` (scored ones only), ``year`` (missing where there is neither a
        value nor an estimate), ``value`` in its unit as published, ``scored``: the number after
        division, filling of gaps and treatment of outliers, ``flag``, ``source``: key of the
        source.
    """
    keys = scored_indicators(scores)
    there = scores.raw[keys].notna() | scores.imputed_cells[keys]
    columns = {
        "year": scores.prepared.value_years[keys].where(there),
        "value": scores.raw[keys],
        "scored": scores.treated[keys],
        "flag": scores.flags[keys],
    }
    kept = scores.selected[scores.selected].index.sort_values()
    table = pd.DataFrame(
        {name: frame.loc[kept].to_numpy().ravel() for name, frame in columns.items()},
        index=pd.MultiIndex.from_product([kept, keys], names=["region", "indicator"]),
    ).astype({"year": "Int64", "value": "float64", "scored": "float64", "flag": "str"})
    table = table.reset_index()
    return table.assign(source=_sources(scores.dataset, table))


def stage_tables(scores: Scores) -> dict[str, pd.DataFrame]:
    """Every stage of the run under its name; all regions in the dataset's order.

    Returns
    -------
    dict of DataFrame
        Regions x indicators: ``raw``, ``flags``, ``imputed``, ``treated``, ``normalised``,
        ``contributions``, and ``rates`` if the recipe divides counts. Regions x layers, index
        last: ``aggregated``, ``coverage``. Regions x layers directly below the index:
        ``layer_contributions``. Besides ``years`` (one row per indicator), ``weights`` (one row
        per layer and indicator), ``ranks`` (score, rank, reason, selected) and ``treatment`` (one
        row per cell that the treatment of outliers changed: indicator, region, before, after,
        method).
    """
    ranks = pd.DataFrame(
        {
            "name": names(scores), "score": scores.index, "rank": scores.ranks,
            "reason": scores.reason, "selected": scores.selected,
        }
    )  # fmt: skip
    by_region = {
        "raw": scores.raw,
        "flags": scores.flags,
        **({"rates": scores.prepared.rates} if scores.recipe.denominate else {}),
        "imputed": scores.imputed,
        "treated": scores.treated,
        "normalised": scores.normalised,
        "aggregated": scores.layers.assign(index=scores.index),
        "coverage": scores.coverage,
        "contributions": scores.contributions,
        "layer_contributions": scores.layer_contributions,
        "ranks": ranks,
    }
    tables = {key: one.rename_axis("region").reset_index() for key, one in by_region.items()}
    tables["years"] = scores.years.rename("year").rename_axis("indicator").reset_index()
    tables["weights"] = _weights(scores)
    tables["treatment"] = scores.treatment
    return tables


def names(scores: Scores) -> pd.Series:
    """Names of the regions: the column ``label`` where there is one, since it is unique."""
    return names_in(scores.dataset)


def names_in(dataset: Dataset) -> pd.Series:
    """Names of the regions of a dataset, as `names`."""
    regions = dataset.regions
    return regions["label" if "label" in regions else "name"].astype("str").rename("name")


def scored_indicators(scores: Scores) -> list[str]:
    """List the indicators that have values and a share in the index, in display order."""
    shares = scores.plan.shares()["share_of_index"]
    return [
        key
        for key in scores.dataset.catalogue.indicator_by_id
        if shares[f"indicator:{key}"] > 0 and scores.years[key] > 0
    ]


def code_book(scores: Scores, table: pd.DataFrame, bands: Bands | None = None) -> list[Column]:
    """Explain the columns of one of the tables above.

    Parameters
    ----------
    bands : Bands, optional
        Needed for tables with rank bands.
    """
    return [_explain(str(column), scores, bands) for column in table.columns]


def _chosen(scores: Scores, table: pd.DataFrame) -> pd.DataFrame:
    return table.iloc[ranking(scores)].rename_axis("region").reset_index()


def _ages(scores: Scores) -> pd.DataFrame:
    """Years and flag words behind each region's score."""
    keys = scored_indicators(scores)
    there = scores.raw[keys].notna() | scores.imputed_cells[keys]
    years = scores.prepared.value_years[keys].where(there)
    words = [" ".join(sorted(set(" ".join(row).split()))) for row in scores.flags[keys].to_numpy()]
    return pd.DataFrame(
        {
            "year_oldest": years.min(axis=1).astype("Int64"),
            "year_newest": years.max(axis=1).astype("Int64"),
            "flags": pd.Series(words, index=scores.flags.index, dtype="str"),
        }
    )


def _sources(dataset: Dataset, cells: pd.DataFrame) -> pd.Series:
    """Key of the source of each cell of (region, indicator, year): its row's, else the usual."""
    rows = dataset.values
    # Few rows name one, and to look through all of them would take longest of all.
    rows = rows.loc[rows["source"] != "", ["region", "indicator", "year", "source"]]
    rows = rows.astype({"indicator": "str", "source": "str", "year": "Int64"})
    own = cells.merge(rows, how="left", on=["region", "indicator", "year"])["source"].fillna("")
    catalogue = dataset.catalogue.indicator_by_id
    usual = cells["indicator"].map({key: one.source for key, one in catalogue.items()})
    return own.where(own != "", usual).astype("str")


def _moved(scores: Scores, key: str) -> bool:
    """Whether any value of an indicator that was scored is not the raw one."""
    return bool(
        key in scores.recipe.denominate
        or scores.imputed_cells[key].any()
        or (scores.treatment["indicator"] == key).any()
    )


def _weights(scores: Scores) -> pd.DataFrame:
    shares = scores.plan.shares()
    directions = {f"indicator:{key}": sign for key, sign in scores.plan.directions.items()}
    turned = pd.Series(directions).reindex(shares.index).astype("Int64")
    return shares.assign(direction=turned).rename_axis("key").reset_index()


def _explain(column: str, scores: Scores, bands: Bands | None) -> Column:
    words, none = texts(_TEXTS), Text(de="", en="")
    catalogue = scores.dataset.catalogue
    if column in words:
        return Column(column, _fill(words[column], top=bands.top if bands else "?"), none)
    kind, _, layer = column.partition("_")
    if kind in {"layer", "central"} and layer in catalogue.layer_by_id:
        name = catalogue.layer_by_id[layer].name
        return Column(column, _fill(words[kind], name=name), none)
    key, _, part = column.partition(".")
    one = catalogue.indicator_by_id[key]
    if part:
        return Column(column, _fill(words[f"indicator_{part}"], name=one.name), none)
    return Column(column, _both(one.name, one.definition), one.unit)


def _both(name: Text, definition: Text) -> Text:
    def joined(language: str) -> str:
        return ": ".join(part for part in (name[language], definition[language]) if part)

    return Text(de=joined("de"), en=joined("en"))


def _fill(text: Text, **values: object) -> Text:
    def filled(language: str) -> str:
        chosen = {k: v[language] if isinstance(v, Text) else v for k, v in values.items()}
        return text[language].format(**chosen)

    return Text(de=filled("de"), en=filled("en"))
