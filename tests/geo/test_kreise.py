"""What must be true of the embedded dataset.

That it can be rebuilt from the publishers' files to the byte is proved in test_renew.py.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo.boundaries import load
from geo.kreise import build
from layers.dataset import Dataset
from layers.errors import PotenzialatlasError

if TYPE_CHECKING:
    import pandas as pd


ROOT = Path(__file__).parents[2]
EMBEDDED = ROOT / "data" / "kreise"
DEFINITIONS = ROOT / "data" / "definitions" / "kreise"
RAW = ROOT.parent / "shared" / "data"
needs_raw = pytest.mark.skipif(
    not RAW.is_dir(), reason="the publishers' files (../shared/data) are not here"
)


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return Dataset.open(EMBEDDED)


@pytest.fixture(scope="module")
def newest(dataset: Dataset) -> pd.DataFrame:
    return dataset.select().values


def values_of(dataset: Dataset, indicator: str, year: int) -> pd.Series:
    rows = dataset.values
    chosen = rows[(rows["indicator"] == indicator) & (rows["year"] == year)]
    return chosen.set_index("region")["value"]


def mean_by_population(values: pd.Series, dataset: Dataset) -> float:
    return float(np.average(values, weights=dataset.regions["population"].reindex(values.index)))


@needs_raw
def test_a_failed_build_leaves_the_old_folder_whole(tmp_path: Path) -> None:
    target = tmp_path / "kreise"
    target.mkdir()
    (target / "old.txt").write_text("still here", encoding="utf-8")
    with pytest.raises(PotenzialatlasError, match=r"missing"):
        build(tmp_path / "nowhere", DEFINITIONS, target)
    assert [path.name for path in tmp_path.iterdir()] == ["kreise"]
    assert (target / "old.txt").read_text(encoding="utf-8") == "still here"


def test_the_folder_is_small_and_unchanged_since_it_was_written(dataset: Dataset) -> None:
    assert sum(path.stat().st_size for path in EMBEDDED.rglob("*") if path.is_file()) < 6_000_000
    assert dataset.notices == ()
    assert dataset.reference == "kreise@2026.3"
    assert len(dataset.regions) == 400


def test_the_definitions_and_the_built_folder_say_the_same() -> None:
    for name in ("sources.toml", "attributes.toml"):
        assert (EMBEDDED / name).read_bytes() == (DEFINITIONS / name).read_bytes()
    for path in (DEFINITIONS / "catalogue").iterdir():
        assert (EMBEDDED / "catalogue" / path.name).read_bytes() == path.read_bytes()


def test_every_value_is_a_number_or_withheld(dataset: Dataset) -> None:
    empty = dataset.values["value"].isna()
    assert dataset.values.loc[empty, "flag"].str.contains("withheld").all()
    assert np.isfinite(dataset.values.loc[~empty, "value"]).all()


def test_every_year_of_every_indicator_has_a_source(dataset: Dataset) -> None:
    for indicator, year in dataset.values.groupby("indicator", observed=True)["year"].max().items():
        assert dataset.source_of(str(indicator), int(year)).attribution


def test_series_with_two_sources_name_each(dataset: Dataset) -> None:
    rows = dataset.values[dataset.values["indicator"] == "unemployment_rate"]
    assert set(rows.loc[rows["year"] <= 2021, "source"]) == {"inkar2024_gerda"}
    assert set(rows.loc[rows["year"] == 2023, "source"]) == {""}


@pytest.mark.parametrize(
    ("indicator", "gaps"),
    [
        ("vacancies_per_100_unemployed", "03159 03454 05358 06434 08426 09774 16076"),
        ("median_wage", "16063"),
        ("municipal_cash_loans", "02000 04011 04012 11000"),
        ("protection_seekers_share", "06633 10041 10042 10043 10044 10045 10046 12071"),
        ("rent_level", ""),
        ("attacks_on_refugees", ""),
    ],
)
def test_gaps_are_those_that_the_publishers_leave(
    newest: pd.DataFrame, indicator: str, gaps: str
) -> None:
    assert newest.index[newest[indicator].isna()].tolist() == gaps.split()


def test_national_figures_come_out_as_published(dataset: Dataset) -> None:
    """Mean over the population of 2023, against the national figures of the publishers."""
    turnout = values_of(dataset, "turnout_federal", 2025)
    assert mean_by_population(turnout, dataset) == pytest.approx(82.5, abs=0.2)
    gdp = values_of(dataset, "gdp_per_head", 2021)
    assert mean_by_population(gdp, dataset) == pytest.approx(43.3, abs=0.3)
    asylum = values_of(dataset, "asylum_benefit_recipients", 2021)
    assert mean_by_population(asylum, dataset) == pytest.approx(4.54, abs=0.1)


def test_election_shares_are_those_of_the_press(dataset: Dataset) -> None:
    """AfD in Starnberg 2024: 7.8 %; the share here adds Die Heimat, some hundredths."""
    assert values_of(dataset, "far_right_share", 2024)["09188"] == pytest.approx(7.8, abs=0.1)


def test_attacks_are_rates_per_100_000_of_all_counted_events(dataset: Dataset) -> None:
    rate = values_of(dataset, "attacks_on_refugees", 2017)
    assert rate["16063"] == pytest.approx(100_000 * (15 + 5) / (42_700 + 123_800))
    assert (rate == 0).any()


def test_rents_are_those_of_the_census_where_a_kreis_is_one_municipality(
    newest: pd.DataFrame,
) -> None:
    assert newest.loc["01001", "rent_level"] == pytest.approx(6.96)
    assert newest.loc["09162", "rent_level"] == pytest.approx(12.89)


def test_eisenach_is_inside_wartburgkreis_and_flagged(dataset: Dataset) -> None:
    flags = dataset.select().flags.loc["16063"]
    moved = {"disposable_income", "private_debtors", "car_minutes_motorway", "in_migration_rate"}
    assert all("reform" in flags[indicator] for indicator in moved)
    assert "16056" not in dataset.regions.index
    income = values_of(dataset, "disposable_income", 2019)["16063"]
    assert income == pytest.approx((20_126 * 42_300 + 21_390 * 119_000) / (42_300 + 119_000))


def test_hanau_is_inside_main_kinzig_kreis(dataset: Dataset) -> None:
    rows = dataset.values[dataset.values["indicator"] == "vacancies_per_100_unemployed"]
    flagged = rows[rows["flag"].str.contains("reform")]
    assert set(flagged["region"]) == {"06435"}
    assert set(flagged["year"]) == set(range(2012, 2026))


def test_boundaries_are_a_coverage_without_islands_of_kreise() -> None:
    shapes = load(EMBEDDED)
    assert shapes is not None
    assert shapes.crs.to_epsg() == 25832
    geometry = shapes.geometry.to_numpy()
    assert len(shapes) == 400
    assert shapely.coverage_is_valid(geometry)
    left, right = shapely.STRtree(geometry).query(geometry, predicate="touches")
    assert len(np.unique(left)) == len(np.unique(right)) == 400
    holes = shapely.get_num_interior_rings(shapely.get_parts(shapely.coverage_union_all(geometry)))
    assert holes.sum() == 1  # Jungholz, which is Austrian


@needs_raw
def test_simplification_loses_no_island_and_hardly_any_area() -> None:
    source = RAW / "geo" / "bkg_vg1000_2024-12-31" / "vg1000_2024-12-31_utm32.gpkg"
    before = gpd.read_file(source, layer="krs_land").set_index("AGS").geometry.sort_index()
    shapes = load(EMBEDDED)
    assert shapes is not None
    after = shapes.geometry
    assert (after.area / before.area).between(0.99, 1.011).all()
    assert after.count_geometries().sum() == before.count_geometries().sum()
