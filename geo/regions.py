"""The 400 Kreise: keys, readable names, size and the types that filters use."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.reforms import merge_codes
from layers.errors import SourceError
from layers.sources.longtable import numbers, read_csv

if TYPE_CHECKING:
    from pathlib import Path

    from geo.reforms import Crosswalk

_KEYS = "geo/kreis_schluessel/kreise_schluessel_2024-12-31.csv"
_THUENEN = "geo/thuenen_landatlas_typologie_2016/kreise_400_zu_thuenen_typ.csv"
_BBSR = "geo/bbsr_raumgliederung_referenz_2014_2015/bbsr_kreise_2015-12-31.csv"
_NUTS_KEYS = "geo/destatis_gemeindeverzeichnis/kreise_2019-12-31.csv"
_NUTS = "geo/eurostat_nuts2021_typologies/nuts3_2021_de_urbn_mount_coast.csv"

POPULATION_YEAR = 2023
_CITIES = ("Kreisfreie Stadt", "Stadtkreis")
#: Names that say themselves that they are a Kreis, and so take no "Landkreis" in front.
_SPEAKING = r"kreis\b|Kreis\b|^Region |^Städteregion |^Regionalverband "
#: Lower bounds of the size classes 2 to 4, in inhabitants.
SIZE_BOUNDS = (100_000, 250_000, 500_000)

COLUMNS = (
    "region", "name", "label", "kind", "land", "land_name",
    "population", "population_year", "population_2021", "area_km2", "density",
    "thuenen_type", "thuenen_region", "thuenen_region_name", "thuenen_shared", "ruralness",
    "bbsr_type_2015", "eurostat_urbn", "size_class", "nuts3_2021", "nuts3_2024",
)  # fmt: skip


def kreise(raw: Path, crosswalk: Crosswalk) -> pd.DataFrame:
    """Assemble the table of regions, sorted by key.

    Returns
    -------
    DataFrame
        One row per Kreis, columns as in `COLUMNS`: population (persons, 31.12.2023),
        population_2021 (persons, 31.12.2021: what turns densities into people), area_km2
        (official area, km²), density (persons per km²), ruralness (Thünen index of Ländlichkeit,
        mean 0 and standard deviation 1 over 361 Kreisregionen), types as whole numbers with gaps.

    Raises
    ------
    SourceError
        If a file or a column is missing, or a Kreis is missing in a table that must have it.
    """
    keys = _read_keys(raw)
    table = keys.join(_thuenen(raw, keys.index))
    target = set(keys.index)
    table["bbsr_type_2015"] = merge_codes(_codes(raw, _BBSR, "ags5", "ktyp4"), crosswalk, target)
    table["eurostat_urbn"] = merge_codes(_urbanisation(raw), crosswalk, target)
    table["label"] = labels(table["name"], table["kind"])
    table["density"] = table["population"] / table["area_km2"]
    table["size_class"] = 1 + np.searchsorted(SIZE_BOUNDS, table["population"], side="right")
    types = dict.fromkeys(["thuenen_type", "bbsr_type_2015", "eurostat_urbn"], "Int64")
    return table.astype(types).reset_index()[list(COLUMNS)]


def labels(names: pd.Series, kinds: pd.Series) -> pd.Series:
    """Make names readable and unique.

    A Landkreis is called so unless its name says it already (Rhein-Sieg-Kreis, Region Hannover);
    a city gets ", Stadt" only where a Landkreis bears the same name (Rosenheim).
    """
    city = kinds.isin(_CITIES)
    base = names.str.replace(r" \(.*\)$", "", regex=True)
    shared = base.isin(base[~city])
    speaking = names.str.contains(_SPEAKING, regex=True)
    prefix = kinds.where(kinds.isin(["Landkreis", "Kreis"]), "Landkreis") + " "
    prefix = prefix.mask(city | speaking, "")
    return prefix + names + np.where(city & shared, ", Stadt", "")


def repair_ags(keys: pd.Series) -> tuple[pd.Series, list[str]]:
    """Put back a leading zero that a spreadsheet took from official keys, only where it is certain.

    Certain are whole numbers of four digits (Kreis) or seven digits (municipality): no Land has a
    one-digit key, so they can only have lost a zero. A key stays as it is if the repaired one
    stands in the column already.

    Returns
    -------
    (Series, list of str)
        Keys as text, and notices as ``code:count``; the one code is ``leading_zero``.
    """
    text = keys.astype("str").str.strip()
    text = text.str.replace(r"^(\d+)\.0$", r"\1", regex=True)
    short = text.str.fullmatch(r"[1-9]\d{3}|[1-9]\d{6}").astype("bool")
    padded = "0" + text
    lost = short & ~padded.isin(text)
    return text.mask(lost, padded), [f"leading_zero:{lost.sum()}"] if lost.any() else []


def _read_keys(raw: Path) -> pd.DataFrame:
    path = raw / _KEYS
    rows = read_csv(path, ("ags", "gen", "bez", "land_ags", "land_name"))
    table = pd.DataFrame(
        {
            "region": rows["ags"],
            "name": rows["gen"],
            "kind": rows["destatis_typ_2021"],
            "land": rows["land_ags"],
            "land_name": rows["land_name"],
            "population": numbers(rows, "bevoelkerung_2023_summe_gem", path).astype("int64"),
            "population_year": POPULATION_YEAR,
            "population_2021": numbers(rows, "destatis_bevoelkerung_2021", path).astype("int64"),
            "area_km2": numbers(rows, "flaeche_2023_summe_gem_km2", path),
            "nuts3_2021": rows["destatis_nuts3_2021"],
            "nuts3_2024": rows["nuts3_vg1000_2024"],
        }
    )
    return table.set_index("region").sort_index()


def _thuenen(raw: Path, keys: pd.Index) -> pd.DataFrame:
    path = raw / _THUENEN
    rows = read_csv(path, ("ags", "thuenen_kreisregion", "thuenen_typ", "laendlichkeit"))
    missing = sorted(set(keys) - set(rows["ags"]))
    if missing:
        msg = f"{path}: column 'ags' lacks {', '.join(missing)}; every Kreis needs its type."
        raise SourceError(msg)
    table = pd.DataFrame(
        {
            "thuenen_type": numbers(rows, "thuenen_typ", path),
            "thuenen_region": rows["thuenen_kreisregion"],
            "thuenen_region_name": rows["thuenen_kreisregion_name"],
            "thuenen_shared": rows["kreisregion_hat_mehrere_kreise"] == "True",
            "ruralness": numbers(rows, "laendlichkeit", path),
        }
    )
    return table.set_index(rows["ags"])


def _codes(raw: Path, file: str, key: str, column: str) -> pd.Series:
    rows = read_csv(raw / file, (key, column))
    return numbers(rows, column, raw / file).set_axis(rows[key])


def _urbanisation(raw: Path) -> pd.Series:
    """Urban-rural type by the Kreise of 2019, which are the NUTS 3 regions of NUTS 2021."""
    by_nuts = _codes(raw, _NUTS, "NUTS_ID", "URBN_TYPE")
    kreise_2019 = read_csv(raw / _NUTS_KEYS, ("ags", "nuts3"))
    return kreise_2019["nuts3"].map(by_nuts).set_axis(kreise_2019["ags"])
