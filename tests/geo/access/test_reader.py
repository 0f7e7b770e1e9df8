"""Access as a reader of indicators: every code, and what must be true of the figures."""

import pytest

from geo.access.places import PLACES
from geo.access.reader import POTENTIAL, AccessReader, codes
from layers import Dataset
from layers.errors import SourceError
from layers.paths import data_folder
from layers.sources.longtable import COLUMNS


@pytest.fixture(scope="module")
def read(raw):
    """Read one code as a series by Kreis."""
    reader = AccessReader()

    def values(code):
        return reader(raw, code, "").set_index("region")["value"]

    return values


def test_a_table_is_complete_and_says_that_it_was_calculated(raw):
    table = AccessReader()(raw, "major_centre_km_mean", "")
    assert tuple(table) == COLUMNS
    assert (len(table), set(table["flag"]), set(table["year"])) == (400, {"calculated"}, {2023})
    assert table["value"].gt(0).all()


@pytest.mark.parametrize("kind", ["gtfs_stop", "medium_centre"])
def test_shares_grow_with_distance_and_add_to_a_hundred(read, kind):
    within = [read(f"{kind}_share_within_{limit}km") for limit in (5, 10, 20)]
    assert (within[0] <= within[1]).all()
    assert (within[1] <= within[2]).all()
    assert read(f"{kind}_share_over_10km").tolist() == (100 - within[1]).tolist()
    assert within[0].between(0, 100).all()


def test_fewer_places_are_farther(read):
    assert (read("medium_centre_km_mean") <= read("major_centre_km_mean")).all()
    assert (read("station_km_mean") <= read("station_main_km_mean")).all()
    assert (read("station_main_km_mean") <= read("station_hub_km_mean")).all()


def test_distances_rank_kreise_as_driving_times_do(read):
    """Spearman against the minutes by car that INKAR publishes (averaged over area)."""
    minutes = Dataset.open(data_folder() / "kreise").select().values
    major = read("major_centre_km_mean").corr(minutes["car_minutes_major_centre"], "spearman")
    medium = read("medium_centre_km_mean").corr(minutes["car_minutes_central_place"], "spearman")
    assert major > 0.95
    assert medium > 0.88


def test_potential_is_highest_at_the_ruhr_and_least_in_the_uckermark(read):
    values = read(POTENTIAL)
    assert values.idxmax().startswith("05")
    assert values.idxmin() == "12073"


def test_unknown_codes_and_missing_files_are_told(tmp_path):
    with pytest.raises(SourceError, match="unknown code 'bus_km_mean'; possible are station_km"):
        AccessReader()(tmp_path, "bus_km_mean", "")
    with pytest.raises(SourceError, match=r"db_stations.csv: .* missing"):
        AccessReader()(tmp_path, "station_km_mean", "")
    with pytest.raises(SourceError, match="population grid is missing"):
        AccessReader(tmp_path)(tmp_path, "station_km_mean", "")


def test_codes_are_distinct():
    assert len(set(codes())) == len(codes()) == len(PLACES) * 8 + 1
