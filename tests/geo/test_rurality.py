"""Ländlichkeit computed anew, on invented regions and against the official index."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from geo import rurality
from geo.rurality import CLASSES, INPUTS, agreement, classes, facts, index_of, large_centres
from layers import Dataset
from layers.errors import SourceError
from layers.paths import data_folder, project_root

RAW = project_root().parent / "shared" / "data"
FOLDER = data_folder() / "grid"


@pytest.fixture(scope="module")
def embedded():
    return facts(FOLDER)


def invented(count=60):
    """Regions that differ in one thing, told by five columns with some noise of their own."""
    rng = np.random.default_rng(1)
    rural = rng.normal(size=count)
    signs = dict(zip(INPUTS, (-1, 1, 1, -1, -1), strict=True))
    columns = {name: sign * rural + rng.normal(0, 0.3, count) for name, sign in signs.items()}
    return pd.DataFrame(columns, index=[f"r{number}" for number in range(count)]), rural


def test_the_index_finds_what_the_inputs_share():
    table, rural = invented()
    found = index_of(table)
    assert np.corrcoef(found.index, rural)[0, 1] > 0.98
    assert found.index.mean() == pytest.approx(0, abs=1e-12)
    assert found.index.std() == pytest.approx(1)
    assert found.loadings["settlement_density"] < 0 < found.loadings["farm_forest_share"]
    assert 0.8 < found.explained < 1


def test_units_and_order_of_regions_do_not_matter():
    table, _ = invented()
    scaled = table * [1, 100, 5, 1_000, 0.1] + [0, 7, 3, 0, -1]
    other = index_of(scaled.iloc[::-1]).index
    pd.testing.assert_series_equal(other.reindex(table.index), index_of(table).index)


def test_bounds_belong_to_the_more_rural_class():
    index = pd.Series([-3.0, -0.2001, -0.2, 0.4649, 0.465, 1.1])
    assert classes(index).tolist() == ["not", "not", "rather", "rather", "very", "very"]


def test_agreement_is_counted_by_class():
    index = pd.Series([-1.0, -1.0, 0.0, 1.0], index=list("abcd"))
    official = pd.Series(["not", "rather", "rather", "very"], index=list("dcba")[::-1])
    found = agreement(index, index, official)
    assert found.confusion.loc["rather"].to_dict() == {"not": 1, "rather": 1, "very": 0}
    assert found.confusion.to_numpy().sum() == 4
    assert found.same == 3 / 4
    # Chance: not 1/4 x 2/4, rather 2/4 x 1/4, very 1/4 x 1/4.
    chance = 1 / 4 * 2 / 4 + 2 / 4 * 1 / 4 + 1 / 4 * 1 / 4
    assert found.kappa == pytest.approx((3 / 4 - chance) / (1 - chance))
    assert (found.pearson, found.spearman) == pytest.approx((1, 1))


def test_the_five_nearest_centres_count_by_people_over_distance():
    cells = pd.DataFrame({"x": [0.0], "y": [0.0]})
    east = [500, 2_000, 4_000, 5_000, 10_000, 20_000]
    centres = pd.DataFrame({"x": east, "y": 0.0, "people": [10, 20, 40, 50, 100, 1_000]})
    expected = 10 / 1 + 20 / 2 + 40 / 4 + 50 / 5 + 100 / 10
    assert large_centres(cells, centres).tolist() == pytest.approx([expected])


def test_the_embedded_index_agrees_with_the_official_one(embedded):
    found = embedded.agreement
    assert len(embedded.regions) == 361
    assert found.pearson > 0.99
    assert found.spearman > 0.97
    assert found.same > 0.93
    assert found.kappa > 0.89
    assert embedded.explained > 0.75
    assert found.confusion.loc["not", "very"] == found.confusion.loc["very", "not"] == 0


def test_official_classes_are_those_of_the_types(embedded):
    counts = embedded.regions["official_class"].value_counts()
    assert [counts[name] for name in CLASSES] == [94, 59 + 57, 98 + 53]
    regions = Dataset.open(data_folder() / "kreise").regions
    types = regions.groupby("thuenen_region")["thuenen_type"].first()
    assert (types == embedded.regions["official_type"]).all()


def test_missing_centres_abroad_make_the_swiss_border_too_rural(embedded):
    table = embedded.regions
    border = table[table["name"].isin(["Lörrach", "Waldshut"])]
    assert len(border) == 2
    assert (border["index"] - border["official_index"] > 0.3).all()


def test_written_rows_give_the_written_figures(embedded):
    again = index_of(embedded.regions[list(INPUTS)])
    assert again.index.to_numpy() == pytest.approx(embedded.regions["index"].to_numpy(), abs=2e-4)
    assert again.explained == pytest.approx(embedded.explained, abs=1e-4)
    assert again.loadings[list(INPUTS)].to_numpy() == pytest.approx(
        embedded.loadings[list(INPUTS)].to_numpy(), abs=1e-4
    )
    assert (classes(embedded.regions["index"]) == embedded.regions["class"]).all()


@pytest.mark.skipif(not RAW.is_dir(), reason="the publishers' files (../shared/data) are not here")
def test_a_rebuild_gives_the_same_files(tmp_path):
    from geo.rasters.population import open_grid

    rurality.build(RAW, open_grid(), tmp_path)
    for name in (rurality.REGIONS, rurality.FACTS):
        assert (tmp_path / name).read_bytes() == (FOLDER / name).read_bytes()


def test_missing_files_are_told(tmp_path):
    with pytest.raises(SourceError, match=r"rurality.csv: .*missing"):
        facts(tmp_path)
    with pytest.raises(SourceError, match="missing"):
        rurality.inputs(Path("nowhere"), None)
