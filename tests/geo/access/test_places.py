"""Places from the publishers' files: the true ones, and every way in which a line can be wrong."""

import pandas as pd
import pytest

from geo.access import places
from geo.access.places import PLACES, centres, project, stations, stops
from layers.errors import SourceError

STATION = {
    "eva": "8000410", "name": "Abensberg", "lat": "48.819456", "lon": "11.84662", "category": "6",
}  # fmt: skip
STOP = {
    "stop_id": "1", "stop_name": "Aachen Hbf", "parent_station": "", "stop_lat": "50.7678",
    "stop_lon": "6.0915", "location_type": "1.0",
}  # fmt: skip
CENTRE = {
    "ags": "01051011", "funktion": "Mittelzentrum", "name_destatis_2023": "Brunsbüttel, Stadt",
    "lon": "9.13735", "lat": "53.896932", "bevoelkerung_2023": "12651",
}  # fmt: skip
FILES = {
    stations: (places.STATIONS, STATION), stops: (places.STOPS, STOP),
    centres: (places.CENTRES, CENTRE),
}  # fmt: skip


def written(folder, read, *changes):
    """Write a file with one line per change to the good line, and read it."""
    name, line = FILES[read]
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    pd.DataFrame([line | change for change in changes], columns=list(line)).to_csv(
        path, index=False
    )
    return read(folder)


def test_all_stations_of_the_list_are_read(raw):
    table = stations(raw)
    assert len(table) == 5_388
    assert table["category"].between(1, 7).all()


def test_platforms_are_joined_to_their_station_and_foreign_ones_stay(raw):
    table = stops(raw)
    assert len(table) == 7_729
    assert table["key"].is_unique
    assert (table["x"] > 4_680_000).any()


def test_there_are_more_stops_than_stations_of_one_company(raw):
    """Four Kreise have no station of DB, but trains."""
    assert len(stops(raw)) > len(stations(raw))


def test_central_places_are_listed_once_at_their_highest_level(raw):
    table = centres(raw)
    assert table["level"].value_counts().to_dict() == {"Mittelzentrum": 960, "Oberzentrum": 152}
    assert table["key"].is_unique
    assert (table["people"] > 0).all()


def test_medium_centres_count_major_ones_and_hubs_are_stations(raw):
    sizes = {kind: len(one.read(raw)) for kind, one in PLACES.items()}
    assert sizes["medium_centre"] == 960 + 152
    assert sizes["major_centre"] == 152
    assert sizes["station_hub"] == 24 + 84 < sizes["station_main"] == 24 + 84 + 275 + 641


def test_coordinates_come_out_in_metres(tmp_path):
    """10 E, 52 N is the origin of EPSG:3035, with 4321 km and 3210 km to its west and south."""
    point = written(tmp_path, centres, {"lon": "10", "lat": "52"}).iloc[0]
    assert (point["x"], point["y"]) == pytest.approx((4_321_000, 3_210_000))


def test_a_platform_without_its_station_stands_for_itself(tmp_path):
    found = written(
        tmp_path, stops, {},
        {"stop_id": "2", "parent_station": "1.0", "location_type": ""},
        {"stop_id": "3", "parent_station": "99.0", "location_type": "", "stop_name": "Eilendorf"},
    )  # fmt: skip
    assert found["key"].tolist() == ["1", "3"]


def test_stops_of_one_name_at_one_place_are_one(tmp_path):
    near = {"stop_id": "2", "stop_lat": "50.7679"}
    far = {"stop_id": "3", "stop_lat": "50.80"}
    assert written(tmp_path, stops, {}, near, far)["key"].tolist() == ["1", "3"]


@pytest.mark.parametrize(
    ("read", "change", "said"),
    [
        (stations, {"lat": "north"}, "column 'lat', line 3: 'north' is not a number"),
        (stations, {"lat": ""}, "line 3 has no coordinate"),
        (stations, {"lat": "11.8", "lon": "48.8"}, "line 3 .* seem to be swapped"),
        (stations, {"lat": "0", "lon": "0"}, "line 3 lies at longitude 0, latitude 0, outside"),
        (stations, {"eva": "8000410"}, "column 'eva', line 3: '8000410'; the key stands in a"),
        (stations, {"eva": ""}, "column 'eva', line 3: ''; a key is needed"),
        (stations, {"category": ""}, "column 'category', line 3: ''; a whole number"),
        (stops, {"stop_lat": "-50"}, "line 3 lies at longitude 6.0915, latitude -50"),
        (centres, {"funktion": "Dorf"}, "line 3: 'Dorf'; Mittelzentrum or Oberzentrum"),
        (centres, {"bevoelkerung_2023": "many"}, "column 'bevoelkerung_2023', line 3: 'many'"),
    ],
)
def test_a_bad_line_is_named(tmp_path, read, change, said):
    key = next(iter(FILES[read][1]))
    with pytest.raises(SourceError, match=said):
        written(tmp_path, read, {}, {key: "2"} | change)


@pytest.mark.parametrize("read", [stations, stops, centres])
def test_files_without_places_are_refused(tmp_path, read):
    with pytest.raises(SourceError, match="missing"):
        read(tmp_path)
    with pytest.raises(SourceError, match="a heading and no places"):
        written(tmp_path, read)
    (tmp_path / FILES[read][0]).write_bytes(b"")
    with pytest.raises(SourceError, match="is empty or no table"):
        read(tmp_path)
    (tmp_path / FILES[read][0]).write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(SourceError, match=r"column .* is missing"):
        read(tmp_path)


def test_coordinates_outside_of_their_system_are_told():
    lines = pd.Index([7])
    east, north = pd.Series([1e9], lines), pd.Series([1e9], lines)
    with pytest.raises(SourceError, match="list: line 7 lies nowhere"):
        project(east, north, "EPSG:3035", where="list", window=places.GERMANY)
