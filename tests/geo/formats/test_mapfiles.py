"""What must be true of map files beyond reading back: shared borders, whole files, threads."""

from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pyogrio
import shapely
from topojson.utils import serialize_as_geojson

from geo.document import Document
from geo.formats import mapfiles
from layers import Dataset, Recipe, score


def strict(content):
    def refuse(word):
        raise AssertionError(word)

    return json.loads(content, parse_constant=refuse)


def test_topojson_holds_the_shared_border_once_and_the_properties_of_geojson(document):
    topology, flat = strict(mapfiles.topojson(document)), strict(mapfiles.geojson(document))
    assert topology["type"] == "Topology"
    by_region = {one["id"]: one for one in topology["objects"]["regions"]["geometries"]}
    assert {key: one["properties"] for key, one in by_region.items()} == {
        one["id"]: one["properties"] for one in flat["features"]
    }

    def arcs(key):
        return {arc if arc >= 0 else ~arc for ring in by_region[key]["arcs"] for arc in ring}

    assert arcs("A1") & arcs("B2")
    assert by_region["C3"]["type"] == "MultiPolygon"
    whole = all(isinstance(step, int) for arc in topology["arcs"] for at in arc for step in at)
    assert whole


def test_topojson_decoded_by_its_own_rules_lies_where_geojson_does(document):
    topology, flat = strict(mapfiles.topojson(document)), strict(mapfiles.geojson(document))
    decoded = serialize_as_geojson(topology, objectname="regions")
    for one, other in zip(decoded["features"], flat["features"], strict=True):
        shapes = [shapely.from_geojson(json.dumps(which["geometry"])) for which in (one, other)]
        # A hundred-thousandth of an extent of less than a degree, and five decimals.
        assert shapely.hausdorff_distance(*shapes) < 3e-5


def test_a_flatgeobuf_says_what_it_is(document, tmp_path):
    path = tmp_path / "out.fgb"
    path.write_bytes(mapfiles.flatgeobuf(document))
    about = pyogrio.read_info(path)
    assert about["driver"] == "FlatGeobuf"
    assert about["features"] == 4
    corner = (500_000, 5_600_000, 500_001, 5_600_001)
    assert list(gpd.read_file(path, bbox=corner)["region"]) == ["A1"]


def test_files_written_at_the_same_time_are_as_if_written_alone(document):
    languages = [replace(document, language=one) for one in ("de", "en")] * 4
    alone = [mapfiles.geopackage(one) for one in languages[:2]]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(mapfiles.geopackage, languages))
    assert together == alone * 4


def test_a_border_is_the_same_in_every_file_whatever_the_ranks(document):
    order = document.table.iloc[::-1].reset_index(drop=True)
    other = replace(document)
    vars(other)["table"] = order
    for form, parts in ((mapfiles.geojson, "features"), (mapfiles.topojson, "arcs")):
        mapfiles._geojson_shapes.cache_clear()
        mapfiles._topology.cache_clear()
        one, turned = strict(form(document)), strict(form(other))
        if parts == "features":
            assert [part["id"] for part in turned[parts]] == list(order["region"])
            one[parts].reverse()
        assert one[parts] == turned[parts]


def test_boundaries_that_were_replaced_are_drawn_from_then_on(mapped, tmp_path):
    folder = Path(shutil.copytree(mapped, tmp_path / "copy"))
    scores = score(Dataset.open(folder), Recipe.parse({}))

    def drawn():
        return strict(mapfiles.geojson(Document(scores, None, "scores", "de")))["features"]

    before = drawn()
    borders = gpd.read_parquet(folder / "boundaries.parquet")
    borders[borders["region"] != "A1"].to_parquet(folder / "boundaries.parquet")
    after = drawn()
    assert [one["id"] for one in after] == [one["id"] for one in before]
    assert {one["id"] for one in before if not one["geometry"]} == set()
    assert {one["id"] for one in after if not one["geometry"]} == {"A1"}
