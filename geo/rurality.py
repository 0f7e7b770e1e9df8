r"""Ländlichkeit of the Kreisregionen, computed anew after Küpper (2016, Thünen Working Paper 68).

The index is the first principal component of five standardised inputs over the 361 Kreisregionen,
with mean 0, standard deviation 1, and the sign under which density lowers it. From -0.2 on a region
is rural, from 0.465 on very rural (the official types part between 0.46 and 0.47).

=============================  =========================================  ======================
Küpper                         here                                       difference
=============================  =========================================  ======================
settlement density 2013        people per km² of settlement and traffic   year
                               area, 2019 (INKAR 2021)
share of farm and forest       the same, 2019 (INKAR 2021)                year, survey since 2016
area 2013
share of one- and two-family   share of owner-occupied dwellings, 2022    not in our data; INKAR
houses 2013                    (Deutschlandatlas)                         itself takes one as a
                                                                          sign of the other
population potential 2011      the same (`geo.rasters.potential`)         no people abroad
five nearest large centres     five nearest Oberzentren, straight line    no roads, none abroad
2014/15
=============================  =========================================  ======================

The weight of a centre falls with distance as :math:`P / \max(d, 1\,\text{km})`; the paper's words
are "proportional mit der Straßendistanz gewichtet", its formula is not known to us.

This is a check of the official index and a way to carry it on, not its replacement: the official
types remain what filters use.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.access.distance import nearest_few
from geo.access.places import PLACES
from geo.place import replace_all
from geo.rasters.potential import potential
from layers.errors import SourceError
from layers.sources import gathered
from layers.sources.longtable import numbers, read_csv

if TYPE_CHECKING:
    from pathlib import Path

    from geo.rasters.population import PopulationGrid

__all__ = [
    "CLASSES", "FACTS", "INPUTS", "REGIONS", "Agreement", "Facts", "Rurality", "agreement", "build",
    "classes", "facts", "index_of", "inputs", "large_centres",
]  # fmt: skip

#: In the order of the table above.
INPUTS = (
    "settlement_density", "farm_forest_share", "owner_share", "population_potential",
    "large_centres",
)  # fmt: skip
#: Upper bounds (open) of "not" and "rather".
BOUNDS = (-0.2, 0.465)
CLASSES = ("not", "rather", "very")
#: Thünen types by class: 5 is not rural, 3 and 4 are rather, 1 and 2 very rural.
_OF_TYPE = {1: "very", 2: "very", 3: "rather", 4: "rather", 5: "not"}
#: Number of centres, and km below which one counts no more than at this distance.
_CENTRES, _NEAREST = 5, 1.0

_OFFICIAL = "geo/thuenen_landatlas_typologie_2016/kreise_400_zu_thuenen_typ.csv"
_SIZES = "geo/destatis_gemeindeverzeichnis/kreise_2019-12-31.csv"
#: Joined in 2021; figures of 2019 know it still, inside the Kreisregion of its successor.
_EISENACH, _WARTBURGKREIS = "16056", "16063"

REGIONS = "rurality.csv"
FACTS = "rurality.toml"


@dataclass(frozen=True)
class Rurality:
    """An index and how it came about.

    Attributes
    ----------
    index : Series
        By region; mean 0, standard deviation 1; higher is more rural.
    loadings : Series
        By input: correlation of the input with the index.
    explained : float
        Share of the inputs' variance that the index carries, 0 to 1.
    """

    index: pd.Series
    loadings: pd.Series
    explained: float


@dataclass(frozen=True)
class Agreement:
    """How an index agrees with the official one.

    Attributes
    ----------
    pearson, spearman : float
        Correlation of the indices.
    confusion : DataFrame
        Number of regions; rows: official class, columns: class here, both as `CLASSES`.
    same : float
        Share of regions in the same class, 0 to 1.
    kappa : float
        Cohen's kappa: agreement beyond chance, 1 if perfect (doi:10.1177/001316446002000104).
    """

    pearson: float
    spearman: float
    confusion: pd.DataFrame
    same: float
    kappa: float


@dataclass(frozen=True)
class Facts:
    """What the build wrote: one row per Kreisregion, and the figures about the whole.

    Attributes
    ----------
    regions : DataFrame
        Indexed by Kreisregion: name, index, class, official_index, official_type,
        official_class, and `INPUTS`.
    loadings : Series
        By input.
    explained : float
        Share of variance, 0 to 1.
    agreement : Agreement
        With the official index and types.
    """

    regions: pd.DataFrame
    loadings: pd.Series
    explained: float
    agreement: Agreement

    def __str__(self) -> str:
        """Return lines for the terminal."""
        found = self.agreement
        loadings = ", ".join(f"{name} {value:.2f}" for name, value in self.loadings.items())
        return (
            f"Ländlichkeit of {len(self.regions)} Kreisregionen: first component carries "
            f"{self.explained:.1%}; {loadings}\n"
            f"against the official index: Pearson {found.pearson:.3f}, Spearman "
            f"{found.spearman:.3f}; same class {found.same:.1%}, kappa {found.kappa:.2f}"
        )


def inputs(raw: Path, grid: PopulationGrid) -> pd.DataFrame:
    """Assemble `INPUTS` per Kreisregion.

    Returns
    -------
    DataFrame
        Indexed by Kreisregion: settlement_density (people per km² of settlement and traffic area),
        farm_forest_share (% of area), owner_share (% of dwellings), population_potential (weighted
        persons, mean over people), large_centres (persons per km, mean over people).

    Raises
    ------
    SourceError
        If a file is missing or unusable, or a Kreisregion lacks an input.
    """
    region = _official(raw)["region"]
    region[_EISENACH] = region[_WARTBURGKREIS]
    path = raw / _SIZES
    rows = read_csv(path, ("ags", "flaeche_km2", "bevoelkerung"))
    people = numbers(rows, "bevoelkerung", path).set_axis(rows["ags"])
    area = numbers(rows, "flaeche_km2", path).set_axis(rows["ags"])
    density = _newest(raw, "q_ew_suv_qkm", "inkar2021")
    green = _newest(raw, "a_landwirtschaft", "inkar2021") + _newest(raw, "a_wald", "inkar2021")
    owners = _newest(raw, "da_wohn_eigen", "deutschlandatlas")
    table = pd.DataFrame(
        {
            # The mean over people of the inverse is the inverse of people over area.
            "settlement_density": 1 / _mean(1 / density, people, region),
            "farm_forest_share": _mean(green, area, region),
            "owner_share": _mean(owners, people, region),
            **_of_grid(raw, grid, region),
        }
    )
    gaps = table.isna()
    if gaps.any(axis=None):
        column = gaps.columns[gaps.any()][0]
        first = gaps.index[gaps[column]][0]
        msg = f"Ländlichkeit: Kreisregion {first} has no {column}; all five inputs are needed."
        raise SourceError(msg)
    return table[list(INPUTS)].rename_axis("thuenen_region")


def large_centres(cells: pd.DataFrame, centres: pd.DataFrame) -> pd.Series:
    """Sum the people of the five nearest centres over their distance, in persons per km.

    Parameters
    ----------
    cells, centres : DataFrame
        With x, y in metres; ``people`` of the centres.
    """
    distance, place = nearest_few(cells, centres, _CENTRES)
    people = centres["people"].to_numpy()[place]
    return pd.Series((people / np.maximum(distance, _NEAREST)).sum(axis=1), index=cells.index)


def index_of(table: pd.DataFrame) -> Rurality:
    """Compute the first principal component of standardised columns.

    Parameters
    ----------
    table : DataFrame
        One row per region without gaps, columns as `INPUTS`. All are standardised by their sample
        standard deviation, and regions count alike.
    """
    from sklearn.decomposition import PCA

    standard = (table - table.mean()) / table.std()
    model = PCA(n_components=1, svd_solver="full")
    score = pd.Series(model.fit_transform(standard.to_numpy())[:, 0], index=table.index)
    index = score / score.std()
    if index.corr(table["settlement_density"]) > 0:
        index = -index
    return Rurality(index, table.corrwith(index), float(model.explained_variance_ratio_[0]))


def classes(index: pd.Series) -> pd.Series:
    """Class each region; a value at a bound belongs to the more rural class."""
    return pd.Series(np.array(CLASSES)[np.digitize(index, BOUNDS)], index=index.index)


def agreement(index: pd.Series, official_index: pd.Series, official_class: pd.Series) -> Agreement:
    """Compare an index with the official one; all indexed by the same regions."""
    own = pd.Categorical(classes(index), CLASSES)
    other = pd.Categorical(official_class.reindex(index.index), CLASSES)
    confusion = pd.crosstab(other, own, dropna=False).to_numpy()
    table = pd.DataFrame(confusion, index=list(CLASSES), columns=list(CLASSES))
    share = confusion / confusion.sum()
    same = float(np.trace(share))
    chance = float(share.sum(axis=0) @ share.sum(axis=1))
    return Agreement(
        pearson=float(index.corr(official_index)),
        spearman=float(index.corr(official_index, method="spearman")),
        confusion=table, same=same, kappa=(same - chance) / (1 - chance),
    )  # fmt: skip


def build(raw: Path, grid: PopulationGrid, folder: Path) -> Facts:
    """Compute Ländlichkeit and write ``rurality.csv`` and ``rurality.toml`` into `folder`.

    Raises
    ------
    SourceError
        If a publisher's file is missing or unusable.
    ExportError
        If the folder cannot be written.
    """
    import tomli_w

    table = inputs(raw, grid)
    found = index_of(table)
    index = found.index.round(4)
    official = _official(raw).groupby("region").first().rename_axis("thuenen_region")
    regions = official.assign(
        index=index,
        **{"class": classes(index), "official_class": official["type"].map(_OF_TYPE)},
    ).rename(columns={"type": "official_type"})
    columns = ["name", "index", "class", "official_index", "official_type", "official_class"]
    rows = regions[columns].join(table.round(2))
    whole = {
        "explained": round(found.explained, 4),
        "loadings": {str(name): round(value, 4) for name, value in found.loadings.items()},
    }
    replace_all(
        folder,
        {
            REGIONS: rows.to_csv(lineterminator="\n").encode(),
            FACTS: tomli_w.dumps(whole).encode(),
        },
    )
    return facts(folder)


def facts(folder: Path) -> Facts:
    """Read what `build` wrote.

    Raises
    ------
    SourceError
        If a file is missing or unusable.
    """
    from layers.toml import read_toml

    path = folder / REGIONS
    rows = read_csv(path, ("thuenen_region", "index", "official_index", "official_class"))
    table = rows.set_index("thuenen_region")
    for column in ("index", "official_index", "official_type", *INPUTS):
        table[column] = numbers(table, column, path)
    whole = read_toml(folder / FACTS, SourceError)
    found = agreement(table["index"], table["official_index"], table["official_class"])
    return Facts(table, pd.Series(whole["loadings"]), float(whole["explained"]), found)


def _official(raw: Path) -> pd.DataFrame:
    """Kreisregion of each Kreis with the official index and type, indexed by AGS."""
    path = raw / _OFFICIAL
    columns = ("ags", "thuenen_kreisregion", "thuenen_kreisregion_name", "thuenen_typ")
    rows = read_csv(path, (*columns, "laendlichkeit"))
    return pd.DataFrame(
        {
            "region": rows["thuenen_kreisregion"],
            "name": rows["thuenen_kreisregion_name"],
            "official_index": numbers(rows, "laendlichkeit", path),
            "type": numbers(rows, "thuenen_typ", path).astype(int),
        }
    ).set_axis(rows["ags"])


def _newest(raw: Path, code: str, table: str) -> pd.Series:
    rows = gathered.read(raw, code, table)
    newest: pd.Series = rows[rows["year"] == rows["year"].max()].set_index("region")["value"]
    return newest


def _of_grid(raw: Path, grid: PopulationGrid, region: pd.Series) -> dict[str, pd.Series]:
    """Both inputs that are computed on the grid: means over the people of each Kreisregion."""
    cells = grid.cells()
    around = pd.Series(potential(grid.people).ravel()[grid.populated], index=cells.index)
    centres = large_centres(cells, PLACES["major_centre"].read(raw))
    of_cell = cells["region"].map(region)
    return {
        "population_potential": _mean(around, cells["people"], of_cell),
        "large_centres": _mean(centres, cells["people"], of_cell),
    }


def _mean(value: pd.Series, weight: pd.Series, region: pd.Series) -> pd.Series:
    """Weighted mean per region over the rows that have a value; rows without a region are left."""
    weight = weight.reindex(value.index).where(value.notna())
    rows = pd.DataFrame({"sum": value * weight, "weight": weight})
    sums = rows.groupby(region.reindex(value.index)).sum()
    mean: pd.Series = sums["sum"] / sums["weight"]
    return mean
